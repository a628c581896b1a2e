"""What follows when too much or too little was paid: BPJS says so in time, and the next month sets it off."""

from datetime import date
from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Decision, Fact, Step
from lindung.law.money import NotAnAmount, rupiah
from lindung.law.months import Month, day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.text import Text
from lindung.law.values import Law
from lindung.law.workdays import Calendar, weekday, working_days_after

SOURCE = Citation("PP 44/2015", "23")


class Facts(NamedTuple):
    """What was due and what was paid for a month, in whole rupiah, and the day the payment came in."""

    due: int
    paid: int
    month: Month
    received_on: date | None = None


def settle(
    facts: Facts,
    *,
    is_working_day: Calendar = weekday,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The difference that the next month's contribution sets off: above zero is still owed, below is credit.

    With `received_on` also the last day on which BPJS must say so, 14 working days later. PP 44/2015 P23.
    Raises NotAnAmount, NoLawForDate, NoWorkingDay.
    """
    if facts.due < 0 or facts.paid < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    reading = Reading.for_month(law or in_force(), facts.month, known=known)
    steps: tuple[Step, ...] = (
        _amount_step("settlement.due", facts.due, _DUE, facts.month),
        _amount_step("settlement.paid", -facts.paid, _PAID, facts.month),
    )
    if facts.due != facts.paid:
        steps += (_told(reading, facts.received_on, is_working_day), _set_off(reading, facts))
    said: dict[str, Fact] = {
        "due": facts.due,
        "paid": facts.paid,
        "month": str(facts.month),
        "received_on": facts.received_on.isoformat() if facts.received_on else None,
        "known": known.isoformat() if known else None,
    }
    return reading.decision("settlement", steps=steps, facts=said)


def _amount_step(key: str, amount: int, label: Text, month: Month) -> Step:
    sentence = _AMOUNT[key].filled(amount=rupiah(abs(amount)), month=month.label)
    return Step(key, label, amount, SOURCE, Confidence.READ_IN_LAW, sentence, {})


def _told(reading: Reading, received_on: date | None, is_working_day: Calendar) -> Step:
    within = reading.whole("deadline.settlement.working_days")
    working: dict[str, Fact] = {"working_days": within.value}
    step = within.step("settlement.told", 0, working=working)
    if received_on is None:
        return step
    last = working_days_after(received_on, within.value, is_working_day)
    reading.note(_COUNTING_UNREAD)
    sentence = _TOLD_BY.filled(said=step.sentence, last=day_label(last))
    return step._replace(sentence=sentence, working={**working, "on": last.isoformat()})


def _set_off(reading: Reading, facts: Facts) -> Step:
    after = reading.whole("settlement.set_off_after")
    month = facts.month.plus(after.value)
    owed = facts.due - facts.paid
    sentence = (_ADDED if owed > 0 else _CREDITED).filled(amount=rupiah(abs(owed)), month=month.label)
    working: dict[str, Fact] = {"month": str(month), "difference": owed}
    return after.step("settlement.set_off", 0, working=working)._replace(sentence=sentence)


_DUE = Text("Iuran yang harus dibayar", "Contribution due")
_PAID = Text("Iuran yang sudah dibayar", "Contribution paid")
_AMOUNT = {
    "settlement.due": Text(
        "Iuran {month} yang harus dibayar {amount}.", "The contribution due for {month} is {amount}."
    ),
    "settlement.paid": Text("Sudah dibayar {amount}.", "{amount} was paid."),
}
_TOLD_BY = Text("{said} Batasnya {last}.", "{said} The last day is {last}.")
_ADDED = Text(
    "Kekurangan {amount} ditambahkan pada iuran {month}.",
    "The {amount} still owed is added to the contribution of {month}.",
)
_CREDITED = Text(
    "Kelebihan {amount} diperhitungkan dengan iuran {month}.",
    "The {amount} paid too much is credited to the contribution of {month}.",
)
_COUNTING_UNREAD = Text(
    "Bahwa hari kerja dihitung mulai hari sesudah pembayaran diterima belum diperiksa pada naskah.",
    "That working days are counted from the day after the payment came in is not verified against the text.",
)
