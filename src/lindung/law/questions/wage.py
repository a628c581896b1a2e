"""The question for the wage that contributions are taken of: a monthly sum, by the day, by piece, by weather."""

from lindung.law.contributions import wages
from lindung.law.contributions.wages import TooFewMonths, WageKind
from lindung.law.decision import Decision
from lindung.law.questions.fields import Given
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = ("kind", "on", "basic", "fixed_allowance", "daily_wage", "earnings", "known")
"""`earnings`: whole rupiah by month, the oldest first."""

_NEEDED = {
    WageKind.MONTHLY: ("basic",),
    WageKind.DAILY: ("daily_wage",),
    WageKind.PIECE: ("earnings",),
    WageKind.WEATHER: ("earnings",),
}
_MOST = 1000


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The base wage. Raises Unanswerable, naming the fields; NoLawForDate for the day `on`."""
    kind = given.maybe.word("kind", WageKind)
    given.require("kind", "on", *(_NEEDED[kind] if kind else ()))
    on, known = given.day("on"), given.maybe.day("known")
    match given.word("kind", WageKind):
        case WageKind.MONTHLY:
            allowance = given.amount("fixed_allowance", 0)
            return wages.monthly(
                basic=given.amount("basic"), fixed_allowance=allowance, on=on, known=known, law=law
            )
        case WageKind.DAILY:
            return wages.daily(daily_wage=given.amount("daily_wage"), on=on, known=known, law=law)
        case averaged:
            try:
                return wages.averaged(kind=averaged, earnings=_earnings(given), on=on, known=known, law=law)
            except TooFewMonths as why:
                given.refuse("earnings", "too_few", _TOO_FEW.filled(field="{field}", months=why.months))


def _earnings(given: Given) -> list[int]:
    named = given.facts["earnings"]
    if not isinstance(named, list) or len(named) > _MOST:
        given.refuse("earnings", "not_a_list", _NOT_AMOUNTS)
    return [
        Given({f"earnings[{place}]": one}).amount(f"earnings[{place}]") for place, one in enumerate(named)
    ]


_TOO_FEW = Text(
    "{field}: tulis penghasilan {months} bulan terakhir, yang paling lama lebih dulu.",
    "{field}: give the earnings of the last {months} months, the oldest first.",
)
_NOT_AMOUNTS = Text(
    "{field} harus daftar rupiah seperti [3000000, 2800000].",
    "{field} must be a list of rupiah such as [3000000, 2800000].",
)
