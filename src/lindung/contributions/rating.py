"""What a worker's contribution depends on, and the law's answer for each such set of facts."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from lindung.contributions.dues import segment_of
from lindung.law import contributions as law
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.law.terms import Segment
from lindung.membership.employment import EmployerUnit
from lindung.partnership.models import Agreement, AgreementKind


class Rating(NamedTuple):
    """Whose money pays, in which sector, for which monthly wage in whole rupiah (0: a BPU, who reports none).

    Of people who pay for themselves ``wage`` is the income that they declare, and ``programmes`` are their own.
    """

    payer: str
    sector: str
    wage: int = 0
    programmes: tuple[str, ...] = ()


class _Facts(NamedTuple):
    """Everything the law asks about one worker's month; ``kind`` is the agreement's, ``income`` whole rupiah a month."""

    kind: str
    month: Month
    rating: Rating
    programmes: frozenset[str]
    income: int | None
    risk_class: str | None


class Rates:
    """The prices of one agreement's workers; asks the law once for each month and rating."""

    def __init__(self, agreement: Agreement, *, unit: EmployerUnit | None = None) -> None:
        self._agreement = agreement
        self._asked: dict[tuple[Month, Rating], Decision] = {}
        self._unit = unit

    @property
    def of_wages(self) -> bool:
        """Whether the agreement's people are wage earners."""
        return segment_of(self._agreement) is Segment.PU

    @property
    def own(self) -> bool:
        """Whether the agreement's people pay for themselves."""
        return self._agreement.kind == AgreementKind.INDEPENDENT

    @property
    def payer(self) -> str:
        """Whose money pays where a segment has no source of its own."""
        return self._agreement.funding_source.kind

    def price(self, rating: Rating, *, month: Month) -> Decision:
        """The contribution of a worker for the month, with steps and articles. Raises NoLawForDate."""
        key = (month, rating)
        if key not in self._asked:
            self._asked[key] = _decided(self._facts(rating, month))
        return self._asked[key]

    def total(self, people: Iterable[tuple[Rating, int]], *, month: Month) -> int:
        """Whole rupiah for so many workers of each rating."""
        return sum(count * _cost(self._facts(rating, month)) for rating, count in people)

    def _risk_class(self) -> str | None:
        """That of the unit, which is asked for when it first decides; None while there is no unit."""
        self._unit = self._unit or EmployerUnit.objects.filter(agreement=self._agreement).first()
        return self._unit.risk_class if self._unit else None

    def _facts(self, rating: Rating, month: Month) -> _Facts:
        return _Facts(
            self._agreement.kind,
            month,
            rating,
            frozenset(rating.programmes or self._agreement.programmes),
            rating.wage if self.own else self._agreement.monthly_income,
            self._risk_class() if self.of_wages else None,
        )


def _decided(facts: _Facts) -> Decision:
    if facts.kind != AgreementKind.EMPLOYER:
        return law.bpu(
            month=facts.month,
            programmes=facts.programmes,
            monthly_income=facts.income,
            payer=facts.rating.payer,
            sector=facts.rating.sector,
        )
    return law.pu(
        month=facts.month,
        wage=facts.rating.wage,
        risk_class=facts.risk_class,
        programmes=facts.programmes,
        payer=facts.rating.payer,
    )


@lru_cache(maxsize=65_536)
def _cost(facts: _Facts) -> int:
    """Whole rupiah of one worker. Remembered, because a page asks it for every month of a year, and the law stays."""
    return _decided(facts).total
