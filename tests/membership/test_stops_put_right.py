"""A stop with a wrong day: somebody else puts it right, and whoever it ended follows."""

from datetime import date

import pytest

import world
from database import check_as_at_commit, refused
from lindung.access.models import Role
from lindung.law.months import Month
from lindung.membership import changes, ending
from lindung.membership.employment import LeaveReason, MemberChange
from lindung.membership.models import Membership
from lindung.partnership import agreements
from lindung.partnership.models import Agreement
from world import BUDI, SITI, STRANGER, City

JUNE, JULY, AUGUST, OCTOBER = (Month(2025, month) for month in (6, 7, 8, 10))
ON = date(2025, 8, 20)


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    """Siti and Budi, paid for June; stopped with July as the last month by a slip."""
    made = world.agreement(jambi)
    world.enrol(jambi, made, SITI, BUDI)
    world.pay(jambi, made, JUNE)
    with jambi.acting(on=ON) as officer:
        ending.terminate(
            agreement_id=made.pk, on=AUGUST.first_day(), reason="Diganti", by=officer, now=world.at(ON)
        )
        check_as_at_commit()
    return made


def corrected(
    place: City,
    promised: Agreement,
    on: date,
    *,
    role: Role = Role.FINANCE_OFFICER,
    today: date = ON,
    reason: str = "Salah ketik",
) -> ending.Over:
    with place.acting(role, on=today) as by:
        over = ending.correct_stop(agreement_id=promised.pk, on=on, reason=reason, by=by, now=world.at(today))
        check_as_at_commit()
        return over


def ends(place: City) -> set[date | None]:
    with place.acting():
        return set(Membership.objects.values_list("until", flat=True))


@pytest.mark.parametrize("month", [JULY, OCTOBER])
def test_a_later_or_an_earlier_day_moves_everybody_whom_the_stop_ended(
    jambi: City, rentan: Agreement, month: Month
) -> None:
    over = corrected(jambi, rentan, month.first_day())
    assert (over.members, over.agreement.until, over.agreement.state) == (2, month.first_day(), "terminated")
    assert ends(jambi) == {month.first_day()}
    with jambi.acting():
        kinds = list(MemberChange.objects.order_by("membership_id", "pk").values_list("kind", flat=True))
        assert kinds == ["leave", "undo", "leave"] * 2


def test_the_months_that_came_back_are_billed(jambi: City, rentan: Agreement) -> None:
    corrected(jambi, rentan, OCTOBER.first_day())
    assert world.bill(jambi, rentan, AUGUST).people == 2


def test_a_second_slip_is_put_right_by_the_first_again(jambi: City, rentan: Agreement) -> None:
    corrected(jambi, rentan, date(2052, 1, 1))
    corrected(jambi, rentan, OCTOBER.first_day(), role=Role.CITY_OFFICER)
    assert ends(jambi) == {OCTOBER.first_day()}


def test_who_left_by_himself_keeps_his_end(jambi: City) -> None:
    made = world.agreement(jambi)
    world.enrol(jambi, made, SITI, BUDI)
    with jambi.acting(on=ON) as officer:
        siti = Membership.objects.get(person_id=world.person_id(SITI))
        changes.leave(
            membership_id=siti.pk, last_month=AUGUST, reason=LeaveReason.MOVED, by=officer, now=world.at(ON)
        )
        ending.terminate(
            agreement_id=made.pk, on=AUGUST.first_day(), reason="x", by=officer, now=world.at(ON)
        )
    corrected(jambi, made, OCTOBER.next().first_day())
    with jambi.acting():
        siti.refresh_from_db()
    assert siti.until == date(2025, 9, 1)
    corrected(jambi, made, JULY.first_day(), role=Role.CITY_OFFICER)
    assert ends(jambi) == {JULY.first_day()}


def test_it_never_reaches_beyond_the_end_that_was_agreed(jambi: City) -> None:
    made = world.agreement(jambi)
    world.enrol(jambi, made, SITI)
    world.set_end(jambi, made, date(2026, 1, 1))
    with jambi.acting(on=ON) as officer:
        ending.terminate(
            agreement_id=made.pk, on=AUGUST.first_day(), reason="x", by=officer, now=world.at(ON)
        )
    assert corrected(jambi, made, date(2030, 1, 1)).agreement.until == date(2026, 1, 1)
    assert ends(jambi) == {date(2026, 1, 1)}


def test_who_stopped_it_does_not_put_it_right(jambi: City, rentan: Agreement) -> None:
    with pytest.raises(agreements.OwnStop):
        corrected(jambi, rentan, OCTOBER.first_day(), role=Role.CITY_OFFICER)


def test_billed_months_are_not_cut_off_and_a_reason_is_given(jambi: City, rentan: Agreement) -> None:
    world.bill(jambi, rentan, JULY)
    with refused("agreement_not_ended_before_its_bills"):
        corrected(jambi, rentan, JULY.first_day())
    with pytest.raises(agreements.NoReason):
        corrected(jambi, rentan, OCTOBER.first_day(), reason=" ")
    with pytest.raises(agreements.SameStop):
        corrected(jambi, rentan, AUGUST.first_day())


def test_after_a_month_what_followed_from_it_has_happened(jambi: City, rentan: Agreement) -> None:
    late = date(2025, 9, 21)
    with pytest.raises(agreements.StopSettled):
        corrected(jambi, rentan, OCTOBER.first_day(), today=late)
    assert corrected(jambi, rentan, OCTOBER.first_day(), today=date(2025, 9, 20)).members == 2


def test_nobody_who_was_taken_over_comes_back_beside_it(jambi: City, rentan: Agreement) -> None:
    other = world.agreement(jambi, "lanjutan", since=Month(2025, 9))
    world.enrol(jambi, other, SITI, since=Month(2025, 9), registered_on=ON)
    with refused("membership_one_per_work_at_a_time"):
        corrected(jambi, rentan, OCTOBER.first_day())
    assert corrected(jambi, rentan, date(2025, 9, 1)).members == 2


def test_who_was_yet_to_come_comes_when_the_new_day_lets_him(jambi: City) -> None:
    made = world.agreement(jambi)
    world.enrol(jambi, made, STRANGER, since=OCTOBER)
    with jambi.acting(on=ON) as officer:
        ending.terminate(
            agreement_id=made.pk, on=AUGUST.first_day(), reason="x", by=officer, now=world.at(ON)
        )
    assert ends(jambi) == {OCTOBER.first_day()}
    corrected(jambi, made, date(2026, 1, 1))
    assert ends(jambi) == {date(2026, 1, 1)}
