"""The road for somebody enrolled in an occupation that is not his: out after a month, in again from the next."""

from datetime import date

import pytest

import world
from lindung.law.months import Month
from lindung.membership import changes, joining
from lindung.membership.employment import LeaveReason
from lindung.membership.joining import Entry
from lindung.membership.models import Membership
from world import SITI, City

JUNE, JULY = Month(2025, 6), Month(2025, 7)
JULY_DAY = date(2025, 7, 20)
RIGHT = Entry(SITI.name, SITI.nik, "12-03-1984", "Jambi", "P", "The Hok", "Sopir")


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


def test_who_leaves_after_a_month_comes_in_again_with_the_right_work_from_the_next(jambi: City) -> None:
    rentan = world.agreement(jambi, budgets={2025: 10**9})
    [siti] = world.enrol(jambi, rentan, SITI._replace(occupation="Buruh harian lepas"))
    world.bill(jambi, rentan, JUNE)
    with jambi.acting(on=JULY_DAY) as officer:
        wrong = Membership.objects.get(person_id=siti)
        changes.leave(
            membership_id=wrong.pk,
            last_month=JUNE,
            reason=LeaveReason.WORK_ENDED,
            by=officer,
            now=world.at(JULY_DAY),
        )
        again = joining.join(
            agreement_id=rentan.pk, entry=RIGHT, by=officer, now=world.at(JULY_DAY), first_month=JULY
        )
        found = Membership.objects.select_related("work").get(pk=again.membership_id)
    assert (found.person_id, found.since) == (siti, date(2025, 7, 1)), "the same person, without a gap"
    assert (found.work.occupation, found.work.sector) == ("driver", "road_transport")
    assert world.bill(jambi, rentan, JULY).people == 1
