"""The proof that a bill is paid (bukti lunas): which orders, who recorded and who confirmed them, the ledger's entries."""

from datetime import date
from typing import NamedTuple

from lindung.access.names import with_users
from lindung.contributions import bills
from lindung.contributions.bill_paper import NOTHING_MORE, Known, Taken, letterhead, signed_number, table_of
from lindung.contributions.models import Bill, BillStatus, Settlement
from lindung.documents.paper import Paper, Section, Signature, Table
from lindung.documents.pdf import pdf
from lindung.engine.clock import JAKARTA
from lindung.engine.refusals import Refusal
from lindung.law.money import counted, rupiah
from lindung.law.months import day_label
from lindung.law.spelled import spelled_rupiah
from lindung.law.text import Text
from lindung.ledger.models import Entry


class NotPaid(Refusal):
    """Of a bill that is not paid there is nothing to prove."""

    code = "paid_paper.not_paid"


class _Order(NamedTuple):
    settlement: Settlement
    entry: int


def paid_pdf(bill_id: int, *, on: date, taken: Taken, known: Known = NOTHING_MORE) -> bytes:
    """The proof as PDF. Raises NotPaid, and Bill.DoesNotExist when the bill is not in scope."""
    return pdf(paid_paper(bill_id, on=on, taken=taken, known=known), on=taken.at)


def paid_paper(bill_id: int, *, on: date, taken: Taken, known: Known = NOTHING_MORE) -> Paper:
    """What stands on the proof. Raises NotPaid, and Bill.DoesNotExist when the bill is not in scope."""
    bill = Bill.objects.select_related("sponsor").get(pk=bill_id)
    if bill.status != BillStatus.PAID:
        raise NotPaid(_NOT_PAID)
    shown = bills.page_of(bill_id, on=on)
    orders = _orders(bill)
    programmes = [(name.upper(), rupiah(amount)) for name, amount in shown.programmes]
    programmes += [(charge.words, rupiah(charge.amount)) for charge in known.charges]
    return Paper(
        title=f"Bukti lunas iuran {shown.bill.month.label.id}",
        letterhead=letterhead(bill.sponsor, shown.bill.office),
        under=f"Jaminan sosial ketenagakerjaan · {shown.bill.title}",
        facts=(
            ("Nomor tagihan", f"{shown.bill.code}/{shown.bill.month}/{shown.bill.id}"),
            ("Kerja sama", f"{shown.bill.title} ({shown.bill.code})"),
            ("Perjanjian kerja sama (PKS)", signed_number(shown.bill.agreement_id)),
            ("Bulan iuran yang lunas", shown.bill.month.label.id),
            ("Peserta yang iurannya lunas", f"{counted(shown.bill.people).id} orang"),
        ),
        figure=rupiah(shown.bill.total),
        in_words=spelled_rupiah(shown.bill.total),
        sections=(
            Section("Dibayar dengan", (), _paid_by(orders)),
            Section("Dua orang yang menangani", (), _hands(orders)),
            Section("Untuk", (), table_of(programmes, ("Program", "Rupiah"))),
        ),
        signatures=(Signature("Bendahara Pengeluaran"), Signature("BPJS Ketenagakerjaan")),
        made=taken.words,
        fingerprint=known.fingerprint,
    )


def _orders(bill: Bill) -> list[_Order]:
    """The settlements of the bill that stand (no entry undoes theirs), each with its entry in the ledger."""
    standing = Settlement.objects.filter(bill=bill, instruction__entry__reversed_by__isnull=True)
    settled = list(standing.select_related("payment", "instruction").order_by("pk"))
    payments = with_users([each.payment for each in settled], "recorded_by", "confirmed_by")
    for each, payment in zip(settled, payments, strict=True):
        each.payment = payment
    entries = Entry.objects.filter(instruction__in=[each.instruction_id for each in settled])
    known = dict(entries.values_list("instruction_id", "pk"))
    return [_Order(each, known[each.instruction_id]) for each in settled]


def _paid_by(orders: list[_Order]) -> Table:
    rows = tuple(
        (
            f"{each.payment.get_source_display()} {each.payment.shown_number}",
            day_label(each.payment.ordered_on).id,
            f"{entry} · {each.instruction.reference}",
            rupiah(each.amount),
        )
        for each, entry in orders
    )
    return Table(("Bukti", "Tanggal", "Catatan buku besar", "Rupiah"), rows, right=(3,))


def _hands(orders: list[_Order]) -> Table:
    rows = []
    for each, _ in orders:
        payment = each.payment
        confirmed = payment.confirmed_at.astimezone(JAKARTA).date() if payment.confirmed_at else None
        rows.append(
            (
                payment.shown_number,
                f"{payment.recorded_by.name}, {day_label(payment.recorded_at.astimezone(JAKARTA).date()).id}",
                f"{payment.confirmed_by.name}, {day_label(confirmed).id}"
                if payment.confirmed_by and confirmed
                else "–",
            )
        )
    return Table(("Bukti", "Dicatat oleh", "Disahkan oleh"), tuple(rows))


_NOT_PAID = Text(
    "Tagihan ini belum lunas, jadi belum ada bukti lunasnya. Bayar dulu, lalu buka lagi.",
    "This bill is not paid, so there is no proof of payment yet. Pay it first, then come back.",
)
