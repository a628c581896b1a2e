"""The question who may join which programme."""

from datetime import date

from lindung.law.decision import Decision
from lindung.law.eligibility import joining
from lindung.law.eligibility.firm_duties import FirmSize, Staff, listed
from lindung.law.eligibility.joining import Facts
from lindung.law.questions.fields import Given
from lindung.law.terms import Payer, Programme, Segment, Term
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = (
    "segment",
    "programme",
    "programmes",
    "on",
    "birth_date",
    "employed",
    "occupations",
    "citizenship",
    "months_in_indonesia",
    "firm_size",
    "staff",
    "jkn_member",
    "member_of",
    "other_segment",
    "payer",
    "nik_differs",
    "known",
)

OFFERED = {
    Segment.PU: (Programme.JKK, Programme.JKM, Programme.JHT, Programme.JP),
    Segment.BPU: (Programme.JKK, Programme.JKM, Programme.JHT),
    Segment.CONSTRUCTION: (Programme.JKK, Programme.JKM),
    Segment.MIGRANT: (Programme.JKK, Programme.JKM, Programme.JHT),
}
"""What is asked about when nobody names a programme."""


class Citizenship(Term):
    """Indonesian or not: the law of JKP asks it, and for foreigners how long they work here."""

    INDONESIAN = "indonesian"
    FOREIGN = "foreign"


_PROGRAMMES_ASSUMED = Text(
    "Program tidak disebut; yang diperiksa: {programmes}.",
    "No programme was named; examined are: {programmes}.",
)
_NO_WORK_ASSUMED = Text(
    "Dianggap belum ada pekerjaan BPU lain yang terdaftar.",
    "Taken for granted: no other BPU work is registered.",
)
_INDONESIAN_ASSUMED = Text("Dianggap warga negara Indonesia.", "Taken for granted: an Indonesian citizen.")
_BEFORE_BIRTH = Text(
    "{field}: tanggal lahir sesudah hari yang ditanyakan. Periksa kedua tanggalnya.",
    "{field}: the birth date is after the day asked about. Check both dates.",
)


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """Decide who may join. Raises Unanswerable, naming the fields; NoLawForDate."""
    given.require("segment", "on")
    segment, on = given.word("segment", Segment), given.day("on")
    programmes = _programmes(given, segment)
    indonesian = given.word("citizenship", Citizenship, Citizenship.INDONESIAN) is Citizenship.INDONESIAN
    given.require(*_needed(segment, programmes, indonesian=indonesian))
    facts = Facts(
        segment=segment,
        programmes=programmes,
        on=on,
        birth_date=_birth_date(given, on),
        employed=given.maybe.flag("employed"),
        occupations=given.count("occupations", 0, most=100),
        indonesian=indonesian,
        months_in_indonesia=given.maybe.count("months_in_indonesia"),
        firm_size=given.maybe.word("firm_size", FirmSize),
        staff=given.maybe.word("staff", Staff),
        jkn_member=given.flag("jkn_member", False),
        member_of=given.words("member_of", Programme) if "member_of" in given else (),
        other_segment=given.maybe.word("other_segment", Segment),
        payer=given.maybe.word("payer", Payer),
        nik_differs=given.flag("nik_differs", False),
    )
    known = given.maybe.day("known")
    return joining.join(facts, assumed=_assumed(given, facts), known=known, law=law)


def _programmes(given: Given, segment: Segment) -> tuple[Programme, ...]:
    named = given.words("programmes", Programme) if "programmes" in given else ()
    if "programme" in given:
        named += (given.word("programme", Programme),)
    return tuple(dict.fromkeys(named)) or OFFERED[segment]


def _needed(segment: Segment, programmes: tuple[Programme, ...], *, indonesian: bool) -> tuple[str, ...]:
    """The facts without which this segment and these programmes cannot be decided."""
    needed = {Segment.PU: ["employed"], Segment.BPU: ["birth_date"]}.get(segment, [])
    if segment is Segment.PU and Programme.JKP in programmes:
        needed += ["birth_date", "firm_size", "jkn_member"]
    return (*needed, *(() if indonesian else ("months_in_indonesia",)))


def _birth_date(given: Given, on: date) -> date | None:
    if "birth_date" not in given:
        return None
    born = given.day("birth_date")
    if born > on:
        given.refuse("birth_date", "after_the_day", _BEFORE_BIRTH)
    return born


def _assumed(given: Given, facts: Facts) -> tuple[Text, ...]:
    """The defaults that mattered for this answer."""
    assumed = []
    if "programmes" not in given and "programme" not in given:
        names = listed([programme.upper() for programme in facts.programmes])
        assumed.append(_PROGRAMMES_ASSUMED.filled(programmes=names))
    if facts.segment is Segment.BPU and "occupations" not in given:
        assumed.append(_NO_WORK_ASSUMED)
    if facts.segment is Segment.PU and "citizenship" not in given:
        assumed.append(_INDONESIAN_ASSUMED)
    return tuple(assumed)
