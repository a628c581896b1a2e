"""A new agreement takes over the people of the old one while the old one still pays: no month twice, none missing."""

from datetime import date

import pytest

import employers
import world
from lindung.contributions import billing
from lindung.law.months import Month
from lindung.membership import ending, enrolling, joining, rechecking
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement
from membership.sheets import FIRST, READY, Told, cells, receive, text, told
from world import BUDI, SITI, City

NOVEMBER, DECEMBER, JANUARY = Month(2026, 11), Month(2026, 12), Month(2027, 1)
FIRST_OF_JANUARY = date(2027, 1, 1)
IN_DECEMBER = date(2026, 12, 10)


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def old(jambi: City) -> Agreement:
    """Siti and Budi; the agreement is stopped in November, December 2026 is its last month."""
    made = world.agreement(jambi, "sawit", since=NOVEMBER)
    world.enrol(jambi, made, SITI, BUDI, since=NOVEMBER, registered_on=date(2026, 11, 2))
    with jambi.acting() as officer:
        ending.terminate(
            agreement_id=made.pk,
            on=FIRST_OF_JANUARY,
            reason="Diganti",
            by=officer,
            now=world.at(world.TODAY),
        )
    return made


@pytest.fixture
def new(jambi: City) -> Agreement:
    return world.agreement(jambi, "sawit-2027", since=JANUARY)


def enrolled(place: City, roster: int, on: date, *, first_month: Month | None = None) -> enrolling.Enrolment:
    with place.acting(on=on) as officer:
        return enrolling.enrol(roster_id=roster, by=officer, now=world.at(on), first_month=first_month)


def test_the_whole_road_from_the_old_agreement_to_the_new_one(
    jambi: City, old: Agreement, new: Agreement
) -> None:
    roster = receive(jambi, new, text(cells(SITI), cells(BUDI, Pekerjaan="Tukang ojek")), on=IN_DECEMBER)
    assert told(jambi, roster) == {FIRST: READY, FIRST + 1: READY}, "the same work, and another one"
    assert enrolled(jambi, roster, IN_DECEMBER).enrolled == 2
    with jambi.acting():
        members = Membership.objects.order_by("person_id", "since")
        months = list(members.values_list("agreement_id", "since", "until"))
    periods = [(old.pk, NOVEMBER.first_day(), FIRST_OF_JANUARY), (new.pk, FIRST_OF_JANUARY, None)]
    assert months == periods * 2
    assert world.bill(jambi, old, DECEMBER).people == 2
    assert world.bill(jambi, new, JANUARY).people == 2
    for promised, month in ((old, JANUARY), (new, DECEMBER)):
        with pytest.raises(billing.OutsideAgreement):
            world.bill(jambi, promised, month)


def test_a_list_that_waited_for_the_end_of_the_old_one_is_ready_once_it_is_checked_again(
    jambi: City, old: Agreement
) -> None:
    """The other agreement runs already: in November its first month is December, which the old one still pays."""
    other = world.agreement(jambi, "rentan", since=NOVEMBER)
    roster = receive(jambi, other, text(cells(SITI)), on=world.TODAY)
    assert told(jambi, roster) == {FIRST: Told("refused", ("register.other_sponsor",))}
    with jambi.acting(on=IN_DECEMBER) as officer:
        assert rechecking.recheck(roster_id=roster, by=officer, on=IN_DECEMBER) == 1
    assert enrolled(jambi, roster, IN_DECEMBER).enrolled == 1


def test_nobody_is_taken_over_in_a_month_that_the_old_one_pays(jambi: City, old: Agreement) -> None:
    other = world.agreement(jambi, "rentan", since=NOVEMBER)
    roster = receive(jambi, other, text(cells(SITI)), on=IN_DECEMBER)
    early = enrolled(jambi, roster, IN_DECEMBER, first_month=DECEMBER)
    assert (early.enrolled, early.lost) == (0, 1)
    assert told(jambi, roster) == {FIRST: Told("to_fix", ("register.paid_still",))}
    with jambi.acting(on=IN_DECEMBER) as officer:
        assert rechecking.recheck(roster_id=roster, by=officer, on=IN_DECEMBER) == 1
    assert enrolled(jambi, roster, IN_DECEMBER).enrolled == 1


def test_by_form_the_month_asked_for_decides(jambi: City, old: Agreement) -> None:
    """No officer has to call it another work to get past the question."""
    other = world.agreement(jambi, "rentan", since=NOVEMBER)
    with pytest.raises(joining.NotReady):
        employers.join(jambi, other.pk, SITI, since=DECEMBER, on=IN_DECEMBER)
    came = employers.join(jambi, other.pk, SITI, since=JANUARY, on=IN_DECEMBER)
    ojek = employers.join(
        jambi, other.pk, BUDI._replace(occupation="Tukang ojek"), since=JANUARY, on=IN_DECEMBER
    )
    assert (came.since, ojek.since) == (JANUARY, JANUARY)
