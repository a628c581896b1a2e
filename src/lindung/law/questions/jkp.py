"""The question for the cash of JKP (job loss): which facts decide, and what is assumed without them."""

from datetime import date

from lindung.law import jkp
from lindung.law.decision import Decision
from lindung.law.eligibility.firm_duties import JKN, FirmSize
from lindung.law.questions.eligibility import Citizenship
from lindung.law.questions.fields import Given
from lindung.law.terms import Programme, Segment
from lindung.law.values import Law

FIELDS = (
    "reason",
    "event_date",
    "left_work_on",
    "wage",
    "months_paid",
    "consecutive_months",
    "claimed_on",
    "earlier_claims",
    "segment",
    "citizenship",
    "birth_date",
    "member_since",
    "firm_size",
    "member_of",
    "jkn_member",
    "employer_closed",
    "months_in_arrears",
)


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The decision on JKP. Raises Unanswerable, naming every field that stands in the way, and NoLawForDate."""
    always = ("reason", _day_of_dismissal(given))
    # Which others decide is known only with these: where one is missing, whoever asks hears of all at once.
    given.require(*always, *(() if all(name in given for name in always) else ("wage", "months_paid")))
    return jkp.benefit(_facts(given), known=given.maybe.day("known"), law=law)


def _facts(given: Given) -> jkp.Facts:
    return jkp.Facts(
        reason=given.word("reason", jkp.Reason),
        event_date=given.day(_day_of_dismissal(given)),
        wage=given.maybe.amount("wage"),
        months_paid=given.maybe.count("months_paid"),
        consecutive_months=given.maybe.count("consecutive_months"),
        claimed_on=given.maybe.day("claimed_on"),
        earlier_claims=_claims(given),
        segment=given.maybe.word("segment", Segment),
        indonesian=_indonesian(given),
        birth_date=given.maybe.day("birth_date"),
        member_since=given.maybe.day("member_since"),
        firm_size=given.maybe.word("firm_size", FirmSize),
        held=_held(given),
        employer_closed=given.maybe.flag("employer_closed"),
        months_in_arrears=given.maybe.count("months_in_arrears"),
    )


def _day_of_dismissal(given: Given) -> str:
    """The field that holds it: who was dismissed left work on that day."""
    return "left_work_on" if "left_work_on" in given and "event_date" not in given else "event_date"


def _claims(given: Given) -> tuple[date, ...] | None:
    claims = given.entries("earlier_claims", "on")
    return tuple(one.day("on") for one in claims) if "earlier_claims" in given else None


def _indonesian(given: Given) -> bool | None:
    if "citizenship" not in given:
        return None
    return given.word("citizenship", Citizenship) is Citizenship.INDONESIAN


def _held(given: Given) -> frozenset[str] | None:
    """The programmes the worker is in, with health insurance; None when nobody named them."""
    if "member_of" not in given:
        return None
    given.require("jkn_member")
    programmes = frozenset[str](one.value for one in given.words("member_of", Programme))
    return programmes | {JKN} if given.flag("jkn_member") else programmes
