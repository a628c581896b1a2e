"""How long a non-wage earner waits for all but the funeral grant, and what else the unread text could mean."""

from datetime import date
from typing import NamedTuple

from lindung.law.decision import Alternative, Fact, Step
from lindung.law.jkm.facts import Facts
from lindung.law.jkm.sums import Sums
from lindung.law.money import rupiah
from lindung.law.months import day_label, duration, months_later
from lindung.law.reading import Read, Reading
from lindung.law.text import Text


class Wait(NamedTuple):
    """Whether the full benefit is reached, and what is said about it.

    `unknown`: nobody said how many months are paid, and that decides; `full` then means: if they are enough.
    """

    full: bool
    months: Read[int] | None = None
    full_from: date | None = None
    steps: tuple[Step, ...] = ()
    advice: tuple[Text, ...] = ()
    unknown: bool = False


def wait(reading: Reading, facts: Facts) -> Wait:
    """Whether both clocks have run: paid months and membership. Permenaker 1/2025, whose text was not read.

    Nobody waits who has an employer, nor where there is no heir and only the funeral grant is paid anyway.
    One clock that has not run is enough to wait, whatever the other shows. Raises NoLawForDate.
    """
    if not facts.alone or not facts.heirs:
        return Wait(full=True)
    months = reading.whole("jkm.bpu.waiting_months")
    if not months.value:
        return Wait(full=True, months=months, steps=(_waiting_step(months, _NO_WAITING),))
    full_from = facts.member_since and months_later(facts.member_since, months.value)
    long_enough = full_from is None or facts.event_date >= full_from
    if facts.months_paid is None:
        return Wait(full=True, unknown=True) if long_enough else _waits(months, None, full_from)
    if facts.months_paid < months.value or not long_enough:
        return _waits(months, facts.months_paid, full_from)
    if full_from is None:
        reading.assume(_LONG_ENOUGH.filled(months=duration(months.value)))
    step = _waiting_step(months, _WAITED, facts.months_paid, full_from)
    return Wait(True, months, full_from, (step,))


def _waits(months: Read[int], paid: int | None, full_from: date | None) -> Wait:
    sentence = _MEMBER_TOO_SHORT if paid is None else _STILL_WAITING
    step = _waiting_step(months, sentence, paid, full_from)
    return Wait(False, months, full_from, (step,), (_when_full(months.value, full_from),))


def _waiting_step(
    months: Read[int], sentence: Text, paid: int | None = None, full_from: date | None = None
) -> Step:
    working: dict[str, Fact] = {"months": months.value}
    working |= {} if paid is None else {"paid": paid}
    working |= {} if full_from is None else {"full_from": full_from.isoformat()}
    said = sentence.filled(months=duration(months.value), paid=duration(paid or 0))
    return months.step("jkm.waiting", 0, working=working)._replace(sentence=said)


def _when_full(months: int, full_from: date | None) -> Text:
    if full_from is None:
        return _FULL_AFTER.filled(months=duration(months))
    return _FULL_FROM.filled(day=day_label(full_from), months=duration(months))


def other_readings(facts: Facts, waited: Wait, sums: Sums, *, school: int) -> tuple[Alternative, ...]:
    """Where the unread text could mean something else: one clock enough, or more than the months needed.

    `school` is what the scholarship pays at once with the full benefit, in whole rupiah. Beside "one clock is
    enough" it is nothing but for facts that `check` refuses: so many paid months are no new membership.
    """
    if waited.months is None or not waited.months.value or facts.months_paid is None or not facts.heirs:
        return ()
    months, citation = waited.months.value, waited.months.citation
    if waited.full:
        exactly = facts.months_paid == months or facts.event_date == waited.full_from
        if not exactly and waited.full_from is not None:
            return ()
        said = (_EXACTLY if exactly else _SHORT_MEMBERSHIP).filled(
            months=duration(months), amount=rupiah(sums.funeral.amount)
        )
        return (Alternative(sums.funeral.amount, said, citation),)
    if facts.months_paid < months and (waited.full_from is None or facts.event_date < waited.full_from):
        return ()
    whole = sums.whole + school
    now, said = (sums.funeral.amount, _ONE_ENOUGH_LATER) if facts.arrears else (whole, _ONE_ENOUGH)
    return (Alternative(now, said.filled(months=duration(months), amount=rupiah(now)), citation),)


_NO_WAITING = Text(
    "Tidak ada masa tunggu: santunan dibayar penuh sejak hari pertama.",
    "There is no waiting time: the benefit is paid in full from the first day.",
)
_WAITED = Text(
    "Iuran sudah dibayar {paid}. Masa tunggu {months} iuran dan {months} kepesertaan "
    "terpenuhi: santunan penuh.",
    "Contributions are paid for {paid}. The waiting time of {months} of contributions and {months} of "
    "membership is met: the full benefit.",
)
_STILL_WAITING = Text(
    "Iuran sudah dibayar {paid}. Masa tunggu {months} iuran dan {months} kepesertaan belum "
    "terpenuhi: hanya biaya pemakaman yang dibayar.",
    "Contributions are paid for {paid}. The waiting time of {months} of contributions and {months} of "
    "membership is not met: only the funeral grant is paid.",
)
_MEMBER_TOO_SHORT = Text(
    "Masa tunggu {months} iuran dan {months} kepesertaan belum terpenuhi, karena menjadi peserta "
    "belum {months}: hanya biaya pemakaman yang dibayar.",
    "The waiting time of {months} of contributions and {months} of membership is not met, since the "
    "membership is shorter: only the funeral grant is paid.",
)
_LONG_ENOUGH = Text(
    "Tanggal mulai kepesertaan tidak disebutkan; dianggap sudah {months} atau lebih.",
    "The first day of membership is not given; it is taken to be {months} ago or more.",
)
_FULL_FROM = Text(
    "Santunan penuh berlaku mulai {day}, bila paling sedikit {months} iuran sudah dibayar.",
    "The full benefit holds from {day}, once contributions for at least {months} are paid.",
)
_FULL_AFTER = Text(
    "Santunan penuh berlaku setelah {months} iuran dibayar dan {months} menjadi peserta.",
    "The full benefit holds after {months} of contributions and {months} of membership.",
)
_ONE_ENOUGH = Text(
    "Menunggu ketetapan: bila cukup salah satu, {months} iuran atau {months} kepesertaan, "
    "santunannya {amount}.",
    "Awaiting determination: if one is enough, {months} of contributions or {months} of "
    "membership, the benefit is {amount}.",
)
_ONE_ENOUGH_LATER = Text(
    "Menunggu ketetapan: bila cukup salah satu, {months} iuran atau {months} kepesertaan, sekarang "
    "dibayar {amount} dan santunan penuh setelah tunggakan lunas.",
    "Awaiting determination: if one is enough, {months} of contributions or {months} of "
    "membership, {amount} is paid now and the full benefit once the arrears are settled.",
)
_EXACTLY = Text(
    "Menunggu ketetapan: bila harus lebih dari {months}, hanya biaya pemakaman {amount} yang dibayar.",
    "Awaiting determination: if it must be more than {months}, only the funeral grant of {amount} is paid.",
)
_SHORT_MEMBERSHIP = Text(
    "Menunggu ketetapan: bila kepesertaan ternyata belum {months}, hanya biaya pemakaman {amount} yang "
    "dibayar.",
    "Awaiting determination: if the membership turns out to be under {months}, only the funeral grant "
    "of {amount} is paid.",
)
