"""Money that is not worth its bill: too little waits, too much waits for the next, and what went back opens the month."""

from datetime import date

import pytest
from django.db import IntegrityError

import purses
import world
from contributions.conftest import Place, settled
from database import at_once, execute, fetched, forbidden
from lindung.access.models import Role
from lindung.contributions import foreseeing, payments, receiving, rejecting, reversing, settling
from lindung.contributions.models import Bill, PaidMonth, Payment, PaymentSource, Settlement
from lindung.contributions.money_records import ReversedMonth
from lindung.contributions.payment_pages import money_of, payment_page, purse_page
from lindung.contributions.payment_refusals import AskedByYou, ConfirmedAlready, NotAsked, NotConfirmed
from lindung.engine.refusals import constraint_of
from lindung.law.months import Month
from lindung.ledger.models import AccountKind, Entry, InstructionKind
from lindung.ledger.posting import Line, account, balance
from lindung.ledger.posting_many import Wish, post_many

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)
TENTH, LATER = date(2025, 6, 10), date(2025, 8, 28)
BILL = 33_600
"""Two people of the lowest band, JKK and JKM."""


def held(jambi: Place) -> int:
    with jambi.city.acting():
        return balance(f"held:agreement:{jambi.agreement.pk}")


def status_of(jambi: Place, bill: Bill | int) -> str:
    with jambi.city.acting():
        return str(Bill.objects.get(pk=bill if isinstance(bill, int) else bill.pk).status)


def paid_months(jambi: Place) -> int:
    with jambi.city.acting():
        return PaidMonth.objects.count()


class TestTooLittle:
    def test_one_rupiah_short_pays_nothing_and_says_what_lacks(self, jambi: Place) -> None:
        bill = world.bill(jambi.city, jambi.agreement, JUNE)
        assert purses.ordered(jambi.city, bill, BILL - 1) is None
        assert (held(jambi), status_of(jambi, bill), paid_months(jambi)) == (BILL - 1, "final", 0)
        with jambi.city.acting():
            assert money_of(bill.pk).lacks == 1

    def test_several_orders_make_one_bill_up(self, jambi: Place) -> None:
        bill = world.bill(jambi.city, jambi.agreement, JUNE)
        purses.ordered(jambi.city, bill, 15_000, number="SP2D/1")
        assert purses.ordered(jambi.city, bill, BILL - 15_000, number="SP2D/2") is not None
        with jambi.city.acting():
            amounts = Settlement.objects.order_by("pk").values_list("amount", flat=True)
            assert list(amounts) == [15_000, 18_600]
            assert [balance(f"fund:{name}") for name in ("jkk", "jkm")] == [20_000, 13_600]
        assert (held(jambi), status_of(jambi, bill), paid_months(jambi)) == (0, "paid", 4)

    def test_what_lacks_is_carried_by_a_letter_and_the_bill_is_paid(self, jambi: Place) -> None:
        bill = world.bill(jambi.city, jambi.agreement, JUNE)
        purses.ordered(jambi.city, bill, BILL - 1)
        assert purses.carried(jambi.city, bill).amount == 1
        assert (held(jambi), status_of(jambi, bill), paid_months(jambi)) == (0, "paid", 4)
        with jambi.city.acting():
            assert balance(f"owed:agreement:{jambi.agreement.pk}") == -1
            assert [balance(f"fund:{name}") for name in ("jkk", "jkm")] == [20_000, 13_600]


