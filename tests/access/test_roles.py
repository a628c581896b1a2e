"""What each role may do, and when it may not any more."""

from datetime import date

import pytest

from access.conftest import TODAY, Town
from lindung.access.models import Role
from lindung.access.roles import ROLES, Administrator, Integrator, Mayor, Permission, duties_of, may
from lindung.access.scope import appointment_of

CHANGES = {
    Permission.UPLOAD_ROSTER,
    Permission.ENROL,
    Permission.DRAW_BILL,
    Permission.RECORD_PAYMENT,
    Permission.CONFIRM_PAYMENT,
}


def test_it_knows_every_role() -> None:
    assert set(ROLES) == set(Role)


def test_it_names_every_role_in_both_languages() -> None:
    assert all(duties.label.id and duties.label.en for duties in ROLES.values())
    assert len({duties.label.id for duties in ROLES.values()}) == len(Role)


def test_it_gives_every_permission_to_somebody() -> None:
    assert set().union(*(duties.may for duties in ROLES.values())) == set(Permission)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MAYOR, Role.ADMINISTRATOR, Role.BRANCH_HEAD])
def test_it_lets_those_who_oversee_change_nothing(role: Role) -> None:
    assert not duties_of(role).may & CHANGES


def test_it_lets_an_administrator_see_no_worker_and_no_money() -> None:
    assert Administrator.may == {
        Permission.MANAGE_USERS,
        Permission.SEE_AUDIT,
        Permission.SEE_AUTHORITY,
        Permission.SET_AUTHORITY,
        Permission.SEE_JOBS,
    }


def test_it_lets_nobody_but_an_administrator_manage_users() -> None:
    assert [code for code, duties in ROLES.items() if Permission.MANAGE_USERS in duties.may] == [
        Role.ADMINISTRATOR
    ]


def test_it_lets_the_one_who_draws_the_bill_not_confirm_its_payment() -> None:
    assert not any(
        {Permission.DRAW_BILL, Permission.CONFIRM_PAYMENT} <= duties.may for duties in ROLES.values()
    )


@pytest.mark.parametrize("role", [Role.RT_HEAD, Role.AGENT, Role.HOSPITAL])
def test_it_gives_roles_that_wait_nothing_yet(role: Role) -> None:
    assert duties_of(role).may == frozenset()


def test_it_lets_a_partner_read_and_hand_lists_in_and_nothing_else() -> None:
    """It neither enrols nor pays: that is for people of the city."""
    assert Integrator.may == {
        Permission.SEE_AGREEMENTS,
        Permission.SEE_ROSTERS,
        Permission.SEE_WORKERS,
        Permission.SEE_BILLS,
        Permission.UPLOAD_ROSTER,
    }


def test_it_shows_the_mayor_the_city_and_nobody_in_it() -> None:
    assert Mayor.may == {Permission.SEE_TODAY, Permission.SEE_AGREEMENTS, Permission.SEE_COVERAGE}


def test_it_refuses_a_role_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="king"):
        duties_of("king")


def test_it_asks_the_appointment_in_force(town: Town) -> None:
    assert may(town.siti, Permission.ENROL, on=TODAY)
    assert not may(town.siti, Permission.CONFIRM_PAYMENT, on=TODAY)
    assert not may(town.siti, Permission.ENROL, on=date(2024, 12, 31))
    assert not may(town.budi, Permission.ENROL, on=TODAY)
    assert not may(town.stranger, Permission.SEE_TODAY, on=TODAY)
    assert not may(None, Permission.SEE_TODAY, on=TODAY)


def test_it_lets_somebody_who_is_not_active_do_nothing(town: Town) -> None:
    town.siti.is_active = False
    assert not may(town.siti, Permission.SEE_TODAY, on=TODAY)


def test_it_ends_on_the_day_the_appointment_ends(town: Town) -> None:
    appointment = appointment_of(town.siti, date(2026, 11, 1))
    assert appointment is not None
    appointment.until = TODAY
    assert may(appointment, Permission.ENROL, on=date(2026, 11, 21))
    assert not may(appointment, Permission.ENROL, on=TODAY)
