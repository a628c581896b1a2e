"""What a pension (JP) depends on, and which of these facts cannot all be true."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lindung.law.asking_back import Contradiction
from lindung.law.decision import Fact
from lindung.law.jp.pension import YearWage
from lindung.law.jp.survivors import Survivor
from lindung.law.months import Month
from lindung.law.terms import Segment, Term
from lindung.law.text import Text


class Reason(Term):
    """What brings the pension about."""

    RETIREMENT = "retirement"
    DEATH = "death"
    TOTAL_DISABILITY = "total_disability"


class Facts(NamedTuple):
    """What the pension depends on. None: nobody said; what turns out to be needed is asked for by name."""

    reason: Reason
    event_date: date
    """The day of leaving work for good at or after the pensionable age, of the disability, or of the death."""
    months_paid: int | None = None
    member_since: date | None = None
    birth_date: date | None = None
    segment: Segment | None = None
    balance: int | None = None
    """Contributions and their yield in whole rupiah."""
    yearly_wages: tuple[YearWage, ...] | None = None
    inflation: Mapping[int, Fraction] | None = None
    survivors: tuple[Survivor, ...] | None = None
    others_unnamed: bool = False
    """Whether only children were named as survivors, without a word on a spouse or parents."""
    spouse_ended: bool = False
    """Whether the widow or widower drew the pension first and has died or remarried."""
    paid_on: date | None = None
    """The day of the monthly payment that is asked about; None: the first one."""


def check(facts: Facts) -> None:
    """Raises Contradiction for facts that cannot all be true; an event before joining is refused, not faulty."""
    since, wages = facts.member_since, facts.yearly_wages or ()
    if facts.birth_date and facts.birth_date > facts.event_date:
        raise Contradiction("birth_date", _BORN_LATER)
    if facts.paid_on and facts.paid_on < facts.event_date:
        raise Contradiction("paid_on", _PAID_EARLIER)
    paid = facts.months_paid or 0
    if since and since <= facts.event_date and paid > registered(since, facts.event_date) + 1:
        raise Contradiction("months_paid", _TOO_MANY_MONTHS)
    if wages and sum(row.months for row in wages) != paid:
        raise Contradiction("yearly_wages", _MONTHS_DIFFER)
    if since and facts.event_date < since:
        return
    for year in sorted({row.year for row in wages}):
        _check_year(year, sum(row.months for row in wages if row.year == year), facts)


def _check_year(year: int, months: int, facts: Facts) -> None:
    """Raises Contradiction for a year outside the membership, or with more months than it has of that year.

    The month of registration and the month of the event both count.
    """
    first = max(Month.of(facts.member_since or date(year, 1, 1)), Month(year, 1))
    most = first.months_until(min(Month.of(facts.event_date), Month(year, 12))) + 1
    if most <= 0:
        raise Contradiction("yearly_wages", _YEAR_IMPOSSIBLE)
    if months > most:
        raise Contradiction("yearly_wages", _YEAR_TOO_LONG.filled(year=year, months=months, most=most))


def registered(since: date, event: date) -> int:
    """Whole contribution months from registration to the event, the month of the event not counted."""
    return Month.of(since).months_until(Month.of(event))


def written(facts: Facts, known: date | None) -> dict[str, Fact]:
    """All facts as a decision keeps them."""
    wages, family = facts.yearly_wages, facts.survivors
    inflation = facts.inflation
    days = {"event_date": facts.event_date, "member_since": facts.member_since, "known": known}
    days |= {"birth_date": facts.birth_date, "paid_on": facts.paid_on}
    return {
        "reason": facts.reason.value,
        "months_paid": facts.months_paid,
        "segment": facts.segment.value if facts.segment else None,
        "balance": facts.balance,
        "yearly_wages": None if wages is None else tuple(f"{y}: {w} x {m}" for y, w, m in wages),
        "inflation": None if inflation is None else tuple(f"{y}: {inflation[y]}" for y in sorted(inflation)),
        "survivors": None if family is None else tuple(one.written for one in family),
        "spouse_ended": facts.spouse_ended,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


_BORN_LATER = Text(
    "Tanggal lahir sesudah tanggal kejadian. Periksa keduanya.",
    "The birth date is after the day of the event. Check both.",
)
_PAID_EARLIER = Text(
    "Tanggal pembayaran sebelum tanggal kejadian. Periksa keduanya.",
    "The day of payment is before the day of the event. Check both.",
)
_TOO_MANY_MONTHS = Text(
    "Bulan iuran lebih banyak daripada bulan sejak terdaftar. Periksa months_paid dan member_since.",
    "More months are paid than passed since registration. Check months_paid and member_since.",
)
_MONTHS_DIFFER = Text(
    "Jumlah bulan dalam yearly_wages harus sama dengan months_paid.",
    "The months in yearly_wages must add up to months_paid.",
)
_YEAR_IMPOSSIBLE = Text(
    "Setiap tahun dalam yearly_wages harus antara tahun terdaftar dan tahun kejadian, paling banyak 12 bulan.",
    "Each year in yearly_wages must lie between registration and event, with at most 12 months.",
)
_YEAR_TOO_LONG = Text(
    "Tahun {year} di yearly_wages berisi {months} bulan, padahal kepesertaan tahun itu sampai bulan kejadian paling "
    "banyak {most} bulan. Periksa yearly_wages, member_since dan event_date.",
    "The year {year} in yearly_wages has {months} months, but the membership of that year until the month of the "
    "event has at most {most}. Check yearly_wages, member_since and event_date.",
)
