"""The bill of a month: the law's price for every member, drawn once, and never changed afterwards."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

import world
from contributions.conftest import Place, settled
from contributions.histories import member
from database import at_once, check_as_at_commit, execute, forbidden, refused
from lindung.access.models import Role
from lindung.contributions import billing
from lindung.contributions.models import Bill, BillLine, BillStatus, TariffAmount, TariffDecision
from lindung.engine.refusals import constraint_of
from lindung.law import limits
from lindung.law.decision import Decision, NotADecision
from lindung.law.months import Month
from lindung.law.parameter import in_force
from lindung.law.values import Table
from lindung.membership.models import Membership
from lindung.partnership.models import PayerKind

JUNE = Month(2025, 6)
APRIL_2026 = Month(2026, 4)


class TestDrawing:
    def test_it_asks_16_800_for_each_of_two_workers(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            lines = list(BillLine.objects.filter(bill=drawn).order_by("person_id"))
        assert (drawn.people, drawn.total, drawn.status) == (2, 33_600, "final")
        assert [(line.person_id, line.amount) for line in lines] == [
            (jambi.siti, 16_800),
            (jambi.budi, 16_800),
        ]

    def test_it_is_due_on_the_fifteenth_or_the_next_working_day(self, jambi: Place) -> None:
        """15 June 2025 and 15 November 2026 are Sundays."""
        due = {month: billing.due_on(agreement=jambi.agreement, month=Month.parse(month)) for month in DUE}
        assert due == DUE

    def test_it_gives_the_same_bill_when_drawn_twice(self, jambi: Place) -> None:
        first, second = (world.bill(jambi.city, jambi.agreement, JUNE) for _ in range(2))
        with jambi.city.acting():
            assert second == first
            assert BillLine.objects.count() == 2

    def test_it_leaves_out_who_has_left(self, jambi: Place) -> None:
        """Ibu Siti farmed until the end of July; her membership ends on 1 August."""
        farming = world.agreement(jambi.city, "tani")
        member(jambi, farming, jambi.siti, since=date(2025, 6, 1), until=date(2025, 8, 1))
        assert world.bill(jambi.city, farming, Month(2025, 7)).people == 1
        with pytest.raises(billing.NothingToBill):
            world.bill(jambi.city, farming, Month(2025, 8))

    def test_it_leaves_out_who_starts_later(self, jambi: Place) -> None:
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=Month(2025, 8))
        people = {
            str(month): world.bill(jambi.city, jambi.agreement, month).people
            for month in (JUNE, Month(2025, 8))
        }
        assert people == {"2025-06": 2, "2025-08": 3}

    def test_it_refuses_a_month_without_members(self, jambi: Place) -> None:
        with pytest.raises(billing.NothingToBill, match="Nobody is a member"):
            world.bill(jambi.city, world.agreement(jambi.city, "kosong"), JUNE)
        with jambi.city.acting():
            assert not Bill.objects.exists()

    def test_it_refuses_a_month_outside_the_agreement(self, jambi: Place) -> None:
        with pytest.raises(billing.OutsideAgreement):
            world.bill(jambi.city, jambi.agreement, Month(2025, 5))
        world.set_end(jambi.city, jambi.agreement, date(2025, 8, 1))
        assert world.bill(jambi.city, jambi.agreement, Month(2025, 7)).people == 2
        with pytest.raises(billing.OutsideAgreement):
            world.bill(jambi.city, jambi.agreement, Month(2025, 8))

    def test_it_lets_nobody_join_a_month_that_is_billed(self, jambi: Place) -> None:
        """He would never be billed for it, and so never be covered; the next month is open."""
        world.bill(jambi.city, jambi.agreement, JUNE)
        with pytest.raises(IntegrityError) as refusal:
            world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE)
        assert constraint_of(refusal.value) == "membership_before_the_bill"
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE.next())
        assert world.bill(jambi.city, jambi.agreement, JUNE.next()).people == 3

    def test_it_reaches_twelve_months_ahead_and_no_further(self, jambi: Place) -> None:
        """A year may be paid in advance; a typing error for the year may not become a bill."""
        with jambi.city.acting() as officer:
            draw = {"agreement_id": jambi.agreement.pk, "by": officer, "today": date(2025, 6, 30)}
            with pytest.raises(billing.TooFarAhead, match="12 months"):
                billing.draw_up(month=Month(2026, 7), **draw)
            assert billing.draw_up(month=Month(2026, 6), **draw).total == 33_600

    def test_it_reaches_as_far_as_the_law_lets_pay_ahead(
        self, jambi: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Were a semester the longest period, a seventh month ahead would be refused."""
        stored, id = in_force(), "bpu.advance_periods"
        periods = stored.parameters[id].values[0]
        assert isinstance(periods.value, Table)
        semester = Table("is", tuple(row for row in periods.value.rows if row.value != 12))
        shorter = stored.parameters[id]._replace(values=(periods._replace(value=semester),))
        changed = stored._replace(parameters={**stored.parameters, id: shorter})
        monkeypatch.setattr(limits, "in_force", lambda: changed)
        with jambi.city.acting() as officer:
            draw = {"agreement_id": jambi.agreement.pk, "by": officer, "today": date(2025, 6, 30)}
            with pytest.raises(billing.TooFarAhead, match="6 months"):
                billing.draw_up(month=Month(2026, 1), **draw)
            assert billing.draw_up(month=Month(2025, 12), **draw).total == 33_600

    def test_it_expects_of_a_month_what_the_bill_will_ask(self, jambi: Place) -> None:
        with jambi.city.acting():
            expected = billing.expected(agreement=jambi.agreement, month=JUNE)
        assert expected == world.bill(jambi.city, jambi.agreement, JUNE).total

    def test_it_can_draw_a_cancelled_month_again(self, jambi: Place) -> None:
        first = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            Bill.objects.filter(pk=first.pk).update(status=BillStatus.CANCELLED)
        assert world.bill(jambi.city, jambi.agreement, JUNE).pk != first.pk

    def test_it_asks_the_full_price_of_a_city_and_half_of_an_ojek_rider_who_pays_himself(
        self, jambi: Place
    ) -> None:
        """PP 50/2025: April 2026 is relieved, but not where APBD pays."""
        own = world.agreement(jambi.city, "mandiri", payer=PayerKind.SELF)
        world.enrol(jambi.city, own, world.STRANGER, since=APRIL_2026, registered_on=date(2026, 3, 20))
        prices = {
            each.code: world.bill(jambi.city, each, APRIL_2026).total for each in (jambi.agreement, own)
        }
        assert prices == {"rentan-jambi": 2 * 16_800, "mandiri-jambi": 8_400}

    def test_it_asks_for_jht_too_where_the_agreement_has_it(self, jambi: Place) -> None:
        """Lowest band: JKK 10,000, JKM 6,800, JHT 20,000."""
        saving = world.agreement(jambi.city, "menabung", programmes=("jkk", "jkm", "jht"))
        world.enrol(jambi.city, saving, world.STRANGER)
        drawn = world.bill(jambi.city, saving, JUNE)
        with jambi.city.acting():
            parts = dict(
                TariffAmount.objects.filter(tariff__total=drawn.total).values_list("programme", "amount")
            )
        assert (drawn.total, parts) == (36_800, {"jkk": 10_000, "jkm": 6_800, "jht": 20_000})


