"""Sets money aside for an agreement by year and source, adds, cuts, withdraws; nothing set aside is rewritten."""

from datetime import date, datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.partnership.models import Agreement, Budget, FundingSource
from lindung.partnership.paper_dates import require_dated

_PAPER = "dpa"
"""What grants money, as the dates of papers know it."""


class NobodyActs(Refusal):
    """A budget is withdrawn by a user, never by the system."""

    code = "budget.nobody_acts"

    def __init__(self) -> None:
        super().__init__(Text("Masuk dulu dengan akun Anda sendiri.", "Sign in with your own account first."))


class WithdrawnAlready(Refusal):
    """A record of a budget is withdrawn once."""

    code = "budget.withdrawn"

    def __init__(self) -> None:
        super().__init__(
            Text("Catatan anggaran ini sudah ditarik.", "This record of a budget has been withdrawn already.")
        )


class NoBudgetYet(Refusal):
    """There is nothing to add to or to cut."""

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
    _require_budget(agreement_id, funding_source_id, year)
    return _add(
        agreement_id,
        funding_source_id,
        year=year,
        amount=amount,
        by=by,
        number=number,
        signed_on=signed_on,
        action="budget.raised",
    )


def cut_budget(
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
    """Take whole rupiah off the budget of a year, by the paper that cuts it; ``amount`` is what is cut, above zero.

    Raises SignedLater, SignedTooEarly, NoBudgetYet, and IntegrityError below zero or below what the bills of the year
    take already.
    """
    require_dated(signed_on=signed_on, kind=_PAPER, on=today)
    _require_budget(agreement_id, funding_source_id, year)
    return _add(
        agreement_id,
        funding_source_id,
        year=year,
        amount=-amount,
        by=by,
        number=number,
        signed_on=signed_on,
        action="budget.cut",
    )


def withdraw_budget(*, budget_id: int, reason: str, by: Actor, now: datetime) -> Budget:
    """Take back a record of a budget, a raise or a cut made by mistake: it stays to be read and counts no more.

    Raises Budget.DoesNotExist out of sight, WithdrawnAlready, and IntegrityError while raises or cuts stand on it or
    the bills of the year take more than would be left.
    """
    if by.user_id is None:
        raise NobodyActs
    with transaction.atomic():
        held = Budget.objects.select_for_update(no_key=True).get(pk=budget_id)
        if held.withdrawn_by_id is not None:
            raise WithdrawnAlready
        audit.record(
            "budget.withdrawn",
            by=by,
            subject=f"agreement:{held.agreement_id}",
            sponsor_id=held.sponsor_id,
            detail={
                "budget": held.pk,
                "year": held.year,
                "amount": held.amount,
                "reason": audit.without_numbers(reason.strip()),
            },
        )
        held.withdrawn_by_id, held.withdrawn_at, held.withdrawn_because = by.user_id, now, reason.strip()
        held.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return held


def _require_budget(agreement_id: int, funding_source_id: int, year: int) -> None:
    known = Budget.objects.filter(
        agreement_id=agreement_id,
        funding_source_id=funding_source_id,
        year=year,
        raises=False,
        withdrawn_by__isnull=True,
    )
    if not known.exists():
        raise NoBudgetYet


def _add(
    agreement_id: int,
    funding_source_id: int,
    *,
    year: int,
    amount: int,
    by: Actor,
    number: str,
    signed_on: date | None,
    action: str = "budget.recorded",
) -> Budget:
    with transaction.atomic():
        held = Agreement.objects.get(pk=agreement_id)
        source = FundingSource.objects.get(pk=funding_source_id, sponsor_id=held.sponsor_id)
        event = audit.record(
            action,
            by=by,
            subject=f"agreement:{held.pk}",
            sponsor_id=held.sponsor_id,
            detail={"year": year, "amount": abs(amount), "source": source.pk},
        )
        return Budget.objects.create(
            agreement=held,
            sponsor_id=held.sponsor_id,
            funding_source=source,
            year=year,
            amount=amount,
            raises=action != "budget.recorded",
            number=number,
            signed_on=signed_on,
            event_id=event,
        )
