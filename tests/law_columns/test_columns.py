"""One formula, three engines: one person, Polars and SQL give the same rupiah, on every side of every
change."""

import sqlite3
from contextlib import closing
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

import polars as pl
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from lindung.law import contributions
from lindung.law.contributions import columns
from lindung.law.formula import TooLarge
from lindung.law.months import Month
from lindung.law.parameter import FOLDER, in_force, law_from
from lindung.law.terms import Payer, RiskClass, UnknownTerm
from lindung.law.values import NoLawForDate, Table

FIRST, LAST = Month(2015, 7), Month(2027, 6)
BPU_ALL = tuple(one.value for one in contributions.BPU_PROGRAMMES)
PU_ALL = tuple(one.value for one in columns.COUNTED_PROGRAMMES)


def changes(segment: str, *prefixes: str) -> set[Month]:
    """The last month before and the first month after every change of stored values and of a segment's
    reliefs."""
    law = in_force()
    named = [one for id, one in law.parameters.items() if id.startswith(prefixes)]
    reliefs = [one for one in law.reliefs if segment in one.segments]
    months = {Month.of(value.period.since) for one in named for value in one.values}
    months |= {one.first_month for one in reliefs} | {one.last_month.next() for one in reliefs}
    near = {month.plus(offset) for month in months for offset in (-1, 0)}
    return {month for month in near if month >= FIRST}


BPU_CHANGES = sorted(changes("bpu", "bpu"))
CAPS = sorted(Month.of(value.period.since) for value in in_force().parameters["pu.jp.wage_cap"].values)
"""The cap of JP changes every March: the first change, its fall in 2021 and the last stand for all."""
PU_CHANGES = sorted(
    changes("pu", "pu.jkk", "pu.jkm", "pu.jht", "jkp.from", "jkp.state", "jkp.wage")
    | {CAPS[1].plus(-1), CAPS[1], Month(2021, 3), CAPS[-1]}
)
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
    st.tuples(INCOMES, PAYERS, st.sampled_from(["road_transport", "other"])), min_size=1, max_size=12
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
    max_size=12,
)
BPU_NAMES = ("income", "payer", "sector")
PU_NAMES = ("wage", "risk_class", "in_jkp", "payer", "sector")
BPU_TYPES = dict(zip(BPU_NAMES, (pl.Int64, pl.String, pl.String), strict=True))
PU_TYPES = dict(zip(PU_NAMES, (pl.Int64, pl.String, pl.Boolean, pl.String, pl.String), strict=True))

Answers = list[dict[str, int]]


class Engines(NamedTuple):
    """One month's formulas, built once: Polars expressions and SQL; DuckDB's text for every third change
    only."""

    frames: dict[str, pl.Expr]
    postgres: str
    duckdb: str


def built(names: tuple[str, ...], build: Any, *, duckdb: bool) -> Engines:
    frames = build(**{name: pl.col(name) for name in names})
    tree = build(**{name: exp.column(name) for name in names})
    return Engines(frames, chosen(tree, "postgres"), chosen(tree, "duckdb") if duckdb else "")


def chosen(tree: dict[str, exp.Expr], dialect: Any) -> str:
    return ", ".join(
        f"{columns.sql(one, dialect=dialect)} AS {key}" for key, one in tree.items() if key != "total"
    )


def bpu_engines(month: Month) -> Engines:
    return engines_of("bpu", in_force_in(month, "bpu"), duckdb=month in BPU_CHANGES[::3])


def pu_engines(month: Month) -> Engines:
    return engines_of("pu", in_force_in(month, "pu"), duckdb=month in PU_CHANGES[::3])


class InForce(NamedTuple):
    """What the formulas of a month rest on. Months that rest on the same share one text; `month` is no part of it."""

    values: tuple[tuple[str, date], ...]
    reliefs: tuple[str, ...]
    month: Month

    def __hash__(self) -> int:
        return hash((self.values, self.reliefs))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, InForce) and self[:2] == other[:2]


def in_force_in(month: Month, segment: str) -> InForce:
    law, day = in_force(), month.last_day()
    held = [
        (one.id, dated.period.since)
        for one in law.parameters.values()
        if one.id.startswith((segment, "jkp.", "contribution."))
        for dated in one.values
        if dated.period.contains(day)
    ]
    reliefs = [
        relief.id
        for relief in law.reliefs
        if segment in relief.segments and relief.first_month <= month <= relief.last_month
    ]
    return InForce(tuple(held), tuple(reliefs), month)


@cache
def engines_of(segment: str, law: InForce, *, duckdb: bool) -> Engines:
    formulas, programmes, names = {
        "bpu": (columns.bpu, BPU_ALL, BPU_NAMES),
        "pu": (columns.pu, PU_ALL, PU_NAMES),
    }[segment]
    build = partial(formulas, month=law.month, programmes=programmes)
    return built(names, build, duckdb=duckdb)


def by_polars(rows: list[Any], types: dict[str, Any], engines: Engines) -> Answers:
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return frame.select(**engines.frames).to_dicts()


def by_duckdb_text(rows: list[Any], types: dict[str, Any], engines: Engines) -> Answers:
    """The DuckDB text, run by the SQL reader of Polars, which divides whole numbers by // as DuckDB does."""
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return pl.SQLContext(people=frame).execute(f"SELECT {engines.duckdb} FROM people", eager=True).to_dicts()


