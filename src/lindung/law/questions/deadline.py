"""The question for a deadline: its last day, whether it was missed, and what the delay costs."""

from lindung.law.deadlines import Facts, clocks, deadline
from lindung.law.decision import Decision
from lindung.law.questions.answers import Answer, benefit
from lindung.law.questions.calendar import holidays
from lindung.law.questions.fields import Given
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = ("deadline", "from", "done_on", "amount", "holidays", "known")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The decision on one clock. Raises Unanswerable, naming the fields."""
    given.require("deadline", "from")
    facts = Facts(
        clock=_clock(given, law),
        start=given.day("from"),
        done_on=given.maybe.day("done_on"),
        amount=given.maybe.amount("amount"),
        holidays=holidays(given),
    )
    return deadline(facts, known=given.maybe.day("known"), law=law)


def shape(decision: Decision) -> Answer:
    """The answer as it goes out: `last_day`, `days_late` (null while nothing is done), and all the rest."""
    by_key = {step.key: step.working for step in decision.steps}
    told: Answer = {
        "last_day": by_key["deadline.last_day"]["last_day"],
        "days_late": by_key.get("deadline.lateness", {}).get("days_late"),
    }
    return told | benefit(decision)


def _clock(given: Given, law: Law | None) -> str:
    word, known = given.text("deadline").lower(), clocks(law)
    if word not in known:
        given.refuse("deadline", "unknown_word", _NO_SUCH.filled(field="{field}", known=", ".join(known)))
    return word


_NO_SUCH = Text("{field} harus salah satu dari: {known}.", "{field} must be one of: {known}.")
