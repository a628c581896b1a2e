"""Who may join which programme in which segment, why not, and what would change it."""

from collections.abc import Iterator
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from lindung.law.asking_back import Contradiction, MissingFacts
from lindung.law.decision import Alternative, Citation, Confidence, Decision, Fact, Refusal, Step
from lindung.law.eligibility import bpu_age, firm_duties
from lindung.law.eligibility.firm_duties import FirmSize, Staff, listed
from lindung.law.months import age_on, birthday, day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.registration import STAFF_ARE_EMPLOYED
from lindung.law.terms import Payer, Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law

NIK_STAYS = Citation("PP 40/2019", "30", "2")
STATE_PAYS_FOR_THE_POOR = Citation("UU 40/2004", "14")
TWO_WORKS = Citation("PP 44/2015", "11")

SPONSORS = frozenset(Payer) - {Payer.SELF, Payer.EMPLOYER}


class Facts(NamedTuple):
    """What is known about who wants to join; `occupations` counts the BPU works registered already."""

    segment: Segment
    programmes: tuple[Programme, ...]
    on: date
    birth_date: date | None = None
    employed: bool | None = None
    occupations: int = 0
    indonesian: bool = True
    months_in_indonesia: int | None = None
    firm_size: FirmSize | None = None
    staff: Staff | None = None
    jkn_member: bool = False
    member_of: tuple[Programme, ...] = ()
    other_segment: Segment | None = None
    payer: Payer | None = None
    nik_differs: bool = False

    def born(self) -> date:
        """The birth date. Raises MissingFacts."""
        if self.birth_date is None:
            raise MissingFacts("birth_date")
        return self.birth_date

    def written(self) -> dict[str, Fact]:
        """The facts as a decision keeps them."""
        kept: dict[str, Fact] = {}
        for name, value in self._asdict().items():
            if isinstance(value, tuple):
                kept[name] = tuple(str(one) for one in value)
            elif isinstance(value, date):
                kept[name] = value.isoformat()
            else:
                kept[name] = value if value is None or isinstance(value, bool | int) else str(value)
        return kept


class _Access(IntEnum):
    """How a table says that a programme is open. Any other number is a broken table: ValueError."""

    CLOSED = 0
    OPEN = 1
    VOLUNTARY = 2


class _Finding(NamedTuple):
    """One rule as it meets this person: its step, and the refusal where it is not met."""

    step: Step
    would_change: Text | None = None
    alternatives: tuple[Alternative, ...] = ()

    @property
    def refusal(self) -> Refusal | None:
        if self.would_change is None:
            return None
        return Refusal(self.step.citation, self.step.sentence, self.would_change)


def join(
    facts: Facts, *, assumed: tuple[Text, ...] = (), known: date | None = None, law: Law | None = None
) -> Decision:
    """Whether this person may join all the programmes asked about on that day.

    The person first (employment, age, works, citizenship), then each programme, then what follows for the
    employer; the first rule that is not met is the refusal. Age rules need `birth_date`, JKP `firm_size` too.
    Non-ASN staff are wage earners (Permenaker 1/2025 P3A), in this segment or in the other one they have.
    Raises Contradiction where they are in neither, MissingFacts, NoLawForDate.
    """
    if facts.staff is Staff.NON_ASN and Segment.PU not in (facts.segment, facts.other_segment):
        raise Contradiction("staff", STAFF_ARE_EMPLOYED)
    reading = Reading(law or in_force(), on=facts.on, known=known)
    for taken in assumed:
        reading.assume(taken)
    findings = (*_person(reading, facts), *_programmes(reading, facts), *_consequences(reading, facts))
    refusals = [finding.refusal for finding in findings if finding.refusal]
    return reading.decision(
        "eligibility",
        steps=tuple(finding.step for finding in findings),
        facts=facts.written(),
        what_would_change=tuple(dict.fromkeys(refusal.would_change for refusal in refusals)),
        alternatives=tuple(other for finding in findings for other in finding.alternatives),
        refusal=refusals[0] if refusals else None,
    )


