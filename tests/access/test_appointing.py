"""Giving and ending roles, and what the database refuses."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction

from access.conftest import NOW, TODAY, Town
from lindung.access import models
from lindung.access.appointing import PLACES, RoleOutOfPlace, appoint, end
from lindung.access.models import Appointment, AuditEvent, LimiterCounter, Organisation, Role, User
from lindung.access.scope import (
    NOBODY,
    Actor,
    Scope,
    SystemScope,
    appointment_of,
    in_scope,
    system_scope,
)


def given(town: Town, role: Role = Role.CITY_OFFICER, **more: Any) -> Appointment:
    """The stranger is appointed by Ibu Siti, while the programme is being set up."""
    by = Actor.of(town.siti)
    terms = {"organisation": town.disnaker, "since": date(2026, 1, 1), **more}
    with system_scope(SystemScope.DEMO, actor=by):
        return appoint(town.stranger, role=role, by=by, now=NOW, **terms)


def test_it_gives_a_role_and_says_who_gave_it(town: Town) -> None:
    appointment = given(town)
    assert appointment_of(town.stranger, TODAY) == appointment
    assert (appointment.granted_by_id, appointment.granted_at) == (town.siti.pk, NOW)


def test_it_leaves_an_event_in_the_trail_of_the_city(town: Town) -> None:
    given(town)
    with in_scope(Scope.of_sponsors(town.jambi.pk), actor=Actor.of(town.siti)):
        event = AuditEvent.objects.get(action="appoint")
    assert event.subject == f"user:{town.stranger.pk}"
    assert event.detail["role"] == "city_officer"


def test_it_ends_a_role_on_its_day(town: Town) -> None:
    appointment = given(town)
    by = Actor.of(town.siti)
    with system_scope(SystemScope.DEMO, actor=by):
        end(appointment, until=TODAY, by=by)
        assert AuditEvent.objects.filter(action="end_appointment").count() == 1
    assert appointment_of(town.stranger, TODAY) is None


def test_it_lets_the_next_role_start_on_the_day_the_last_one_ends(town: Town) -> None:
    given(town, until=date(2026, 6, 1))
    assert given(town, Role.FINANCE_OFFICER, since=date(2026, 6, 1))


def test_it_refuses_a_role_where_it_cannot_be_held(town: Town) -> None:
    with pytest.raises(RoleOutOfPlace):
        given(town, Role.BRANCH_HEAD)
    assert set(PLACES) == set(Role)


BREAKERS: dict[str, Any] = {
    "appointment_one_at_a_time": lambda town: given(town) and given(town, since=date(2026, 11, 1)),
    "appointment_ends_after_it_starts": lambda town: given(town, until=date(2026, 1, 1)),
    "appointment_role_is_known": lambda town: Appointment.objects.create(
        user=town.stranger, role="king", organisation=town.jambi, since=TODAY
    ),
    "appointment_operator_has_a_kelurahan": lambda town: given(town, Role.KELURAHAN_OPERATOR),
    "appointment_who_and_when_together": lambda town: Appointment.objects.create(
        user=town.stranger, role="mayor", organisation=town.jambi, since=TODAY, granted_by=town.siti
    ),
    "appointment_not_by_oneself": lambda town: Appointment.objects.create(
        user=town.stranger,
        role="mayor",
        organisation=town.jambi,
        since=TODAY,
        granted_by=town.stranger,
        granted_at=NOW,
    ),
    "organisation_kind_is_known": lambda town: Organisation.objects.create(kind="x", code="x", name="x"),
    "organisation_office_has_a_city": lambda town: Organisation.objects.create(
        kind="office", code="x", name="x"
    ),
    "organisation_only_a_city_has_a_branch": lambda town: Organisation.objects.create(
        kind="hospital", code="x", name="x", branch=town.branch
    ),
    "access_organisation_code_key": lambda town: Organisation.objects.create(
        kind="city", code="kota-jambi", name="x"
    ),
    "access_user_username_key": lambda town: User.objects.create_user("SITI", name="x"),
    "user_name_is_lower_case": lambda town: User.objects.create(username="Siti Aminah", name="x"),
    "limiter_counts_from_one": lambda town: LimiterCounter.objects.create(
        key_hash=b"x" * 32, hits=0, ends_at=NOW
    ),
}


OF_TRIGGERS = {
    "account_change_decided_once",
    "user_changed_by_herself",
    "two_administrators_stay",
    "one_time_link_of_an_approved_change",
    "account_change_first_administrators",
    "served_city_of_an_integrator",
    "served_city_in_own_name",
    "api_client_in_own_name",
    "api_client_revoked_for_good",
    "api_client_of_an_approved_change",
    "account_change_not_in_the_past",
}


@pytest.mark.parametrize("name", BREAKERS)
def test_it_is_refused_by_the_database(town: Town, name: str) -> None:
    """Each rule of these tables holds against whoever writes past the functions."""
    with (
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
        system_scope(SystemScope.DEMO, actor=NOBODY),
    ):
        BREAKERS[name](town)


def test_it_lets_an_operator_alone_have_a_kelurahan(town: Town) -> None:
    with pytest.raises(IntegrityError, match="operator_has_a_kelurahan"), transaction.atomic():
        given(town, kelurahan_code="15.71.07.1001")


def test_it_has_a_sentence_for_every_rule() -> None:
    tables = (Organisation, User, Appointment, AuditEvent, LimiterCounter, models.SignInLink)
    tables = (*tables, models.SentOnce, models.Draft, models.AccountChange, models.OneTimeLink)
    tables = (*tables, models.OpenSession, models.Device, models.DevicePass)
    tables = (*tables, models.ApiClient, models.ApiToken, models.ServedCity)
    rules = {constraint.name for model in tables for constraint in model._meta.constraints}
    unique = {
        f"{model._meta.db_table}_{field.column}_key"
        for model in tables
        for field in model._meta.fields
        if field.unique and not field.primary_key
    }
    assert set(models.CONSTRAINT_MESSAGES) == rules | unique | {"audit_detail_without_nik"} | OF_TRIGGERS


@pytest.mark.parametrize(
    ("table", "column"),
    [("access_user", "username"), ("access_appointment", "role"), ("access_signinlink", "token_hash")],
)
def test_it_keeps_from_the_app_the_columns_that_never_change(town: Town, table: str, column: str) -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {column}")
