"""The cash of JKP, month by month: a share of the last reported wage, up to the cap."""

from collections.abc import Iterator

from lindung.law.decision import Fact, Step
from lindung.law.money import percent, rupiah, share
from lindung.law.reading import Reading
from lindung.law.text import Text


def months(reading: Reading, wage: int) -> Iterator[Step]:
    """The cash of each month in whole rupiah, before it the wage cap where it binds. PP 37/2021 P21.

    Raises NoLawForDate.
    """
    cap = reading.whole("jkp.cash_wage_cap")
    base = min(wage, cap.value)
    if wage > base:
        said = _CAPPED.filled(wage=rupiah(wage), cap=rupiah(cap.value))
        step = cap.step("jkp.wage_cap", 0, working={"wage": wage, "cap": cap.value})
        yield step._replace(sentence=said)
    for row in reading.table("jkp.cash_rates").rows:
        rate = reading.rate_in("jkp.cash_rates", row.key)
        reading.rounded(base, rate.value)
        amount = share(base, rate.value, reading.rounding())
        working: dict[str, Fact] = {"month": row.key, "rate": percent(rate.value).id, "wage": base}
        step = rate.step(f"jkp.cash.{row.key}", amount, working=working)
        said = _MONTH.filled(
            month=row.key, rate=percent(rate.value), wage=rupiah(base), amount=rupiah(amount)
        )
        yield step._replace(sentence=said)


_CAPPED = Text(
    "Upah {wage} dihitung {cap}, yaitu batas upah JKP.",
    "The wage of {wage} counts as {cap}, the JKP wage cap.",
)
_MONTH = Text(
    "Bulan ke-{month}: {rate} dari upah {wage}, yaitu {amount}.",
    "Month {month}: {rate} of the wage of {wage}, {amount}.",
)
