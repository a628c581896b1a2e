"""The question for sanctions: against an employer who does not pay, or for breaking the law on personal data."""

from lindung.law.decision import Decision
from lindung.law.questions.calendar import holidays
from lindung.law.questions.fields import Given
from lindung.law.sanctions import Facts, personal_data_fine, sanction
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = (
    "on",
    "arrears",
    "first_warning_on",
    "second_warning_on",
    "yearly_revenue",
    "holidays",
    "known",
)


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """What follows on that day: `arrears` asks about unpaid contributions, `yearly_revenue` about personal
    data. Raises Unanswerable, naming the fields."""
    about_data = "yearly_revenue" in given
    if about_data and "arrears" in given:
        given.refuse("yearly_revenue", "contradiction", _ONE_OF_BOTH)
    given.require("on", *(() if about_data else ("arrears",)))
    return _personal_data(given, law) if about_data else _unpaid(given, law)


def _personal_data(given: Given, law: Law | None) -> Decision:
    known = given.maybe.day("known")
    revenue = given.amount("yearly_revenue")
    return personal_data_fine(yearly_revenue=revenue, on=given.day("on"), known=known, law=law)


def _unpaid(given: Given, law: Law | None) -> Decision:
    first, second, known = (
        given.maybe.day(name) for name in ("first_warning_on", "second_warning_on", "known")
    )
    facts = Facts(given.amount("arrears"), given.day("on"), first, second, holidays(given))
    return sanction(facts, known=known, law=law)


_ONE_OF_BOTH = Text(
    "Isi arrears untuk iuran, atau {field} untuk data pribadi, jangan keduanya.",
    "Give arrears for contributions, or {field} for personal data, not both.",
)
