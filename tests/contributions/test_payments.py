"""A treasury order pays a bill once: recorded by one person, confirmed by another, and then months are paid."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

import world
from contributions.conftest import Place, settled
from database import at_once, check_as_at_commit, execute, fetched, forbidden, refused
from lindung.access.models import Role, User
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions import payments
from lindung.contributions.models import Bill, PaidMonth, Payment, Settlement
from lindung.engine.refusals import constraint_of, explained
from lindung.law.months import Month
from lindung.ledger.models import Entry, Instruction, Posting
from lindung.ledger.posting import balance

JUNE, JULY = Month(2025, 6), Month(2025, 7)
TENTH = date(2025, 6, 10)
NOW = world.at(TENTH)


def june(jambi: Place) -> Bill:
    return world.bill(jambi.city, jambi.agreement, JUNE)


def paid_months(jambi: Place) -> list[tuple[int, str, int]]:
    with jambi.city.acting():
        rows = PaidMonth.objects.order_by("month", "person_id", "programme")
        return list(rows.values_list("person_id", "programme", "amount"))


def nothing_is_paid(jambi: Place) -> bool:
    with jambi.city.acting():
        tables = (Settlement, Instruction, Entry, Posting, PaidMonth)
        confirmed = Payment.objects.filter(confirmed_by__isnull=False)
        return not confirmed.exists() and not any(table.objects.exists() for table in tables)


class TestRecording:
    def test_it_records_who_when_and_how_much_and_covers_nobody_yet(self, jambi: Place) -> None:
        recorded = world.order(jambi.city, june(jambi), number="SP2D/001")
        assert (recorded.order_number, recorded.amount, recorded.ordered_on) == (
            "SP2D/001",
            33_600,
            date(2025, 6, 10),
        )
        assert recorded.recorded_by_id == jambi.city.actor().user_id
        assert nothing_is_paid(jambi)

    def test_it_records_the_same_order_once(self, jambi: Place) -> None:
        drawn = june(jambi)
        first, again = (world.order(jambi.city, drawn, number="SP2D/001") for _ in range(2))
        with jambi.city.acting():
            assert again == first
            assert Payment.objects.count() == 1

    @pytest.mark.parametrize("amount", [33_599, 33_601])
    def test_it_takes_what_came_whatever_the_bill_asks(self, jambi: Place, amount: int) -> None:
        """The paper is worth what it is worth; what lacks and what is too much is held (PP 44/2015 Pasal 23)."""
        assert record(jambi, june(jambi), amount=amount).amount == amount

    @pytest.mark.parametrize("amount", [0, -33_600])
    def test_it_refuses_an_order_of_nothing(self, jambi: Place, amount: int) -> None:
        with pytest.raises(payments.NoAmount):
            record(jambi, june(jambi), amount=amount)
        assert nothing_is_recorded(jambi)

    def test_it_refuses_an_order_number_that_was_used_for_another_month(self, jambi: Place) -> None:
        record(jambi, june(jambi), number="SP2D/001")
        july = world.bill(jambi.city, jambi.agreement, JULY)
        with pytest.raises(payments.OrderTaken, match="SP2D/001"):
            record(jambi, july, number="SP2D/001")

    def test_it_refuses_an_order_number_that_was_used_with_another_date(self, jambi: Place) -> None:
        record(jambi, june(jambi), number="SP2D/001")
        with pytest.raises(payments.OrderTaken):
            record(jambi, june(jambi), number="SP2D/001", on=date(2025, 6, 11))

    def test_it_refuses_an_order_of_tomorrow(self, jambi: Place) -> None:
        drawn = june(jambi)
        with jambi.city.acting() as officer, pytest.raises(payments.NotYetOrdered) as refusal:
            payments.record(
                bill_id=drawn.pk,
                order_number="SP2D/001",
                ordered_on=date(2025, 6, 11),
                amount=drawn.total,
                by=officer,
                now=NOW,
            )
        assert refusal.value.text.id == (
            "Tanggal SP2D 11 Juni 2025 belum tiba (hari ini 10 Juni 2025). Periksa tanggalnya."
        )
        assert nothing_is_recorded(jambi)

    def test_it_refuses_an_order_older_than_the_budget_year(self, jambi: Place) -> None:
        """The year is easily mistyped, and cover would begin before anybody was enrolled."""
        with pytest.raises(payments.BeforeBudgetYear, match="10 June 2024"):
            record(jambi, june(jambi), on=date(2024, 6, 10))
        assert nothing_is_recorded(jambi)

    def test_it_refuses_to_pay_with_money_that_is_not_there(self, jambi: Place) -> None:
        """A budget of Rp50.000 pays one month of two people, and not the second."""
        funded = world.agreement(jambi.city, "didanai", budgets={2025: 50_000})
        world.enrol(jambi.city, funded, *world.crowd(2, after=50))
        world.pay(jambi.city, funded, JUNE)
        with pytest.raises(payments.OverBudget) as refusal:
            world.pay(jambi.city, funded, JULY)
        assert refusal.value.left == 50_000 - 33_600

    def test_it_refuses_another_order_once_the_bill_is_paid(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        with pytest.raises(payments.PaidAlready, match="SP2D/"):
            record(jambi, june(jambi), number="SP2D/099")

    def test_it_refuses_the_system_because_money_needs_a_person(self, jambi: Place) -> None:
        drawn = june(jambi)
        with system_scope(SystemScope.SETTLING, actor=world.BUILDER), pytest.raises(payments.NobodyActs):
            payments.record(
                bill_id=drawn.pk,
                order_number="1",
                ordered_on=TENTH,
                amount=33_600,
                by=world.BUILDER,
                now=NOW,
            )

    def test_it_refuses_to_record_in_the_name_of_somebody_else(self, jambi: Place) -> None:
        """The officer's own connection says who she is; the name she passes along does not."""
        drawn = june(jambi)
        with jambi.city.acting(), refused("payment_confirmed_by_a_second_person"):
            payment_row(jambi, drawn, recorded_by=jambi.city.users[Role.FINANCE_OFFICER]).save()


