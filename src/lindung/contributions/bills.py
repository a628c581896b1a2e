"""A bill as people read it: what it asks, by which articles, for whom and where, and who paid it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from lindung.access.names import with_users
from lindung.access.sealing import unseal_many
from lindung.contributions.bill_records import BillCharge, ChargeKind
from lindung.contributions.cover import ESTIMATE_BADGE, PAID_BADGE
from lindung.contributions.dues import due_dates
from lindung.contributions.models import Bill, BillLine, BillStatus, Payment, TariffDecision
from lindung.contributions.shares import SourceShare, shares_of
from lindung.identity import nik, places
from lindung.law.contributions import DueDate
from lindung.law.decision import Decision
from lindung.law.money import rupiah
from lindung.law.months import Month
from lindung.law.terms import Sector
from lindung.law.text import Text

PER_PAGE = 50
MOST_TARIFFS = 20
"""Wages differ from worker to worker; a page shows the decisions that hold for most people."""


class BillRow(NamedTuple):
    """A bill in a list; whole rupiah. ``waits`` says that a recorded order waits for its second person."""

    id: int
    agreement_id: int
    code: str
    title: str
    office: str
    month: Month
    people: int
    total: int
    due_on: date
    status: str
    badge: Text
    overdue: bool
    waits: bool


class BillList(NamedTuple):
    """One page of bills, newest month first; ``unpaid`` and ``owed`` count everything that was asked for."""

    rows: tuple[BillRow, ...]
    number: int
    pages: int
    years: tuple[int, ...]
    unpaid: int
    owed: int


class Working(NamedTuple):
    """One step of the law in words, and its article."""

    sentence: Text
    article: Text


class Tariff(NamedTuple):
    """One decision of the law, for how many people it holds, and whole rupiah for each of them.

    ``doubts`` says what was assumed, what is not verified, and what another reading would give.
    """

    people: int
    whom: Text
    each: int
    steps: tuple[Working, ...]
    doubts: tuple[Text, ...]


class KelurahanShare(NamedTuple):
    """The people of one kelurahan in a bill, and whole rupiah for them together."""

    code: str
    name: str
    kecamatan: str
    people: int
    amount: int


class PaymentShown(NamedTuple):
    """A treasury order for a bill: who recorded it when, and who confirmed it (empty: nobody yet)."""

    id: int
    order: str
    ordered_on: date
    amount: int
    recorded_by_id: int
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    rejected_at: datetime | None


class ChargeShown(NamedTuple):
    """What a bill asks for beside its lines: whole rupiah, from which month's bill, and the law's working."""

    label: Text
    amount: int
    from_bill_id: int | None
    month: Month | None
    steps: tuple[Working, ...]
    doubts: tuple[Text, ...]


class BillPage(NamedTuple):
    """A whole bill but for the names in it. ``more_tariffs`` counts decisions that are not shown.

    ``sources`` holds what each fund pays: one where a single fund pays all. ``due`` holds the last day for each
    programme with the sentence and the article that say so.
    """

    bill: BillRow
    programmes: tuple[tuple[str, int], ...]
    charges: tuple[ChargeShown, ...]
    due: tuple[DueDate, ...]
    superseded_by: int | None
    tariffs: tuple[Tariff, ...]
    more_tariffs: int
    sources: tuple[SourceShare, ...]
    kelurahan: tuple[KelurahanShare, ...]
    payments: tuple[PaymentShown, ...]


class Line(NamedTuple):
    """One worker in a bill."""

    person_id: int
    name: str
    nik_masked: str
    kelurahan: str
    amount: int


class LinePage(NamedTuple):
    """One page of the workers of a bill."""

    bill: BillRow
    lines: tuple[Line, ...]
    number: int
    pages: int
    people: int


def listed(*, year: int | None, status: str | None, number: int, on: date) -> BillList:
    """A page of the bills in the caller's scope, the nearest one when ``number`` is beyond the ends.

    Bills of people who pay for themselves stand on the page of their group (`insight/own_purses.py`).
    """
    bills = Bill.objects.filter(membership__isnull=True)
    years = tuple(day.year for day in bills.dates("month", "year", order="DESC"))
    if year:
        bills = bills.filter(month__gte=date(year, 1, 1), month__lte=date(year, 12, 31))
    open_ = bills.filter(status=BillStatus.FINAL).aggregate(bills=Count("pk"), owed=Sum("total"))
    shown = bills.filter(status=status) if status else bills
    number, pages = _nearest(number, shown.count())
    rows = _with_all(shown.order_by("-month", "agreement__code", "-pk"))
    page = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return BillList(
        rows=tuple(_row(bill, on) for bill in page),
        number=number,
        pages=pages,
        years=years,
        unpaid=open_["bills"],
        owed=open_["owed"] or 0,
    )


def row_of(bill_id: int, *, on: date) -> BillRow:
    """A bill without its parts. Raises Bill.DoesNotExist when it is not in scope."""
    return _row(_with_all(Bill.objects.all()).get(pk=bill_id), on)


def open_bills_of(agreement_ids: Sequence[int], *, on: date) -> tuple[BillRow, ...]:
    """Every bill of these agreements that is drawn and not paid."""
    bills = Bill.objects.filter(agreement__in=agreement_ids, status=BillStatus.FINAL, membership__isnull=True)
    return tuple(_row(bill, on) for bill in _with_all(bills).order_by("month", "pk"))


def open_bills(*, on: date) -> tuple[BillRow, ...]:
    """The unpaid bills in the caller's scope, the one that is due first on top; at most one page."""
    bills = _with_all(Bill.objects.filter(status=BillStatus.FINAL, membership__isnull=True)).order_by(
        "due_on", "agreement__code", "pk"
    )
    return tuple(_row(bill, on) for bill in bills[:PER_PAGE])


