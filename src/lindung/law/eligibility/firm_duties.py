"""What an employer must do: the programmes by size of firm, non-ASN staff, and registering in time."""

from enum import IntEnum

from lindung.law.decision import Citation, Confidence, Step
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Term
from lindung.law.text import Text

JKN = "jkn"
"""Health insurance, which is no programme of ours but a condition of JKP."""


class FirmSize(Term):
    """The size of a firm: Perpres 109/2013 P6(1)."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def label(self) -> Text:
        """The size as people say it."""
        return _SIZES[self]


_SIZES = {
    FirmSize.MICRO: Text("Usaha mikro", "A micro firm"),
    FirmSize.SMALL: Text("Usaha kecil", "A small firm"),
    FirmSize.MEDIUM: Text("Usaha menengah", "A medium firm"),
    FirmSize.LARGE: Text("Usaha besar", "A large firm"),
}


class Staff(Term):
    """Who works for a state body: a civil servant (ASN) or not."""

    ASN = "asn"
    NON_ASN = "non_asn"


class _Duty(IntEnum):
    """How a duty is stored in a table. Any other number is no duty that anybody knows: ValueError."""

    NONE = 0
    DUTY = 1


ASN_LAW = Citation("PP 70/2015", "unread")

_MUST = Text(
    "{size} wajib mengikutsertakan pekerjanya dalam {programmes}.",
    "{size} must register its workers in {programmes}.",
)
_NEED_NOT = Text(
    " Yang belum wajib menurut skala usaha: {programmes}.",
    " Not compulsory for its size: {programmes}.",
)
_STATE_MUST = Text(
    "Instansi wajib mendaftarkan pegawai non-ASN dalam {programmes}.",
    "The state body must register its non-ASN staff in {programmes}.",
)
_EMPLOYER_MUST = Text(
    "Pemberi kerja wajib mendaftarkan pekerja paling lambat {days} hari kerja sejak pekerja diterima. "
    "Bila pemberi kerja lalai, pekerja boleh mendaftarkan dirinya sendiri.",
    "The employer must register the worker within {days} working days of hiring. "
    "If the employer fails to, the worker may register alone.",
)
_ASN = Text(
    "Aparatur sipil negara (ASN) dilindungi menurut peraturan tersendiri, bukan didaftarkan di sini.",
    "Civil servants (ASN) are covered by a regulation of their own and are not registered here.",
)
_ASN_UNREAD = Text(
    "Peraturan tersendiri tentang perlindungan ASN belum diperiksa pada naskah.",
    "The regulation on the cover of civil servants is not verified against its text.",
)


def by_size(reading: Reading, size: FirmSize) -> Step:
    """What the size of the firm makes compulsory: Perpres 109/2013 P6(3). Raises NoLawForDate."""
    rows = {
        programme: reading.amount_in("firm.duty", f"{size}.{programme}")
        for programme in (Programme.JKK, Programme.JKM, Programme.JHT, Programme.JP)
    }
    must = [programme.upper() for programme, row in rows.items() if _Duty(row.value)]
    rest = [programme.upper() for programme, row in rows.items() if not _Duty(row.value)]
    said = _MUST.filled(size=size.label, programmes=listed(must))
    if rest:
        more = _NEED_NOT.filled(programmes=listed(rest))
        said = Text(said.id + more.id, said.en + more.en)
    row = rows[Programme.JKK]
    return row.step("eligibility.firm_size", 0, working={"compulsory": tuple(must)})._replace(sentence=said)


def lacking_for_jkp(reading: Reading, size: FirmSize, held: frozenset[str]) -> tuple[Step, tuple[str, ...]]:
    """The step that names what JKP presupposes for that size, and which of it the worker is not in.

    PP 37/2021 P4. Raises NoLawForDate.
    """
    names = (JKN, Programme.JKK, Programme.JKM, Programme.JHT, Programme.JP)
    rows = {name: reading.amount_in("join.jkp", f"{size}.{name}") for name in names}
    needed = [name for name, row in rows.items() if _Duty(row.value)]
    lacking = tuple(name.upper() for name in needed if name not in held)
    said = Text(
        f"Pekerja {size.label.id.lower()} boleh ikut JKP bila sudah ikut "
        f"{listed([name.upper() for name in needed]).id}.",
        f"A worker of {size.label.en.lower()} may join JKP when in "
        f"{listed([name.upper() for name in needed]).en}.",
    )
    step = rows[JKN].step("eligibility.jkp.needs", 0, working={"lacking": lacking})
    return step._replace(sentence=said), lacking


def non_asn(reading: Reading) -> Step | None:
    """The duty to register non-ASN staff; None before 24 February 2025. Permenaker 1/2025 P3A."""
    if not reading.exists("firm.non_asn"):
        return None
    programmes = (Programme.JKK, Programme.JKM, Programme.JHT)
    rows = {programme: reading.amount_in("firm.non_asn", programme) for programme in programmes}
    must = [programme.upper() for programme, row in rows.items() if _Duty(row.value)]
    step = rows[Programme.JKK].step("eligibility.non_asn", 0, working={"compulsory": tuple(must)})
    return step._replace(sentence=_STATE_MUST.filled(programmes=listed(must)))


def civil_servant(reading: Reading) -> Step:
    """Civil servants are not registered with BPJS Ketenagakerjaan: PP 70/2015, not read."""
    reading.note(_ASN_UNREAD)
    label = Text("Aparatur sipil negara", "Civil servants")
    return Step("eligibility.asn", label, 0, ASN_LAW, Confidence.UNVERIFIED, _ASN, {})


def register(reading: Reading) -> Step:
    """The employer registers each worker in time, or the worker does: elucidation of PP 44/2015.

    Raises NoLawForDate.
    """
    days = reading.whole("deadline.registration.employer.working_days")
    step = days.step("eligibility.employer", 0, working={"working_days": days.value})
    return step._replace(sentence=_EMPLOYER_MUST.filled(days=days.value))


def listed(words: list[str]) -> Text:
    """Several names as one: JKK, JKM dan JHT; JKK, JKM and JHT."""
    if len(words) < 2:
        return Text("".join(words), "".join(words))
    begin = ", ".join(words[:-1])
    return Text(f"{begin} dan {words[-1]}", f"{begin} and {words[-1]}")