class TestConfirming:
    def test_it_books_the_money_and_pays_the_month_of_each_worker(self, jambi: Place) -> None:
        settlement = world.pay(jambi.city, jambi.agreement, JUNE)
        assert paid_months(jambi) == [
            (jambi.siti, "jkk", 10_000),
            (jambi.siti, "jkm", 6_800),
            (jambi.budi, "jkk", 10_000),
            (jambi.budi, "jkm", 6_800),
        ]
        with jambi.city.acting():
            check_as_at_commit()
            shown = {
                code: balance(code) for code in (f"sponsor:{jambi.city.sponsor.pk}", "fund:jkk", "fund:jkm")
            }
            assert Bill.objects.get().status == "paid"
        assert sorted(shown.values()) == [-33_600, 13_600, 20_000]
        assert settlement.amount == 33_600

    def test_it_dates_the_paid_months_by_the_order_not_by_the_confirmation(self, jambi: Place) -> None:
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn, on=date(2025, 6, 10))
        with jambi.city.acting(Role.FINANCE_OFFICER) as treasurer:
            payments.confirm(
                payment_id=recorded.pk, bill_id=drawn.pk, by=treasurer, now=world.at(date(2025, 7, 1))
            )
            assert set(PaidMonth.objects.values_list("paid_on", flat=True)) == {date(2025, 6, 10)}

    def test_it_pays_exactly_what_the_bill_asked(self, jambi: Place) -> None:
        world.enrol(jambi.city, jambi.agreement, world.STRANGER)
        settlement = world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            assert (
                PaidMonth.objects.aggregate(total=Sum("amount"))["total"] == settlement.bill.total == 50_400
            )

    def test_it_changes_nothing_when_confirmed_twice(self, jambi: Place) -> None:
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn)
        first, again = (world.confirm(jambi.city, drawn, recorded) for _ in range(2))
        assert again == first
        assert len(paid_months(jambi)) == 4
        with jambi.city.acting():
            assert list(Instruction.objects.order_by("pk").values_list("kind", flat=True)) == [
                "payment",
                "settlement",
            ]

    def test_it_refuses_the_person_who_recorded_it(self, jambi: Place) -> None:
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn)
        with jambi.city.acting() as officer, pytest.raises(payments.NotTheRecorder):
            payments.confirm(payment_id=recorded.pk, bill_id=drawn.pk, by=officer, now=NOW)
        assert nothing_is_paid(jambi)

    def test_it_refuses_the_recorder_in_the_database_too(self, jambi: Place) -> None:
        recorded = world.order(jambi.city, june(jambi))
        with jambi.city.acting() as officer, refused("payment_confirmed_by_a_second_person"):
            Payment.objects.filter(pk=recorded.pk).update(confirmed_by_id=officer.user_id, confirmed_at=NOW)

    def test_it_refuses_the_recorder_who_borrows_the_treasurers_name(self, jambi: Place) -> None:
        recorded = world.order(jambi.city, june(jambi))
        treasurer = jambi.city.users[Role.FINANCE_OFFICER]
        with jambi.city.acting(), refused("payment_confirmed_by_a_second_person"):
            Payment.objects.filter(pk=recorded.pk).update(confirmed_by=treasurer, confirmed_at=NOW)

    def test_it_does_not_let_a_confirmation_be_taken_back(self, jambi: Place) -> None:
        settlement = world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(Role.FINANCE_OFFICER), refused("payment_confirmed_by_a_second_person"):
            Payment.objects.filter(pk=settlement.payment_id).update(confirmed_by=None, confirmed_at=None)

    def test_it_refuses_to_settle_what_nobody_confirmed(self, jambi: Place) -> None:
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn)
        with jambi.city.acting(), refused("payment_needs_confirmation_first"):
            settlement_row(jambi, drawn, recorded, amount=33_600)

    def test_it_refuses_an_order_that_is_used_up_by_another_month(self, jambi: Place) -> None:
        settlement = world.pay(jambi.city, jambi.agreement, JUNE)
        july = world.bill(jambi.city, jambi.agreement, JULY)
        with pytest.raises(Payment.DoesNotExist):
            world.confirm(jambi.city, july, settlement.payment)

    def test_it_holds_a_second_order_for_a_bill_that_is_paid(self, jambi: Place) -> None:
        """The money came; it is held and counts for the next bill, and nobody's month is paid twice."""
        drawn = june(jambi)
        second = world.order(jambi.city, drawn, number="SP2D/002")
        world.confirm(jambi.city, drawn, world.order(jambi.city, drawn, number="SP2D/001"))
        assert world.confirm(jambi.city, drawn, second) is None
        assert len(paid_months(jambi)) == 4
        with jambi.city.acting():
            assert balance(f"held:agreement:{jambi.agreement.pk}") == 33_600

    def test_it_does_not_find_the_payment_of_another_agreement(self, jambi: Place) -> None:
        other = world.agreement(jambi.city, "keagamaan")
        world.enrol(jambi.city, other, *world.crowd(2))
        recorded = world.order(jambi.city, world.bill(jambi.city, other, JUNE))
        with pytest.raises(Payment.DoesNotExist):
            world.confirm(jambi.city, june(jambi), recorded)

    def test_it_leaves_a_trail_of_both_signatures(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        officer, treasurer = jambi.city.actor(), jambi.city.actor(Role.FINANCE_OFFICER)
        with jambi.city.acting(Role.AUDITOR):
            trail = fetched(
                "SELECT action, actor_id FROM access_auditevent WHERE action LIKE 'payment.%%' ORDER BY id"
            )
        assert trail == [("payment.recorded", officer.user_id), ("payment.confirmed", treasurer.user_id)]


class TestPaidTwice:
    """Nobody's month of one work is paid twice, whoever pays."""

    def test_it_refuses_the_whole_bill_when_one_of_its_months_is_paid_by_another_sponsor(
        self, jambi: Place
    ) -> None:
        bungo = world.city("bungo", branch=jambi.city.branch)
        pay_of_another_sponsor(bungo, jambi, person_id=jambi.siti)
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn)
        with pytest.raises(IntegrityError) as caught:
            world.confirm(jambi.city, drawn, recorded)
        assert constraint_of(caught.value) == "paid_month_once"
        assert str(explained(caught.value).id).startswith("Bulan ini sudah dibayar")  # type: ignore[union-attr]  # None fails too
        assert nothing_is_paid(jambi)
        with jambi.city.acting():
            assert Bill.objects.get().status == "final"

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE contributions_paidmonth SET amount = 1",
            "UPDATE contributions_paidmonth SET paid_on = paid_on - 1",
            "DELETE FROM contributions_paidmonth",
            "TRUNCATE contributions_paidmonth",
            "DELETE FROM contributions_paidmonth_2025_06",
            "DELETE FROM contributions_settlement",
            "UPDATE contributions_settlement SET amount = 1",
            "DELETE FROM contributions_payment",
            "UPDATE contributions_payment SET amount = 1",
        ],
    )
    def test_it_lets_nobody_change_or_remove_what_is_paid(self, jambi: Place, statement: str) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(), forbidden():
            execute(statement)


