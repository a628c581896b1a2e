"""A decision is a value: its steps with their articles, the sum, or the refusal and what would change it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lindung.law.text import Text

FORMAT = 1

Fact = str | int | bool | None | tuple[str, ...]
"""What a decision may rest on. Dates are written 2026-11-22, months 2026-11, rates 57/1000."""


class NotADecision(ValueError):
    """Berkas ini bukan keputusan yang utuh. / This text is not a whole decision."""


class Outcome(StrEnum):
    """Whether the law gives what was asked."""

    GRANTED = "granted"
    REFUSED = "refused"


class Confidence(StrEnum):
    """How well a stored legal value is known."""

    READ_IN_LAW = "read_in_law"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"

    @property
    def label(self) -> Text:
        """The confidence in words."""
        return _CONFIDENCE_LABELS[self]


_CONFIDENCE_LABELS = {
    Confidence.READ_IN_LAW: Text("dibaca dalam naskah peraturan", "read in the text of the law"),
    Confidence.SECONDARY: Text("dari sumber kedua", "from a secondary source"),
    Confidence.UNVERIFIED: Text("belum diperiksa pada naskah", "not verified against the text"),
}


def weakest(*confidences: Confidence) -> Confidence:
    """The least sure of several: a step is no surer than the least sure value in it."""
    return max(confidences, key=list(Confidence).index)


UNREAD = "unread"
"""Stands for an article number that nobody here has read yet."""


class Citation(NamedTuple):
    """Where a rule stands: regulation, article (pasal), paragraph (ayat) and annex (lampiran)."""

    regulation: str
    article: str
    paragraph: str = ""
    annex: str = ""

    @property
    def text(self) -> Text:
        """PP 44/2015 Pasal 20 ayat (3), Lampiran II; PP 44/2015 Article 20(3), Annex II.

        An amending law counts its points in words: Pasal I angka 4 dan 13 is Article I number 4 and 13.
        """
        annex = (f", Lampiran {self.annex}", f", Annex {self.annex}") if self.annex else ("", "")
        if self.article == UNREAD:
            return Text(
                f"{self.regulation}{annex[0]} (pasal belum dibaca)",
                f"{self.regulation}{annex[1]} (article not yet read)",
            )
        ayat = f" ayat ({self.paragraph})" if self.paragraph else ""
        paragraph = f"({self.paragraph})" if self.paragraph else ""
        return Text(
            f"{self.regulation} Pasal {self.article}{ayat}{annex[0]}",
            f"{self.regulation} Article {_counted_in_english(self.article)}{paragraph}{annex[1]}",
        )


def _counted_in_english(article: str) -> str:
    return article.replace(" angka ", " number ").replace(" dan ", " and ")


class Step(NamedTuple):
    """One step of a decision. `amount` is signed whole rupiah; a step that moves no money has 0."""

    key: str
    label: Text
    amount: int
    citation: Citation
    confidence: Confidence
    sentence: Text
    working: Mapping[str, Fact]
    """The numbers the amount was made of, such as base, rate and rounding, so that anybody can recompute
    it."""

    def belongs_to(self, component: str) -> bool:
        """Whether the step is that component or a part of it: jkk and jkk.relief belong to jkk."""
        return self.key == component or self.key.startswith(component + ".")


class Used(NamedTuple):
    """One dated parameter value a decision rests on."""

    id: str
    since: date
    citation: Citation
    confidence: Confidence


class Alternative(NamedTuple):
    """What another reading of an unsettled rule would give; BPJS Ketenagakerjaan has the word."""

    total: int
    sentence: Text
    citation: Citation


class Payment(NamedTuple):
    """A sum that is not paid now but later, if its conditions still hold then. Whole rupiah.

    `about` says which: {"child": 1, "year": "2026/2027", "level": "SD"}, or {"after": "arrears_paid"}.
    """

    key: str
    amount: int
    about: Mapping[str, Fact]


class Refusal(NamedTuple):
    """Why the law does not give what was asked: its article, the fact that failed, what would change it."""

    citation: Citation
    fact: Text
    would_change: Text


class Decision(NamedTuple):
    """What the law says to one question. Amounts are whole rupiah; the total is the sum of the steps."""

    question: str
    outcome: Outcome
    facts: Mapping[str, Fact]
    steps: tuple[Step, ...]
    used: tuple[Used, ...] = ()
    unverified: tuple[Text, ...] = ()
    what_would_change: tuple[Text, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    deductions: tuple[Step, ...] = ()
    """What is kept back from the total, such as tax; amounts are what is taken, zero or more."""
    schedule: tuple[Payment, ...] = ()
    refusal: Refusal | None = None
    assumed: tuple[Text, ...] = ()
    """What was taken for granted because nobody said otherwise, such as that nothing is in arrears."""

    @property
    def granted(self) -> bool:
        """Whether the law gives what was asked."""
        return self.outcome is Outcome.GRANTED

    @property
    def total(self) -> int:
        """The sum of the signed amounts of the steps."""
        return sum(step.amount for step in self.steps)

    @property
    def deducted(self) -> int:
        """The sum of the deductions."""
        return sum(step.amount for step in self.deductions)

    @property
    def net(self) -> int:
        """What reaches the hand: the total less the deductions."""
        return self.total - self.deducted

    def amount(self, component: str) -> int:
        """The sum of one component with its parts, such as "jkk" with "jkk.relief"; 0 when it has no step."""
        return sum(step.amount for step in self.steps if step.belongs_to(component))

    @property
    def sentences(self) -> tuple[Text, ...]:
        """The whole decision to be read aloud: why not, the steps, what is kept back, assumed, unverified,
        the other readings, what to do."""
        refused = (self.refusal.fact, self.refusal.would_change) if self.refusal else ()
        said = tuple(step.sentence for step in self.steps + self.deductions)
        doubts = self.assumed + self.unverified + tuple(other.sentence for other in self.alternatives)
        return tuple(dict.fromkeys(refused + said + doubts + self.what_would_change))

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every article the decision rests on, each once, in the order of first use."""
        cited = [step.citation for step in self.steps + self.deductions]
        cited += [used.citation for used in self.used]
        cited += [self.refusal.citation] if self.refusal else []
        cited += [other.citation for other in self.alternatives]
        return tuple(dict.fromkeys(cited))

    def to_json(self) -> str:
        """The canonical text: the same decision always gives the same bytes."""
        return json.dumps(_written(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """SHA-256 of the canonical text in UTF-8, as 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> "Decision":
        """Read a stored decision back. Raises NotADecision when it is damaged or its total is not its sum."""
        try:
            decision = _read(json.loads(text))
        except (KeyError, TypeError, ValueError) as damage:
            raise NotADecision(NotADecision.__doc__) from damage
        if decision.to_json() != text:
            raise NotADecision(NotADecision.__doc__)
        return decision


def _written(decision: Decision) -> dict[str, object]:
    return _written_always(decision) | _written_where_there(decision)


def _written_where_there(decision: Decision) -> dict[str, object]:
    """What the first stored decisions did not have is left out where it is empty: their bytes stay theirs."""
    written: dict[str, object] = {
        "deductions": [_written_step(step) for step in decision.deductions],
        "schedule": [
            {"key": later.key, "amount": later.amount, "about": dict(later.about)}
            for later in decision.schedule
        ],
        "refusal": decision.refusal and _written_refusal(decision.refusal),
        "assumed": [note._asdict() for note in decision.assumed],
    }
    return {name: value for name, value in written.items() if value}


def _written_refusal(refusal: Refusal) -> dict[str, object]:
    return {
        "citation": refusal.citation._asdict(),
        "fact": refusal.fact._asdict(),
        "would_change": refusal.would_change._asdict(),
    }


def _written_always(decision: Decision) -> dict[str, object]:
    return {
        "format": FORMAT,
        "question": decision.question,
        "outcome": decision.outcome.value,
        "total": decision.total,
        "facts": dict(decision.facts),
        "steps": [_written_step(step) for step in decision.steps],
        "used": [_written_used(used) for used in decision.used],
        "unverified": [note._asdict() for note in decision.unverified],
        "what_would_change": [note._asdict() for note in decision.what_would_change],
        "alternatives": [
            {"total": other.total, "sentence": other.sentence._asdict(), "citation": other.citation._asdict()}
            for other in decision.alternatives
        ],
    }


def _written_step(step: Step) -> dict[str, object]:
    return {
        "key": step.key,
        "label": step.label._asdict(),
        "amount": step.amount,
        "citation": step.citation._asdict(),
        "confidence": step.confidence.value,
        "sentence": step.sentence._asdict(),
        "working": dict(step.working),
    }


def _written_used(used: Used) -> dict[str, object]:
    return {
        "id": used.id,
        "since": used.since.isoformat(),
        "citation": used.citation._asdict(),
        "confidence": used.confidence.value,
    }


# A stored text is checked as a whole: what was read must write the same bytes again. So the readers below
# need not look for keys too many or numbers stored as text: such a text differs from what is written again.


def _read(stored: object) -> Decision:
    whole = _object(stored)
    return Decision(
        question=str(whole["question"]),
        outcome=Outcome(str(whole["outcome"])),
        facts=_facts(whole["facts"]),
        steps=tuple(_read_step(_object(step)) for step in _list(whole["steps"])),
        used=tuple(_read_used(_object(used)) for used in _list(whole["used"])),
        unverified=tuple(_text(note) for note in _list(whole["unverified"])),
        what_would_change=tuple(_text(note) for note in _list(whole["what_would_change"])),
        alternatives=tuple(_read_alternative(_object(other)) for other in _list(whole["alternatives"])),
        deductions=tuple(_read_step(_object(step)) for step in _list(whole.get("deductions", []))),
        schedule=tuple(_read_payment(_object(later)) for later in _list(whole.get("schedule", []))),
        refusal=_read_refusal(_object(whole["refusal"])) if "refusal" in whole else None,
        assumed=tuple(_text(note) for note in _list(whole.get("assumed", []))),
    )


def _read_payment(stored: dict[str, object]) -> Payment:
    return Payment(str(stored["key"]), _whole(stored["amount"]), _facts(stored["about"]))


def _read_refusal(stored: dict[str, object]) -> Refusal:
    return Refusal(_citation(stored["citation"]), _text(stored["fact"]), _text(stored["would_change"]))


def _read_step(stored: dict[str, object]) -> Step:
    return Step(
        key=str(stored["key"]),
        label=_text(stored["label"]),
        amount=_whole(stored["amount"]),
        citation=_citation(stored["citation"]),
        confidence=Confidence(str(stored["confidence"])),
        sentence=_text(stored["sentence"]),
        working=_facts(stored["working"]),
    )


def _read_used(stored: dict[str, object]) -> Used:
    return Used(
        id=str(stored["id"]),
        since=date.fromisoformat(str(stored["since"])),
        citation=_citation(stored["citation"]),
        confidence=Confidence(str(stored["confidence"])),
    )


def _read_alternative(stored: dict[str, object]) -> Alternative:
    return Alternative(_whole(stored["total"]), _text(stored["sentence"]), _citation(stored["citation"]))


def _text(stored: object) -> Text:
    return Text(**_strings(stored))


def _citation(stored: object) -> Citation:
    return Citation(**_strings(stored))


def _strings(stored: object) -> dict[str, str]:
    return {name: str(value) for name, value in _object(stored).items()}


def _object(stored: object) -> dict[str, object]:
    if not isinstance(stored, dict):
        raise NotADecision(NotADecision.__doc__)
    return {str(name): value for name, value in stored.items()}


def _list(stored: object) -> list[object]:
    if not isinstance(stored, list):
        raise NotADecision(NotADecision.__doc__)
    return stored


def _whole(stored: object) -> int:
    if not isinstance(stored, int) or isinstance(stored, bool):
        raise NotADecision(NotADecision.__doc__)
    return stored


def _facts(stored: object) -> dict[str, Fact]:
    return {name: _fact(value) for name, value in _object(stored).items()}


def _fact(stored: object) -> Fact:
    if isinstance(stored, list):
        return tuple(str(word) for word in stored)
    if stored is None or isinstance(stored, str | int):
        return stored
    raise NotADecision(NotADecision.__doc__)