DUE = {"2025-06": date(2025, 6, 16), "2025-07": date(2025, 7, 15), "2026-11": date(2026, 11, 16)}


class TestTariffDecision:
    def test_it_is_stored_whole_and_can_be_read_and_checked_again(self, jambi: Place) -> None:
        world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            stored = TariffDecision.objects.get()
        decision = Decision.from_json(stored.decision)
        assert decision.digest() == stored.digest
        assert decision.total == stored.total == 16_800
        assert [step.citation.regulation for step in decision.steps] == ["PP 44/2015", "PP 44/2015"]
        assert decision.facts["payer"] == "apbd"

    def test_it_no_longer_reads_as_a_decision_when_one_figure_is_changed(self, jambi: Place) -> None:
        world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            text = TariffDecision.objects.get().decision
        with pytest.raises(NotADecision):
            Decision.from_json(text.replace('"total":16800', '"total":1680'))

    def test_it_is_stored_once_for_all_workers_and_agreements_with_the_same_facts(self, jambi: Place) -> None:
        other = world.agreement(jambi.city, "keagamaan")
        world.enrol(jambi.city, other, world.crowd(1)[0])
        for each in (jambi.agreement, other):
            world.bill(jambi.city, each, JUNE)
        with jambi.city.acting():
            assert TariffDecision.objects.count() == 1
            assert BillLine.objects.count() == 3

    def test_it_differs_by_sector_because_a_relief_may(self, jambi: Place) -> None:
        world.enrol(jambi.city, jambi.agreement, world.STRANGER)
        world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            sectors = {Decision.from_json(text).facts["sector"] for text in _decisions()}
        assert sectors == {"other", "road_transport"}

    def test_it_can_be_neither_changed_nor_removed(self, jambi: Place) -> None:
        world.bill(jambi.city, jambi.agreement, JUNE)
        for table, column in (
            ("contributions_tariffdecision", "total"),
            ("contributions_tariffamount", "amount"),
        ):
            for statement in (f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}"):
                with forbidden():
                    execute(statement)


