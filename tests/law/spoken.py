"""Which numbers a decision speaks that neither its steps nor its facts hold: there must be none."""

import re
from collections.abc import Iterable, Iterator

from lindung.law.decision import Decision, Fact

_NUMBER = re.compile(r"\d[\d.]*\d|\d")
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})")


def unspoken_numbers(decision: Decision) -> set[str]:
    """The numbers and days of the Indonesian sentences that the decision cannot account for."""
    said = " ".join(text.id for text in decision.sentences)
    for citation in decision.citations:
        said = said.replace(citation.text.id, "")
    days = {_iso(*found) for found in _DAY.findall(said)}
    numbers = {found.replace(".", "") for found in _NUMBER.findall(_DAY.sub("", said))}
    return (days | numbers) - set(_known(decision))


def _iso(day: str, month: str, year: str) -> str:
    return f"{year}-{_MONTHS.index(month) + 1:02d}-{int(day):02d}"


def _known(decision: Decision) -> Iterator[str]:
    for step in decision.steps + decision.deductions:
        yield str(abs(step.amount))
        yield from _written(step.working.values())
    yield from (str(other.total) for other in decision.alternatives)
    yield from _written(decision.facts.values())


def _written(values: Iterable[Fact]) -> Iterator[str]:
    for value in values:
        if isinstance(value, tuple):
            yield from value
        else:
            yield str(value)
            yield from re.findall(r"\d+", str(value))