class TestTooMuch:
    def test_twice_the_amount_waits_and_pays_the_next_bill(self, jambi: Place) -> None:
        june = world.bill(jambi.city, jambi.agreement, JUNE)
        assert purses.ordered(jambi.city, june, 2 * BILL) is not None
        assert held(jambi) == BILL
        july = world.bill(jambi.city, jambi.agreement, JULY)
        settle(jambi)
        assert (held(jambi), status_of(jambi, july)) == (0, "paid")
        with jambi.city.acting():
            paid_on = PaidMonth.objects.filter(month=JULY.first_day()).values_list("paid_on", flat=True)
            assert set(paid_on) == {date(2025, 7, 2)}, "not before there was a bill"

    def test_money_without_a_bill_pays_the_oldest_first_and_stops_where_it_lacks(self, jambi: Place) -> None:
        june, july = (world.bill(jambi.city, jambi.agreement, month) for month in (JUNE, JULY))
        purses.money(jambi.city, jambi.agreement, 2 * BILL - 1, on=LATER, number="SP2D/1")
        assert (status_of(jambi, june), status_of(jambi, july), held(jambi)) == ("paid", "final", BILL - 1)

    def test_one_order_pays_the_bills_it_names(self, jambi: Place) -> None:
        bills = [world.bill(jambi.city, jambi.agreement, month) for month in (JUNE, JULY, AUGUST)]
        with jambi.city.acting() as officer:
            order = payments.record(
                bill_id=bills[0].pk, more_bills=[bills[2].pk], order_number="SP2D/1", ordered_on=LATER,
                amount=2 * BILL, by=officer, now=world.at(LATER),
            )  # fmt: skip
            foreseen = foreseeing.if_confirmed(order.pk)
        assert [pays.month for pays in foreseen.pays] == [JUNE, AUGUST]
        assert (foreseen.held, foreseen.lacking) == (0, None)
        world.confirm(jambi.city, bills[2], order)
        assert [status_of(jambi, bill) for bill in bills] == ["paid", "final", "paid"]

    def test_it_refuses_bills_of_two_agreements_in_one_order(self, jambi: Place) -> None:
        other = world.agreement(jambi.city, "keagamaan")
        world.enrol(jambi.city, other, *world.crowd(1))
        bills = [world.bill(jambi.city, each, JUNE) for each in (jambi.agreement, other)]
        with jambi.city.acting() as officer, pytest.raises(payments.OtherPurse):
            payments.record(
                bill_id=bills[0].pk, more_bills=[bills[1].pk], order_number="SP2D/1", ordered_on=LATER,
                amount=BILL, by=officer, now=world.at(LATER),
            )  # fmt: skip


class TestRejecting:
    def test_a_wrong_record_is_rejected_and_its_number_recorded_again(self, jambi: Place) -> None:
        bill = world.bill(jambi.city, jambi.agreement, JUNE)
        wrong = world.order(jambi.city, bill, number="SP2D/1", amount=336)
        with jambi.city.acting() as officer:
            rejecting.reject(payment_id=wrong.pk, reason="salah ketik", by=officer, now=world.at(TENTH))
        right = world.order(jambi.city, bill, number="SP2D/1")
        assert right.pk != wrong.pk
        with jambi.city.acting(Role.FINANCE_OFFICER) as treasurer, pytest.raises(payments.PaymentRejected):
            payments.confirm(payment_id=wrong.pk, by=treasurer, now=world.at(TENTH))
        assert world.confirm(jambi.city, bill, right) is not None

    def test_confirmed_money_is_not_rejected(self, jambi: Place) -> None:
        paid = world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting() as officer, pytest.raises(ConfirmedAlready):
            rejecting.reject(payment_id=paid.payment_id, reason="salah", by=officer, now=world.at(LATER))


