"""Ibu Siti leaves, Pak Budi joins, a stranger earns more: each month, one by one, with who, when and why."""

from datetime import date, timedelta

import pytest

import employers
import world
from database import as_loader, at_once, refused
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions import billing
from lindung.contributions.models import BillLine
from lindung.law.money import rupiah
from lindung.law.months import Month
from lindung.membership import changes, deaths, enrolling, joining, wages
from lindung.membership.employment import LeaveReason, MemberChange, Wage
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement
from world import BUDI, SITI, STRANGER, City

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)
JULY_DAY = date(2025, 7, 20)


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi, budgets={2025: 10**9})


def membership_of(jambi: City, person_id: int) -> Membership:
    with jambi.acting():
        return Membership.objects.filter(person_id=person_id).order_by("-pk")[0]


def leave(
    jambi: City,
    member: int,
    last: Month,
    reason: str = "moved",
    on: date = JULY_DAY,
    died_on: date | None = None,
) -> changes.Left:
    with jambi.acting(on=on) as officer:
        return changes.leave(
            membership_id=member, last_month=last, reason=LeaveReason(reason), died_on=died_on, by=officer,
            now=world.at(on),
        )  # fmt: skip


def undo(jambi: City, change: int, on: date = JULY_DAY) -> MemberChange:
    with jambi.acting(on=on) as officer:
        return changes.undo(change_id=change, by=officer, now=world.at(on))


class TestLeaving:
    def test_who_leaves_is_billed_for_the_last_month_and_no_longer(
        self, jambi: City, rentan: Agreement
    ) -> None:
        siti, _ = world.enrol(jambi, rentan, SITI, BUDI)
        left = leave(jambi, membership_of(jambi, siti).pk, JULY)
        assert (left.until, left.opens_claim) == (date(2025, 8, 1), False)
        assert [world.bill(jambi, rentan, month).people for month in (JUNE, JULY, AUGUST)] == [2, 2, 1]
        with jambi.acting():
            change = MemberChange.objects.get()
            assert (change.reason, change.by_id) == ("moved", jambi.users[Role.CITY_OFFICER].pk)
            event = AuditEvent.objects.get(pk=change.event_id)
            assert event.action == "member.left"
            assert SITI.nik not in str(event.detail)

    def test_a_death_opens_the_question_of_a_claim(self, jambi: City, rentan: Agreement) -> None:
        (siti,) = world.enrol(jambi, rentan, SITI)
        died_on = JULY_DAY - timedelta(days=1)
        left = leave(jambi, membership_of(jambi, siti).pk, JULY, "died", died_on=died_on)
        assert left.opens_claim
        with jambi.acting():
            known = deaths.recorded_death(siti, on=JULY_DAY)
            assert known is not None
            assert (known.died_on, known.recorded_on, known.sponsor) == (died_on, JULY_DAY, "Kota Jambi")
            assert deaths.recorded_death(siti, on=died_on) is None, "nobody knew on that day"
        undo(jambi, left.change_id)
        with jambi.acting():
            assert deaths.recorded_death(siti, on=JULY_DAY) is None

    @pytest.mark.parametrize(
        ("reason", "died_on"), [("died", None), ("died", date(2025, 7, 3)), ("moved", date(2025, 7, 1))]
    )
    def test_a_death_has_its_day_and_nothing_else_has(
        self, jambi: City, rentan: Agreement, reason: str, died_on: date | None
    ) -> None:
        (siti,) = world.enrol(jambi, rentan, SITI)
        member = membership_of(jambi, siti).pk
        with pytest.raises(deaths.WrongDeathDay) as caught:
            leave(jambi, member, JULY, reason, on=date(2025, 7, 2), died_on=died_on)
        assert caught.value.field == "died_on"
        assert membership_of(jambi, siti).until is None

    def test_it_is_refused_for_a_month_that_is_billed(self, jambi: City, rentan: Agreement) -> None:
        (siti,) = world.enrol(jambi, rentan, SITI)
        world.bill(jambi, rentan, JULY)
        member = membership_of(jambi, siti)
        with refused("membership_not_ended_before_its_bill"):
            leave(jambi, member.pk, JUNE)
        leave(jambi, member.pk, JULY)
        with pytest.raises(changes.LeftAlready, match="July 2025"):
            leave(jambi, member.pk, AUGUST)

    def test_it_is_refused_before_the_first_month_and_in_the_wrong_year(
        self, jambi: City, rentan: Agreement
    ) -> None:
        (siti,) = world.enrol(jambi, rentan, SITI)
        member = membership_of(jambi, siti).pk
        for month in (Month(2025, 5), Month(2062, 6)):
            with pytest.raises(changes.OutsideMembership):
                leave(jambi, member, month)

    def test_it_is_not_there_for_another_city(self, jambi: City, rentan: Agreement) -> None:
        (siti,) = world.enrol(jambi, rentan, SITI)
        member = membership_of(jambi, siti).pk
        bungo = world.city("bungo", branch=jambi.branch)
        with pytest.raises(Membership.DoesNotExist):
            leave(bungo, member, JULY)

    def test_it_can_be_taken_back_until_the_month_is_billed(self, jambi: City, rentan: Agreement) -> None:
        siti, _ = world.enrol(jambi, rentan, SITI, BUDI)
        member = membership_of(jambi, siti).pk
        undo(jambi, leave(jambi, member, JUNE).change_id)
        assert membership_of(jambi, siti).until is None
        again = leave(jambi, member, JUNE)
        assert world.bill(jambi, rentan, JULY).people == 1
        with refused("membership_before_the_bill"):
            undo(jambi, again.change_id)

    def test_it_is_taken_back_once_and_only_the_newest(self, jambi: City, rentan: Agreement) -> None:
        (siti,) = world.enrol(jambi, rentan, SITI)
        left = leave(jambi, membership_of(jambi, siti).pk, JULY)
        undone = undo(jambi, left.change_id)
        for change in (left.change_id, undone.pk):
            with pytest.raises(changes.NotTheLatest):
                undo(jambi, change)

    def test_an_end_without_a_word_is_refused_by_the_database(self, jambi: City, rentan: Agreement) -> None:
        (siti,) = world.enrol(jambi, rentan, SITI)
        member = membership_of(jambi, siti)
        with (
            jambi.acting() as officer,
            refused("membership_end_has_its_change"),
            system_scope(SystemScope.ENROLLING, actor=officer),
            as_loader(),
        ):
            Membership.objects.filter(pk=member.pk).update(until=date(2025, 8, 1))


