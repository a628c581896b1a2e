"""Which wage contributions are taken of, when it is not paid as one sum a month: by the day, the piece, the weather."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from lindung.law.contributions.steps import written
from lindung.law.decision import Citation, Confidence, Decision, Fact, Step
from lindung.law.money import NotAnAmount, rupiah, share
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.terms import Term
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate

SOURCE = Citation("PP 44/2015", "19")


class WageKind(Term):
    """How the wage is earned: a monthly sum, by the day, by piece or commission, or depending on weather."""

    MONTHLY = "monthly"
    DAILY = "daily"
    PIECE = "piece"
    WEATHER = "weather"


class TooFewMonths(ValueError):
    """Tulis penghasilan {months} bulan terakhir. / Give the earnings of the last {months} months."""

    def __init__(self, months: int) -> None:
        super().__init__(str(self.__doc__).format(months=months))
        self.months = months


def monthly(
    *, basic: int, fixed_allowance: int = 0, on: date, known: date | None = None, law: Law | None = None
) -> Decision:
    """Basic wage plus fixed allowances; what varies does not count (PP 44/2015 P19). Whole rupiah.

    Raises NotAnAmount, NoLawForDate.
    """
    _check(basic, fixed_allowance)
    reading = Reading(law or in_force(), on=on, known=known)
    if not reading.exists("wage.daily_days"):  # the article's own numbers tell since when it holds
        raise NoLawForDate("wage", on, _BASE_WAGE)
    steps = (
        Step("wage.basic", _BASIC, basic, SOURCE, Confidence.READ_IN_LAW, _said(_BASIC_IS, basic), {}),
        Step(
            "wage.fixed_allowance", _ALLOWANCE, fixed_allowance, SOURCE, Confidence.READ_IN_LAW,
            _said(_ALLOWANCE_IS, fixed_allowance), {},
        ),
    )  # fmt: skip
    facts: dict[str, Fact] = {"basic": basic, "fixed_allowance": fixed_allowance}
    return reading.decision("wage", steps=steps, facts=_facts(WageKind.MONTHLY, on, known) | facts)


def daily(*, daily_wage: int, on: date, known: date | None = None, law: Law | None = None) -> Decision:
    """The wage of a day times 25 (PP 44/2015 P19). Whole rupiah. Raises NotAnAmount, NoLawForDate."""
    _check(daily_wage)
    reading = Reading(law or in_force(), on=on, known=known)
    days = reading.whole("wage.daily_days")
    working: dict[str, Fact] = {"daily_wage": daily_wage, "days": days.value}
    step = days.step("wage.daily", daily_wage * days.value, base=daily_wage, working=working)
    facts: dict[str, Fact] = {"daily_wage": daily_wage}
    return reading.decision("wage", steps=(step,), facts=_facts(WageKind.DAILY, on, known) | facts)


def averaged(
    *,
    kind: WageKind,
    earnings: Sequence[int],
    on: date,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The average of the last months, oldest first: 3 for piece work and commission, 12 for work that
    depends on the weather (PP 44/2015 P19). Whole rupiah.

    Raises TooFewMonths, NotAnAmount, NoLawForDate.
    """
    _check(*earnings)
    reading = Reading(law or in_force(), on=on, known=known)
    months = reading.whole(f"wage.{kind}_months")
    if len(earnings) < months.value:
        raise TooFewMonths(months.value)
    counted = tuple(earnings[-months.value :])
    step = _average_step(reading, kind, months, sum(counted))
    facts: dict[str, Fact] = {"earnings": tuple(str(one) for one in earnings)}
    return reading.decision("wage", steps=(step,), facts=_facts(kind, on, known) | facts)


def _average_step(reading: Reading, kind: WageKind, months: Read[int], total: int) -> Step:
    part = Fraction(1, months.value)
    reading.rounded(total, part)
    working: dict[str, Fact] = {
        "earned": total,
        "months": months.value,
        "rate": written(part),
        "rounding": reading.rounding().value,
    }
    amount = share(total, part, reading.rounding())
    return months.step(f"wage.{kind}", amount, base=total, working=working)


def _check(*amounts: int) -> None:
    if min(amounts, default=0) < 0:
        raise NotAnAmount(NotAnAmount.__doc__)


def _said(sentence: Text, amount: int) -> Text:
    return sentence.filled(amount=rupiah(amount))


def _facts(kind: WageKind, on: date, known: date | None) -> dict[str, Fact]:
    return {"kind": kind.value, "on": on.isoformat(), "known": known.isoformat() if known else None}


_BASIC = Text("Upah pokok", "Basic wage")
_ALLOWANCE = Text("Tunjangan tetap", "Fixed allowance")
_BASIC_IS = Text("Upah pokok sebulan {amount}.", "The basic wage is {amount} a month.")
_ALLOWANCE_IS = Text(
    "Tunjangan tetap {amount} ikut dihitung; tunjangan tidak tetap tidak.",
    "The fixed allowance of {amount} counts too; allowances that vary do not.",
)


_BASE_WAGE = Text("Upah dasar iuran", "The wage that contributions are taken of")
