"""What a savings account (JHT) holds on a day: contributions by month, and yield credited every month."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Decision, Fact, Step
from lindung.law.money import NotAnAmount, percent, rupiah, share
from lindung.law.months import Month, day_label, months_from
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.text import Text
from lindung.law.values import Law

CONTRIBUTIONS = Citation("PP 46/2015", "22")


class YieldMissing(LookupError):
    """Hasil pengembangan tahun {year} belum ada. / The yield of {year} is missing."""

    def __init__(self, year: int) -> None:
        super().__init__(str(self.__doc__).format(year=year))
        self.year = year


class NothingPaid(ValueError):
    """Belum ada iuran sampai hari itu. / No contribution was made up to that day."""


class Contribution(NamedTuple):
    """Money that came in during a month, whole rupiah."""

    month: Month
    amount: int


class Facts(NamedTuple):
    """The contributions, the yield of each year as an exact rate, and the day whose balance is asked."""

    contributions: tuple[Contribution, ...]
    yields: Mapping[int, Fraction]
    on: date


class Year(NamedTuple):
    """One calendar year of an account, up to `until`. Whole rupiah."""

    until: date
    opening: int
    paid: int
    earned: int
    credited: int
    """How many months of it were credited with yield."""

    @property
    def closing(self) -> int:
        """The balance at the end of the year, or on the day that was asked."""
        return self.opening + self.paid + self.earned


def years_with_yield(facts: Facts) -> tuple[int, ...]:
    """The years whose yield is needed: from the month after the first contribution to the last whole month.

    Raises NothingPaid.
    """
    months = months_from(_first(facts).next(), Month.of(facts.on))
    return tuple(dict.fromkeys(month.year for month in months if month.last_day() <= facts.on))


def balance(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """The balance on that day: what came in, and what it earned, year by year (PP 46/2015 P22, P27).

    At the end of a month the balance of the end of the month before earns a twelfth of the year's yield; the
    month that is still running earns nothing yet. Raises NotAnAmount, NothingPaid, YieldMissing,
    NoLawForDate for money that came in before July 2015.
    """
    if any(one.amount < 0 for one in facts.contributions) or any(rate < 0 for rate in facts.yields.values()):
        raise NotAnAmount(NotAnAmount.__doc__)
    for year in years_with_yield(facts):
        if year not in facts.yields:
            raise YieldMissing(year)
    reading = Reading(law or in_force(), on=facts.on, known=known)
    reading.at(_first(facts).last_day()).whole("jht.credits_per_year")
    credits = reading.whole("jht.credits_per_year")
    return reading.decision(
        "jht.balance",
        steps=tuple(
            step
            for year in _years(reading, facts, credits.value)
            for step in _steps(year, credits, facts.yields, _announced(reading, facts, year.until.year))
        ),
        facts=_written(facts),
    )


def _first(facts: Facts) -> Month:
    months = [one.month for one in facts.contributions]
    if not months or min(months) > Month.of(facts.on):
        raise NothingPaid(NothingPaid.__doc__)
    return min(months)


def _years(reading: Reading, facts: Facts, credits: int) -> list[Year]:
    paid: dict[Month, int] = {}
    for one in facts.contributions:
        paid[one.month] = paid.get(one.month, 0) + one.amount
    years: list[Year] = []
    held, first = 0, _first(facts)
    for month in months_from(first, Month.of(facts.on)):
        if not years or years[-1].until.year != month.year:
            years.append(Year(min(facts.on, date(month.year, 12, 31)), held, 0, 0, 0))
        whole = month > first and month.last_day() <= facts.on
        earned = _earned(reading, held, facts.yields[month.year] / credits) if whole else 0
        came = paid.get(month, 0)
        held += earned + came
        last = years[-1]
        years[-1] = last._replace(
            paid=last.paid + came, earned=last.earned + earned, credited=last.credited + whole
        )
    return years


def _earned(reading: Reading, held: int, rate: Fraction) -> int:
    reading.rounded(held, rate)
    return share(held, rate, reading.rounding())


def _announced(reading: Reading, facts: Facts, year: int) -> Read[Fraction] | None:
    """The yield that was announced for the year, where it is stored and a yield was typed for it."""
    id, key = "jht.announced_yield", str(year)
    if year not in facts.yields or not reading.exists(id):
        return None
    if all(row.key != key for row in reading.table(id).rows):
        return None
    announced = reading.rate_in(id, key)
    if announced.value != facts.yields[year]:
        reading.note(
            _DIFFERS.filled(year=year, typed=percent(facts.yields[year]), announced=percent(announced.value))
        )
    return announced


def _steps(
    year: Year, credits: Read[int], yields: Mapping[int, Fraction], announced: Read[Fraction] | None
) -> tuple[Step, ...]:
    name = year.until.year
    came = Step(
        f"jht.contributions.{name}", _CONTRIBUTED, year.paid, CONTRIBUTIONS, Confidence.READ_IN_LAW,
        _CAME_IN.filled(year=name, opening=rupiah(year.opening), paid=rupiah(year.paid)),
        {"year": name, "opening": year.opening},
    )  # fmt: skip
    closed = Step(
        f"jht.balance.{name}", _BALANCE, 0, CONTRIBUTIONS, credits.confidence,
        _CLOSES.filled(until=day_label(year.until), closing=rupiah(year.closing)),
        {"until": year.until.isoformat(), "closing": year.closing},
    )  # fmt: skip
    if not year.credited:
        return (came, closed)
    rate = yields[name]
    working: dict[str, Fact] = {
        "year": name,
        "yield": str(rate),
        "months": year.credited,
        "credits_per_year": credits.value,
        "announced": str(announced.value) if announced else None,
    }
    said = _EARNED.filled(year=name, rate=percent(rate), months=year.credited, earned=rupiah(year.earned))
    earned = credits.step(f"jht.yield.{name}", year.earned, working=working)._replace(sentence=said)
    return (came, earned, closed)


def _written(facts: Facts) -> dict[str, Fact]:
    return {
        "contributions": tuple(f"{one.month} {one.amount}" for one in sorted(facts.contributions)),
        "yields": tuple(f"{year} {rate}" for year, rate in sorted(facts.yields.items())),
        "on": facts.on.isoformat(),
    }


_CONTRIBUTED = Text("Iuran JHT", "JHT contributions")
_BALANCE = Text("Saldo JHT", "JHT balance")
_CAME_IN = Text(
    "Tahun {year}: saldo awal {opening}, iuran masuk {paid}.",
    "{year}: opening balance {opening}, contributions {paid}.",
)
_EARNED = Text(
    "Hasil pengembangan {year} {rate} setahun, dibukukan {months} bulan: {earned}.",
    "Yield of {year} at {rate} a year, credited {months} times: {earned}.",
)
_CLOSES = Text("Saldo pada {until}: {closing}.", "Balance on {until}: {closing}.")
_DIFFERS = Text(
    "Hasil pengembangan {year} yang diketik {typed}, sedangkan yang diumumkan menurut berita {announced}. "
    "Periksa.",
    "The yield of {year} was typed as {typed}, but the news gave {announced}. Check it.",
)