def page_of(bill_id: int, *, on: date) -> BillPage:
    """A bill with its law, its kelurahan and its payments. Raises Bill.DoesNotExist when it is not in scope."""
    bill = _with_all(Bill.objects.all()).get(pk=bill_id)
    lines = BillLine.objects.filter(bill=bill, month=bill.month)
    people = dict(lines.values_list("tariff_id").annotate(people=Count("work_id")).order_by())
    tariffs, programmes = _tariffs(people)
    return BillPage(
        bill=_row(bill, on),
        programmes=programmes,
        charges=charges_of(bill),
        due=due_dates(bill.agreement, Month.of(bill.month)),
        superseded_by=bill.superseded_by_id,
        tariffs=tuple(tariffs[:MOST_TARIFFS]),
        more_tariffs=max(0, len(tariffs) - MOST_TARIFFS),
        sources=shares_of(bill),
        kelurahan=_kelurahan(lines),
        payments=tuple(_payments(bill)),
    )


def lines_of(bill_id: int, *, number: int, on: date) -> LinePage:
    """A page of the workers in a bill, by kelurahan and name; of an operator's own kelurahan only.

    Raises Bill.DoesNotExist when the bill is not in scope.
    """
    bill = _with_all(Bill.objects.all()).get(pk=bill_id)
    lines = BillLine.objects.filter(bill=bill, month=bill.month)
    people = lines.count()
    number, pages = _nearest(number, people)
    in_order = lines.select_related("person").order_by("person__kelurahan_code", "person__name", "person_id")
    shown = list(in_order[(number - 1) * PER_PAGE : number * PER_PAGE])
    return LinePage(_row(bill, on), tuple(_lines(shown)), number, pages, people)


def waiting_payment(bill_id: int, payment_id: int) -> PaymentShown:
    """A recorded order of a bill. Raises Payment.DoesNotExist when there is none in scope."""
    found = Payment.objects.get(pk=payment_id, bill_id=bill_id)
    return _payment(with_users([found], "recorded_by", "confirmed_by")[0])