def _decisions() -> list[str]:
    return list(TariffDecision.objects.values_list("decision", flat=True))


class TestRefusals:
    def test_it_refuses_a_line_that_is_not_worth_its_tariff(self, jambi: Place) -> None:
        with jambi.city.acting(), refused("bill_line_worth_its_tariff"):
            _, line = _bill_by_hand(jambi, total=33_601)
            BillLine.objects.bulk_create([line(jambi.siti, 16_800), line(jambi.budi, 16_801)])

    def test_it_refuses_a_line_added_to_a_bill_that_is_drawn(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        (stranger,) = world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE.next())
        with jambi.city.acting(), refused("bill_equals_its_lines"):
            _line(jambi, drawn, stranger, 16_800).save(force_insert=True)

    def test_it_refuses_a_bill_that_is_more_than_its_lines(self, jambi: Place) -> None:
        with jambi.city.acting(), refused("bill_equals_its_lines"):
            _, line = _bill_by_hand(jambi, total=33_600)
            BillLine.objects.bulk_create([line(jambi.siti, 16_800)])

    def test_it_refuses_a_bill_without_lines(self, jambi: Place) -> None:
        with jambi.city.acting(), refused("bill_equals_its_lines"):
            _bill_by_hand(jambi, total=33_600)

    @pytest.mark.parametrize("statement", ["UPDATE {} SET amount = 1", "DELETE FROM {}"])
    def test_it_lets_nobody_change_or_remove_a_line(self, jambi: Place, statement: str) -> None:
        world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(), forbidden():
            execute(statement.format("contributions_billline"))

    @pytest.mark.parametrize(
        "change", ["total = 1", "people = 1", "month = '2025-07-01'", "agreement_id = 1"]
    )
    def test_it_lets_nobody_change_what_a_bill_says(self, jambi: Place, change: str) -> None:
        world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(), forbidden():
            execute(f"UPDATE contributions_bill SET {change}")