class TestJoining:
    def test_one_person_comes_in_like_a_row_of_a_list(self, jambi: City, rentan: Agreement) -> None:
        came = employers.join(jambi, rentan.pk, SITI)
        member = membership_of(jambi, came.person_id)
        assert (member.since, member.slot, member.registered_on) == (date(2025, 6, 1), 1, world.REGISTERED)
        with jambi.acting():
            assert MemberChange.objects.get().kind == "join"

    def test_who_left_may_come_again(self, jambi: City, rentan: Agreement) -> None:
        came = employers.join(jambi, rentan.pk, SITI)
        leave(jambi, came.membership_id, JULY)
        again = employers.join(jambi, rentan.pk, SITI, since=Month(2025, 9), on=date(2025, 8, 20))
        assert again.person_id == came.person_id
        assert [world.bill(jambi, rentan, month).people for month in (JULY, Month(2025, 9))] == [1, 1]

    def test_two_works_count_while_they_last_and_no_longer(self, jambi: City, rentan: Agreement) -> None:
        """PP 44/2015 Pasal 11: the third is refused while two are in force, and lawful when one has ended."""
        driver = STRANGER
        first = employers.join(jambi, rentan.pk, driver)
        farmer = driver._replace(occupation="Petani")
        second_work = world.agreement(jambi, "tani")
        with pytest.raises(joining.NotReady) as held:
            employers.join(jambi, second_work.pk, farmer)
        assert held.value.field == "nik"
        employers.join(jambi, second_work.pk, farmer, beside=True)
        third_work = world.agreement(jambi, "jahit")
        tailor = driver._replace(occupation="Penjahit")
        with pytest.raises(joining.NotReady, match="number 2 already"):
            employers.join(jambi, third_work.pk, tailor, beside=True)
        leave(jambi, first.membership_id, JULY)
        came = employers.join(
            jambi, third_work.pk, tailor, beside=True, since=Month(2025, 9), on=date(2025, 8, 2)
        )
        assert membership_of(jambi, came.person_id).slot == 1

    def test_what_is_wrong_is_said_at_its_field(self, jambi: City, rentan: Agreement) -> None:
        with pytest.raises(joining.NotReady) as short:
            employers.join(jambi, rentan.pk, SITI._replace(nik="15710252"))
        assert short.value.field == "nik"
        with pytest.raises(enrolling.TooEarly) as early:
            employers.join(jambi, rentan.pk, SITI, since=JUNE, on=JULY_DAY)
        assert early.value.field == "first_month"

    def test_nobody_joins_further_ahead_than_anybody_leaves(self, jambi: City, rentan: Agreement) -> None:
        with pytest.raises(enrolling.TooFar) as far:
            employers.join(jambi, rentan.pk, SITI, since=Month(2028, 1))
        assert (far.value.code, far.value.field) == ("month.too_far", "first_month")
        assert employers.join(jambi, rentan.pk, SITI, since=JUNE.plus(12)).since == JUNE.plus(12)

    def test_a_joining_by_mistake_costs_nothing_and_leaves_its_trace(
        self, jambi: City, rentan: Agreement
    ) -> None:
        came = employers.join(jambi, rentan.pk, SITI)
        with jambi.acting():
            change = MemberChange.objects.get().pk
        undo(jambi, change)
        with jambi.acting(), pytest.raises(billing.NothingToBill):
            world.bill(jambi, rentan, JUNE)
        assert employers.join(jambi, rentan.pk, SITI).person_id == came.person_id

    def test_two_officers_who_let_in_the_same_person_at_once_let_her_in_once(
        self, fresh_database: str
    ) -> None:
        jambi = world.city()
        rentan = world.agreement(jambi)

        def come() -> joining.Joined:
            return employers.join(jambi, rentan.pk, SITI)

        results = at_once(come, come)
        assert sum(isinstance(result, joining.Joined) for result in results) == 1
        assert sum(isinstance(result, joining.NotReady) for result in results) == 1