def _with_all(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    waiting = Payment.objects.filter(bill=OuterRef("pk"), confirmed_at__isnull=True, rejected_at__isnull=True)
    return bills.select_related("agreement__paying_office").annotate(waits=Exists(waiting))


def _row(bill: Bill, on: date) -> BillRow:
    is_open = bill.status == BillStatus.FINAL
    waits: bool = bill.waits  # type: ignore[attr-defined]  # annotated by _with_all
    return BillRow(
        id=bill.pk,
        agreement_id=bill.agreement_id,
        code=bill.agreement.code,
        title=bill.agreement.title,
        office=bill.agreement.paying_office.name,
        month=Month.of(bill.month),
        people=bill.people,
        total=bill.total,
        due_on=bill.due_on,
        status=bill.status,
        badge=PAID_BADGE if bill.status == BillStatus.PAID else ESTIMATE_BADGE,
        overdue=is_open and bill.due_on < on,
        waits=is_open and waits,
    )


def _nearest(number: int, rows: int) -> tuple[int, int]:
    pages = max(1, -(-rows // PER_PAGE))
    return min(max(1, number), pages), pages


def _tariffs(people: dict[int, int]) -> tuple[list[Tariff], tuple[tuple[str, int], ...]]:
    """The decisions behind the lines, most people first, and what they make for each programme together."""
    programmes: Counter[str] = Counter()
    tariffs = []
    for stored in TariffDecision.objects.prefetch_related("amounts").filter(pk__in=people):
        tariffs.append(_tariff(stored, people[stored.pk]))
        for part in stored.amounts.all():
            programmes[part.programme] += part.amount * people[stored.pk]
    tariffs.sort(key=lambda tariff: (-tariff.people, tariff.each))
    return tariffs, tuple((name, programmes[name]) for name in ("jkk", "jkm", "jht") if programmes[name])


def _tariff(stored: TariffDecision, people: int) -> Tariff:
    decision = Decision.from_json(stored.decision)
    steps = tuple(Working(step.sentence, step.citation.text) for step in decision.steps)
    doubts = decision.assumed + decision.unverified + tuple(other.sentence for other in decision.alternatives)
    return Tariff(people, _whom(decision), stored.total, steps, doubts)


def charges_of(bill: Bill) -> tuple[ChargeShown, ...]:
    """What a bill asks for beside its lines, fines first."""
    stored = bill.charges.select_related("from_bill").order_by("kind", "from_bill__month", "pk")
    return tuple(_charge(each) for each in stored)


def _charge(stored: BillCharge) -> ChargeShown:
    decision = Decision.from_json(stored.decision) if stored.decision else None
    steps = decision.steps if decision else ()
    doubts = decision.unverified + tuple(each.sentence for each in decision.alternatives) if decision else ()
    return ChargeShown(
        label=ChargeKind(stored.kind).text,
        amount=stored.amount,
        from_bill_id=stored.from_bill_id,
        month=Month.of(stored.from_bill.month) if stored.from_bill else None,
        steps=tuple(Working(step.sentence, step.citation.text) for step in steps),
        doubts=doubts,
    )


def _whom(decision: Decision) -> Text:
    """The people a decision holds for, by the fact that sets them apart: their wage, or their sector."""
    wage, sector = decision.facts.get("wage"), decision.facts.get("sector")
    if isinstance(wage, int):
        return Text("upah {wage} sebulan", "a wage of {wage} a month").filled(wage=rupiah(wage))
    return Sector(str(sector)).label if sector else Text("semua peserta", "all participants")


def _kelurahan(lines: QuerySet[BillLine]) -> tuple[KelurahanShare, ...]:
    counted = lines.values_list("person__kelurahan_code").annotate(Count("work_id"), Sum("amount"))
    shares = [_share(code, people, amount) for code, people, amount in counted.order_by()]
    return tuple(sorted(shares, key=lambda share: (share.kecamatan, share.name)))


def _share(code: str, people: int, amount: int) -> KelurahanShare:
    place = places.PLACES.get(code)
    return KelurahanShare(
        code, place.name if place else code, place.kecamatan if place else "", people, int(amount)
    )


def _payments(bill: Bill) -> Iterable[PaymentShown]:
    """The orders that settled the bill and, while it is open, those that name it: waiting, or confirmed and held."""
    settled = Q(settlements__bill=bill, settlements__reversed_by__isnull=True)
    waiting = Q(bill=bill, confirmed_at__isnull=True, rejected_at__isnull=True)
    named = Q(bill=bill, confirmed_at__isnull=False, reversed_at__isnull=True)
    wanted = settled | waiting | named if bill.status == BillStatus.FINAL else settled
    orders = Payment.objects.filter(wanted).distinct().order_by("recorded_at", "pk")
    return map(_payment, with_users(orders, "recorded_by", "confirmed_by"))


def _payment(payment: Payment) -> PaymentShown:
    return PaymentShown(
        id=payment.pk,
        order=payment.shown_number,
        ordered_on=payment.ordered_on,
        amount=payment.amount,
        recorded_by_id=payment.recorded_by_id,
        recorded_by=payment.recorded_by.name,
        recorded_at=payment.recorded_at,
        confirmed_by=payment.confirmed_by.name if payment.confirmed_by else "",
        confirmed_at=payment.confirmed_at,
        rejected_at=payment.rejected_at,
    )


def _lines(lines: list[BillLine]) -> Iterable[Line]:
    sealed = ((str(line.person_id), bytes(line.person.nik_sealed)) for line in lines)
    numbers = unseal_many(sealed, table="people_person", column="nik_sealed")
    for line, number in zip(lines, numbers, strict=True):
        place = places.PLACES.get(line.person.kelurahan_code)
        yield Line(
            person_id=line.person_id,
            name=line.person.name,
            nik_masked=nik.masked(number),
            kelurahan=place.name if place else line.person.kelurahan_code,
            amount=line.amount,
        )