class TestAtOnce:
    def test_it_settles_once_when_two_confirm_at_the_same_moment(self, fresh_database: str) -> None:
        jambi = settled()
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn)
        settlements = at_once(*[lambda: world.confirm(jambi.city, drawn, recorded)] * 4)
        assert {getattr(settlement, "pk", settlement) for settlement in settlements} == {1}
        assert len(paid_months(jambi)) == 4

    def test_it_pays_the_first_bills_of_a_month_side_by_side(self, fresh_database: str) -> None:
        jambi = settled()
        other = world.agreement(jambi.city, "keagamaan")
        world.enrol(jambi.city, other, *world.crowd(2))
        pairs = [
            (drawn, world.order(jambi.city, drawn))
            for drawn in (june(jambi), world.bill(jambi.city, other, JUNE))
        ]
        results = at_once(*(lambda pair=pair: world.confirm(jambi.city, *pair) for pair in pairs))
        assert [type(result).__name__ for result in results] == ["Settlement", "Settlement"]
        with jambi.city.acting():
            assert balance(f"sponsor:{jambi.city.sponsor.pk}") == -67_200

    def test_it_lets_one_of_two_orders_pay_a_bill(self, fresh_database: str) -> None:
        jambi = settled()
        drawn = june(jambi)
        orders = [world.order(jambi.city, drawn, number=f"SP2D/{number}") for number in (1, 2)]
        results = at_once(*(lambda paid=paid: world.confirm(jambi.city, drawn, paid) for paid in orders))
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "Settlement"]
        assert len(paid_months(jambi)) == 4
        with jambi.city.acting():
            assert balance(f"held:agreement:{jambi.agreement.pk}") == 33_600

    def test_it_lets_one_of_two_sponsors_pay_a_month(self, fresh_database: str) -> None:
        jambi = settled()
        bungo = world.city("bungo", branch=jambi.city.branch)
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn)
        results = at_once(
            lambda: world.confirm(jambi.city, drawn, recorded),
            lambda: pay_of_another_sponsor(bungo, jambi, person_id=jambi.siti),
        )
        assert sum(isinstance(result, IntegrityError) for result in results) == 1
        with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
            sponsors = PaidMonth.objects.filter(person_id=jambi.siti).values_list("sponsor_id", flat=True)
            assert len(set(sponsors)) == 1

    def test_it_records_one_order_when_two_record_at_the_same_moment(self, fresh_database: str) -> None:
        jambi = settled()
        drawn = june(jambi)
        recorded = at_once(*[lambda: world.order(jambi.city, drawn, number="SP2D/001")] * 3)
        assert {getattr(payment, "pk", payment) for payment in recorded} == {1}

    def test_it_leaves_nothing_behind_when_rolled_back_and_can_be_paid_afterwards(
        self, fresh_database: str
    ) -> None:
        jambi = settled()
        drawn = june(jambi)
        recorded = world.order(jambi.city, drawn)
        with transaction.atomic():
            world.confirm(jambi.city, drawn, recorded)
            transaction.set_rollback(True)
        assert nothing_is_paid(jambi)
        assert fetched("SELECT to_regclass('ledger_posting_2025_06')") == [(None,)]
        world.confirm(jambi.city, drawn, recorded)
        assert len(paid_months(jambi)) == 4