class TestWages:
    def test_a_day_s_wage_counts_twenty_five_days(self, jambi: City) -> None:
        """PP 44/2015 Pasal 19: 115,000 a day is 2,875,000 a month; JKK 0.54 %, JKM 0.30 %, JHT 5.7 %."""
        unit = employers.unit(jambi)
        employers.employ(jambi, unit, SITI)
        with jambi.acting():
            wage = Wage.objects.get()
            assert (wage.amount, wage.days, wage.monthly) == (115_000, 25, 2_875_000)
        bill = world.bill(jambi, unit.agreement, JUNE)
        assert bill.total == 15_525 + 8_625 + 163_875
        assert bill.due_on == date(2025, 7, 15), "wage earners pay in the month after"

    def test_a_new_wage_holds_from_its_month_on(self, jambi: City) -> None:
        unit = employers.unit(jambi)
        (siti,) = employers.employ(jambi, unit, SITI)
        change = self.raised(jambi, siti.membership_id, JULY, 120_000)
        bills = [world.bill(jambi, unit.agreement, month) for month in (JUNE, JULY, AUGUST)]
        assert [bill.total for bill in bills] == [188_025, 196_200, 196_200]
        with refused("wage_before_the_bill"):
            undo(jambi, change.pk)
        with refused("wage_before_the_bill"):
            self.raised(jambi, siti.membership_id, AUGUST, 130_000)

    def test_it_can_be_taken_back_and_said_anew(self, jambi: City) -> None:
        unit = employers.unit(jambi)
        (siti,) = employers.employ(jambi, unit, SITI)
        change = self.raised(jambi, siti.membership_id, JULY, 1_200_000)
        with pytest.raises(changes.WageRecorded) as refusal:
            self.raised(jambi, siti.membership_id, JULY, 120_000)
        assert refusal.value.field == "since"
        assert "batalkan dulu" in refusal.value.text.id
        undo(jambi, change.pk)
        self.raised(jambi, siti.membership_id, JULY, 120_000)
        assert world.bill(jambi, unit.agreement, JULY).total == 196_200

    def test_a_wage_below_the_minimum_is_kept_as_it_was_reported(self, jambi: City) -> None:
        employers.minimum_wage(jambi)
        unit = employers.unit(jambi)
        employers.employ(jambi, unit, SITI)
        with jambi.acting():
            assert Wage.objects.get().monthly == 2_875_000 < employers.MINIMUM
        assert rupiah(world.bill(jambi, unit.agreement, JUNE).total) == "Rp188.025"

    def test_a_wage_below_the_minimum_is_made_sure_of(self, jambi: City) -> None:
        """One rupiah a day is a slip; it comes in only when somebody says that it is so."""
        employers.minimum_wage(jambi)
        unit = employers.unit(jambi)
        with pytest.raises(wages.BelowMinimum) as refusal:
            employers.join(jambi, unit.agreement_id, SITI, wage="1", below_minimum=False)
        assert (refusal.value.code, refusal.value.field) == ("member.below_minimum", "below_minimum")
        assert "Rp25, di bawah upah minimum Rp3.000.000" in refusal.value.text.id
        siti = employers.join(jambi, unit.agreement_id, SITI, wage="120000", below_minimum=False)
        with pytest.raises(wages.BelowMinimum):
            self.raised(jambi, siti.membership_id, JULY, 1)
        assert self.raised(jambi, siti.membership_id, JULY, 1, below_minimum=True)

    def test_the_wage_that_holds_is_no_new_one(self, jambi: City) -> None:
        unit = employers.unit(jambi)
        (siti,) = employers.employ(jambi, unit, SITI)
        with pytest.raises(changes.SameWage) as refusal:
            self.raised(jambi, siti.membership_id, JULY, employers.DAILY)
        assert refusal.value.field == "wage"
        with jambi.acting():
            assert Wage.objects.count() == 1

    def test_the_wage_somebody_came_with_can_be_corrected_and_that_be_taken_back(self, jambi: City) -> None:
        unit = employers.unit(jambi)
        (siti,) = employers.employ(jambi, unit, SITI, wage=1_150_000)
        change = self.raised(jambi, siti.membership_id, JUNE, 120_000)
        with pytest.raises(changes.WageRecorded):
            self.raised(jambi, siti.membership_id, JUNE, 130_000)
        undo(jambi, change.pk)
        with jambi.acting():
            held = Wage.objects.filter(withdrawn__isnull=True)
            assert [wage.amount for wage in held] == [1_150_000]
        self.raised(jambi, siti.membership_id, JUNE, 115_000)
        assert world.bill(jambi, unit.agreement, JUNE).total == 188_025

    def test_the_wage_of_a_billed_month_stays(self, jambi: City) -> None:
        unit = employers.unit(jambi)
        (siti,) = employers.employ(jambi, unit, SITI)
        world.bill(jambi, unit.agreement, JUNE)
        with refused("wage_before_the_bill"):
            self.raised(jambi, siti.membership_id, JUNE, 120_000)

    def test_a_wage_earner_without_a_wage_does_not_come_in(self, jambi: City) -> None:
        unit = employers.unit(jambi)
        for wage in ("", "nol", "0"):
            with pytest.raises(joining.NotReady) as missing:
                employers.join(jambi, unit.agreement_id, SITI, wage=wage)
            assert missing.value.field == "wage"

    def test_a_bpu_has_no_wage(self, jambi: City, rentan: Agreement) -> None:
        came = employers.join(jambi, rentan.pk, SITI)
        with pytest.raises(changes.NotAWageEarner):
            self.raised(jambi, came.membership_id, JULY, 120_000)

    def test_one_person_may_be_both(self, jambi: City, rentan: Agreement) -> None:
        """Kerja ganda: a cleaner of the city who also drives an ojek is insured in both works."""
        unit = employers.unit(jambi)
        employers.employ(jambi, unit, STRANGER)
        employers.join(jambi, rentan.pk, STRANGER)
        for promised in (unit.agreement, rentan):
            world.pay(jambi, promised, JUNE)
        with jambi.acting():
            assert BillLine.objects.values("work").distinct().count() == 2

    def test_the_same_work_is_not_entered_twice(self, jambi: City) -> None:
        unit = employers.unit(jambi)
        employers.employ(jambi, unit, SITI)
        with pytest.raises(joining.NotReady, match="already"):
            employers.employ(jambi, unit, SITI)

    @staticmethod
    def raised(
        jambi: City, member: int, since: Month, amount: int, *, below_minimum: bool = False
    ) -> MemberChange:
        with jambi.acting(on=JULY_DAY) as officer:
            return changes.change_wage(
                membership_id=member,
                since=since,
                basis="daily",
                amount=amount,
                below_minimum=below_minimum,
                by=officer,
                now=world.at(JULY_DAY),
            )


def test_nobody_unnamed_changes_anything(jambi: City, rentan: Agreement) -> None:
    (siti,) = world.enrol(jambi, rentan, SITI, BUDI)[:1]
    member = membership_of(jambi, siti).pk
    with jambi.acting(), pytest.raises(changes.NobodyActs):
        changes.leave(
            membership_id=member,
            last_month=JULY,
            reason=LeaveReason.MOVED,
            by=world.BUILDER,
            now=world.at(JULY_DAY),
        )
