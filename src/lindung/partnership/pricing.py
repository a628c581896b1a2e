"""What one worker costs an agreement in a month, as the law says it."""

from lindung.law import contributions
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.partnership.models import Agreement


def price(agreement: Agreement, *, month: Month, sector: str = "other", payer: str = "") -> Decision:
    """The contribution of one non-wage earner under this agreement, with its steps and articles.

    The payer is the kind of the agreement's funding source unless his segment has its own, because a relief may
    depend on whose money it is (PP 50/2025 Pasal 3). ``sector`` is ``road_transport`` or ``other``.
    """
    return contributions.bpu(
        month=month,
        programmes=frozenset(agreement.programmes),
        monthly_income=agreement.monthly_income,
        payer=payer or agreement.funding_source.kind,
        sector=sector,
    )
