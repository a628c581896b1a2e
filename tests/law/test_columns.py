"""One formula, three engines: one person, Polars and SQL give the same rupiah, on every side of every change."""

import sqlite3
from typing import Any

import polars as pl
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from lindung.law import columns, contributions
from lindung.law.formula import TooLarge
from lindung.law.months import Month, months_from
from lindung.law.parameter import FOLDER, in_force, law_from
from lindung.law.terms import Payer, Programme, RiskClass
from lindung.law.values import NoLawForDate, Table

FIRST, LAST = Month(2015, 7), Month(2027, 6)


def changes() -> list[Month]:
    """The months before, at and after every change of the stored law."""
    law = in_force()
    days = {value.period.since for one in law.parameters.values() for value in one.values}
    months = {Month.of(day) for day in days} | {one.first_month for one in law.reliefs}
    months |= {one.last_month.next() for one in law.reliefs}
    near = {month.plus(offset) for month in months for offset in (-1, 0, 1)}
    return sorted(month for month in near if month >= FIRST)


MONTHS = st.sampled_from(changes()) | st.sampled_from(list(months_from(FIRST, LAST)))
PROGRAMMES = st.sets(st.sampled_from([one.value for one in Programme]), min_size=1)
PAYERS = st.sampled_from([one.value for one in Payer])


def band_edges() -> list[int]:
    table = in_force().value("bpu.bands", on=LAST.first_day()).value
    assert isinstance(table, Table)
    return [
        key + offset
        for key in (int(row.key) for row in table.rows)
        for offset in (-1, 0, 1)
        if key + offset >= 0
    ]


INCOMES = st.none() | st.sampled_from(band_edges()) | st.integers(0, columns.GREATEST)
BPU_ROWS = st.lists(
    st.tuples(INCOMES, PAYERS, st.sampled_from(["road_transport", "other"])), min_size=1, max_size=20
)
PU_ROWS = st.lists(
    st.tuples(
        st.integers(0, 20_000_000) | st.integers(0, columns.GREATEST),
        st.sampled_from([one.value for one in RiskClass]),
        st.booleans(),
        PAYERS,
        st.sampled_from(["labour_intensive", "other"]),
    ),
    min_size=1,
    max_size=20,
)
BPU_NAMES = ("income", "payer", "sector")
PU_NAMES = ("wage", "risk_class", "in_jkp", "payer", "sector")
BPU_TYPES = dict(zip(BPU_NAMES, (pl.Int64, pl.String, pl.String), strict=True))
PU_TYPES = dict(zip(PU_NAMES, (pl.Int64, pl.String, pl.Boolean, pl.String, pl.String), strict=True))

Answers = list[dict[str, int]]


def by_polars(rows: list[Any], types: dict[str, Any], built: dict[str, pl.Expr]) -> Answers:
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return frame.select(**built).to_dicts()


def by_duckdb_text(rows: list[Any], types: dict[str, Any], built: dict[str, exp.Expr]) -> Answers:
    """The DuckDB text, run by the SQL reader of Polars, which divides whole numbers by // as DuckDB does."""
    chosen = ", ".join(f"{columns.sql(one, dialect='duckdb')} AS {name}" for name, one in built.items())
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return pl.SQLContext(people=frame).execute(f"SELECT {chosen} FROM people", eager=True).to_dicts()


def by_postgres_text(rows: list[Any], types: dict[str, Any], built: dict[str, exp.Expr]) -> Answers:
    """The PostgreSQL text, run by SQLite, whose whole numbers have 64 bits and divide by / as PostgreSQL's do."""
    chosen = ", ".join(f"{columns.sql(one, dialect='postgres')} AS {name}" for name, one in built.items())
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        connection.execute(f"CREATE TABLE people ({', '.join(types)})")
        marks = ", ".join("?" for _ in types)
        connection.executemany(f"INSERT INTO people VALUES ({marks})", rows)
        found = [dict(row) for row in connection.execute(f"SELECT {chosen} FROM people ORDER BY rowid")]
    connection.close()
    return found


@settings(max_examples=60, deadline=None)
@given(MONTHS, PROGRAMMES, BPU_ROWS)
def test_it_gives_non_wage_earners_the_same_on_every_engine(
    month: Month, asked: set[str], rows: list[Any]
) -> None:
    single = []
    for income, payer, sector in rows:
        said = contributions.bpu(
            month=month, programmes=asked, monthly_income=income, payer=payer, sector=sector
        )
        single.append({one: said.amount(one) for one in asked} | {"total": said.total})
    fact = {name: pl.col(name) for name in BPU_NAMES}
    column = {name: exp.column(name) for name in BPU_NAMES}
    frames = columns.bpu(month=month, programmes=asked, **fact)
    text = columns.bpu(month=month, programmes=asked, **column)
    assert by_polars(rows, BPU_TYPES, frames) == single
    assert by_duckdb_text(rows, BPU_TYPES, text) == single
    assert by_postgres_text(rows, BPU_TYPES, text) == single


@settings(max_examples=60, deadline=None)
@given(MONTHS, PROGRAMMES, PU_ROWS)
def test_it_gives_wage_earners_the_same_on_every_engine(
    month: Month, asked: set[str], rows: list[Any]
) -> None:
    single = [one_wage_earner(month, asked, row) for row in rows]
    frames = columns.pu(month=month, programmes=asked, **{name: pl.col(name) for name in PU_NAMES})
    text = columns.pu(month=month, programmes=asked, **{name: exp.column(name) for name in PU_NAMES})
    assert by_polars(rows, PU_TYPES, frames) == single
    assert by_duckdb_text(rows, PU_TYPES, text) == single
    assert by_postgres_text(rows, PU_TYPES, text) == single


