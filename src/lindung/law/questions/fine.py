"""The question for a fine: what paying a month's contribution late costs."""

from lindung.law.contributions import due, lateness
from lindung.law.contributions.steps import together
from lindung.law.decision import Decision, Fact
from lindung.law.parameter import in_force
from lindung.law.questions.calendar import named_holidays, said_without_holidays, working_days
from lindung.law.questions.contribution import refuse_before_jkp
from lindung.law.questions.fields import Given
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = ("segment", "programme", "amount", "month", "paid_on", "holidays", "known")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The fine by segment and programme. Raises Unanswerable, naming the fields; NoLawForDate."""
    given.require("segment", "programme", "amount", "month", "paid_on")
    segment, programme = given.word("segment", Segment), given.word("programme", Programme)
    if segment not in due.GROUPS:
        given.refuse("segment", "not_stored", _NO_DUE_DAY)
    if programme not in due.GROUPS[segment]:
        known = ", ".join(one.upper() for one in due.GROUPS[segment])
        given.refuse("programme", "not_in_segment", _NOT_HERE.filled(segment=segment.label, known=known))
    facts = lateness.Facts(
        segment, programme, given.amount("amount"), given.month("month"), given.day("paid_on")
    )
    known_on = given.maybe.day("known")
    taken = Reading.for_month(law or in_force(), facts.month, known=known_on)
    if programme is Programme.JKP:
        refuse_before_jkp(given, taken)
    said = lateness.fine(facts, is_working_day=working_days(given), known=known_on, law=law)
    said_without_holidays(given, taken)
    named: dict[str, Fact] = {**said.facts, **named_holidays(given)}
    return together(said._replace(facts=named), taken.decision("", steps=(), facts={}))


_NO_DUE_DAY = Text(
    "{field}: jatuh tempo dan denda hanya tersimpan untuk PU dan BPU.",
    "{field}: due days and fines are stored for wage earners and non-wage earners only.",
)
_NOT_HERE = Text(
    "{{field}}: untuk {segment} hanya ada {known}.", "{{field}}: a {segment} can only have {known}."
)
