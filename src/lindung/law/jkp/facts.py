"""What the cash of JKP depends on, and which of these facts cannot all be true."""

from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from lindung.law.asking_back import Contradiction
from lindung.law.decision import Fact
from lindung.law.eligibility.firm_duties import FirmSize
from lindung.law.reading import Reading
from lindung.law.terms import Segment, Term
from lindung.law.text import Text


class Reason(Term):
    """How the work ended."""

    DISMISSAL = "dismissal"
    CONTRACT_END = "contract_end"
    RESIGNATION = "resignation"
    RETIREMENT = "retirement"
    DEATH = "death"
    TOTAL_DISABILITY = "total_disability"

    @property
    def label(self) -> Text:
        """The reason as people say it."""
        return _REASONS[self]


class Facts(NamedTuple):
    """What the cash depends on. None: nobody said; it is assumed, or asked for where it decides."""

    reason: Reason
    event_date: date
    """The day of the dismissal."""
    wage: int | None = None
    """The last monthly wage that the employer reported, in whole rupiah."""
    months_paid: int | None = None
    """Contribution months paid among those that the law looks back on."""
    consecutive_months: int | None = None
    claimed_on: date | None = None
    earlier_claims: tuple[date, ...] | None = None
    segment: Segment | None = None
    indonesian: bool | None = None
    birth_date: date | None = None
    member_since: date | None = None
    """The day of joining JKP; a day before JKP began is of another programme and says nothing of it."""
    firm_size: FirmSize | None = None
    held: frozenset[str] | None = None
    """The other programmes the worker is in, such as jkk, and jkn."""
    employer_closed: bool | None = None
    """Whether the employer is bankrupt or closed."""
    months_in_arrears: int | None = None


def check(reading: Reading, facts: Facts) -> None:
    """Raises Contradiction for facts that cannot all be true, NoLawForDate."""
    looked_at = reading.whole("jkp.months_looked_at").value
    paid = looked_at if facts.months_paid is None else facts.months_paid
    if paid > looked_at:
        raise Contradiction("months_paid", _TOO_MANY_MONTHS.filled(months=looked_at))
    if (facts.consecutive_months or 0) > paid:
        raise Contradiction("consecutive_months", _TOO_MANY_CONSECUTIVE)
    if facts.claimed_on and facts.claimed_on < facts.event_date:
        raise Contradiction("claimed_on", _CLAIMED_EARLIER)
    if facts.birth_date and facts.birth_date > (facts.member_since or facts.event_date):
        raise Contradiction("birth_date", _BORN_LATER)
    if any(day > (facts.claimed_on or facts.event_date) for day in facts.earlier_claims or ()):
        raise Contradiction("earlier_claims", _EARLIER_IS_LATER)


def answerable(reading: Reading, facts: Facts) -> bool:
    """Whether anything but the reason decides: a dismissal, or since PP 6/2025 a contract's end, which another
    reading takes for one. Whoever left otherwise gets nothing by PP 37/2021 P20."""
    if facts.reason is Reason.CONTRACT_END:
        return reading.exists("jkp.arrears_limit")
    return facts.reason is Reason.DISMISSAL


def lacking(reading: Reading, facts: Facts) -> tuple[str, ...]:
    """What must still be asked, once the membership and any months paid are enough. Raises NoLawForDate."""
    missing = ["wage"] if facts.wage is None else []
    if facts.months_paid is None:
        missing.append("months_paid")
    if facts.reason is not Reason.DISMISSAL:
        return tuple(missing)
    if facts.months_paid is not None and in_a_row(reading, facts) is None:
        missing.append("consecutive_months")
    if facts.months_in_arrears and facts.employer_closed is None and reading.exists("jkp.arrears_limit"):
        missing.append("employer_closed")
    return tuple(missing)


def in_a_row(reading: Reading, facts: Facts) -> int | None:
    """How many months are paid in a row for sure; None where nobody said it and that decides.

    The months not paid part the others: u of them leave at most u + 1 runs, and the longest has no fewer than
    the average. Raises NoLawForDate.
    """
    if facts.consecutive_months is not None or facts.months_paid is None:
        return facts.consecutive_months
    gaps = reading.whole("jkp.months_looked_at").value - facts.months_paid
    longest = ceil(Fraction(facts.months_paid, gaps + 1))
    return longest if longest >= reading.whole("jkp.consecutive_months_needed").value else None


def written(facts: Facts, known: date | None) -> dict[str, Fact]:
    """All facts as a decision keeps them."""
    days = {"event_date": facts.event_date, "claimed_on": facts.claimed_on, "known": known}
    days |= {"birth_date": facts.birth_date, "member_since": facts.member_since}
    claims = facts.earlier_claims
    return {
        "reason": facts.reason.value,
        "wage": facts.wage,
        "months_paid": facts.months_paid,
        "consecutive_months": facts.consecutive_months,
        "earlier_claims": None if claims is None else tuple(day.isoformat() for day in claims),
        "segment": facts.segment.value if facts.segment else None,
        "indonesian": facts.indonesian,
        "firm_size": facts.firm_size.value if facts.firm_size else None,
        "held": None if facts.held is None else tuple(sorted(facts.held)),
        "employer_closed": facts.employer_closed,
        "months_in_arrears": facts.months_in_arrears,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


_REASONS = {
    Reason.DISMISSAL: Text("pemutusan hubungan kerja", "dismissal"),
    Reason.CONTRACT_END: Text("kontrak berakhir", "the end of a contract"),
    Reason.RESIGNATION: Text("mengundurkan diri", "resignation"),
    Reason.RETIREMENT: Text("pensiun", "retirement"),
    Reason.DEATH: Text("meninggal dunia", "death"),
    Reason.TOTAL_DISABILITY: Text("cacat total tetap", "total disability"),
}
_TOO_MANY_MONTHS = Text(
    "Hanya {months} bulan terakhir yang dilihat; bulan iuran tidak bisa lebih banyak.",
    "Only the last {months} months are looked at; no more can be paid.",
)
_TOO_MANY_CONSECUTIVE = Text(
    "Bulan berturut-turut lebih banyak daripada bulan iuran. Periksa keduanya.",
    "There are more consecutive months than paid months. Check both.",
)
_CLAIMED_EARLIER = Text(
    "Klaim diajukan sebelum pemutusan hubungan kerja. Periksa kedua tanggal.",
    "The claim is before the dismissal. Check both days.",
)
_BORN_LATER = Text(
    "Tanggal lahir sesudah menjadi peserta atau sesudah kejadian. Periksa keduanya.",
    "The birth date is after joining or after the event. Check both.",
)
_EARLIER_IS_LATER = Text(
    "Klaim terdahulu bertanggal sesudah klaim ini. Periksa tanggalnya.",
    "An earlier claim is dated after this one. Check the days.",
)
