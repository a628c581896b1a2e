"""What unpaid months do to the cover, and how long a new non-wage earner waits for the full death benefit."""

from datetime import date
from typing import NamedTuple

from lindung.law.decision import Alternative, Citation, Confidence, Decision, Fact, Outcome, Step
from lindung.law.money import rupiah
from lindung.law.months import day_label, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law


class NotACount(ValueError):
    """Jumlah bulan harus nol atau lebih. / A number of months must be zero or more."""


class Outlook(NamedTuple):
    """What follows when the next month stays unpaid, and when the limit of the law is passed."""

    next_unpaid: Decision
    beyond_limit: Decision


JHT_STAYS = Citation("PP 46/2015", "22")

_PAID = Text(
    "Tidak ada tunggakan: {programme} berlaku penuh.", "Nothing is unpaid: {programme} holds in full."
)
_WITHIN = {
    (Segment.PU, Programme.JKK): Text(
        "{months} bulan belum dibayar: BPJS Ketenagakerjaan tetap membayar semua manfaat JKK.",
        "{months} months unpaid: BPJS Ketenagakerjaan still pays every JKK benefit.",
    ),
    (Segment.PU, Programme.JKM): Text(
        "{months} bulan belum dibayar: BPJS Ketenagakerjaan tetap membayar seluruh santunan JKM.",
        "{months} months unpaid: BPJS Ketenagakerjaan still pays the whole JKM benefit.",
    ),
    (Segment.BPU, Programme.JKK): Text(
        "{months} bulan belum dibayar: bila terjadi kecelakaan kerja, perawatan tetap dijamin. "
        "Uang santunan dibayar setelah sembuh dan tunggakan lunas.",
        "{months} months unpaid: after an accident at work, treatment is still given. "
        "Money is paid after recovery and once the arrears are settled.",
    ),
    (Segment.BPU, Programme.JKM): Text(
        "{months} bulan belum dibayar: bila peserta meninggal, biaya pemakaman dibayar. "
        "Sisanya dibayar setelah ahli waris melunasi tunggakan.",
        "{months} months unpaid: if the participant dies, the funeral grant is paid. "
        "The rest is paid once the heirs settle the arrears.",
    ),
}
_BEYOND = {
    Segment.PU: Text(
        "{months} bulan belum dibayar, lebih dari {limit} bulan: pekerja tetap terlindungi {programme}, "
        "tetapi pemberi kerja membayar manfaatnya lebih dulu dan baru diganti setelah tunggakan dan denda lunas.",
        "{months} months unpaid, more than {limit}: the worker stays covered by {programme}, but "
        "the employer pays the benefit first and is repaid only after settling arrears and fine.",
    ),
    Segment.BPU: Text(
        "{months} bulan berturut-turut belum dibayar, lebih dari {limit} bulan: "
        "tidak ada manfaat {programme}.",
        "{months} consecutive months unpaid, more than {limit}: there is no {programme} benefit.",
    ),
}
_SETTLE = Text(
    "Lunasi tunggakan {months} bulan supaya manfaat dibayar penuh.",
    "Settle the arrears of {months} months so that benefits are paid in full.",
)
_REENTER = Text(
    "Bayar iuran lagi dengan NIK yang sama; peserta BPU tidak dikenai denda.",
    "Pay contributions again under the same NIK; non-wage earners owe no fine.",
)
_REENTER_UNREAD = Text(
    "Bahwa peserta yang tidak aktif cukup membayar lagi dengan NIK yang sama belum diperiksa pada naskah.",
    "That an inactive participant need only pay again under the same NIK is not verified against the text.",
)
_WAITING_RESTARTS = Text(
    "Belum diperiksa pada naskah apakah masa tunggu JKM mulai lagi setelah peserta aktif kembali.",
    "Whether the waiting time of JKM starts again after re-entry is not verified against the text.",
)
_JHT_STAYS = Text(
    "Tabungan JHT tidak hilang. {months} bulan yang belum dibayar tidak menambah tabungan.",
    "JHT savings are not lost. The {months} unpaid months add nothing to them.",
)


