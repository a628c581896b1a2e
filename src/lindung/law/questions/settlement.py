"""The question for a settlement: what follows when a month was paid with too much or too little."""

from datetime import date

from lindung.law import limits
from lindung.law.contributions import settlement
from lindung.law.contributions.steps import together
from lindung.law.decision import Decision, Fact
from lindung.law.months import Month
from lindung.law.parameter import in_force
from lindung.law.questions.calendar import named_holidays, said_without_holidays, working_days
from lindung.law.questions.fields import Given
from lindung.law.reading import Reading
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = ("due", "paid", "month", "received_on", "holidays", "known")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The difference and how it is set off. Raises Unanswerable, naming the fields; NoLawForDate."""
    given.require("due", "paid", "month")
    received_on = given.maybe.day("received_on")
    facts = settlement.Facts(given.amount("due"), given.amount("paid"), given.month("month"), received_on)
    known = given.maybe.day("known")
    _refuse_too_early(given, facts, known, law)
    said = settlement.settle(facts, is_working_day=working_days(given), known=known, law=law)
    taken = Reading.for_month(law or in_force(), facts.month, known=known)
    if received_on:
        said_without_holidays(given, taken)
    named: dict[str, Fact] = {**said.facts, **named_holidays(given)}
    return together(said._replace(facts=named), taken.decision("", steps=(), facts={}))


def _refuse_too_early(given: Given, facts: settlement.Facts, known: date | None, law: Law | None) -> None:
    """Nobody pays for a month further ahead than the longest period of payment in advance reaches."""
    if facts.received_on is None:
        return
    ahead = limits.months_ahead(on=facts.month.first_day(), known=known, law=law)
    if Month.of(facts.received_on).months_until(facts.month) > ahead:
        given.refuse("received_on", "contradiction", _TOO_EARLY.filled(months=ahead, month=facts.month.label))


_TOO_EARLY = Text(
    "{{field}}: lebih dari {months} bulan sebelum {month}; paling lama {months} bulan dibayar di muka. "
    "Periksa hari dan bulannya.",
    "{{field}}: more than {months} months before {month}; at most {months} months are paid in advance. "
    "Check the day and the month.",
)
