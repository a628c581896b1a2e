"""Reads the tables of a page of docs/how-we-compute, so that a test can recompute them."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "how-we-compute"
Cells = dict[str, str]
Tables = dict[str, list[Cells]]


def text(page: str) -> str:
    """The page as it is written."""
    return (FOLDER / page).read_text("utf-8")


def tables(page: str) -> Tables:
    """The tables of the page by the name of their first column; tables of one name follow each other."""
    found: Tables = {}
    for header, _, *rows in _blocks(text(page)):
        found.setdefault(header[0], []).extend(dict(zip(header, row, strict=True)) for row in rows)
    return found


def each(rows: list[Cells]) -> Callable[[Callable[[Cells], None]], Callable[[], None]]:
    """One test for all rows of a table: a row that fails is named, and the others are still tried."""

    def over(test: Callable[[Cells], None]) -> Callable[[], None]:
        def tried() -> None:
            failed = [(row, why) for row in rows if (why := _failure(test, row)) is not None]
            assert not failed, "\n".join(f"{' '.join(row.values())}: {why}" for row, why in failed)

        tried.__name__, tried.__doc__ = test.__name__, test.__doc__
        return tried

    return over


def _failure(test: Callable[[Cells], None], row: Cells) -> str | None:
    try:
        test(row)
    except (AssertionError, ValueError, LookupError) as why:
        return repr(why)
    return None


def number(cell: str) -> int:
    """The number in a cell; a dash is refused."""
    return int(cell.replace(",", ""))


def number_or_none(cell: str) -> int | None:
    """The number in a cell; None for a dash."""
    return None if cell == "-" else number(cell)


def number_or_zero(cell: str) -> int:
    """The number in a cell; zero for a dash."""
    return number_or_none(cell) or 0


def numbers(cell: str) -> list[int]:
    """The number in a cell as the only one; no number for a dash."""
    return [] if cell == "-" else [number(cell)]


def day(cell: str) -> date:
    """The day in a cell; a dash is refused."""
    return date.fromisoformat(cell)


def day_or_none(cell: str) -> date | None:
    """The day in a cell; None for a dash."""
    return None if cell == "-" else day(cell)


def words(cell: str) -> list[str]:
    """The words that commas part in a cell; none for a dash."""
    return [] if cell == "-" else cell.split(", ")


def _blocks(page: str) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    for line in [*page.splitlines(), ""]:
        if line.startswith("|"):
            block.append([cell.strip() for cell in line.strip("|").split("|")])
        elif block:
            yield block
            block = []
