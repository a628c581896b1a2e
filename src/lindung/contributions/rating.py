"""What a worker's contribution depends on, and the law's answer for each such set of facts."""

from collections.abc import Iterable
from typing import NamedTuple

from lindung.contributions.dues import segment_of
from lindung.law import contributions as law
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.law.terms import Segment
from lindung.membership.employment import EmployerUnit
from lindung.partnership.models import Agreement
from lindung.partnership.pricing import price


class Rating(NamedTuple):
    """Whose money pays, in which sector, for which monthly wage in whole rupiah (0: a BPU, who reports none)."""

    payer: str
    sector: str
    wage: int = 0


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
    def payer(self) -> str:
        """Whose money pays where a segment has no source of its own."""
        return self._agreement.funding_source.kind

    def price(self, rating: Rating, *, month: Month) -> Decision:
        """The contribution of a worker for the month, with steps and articles. Raises NoLawForDate."""
        key = (month, rating)
        if key not in self._asked:
            self._asked[key] = self._decided(rating, month)
        return self._asked[key]

    def total(self, people: Iterable[tuple[Rating, int]], *, month: Month) -> int:
        """Whole rupiah for so many workers of each rating."""
        return sum(count * self.price(rating, month=month).total for rating, count in people)

    def _risk_class(self) -> str | None:
        """That of the unit, which is asked for when it first decides; None while there is no unit."""
        self._unit = self._unit or EmployerUnit.objects.filter(agreement=self._agreement).first()
        return self._unit.risk_class if self._unit else None

    def _decided(self, rating: Rating, month: Month) -> Decision:
        if not self.of_wages:
            return price(self._agreement, month=month, sector=rating.sector, payer=rating.payer)
        return law.pu(
            month=month,
            wage=rating.wage,
            risk_class=self._risk_class(),
            programmes=self._agreement.programmes,
            payer=rating.payer,
        )
