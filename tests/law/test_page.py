"""The numbers of docs/how-we-compute/contributions.md are recomputed, every table of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lindung.law import arrears, contributions
from lindung.law.money import percent
from lindung.law.months import Month
from lindung.law.parameter import in_force

PAGE = Path(__file__).parents[2] / "docs" / "how-we-compute" / "contributions.md"
Cells = dict[str, str]


def tables() -> dict[str, list[Cells]]:
    """The tables of the page by the name of their first column."""
    found: dict[str, list[Cells]] = {}
    for block in blocks():
        header, _, *rows = block
        found.setdefault(header[0], []).extend(dict(zip(header, row, strict=True)) for row in rows)
    return found


def blocks() -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for line in [*PAGE.read_text("utf-8").splitlines(), ""]:
        if line.startswith("|"):
            block.append([cell.strip() for cell in line.strip("|").split("|")])
        elif block:
            yield block
            block = []


TABLES = tables()


def number(cell: str) -> int:
    return 0 if cell == "-" else int(cell.replace(",", ""))


def asked(row: Cells) -> list[str]:
    return [name.lower() for name in ("JKK", "JKM", "JHT") if row[name] != "-"]


def rows(table: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", TABLES[table], ids=lambda row: " ".join(row.values())[:60])


def test_it_recomputes_every_table_of_the_page() -> None:
    assert set(TABLES) == {"BPU", "relief", "PU", "segment", "registered"}


@rows("BPU")
def test_it_shows_what_non_wage_earners_pay(row: Cells) -> None:
    said = contributions.bpu(
        month=Month.parse(row["month"]),
        programmes=asked(row),
        monthly_income=None if row["income"] == "-" else number(row["income"]),
        payer=row["payer"],
        sector=row["sector"],
    )
    assert [said.amount(name) for name in ("jkk", "jkm", "jht")] == [
        number(row[name]) for name in ("JKK", "JKM", "JHT")
    ]
    assert said.total == number(row["total"])


@rows("PU")
def test_it_shows_what_wage_earners_cost(row: Cells) -> None:
    said = contributions.pu(
        month=Month.parse(row["month"]),
        wage=number(row["wage"]),
        risk_class=row["risk"],
        programmes=asked(row),
        in_jkp=row["in JKP"] == "yes",
        labour_intensive=row["labour-intensive"] == "yes",
    )
    names = ("JKK", "JKM", "JHT", "JKP")
    assert [said.amount(name.lower()) for name in names] == [number(row[name]) for name in names]
    assert said.total == number(row["total"])


def test_it_shows_every_relief() -> None:
    stored = {
        relief.id: (
            relief.citation.regulation,
            f"{relief.first_month} to {relief.last_month}",
            percent(relief.cut).en,
        )
        for relief in in_force().reliefs
    }
    assert {
        row["relief"]: (row["law"], row["months"], row["takes off"]) for row in TABLES["relief"]
    } == stored


@rows("segment")
def test_it_shows_when_it_is_due_and_what_follows(row: Cells) -> None:
    about = {"segment": row["segment"], "programme": row["programme"]}
    if "due" in row:
        assert contributions.due_date(month=Month.parse(row["month"]), **about).on.isoformat() == row["due"]
    else:
        said = arrears.consequence(months_unpaid=number(row["months unpaid"]), on=date(2026, 11, 22), **about)
        assert said.granted == (row["still covered"] == "yes")


@rows("registered")
def test_it_shows_the_waiting_time(row: Cells) -> None:
    said = arrears.jkm_waiting(
        registered_on=date.fromisoformat(row["registered"]),
        paid_months=number(row["months paid"]),
        on=date.fromisoformat(row["died"]),
    )
    assert said.total == number(row["paid out"])
    assert sum(other.total for other in said.alternatives) == number(row["other reading"])
