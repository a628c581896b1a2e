"""The death benefit (JKM): what is paid when a participant dies of another cause than work, and to whom."""

from datetime import date
from typing import NamedTuple

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Citation, Confidence, Decision, Fact, Payment, Refusal, Step
from lindung.law.jkm.facts import Cause, Facts, check, written
from lindung.law.jkm.sums import Sums, sums_of, told_of_memberships, told_of_start
from lindung.law.jkm.waiting import other_readings, wait
from lindung.law.money import rupiah
from lindung.law.months import day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.scholarship import Scholarship, held_payment, scholarship, told_only
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text, joined
from lindung.law.values import Law

__all__ = ["Cause", "Facts", "NotAnswered", "benefit", "check"]


class NotAnswered(ValueError):
    """Santunan pekerja migran belum dihitung di sini. / The benefits of migrant workers are not computed here."""


MEMBERSHIP = Citation("PP 44/2015", "6", "2")
ACTIVE_PERIOD = Citation("PP 44/2015", "34", "1")
NO_HEIR = Citation("PP 44/2015", "34", "2")
TO_THE_FUND = Citation("PP 44/2015", "40")


def benefit(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """The death benefit by the law of the day of death, in whole rupiah; the total is what is paid now.

    The steps in the order of PP 44/2015:

    1. P6, P34(1): a member with a paid contribution, still active, dead of another cause than work.
    2. Permenaker 1/2025: non-wage earners wait for all but the funeral grant.
    3. P34 (from 2 Dec 2019 as replaced by PP 82/2019 P I number 3): the sums; P15: several memberships.
    4. P34(2), P40: without an heir only the funeral grant.
    5. P41, P42: months in arrears hold back or refuse.
    6. P34: the scholarship of the children.

    Facts that `check` finds contradictory are not refused here. Raises NoLawForDate, MissingFacts for the paid
    months and the facts of children where they decide, NotAnswered for migrants.
    """
    if facts.segment is Segment.MIGRANT:
        raise NotAnswered(NotAnswered.__doc__)
    stored = law or in_force()
    stored.value("jkm.lump_sum", on=facts.event_date, known=known)  # no refusal where there is no law
    reading = Reading(stored, on=facts.event_date, known=known)
    refusal = _not_covered(facts)
    if refusal:
        return _refused(reading, facts, refusal, {})
    limit = _arrears_limit(reading, facts) if facts.arrears else None
    if limit and facts.alone and facts.arrears > limit.value:
        working: dict[str, Fact] = {"months": facts.arrears, "limit": limit.value}
        return _refused(reading, facts, _lapsed(limit, facts.arrears), working)
    return _granted(reading, facts)


def _refused(reading: Reading, facts: Facts, refusal: Refusal, working: dict[str, Fact]) -> Decision:
    told = Step("jkm.cover", _COVER, 0, refusal.citation, Confidence.READ_IN_LAW, refusal.fact, working)
    return reading.decision("jkm", steps=(told,), facts=written(facts), refusal=refusal)


def _granted(reading: Reading, facts: Facts) -> Decision:
    waited = wait(reading, facts)
    sums, told = sums_of(reading, facts), (*told_of_memberships(reading, facts), *told_of_start(reading))
    school = _scholarship(reading, facts, full=waited.full)
    if waited.unknown:
        raise MissingFacts("months_paid")
    children = school if waited.full or not school.most else _NO_SCHOLARSHIP
    due = _due(facts, sums, children, full=waited.full)
    arrears = _arrears(reading, facts, due)
    _say_what_is_assumed(reading, facts)
    return reading.decision(
        "jkm",
        steps=(*waited.steps, *told, *due.now, *_heirless(reading, facts, sums), *arrears, *_payer(facts)),
        facts=written(facts),
        what_would_change=(*waited.advice, *due.advice, *children.what_would_change),
        alternatives=other_readings(facts, waited, sums, school=school.now),
        schedule=(*due.held, *children.schedule),
    )


# PP 44/2015 P6(2): cover begins with the first paid contribution. P34(1): death in the active period, which
# the elucidation reads as still working and paying; death by an accident at work is JKK.


def _not_covered(facts: Facts) -> Refusal | None:
    if facts.member_since is not None and facts.event_date < facts.member_since:
        died, since = day_label(facts.event_date), day_label(facts.member_since)
        return Refusal(MEMBERSHIP, _BEFORE_MEMBERSHIP.filled(died=died, since=since), _CHECK_START)
    if facts.months_paid == 0:
        return Refusal(MEMBERSHIP, _NEVER_PAID, _SHOW_PAYMENT)
    if facts.cause is Cause.WORK:
        return Refusal(ACTIVE_PERIOD, _BY_WORK, _ASK_JKK)
    if facts.still_active is False:
        return Refusal(ACTIVE_PERIOD, _NOT_ACTIVE, _SHOW_ACTIVE)
    return None


_COVER = Text("Perlindungan JKM", "Cover by JKM")
_BEFORE_MEMBERSHIP = Text(
    "Meninggal {died}, sebelum menjadi peserta pada {since}: belum ada perlindungan JKM.",
    "Died on {died}, before the membership began on {since}: there was no JKM cover yet.",
)
_CHECK_START = Text(
    "Periksa tanggal mulai kepesertaan pada bukti pendaftaran.",
    "Check the first day of membership on the proof of registration.",
)
_NEVER_PAID = Text(
    "Belum ada iuran yang dibayar: perlindungan JKM belum mulai.",
    "No contribution was paid: JKM cover has not begun.",
)
_SHOW_PAYMENT = Text(
    "Bila iuran pernah dibayar, bawa bukti bayarnya.", "If a contribution was paid, bring the proof."
)
_BY_WORK = Text(
    "Meninggal karena kecelakaan kerja dibayar dari JKK, bukan JKM.",
    "Death by an accident at work is paid by JKK, not by JKM.",
)
_ASK_JKK = Text("Ajukan santunan JKK.", "Claim the JKK benefit.")
_NOT_ACTIVE = Text(
    "Waktu meninggal tidak lagi bekerja dan membayar iuran: JKM hanya untuk peserta yang masih aktif.",
    "At death no longer working and paying: JKM is for active participants only.",
)
_SHOW_ACTIVE = Text(
    "Bila waktu itu masih bekerja dan iuran masih dibayar, bawa buktinya.",
    "If there was still work and contributions were still paid, bring the proof.",
)


# P34(2), P40: without an heir. P41 (PU) and P42 (BPU): months in arrears. What is paid now, what later.


class _Due(NamedTuple):
    """What is paid now, what is held until the arrears are settled, and what to do about it."""

    now: tuple[Step, ...]
    held: tuple[Payment, ...] = ()
    advice: tuple[Text, ...] = ()


def _due(facts: Facts, sums: Sums, children: Scholarship, *, full: bool) -> _Due:
    if not facts.heirs:
        return _Due((sums.funeral,))
    if not full:
        return _Due((sums.funeral, *children.steps))
    if not (facts.alone and facts.arrears):
        return _Due((*sums, *children.steps))
    rest = Payment(HELD, sums.lump_sum.amount + sums.periodic.amount, {"after": "arrears_paid"})
    running = tuple(held_payment(step) for step in children.steps if step.amount)
    told = tuple(told_only(step) for step in children.steps)
    return _Due((sums.funeral, *told), (rest, *running), (_SETTLE.filled(months=facts.arrears),))


HELD = "held"
"""The key of a payment that waits until the heirs settle the arrears."""


def _heirless(reading: Reading, facts: Facts, sums: Sums) -> tuple[Step, ...]:
    if facts.heirs:
        return ()
    sure, lost = Confidence.READ_IN_LAW, sums.lump_sum.amount
    return (
        Step("jkm.heirs", _HEIRS, 0, NO_HEIR, sure, _NO_HEIR, {}),
        Step("jkm.heirs.fund", _HEIRS, 0, TO_THE_FUND, sure, _FUND.filled(amount=rupiah(lost)), {"lump_sum": lost}),
    )  # fmt: skip


def _arrears_limit(reading: Reading, facts: Facts) -> Read[int]:
    """P41 for whoever has an employer, P42 for who pays alone."""
    return reading.whole("arrears.bpu.jkm.months" if facts.alone else "arrears.pu.jkm.months")


def _lapsed(limit: Read[int], months: int) -> Refusal:
    said = _LAPSED.filled(months=months, limit=limit.value)
    return Refusal(limit.citation, said, _SHOW_PAID_MONTHS)


def _arrears(reading: Reading, facts: Facts, due: _Due) -> tuple[Step, ...]:
    if not facts.arrears:
        return ()
    limit, held = _arrears_limit(reading, facts), sum(payment.amount for payment in due.held)
    if facts.alone:
        said = _HELD_BACK if held else _FUNERAL_ANYWAY
    else:
        said = _EMPLOYER_FIRST if facts.arrears > limit.value else _ALL_PAID
    working: dict[str, Fact] = {"months": facts.arrears, "limit": limit.value, "held": held}
    sentence = said.filled(months=facts.arrears, limit=limit.value, held=rupiah(held))
    return (limit.step("jkm.arrears", 0, working=working)._replace(sentence=sentence),)


_HEIRS = Text("Ahli waris", "Heirs")
_NO_HEIR = Text(
    "Tidak ada ahli waris: hanya biaya pemakaman yang dibayar, kepada orang yang mengurus pemakaman.",
    "There is no heir: only the funeral grant is paid, to the person who arranged the funeral.",
)
_FUND = Text(
    "Santunan kematian {amount} masuk dana jaminan sosial.",
    "The death lump sum of {amount} goes to the social security fund.",
)
_SETTLE = Text(
    "Ahli waris melunasi tunggakan {months} bulan, lalu sisanya dibayar.",
    "The heirs settle the arrears of {months} months; then the rest is paid.",
)
_LAPSED = Text(
    "Iuran {months} bulan berturut-turut belum dibayar, lebih dari {limit} bulan: tidak ada santunan JKM.",
    "{months} consecutive months are unpaid, more than {limit}: there is no JKM benefit.",
)
_SHOW_PAID_MONTHS = Text(
    "Bila bulan-bulan itu sebenarnya sudah dibayar, bawa bukti bayarnya.",
    "If those months were in fact paid, bring the proof of payment.",
)
_HELD_BACK = Text(
    "Iuran menunggak {months} bulan, tidak lebih dari {limit}: biaya pemakaman dibayar sekarang, {held} dibayar "
    "setelah ahli waris melunasi tunggakan.",
    "{months} months are unpaid, not more than {limit}: the funeral grant is paid now, {held} once the heirs "
    "settle the arrears.",
)
_FUNERAL_ANYWAY = Text(
    "Iuran menunggak {months} bulan, tidak lebih dari {limit}: biaya pemakaman tetap dibayar.",
    "{months} months are unpaid, not more than {limit}: the funeral grant is paid all the same.",
)
_ALL_PAID = Text(
    "Pemberi kerja menunggak {months} bulan, tidak lebih dari {limit}: BPJS Ketenagakerjaan membayar semuanya.",
    "The employer owes {months} months, not more than {limit}: BPJS Ketenagakerjaan pays everything.",
)
_EMPLOYER_FIRST = Text(
    "Pemberi kerja menunggak {months} bulan, lebih dari {limit}: pemberi kerja membayar santunan ini lebih dulu, "
    "dan baru diganti setelah melunasi tunggakan dan denda.",
    "The employer owes {months} months, more than {limit}: the employer pays this benefit first and is repaid "
    "only after settling arrears and fine.",
)


# The children, who pays the contribution, and what was taken for granted.


_NO_SCHOLARSHIP = Scholarship((), (), 0, ())


def _scholarship(reading: Reading, facts: Facts, *, full: bool) -> Scholarship:
    """What the children get with the full benefit; the other reading of the waiting time gives it too."""
    if not facts.heirs or (facts.months_paid is None and not full):
        return _NO_SCHOLARSHIP
    return scholarship(
        reading, facts.children, programme=Programme.JKM, event_date=facts.event_date,
        months_paid=facts.months_paid,
    )  # fmt: skip


def _payer(facts: Facts) -> tuple[Step, ...]:
    if facts.payer is None:
        return ()
    said = _WHOEVER_PAYS.filled(payer=facts.payer.label)
    return (
        Step("jkm.payer", _PAYER, 0, ACTIVE_PERIOD, Confidence.SECONDARY, said, {"payer": facts.payer.value}),
    )


def _say_what_is_assumed(reading: Reading, facts: Facts) -> None:
    unsaid = (
        (facts.months_paid is None, _TAKEN_COVERED),
        (facts.cause is None, _TAKEN_NOT_WORK),
        (facts.still_active is None, _TAKEN_ACTIVE),
        (facts.months_in_arrears is None, _TAKEN_PAID),
        (facts.has_heirs is None and not facts.children, _TAKEN_HEIRS),
        (facts.memberships is None and not facts.owner_of_companies, _TAKEN_ONE),
    )
    taken = tuple(text for missing, text in unsaid if missing)
    if taken:
        reading.assume(_TAKEN.filled(what=joined(taken, ", ")))
    if facts.segment is Segment.CONSTRUCTION:
        reading.note(_CONSTRUCTION)


_PAYER = Text("Pembayar iuran", "Who pays the contribution")
_WHOEVER_PAYS = Text(
    "Iuran dibayar {payer}: santunannya sama, siapa pun yang membayar iuran.",
    "The contribution is paid by {payer}: the benefit is the same, whoever pays.",
)
_TAKEN = Text(
    "Karena tidak disebutkan, dianggap: {what}.",
    "Nobody said otherwise, so this is taken for granted: {what}.",
)
_TAKEN_COVERED = Text("iuran pertama sudah dibayar", "the first contribution was paid")
_TAKEN_NOT_WORK = Text("meninggal bukan karena kerja", "death not caused by work")
_TAKEN_ACTIVE = Text("masih aktif bekerja", "still working")
_TAKEN_PAID = Text("tidak ada tunggakan", "nothing in arrears")
_TAKEN_HEIRS = Text("ada ahli waris", "there is an heir")
_TAKEN_ONE = Text("satu kepesertaan", "one membership")
_CONSTRUCTION = Text(
    "Untuk pekerja jasa konstruksi dipakai aturan penerima upah; ini belum diperiksa pada naskah.",
    "For construction workers the rules of wage earners are used; this is not verified against the text.",
)
