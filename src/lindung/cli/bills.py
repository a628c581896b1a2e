"""What `bill draw` and `bill show` answer: a month's bill with its tariff decisions, programmes and payments."""

from datetime import date
from typing import NamedTuple

import click
from django.db.models import Count, Q, QuerySet, Sum

from lindung.access.names import with_users
from lindung.access.roles import Permission
from lindung.cli.acting import acting, agreement_of
from lindung.cli.layout import show_facts, show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say
from lindung.contributions import billing
from lindung.contributions.bill_records import ChargeKind
from lindung.contributions.dues import due_dates
from lindung.contributions.models import (
    OVER,
    Bill,
    BillLine,
    BillStatus,
    Payment,
    Programme,
    TariffDecision,
)
from lindung.law.decision import Decision
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.terms import Sector
from lindung.law.text import Text
from lindung.law.values import NoLawForDate
from lindung.partnership.models import Agreement


class Tariff(NamedTuple):
    """One tariff decision of the law and the people it holds for; whole rupiah a person, of a wage if they earn one."""

    people: int
    sector: Sector
    wage: int | None
    each: int
    sentences: tuple[Text, ...]
    articles: tuple[Text, ...]


class PaymentShown(NamedTuple):
    """A treasury order for the bill, who recorded it, and who confirmed it (None: nobody yet)."""

    order: str
    ordered_on: date
    amount: int
    recorded_by: str
    confirmed_by: str | None


class ChargeShown(NamedTuple):
    """A fine or shortfall of an earlier month's bill, in whole rupiah, with the law's working and its articles."""

    kind: str
    month: Month | None
    amount: int
    sentences: tuple[Text, ...]
    articles: tuple[Text, ...]


class DueShown(NamedTuple):
    """The last day to pay one programme, and the article that says so."""

    programme: str
    on: date
    sentence: Text
    article: Text


class BillShown(NamedTuple):
    """A bill in whole rupiah; `was_there` says that it had been drawn before, `settled` how much of it is paid."""

    agreement: str
    month: Month
    status: str
    people: int
    total: int
    due_on: date
    was_there: bool
    programmes: dict[str, int]
    tariffs: tuple[Tariff, ...]
    payments: tuple[PaymentShown, ...]
    charges: tuple[ChargeShown, ...]
    due: tuple[DueShown, ...]
    settled: int


