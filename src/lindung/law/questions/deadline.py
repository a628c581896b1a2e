"""The question for a deadline: its last day, whether it was missed, and what the delay costs."""

from lindung.law.deadlines import AmountNeeded, DoneBeforeStart, Facts, clocks, deadline
from lindung.law.decision import Decision
from lindung.law.questions.answers import Answer, benefit
from lindung.law.questions.calendar import holidays
from lindung.law.questions.fields import Given, no_law
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate

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
    try:
        return deadline(facts, known=given.maybe.day("known"), law=law)
    except AmountNeeded:
        given.refuse("amount", "missing_fact", _AMOUNT_NEEDED)
    except DoneBeforeStart:
        given.refuse("done_on", "before_start", _BEFORE_START)
    except NoLawForDate as why:
        raise no_law(why, field="from") from why


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


_AMOUNT_NEEDED = Text(
    "Terlambat: ganti rugi dihitung dari jumlah yang harus dibayar. Tambahkan {field}.",
    "This was late: compensation is taken of the amount to be paid. Add {field}.",
)
_BEFORE_START = Text(
    "{field} lebih awal dari from. Periksa kedua tanggal.", "{field} is before from. Check both dates."
)
_NO_SUCH = Text("{field} harus salah satu dari: {known}.", "{field} must be one of: {known}.")
