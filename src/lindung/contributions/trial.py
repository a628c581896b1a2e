"""Draws a bill only to look at it: what a month would cost and why, with nothing kept."""

from datetime import date

from django.db import transaction

from lindung.access.scope import Actor
from lindung.contributions import billing, bills
from lindung.contributions.models import OVER, Bill
from lindung.law.months import Month


def drawn_bill(*, agreement_id: int, month: Month) -> int | None:
    """The bill or draft of the month that is drawn already and still stands, or None."""
    found = Bill.objects.filter(agreement_id=agreement_id, month=month.first_day(), membership__isnull=True)
    return found.exclude(status__in=OVER).values_list("pk", flat=True).first()


def tried(*, agreement_id: int, month: Month, by: Actor, today: date) -> bills.BillPage:
    """The bill as `billing.draw_up` would make it now, to the rupiah; it is taken back before this returns.

    Raises whatever draw_up raises.
    """
    with transaction.atomic():
        bill = billing.draw_up(agreement_id=agreement_id, month=month, by=by, today=today)
        page = bills.page_of(bill.pk, on=today)
        transaction.set_rollback(True)
    return page