def consequence(
    *,
    segment: str,
    programme: str,
    months_unpaid: int,
    on: date,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """What holds on that day after so many consecutive unpaid months; refused means no benefit is left.

    PP 44/2015 P38 and P41 (PU), P39 and P42 (BPU); JHT: PP 46/2015 P22. No amounts, only sentences.
    Raises UnknownTerm, NotACount, NoLawForDate.
    """
    if months_unpaid < 0:
        raise NotACount(NotACount.__doc__)
    who, what = Segment(segment), Programme(programme)
    reading = Reading(law or in_force(), on=on, known=known)
    facts: dict[str, Fact] = {
        "segment": who.value,
        "programme": what.value,
        "months_unpaid": months_unpaid,
        "on": on.isoformat(),
    }
    if what is Programme.JHT:
        return reading.decision("arrears", steps=(_jht(months_unpaid),), facts=facts)
    limit = reading.whole(f"arrears.{who}.{what}.months")
    lapsed = who is Segment.BPU and months_unpaid > limit.value
    return reading.decision(
        "arrears",
        steps=(_arrears_step(limit, who, what, months_unpaid),),
        facts=facts,
        outcome=Outcome.REFUSED if lapsed else Outcome.GRANTED,
        what_would_change=_what_to_do(reading, what, months_unpaid, lapsed=lapsed),
    )


def outlook(*, segment: str, programme: str, months_unpaid: int, on: date, law: Law | None = None) -> Outlook:
    """What if the next month is not paid, and what after the limit? Raises as `consequence` does."""
    stored = law or in_force()
    after_next = consequence(
        segment=segment, programme=programme, months_unpaid=months_unpaid + 1, on=on, law=stored
    )
    limit = 0
    if Programme(programme) is not Programme.JHT:
        limit = (
            Reading(stored, on=on).whole(f"arrears.{Segment(segment)}.{Programme(programme)}.months").value
        )
    beyond = max(limit, months_unpaid) + 1
    return Outlook(
        after_next, consequence(segment=segment, programme=programme, months_unpaid=beyond, on=on, law=stored)
    )


def jkm_waiting(
    *,
    registered_on: date,
    paid_months: int,
    on: date,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The death benefit (JKM) of a non-wage earner who dies on that day, by the waiting time; without
    scholarship.

    `paid_months` counts the contribution months paid since registration, or since the last re-entry. From
    24 Feb 2025 fewer than 3 paid months or 3 months of membership give the funeral grant only (Permenaker
    1/2025, not read). Where its wording may mean otherwise, an alternative awaits determination. Sums: PP
    44/2015 P34, PP 82/2019. Raises NotACount, NoLawForDate.
    """
    if paid_months < 0:
        raise NotACount(NotACount.__doc__)
    reading = Reading(law or in_force(), on=on, known=known)
    waiting = reading.whole("jkm.bpu.waiting_months")
    facts: dict[str, Fact] = {
        "registered_on": registered_on.isoformat(),
        "paid_months": paid_months,
        "on": on.isoformat(),
    }
    if on < registered_on or not paid_months:
        no_cover = (waiting.step("cover", 0)._replace(sentence=_NO_COVER.filled(on=day_label(on))),)
        return reading.decision("jkm.bpu", steps=no_cover, facts=facts, outcome=Outcome.REFUSED)
    full_from = months_later(registered_on, waiting.value)
    full = paid_months >= waiting.value and on >= full_from
    sums = _jkm_sums(reading)
    paid = sums if full else sums[-1:]
    return reading.decision(
        "jkm.bpu",
        steps=(_waiting_step(waiting, full=full), *paid),
        facts=facts,
        what_would_change=()
        if full
        else (_FULL_LATER.filled(day=day_label(full_from), months=waiting.value),),
        alternatives=_other_readings(waiting, sums, paid_months=paid_months, full_from=full_from, on=on),
    )


_NO_COVER = Text(
    "Pada {on} belum ada kepesertaan dengan iuran yang dibayar: tidak ada manfaat JKM.",
    "On {on} there was no membership with a paid contribution: there is no JKM benefit.",
)
_WAITED = Text(
    "Masa tunggu {months} bulan iuran dan kepesertaan terpenuhi: santunan dibayar penuh.",
    "The waiting time of {months} months of contributions and membership is met: the benefit is paid in "
    "full.",
)
_NO_WAITING = Text(
    "Tidak ada masa tunggu: santunan dibayar penuh sejak hari pertama.",
    "There is no waiting time: the benefit is paid in full from the first day.",
)
_STILL_WAITING = Text(
    "Masa tunggu {months} bulan iuran dan kepesertaan belum terpenuhi: hanya biaya pemakaman yang dibayar.",
    "The waiting time of {months} months of contributions and membership is not met: only the funeral "
    "grant is paid.",
)
_FULL_LATER = Text(
    "Santunan penuh berlaku mulai {day}, bila paling sedikit {months} bulan iuran sudah dibayar.",
    "The full benefit holds from {day}, once at least {months} months of contributions are paid.",
)
_ONE_ENOUGH = Text(
    "Menunggu ketetapan: bila cukup salah satu, {months} bulan iuran atau {months} bulan kepesertaan, "
    "santunannya {amount}.",
    "Awaiting determination: if one is enough, {months} months of contributions or {months} months of "
    "membership, the benefit is {amount}.",
)
_EXACT_DAY = Text(
    "Menunggu ketetapan: bila kepesertaan harus lebih dari {months} bulan, hanya biaya pemakaman {amount} "
    "yang dibayar.",
    "Awaiting determination: if membership must exceed {months} months, only the funeral grant of {amount} "
    "is paid.",
)


def _jht(months_unpaid: int) -> Step:
    return Step(
        key="arrears",
        label=Programme.JHT.label,
        amount=0,
        citation=JHT_STAYS,
        confidence=Confidence.READ_IN_LAW,
        sentence=_JHT_STAYS.filled(months=months_unpaid),
        working={},
    )


def _arrears_step(limit: Read[int], who: Segment, what: Programme, months: int) -> Step:
    sentence = _PAID
    if months:
        sentence = _WITHIN[who, what] if months <= limit.value else _BEYOND[who]
    said = sentence.filled(months=months, limit=limit.value, programme=what.label)
    return limit.step("arrears", 0, working={"limit": limit.value})._replace(sentence=said)


def _what_to_do(reading: Reading, what: Programme, months: int, *, lapsed: bool) -> tuple[Text, ...]:
    if not months:
        return ()
    if not lapsed:
        return (_SETTLE.filled(months=months),)
    reading.note(_REENTER_UNREAD)
    if what is Programme.JKM and reading.whole("jkm.bpu.waiting_months").value:
        reading.note(_WAITING_RESTARTS)
    return (_REENTER,)


def _jkm_sums(reading: Reading) -> tuple[Step, ...]:
    """Lump sum, periodic benefit and, last, the funeral grant."""
    read = ((part, reading.whole(f"jkm.{part}")) for part in ("lump_sum", "periodic", "funeral"))
    return tuple(one.step(f"jkm.{part}", one.value) for part, one in read)


def _waiting_step(waiting: Read[int], *, full: bool) -> Step:
    sentence = (_WAITED if waiting.value else _NO_WAITING) if full else _STILL_WAITING
    step = waiting.step("waiting", 0, working={"months": waiting.value})
    return step._replace(sentence=sentence.filled(months=waiting.value))


def _other_readings(
    waiting: Read[int], sums: tuple[Step, ...], *, paid_months: int, full_from: date, on: date
) -> tuple[Alternative, ...]:
    """Where the unread text could mean something else: one clock reached, or exactly the last day of
    waiting."""
    if not waiting.value:
        return ()
    whole, funeral = sum(step.amount for step in sums), sums[-1].amount
    words = {"months": waiting.value}
    if (paid_months >= waiting.value) != (on >= full_from):
        return (Alternative(whole, _ONE_ENOUGH.filled(**words, amount=rupiah(whole)), waiting.citation),)
    if paid_months >= waiting.value and on == full_from:
        return (Alternative(funeral, _EXACT_DAY.filled(**words, amount=rupiah(funeral)), waiting.citation),)
    return ()
