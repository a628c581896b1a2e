"""The monthly pension (JP) in money: wages brought to today's worth, the formula, its bounds, later years."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Citation, Confidence, Fact, Step
from lindung.law.money import percent, rupiah, share
from lindung.law.months import months_later
from lindung.law.reading import Read, Reading
from lindung.law.text import Text


class YearWage(NamedTuple):
    """The monthly wage in whole rupiah on which contributions were paid for so many months of a year.

    A year in which the wage changed may stand in several rows.
    """

    year: int
    wage: int
    months: int


class Formula(NamedTuple):
    """The pension of one month by the formula, before bounds and shares, in whole rupiah."""

    amount: int
    wages: tuple[Step, ...]
    step: Step


WAGE_CAP = "pu.jp.wage_cap"
INDEXATION = Citation("PP 45/2015", "17")


def formula(
    reading: Reading,
    wages: tuple[YearWage, ...],
    inflation: Mapping[int, Fraction],
    *,
    months: int,
    since: date | None,
) -> Formula:
    """The pension of a month for so many months of contributions, by the law of the reading's day.

    1. A wage counts up to the cap of its month (PP 45/2015 P29). Where fewer than the twelve months of a year
       are paid, nobody knows which, if the cap changed between `since`, the day of registration, and the end
       of that year: the later cap holds for all of them, and the decision says so.
    2. It is multiplied by the unrounded product of (1 + inflation) of its own year and of every year up to
       the year before the pension begins, then rounded to the rupiah.
    3. The average is weighted by months. A yearly wage is twelve monthly ones, and the law divides the
       average yearly wage by twelve: so the average of the monthly wages is the same, without rounding.
    4. PP 45/2015 P17(2): 1% x months / 12 x that average.

    Raises MissingFacts naming each year without inflation, NoLawForDate.
    """
    _need_inflation(wages, inflation, until=reading.on.year)
    capped = tuple(_capped(reading, row, since) for row in wages)
    rows = tuple(row for counted, _ in capped for row in counted)
    worth = tuple(_revalued(reading, row, inflation) for row in rows)
    total = sum(amount * row.months for amount, row in zip(worth, rows, strict=True))
    paid = sum(row.months for row in rows)
    average = Fraction(1, paid)
    rate = reading.rate("jp.accrual_rate")
    whole_rate = rate.value * Fraction(months, 12) * average
    reading.rounded(total, whole_rate)
    amount = share(total, whole_rate, reading.rounding())
    shown = share(total, average, reading.rounding())
    working: dict[str, Fact] = {
        "rate": percent(rate.value).id,
        "months": months,
        "average_wage": shown,
        "sum_of_revalued_wages": total,
        "months_averaged": paid,
        "yearly_wages": tuple(
            f"{row.year}: {row.wage} -> {now} x {row.months}" for row, now in zip(rows, worth, strict=True)
        ),
    }
    steps = tuple(step for _, step in capped if step)
    return Formula(amount, steps, rate.step("jp.formula", amount, base=shown, working=working))


def _need_inflation(wages: tuple[YearWage, ...], inflation: Mapping[int, Fraction], *, until: int) -> None:
    first = min((row.year for row in wages), default=until)
    missing = [f"inflation.{year}" for year in range(first, until) if year not in inflation]
    if missing:
        raise MissingFacts(*missing)


def _capped(reading: Reading, row: YearWage, since: date | None) -> tuple[tuple[YearWage, ...], Step | None]:
    """The row with its wage cut to the cap, in two parts where the cap changed, and the step that says so."""
    end = reading.at(min(date(row.year, 12, 31), reading.on))
    cap, earlier = end.whole(WAGE_CAP), _earlier_cap(end, row.year, since)
    if earlier is not None and row.wage > min(earlier.value, cap.value) and earlier.value != cap.value:
        if row.months == 12:
            return _capped_in_parts(reading, row, earlier, cap)
        reading.note(_WHICH_MONTHS)
    if row.wage <= cap.value:
        return (row,), None
    said = _CAPPED.filled(wage=rupiah(row.wage), year=row.year, cap=rupiah(cap.value))
    step = cap.step("jp.wage_cap", 0, working={"wage": row.wage, "cap": cap.value, "year": row.year})
    return (row._replace(wage=cap.value),), step._replace(sentence=said)


def _earlier_cap(end: Reading, year: int, since: date | None) -> Read[int] | None:
    """The cap at the beginning of that year or of the membership, if there was one."""
    first = end.at(min(max(date(year, 1, 1), since or date.min), end.on))
    return first.whole(WAGE_CAP) if first.exists(WAGE_CAP) else None


def _capped_in_parts(
    reading: Reading, row: YearWage, earlier: Read[int], cap: Read[int]
) -> tuple[tuple[YearWage, ...], Step]:
    """A whole year within which the cap changed: the months before count to the earlier cap, the rest to the
    later one."""
    firsts = (reading.at(date(row.year, month, 1)) for month in range(1, 13))
    before = sum(first.whole(WAGE_CAP).value == earlier.value for first in firsts)
    parts = (
        row._replace(wage=min(row.wage, earlier.value), months=before),
        row._replace(wage=min(row.wage, cap.value), months=row.months - before),
    )
    working: dict[str, Fact] = {
        "wage": row.wage,
        "year": row.year,
        "earlier_cap": earlier.value,
        "cap": cap.value,
        "counted_first": parts[0].wage,
        "months_first": parts[0].months,
        "counted_then": parts[1].wage,
        "months_then": parts[1].months,
    }
    money = {"wage": rupiah(row.wage), "first": rupiah(parts[0].wage), "then": rupiah(parts[1].wage)}
    said = _CAPPED_IN_PARTS.filled(**money, year=row.year, before=before, after=parts[1].months)
    return parts, cap.step("jp.wage_cap", 0, working=working)._replace(sentence=said)


def _revalued(reading: Reading, row: YearWage, inflation: Mapping[int, Fraction]) -> int:
    """What the wage is worth in the year the pension begins: whole rupiah, rounded once."""
    worth = Fraction(1)
    for year in range(row.year, reading.on.year):
        worth *= 1 + inflation[year]
    reading.rounded(row.wage, worth)
    return share(row.wage, worth, reading.rounding())


def bounds(reading: Reading, amount: int) -> tuple[Step, ...]:
    """What lifts a pension to the least or cuts it to the greatest one, or a step that says it lies between.

    PP 45/2015 P18. Raises NoLawForDate.
    """
    least = reading.whole("jp.minimum")
    working: dict[str, Fact] = {"least": least.value}
    if amount < least.value:
        return (least.step("jp.pension_monthly.minimum", least.value - amount, working=working),)
    greatest = reading.whole("jp.maximum")
    working["greatest"] = greatest.value
    if amount > greatest.value:
        return (greatest.step("jp.pension_monthly.maximum", greatest.value - amount, working=working),)
    between = _BETWEEN.filled(least=least.shown, greatest=greatest.shown)
    return (greatest.step("jp.bounds", 0, working=working)._replace(label=_BOUNDS, sentence=between),)


def later_years(
    reading: Reading, first: int, inflation: Mapping[int, Fraction], *, paid_on: date | None
) -> tuple[Step, ...]:
    """How the first pension grew by the day of payment: PP 45/2015 P17, once for each year drawn.

    Each time by the inflation of the calendar year before. Raises MissingFacts naming a year without inflation.
    """
    years = tuple(_years_before(reading.on, paid_on or reading.on))
    missing = [f"inflation.{year}" for year in years if year not in inflation]
    if missing:
        raise MissingFacts(*missing)
    steps, amount = [], first
    for year in years:
        step = _grown(reading, amount, year, inflation[year])
        amount += step.amount
        steps.append(step)
    if steps:
        reading.note(_GROWTH_UNREAD)
    return tuple(steps)


def _years_before(begins: date, paid_on: date) -> Iterator[int]:
    """For each anniversary reached, the calendar year before it."""
    months = 12
    while (anniversary := months_later(begins, months)) <= paid_on:
        yield anniversary.year - 1
        months += 12


def _grown(reading: Reading, amount: int, year: int, inflation: Fraction) -> Step:
    reading.rounded(amount, inflation)
    more = share(amount, inflation, reading.rounding())
    said = _GREW.filled(amount=rupiah(more), year=year, rate=percent(inflation))
    return Step(
        key=f"jp.pension_monthly.growth_{year}",
        label=_GROWTH,
        amount=more,
        citation=INDEXATION,
        confidence=Confidence.READ_IN_LAW,
        sentence=said,
        working={"of": amount, "year": year, "inflation": percent(inflation).id},
    )


_CAPPED = Text(
    "Upah sebulan {wage} tahun {year} dihitung {cap}, yaitu batas upah JP.",
    "The monthly wage of {wage} in {year} counts as {cap}, the wage cap of JP.",
)
_CAPPED_IN_PARTS = Text(
    "Upah sebulan {wage} tahun {year} dihitung {first} untuk {before} bulan, lalu {then} untuk {after} bulan: "
    "batas upah JP berubah tahun itu.",
    "The monthly wage of {wage} in {year} counts as {first} for {before} months, then as {then} for {after} "
    "months: the wage cap of JP changed in that year.",
)
_WHICH_MONTHS = Text(
    "Ada tahun yang iurannya tidak penuh setahun, padahal batas upah JP berubah dalam tahun itu. Bulan mana yang "
    "dibayar tidak diketahui; dipakai batas yang terakhir berlaku dalam tahun itu, dan ini belum diperiksa.",
    "Of a year in which the wage cap of JP changed, not every month is paid. Which months they are is not known; "
    "the last cap of that year is used, which is not verified.",
)
_BOUNDS = Text("Batas pensiun sebulan", "Bounds of the monthly pension")
_BETWEEN = Text(
    "Pensiun sebulan paling sedikit {least} dan paling banyak {greatest}.",
    "The monthly pension is at least {least} and at most {greatest}.",
)
_GROWTH = Text("Kenaikan pensiun tahunan", "Yearly growth of the pension")
_GREW = Text(
    "Pensiun naik {amount} menurut inflasi tahun {year} sebesar {rate}.",
    "The pension grew by {amount} with the inflation of {year}, {rate}.",
)
_GROWTH_UNREAD = Text(
    "Kapan kenaikan tahunan mulai dan bagaimana dibulatkan belum diperiksa pada naskah; "
    "Lindung menaikkan tepat setiap tahun sejak pensiun pertama dan membulatkan setiap kali.",
    "When the yearly growth begins and how it is rounded is not verified against the text; "
    "Lindung adds it on each anniversary of the first pension and rounds each time.",
)
