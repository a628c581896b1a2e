"""Reads the papers of papers/*.toml and refuses every entry without a source, a reason or a known condition."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lindung.law.decision import UNREAD, Citation, Confidence
from lindung.law.evidence.facts import BECAUSE, CLAIMS, Claim, Said
from lindung.law.parameter import Entry, parsed
from lindung.law.terms import Programme
from lindung.law.text import Text, joined

FOLDER = Path(__file__).parents[1] / "papers"


class Need(StrEnum):
    """Whether a paper is needed by all, one of several that serve, or needed by some families only."""

    REQUIRED = "required"
    ALTERNATIVE = "alternative"
    CONDITIONAL = "conditional"


class Condition(NamedTuple):
    """A fact of the family and the values for which the paper is needed; "2+" stands for two or more."""

    fact: str
    values: tuple[str, ...]

    def holds(self, said: Mapping[str, Said]) -> bool | None:
        """Whether it holds for this family; None when nobody said."""
        if self.fact not in said:
            return None
        return any(_meets(said[self.fact], value) for value in self.values)

    def because(self, said: Mapping[str, Said]) -> Text:
        """The condition as it is said aloud: the value that was said, or all that would do."""
        met = tuple(value for value in self.values if self.fact in said and _meets(said[self.fact], value))
        ways = tuple(BECAUSE[f"{self.fact}={value}"] for value in met or self.values)
        return Text(" atau ".join(way.id for way in ways), " or ".join(way.en for way in ways))

    def __str__(self) -> str:
        return f"{self.fact}={'|'.join(self.values)}"


class Source(NamedTuple):
    """Where it stands that the paper is needed, from which day, and how sure that is."""

    since: date
    known: date
    citation: Citation
    confidence: Confidence
    note: Text | None


class Paper(NamedTuple):
    """One paper: for which programmes and claims, under which conditions, why, and where to get it."""

    code: str
    programmes: frozenset[Programme]
    claims: frozenset[Claim]
    """Empty: for every claim, and before anything can be claimed."""
    document: Text
    reason: Text
    where: Text
    group: str
    when: tuple[Condition, ...]
    sources: tuple[Source, ...]

    def concerns(self, programme: Programme, claim: Claim | None) -> bool:
        """Whether the paper can be asked for that programme and claim at all."""
        return programme in self.programmes and (not self.claims or claim in self.claims)

    def source(self, *, on: date, known: date | None) -> Source | None:
        """The source in force on that day, as far as known; None when the paper is not asked for then."""
        held = [one for one in self.sources if one.since <= on and (known is None or one.known <= known)]
        return max(held, key=lambda one: (one.since, one.known)) if held else None

    def holds(self, said: Mapping[str, Said]) -> bool | None:
        """Whether this family needs it: False when one condition fails, None when one is not known."""
        found = {condition.holds(said) for condition in self.when}
        return False if False in found else None if None in found else True


@cache
def in_force() -> tuple[Paper, ...]:
    """The papers as stored with this program. Raises UnusableParameter, naming file and code."""
    return papers_of({path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml"))})


def papers_of(texts: Mapping[str, str]) -> tuple[Paper, ...]:
    """Read papers given as {file name: text}. Raises UnusableParameter, naming file and code."""
    papers: dict[str, Paper] = {}
    for file, text in texts.items():
        whole = Entry(file, "-", parsed(file, text))
        whole.has_only("paper")
        for raw in whole.entries("paper"):
            entry = Entry(file, str(raw.raw.get("code", "-")), raw.raw)
            entry.is_new_in(papers)
            papers[entry.id] = _paper(entry)
    return tuple(papers.values())


def _paper(entry: Entry) -> Paper:
    entry.has_only("code", "programmes", "claims", "document", "reason", "where", "group", "when", "source")
    programmes = entry.choices("programmes", Programme)
    claims = entry.choices("claims", Claim) if "claims" in entry.raw else frozenset[Claim]()
    if any(not claims & CLAIMS[programme] for programme in programmes if claims):
        entry.refuse("Klaim ini tidak ada dalam programnya.", "The programme knows no such claim.")
    sources = tuple(_source(Entry(entry.file, entry.id, one.raw)) for one in entry.entries("source"))
    if not sources:
        entry.refuse("Tidak ada sumber.", "There is no source.")
    return Paper(
        code=entry.word("code"),
        programmes=programmes,
        claims=claims,
        document=entry.text("document"),
        reason=entry.text("reason"),
        where=entry.text("where"),
        group=entry.word("group", ""),
        when=_conditions(entry),
        sources=sources,
    )


def _source(entry: Entry) -> Source:
    entry.has_only("since", "known", "regulation", "article", "paragraph", "confidence", "note")
    confidence, article = entry.choice("confidence", Confidence), entry.word("article")
    if article == UNREAD and confidence is Confidence.READ_IN_LAW:
        entry.refuse("Dibaca dalam naskah, tetapi tanpa pasal.", "Read in the law, yet without an article.")
    return Source(
        since=entry.day("since"),
        known=entry.day("known"),
        citation=Citation(entry.word("regulation"), article, entry.word("paragraph", "")),
        confidence=confidence,
        note=entry.text("note") if "note" in entry.raw else None,
    )


def _conditions(entry: Entry) -> tuple[Condition, ...]:
    """The conditions of a paper, written "marriage=unregistered" or "heir=parent|sibling"; all must hold."""
    written = entry.raw.get("when", [])
    if not isinstance(written, list):
        entry.refuse("when harus daftar.", "when must be a list.")
    return tuple(_condition(entry, str(one)) for one in written)


def _condition(entry: Entry, written: str) -> Condition:
    fact, _, values = written.partition("=")
    condition = Condition(fact, tuple(values.split("|")))
    unknown = [value for value in condition.values if f"{fact}={value}" not in BECAUSE]
    if unknown:
        entry.refuse(f"Syarat {written} tidak dikenal.", f"The condition {written} is unknown.")
    return condition


def because(conditions: tuple[Condition, ...], said: Mapping[str, Said]) -> Text:
    """Several conditions as one clause."""
    several = tuple(condition.because(said) for condition in conditions)
    return Text(joined(several, " dan ").id, joined(several, " and ").en)


def _meets(said: Said, value: str) -> bool:
    if isinstance(said, bool):
        return value == ("true" if said else "false")
    if isinstance(said, int):
        return said >= int(value.removesuffix("+"))
    return said == value
