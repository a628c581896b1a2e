"""What JKK gives after one accident at work: refused or granted, what is paid now, later, and by whom.

PP 44/2015 P25-P39 with Lampiran III; from 2 December 2019 PP 82/2019 P I with its Lampiran III.
"""

from datetime import date

from lindung.law.asking_back import Contradiction
from lindung.law.decision import Alternative, Citation, Confidence, Decision, Refusal, Step
from lindung.law.jkk import base_wage, care, death, disability, incapacity, reporting, who_pays
from lindung.law.jkk.base_wage import Base, base_of
from lindung.law.jkk.facts import Ending, Facts, WorkerKind, written
from lindung.law.jkk.who_pays import FIRST_CONTRIBUTION, Parted
from lindung.law.money import rupiah
from lindung.law.months import day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.scholarship import Scholarship, scholarship
from lindung.law.terms import Programme, Segment, UnknownTerm
from lindung.law.text import Text
from lindung.law.values import Law

__all__ = ["Facts", "benefit"]

SEGMENTS = (Segment.PU, Segment.BPU, Segment.CONSTRUCTION)
COVER_STARTS = Citation("PP 44/2015", "6", "3")
NO_HEIR = Citation("PP 44/2015", "34", "2")


def benefit(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """The whole benefit of one accident by the law of its day, in whole rupiah.

    1. Refuse facts that cannot be true, then who was not covered, has long arrears, or claims too late: what
    happened and what was earned does not matter then. 2. Take the base: last wage, deemed wage or band.
    3. Wage replacement, grants, scholarship, care. 4. Say who pays first and who the shortfall; hold the cash of
    a non-wage earner in arrears.

    There is no waiting time in JKK. Raises Contradiction, MissingFacts for what the scholarship needs of a child,
    UnknownTerm, NotAnAmount, UnfitInjury, NoLawForDate.
    """
    check(facts)
    base_wage.check(Reading(law or in_force(), on=facts.event_date, known=known), facts)
    reading = Reading(law or in_force(), on=facts.event_date, known=known)
    limit = _limit(reading, facts)
    refusal = _refusal(reading, facts, limit)
    if refusal is not None:
        return reading.decision("jkk", steps=(), facts=written(facts, known=known), refusal=refusal)
    _check_ending(facts)
    _assume(reading, facts)
    school = _school(reading, facts)
    paid = _parted(reading, facts, limit, school)
    return reading.decision(
        "jkk",
        steps=paid.steps or (_CARE_ALONE,),
        facts=written(facts, known=known),
        what_would_change=paid.what_would_change + school.what_would_change,
        alternatives=_without_heirs(paid.steps) if _has_no_heirs(facts) else (),
        schedule=paid.later + school.schedule,
    )


def refused(facts: Facts, *, known: date | None = None, law: Law | None = None) -> bool:
    """Whether the law refuses these facts, whatever else happened. Raises Contradiction, NoLawForDate.

    Only the membership, the unpaid months and the day of the claim decide this: neither wage nor injuries do.
    """
    _check_days(facts)
    reading = Reading(law or in_force(), on=facts.event_date, known=known)
    return _refusal(reading, facts, _limit(reading, facts)) is not None


def _limit(reading: Reading, facts: Facts) -> Read[int]:
    """How many months may be unpaid: PP 44/2015 P38, P39."""
    return reading.whole(f"arrears.{'pu' if facts.is_wage_earner else 'bpu'}.jkk.months")


_CARE_ALONE = Step(
    "jkk.covered",
    Text("Jaminan berlaku", "Covered"),
    0,
    Citation("PP 44/2015", "25"),
    Confidence.READ_IN_LAW,
    Text(
        "Perawatan dijamin; belum disebutkan biaya, hari tidak bekerja, atau cacat.",
        "Treatment is covered; no cost, day off work or disability was named yet.",
    ),
    {},
)


def check(facts: Facts) -> None:
    """Refuse facts that contradict each other. Raises Contradiction, naming the field; UnknownTerm."""
    if facts.segment not in SEGMENTS:
        raise UnknownTerm(facts.segment, SEGMENTS)
    if facts.worker_kind is not WorkerKind.WORKER and not facts.is_wage_earner:
        raise Contradiction("worker_kind", code="contradiction", text=_DEEMED_ARE_WAGE_EARNERS)
    if facts.died_on is not None and facts.ending not in (None, Ending.DEATH):
        raise Contradiction("died_on", code="contradiction", text=_DIED)
    if facts.has_heirs is False and facts.children:
        raise Contradiction("has_heirs", code="contradiction", text=_CHILDREN_ARE_HEIRS)
    if (facts.months_in_arrears or 0) < 0:
        raise Contradiction("months_in_arrears", code="not_a_count", text=_NEGATIVE)
    _check_registered(facts)
    _check_days(facts)
    incapacity.check(facts)


def _check_registered(facts: Facts) -> None:
    """Who was not registered at the accident has no months with BPJS and no wage reported to it."""
    member = facts.member_since is not None and facts.member_since <= facts.event_date
    told = facts.months_paid or facts.months_in_arrears or facts.reported_wage is not None
    if not facts.registered and (member or told):
        raise Contradiction("registered", _REGISTERED)


def _check_ending(facts: Facts) -> None:
    """Who died or has a lasting injury is not in treatment any more: then it must be said how it ended."""
    if facts.ending is None and (facts.died_on is not None or facts.injuries):
        raise Contradiction("outcome", code="missing_fact", text=_HOW_ENDED)


def _check_days(facts: Facts) -> None:
    days = {"diagnosed_on": facts.diagnosed_on, "died_on": facts.died_on, "claimed_on": facts.claimed_on}
    for field, day in days.items():
        if day is not None and day < facts.event_date:
            raise Contradiction(field, code="before_the_accident", text=_BEFORE_ACCIDENT)
    diagnosed, claimed = facts.diagnosed_on, facts.claimed_on
    if diagnosed is not None and claimed is not None and claimed < diagnosed:
        raise Contradiction("claimed_on", code="before_the_diagnosis", text=_BEFORE_DIAGNOSIS)


# P6: cover starts with the number, which follows the first contribution. P39: long arrears of non-wage earners.
# P26: the right lapses. An employer who did not register his worker owes the benefit himself: P32.


def _refusal(reading: Reading, facts: Facts, limit: Read[int]) -> Refusal | None:
    return _not_covered(facts) or _long_in_arrears(facts, limit) or _lapsed(reading, facts)


def _not_covered(facts: Facts) -> Refusal | None:
    event = day_label(facts.event_date)
    if not facts.registered and not facts.is_wage_earner:
        return Refusal(COVER_STARTS, _NO_MEMBER.filled(event=event), _JOIN)
    if facts.registered and facts.member_since is not None and facts.event_date < facts.member_since:
        said = _BEFORE_MEMBERSHIP.filled(event=event, since=day_label(facts.member_since))
        return Refusal(COVER_STARTS, said, _EMPLOYER_OWED if facts.is_wage_earner else _JOIN)
    if facts.months_paid == 0 and not facts.is_wage_earner:
        return Refusal(FIRST_CONTRIBUTION, _NOTHING_PAID, _JOIN)
    return None


def _long_in_arrears(facts: Facts, limit: Read[int]) -> Refusal | None:
    months = facts.months_in_arrears or 0
    if facts.is_wage_earner or months <= limit.value:
        return None
    said = _LONG_ARREARS.filled(months=months, limit=limit.value)
    return Refusal(limit.citation, said, _PAID_IN_TIME.filled(limit=limit.value))


def _lapsed(reading: Reading, facts: Facts) -> Refusal | None:
    if facts.claimed_on is None:
        return None
    lapse = reporting.lapses_on(reading, facts.event_date, facts.diagnosed_on)
    return reporting.claimed_too_late(reading, lapse, facts.claimed_on)


def _in_time(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    """Until when it could be claimed, where the day of the claim is given."""
    if facts.claimed_on is None:
        return ()
    return (reporting.lapses_on(reading, facts.event_date, facts.diagnosed_on).step,)


def _assume(reading: Reading, facts: Facts) -> None:
    """Say what was taken for granted, where it could matter."""
    if facts.registered and facts.member_since is None:
        reading.assume(_A_MEMBER)
    if facts.registered and facts.months_in_arrears is None:
        reading.assume(_NO_ARREARS)
    if facts.ending is None:
        reading.assume(_NOT_ENDED)
    if facts.gives_scholarship and facts.children is None:
        reading.assume(_NO_CHILDREN)
    if facts.ending is Ending.DEATH and facts.has_heirs is None and not facts.children:
        reading.assume(_HEIRS)
    if facts.is_partial and facts.left_handed is None and _has_sides(facts):
        reading.assume(_RIGHT_HANDED)


def _has_sides(facts: Facts) -> bool:
    return any({"left", "right"} & set(injury.code.split("_")) for injury in facts.injuries)


def _school(reading: Reading, facts: Facts) -> Scholarship:
    """P25(2)b: for the children after death or total disability, without a waiting time."""
    children = (facts.children or ()) if facts.gives_scholarship else ()
    if children and facts.died_on not in (None, facts.event_date):
        reading.note(_SCHOOL_FROM_ACCIDENT)
    return scholarship(
        reading,
        children,
        programme=Programme.JKK,
        event_date=facts.event_date,
        months_paid=facts.months_paid,
    )


def _parted(reading: Reading, facts: Facts, limit: Read[int], school: Scholarship) -> Parted:
    base = base_of(reading, facts) if facts.needs_base else None
    grants = _grants(reading, facts, base.amount) if base else ()
    rest = (*school.steps, *care.steps(reading, facts.costs), *_in_time(reading, facts))
    steps = (*((base.step,) if base else ()), *grants, *rest)
    if not facts.registered:
        return who_pays.unregistered(steps)
    if facts.is_wage_earner and facts.months_paid == 0:
        return who_pays.never_paid(steps)
    if not facts.is_wage_earner:
        months = facts.months_in_arrears or 0
        return who_pays.participant_in_arrears(steps, limit, months, ending=facts.ending)
    short = _shortfall(reading, facts, base, grants)
    arrears = who_pays.wage_earner_in_arrears(steps + short.steps, limit, facts.months_in_arrears or 0)
    return arrears._replace(what_would_change=short.what_would_change + arrears.what_would_change)


def _shortfall(reading: Reading, facts: Facts, base: Base | None, grants: tuple[Step, ...]) -> Parted:
    if base is None or not base.is_under_reported:
        return Parted(())
    return who_pays.shortfall(grants, _grants(reading, facts, base.reported), reported=base.reported)


def _grants(reading: Reading, facts: Facts, base: int) -> tuple[Step, ...]:
    """All that is taken of the base: wage replacement, then the grant for how it ended."""
    return (*incapacity.steps(reading, facts, base=base), *_ending(reading, facts, base))


def _ending(reading: Reading, facts: Facts, base: int) -> tuple[Step, ...]:
    match facts.ending:
        case Ending.DEATH:
            return death.death(reading, base=base)
        case Ending.TOTAL_DISABILITY:
            return death.total_disability(reading, base=base)
        case Ending.RECOVERED | None:
            return ()
    return disability.partial(
        reading,
        facts.injuries,
        left_handed=facts.left_handed is True,
        base=base,
        functional=facts.ending is Ending.PARTIAL_FUNCTIONAL,
    )


def _has_no_heirs(facts: Facts) -> bool:
    """Only after a death does anything go to heirs."""
    return facts.ending is Ending.DEATH and facts.has_heirs is False


def _without_heirs(steps: tuple[Step, ...]) -> tuple[Alternative, ...]:
    """Without heirs JKM pays the funeral only; whether that holds for JKK was not read."""
    kept = sum(step.amount for step in steps if not _goes_to_heirs(step))
    return (Alternative(kept, _NO_HEIRS.filled(amount=rupiah(kept)), NO_HEIR),)


def _goes_to_heirs(step: Step) -> bool:
    return step.belongs_to("jkk.death") or step.belongs_to("jkk.periodic")


_BEFORE_MEMBERSHIP = Text(
    "Kecelakaan terjadi {event}, sebelum menjadi peserta {since}.",
    "The accident happened on {event}, before membership began on {since}.",
)
_NO_MEMBER = Text("Pada {event} belum menjadi peserta JKK.", "On {event} there was no membership in JKK.")
_NOTHING_PAID = Text(
    "Belum ada iuran yang dibayar, jadi perlindungan belum mulai.",
    "No contribution has been paid, so cover has not begun.",
)
_JOIN = Text(
    "Manfaat JKK ada bila sudah menjadi peserta dan iuran pertama sudah dibayar sebelum kecelakaan.",
    "JKK benefits are there if membership began and the first contribution was paid before the accident.",
)
_EMPLOYER_OWED = Text(
    "Bila pada hari itu ia sudah bekerja dan belum didaftarkan, pemberi kerja wajib membayar seluruh manfaat.",
    "If he already worked that day and was not registered, the employer must pay the whole benefit.",
)
_LONG_ARREARS = Text(
    "{months} bulan berturut-turut belum dibayar, lebih dari {limit} bulan: tidak ada manfaat JKK.",
    "{months} consecutive months unpaid, more than {limit}: there is no JKK benefit.",
)
_PAID_IN_TIME = Text(
    "Manfaat JKK ada bila tunggakan pada hari kecelakaan tidak lebih dari {limit} bulan. Bayar iuran lagi supaya "
    "terlindungi mulai sekarang.",
    "JKK benefits are there if no more than {limit} months are unpaid on the day of the accident. Pay "
    "contributions again to be covered from now on.",
)
_NO_HEIRS = Text(
    "Menunggu ketetapan: bila aturan JKM tentang peserta tanpa ahli waris berlaku juga untuk JKK, yang dibayar "
    "{amount}.",
    "Awaiting determination: if the rule of JKM for participants without heirs holds for JKK too, {amount} "
    "is paid.",
)
_SCHOOL_FROM_ACCIDENT = Text(
    "Beasiswa dihitung mulai tahun ajaran pada hari kecelakaan, bukan pada hari meninggal; hal ini belum "
    "diperiksa pada naskah.",
    "The scholarship is counted from the school year of the accident, not of the death; this is not verified "
    "against the text.",
)
_A_MEMBER = Text(
    "Dianggap sudah menjadi peserta pada hari kecelakaan, karena tidak disebut lain.",
    "Membership on the day of the accident is taken for granted, as nothing else was said.",
)
_NO_ARREARS = Text(
    "Dianggap tidak ada tunggakan iuran, karena tidak disebut lain.",
    "It is taken that no contribution is unpaid, as nothing else was said.",
)
_NO_CHILDREN = Text(
    "Anak yang sekolah tidak disebut: beasiswa tidak dihitung.",
    "No children at school were named: no scholarship is computed.",
)
_HEIRS = Text(
    "Dianggap ada ahli waris, karena tidak disebut lain.",
    "It is taken that there are heirs, as nothing else was said.",
)
_NOT_ENDED = Text(
    "Akhir kecelakaan ini belum diketahui: yang dihitung baru yang sudah ada. Bila kelak cacat atau meninggal, "
    "santunannya ditambahkan.",
    "How this accident ends is not known yet: only what is there is computed. A disability or death would add "
    "its benefit.",
)
_HOW_ENDED = Text(
    "Akibat kecelakaan belum disebut. Tambahkan outcome, misalnya death atau partial_anatomical.",
    "How the accident ended is not given. Add outcome, such as death or partial_anatomical.",
)
_RIGHT_HANDED = Text(
    "Dianggap bekerja dengan tangan kanan, karena tidak disebut lain.",
    "The worker is taken to be right-handed, as nothing else was said.",
)
_DEEMED_ARE_WAGE_EARNERS = Text(
    "Magang, siswa, tenaga honorer dan narapidana bekerja pada pemberi kerja: pilih segment PU.",
    "Interns, students, honorary staff and prisoners work for an employer: choose segment PU.",
)
_DIED = Text(
    "Hari meninggal disebut, tetapi akibatnya bukan meninggal. Perbaiki salah satu.",
    "A day of death is given, yet the outcome is not death. Correct one of them.",
)
_CHILDREN_ARE_HEIRS = Text(
    "Anak adalah ahli waris. Hapus daftar anak, atau tulis bahwa ada ahli waris.",
    "Children are heirs. Remove the children, or say that there are heirs.",
)
_REGISTERED = Text(
    "Disebut tidak terdaftar, tetapi ada keterangan peserta: member_since, months_paid, months_in_arrears atau "
    "reported_wage. Perbaiki salah satu.",
    "Said not to be registered, yet something of a member is given: member_since, months_paid, months_in_arrears or "
    "reported_wage. Correct one of them.",
)
_NEGATIVE = Text(
    "Jumlah bulan tunggakan harus nol atau lebih.", "The months in arrears must be zero or more."
)
_BEFORE_ACCIDENT = Text(
    "Tanggal ini sebelum kecelakaan. Periksa tanggalnya.",
    "This day is before the accident. Check the date.",
)
_BEFORE_DIAGNOSIS = Text(
    "Tanggal klaim sebelum diagnosis. Periksa tanggalnya.",
    "The day of the claim is before the diagnosis. Check the date.",
)