class TestReversing:
    def test_it_opens_the_bill_and_the_month_is_no_longer_paid(self, jambi: Place) -> None:
        paid = world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            assert [(loss.month, loss.people) for loss in reversing.losses(paid.payment_id)] == [(JUNE, 2)]
        purses.reversed_(jambi.city, paid.payment_id, on=LATER)
        assert (status_of(jambi, paid.bill_id), paid_months(jambi), held(jambi)) == ("final", 0, 0)
        with jambi.city.acting():
            assert balance(f"sponsor:{jambi.city.sponsor.pk}") == 0
            assert ReversedMonth.objects.count() == 4
            assert Entry.objects.filter(reverses__isnull=False).count() == 2
            assert payment_page(paid.payment_id).state == "reversed"
            assert [each.reason for each in money_of(paid.bill_id).undone] == ["Transfer kembali"]

    def test_the_month_can_be_paid_again_and_other_money_is_held_until_then(self, jambi: Place) -> None:
        bill = world.bill(jambi.city, jambi.agreement, JUNE)
        purses.ordered(jambi.city, bill, 15_000, number="SP2D/1")
        second = purses.ordered(jambi.city, bill, BILL - 15_000, number="SP2D/2")
        assert second is not None
        with jambi.city.acting():
            paid_by = Payment.objects.get(order_number="SP2D/2").pk
        purses.reversed_(jambi.city, paid_by, on=LATER)
        assert (held(jambi), status_of(jambi, bill)) == (15_000, "final")
        assert purses.ordered(jambi.city, bill, BILL - 15_000, number="SP2D/3") is not None
        assert (held(jambi), status_of(jambi, bill), paid_months(jambi)) == (0, "paid", 4)

    def test_it_takes_two_people_and_a_reason(self, jambi: Place) -> None:
        paid = world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(Role.FINANCE_OFFICER) as treasurer:
            with pytest.raises(NotAsked):
                reversing.reverse(payment_id=paid.payment_id, by=treasurer, now=world.at(LATER))
            reversing.ask(payment_id=paid.payment_id, reason="batal", by=treasurer, now=world.at(LATER))
            with pytest.raises(AskedByYou):
                reversing.reverse(payment_id=paid.payment_id, by=treasurer, now=world.at(LATER))
        assert status_of(jambi, paid.bill_id) == "paid"

    def test_what_is_not_confirmed_is_not_reversed(self, jambi: Place) -> None:
        order = world.order(jambi.city, world.bill(jambi.city, jambi.agreement, JUNE))
        with jambi.city.acting() as officer, pytest.raises(NotConfirmed):
            reversing.ask(payment_id=order.pk, reason="batal", by=officer, now=world.at(LATER))

    def test_it_leaves_no_other_way_to_take_a_month_back(self, jambi: Place) -> None:
        paid = world.pay(jambi.city, jambi.agreement, JUNE)
        for statement in (
            "UPDATE contributions_settlement SET reversed_by_id = instruction_id",
            "DELETE FROM contributions_reversedmonth",
            "UPDATE ledger_balance SET amount = 0",
        ):
            with jambi.city.acting(), forbidden():
                execute(statement)
        with jambi.city.acting(Role.MAYOR), forbidden():
            execute("SELECT contributions_undo_settlement(%s, %s)", paid.pk, paid.instruction_id)

    def test_it_is_carried_out_once_when_two_do_at_the_same_moment(self, fresh_database: str) -> None:
        jambi = settled()
        paid = world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting() as officer:
            reversing.ask(payment_id=paid.payment_id, reason="batal", by=officer, now=world.at(LATER))

        def carried_out() -> None:
            with jambi.city.acting(Role.FINANCE_OFFICER) as treasurer:
                reversing.reverse(payment_id=paid.payment_id, by=treasurer, now=world.at(LATER))

        assert at_once(*[carried_out] * 4) == [None] * 4
        with jambi.city.acting():
            assert ReversedMonth.objects.count() == 4


class TestByBankLine:
    def test_it_leaves_unmatched_money_and_waits_for_a_bill(self, jambi: Place) -> None:
        receipt(jambi, BILL)
        first, again = (received(jambi, BILL) for _ in range(2))
        assert first == again
        assert held(jambi) == BILL
        bill = world.bill(jambi.city, jambi.agreement, JUNE)
        settle(jambi)
        assert status_of(jambi, bill) == "paid"

    def test_it_refuses_money_that_no_bank_line_brought(self, jambi: Place) -> None:
        receipt(jambi, BILL - 1)
        with pytest.raises(IntegrityError) as caught:
            received(jambi, BILL)
        assert constraint_of(caught.value) == "balance_not_below_its_floor"

    def test_it_refuses_the_same_line_for_another_amount(self, jambi: Place) -> None:
        receipt(jambi, BILL)
        received(jambi, BILL)
        with pytest.raises(payments.OrderTaken, match="Rp33.600"):
            received(jambi, BILL - 1)


