"""Whatever an office does, in whatever order: every rupiah is booked once, and every paid month has its rupiah."""

import os
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

import purses
import world
from contributions.conftest import Place
from database import check_as_at_commit, fetched, refused
from lindung.access.models import Role
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions import cancelling, payments, rejecting, settling, shortfalls
from lindung.contributions import proofs as of_bills
from lindung.contributions.cancelling import CancelReason
from lindung.contributions.models import Bill, BillStatus, PaidMonth, Payment
from lindung.contributions.payment_refusals import ConfirmedAlready, NotConfirmed
from lindung.contributions.purses import held
from lindung.law.months import Month
from lindung.ledger import proofs as of_ledger
from lindung.ledger.posting import balance
from lindung.membership import changes
from lindung.membership.employment import LeaveReason

MONTHS = [Month(2025, number) for number in (6, 7, 8)]
LAST = date(2025, 8, 28)
EXAMPLES = int(os.environ.get("LINDUNG_MONEY_EXAMPLES", "4"))
"""How many lives of an office are tried; more by hand."""


class Office(RuleBasedStateMachine):
    """An office to which money comes, or goes back; it remembers what it was promised."""

    place: Place
    bills = Bundle("bills")
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.enrolled = self.ordered = 0
        self.came: dict[int, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @rule(since=st.sampled_from(MONTHS))
    def join(self, since: Month) -> None:
        (worker,) = world.crowd(1, after=self.enrolled)
        with self.place.city.acting():
            live = self.place.agreement.bills.exclude(status=BillStatus.CANCELLED)
            too_late = live.filter(month__gte=since.first_day()).exists()
        if too_late:
            with refused("membership_before_the_bill"):
                world.enrol(self.place.city, self.place.agreement, worker, since=since)
            return
        world.enrol(self.place.city, self.place.agreement, worker, since=since)
        self.enrolled += 1

    @rule(last=st.sampled_from(MONTHS))
    def leave(self, last: Month) -> None:
        """Pak Budi goes after a month; the database lets him only when no later one is billed."""
        with self.place.city.acting() as officer:
            member = self.place.agreement.memberships.get(person_id=self.place.budi)
            try:
                with transaction.atomic():
                    changes.leave(
                        membership_id=member.pk, last_month=last, reason=LeaveReason.MOVED, by=officer,
                        now=world.at(LAST),
                    )  # fmt: skip
            except (changes.LeftAlready, IntegrityError):
                return

    @rule(target=bills, month=st.sampled_from(MONTHS))
    def draw(self, month: Month) -> Bill:
        return world.bill(self.place.city, self.place.agreement, month)

    @rule(bill=bills)
    def cancel(self, bill: Bill) -> None:
        with self.place.city.acting() as officer:
            try:
                cancelling.cancel(
                    bill_id=bill.pk, reason=CancelReason.MISTAKE, by=officer, now=world.at(LAST)
                )
            except (cancelling.BillPaid, cancelling.OrderWaits):
                return

    @rule(target=orders, bill=bills, more=st.sampled_from([0, 0, -1, 1, -16_800, 33_600]))
    def record(self, bill: Bill, more: int) -> object:
        self.ordered += 1
        try:
            return world.order(
                self.place.city, bill, number=f"SP2D/{self.ordered}", amount=max(1, bill.total + more)
            )
        except (payments.PaidAlready, payments.BillCancelled):
            return multiple()

    @rule(amount=st.sampled_from([1, 16_800, 33_600, 100_000]))
    def receive(self, amount: int) -> None:
        self.ordered += 1
        made = purses.money(
            self.place.city, self.place.agreement, amount, on=LAST, number=f"SP2D/{self.ordered}"
        )
        self.came[made.pk] = amount

    @rule(order=orders, times=st.integers(1, 2))
    def confirm(self, order: Payment, times: int) -> None:
        for _ in range(times):
            with self.place.city.acting(Role.FINANCE_OFFICER) as treasurer:
                try:
                    payments.confirm(payment_id=order.pk, by=treasurer, now=world.at(LAST))
                except payments.PaymentRejected:
                    return
                if Payment.objects.get(pk=order.pk).reversed_at is None:
                    self.came[order.pk] = order.amount

    @rule(order=orders)
    def reject(self, order: Payment) -> None:
        with self.place.city.acting() as officer:
            try:
                rejecting.reject(payment_id=order.pk, reason="salah ketik", by=officer, now=world.at(LAST))
            except ConfirmedAlready:
                assert order.pk in self.came or reversed_before(order.pk)

    @rule(order=orders)
    def give_back(self, order: Payment) -> None:
        try:
            purses.reversed_(self.place.city, order.pk, on=LAST)
        except NotConfirmed:
            return
        self.came.pop(order.pk, None)

    @rule()
    def settle(self) -> None:
        with self.place.city.acting(Role.FINANCE_OFFICER) as treasurer:
            settling.settle(
                agreement_id=self.place.agreement.pk,
                membership_id=None,
                bill_ids=None,
                by=treasurer,
                now=world.at(LAST),
            )

    @rule(bill=bills)
    def carry_over(self, bill: Bill) -> None:
        try:
            purses.carried(self.place.city, bill)
        except (shortfalls.NothingLacks, shortfalls.NothingCame):
            return

    @invariant()
    def every_promise_holds(self) -> None:
        check_as_at_commit()
        with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
            broken = {
                proof.code: found
                for proof in (*of_ledger.PROOFS, *of_bills.PROOFS)
                if (found := fetched(proof.sql))
            }
        assert broken == {}

    @invariant()
    def every_rupiah_is_where_it_was_sent(self) -> None:
        came = sum(self.came.values())
        with self.place.city.acting():
            assert balance(f"sponsor:{self.place.city.sponsor.pk}") == -came
            waits = held(agreement_id=self.place.agreement.pk, membership_id=None)
            owed = balance(f"owed:agreement:{self.place.agreement.pk}")
            funds = balance("fund:jkk") + balance("fund:jkm")
            assert waits + owed + funds == came
            paid = sum(PaidMonth.objects.values_list("amount", flat=True))
            billed = Bill.objects.filter(status=BillStatus.PAID).values_list("total", flat=True)
            assert paid == sum(billed)


def reversed_before(payment_id: int) -> bool:
    """Whether its money went back before; asked in the scope of whoever acts."""
    return Payment.objects.filter(pk=payment_id, reversed_at__isnull=False).exists()


@pytest.mark.django_db
def test_it_books_every_rupiah_once_whatever_the_office_does(jambi: Place) -> None:
    Office.place = jambi
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis does not type it
        Office,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=14,
            deadline=None,
            phases=(Phase.generate,),  # every step is real work: making a failure smaller would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