def drawn(*, code: str, month: Month, username: str, wet: bool, as_draft: bool = False) -> BillShown:
    """Draw the bill as this user, or a draft of it; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.DRAW_BILL, command="bill draw", wet=wet) as standing:
        agreement = agreement_of(code)
        was_there = _bills(agreement, month).exists()
        try:
            made = billing.drawn(
                agreement_id=agreement.pk,
                month=month,
                by=standing.actor,
                today=standing.on,
                as_draft=as_draft,
            ).bill
        except NoLawForDate as why:
            raise Refused("law.none_for_date", why.text) from why
        return _shown(made, agreement, was_there=was_there)


def found(*, code: str, month: Month, username: str) -> BillShown:
    """The bill that is drawn for a month. Raises Refused when there is none."""
    with acting(username, Permission.SEE_BILLS, command="bill show", wet=False):
        agreement = agreement_of(code)
        return _shown(bill_of(agreement, month), agreement, was_there=True)


def bill_of(agreement: Agreement, month: Month) -> Bill:
    """The bill of a month that is not cancelled. Raises Refused with the months that are drawn."""
    made = _bills(agreement, month).first()
    if made is not None:
        return made
    drawn = Bill.objects.filter(agreement=agreement, membership__isnull=True).exclude(status__in=OVER)
    last = drawn.order_by("-month").first()
    latest = Month.of(last.month).label if last else "-"
    raise Refused(
        "bill.not_drawn",
        _NOT_DRAWN.filled(month=month.label, code=agreement.code, at=str(month), last=latest),
    )


def show(shown: BillShown) -> None:
    """Print a bill."""
    show_facts(
        (
            (Text("Kerja sama", "Agreement"), shown.agreement),
            (Text("Bulan", "Month"), shown.month.label),
            (Text("Status", "Status"), _STATUS[BillStatus(shown.status)]),
            (Text("Orang", "People"), counted(shown.people)),
            (Text("Jumlah", "Total"), rupiah(shown.total)),
            *(
                (Text(name.upper(), name.upper()), rupiah(amount))
                for name, amount in shown.programmes.items()
            ),
            *(
                (
                    _FROM.filled(
                        kind=ChargeKind(each.kind).text, month=each.month.label if each.month else "–"
                    ),
                    rupiah(each.amount),
                )
                for each in shown.charges
            ),
            (Text("Jatuh tempo", "Due"), day_label(shown.due_on)),
            (Text("Sudah dibayar", "Settled"), rupiah(shown.settled)),
        )
    )
    click.echo("")
    show_facts((Text(each.programme.upper(), each.programme.upper()), each.sentence) for each in shown.due)
    for charge in shown.charges:
        click.echo("")
        show_facts((Text("-", "-"), sentence) for sentence in charge.sentences)
    for tariff in shown.tariffs:
        click.echo("")
        each = Text("{n} orang ({sector}), masing-masing {amount}:", "{n} people ({sector}), {amount} each:")
        amount = rupiah(tariff.each)
        wage = Text("upah {wage}", "wage {wage}").filled(wage=rupiah(tariff.wage or 0))
        kind = tariff.sector.label if tariff.wage is None else wage
        say(each.filled(n=counted(tariff.people), sector=kind, amount=amount))
        show_facts(((Text("-", "-"), sentence) for sentence in tariff.sentences), indent="  ")
    if shown.payments:
        click.echo("")
        _show_payments(shown.payments)


_NOT_DRAWN = Text(
    "Tagihan {code} untuk {month} belum disusun (terakhir: {last}). Susun dulu: "
    "./lindung bill draw --agreement {code} --month {at}",
    "The bill of {code} for {month} is not drawn yet (last: {last}). Draw it first: "
    "./lindung bill draw --agreement {code} --month {at}",
)
_STATUS = {
    BillStatus.DRAFT: Text("draf", "draft"),
    BillStatus.FINAL: Text("belum lunas", "unpaid"),
    BillStatus.PAID: Text("lunas", "paid"),
    BillStatus.CANCELLED: Text("dibatalkan", "cancelled"),
    BillStatus.SUPERSEDED: Text("digantikan", "superseded"),
}
_FROM = Text("{kind}, {month}", "{kind}, {month}")
_UNCONFIRMED = Text("belum disahkan", "not confirmed")


def _bills(agreement: Agreement, month: Month) -> QuerySet[Bill]:
    own = Bill.objects.filter(agreement=agreement, month=month.first_day(), membership__isnull=True)
    return own.exclude(status__in=OVER)


def _shown(bill: Bill, agreement: Agreement, *, was_there: bool) -> BillShown:
    tariffs, programmes = _tariffs(bill)
    return BillShown(
        agreement=agreement.code,
        month=Month.of(bill.month),
        status=bill.status,
        people=bill.people,
        total=bill.total,
        due_on=bill.due_on,
        was_there=was_there,
        programmes=programmes,
        tariffs=tariffs,
        payments=_payments(bill),
        charges=_charges(bill),
        due=tuple(
            DueShown(name, due.on, due.sentence, due.citation.text)
            for name, due in zip(
                agreement.programmes, due_dates(agreement, Month.of(bill.month)), strict=True
            )
        ),
        settled=bill.settlements.aggregate(sum=Sum("amount"))["sum"] or 0,
    )


def _charges(bill: Bill) -> tuple[ChargeShown, ...]:
    stored = bill.charges.select_related("from_bill").order_by("kind", "from_bill__month")
    found = []
    for each in stored:
        decision = Decision.from_json(each.decision)
        found.append(
            ChargeShown(
                each.kind,
                Month.of(each.from_bill.month) if each.from_bill else None,
                each.amount,
                decision.sentences,
                tuple(citation.text for citation in decision.citations),
            )
        )
    return tuple(found)


def _tariffs(bill: Bill) -> tuple[tuple[Tariff, ...], dict[str, int]]:
    """The decisions behind the lines, and what they make for each programme of the whole bill."""
    lines = BillLine.objects.filter(bill=bill, month=bill.month).values_list("tariff_id")
    people = dict(lines.annotate(people=Count("work_id")).order_by())
    tariffs, programmes = [], dict.fromkeys(Programme.values, 0)
    for stored in TariffDecision.objects.prefetch_related("amounts").filter(pk__in=people).order_by("pk"):
        decision, count = Decision.from_json(stored.decision), people[stored.pk]
        articles = tuple(citation.text for citation in decision.citations)
        sector, wage = Sector(str(decision.facts.get("sector", Sector.OTHER))), decision.facts.get("wage")
        earned = wage if isinstance(wage, int) else None
        tariffs.append(Tariff(count, sector, earned, stored.total, decision.sentences, articles))
        for part in stored.amounts.all():
            programmes[part.programme] += part.amount * count
    return tuple(tariffs), {name: amount for name, amount in programmes.items() if amount}


def _payments(bill: Bill) -> tuple[PaymentShown, ...]:
    """The orders that settled the bill and, while it is unpaid, those of the agreement that wait for their second person."""
    settled = Q(settlements__bill=bill, settlements__reversed_by__isnull=True)
    waiting = Q(bill=bill, confirmed_at__isnull=True, rejected_at__isnull=True)
    wanted = settled if bill.status == BillStatus.PAID else settled | waiting
    orders = Payment.objects.filter(wanted).distinct().order_by("ordered_on", "pk")
    return tuple(
        PaymentShown(
            order=each.order_number,
            ordered_on=each.ordered_on,
            amount=each.amount,
            recorded_by=each.recorded_by.username,
            confirmed_by=each.confirmed_by.username if each.confirmed_by else None,
        )
        for each in with_users(orders, "recorded_by", "confirmed_by")
    )


def _show_payments(payments: tuple[PaymentShown, ...]) -> None:
    headings = (
        Text("SP2D", "SP2D"),
        Text("Tanggal", "Date"),
        Text("Jumlah", "Amount"),
        Text("Dicatat", "Recorded by"),
        Text("Disahkan", "Confirmed by"),
    )
    rows = [
        (
            each.order,
            each.ordered_on,
            rupiah(each.amount),
            each.recorded_by,
            each.confirmed_by or _UNCONFIRMED,
        )
        for each in payments
    ]
    show_table(headings, rows, right=(2,))
