"""The question for a registration: when number, card and cover follow, and whether cover held on a day."""

from lindung.law.decision import Decision
from lindung.law.questions.calendar import holidays
from lindung.law.questions.fields import Given, no_law
from lindung.law.registration import Facts, NumberTooEarly, registration
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate

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
    try:
        return registration(facts, known=known, law=law)
    except NumberTooEarly:
        given.refuse("number_issued_on", "too_early", _BEFORE_FORM)
    except NoLawForDate as why:
        raise no_law(why, field="form_complete_on") from why


_BEFORE_FORM = Text(
    "{field} lebih awal dari form_complete_on atau first_paid_on. Periksa tanggalnya.",
    "{field} is before form_complete_on or first_paid_on. Check the dates.",
)
