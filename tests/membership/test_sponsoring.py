"""Which city a word on a person is for: the one where she is a member, not the one with the lowest number."""

from datetime import date

import pytest

import employers
import world
from lindung.access.models import Role
from lindung.law.months import Month
from lindung.membership import changes, ending
from lindung.membership.employment import LeaveReason
from lindung.membership.models import Membership
from lindung.membership.sponsoring import sponsors_of
from lindung.people.models import PersonScope

pytestmark = pytest.mark.django_db


def left(city: world.City, person_id: int, last: Month, now: date) -> None:
    with city.acting() as officer:
        held = Membership.objects.filter(person_id=person_id).latest("since")
        changes.leave(
            membership_id=held.pk, last_month=last, reason=LeaveReason.MOVED, by=officer, now=world.at(now)
        )


def sponsors(city: world.City, person_id: int, on: date) -> tuple[int, ...]:
    with city.acting(Role.BRANCH_OFFICER):
        return sponsors_of(person_id, on=on)


def test_it_is_the_city_of_the_day_else_the_next_else_the_latest() -> None:
    """June in Jambi, nothing in July, August and September in Bungo."""
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    (siti,) = world.enrol(jambi, world.agreement(jambi), world.SITI)
    left(jambi, siti, Month(2025, 6), date(2025, 6, 20))
    world.enrol(
        bungo, world.agreement(bungo), world.SITI, since=Month(2025, 8), registered_on=date(2025, 7, 20)
    )
    left(bungo, siti, Month(2025, 9), date(2025, 8, 20))
    first, second = (jambi.sponsor.pk,), (bungo.sponsor.pk,)
    for on, expected in (
        (date(2025, 5, 31), first),
        (date(2025, 6, 30), first),
        (date(2025, 7, 15), second),
        (date(2025, 8, 1), second),
        (date(2026, 1, 1), second),
    ):
        assert sponsors(jambi, siti, on) == expected, on


def test_it_is_both_cities_while_both_pay() -> None:
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    (siti,) = world.enrol(jambi, world.agreement(jambi), world.SITI)
    ojek = world.SITI._replace(occupation="Tukang ojek")
    employers.join(bungo, world.agreement(bungo).pk, ojek, beside=True)
    assert sponsors(jambi, siti, world.TODAY) == (jambi.sponsor.pk, bungo.sponsor.pk)


def test_a_city_sees_itself_alone_and_a_stranger_nothing() -> None:
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    (siti,) = world.enrol(jambi, world.agreement(jambi), world.SITI)
    with jambi.acting():
        assert sponsors_of(siti, on=world.TODAY) == (jambi.sponsor.pk,)
    with bungo.acting(), pytest.raises(PersonScope.DoesNotExist):
        sponsors_of(siti, on=world.TODAY)


def test_a_joining_that_was_taken_back_is_the_last_to_count() -> None:
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    (siti,) = world.enrol(jambi, world.agreement(jambi), world.SITI)
    left(jambi, siti, Month(2025, 6), date(2025, 6, 20))
    promised = world.agreement(bungo)
    world.enrol(bungo, promised, world.SITI, since=Month(2025, 8), registered_on=date(2025, 7, 20))
    on = date(2025, 7, 25)
    assert sponsors(jambi, siti, on) == (bungo.sponsor.pk,)
    with bungo.acting(on=on) as officer:
        ending.terminate(
            agreement_id=promised.pk, on=on, reason="Ditarik kembali", by=officer, now=world.at(on)
        )
    assert sponsors(jambi, siti, on) == (jambi.sponsor.pk,)
