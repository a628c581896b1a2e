"""The question whether something was an accident at work, a road accident, an occupational disease or none."""

from collections.abc import Mapping

from lindung.law.decision import Decision
from lindung.law.jkk.triage import WORKING, Criterion, Facts, Kind, triage
from lindung.law.questions.fields import Given
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS: tuple[str, ...] = (
    "event_date", "kind", *Criterion, "private_errand", "police_letter", "visum", "suspected",
    "employment_ended_on", "diagnosed_on", "known",
)  # fmt: skip


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The decision what the event was. Raises Unanswerable, naming every fact that it still needs."""
    given.require("event_date", "kind")
    facts = _facts(given)
    return triage(facts, known=given.maybe.day("known"), law=law)


def _facts(given: Given) -> Facts:
    kind = given.word("kind", Kind)
    for name in ("employment_ended_on", "diagnosed_on"):
        if name in given and kind is not Kind.DISEASE:
            given.refuse(name, "out_of_place", _DISEASE_ONLY)
    criteria = {one: given.flag(one) for one in Criterion if one in given}
    if kind is Kind.SUDDEN_DEATH:
        _refuse_elsewhere(given, criteria)
    return Facts(
        event_date=given.day("event_date"),
        kind=kind,
        criteria=criteria,
        private_errand=given.maybe.flag("private_errand"),
        police_letter=given.maybe.flag("police_letter"),
        visum=given.maybe.flag("visum"),
        suspected=given.flag("suspected", False),
        employment_ended_on=given.maybe.day("employment_ended_on"),
        diagnosed_on=given.maybe.day("diagnosed_on"),
    )


def _refuse_elsewhere(given: Given, criteria: Mapping[Criterion, bool]) -> None:
    """A sudden death at work was at the workplace or on an assignment; not named is not denied."""
    elsewhere = criteria.get(Criterion.AT_WORKPLACE) is False
    at_work = any(criteria.get(one) for one in WORKING)
    if criteria.get(Criterion.SUDDEN_DEATH_AT_WORK) and elsewhere and not at_work:
        given.refuse("sudden_death_at_work", "contradiction", _ELSEWHERE)


_ELSEWHERE = Text(
    "{field}: disebut meninggal mendadak saat bekerja, padahal tidak di tempat kerja. Bila sedang bertugas, "
    "sebut on_assignment; bila tidak, periksa keduanya.",
    "{field}: a sudden death at work, yet not at the workplace. If it was on an assignment, say on_assignment; "
    "else check both.",
)
_DISEASE_ONLY = Text("{field} hanya untuk penyakit (disease).", "{field} is for a disease only.")
