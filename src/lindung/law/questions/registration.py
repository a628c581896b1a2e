"""The question for a registration: when number, card and cover follow, and whether cover held on a day."""

from lindung.law.decision import Decision
from lindung.law.questions.calendar import holidays
from lindung.law.questions.fields import Given
from lindung.law.registration import Facts, registration
from lindung.law.terms import Segment
from lindung.law.values import Law

FIELDS = (
    "segment",
    "form_complete_on",
    "first_paid_on",
    "number_issued_on",
    "event_date",
    "non_asn",
    "holidays",
    "known",
)


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The decision on one registration. Raises Unanswerable, naming the fields."""
    given.require("segment", "form_complete_on")
    paid, issued, event, known = (
        given.maybe.day(name) for name in ("first_paid_on", "number_issued_on", "event_date", "known")
    )
    facts = Facts(
        segment=given.word("segment", Segment),
        form_complete_on=given.day("form_complete_on"),
        first_paid_on=paid,
        number_issued_on=issued,
        event_date=event,
        non_asn=given.flag("non_asn", False),
        holidays=holidays(given),
    )
    return registration(facts, known=known, law=law)
