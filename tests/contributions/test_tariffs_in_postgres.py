"""The law's SQL text, run by the real PostgreSQL over random rows, gives what the law gives for one person."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings

from law_columns.test_columns import (
    BPU_CHANGES,
    BPU_ROWS,
    PU_CHANGES,
    PU_ROWS,
    bpu_engines,
    one_non_wage_earner,
    one_wage_earner,
    pu_engines,
)
from lindung.law.months import Month

pytestmark = pytest.mark.django_db

BPU_TABLE = "unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS t(income, payer, sector, n)"
PU_TABLE = (
    "unnest(%s::bigint[], %s::text[], %s::boolean[], %s::text[], %s::text[])"
    " WITH ORDINALITY AS t(wage, risk_class, in_jkp, payer, sector, n)"
)
FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def by_postgres(columns: str, table: str, rows: list[Any]) -> list[dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {table} ORDER BY n", [list(one) for one in zip(*rows, strict=True)]
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("month", BPU_CHANGES, ids=str)
@FEW
@given(rows=BPU_ROWS)
def test_it_bills_non_wage_earners_as_the_law_says(month: Month, rows: list[Any]) -> None:
    said = [one_non_wage_earner(month, row) for row in rows]
    assert by_postgres(bpu_engines(month).postgres, BPU_TABLE, rows) == parts(said)


@pytest.mark.parametrize("month", PU_CHANGES, ids=str)
@FEW
@given(rows=PU_ROWS)
def test_it_bills_wage_earners_as_the_law_says(month: Month, rows: list[Any]) -> None:
    said = [one_wage_earner(month, row) for row in rows]
    assert by_postgres(pu_engines(month).postgres, PU_TABLE, rows) == parts(said)


def parts(said: list[dict[str, int]]) -> list[dict[str, int]]:
    return [{key: amount for key, amount in one.items() if key != "total"} for one in said]
