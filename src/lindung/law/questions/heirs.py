"""The question who receives the death benefit: who is left behind, on the day of the death."""

from lindung.law import heirs
from lindung.law.decision import Decision
from lindung.law.heirs import Relative
from lindung.law.questions.fields import Given
from lindung.law.values import Law

FIELDS = ("event_date", "relatives", "known")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """Decide on `event_date` and `relatives`, a list that may be empty. Raises Unanswerable, naming the field."""
    given.require("event_date", "relatives")
    relatives = () if given.facts["relatives"] == [] else given.words("relatives", Relative)
    facts = heirs.Facts(given.day("event_date"), relatives)
    known = given.maybe.day("known")
    return heirs.order(facts, known=known, law=law)
