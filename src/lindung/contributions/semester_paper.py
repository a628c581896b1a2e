"""The bills of half a year on one paper: what each month asks, what is paid, and what is left."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from lindung.contributions.bill_paper import SIGNERS, Taken, letterhead, signed_number
from lindung.contributions.models import Bill, BillStatus
from lindung.documents.paper import Paper, Section, Table
from lindung.documents.pdf import pdf
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.spelled import spelled_rupiah

_MONTHS = 6
_GONE = ("draft", "cancelled", "superseded")


def semester_pdf(bill_id: int, *, taken: Taken, fingerprint: str = "") -> bytes:
    """The half-year of a bill as PDF. Raises Bill.DoesNotExist when the bill is not in scope."""
    return pdf(semester_paper(bill_id, taken=taken, fingerprint=fingerprint), on=taken.at)


def semester_paper(bill_id: int, *, taken: Taken, fingerprint: str = "") -> Paper:
    """What stands on the paper of the bill's half-year: its purse's bills that hold, January to June or July to December.

    Raises Bill.DoesNotExist when the bill is not in scope.
    """
    asked = Bill.objects.select_related("agreement__paying_office", "sponsor").get(pk=bill_id)
    first, last = _half_year(Month.of(asked.month))
    own = Q(membership__isnull=True) if asked.membership_id is None else Q(membership=asked.membership_id)
    bills = list(
        Bill.objects.filter(
            own,
            agreement_id=asked.agreement_id,
            month__gte=first.first_day(),
            month__lte=last.first_day(),
        )
        .exclude(status__in=_GONE)
        .order_by("month")
    )
    total = sum(bill.total for bill in bills)
    agreement = asked.agreement
    return Paper(
        title=f"Tagihan iuran {first.label.id} – {last.label.id}",
        letterhead=letterhead(asked.sponsor, agreement.paying_office.name),
        under=f"Jaminan sosial ketenagakerjaan · {agreement.title}",
        facts=(
            ("Kerja sama", f"{agreement.title} ({agreement.code})"),
            ("Perjanjian kerja sama (PKS)", signed_number(agreement.pk)),
            ("Dibayar oleh", "peserta sendiri" if asked.membership_id else agreement.paying_office.name),
            ("Bulan yang ditagih", f"{len(bills)} dari {_MONTHS}"),
        ),
        figure=rupiah(total),
        in_words=spelled_rupiah(total),
        sections=(Section("Tiap bulan", (), _months(bills)), _left(bills), *_missing(bills, first, last)),
        signatures=SIGNERS,
        made=taken.words,
        fingerprint=fingerprint,
    )


def _half_year(month: Month) -> tuple[Month, Month]:
    first = Month(month.year, 1 if month.number <= _MONTHS else _MONTHS + 1)
    return first, first.plus(_MONTHS - 1)


def _months(bills: Sequence[Bill]) -> Table:
    rows = tuple(
        (
            Month.of(bill.month).label.id,
            counted(bill.people).id,
            day_label(bill.due_on).id,
            "lunas" if bill.status == BillStatus.PAID else "belum lunas",
            rupiah(bill.total),
        )
        for bill in bills
    )
    total = ("Jumlah", "", "", "", rupiah(sum(bill.total for bill in bills)))
    return Table(("Bulan", "Orang", "Jatuh tempo", "Keadaan", "Rupiah"), rows, right=(4,), total=total)


def _left(bills: Sequence[Bill]) -> Section:
    paid = sum(bill.total for bill in bills if bill.status == BillStatus.PAID)
    left = sum(bill.total for bill in bills) - paid
    said = (f"Sudah lunas: {rupiah(paid)}.", f"Masih harus dibayar: {rupiah(left)} ({spelled_rupiah(left)}).")
    return Section("Sudah dan belum dibayar", said)


def _missing(bills: Sequence[Bill], first: Month, last: Month) -> tuple[Section, ...]:
    """The months of the half-year that have no bill yet, where there are any."""
    billed: set[date] = {bill.month for bill in bills}
    months = [first.plus(step) for step in range(first.months_until(last) + 1)]
    without = [month.label.id for month in months if month.first_day() not in billed]
    return (Section("Belum ditagih", (", ".join(without) + ".",)),) if without else ()
