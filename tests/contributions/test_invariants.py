"""Whatever an office does, in whatever order: every rupiah is booked once, and every paid month has its rupiah."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

import world
from contributions.conftest import Place
from database import check_as_at_commit, fetched, refused
from lindung.contributions import payments
from lindung.contributions.models import Bill, BillStatus, Payment
from lindung.law.months import Month
from lindung.ledger.posting import balance

MONTHS = [Month(2025, number) for number in (6, 7, 8)]


class Office(RuleBasedStateMachine):
    """An office that enrols, draws, cancels, orders and confirms; it remembers what it must have paid."""

    place: Place
    bills = Bundle("bills")
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.paid: dict[int, int] = {}
        self.cancelled: set[int] = set()
        self.enrolled = self.ordered = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(since=st.sampled_from(MONTHS))
    def enrol_one_more(self, since: Month) -> None:
        (worker,) = world.crowd(1, after=self.enrolled)
        billed = self.place.agreement.bills.exclude(status=BillStatus.CANCELLED).filter(
            month__gte=since.first_day()
        )
        with self.place.city.acting():
            too_late = billed.exists()
        if too_late:
            with refused("membership_before_the_bill"):
                world.enrol(self.place.city, self.place.agreement, worker, since=since)
            return
        world.enrol(self.place.city, self.place.agreement, worker, since=since)
        self.enrolled += 1

    @rule(target=bills, month=st.sampled_from(MONTHS))
    def draw(self, month: Month) -> Bill:
        return world.bill(self.place.city, self.place.agreement, month)

    @rule(bill=bills)
    def cancel(self, bill: Bill) -> None:
        if bill.pk in self.paid or bill.pk in self.cancelled:
            return
        with self.place.city.acting():
            Bill.objects.filter(pk=bill.pk).update(status=BillStatus.CANCELLED)
        self.cancelled.add(bill.pk)

    @rule(target=orders, bill=bills)
    def order(self, bill: Bill) -> object:
        self.ordered += 1
        try:
            return bill, world.order(self.place.city, bill, number=f"SP2D/{self.ordered}")
        except payments.PaidAlready:
            assert bill.pk in self.paid
            return multiple()
        except payments.BillCancelled:
            assert bill.pk in self.cancelled
            return multiple()

    @rule(target=orders, order=consumes(orders), times=st.integers(1, 2))
    def confirm(self, order: tuple[Bill, Payment], times: int) -> object:
        bill, payment = order
        for _ in range(times):
            try:
                world.confirm(self.place.city, bill, payment)
            except payments.PaidAlready:
                assert bill.pk in self.paid
                return multiple()
            except payments.BillCancelled:
                assert bill.pk in self.cancelled
                return multiple()
            self.paid[bill.pk] = bill.total
        return order

    @invariant()
    def every_rupiah_is_where_it_was_sent(self) -> None:
        paid = sum(self.paid.values())
        with self.place.city.acting():
            check_as_at_commit()
            assert balance(f"sponsor:{self.place.city.sponsor.pk}") == -paid
            assert balance("fund:jkk") + balance("fund:jkm") == paid
            assert fetched("SELECT coalesce(sum(amount), 0)::bigint FROM contributions_paidmonth") == [
                (paid,)
            ]
            assert fetched(PROOFS) == [(0, 0, 0, 0, len(self.paid))]


PROOFS = """
SELECT (SELECT count(*) FROM (SELECT entry_id FROM ledger_posting GROUP BY entry_id HAVING sum(amount) <> 0) x),
       (SELECT count(*) FROM ledger_instruction i FULL JOIN ledger_entry e ON e.instruction_id = i.id
         WHERE i.id IS NULL OR e.id IS NULL),
       (SELECT count(*) FROM contributions_bill b WHERE (b.status = 'paid') <> EXISTS (
         SELECT 1 FROM contributions_settlement s WHERE s.bill_id = b.id AND s.amount = b.total)),
       (SELECT count(*) FROM contributions_bill b WHERE b.status = 'paid' AND b.total <> (
         SELECT sum(p.amount) FROM contributions_paidmonth p WHERE p.month = b.month AND p.agreement_id = b.agreement_id)),
       (SELECT count(*) FROM contributions_settlement)
"""
"""Entries out of balance, instructions or entries alone, bills paid without settlement, bills and paid months that
differ; all 0. Last the number of settlements."""


@pytest.mark.django_db
def test_it_books_every_rupiah_once_whatever_the_office_does(jambi: Place) -> None:
    Office.place = jambi
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis does not type it
        Office,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            deadline=None,
            phases=(Phase.generate,),  # every step is real work: making a failure smaller would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
