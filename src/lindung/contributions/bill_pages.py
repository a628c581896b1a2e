"""Bills, their lines and their payments as another system reads them; whole rupiah, each with who says so."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from lindung.access.names import with_users
from lindung.access.paging import Stretch, following
from lindung.access.sealing import unseal_many
from lindung.contributions.bill_records import BillCharge
from lindung.contributions.cover import ESTIMATE_BADGE, PAID_BADGE
from lindung.contributions.dues import due_dates
from lindung.contributions.models import Bill, BillLine, BillStatus, Payment, TariffAmount
from lindung.contributions.payment_pages import state_of
from lindung.contributions.purses import held, lacking, live_settlements
from lindung.contributions.shares import SourceShare, shares_of
from lindung.identity import nik
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.people.models import Person


class BillListed(NamedTuple):
    """What an agreement owes for a month, in whole rupiah."""

    id: int
    agreement_id: int
    agreement_code: str
    month: Month
    status: str
    people: int
    total: int
    due_on: date
    badge: Text


class PaymentListed(NamedTuple):
    """Money for a bill; it counts only once a second person has confirmed it.

    ``state`` is recorded, confirmed, rejected, asked (a reversal waits) or reversed; ``settled`` is what of it has paid
    bills, in whole rupiah. ``bill_ids`` are the bills it names.
    """

    id: int
    bill_id: int
    bill_ids: tuple[int, ...]
    source: str
    state: str
    order_number: str
    ordered_on: date
    amount: int
    settled: int
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


class ChargeListed(NamedTuple):
    """What a bill asks for beside its lines, in whole rupiah: a fine or a shortfall of another bill."""

    kind: str
    amount: int
    from_bill_id: int | None
    articles: tuple[Text, ...]


class DueListed(NamedTuple):
    """The last day to pay one programme in time."""

    programme: str
    on: date
    article: Text


class BillWhole(NamedTuple):
    """A bill with what each programme asks for, its charges, what each fund pays, and the orders recorded for it.

    ``held`` is the money that waits in its purse, ``lacks`` what it still needs beyond that to be paid.
    """

    bill: BillListed
    held: int
    lacks: int
    programmes: dict[str, int]
    charges: tuple[ChargeListed, ...]
    due: tuple[DueListed, ...]
    sources: tuple[SourceShare, ...]
    payments: tuple[PaymentListed, ...]


class LineListed(NamedTuple):
    """One worker's contribution in a bill."""

    work_id: int
    member_id: int
    name: str
    nik_masked: str
    amount: int
    programmes: dict[str, int]


def bills_after(
    after: int, *, limit: int, agreement_id: int | None = None, month: Month | None = None
) -> Stretch[BillListed]:
    """The bills in sight whose id is larger than `after`, in the order they were drawn; of an agreement or month."""
    wanted = _bills().filter(pk__gt=after).order_by("pk")
    chosen = wanted if agreement_id is None else wanted.filter(agreement_id=agreement_id)
    of_month = chosen if month is None else chosen.filter(month=month.first_day())
    found = list(of_month[: limit + 1])
    listed = tuple(_listed(each) for each in found[:limit])
    return Stretch(listed, following(found, limit=limit, key=lambda each: each.pk))


def bill_whole(bill_id: int) -> BillWhole:
    """One bill. Raises Bill.DoesNotExist when it is not in sight."""
    bill = _bills().get(pk=bill_id)
    asked = BillLine.objects.filter(month=bill.month, bill_id=bill.pk).order_by()
    sums = asked.values_list("tariff__amounts__programme").annotate(Sum("tariff__amounts__amount"))
    named = Q(bill_id=bill.pk) | Q(agreement=bill.agreement_id, more_bills__contains=[bill.pk])
    mine = Q(pk__in=live_settlements([bill.pk]).values("payment"))
    paid = with_users(_payments().filter(named | mine).order_by("pk"), "recorded_by", "confirmed_by")
    return BillWhole(
        bill=_listed(bill),
        held=held(agreement_id=bill.agreement_id, membership_id=bill.membership_id),
        lacks=lacking(bill) if bill.status == BillStatus.FINAL else 0,
        programmes={programme: int(amount) for programme, amount in sorted(sums)},
        charges=tuple(_charge(each) for each in bill.charges.order_by("pk")),
        due=tuple(
            DueListed(name, due.on, due.citation.text)
            for name, due in zip(
                bill.agreement.programmes, due_dates(bill.agreement, Month.of(bill.month)), strict=True
            )
        ),
        sources=shares_of(bill),
        payments=tuple(_payment(each) for each in paid),
    )