def one_wage_earner(month: Month, asked: set[str], row: Any) -> dict[str, int]:
    wage, risk, in_jkp, payer, sector = row
    said = contributions.pu(
        month=month, wage=wage, risk_class=risk, programmes=asked, payer=payer,
        in_jkp=in_jkp and month >= Month(2021, 2), labour_intensive=sector == "labour_intensive",
    )  # fmt: skip
    return {one: said.amount(one) for one in (*asked, "jkp")} | {"total": said.total}


def test_it_meets_every_change_of_the_law() -> None:
    assert {
        Month(2020, 7),
        Month(2020, 8),
        Month(2021, 2),
        Month(2025, 2),
        Month(2026, 4),
        Month(2027, 4),
    } <= set(changes())


def november(column: Any) -> dict[str, Any]:
    return columns.bpu(
        month=Month(2026, 11), programmes=["jkk", "jkm", "jht"],
        income=column("income"), payer=column("payer"), sector=column("sector"),
    )  # fmt: skip


@pytest.mark.parametrize("dialect", ["postgres", "duckdb", "spark"])
def test_it_writes_sql_that_means_the_same_in_each_dialect(dialect: Any) -> None:
    """Read back, every dialect's text is the same tree: whole numbers divided as whole numbers."""
    for expression in november(exp.column).values():
        text = columns.sql(expression, dialect=dialect)
        again = sqlglot.parse_one(text, read=dialect)
        assert columns.sql(again, dialect=dialect) == text
        divisions = list(again.find_all(exp.Div, exp.IntDiv))
        whole = exp.Div if dialect == "postgres" else exp.IntDiv
        assert all(type(division) is whole for division in divisions)
        assert "." not in text


def test_it_refuses_a_dialect_that_was_not_proven() -> None:
    unproven: Any = "mysql"
    with pytest.raises(ValueError, match="mysql"):
        columns.sql(november(exp.column)["jkk"], dialect=unproven)


def test_it_refuses_months_before_the_law() -> None:
    with pytest.raises(NoLawForDate):
        columns.bpu(
            month=Month(2015, 6),
            programmes=["jkm"],
            income=pl.col("i"),
            payer=pl.col("p"),
            sector=pl.col("s"),
        )


def test_it_refuses_a_law_whose_amounts_could_overflow() -> None:
    texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.toml")}
    file = "pu_contributions.toml"
    texts[file] = texts[file].replace('"30/10000"', '"29999999/99999999"')
    with pytest.raises(TooLarge):
        columns.pu(
            month=Month(2026, 11), programmes=["jkm"], law=law_from(texts),
            **{name: pl.col(name) for name in PU_NAMES},
        )  # fmt: skip


SOUND = {"income": 1_000_000, "payer": "apbd", "sector": "other"}


def computed(row: dict[str, Any]) -> pl.DataFrame:
    sound = columns.sound_bpu(**{name: pl.col(name) for name in BPU_NAMES})
    return columns.computed(pl.DataFrame([SOUND, row]), november(pl.col), sound=sound, amount="income")


@pytest.mark.parametrize(
    "fault",
    [
        {"income": -1},
        {"income": columns.GREATEST + 1},
        {"payer": "mayor"},
        {"payer": None},
        {"sector": "labour_intensive"},
        {"sector": None},
    ],
)
def test_it_refuses_columns_that_are_not_sound(fault: dict[str, Any]) -> None:
    with pytest.raises(columns.UnsoundColumns):
        computed(SOUND | fault)


def test_it_refuses_amounts_with_decimals() -> None:
    frame = pl.DataFrame([SOUND | {"income": 1_000_000.5}])
    sound = columns.sound_bpu(**{name: pl.col(name) for name in BPU_NAMES})
    with pytest.raises(columns.UnsoundColumns):
        columns.computed(frame, november(pl.col), sound=sound, amount="income")


def test_it_adds_its_columns_to_a_sound_frame() -> None:
    frame = computed(SOUND | {"income": None, "payer": "self"})
    assert frame["total"].to_list() == [36_800, 28_400]
    assert frame.columns == ["income", "payer", "sector", "jkk", "jkm", "jht", "total"]


def test_it_judges_wage_columns_too() -> None:
    names = ("wage", "risk_class", "payer", "sector")
    rows = [
        (3_000_000, "low", "employer", "other"),
        (-1, "low", "employer", "other"),
        (1, "mild", "employer", "other"),
    ]
    frame = pl.DataFrame(rows, schema=list(names), orient="row")
    judged = frame.select(sound=columns.sound_pu(**{name: pl.col(name) for name in names}))
    assert judged["sound"].to_list() == [True, False, False]


def test_it_leaves_a_wage_without_amount_without_contribution() -> None:
    """A missing wage gives a missing contribution, never a guess."""
    rows = [(None, "low", True, "employer", "other")]
    frames = columns.pu(
        month=Month(2026, 11), programmes=["jkk"], **{name: pl.col(name) for name in PU_NAMES}
    )
    (answer,) = by_polars(rows, PU_TYPES, frames)
    assert answer["jkk"] is None
    assert answer["total"] is None
