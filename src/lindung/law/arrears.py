"""What unpaid months do to the cover, and what a non-wage earner's heirs would get at a death on a given day."""

from datetime import date
from typing import NamedTuple

from lindung.law import jkm
from lindung.law.decision import Citation, Confidence, Decision, Fact, Outcome, Step
from lindung.law.months import duration
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
        "{months} belum dibayar: BPJS Ketenagakerjaan tetap membayar semua manfaat JKK.",
        "{months} unpaid: BPJS Ketenagakerjaan still pays every JKK benefit.",
    ),
    (Segment.PU, Programme.JKM): Text(
        "{months} belum dibayar: BPJS Ketenagakerjaan tetap membayar seluruh santunan JKM.",
        "{months} unpaid: BPJS Ketenagakerjaan still pays the whole JKM benefit.",
    ),
    (Segment.BPU, Programme.JKK): Text(
        "{months} belum dibayar: bila terjadi kecelakaan kerja, perawatan tetap dijamin. "
        "Uang santunan dibayar setelah sembuh dan tunggakan lunas.",
        "{months} unpaid: after an accident at work, treatment is still given. "
        "Money is paid after recovery and once the arrears are settled.",
    ),
    (Segment.BPU, Programme.JKM): Text(
        "{months} belum dibayar: bila peserta meninggal, biaya pemakaman dibayar. "
        "Sisanya dibayar setelah ahli waris melunasi tunggakan.",
        "{months} unpaid: if the participant dies, the funeral grant is paid. "
        "The rest is paid once the heirs settle the arrears.",
    ),
}
_BEYOND = {
    Segment.PU: Text(
        "{months} belum dibayar, lebih dari {limit}: pekerja tetap terlindungi {programme}, "
        "tetapi pemberi kerja membayar manfaatnya lebih dulu dan baru diganti setelah tunggakan dan denda lunas.",
        "{months} unpaid, more than {limit}: the worker stays covered by {programme}, but "
        "the employer pays the benefit first and is repaid only after settling arrears and fine.",
    ),
    Segment.BPU: Text(
        "{months} berturut-turut belum dibayar, lebih dari {limit}: tidak ada manfaat {programme}.",
        "{months} in a row unpaid, more than {limit}: there is no {programme} benefit.",
    ),
}
_SETTLE = Text(
    "Lunasi tunggakan {months} supaya manfaat dibayar penuh.",
    "Settle the arrears of {months} so that benefits are paid in full.",
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
    "Tabungan JHT tidak hilang. {months} yang belum dibayar tidak menambah tabungan.",
    "JHT savings are not lost. For {months} unpaid, nothing is added to them.",
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
    1/2025, not read). This is `jkm.benefit` for a death not caused by work, with nothing in arrears and with an
    heir. Raises NotACount, NoLawForDate.
    """
    if paid_months < 0:
        raise NotACount(NotACount.__doc__)
    facts = jkm.Facts(
        segment=Segment.BPU,
        event_date=on,
        member_since=registered_on,
        months_paid=paid_months,
        months_in_arrears=0,
        memberships=1,
        has_heirs=True,
        cause=jkm.Cause.NOT_WORK,
        still_active=True,
    )
    return jkm.benefit(facts, known=known, law=law)


def _jht(months_unpaid: int) -> Step:
    return Step(
        key="arrears",
        label=Programme.JHT.label,
        amount=0,
        citation=JHT_STAYS,
        confidence=Confidence.READ_IN_LAW,
        sentence=_JHT_STAYS.filled(months=duration(months_unpaid)),
        working={},
    )


def _arrears_step(limit: Read[int], who: Segment, what: Programme, months: int) -> Step:
    sentence = _PAID
    if months:
        sentence = _WITHIN[who, what] if months <= limit.value else _BEYOND[who]
    said = sentence.filled(months=duration(months), limit=duration(limit.value), programme=what.label)
    return limit.step("arrears", 0, working={"limit": limit.value})._replace(sentence=said)


def _what_to_do(reading: Reading, what: Programme, months: int, *, lapsed: bool) -> tuple[Text, ...]:
    if not months:
        return ()
    if not lapsed:
        return (_SETTLE.filled(months=duration(months)),)
    reading.note(_REENTER_UNREAD)
    if what is Programme.JKM and reading.whole("jkm.bpu.waiting_months").value:
        reading.note(_WAITING_RESTARTS)
    return (_REENTER,)