def by_postgres_text(rows: list[Any], types: dict[str, Any], engines: Engines) -> Answers:
    """The PostgreSQL text, run by SQLite, whose whole numbers have 64 bits and divide by / as PostgreSQL's
    do."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute(f"CREATE TABLE people ({', '.join(types)})")
        marks = ", ".join("?" for _ in types)
        connection.executemany(f"INSERT INTO people VALUES ({marks})", rows)
        found = connection.execute(f"SELECT {engines.postgres} FROM people ORDER BY rowid")
        return [dict(row) for row in found]


def check(rows: list[Any], types: dict[str, Any], engines: Engines, single: Answers) -> None:
    parts = [{key: amount for key, amount in one.items() if key != "total"} for one in single]
    assert by_polars(rows, types, engines) == single
    assert by_postgres_text(rows, types, engines) == parts
    if engines.duckdb:
        assert by_duckdb_text(rows, types, engines) == parts


@pytest.mark.parametrize("month", BPU_CHANGES, ids=str)
@settings(max_examples=3, deadline=None)
@given(rows=BPU_ROWS)
def test_it_gives_non_wage_earners_the_same_on_every_engine(month: Month, rows: list[Any]) -> None:
    single = [one_non_wage_earner(month, row) for row in rows]
    check(rows, BPU_TYPES, bpu_engines(month), single)


@pytest.mark.parametrize("month", PU_CHANGES, ids=str)
@settings(max_examples=3, deadline=None)
@given(rows=PU_ROWS)
def test_it_gives_wage_earners_the_same_on_every_engine(month: Month, rows: list[Any]) -> None:
    single = [one_wage_earner(month, row) for row in rows]
    check(rows, PU_TYPES, pu_engines(month), single)


def one_non_wage_earner(month: Month, row: Any) -> dict[str, int]:
    income, payer, sector = row
    said = contributions.bpu(
        month=month, programmes=BPU_ALL, monthly_income=income, payer=payer, sector=sector
    )
    return {one: said.amount(one) for one in BPU_ALL} | {"total": said.total}


def one_wage_earner(month: Month, row: Any) -> dict[str, int]:
    wage, risk, in_jkp, payer, sector = row
    said = contributions.pu(
        month=month, wage=wage, risk_class=risk, programmes=PU_ALL, payer=payer,
        in_jkp=in_jkp and month >= Month(2021, 2), labour_intensive=sector == "labour_intensive",
    )  # fmt: skip
    return {one: said.amount(one) for one in (*PU_ALL, "jkp")} | {"total": said.total}


def test_it_meets_every_change_of_the_law() -> None:
    assert {Month(2020, 7), Month(2020, 8), Month(2021, 2), Month(2026, 4), Month(2027, 4)} <= set(
        BPU_CHANGES
    )
    assert {Month(2021, 1), Month(2021, 2), Month(2023, 10), Month(2025, 2), Month(2026, 2)} <= set(
        PU_CHANGES
    )


@pytest.mark.parametrize("asked", [("jkk",), ("jkm",), ("jht",), ("jkm", "jht")])
def test_it_sums_only_the_programmes_that_were_asked(asked: tuple[str, ...]) -> None:
    frame = pl.DataFrame([SOUND])
    fact = {name: pl.col(name) for name in BPU_NAMES}
    (answer,) = frame.select(**columns.bpu(month=Month(2026, 11), programmes=asked, **fact)).to_dicts()
    assert set(answer) == {*asked, "total"}
    assert answer["total"] == sum(answer[one] for one in asked)
    text = columns.bpu(
        month=Month(2026, 11), programmes=asked, **{name: exp.column(name) for name in BPU_NAMES}
    )
    total = columns.sql(text["total"], dialect="duckdb")
    (row,) = (
        pl.SQLContext(people=frame).execute(f"SELECT {total} AS total FROM people", eager=True).to_dicts()
    )
    assert row["total"] == answer["total"]


def november(column: Any) -> dict[str, Any]:
    return columns.bpu(
        month=Month(2026, 11), programmes=["jkk", "jkm"],
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


def test_it_refuses_programmes_that_the_segment_does_not_have() -> None:
    """JKP is a column of its own, never asked for."""
    bpu_facts: dict[str, Any] = {name: pl.col(name) for name in BPU_NAMES}
    pu_facts: dict[str, Any] = {name: pl.col(name) for name in PU_NAMES}
    with pytest.raises(UnknownTerm):
        columns.bpu(month=Month(2026, 11), programmes=["jp"], **bpu_facts)
    with pytest.raises(UnknownTerm):
        columns.pu(month=Month(2026, 11), programmes=["jkp"], **pu_facts)


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
    assert frame["total"].to_list() == [16_800, 8_400]
    assert frame.columns == ["income", "payer", "sector", "jkk", "jkm", "total"]


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
    engines = pu_engines(Month(2026, 11))
    (answer,) = by_polars(rows, PU_TYPES, engines)
    assert {answer[key] for key in (*PU_ALL, "jkp", "total")} == {None}
    (answer,) = by_postgres_text(rows, PU_TYPES, engines)
    assert set(answer.values()) == {None}