def record(
    jambi: Place, drawn: Bill, *, amount: int | None = None, number: str = "SP2D/001", on: date = TENTH
) -> Payment:
    with jambi.city.acting() as officer:
        return payments.record(
            bill_id=drawn.pk,
            order_number=number,
            ordered_on=on,
            amount=drawn.total if amount is None else amount,
            by=officer,
            now=world.at(max(on, TENTH)),
        )


def nothing_is_recorded(jambi: Place) -> bool:
    with jambi.city.acting():
        return not Payment.objects.exists()


def payment_row(jambi: Place, drawn: Bill, *, recorded_by: User) -> Payment:
    """A payment written past the programme."""
    return Payment(
        agreement=jambi.agreement,
        sponsor=jambi.city.sponsor,
        order_number="by hand",
        ordered_on=TENTH,
        amount=drawn.total,
        recorded_by=recorded_by,
        recorded_at=NOW,
        event_id=world.event(jambi.city),
    )


def settlement_row(jambi: Place, drawn: Bill, paid: Payment, *, amount: int) -> Settlement:
    """A settlement written past the programme, with an instruction of its own."""
    return Settlement.objects.create(
        payment=paid,
        bill=drawn,
        sponsor=jambi.city.sponsor,
        amount=amount,
        instruction_id=world.instruction(jambi.city, "by hand").pk,
        event_id=world.event(jambi.city),
    )


def pay_of_another_sponsor(bungo: world.City, jambi: Place, *, person_id: int) -> PaidMonth:
    """The same person's same work in June, paid by Kabupaten Bungo; written past the programme, as SQL could."""
    with jambi.city.acting():
        work_id = jambi.agreement.memberships.get(person_id=person_id).work_id
    agreement = world.agreement(bungo)
    with bungo.acting():
        return PaidMonth.objects.create(
            month=JUNE.first_day(),
            person_id=person_id,
            work_id=work_id,
            programme="jkk",
            agreement=agreement,
            sponsor=bungo.sponsor,
            instruction=world.settled_instruction(bungo),
            amount=10_000,
            paid_on=TENTH - timedelta(days=1),
        )
