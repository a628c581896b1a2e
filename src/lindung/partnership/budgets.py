"""Sets money aside for an agreement by year and source, and adds to it; nothing that was set aside is rewritten."""

from datetime import date

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.partnership.models import Agreement, Budget, FundingSource
from lindung.partnership.paper_dates import require_dated

_PAPER = "dpa"
"""What grants money, as the dates of papers know it."""


class NoBudgetYet(Refusal):
    """There is nothing to add to."""

    code = "budget.none_yet"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Belum ada anggaran tahun itu dari sumber ini. Catat anggarannya dulu.",
                "There is no budget of that year from this source yet. Record the budget first.",
            ),
            field="year",
        )


def record_budget(
    *,
    agreement_id: int,
    funding_source_id: int,
    year: int,
    amount: int,
    by: Actor,
    today: date,
    number: str = "",
    signed_on: date | None = None,
) -> Budget:
    """The budget of a year from one source, in whole rupiah; ``number`` is that of the DPA or its like.

    Raises SignedLater, SignedTooEarly, and IntegrityError when the year has a budget from this source already: it is
    raised, not rewritten.
    """
    if signed_on is not None:
        require_dated(signed_on=signed_on, kind=_PAPER, on=today)
    return _add(
        agreement_id, funding_source_id, year=year, amount=amount, by=by, number=number, signed_on=signed_on
    )


def raise_budget(
    *,
    agreement_id: int,
    funding_source_id: int,
    year: int,
    amount: int,
    number: str,
    signed_on: date,
    by: Actor,
    today: date,
) -> Budget:
    """Add whole rupiah to the budget of a year, by the paper that grants it (a DPPA).

    Raises SignedLater, SignedTooEarly, NoBudgetYet.
    """
    require_dated(signed_on=signed_on, kind=_PAPER, on=today)
    known = Budget.objects.filter(agreement_id=agreement_id, funding_source_id=funding_source_id, year=year)
    if not known.exists():
        raise NoBudgetYet
    return _add(
        agreement_id,
        funding_source_id,
        year=year,
        amount=amount,
        by=by,
        number=number,
        signed_on=signed_on,
        raises=True,
    )


def _add(
    agreement_id: int,
    funding_source_id: int,
    *,
    year: int,
    amount: int,
    by: Actor,
    number: str,
    signed_on: date | None,
    raises: bool = False,
) -> Budget:
    with transaction.atomic():
        held = Agreement.objects.get(pk=agreement_id)
        source = FundingSource.objects.get(pk=funding_source_id, sponsor_id=held.sponsor_id)
        event = audit.record(
            "budget.raised" if raises else "budget.recorded",
            by=by,
            subject=f"agreement:{held.pk}",
            sponsor_id=held.sponsor_id,
            detail={"year": year, "amount": amount, "source": source.pk},
        )
        return Budget.objects.create(
            agreement=held,
            sponsor_id=held.sponsor_id,
            funding_source=source,
            year=year,
            amount=amount,
            raises=raises,
            number=number,
            signed_on=signed_on,
            event_id=event,
        )
