"""Finds people who stand twice in one sheet: the same person again, two people under one NIK, or a likely twin."""

from collections.abc import Iterable, Sequence

from lindung.identity import names
from lindung.membership.judging import Facts, Judged
from lindung.membership.models import Verdict
from lindung.membership.problems import Problem


def marked(rows: Sequence[Judged], *, nik_column: int | None, name_column: int | None) -> list[Judged]:
    """The same rows with duplicates marked.

    1. Rows of one NIK that are the same person: the first that is ready stays, the others are refused.
    2. Rows of one NIK that are different people: all of them are to be fixed, nobody can tell whose it is.
    3. Ready rows of one name, birth date and kelurahan under different NIKs: the later ones are to be fixed.
    """
    by_nik: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if row.facts is not None and len(row.facts.nik) == 16:
            by_nik.setdefault(row.facts.nik, []).append(index)
    result = list(rows)
    for indexes in by_nik.values():
        if len(indexes) > 1:
            _mark_shared_nik(result, indexes, nik_column)
    _mark_twins(result, name_column)
    return result


def _mark_shared_nik(rows: list[Judged], indexes: list[int], column: int | None) -> None:
    first = next((index for index in indexes if rows[index].verdict == Verdict.READY), indexes[0])
    kept = rows[first]
    strangers = [index for index in indexes if not _same_person(kept.facts, rows[index].facts)]
    for index in indexes:
        if index in strangers:
            rows[index] = rows[index].with_problem(Problem(column, "duplicate.conflict", str(kept.line)))
        elif index != first and kept.verdict == Verdict.READY:
            rows[index] = rows[index].with_problem(Problem(column, "duplicate.in_file", str(kept.line)))
    if strangers:
        others = ", ".join(str(rows[index].line) for index in strangers)
        rows[first] = kept.with_problem(Problem(column, "duplicate.conflict", others))


def _same_person(one: Facts | None, other: Facts | None) -> bool:
    if one is None or other is None:
        return False
    # A birth date that could not be read contradicts nobody.
    births = {facts.birth_date for facts in (one, other) if facts.birth_date is not None}
    return len(births) < 2 and names.alike(one.name, other.name) != "different"


def _mark_twins(rows: list[Judged], column: int | None) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for index, row in _ready(rows):
        facts = row.facts
        if facts is None:
            continue
        key = (facts.name_key, facts.birth_date, facts.kelurahan_code)
        first = seen.setdefault(key, row.line)
        if first != row.line:
            rows[index] = row.with_problem(Problem(column, "duplicate.likely", str(first)))


def _ready(rows: list[Judged]) -> Iterable[tuple[int, Judged]]:
    return [(index, row) for index, row in enumerate(rows) if row.verdict == Verdict.READY]