def _person(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    if facts.staff is Staff.ASN:
        yield _Finding(firm_duties.civil_servant(reading), _ASK_PERSONNEL)
    if facts.segment is Segment.PU:
        yield _employment(reading, facts)
    if facts.segment is Segment.BPU:
        yield _age(reading, facts)
        yield _works(reading, facts)
    if not facts.indonesian:
        yield _foreigner(reading, facts)
    if facts.nik_differs:
        yield _Finding(_nik())


# PP 49/2023 P5(2), PP 46/2015 P4(2): a wage earner works for an employer.


def _employment(reading: Reading, facts: Facts) -> _Finding:
    rule = reading.amount_in(f"join.{_first_of(facts)}", Segment.PU)
    step = rule.step("eligibility.employment", 0, working={"employed": facts.employed is True})
    if facts.employed:
        return _Finding(step._replace(sentence=_EMPLOYED))
    return _Finding(step._replace(sentence=_NOT_EMPLOYED), _REGISTER_AS_BPU)


def _first_of(facts: Facts) -> Programme:
    """The employment relation is a condition of each programme; the first one asked about is cited."""
    return facts.programmes[0]


# Non-wage earners: age, PP 44/2015 P11 on the number of works.


def _age(reading: Reading, facts: Facts) -> _Finding:
    born = facts.born()
    found = bpu_age(reading, born)
    step = found.step._replace(key="eligibility.age", working=_age_working(reading, born))
    if found.old_enough_not_too_old:
        return _Finding(step)
    return _Finding(step, found.what_would_change[0], found.alternatives)


def _age_working(reading: Reading, born: date) -> dict[str, Fact]:
    least, limit = reading.whole("bpu.age.from").value, reading.whole("bpu.age.below").value
    return {
        "age": age_on(born, reading.on),
        "birth_date": born.isoformat(),
        "on": reading.on.isoformat(),
        "from": least,
        "below": limit,
        "reaches_from": birthday(born, least).isoformat(),
        "reaches_below": birthday(born, limit).isoformat(),
    }


def _works(reading: Reading, facts: Facts) -> _Finding:
    most = reading.whole("registration.bpu.occupations")
    working: dict[str, Fact] = {"registered": facts.occupations, "most": most.value}
    step = most.step("eligibility.occupations", 0, working=working)
    words = {"registered": facts.occupations, "most": most.value}
    if facts.occupations < most.value:
        return _Finding(step._replace(sentence=_ONE_MORE.filled(**words)))
    return _Finding(step._replace(sentence=_NO_MORE.filled(**words)), _END_ONE.filled(**words))


# PP 46/2015 P4(2)c: a foreigner who works in Indonesia for at least six months.


def _foreigner(reading: Reading, facts: Facts) -> _Finding:
    least = reading.whole("join.foreigner.months")
    months = facts.months_in_indonesia or 0
    step = least.step("eligibility.foreigner", 0, working={"months": months, "least": least.value})
    if facts.segment is not Segment.PU:
        reading.note(_FOREIGN_BPU)
    if months >= least.value:
        return _Finding(step._replace(sentence=_LONG_ENOUGH.filled(months=months, least=least.value)))
    too_short = _TOO_SHORT.filled(months=months, least=least.value)
    return _Finding(step._replace(sentence=too_short), _LATER.filled(least=least.value))


# PP 40/2019 P30(2): a NIK never changes, even where the birth date in it is wrong.


def _nik() -> Step:
    label = Text("NIK berbeda dari data orangnya", "The NIK differs from the person's data")
    return Step("eligibility.nik", label, 0, NIK_STAYS, Confidence.SECONDARY, _NIK_IS_LAWFUL, {})


def _programmes(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    for programme in facts.programmes:
        yield _open_to(reading, facts, programme)
    if Programme.JKP in facts.programmes and facts.segment is Segment.PU:
        yield from _jkp(reading, facts)


def _open_to(reading: Reading, facts: Facts, programme: Programme) -> _Finding:
    segment = facts.segment
    if segment in (Segment.PU, Segment.BPU):
        row = reading.amount_in(f"join.{programme}", segment)
    else:
        row = reading.amount_in(f"join.{segment}", programme)
    access = _Access(row.value)
    words: dict[str, str | int | Text] = {"programme": programme.upper(), "segment": segment.label}
    step = row.step(f"eligibility.{programme}", 0, working={"open": access.name.lower()})
    step = step._replace(label=programme.label, sentence=_ACCESS[access].filled(**words))
    return _Finding(step, None if access else _ONLY_FOR_WAGE_EARNERS.filled(**words))


# JKP, PP 37/2021 P4: an Indonesian below 54 whose employer is in the other programmes.


def _jkp(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    limit = reading.amount_in("join.jkp", "age_below")
    if not facts.indonesian:
        nationality = limit.step("eligibility.jkp.citizenship", 0)._replace(sentence=_JKP_FOREIGNER)
        yield _Finding(nationality, _JKP_CITIZEN)
    yield _jkp_age(reading, facts)
    yield _jkp_programmes(reading, facts)


def _jkp_age(reading: Reading, facts: Facts) -> _Finding:
    born, limit = facts.born(), reading.amount_in("join.jkp", "age_below")
    age, reaches = age_on(born, facts.on), birthday(born, limit.value)
    words: dict[str, str | int | Text] = {
        "age": age,
        "limit": limit.value,
        "day": day_label(reaches),
        "born": day_label(born),
    }
    working: dict[str, Fact] = {
        "age": age,
        "below": limit.value,
        "birth_date": born.isoformat(),
        "reaches_below": reaches.isoformat(),
    }
    step = limit.step("eligibility.jkp.age", 0, working=working)
    if facts.on < reaches:
        return _Finding(step._replace(sentence=_JKP_YOUNG.filled(**words)))
    return _Finding(step._replace(sentence=_JKP_OLD.filled(**words)), _CHECK_BIRTH.filled(**words))


def _jkp_programmes(reading: Reading, facts: Facts) -> _Finding:
    if facts.firm_size is None:
        raise MissingFacts("firm_size")
    held = frozenset[str](facts.programmes + facts.member_of) | (
        {firm_duties.JKN} if facts.jkn_member else set()
    )
    step, lacking = firm_duties.lacking_for_jkp(reading, facts.firm_size, held)
    if not lacking:
        return _Finding(step)
    return _Finding(step, _JKP_JOIN_FIRST.filled(programmes=listed(list(lacking))))


def _consequences(reading: Reading, facts: Facts) -> Iterator[_Finding]:
    if facts.firm_size:
        yield _Finding(firm_duties.by_size(reading, facts.firm_size))
    if facts.staff is Staff.NON_ASN and (duty := firm_duties.non_asn(reading)):
        yield _Finding(duty)
    if facts.employed and facts.staff is not Staff.ASN:
        yield _Finding(firm_duties.register(reading))
    if facts.other_segment and facts.other_segment is not facts.segment:
        yield _Finding(_both_segments(reading, facts.segment, facts.other_segment))
    if facts.payer in SPONSORS:
        yield _Finding(_sponsored(reading))


def _both_segments(reading: Reading, one: Segment, other: Segment) -> Step:
    reading.note(_BOTH_UNREAD)
    label = Text("Dua segmen sekaligus", "Two segments at once")
    said = _BOTH.filled(one=one.label, other=other.label)
    return Step("eligibility.both", label, 0, TWO_WORKS, Confidence.UNVERIFIED, said, {})


def _sponsored(reading: Reading) -> Step:
    """UU 40/2004 P14, P17(4)-(6): the State pays for the poor, health first, the rest by a later PP."""
    reading.note(_NO_PP_FOR_THE_POOR)
    label = Text("Iuran dibayar pihak lain", "Another party pays the contribution")
    return Step(
        "eligibility.sponsor",
        label,
        0,
        STATE_PAYS_FOR_THE_POOR,
        Confidence.READ_IN_LAW,
        _SPONSORED,
        {},
    )


_ASK_PERSONNEL = Text(
    "Tanyakan perlindungan ini kepada bagian kepegawaian instansi.",
    "Ask the personnel office of the state body about this cover.",
)
_EMPLOYED = Text(
    "Ia bekerja dan diupah oleh pemberi kerja: penerima upah (PU).",
    "This person works for an employer's wage: a wage earner (PU).",
)
_NOT_EMPLOYED = Text(
    "Ia tidak bekerja pada pemberi kerja, jadi bukan penerima upah (PU).",
    "This person works for no employer and so is no wage earner (PU).",
)
_REGISTER_AS_BPU = Text(
    "Daftarkan sebagai bukan penerima upah (BPU).", "Register this person as a non-wage earner (BPU)."
)
_ONE_MORE = Text(
    "Pekerjaan BPU yang sudah terdaftar: {registered}. Boleh menambah satu, karena paling banyak {most}.",
    "BPU works registered already: {registered}. One more is allowed, the most being {most}.",
)
_NO_MORE = Text(
    "Pekerjaan BPU yang sudah terdaftar: {registered}. Tidak boleh menambah, karena paling banyak {most}.",
    "BPU works registered already: {registered}. No more is allowed, the most being {most}.",
)
_END_ONE = Text(
    "Hentikan dulu salah satu dari {registered} pekerjaan yang terdaftar.",
    "First end one of the {registered} registered works.",
)
_LONG_ENOUGH = Text(
    "Orang asing yang sudah bekerja {months} bulan di Indonesia, paling singkat {least} bulan: menjadi peserta.",
    "A foreigner who has worked {months} months in Indonesia, at least {least}: participates.",
)
_TOO_SHORT = Text(
    "Orang asing yang baru bekerja {months} bulan di Indonesia, kurang dari {least} bulan: belum menjadi peserta.",
    "A foreigner who has worked {months} months in Indonesia, fewer than {least}: does not participate yet.",
)
_LATER = Text(
    "Daftarkan bila ia bekerja di Indonesia paling singkat {least} bulan.",
    "Register this person when the work in Indonesia is at least {least} months.",
)
_FOREIGN_BPU = Text(
    "Belum diperiksa pada naskah apakah orang asing boleh didaftarkan selain sebagai penerima upah.",
    "Whether a foreigner may be registered other than as a wage earner is not verified against the text.",
)
_NIK_IS_LAWFUL = Text(
    "NIK berbeda dari tanggal lahir atau jenis kelaminnya. Itu sah, karena NIK tidak pernah diubah. "
    "Cocokkan dengan KTP.",
    "The NIK differs from the birth date or sex. That is lawful, for a NIK never changes. "
    "Compare with the identity card.",
)
_ACCESS = {
    _Access.CLOSED: Text(
        "{programme} tidak terbuka bagi {segment}.", "{programme} is not open in the segment {segment}."
    ),
    _Access.OPEN: Text(
        "{programme} terbuka bagi {segment}.", "{programme} is open in the segment {segment}."
    ),
    _Access.VOLUNTARY: Text(
        "{programme} terbuka bagi {segment} dan sukarela.",
        "{programme} is open in the segment {segment} and voluntary.",
    ),
}
_ONLY_FOR_WAGE_EARNERS = Text(
    "{programme} terbuka bila ia bekerja pada pemberi kerja sebagai penerima upah (PU).",
    "{programme} is open when this person works for an employer as a wage earner (PU).",
)
_JKP_FOREIGNER = Text("JKP hanya untuk warga negara Indonesia.", "JKP is for Indonesian citizens only.")
_JKP_CITIZEN = Text(
    "JKP terbuka bila ia menjadi warga negara Indonesia.", "JKP is open to an Indonesian citizen."
)
_JKP_YOUNG = Text(
    "Umur {age} tahun, belum {limit} tahun: boleh didaftarkan dalam JKP.",
    "{age} years old, not yet {limit}: may be registered in JKP.",
)
_JKP_OLD = Text(
    "Umur {age} tahun: tidak dapat didaftarkan dalam JKP, karena sudah mencapai {limit} tahun pada {day}.",
    "{age} years old: cannot be registered in JKP, having reached {limit} on {day}.",
)
_CHECK_BIRTH = Text(
    "Periksa tanggal lahir {born} pada KTP.", "Check the birth date {born} on the identity card."
)
_JKP_JOIN_FIRST = Text(
    "Ikuti dulu {programmes}, lalu daftarkan dalam JKP.", "First join {programmes}, then register in JKP."
)
_BOTH = Text(
    "Boleh menjadi {one} dan {other} sekaligus, masing-masing dengan iurannya.",
    "May be registered in two segments at once, {one} and {other}, each with its own contribution.",
)
_BOTH_UNREAD = Text(
    "Bahwa satu orang boleh didaftarkan dalam dua segmen sekaligus belum diperiksa pada naskah.",
    "That one person may be registered in two segments at once is not verified against the text.",
)
_SPONSORED = Text(
    "Iurannya dibayar pihak lain. Ia tetap peserta biasa; pekerja rentan bukan golongan peserta tersendiri.",
    "Another party pays the contribution. This person is an ordinary participant; vulnerable workers are no "
    "category of their own.",
)
_NO_PP_FOR_THE_POOR = Text(
    "Belum ditemukan peraturan pemerintah tentang penerima bantuan iuran JKK dan JKM.",
    "No government regulation on contribution aid for JKK and JKM was found.",
)