class TestSteps:
    """final -> paid when it is settled, final -> cancelled before that; nothing else."""

    def test_it_is_not_paid_by_saying_so(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(), refused("bill_step_allowed"):
            _set(drawn, BillStatus.PAID)

    @pytest.mark.parametrize("status", [BillStatus.FINAL, BillStatus.CANCELLED])
    def test_it_goes_nowhere_from_paid(self, jambi: Place, status: BillStatus) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(), refused("bill_step_allowed"):
            _set(drawn, status)

    @pytest.mark.parametrize("status", [BillStatus.FINAL, BillStatus.PAID])
    def test_it_goes_nowhere_from_cancelled(self, jambi: Place, status: BillStatus) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            _set(drawn, BillStatus.CANCELLED)
            with refused("bill_step_allowed"):
                _set(drawn, status)

    @pytest.mark.parametrize("status", [BillStatus.PAID, BillStatus.CANCELLED])
    def test_it_begins_as_final_and_as_nothing_else(self, jambi: Place, status: BillStatus) -> None:
        with jambi.city.acting(), refused("bill_step_allowed"):
            _bill_by_hand(jambi, total=33_600, status=status)

    def test_it_becomes_paid_when_it_is_settled(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        world.pay(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            check_as_at_commit()
            drawn.refresh_from_db()
        assert drawn.status == "paid"


class TestWhoMayDraw:
    def test_it_refuses_an_operator_who_sees_only_one_kelurahan(self, jambi: Place) -> None:
        """He would draw the bill of his neighbours alone and call it the city's."""
        missing = pytest.raises(type(jambi.agreement).DoesNotExist)
        with jambi.city.acting(Role.KELURAHAN_OPERATOR) as operator, missing:
            billing.draw_up(agreement_id=jambi.agreement.pk, month=JUNE, by=operator, today=world.TODAY)

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR])
    def test_it_finds_nothing_to_draw_for_those_who_only_look(self, jambi: Place, role: Role) -> None:
        with jambi.city.acting(role) as reader, pytest.raises(type(jambi.agreement).DoesNotExist):
            billing.draw_up(agreement_id=jambi.agreement.pk, month=JUNE, by=reader, today=world.TODAY)


class TestAtOnce:
    def test_it_draws_one_bill_when_two_draw_at_the_same_moment(self, fresh_database: str) -> None:
        jambi = settled()
        bills = at_once(*[lambda: world.bill(jambi.city, jambi.agreement, JUNE)] * 4)
        assert {getattr(drawn, "pk", drawn) for drawn in bills} == {1}
        with jambi.city.acting():
            assert BillLine.objects.count() == 2

    def test_it_draws_the_first_bills_of_a_month_for_two_agreements_side_by_side(
        self, fresh_database: str
    ) -> None:
        """Both store the same tariff and both make room for the month; neither waits for the other in a circle."""
        jambi = settled()
        other = world.agreement(jambi.city, "keagamaan")
        world.enrol(jambi.city, other, world.crowd(1)[0])
        bills = at_once(
            *(lambda each=each: world.bill(jambi.city, each, JUNE) for each in (jambi.agreement, other))
        )
        assert [getattr(drawn, "total", drawn) for drawn in bills] == [33_600, 16_800]

    def test_it_draws_while_others_are_being_enrolled(self, fresh_database: str) -> None:
        jambi = settled()
        results = at_once(
            lambda: world.bill(jambi.city, jambi.agreement, JUNE),
            lambda: world.enrol(jambi.city, jambi.agreement, *world.crowd(50), since=Month(2025, 7)),
        )
        assert [type(result).__name__ for result in results] == ["Bill", "list"]

    def test_it_leaves_nothing_behind_when_rolled_back_and_can_be_drawn_afterwards(
        self, fresh_database: str
    ) -> None:
        jambi = settled()
        with transaction.atomic():
            world.bill(jambi.city, jambi.agreement, JUNE)
            transaction.set_rollback(True)
        with jambi.city.acting():
            assert not Bill.objects.exists()
            assert not TariffDecision.objects.exists()
        assert world.bill(jambi.city, jambi.agreement, JUNE).total == 33_600


def _set(drawn: Bill, status: BillStatus) -> None:
    Bill.objects.filter(pk=drawn.pk).update(status=status)


def _line(jambi: Place, drawn: Bill, person_id: int, amount: int) -> BillLine:
    membership = Membership.objects.get(person_id=person_id, agreement=jambi.agreement)
    return BillLine(
        month=drawn.month,
        bill=drawn,
        work_id=membership.work_id,
        person_id=person_id,
        membership=membership,
        sponsor=jambi.city.sponsor,
        tariff=TariffDecision.objects.get(),
        amount=amount,
    )


def _bill_by_hand(
    jambi: Place, *, total: int, status: BillStatus = BillStatus.FINAL
) -> tuple[Bill, Callable[[int, int], BillLine]]:
    """A bill for July written past the programme, for two people; and how to write a line of it."""
    world.bill(jambi.city, jambi.agreement, JUNE)
    drawn = Bill.objects.create(
        agreement=jambi.agreement,
        sponsor=jambi.city.sponsor,
        month=date(2025, 7, 1),
        status=status,
        people=2,
        total=total,
        due_on=date(2025, 7, 15),
        event_id=world.event(jambi.city),
    )
    return drawn, lambda person_id, amount: _line(jambi, drawn, person_id, amount)
