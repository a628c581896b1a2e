"""Months drawn together, to be paid at once: one to twelve by the law's periods, or a semester; each by its own price."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from lindung.access.scope import Actor
from lindung.contributions import billing
from lindung.contributions.dues import segment_of
from lindung.contributions.models import OVER, Bill, BillStatus
from lindung.engine.refusals import Refusal
from lindung.law import limits
from lindung.law.months import Month, months_from
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.partnership.models import Agreement

SEMESTER = 6
SEMESTERS_BEGIN = (1, 7)
"""January and July."""


class NotAPeriod(Refusal):
    """So many months are not paid at once."""

    code = "bill.not_a_period"

    def __init__(self, known: Sequence[int]) -> None:
        super().__init__(_PERIODS.filled(known=", ".join(map(str, known))), field="period")


class NotASemester(Refusal):
    """A semester begins in January or in July."""

    code = "bill.not_a_semester"

    def __init__(self, month: Month) -> None:
        super().__init__(_SEMESTER.filled(month=month.label), field="month")


class WageEarners(Refusal):
    """Wage earners' contributions are paid month by month: their wages are known only then."""

    code = "bill.wage_earners_monthly"

    def __init__(self) -> None:
        super().__init__(_MONTHLY, field="period")


_PERIODS = Text(
    "Iuran dibayar tiap bulan atau {known} bulan sekaligus. Pilih salah satu.",
    "Contributions are paid each month or {known} months at once. Choose one of them.",
)
_SEMESTER = Text(
    "Semester mulai Januari atau Juli, bukan {month}. Pilih bulan awalnya, atau pilih 6 bulan.",
    "A semester begins in January or July, not {month}. Choose its first month, or choose 6 months.",
)
_MONTHLY = Text(
    "Iuran penerima upah disusun bulan demi bulan menurut upahnya. Pilih 1 bulan.",
    "Contributions of wage earners are drawn month by month, by their wages. Choose 1 month.",
)


class MonthAhead(NamedTuple):
    """One month of a period: whole rupiah for its lines and for what is charged on it, and its bill once it is drawn."""

    month: Month
    people: int
    total: int
    charged: int
    due_on: date
    bill_id: int | None
    status: str


class Period(NamedTuple):
    """Months paid at once; ``total`` is what those ask that are not paid yet."""

    months: tuple[MonthAhead, ...]
    total: int

    @property
    def first(self) -> Month:
        """The first month."""
        return self.months[0].month

    @property
    def last(self) -> Month:
        """The last month."""
        return self.months[-1].month


def periods(agreement: Agreement, *, on: date) -> tuple[int, ...]:
    """How many months of this agreement may be drawn at once."""
    return (1,) if segment_of(agreement) is Segment.PU else limits.advance_periods(on=on)


def draw_ahead(
    *,
    agreement_id: int,
    first: Month,
    months: int,
    by: Actor,
    today: date,
    semester: bool = False,
    as_draft: bool = False,
) -> list[Bill]:
    """Draw the bills of so many months from the first on, all or none; those that are there are given as they are.

    Every month has the price of its own law: a relief that begins or ends within the period changes it from that month
    on. ``semester`` asks that the six months are one. Raises NotAPeriod, NotASemester, WageEarners, and for the month at
    fault what `billing.drawn` raises.
    """
    with transaction.atomic():
        agreement = billing.held_agreement(agreement_id)
        known = periods(agreement, on=today)
        if segment_of(agreement) is Segment.PU and months != 1:
            raise WageEarners
        if months not in known:
            raise NotAPeriod([each for each in known if each > 1])
        if semester and (months != SEMESTER or first.number not in SEMESTERS_BEGIN):
            raise NotASemester(first)
        return [
            billing.drawn(agreement_id=agreement_id, month=month, by=by, today=today, as_draft=as_draft).bill
            for month in months_from(first, first.plus(months - 1))
        ]


def tried(
    *, agreement_id: int, first: Month, months: int, by: Actor, today: date, semester: bool = False
) -> Period:
    """The months as `draw_ahead` would draw them now, to the rupiah; taken back before this returns. Raises as it does."""
    there = {each.month for each in drawn_between(agreement_id, first, months).months}
    with transaction.atomic():
        draw_ahead(
            agreement_id=agreement_id, first=first, months=months, by=by, today=today, semester=semester
        )
        found = drawn_between(agreement_id, first, months)
        transaction.set_rollback(True)
    return found._replace(
        months=tuple(
            each if each.month in there else each._replace(bill_id=None, status="") for each in found.months
        )
    )


def drawn_between(agreement_id: int, first: Month, months: int) -> Period:
    """The bills and drafts that stand in these months, in order; a month without one is left out."""
    bills = Bill.objects.filter(
        agreement_id=agreement_id,
        membership__isnull=True,
        month__gte=first.first_day(),
        month__lte=first.plus(months - 1).first_day(),
    ).exclude(status__in=OVER)
    shown = tuple(
        MonthAhead(
            month=Month.of(bill.month),
            people=bill.people,
            total=bill.total,
            charged=sum(charge.amount for charge in bill.charges.all()),
            due_on=bill.due_on,
            bill_id=bill.pk,
            status=bill.status,
        )
        for bill in bills.order_by("month").prefetch_related("charges")
    )
    return Period(shown, sum(each.total for each in shown if each.status != BillStatus.PAID))