def lines_after(bill_id: int, after: int, *, limit: int) -> Stretch[LineListed]:
    """The lines of a bill whose work's id is larger than `after`. Raises Bill.DoesNotExist."""
    bill = Bill.objects.get(pk=bill_id)
    lines = BillLine.objects.filter(month=bill.month, bill_id=bill.pk, work_id__gt=after)
    found = list(lines.order_by("work_id")[: limit + 1])
    listed = tuple(_lines(found[:limit]))
    return Stretch(listed, following(found, limit=limit, key=lambda line: line.work_id))


def payment_listed(payment_id: int) -> PaymentListed:
    """One recorded order. Raises Payment.DoesNotExist when it is not in sight."""
    return _payment(with_users([_payments().get(pk=payment_id)], "recorded_by", "confirmed_by")[0])


def _payments() -> QuerySet[Payment]:
    live = Q(settlements__reversed_by__isnull=True)
    return Payment.objects.annotate(settled=Sum("settlements__amount", filter=live, default=0))


def _bills() -> QuerySet[Bill]:
    return Bill.objects.select_related("agreement")


def _listed(bill: Bill) -> BillListed:
    return BillListed(
        id=bill.pk,
        agreement_id=bill.agreement_id,
        agreement_code=bill.agreement.code,
        month=Month.of(bill.month),
        status=bill.status,
        people=bill.people,
        total=bill.total,
        due_on=bill.due_on,
        badge=PAID_BADGE if bill.status == BillStatus.PAID else ESTIMATE_BADGE,
    )


def _charge(charge: BillCharge) -> ChargeListed:
    citations = Decision.from_json(charge.decision).citations if charge.decision else ()
    return ChargeListed(
        charge.kind, charge.amount, charge.from_bill_id, tuple(citation.text for citation in citations)
    )


def _payment(payment: Payment) -> PaymentListed:
    return PaymentListed(
        id=payment.pk,
        bill_id=payment.bill_id or 0,
        bill_ids=tuple(payment.bill_ids),
        source=payment.source,
        state=state_of(payment),
        order_number=payment.order_number,
        ordered_on=payment.ordered_on,
        amount=payment.amount,
        settled=payment.settled,  # type: ignore[attr-defined]  # annotated by _payments
        recorded_by=payment.recorded_by.name,
        recorded_at=payment.recorded_at,
        confirmed_by=payment.confirmed_by.name if payment.confirmed_by else None,
        confirmed_at=payment.confirmed_at,
    )


def _lines(lines: Sequence[BillLine]) -> list[LineListed]:
    people = {each.pk: each for each in Person.objects.filter(pk__in=[line.person_id for line in lines])}
    sealed = [(pk, bytes(person.nik_sealed)) for pk, person in people.items()]
    opened = unseal_many(sealed, table="people_person", column="nik_sealed")
    numbers = dict(zip(people, opened, strict=True))
    tariffs = _tariffs({line.tariff_id for line in lines})
    return [
        LineListed(
            work_id=line.work_id,
            member_id=line.person_id,
            # A person who is not in sight any more is still on the bill that was paid for him.
            name=people[line.person_id].name if line.person_id in people else "",
            nik_masked=nik.masked(numbers[line.person_id]) if line.person_id in numbers else "",
            amount=line.amount,
            programmes=tariffs[line.tariff_id],
        )
        for line in lines
    ]


def _tariffs(ids: set[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {each: {} for each in ids}
    amounts = TariffAmount.objects.filter(tariff_id__in=ids).order_by("tariff_id", "programme")
    for tariff_id, programme, amount in amounts.values_list("tariff_id", "programme", "amount"):
        found[tariff_id][programme] = amount
    return found