class TestMany:
    def test_it_books_each_reference_once_however_often_it_runs(self, jambi: Place) -> None:
        first = booked(jambi, 1, 2, 3)
        assert set(first) == {"bank:1", "bank:2", "bank:3"}
        assert set(booked(jambi, 2, 3, 4)) == {"bank:4"}
        with jambi.city.acting():
            assert balance(f"unmatched:{jambi.city.sponsor.pk}") == 400


def test_the_purse_page_shows_each_payment_and_what_waits(jambi: Place) -> None:
    purses.money(jambi.city, jambi.agreement, 100, on=LATER, number="SP2D/1")
    with jambi.city.acting():
        shown = purse_page(jambi.agreement.pk)
    assert (shown.held, [(each.order, each.left, each.state) for each in shown.payments]) == (
        100,
        [("SP2D/1", 100, "confirmed")],
    )


def test_two_purses_and_two_months_do_not_wait_in_a_circle(fresh_database: str) -> None:
    """Confirming, settling and reversing lock bills, payments and balances in one order."""
    jambi = settled()
    other = world.agreement(jambi.city, "keagamaan")
    world.enrol(jambi.city, other, *world.crowd(2))
    paid = [world.pay(jambi.city, each, JUNE) for each in (jambi.agreement, other)]
    orders = [
        (bill, world.order(jambi.city, bill))
        for bill in (world.bill(jambi.city, each, JULY) for each in (jambi.agreement, other))
    ]
    results = at_once(
        *(lambda pair=pair: world.confirm(jambi.city, *pair) for pair in orders),
        *(lambda each=each: purses.reversed_(jambi.city, each.payment_id, on=LATER) for each in paid),
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    with jambi.city.acting():
        assert fetched("SELECT sum(amount)::bigint FROM contributions_paidmonth") == [(2 * BILL,)]


def settle(jambi: Place) -> None:
    with jambi.city.acting(Role.FINANCE_OFFICER) as treasurer:
        settling.settle(
            agreement_id=jambi.agreement.pk,
            membership_id=None,
            bill_ids=None,
            by=treasurer,
            now=world.at(LATER),
        )


def receipt(jambi: Place, amount: int) -> None:
    """A bank line that nobody knows the purse of yet."""
    with jambi.city.acting():
        _wishes(jambi, {f"bank:{amount}": amount})


def received(jambi: Place, amount: int) -> Payment:
    with jambi.city.acting(Role.FINANCE_OFFICER) as treasurer:
        return receiving.received(
            agreement_id=jambi.agreement.pk,
            membership_id=None,
            source=PaymentSource.BANK,
            reference="baris-1",
            amount=amount,
            on=TENTH,
            by=treasurer,
            now=world.at(TENTH),
            unmatched_of=jambi.city.sponsor.pk,
        )


def booked(jambi: Place, *numbers: int) -> dict[str, int]:
    with jambi.city.acting():
        return _wishes(jambi, {f"bank:{number}": 100 for number in numbers})


def _wishes(jambi: Place, amounts: dict[str, int]) -> dict[str, int]:
    sponsor = jambi.city.sponsor.pk
    bank = account("bank:001", kind=AccountKind.BANK, sponsor_id=sponsor)
    unmatched = account(f"unmatched:{sponsor}", kind=AccountKind.UNMATCHED, sponsor_id=sponsor)
    wishes = [
        Wish(reference, (Line(bank, -amount), Line(unmatched, amount)), JUNE, TENTH, sponsor)
        for reference, amount in amounts.items()
    ]
    return post_many(kind=InstructionKind.RECEIPT, wishes=wishes, event_id=world.event(jambi.city))
