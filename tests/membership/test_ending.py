"""What an agreement leaves behind when it is over: nobody who counts, nobody who is billed, nobody who is locked in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Event

import pytest
from django.db import IntegrityError

import employers
import world
from database import at_once, check_as_at_commit, refused
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import Actor
from lindung.contributions import billing
from lindung.contributions.cover import CoverState, cover_of
from lindung.engine.refusals import constraint_of
from lindung.insight.coverage import coverage
from lindung.insight.monthly_changes import changes_page
from lindung.insight.today import today
from lindung.law.months import Month
from lindung.membership import changes, ending, enrolling
from lindung.membership.employment import LeaveReason, MemberChange
from lindung.membership.models import Membership
from lindung.partnership import agreements
from lindung.partnership.models import Agreement
from world import BUDI, SITI, City

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)
END = date(2025, 9, 1)
First = Callable[[City, Callable[[Actor], object]], object]
Second = Callable[[Callable[[], object]], object]


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    """Siti and Budi, paid for June to August 2025."""
    made = world.agreement(jambi)
    world.enrol(jambi, made, SITI, BUDI)
    world.pay_months(jambi, made, JUNE, AUGUST)
    return made


def closed(place: City, promised: Agreement, *, until: date = END) -> ending.Over:
    world.set_end(place, promised, until)
    with place.acting(on=until) as officer:
        over = ending.end(agreement_id=promised.pk, by=officer, now=world.at(until))
        check_as_at_commit()
        return over


def stopped(place: City, promised: Agreement, on: date) -> ending.Over:
    with place.acting(on=on) as officer:
        over = terminated(promised, on, officer)
        check_as_at_commit()
        return over


def terminated(promised: Agreement, on: date, by: Actor) -> ending.Over:
    return ending.terminate(agreement_id=promised.pk, on=on, reason="Dana dialihkan", by=by, now=world.at(on))


class TestTheListOfChanges:
    def test_who_would_have_begun_later_does_not_join_after_all(self, jambi: City, rentan: Agreement) -> None:
        """She leaves nothing that she was in: September is paid for nobody, and she was in no month."""
        world.enrol(jambi, rentan, *world.crowd(1), since=Month(2025, 10))
        stopped(jambi, rentan, END)
        with jambi.acting():
            kinds = {
                month: [line.kind for line in changes_page(rentan.pk, month=month, number=1).lines]
                for month in (AUGUST, Month(2025, 10))
            }
            (line,) = changes_page(rentan.pk, month=Month(2025, 10), number=1).lines
        assert kinds == {AUGUST: ["leave", "leave"], Month(2025, 10): ["never"]}
        assert (line.label.id, line.told.id) == ("Tidak jadi masuk", "Kerja samanya berakhir")


class TestItsMembers:
    def test_they_end_with_it_by_one_event_that_says_how_many(self, jambi: City, rentan: Agreement) -> None:
        with jambi.acting():
            assert ending.members_at_end(agreement_id=rentan.pk, until=END) == 2
        over = closed(jambi, rentan)
        assert (over.agreement.state, over.members, over.until) == ("ended", 2, END)
        with jambi.acting():
            event = AuditEvent.objects.get(action="agreement.members_ended")
            assert event.detail == {"members": 2, "month": "2025-08"}
            rows = MemberChange.objects.values_list("kind", "reason", "month", "until_after", "event_id")
            assert set(rows) == {("leave", "agreement_over", AUGUST.first_day(), END, event.pk)}
            assert ending.members_at_end(agreement_id=rentan.pk, until=END) == 0

    def test_a_month_that_it_reaches_into_stays_whole(self, jambi: City, rentan: Agreement) -> None:
        """Stopped in the middle of September: September can be billed, October cannot."""
        over = stopped(jambi, rentan, date(2025, 9, 15))
        assert (over.agreement.until, over.until) == (date(2025, 9, 15), date(2025, 10, 1))
        assert world.bill(jambi, rentan, Month(2025, 9)).people == 2
        with pytest.raises(billing.OutsideAgreement):
            world.bill(jambi, rentan, Month(2025, 10))

    def test_who_left_before_keeps_his_own_end_and_who_was_yet_to_come_never_was(
        self, jambi: City, rentan: Agreement
    ) -> None:
        (late,) = world.enrol(jambi, rentan, world.STRANGER, since=Month(2025, 11))
        with jambi.acting(on=END) as officer:
            siti = Membership.objects.get(person_id=world.person_id(SITI))
            changes.leave(
                membership_id=siti.pk,
                last_month=AUGUST,
                reason=LeaveReason.MOVED,
                by=officer,
                now=world.at(END),
            )
        assert stopped(jambi, rentan, date(2025, 10, 1)).members == 2
        with jambi.acting():
            ends = dict(Membership.objects.values_list("person_id", "until"))
            budi = world.person_id(BUDI)
        assert ends[siti.person_id] == END
        assert ends[budi] == date(2025, 10, 1)
        assert ends[late] == date(2025, 11, 1), "an empty period"

    def test_they_cannot_be_opened_again(self, jambi: City, rentan: Agreement) -> None:
        closed(jambi, rentan)
        with jambi.acting() as officer, refused("membership_not_beyond_its_agreement"):
            change = MemberChange.objects.latest("pk")
            changes.undo(change_id=change.pk, by=officer, now=world.at(END))

    def test_nobody_is_forgotten_by_another_way_of_ending_it(self, jambi: City, rentan: Agreement) -> None:
        world.set_end(jambi, rentan, END)
        with jambi.acting(on=END) as officer, refused("agreement_over_leaves_no_member"):
            agreements.end(agreement_id=rentan.pk, by=officer, now=world.at(END))

    def test_nothing_is_written_when_the_end_is_refused(self, jambi: City, rentan: Agreement) -> None:
        with jambi.acting(on=END) as officer:
            before = (AuditEvent.objects.count(), MemberChange.objects.count())
            with refused("agreement_not_ended_before_its_bills"):
                ending.terminate(
                    agreement_id=rentan.pk, on=date(2025, 8, 1), reason="x", by=officer, now=world.at(END)
                )
            assert (AuditEvent.objects.count(), MemberChange.objects.count()) == before

    def test_an_agreement_without_members_ends_without_a_word_of_them(self, jambi: City) -> None:
        assert stopped(jambi, world.agreement(jambi), END).members == 0
        with jambi.acting():
            assert not AuditEvent.objects.filter(action="agreement.members_ended").exists()


class TestAfterwards:
    def test_nobody_counts_as_protected_enrolled_or_in_arrears(self, jambi: City, rentan: Agreement) -> None:
        closed(jambi, rentan)
        for on in (END, date(2025, 12, 1), date(2027, 1, 1)):
            with jambi.acting(Role.MAYOR, on=on):
                day, found = today(on=on), coverage(on=on)
                assert (day.covered, day.monthly_cost, day.quota) == (0, 0, 0)
                assert found.total.enrolled == 0
                assert cover_of(world.person_id(SITI), on=on).state is CoverState.LAPSED

    def test_a_wage_earner_is_no_debt_of_the_employer_for_ever(self, jambi: City) -> None:
        """Arrears never end a wage earner's cover; the end of the employer's agreement does."""
        unit = employers.unit(jambi)
        employers.employ(jambi, unit, SITI)
        world.pay(jambi, unit.agreement, JUNE)
        stopped(jambi, unit.agreement, date(2025, 7, 1))
        with jambi.acting(Role.MAYOR, on=END):
            assert today(on=END).employed == 0
            assert coverage(on=END).employed == 0

    def test_the_same_work_can_be_paid_for_by_another_agreement(self, jambi: City, rentan: Agreement) -> None:
        """An open membership would lock Siti out: one work is paid for once at a time."""
        closed(jambi, rentan)
        after = world.agreement(jambi, "lanjutan", since=Month(2025, 9))
        world.enrol(jambi, after, SITI, since=Month(2025, 10), registered_on=END)
        with jambi.acting():
            assert Membership.objects.filter(agreement=after).count() == 1


class TestAtOnce:
    """One works while the other's transaction is still open, so that he can see nothing of what the first has done."""

    @pytest.fixture
    def town(self, fresh_database: None) -> tuple[City, Agreement]:
        jambi = world.city()
        rentan = world.agreement(jambi)
        world.enrol(jambi, rentan, SITI)
        return jambi, rentan

    def test_nobody_slips_in_while_it_is_terminated(self, town: tuple[City, Agreement]) -> None:
        jambi, rentan = town
        over, came = at_once(
            lambda: stopped(jambi, rentan, JULY.first_day()),
            lambda: world.enrol(jambi, rentan, BUDI, since=JUNE),
        )
        assert isinstance(over, ending.Over)
        assert isinstance(came, list | enrolling.AfterAgreement | IntegrityError)
        with jambi.acting():
            ends = list(Membership.objects.values_list("until", flat=True))
        assert ends == [JULY.first_day()] * len(ends)
        assert len(ends) == over.members == (2 if isinstance(came, list) else 1)

    def test_who_is_taken_back_while_it_is_terminated_ends_with_it(
        self, town: tuple[City, Agreement]
    ) -> None:
        jambi, rentan = town
        change = left(jambi, JUNE)
        with one_after_the_other() as (first, second):
            undone, over = at_once(
                lambda: first(jambi, lambda by: changes.undo(change_id=change, by=by, now=world.at(END))),
                lambda: second(lambda: stopped(jambi, rentan, AUGUST.first_day())),
            )
        assert isinstance(undone, MemberChange)
        assert isinstance(over, ending.Over)
        assert over.members == 1
        with jambi.acting():
            assert Membership.objects.get().until == AUGUST.first_day()

    def test_nobody_is_taken_back_into_what_is_being_terminated(self, town: tuple[City, Agreement]) -> None:
        jambi, rentan = town
        change = left(jambi, JUNE)

        def undo() -> object:
            with jambi.acting(on=END) as officer:
                return changes.undo(change_id=change, by=officer, now=world.at(END))

        with one_after_the_other() as (first, second):
            over, undone = at_once(
                lambda: first(jambi, lambda by: terminated(rentan, AUGUST.first_day(), by)),
                lambda: second(undo),
            )
        assert isinstance(over, ending.Over)
        assert isinstance(undone, IntegrityError)
        assert constraint_of(undone) == "membership_not_beyond_its_agreement"
        with jambi.acting():
            assert Membership.objects.get().until == JULY.first_day()

    def test_who_leaves_while_it_is_terminated_has_left_once(self, town: tuple[City, Agreement]) -> None:
        jambi, rentan = town
        with jambi.acting():
            siti = Membership.objects.get().pk
        with one_after_the_other() as (first, second):
            gone, over = at_once(
                lambda: first(
                    jambi,
                    lambda by: changes.leave(
                        membership_id=siti,
                        last_month=JUNE,
                        reason=LeaveReason.MOVED,
                        by=by,
                        now=world.at(END),
                    ),
                ),
                lambda: second(lambda: stopped(jambi, rentan, AUGUST.first_day())),
            )
        assert isinstance(gone, changes.Left)
        assert isinstance(over, ending.Over)
        assert over.members == 0
        with jambi.acting():
            assert list(MemberChange.objects.values_list("reason", flat=True)) == ["moved"]
            assert Membership.objects.get().until == JULY.first_day()


def left(place: City, last: Month) -> int:
    """Siti has left; the change."""
    with place.acting(on=END) as officer:
        member = Membership.objects.get().pk
        gone = changes.leave(
            membership_id=member,
            last_month=last,
            reason=LeaveReason.MOVED,
            by=officer,
            now=world.at(END),
        )
        return gone.change_id


@contextmanager
def one_after_the_other() -> Iterator[tuple[First, Second]]:
    """Two acts of which the second begins when the first is done but not committed; it has a second to get done."""
    acted, ended = Event(), Event()

    def first(place: City, act: Callable[[Actor], object]) -> object:
        with place.acting(on=END) as officer:
            done = act(officer)
            acted.set()
            ended.wait(timeout=1)
            return done

    def second(act: Callable[[], object]) -> object:
        assert acted.wait(timeout=10)
        try:
            return act()
        finally:
            ended.set()

    yield first, second
