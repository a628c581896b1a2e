"""What a scope shows and hides, asked as the app's own role."""

from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.conftest import TODAY, Town
from conftest import Connect
from lindung.access.models import Appointment, Role, User
from lindung.access.scope import (
    NOBODY,
    NOTHING,
    Actor,
    Scope,
    Sight,
    SystemScope,
    in_scope,
    scope_of,
    system_scope,
)

SITI = Actor(7, "Siti Aminah")
CITY_ONE = Scope.of_sponsors(1)


def rows() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sponsor_id, kelurahan FROM probe ORDER BY id")
        return [(sponsor, kelurahan) for sponsor, kelurahan in cursor.fetchall()]


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
        value: str = cursor.fetchone()[0]
        return value


@pytest.mark.usefixtures("probe")
class TestRows:
    def test_it_shows_nothing_without_a_scope(self) -> None:
        assert rows() == []

    def test_it_shows_nothing_in_the_empty_scope(self) -> None:
        with in_scope(NOTHING, actor=NOBODY):
            assert rows() == []

    def test_it_shows_one_city_and_not_the_other(self) -> None:
        with in_scope(CITY_ONE, actor=SITI):
            assert rows() == [(1, "a"), (1, "b")]

    def test_it_shows_an_operator_only_his_kelurahan(self) -> None:
        with in_scope(Scope.of_sponsors(1, kelurahan="b"), actor=SITI):
            assert rows() == [(1, "b")]

    def test_it_shows_a_branch_all_its_cities(self) -> None:
        with in_scope(Scope.of_sponsors(2, 1), actor=SITI):
            assert len(rows()) == 3

    def test_it_shows_an_administrator_no_people(self) -> None:
        with in_scope(Scope(Sight.USERS), actor=SITI):
            assert rows() == []

    @pytest.mark.parametrize("name", [name for name in SystemScope if name != "signing_in"])
    def test_it_shows_the_systems_errands_everything(self, name: SystemScope) -> None:
        with system_scope(name, actor=NOBODY):
            assert len(rows()) == 3

    def test_it_shows_signing_in_nobodys_rows(self) -> None:
        with system_scope("signing_in", actor=NOBODY):
            assert rows() == []

    def test_it_refuses_an_errand_that_is_not_on_the_list(self) -> None:
        with pytest.raises(ValueError, match="snooping"), system_scope("snooping", actor=NOBODY):
            pytest.fail("the scope was opened")

    def test_it_leaves_nothing_behind_for_the_next_transaction(self) -> None:
        with in_scope(CITY_ONE, actor=SITI):
            assert rows()
        assert rows() == []
        assert setting("app.actor") == ""

    def test_it_survives_the_empty_settings_that_a_session_can_hold(self) -> None:
        for name in ("app.actor", "app.scope", "app.sponsors", "app.kelurahan"):
            execute(f"SELECT set_config('{name}', '', false)")
        assert rows() == []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT lindung_actor(), lindung_sees(1), lindung_sees(NULL), lindung_sees_place('a')"
            )
            assert cursor.fetchone() == (None, False, False, False)
            cursor.execute("SELECT lindung_sees_place(NULL), lindung_scope(), lindung_writes()")
            assert cursor.fetchone() == (False, "", False)

    def test_it_refuses_a_row_of_another_city(self) -> None:
        with pytest.raises(Error, match="row-level security"), in_scope(CITY_ONE, actor=SITI):
            execute("INSERT INTO probe (sponsor_id, kelurahan) VALUES (2, 'a')")

    def test_it_takes_a_row_of_ones_own_city(self) -> None:
        with in_scope(CITY_ONE, actor=SITI):
            execute("INSERT INTO probe (sponsor_id, kelurahan) VALUES (1, 'c')")
            assert rows()[-1] == (1, "c")

    def test_it_refuses_a_row_from_somebody_who_only_reads(self) -> None:
        reader = Scope.of_sponsors(1, sight=Sight.READING)
        with in_scope(reader, actor=SITI):
            assert rows()
        with pytest.raises(Error, match="row-level security"), in_scope(reader, actor=SITI):
            execute("INSERT INTO probe (sponsor_id, kelurahan) VALUES (1, 'c')")

    @pytest.mark.parametrize(
        "statement", ["UPDATE probe SET word = 'x'", "DELETE FROM probe", "TRUNCATE probe"]
    )
    def test_it_refuses_to_change_or_remove_a_row_of_an_append_only_table(self, statement: str) -> None:
        with pytest.raises(Error, match="permission denied"), system_scope("maintenance", actor=NOBODY):
            execute(statement)

    def test_it_refuses_copy_into_a_protected_table(self) -> None:
        refused = pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level security")
        into = "COPY probe (sponsor_id, kelurahan) FROM STDIN"
        with (
            refused,
            in_scope(CITY_ONE, actor=SITI),
            connection.cursor() as cursor,
            cursor.copy(into) as copy,
        ):
            copy.write_row((1, "c"))

    def test_it_copies_out_only_what_is_in_sight(self) -> None:
        out = "COPY probe (sponsor_id) TO STDOUT"
        with in_scope(CITY_ONE, actor=SITI), connection.cursor() as cursor, cursor.copy(out) as copy:
            assert list(copy.rows()) == [("1",), ("1",)]

    def test_it_lets_the_loader_change_only_what_is_in_sight(self) -> None:
        with in_scope(CITY_ONE, actor=SITI), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE lindung_loader")
            cursor.execute("UPDATE probe SET word = 'seen'")
            assert cursor.rowcount == 2
            cursor.execute("DELETE FROM probe")
            assert cursor.rowcount == 2

    def test_it_lets_the_app_draw_an_id_before_the_row_exists(self) -> None:
        with in_scope(CITY_ONE, actor=SITI), connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('probe', 'id'))")
            assert cursor.fetchone()[0] == 4

    def test_it_binds_the_owner_too_but_lets_him_work(self, as_owner: psycopg.Connection[Any]) -> None:
        row = as_owner.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'probe'"
        ).fetchone()
        assert row == (True, True)
        assert as_owner.execute("UPDATE probe SET word = 'migrated'").rowcount == 3

    def test_it_shows_the_auditor_nothing_of_a_table_that_is_not_his(self, as_role: Connect) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_role("lindung_auditor").execute("SELECT 1 FROM probe")


@pytest.mark.usefixtures("probe")
class TestNesting:
    def test_it_gives_the_outer_scope_back(self) -> None:
        with in_scope(CITY_ONE, actor=SITI):
            with system_scope("billing", actor=Actor(None, "bills")):
                assert len(rows()) == 3
                assert setting("app.actor") == ""
            assert len(rows()) == 2
            assert setting("app.actor") == "7"
            assert setting("app.actor_name") == "Siti Aminah"

    def test_it_gives_the_outer_scope_back_after_an_error(self) -> None:
        with in_scope(CITY_ONE, actor=SITI):
            with pytest.raises(Error), system_scope("billing", actor=NOBODY):
                execute("SELECT 1 / 0")
            assert len(rows()) == 2
            assert setting("app.scope") == "working"

    def test_it_gives_the_outer_scope_back_when_the_inner_is_rolled_back_quietly(self) -> None:
        with in_scope(CITY_ONE, actor=SITI):
            with system_scope("billing", actor=NOBODY):
                transaction.set_rollback(True)
            assert len(rows()) == 2

    def test_it_sees_nothing_again_after_a_plain_transaction_around_it(self) -> None:
        with transaction.atomic():
            with in_scope(CITY_ONE, actor=SITI):
                assert rows()
            assert rows() == []


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 9), min_size=0, max_size=5, unique=True),
    st.one_of(st.none(), st.integers(0, 10)),
)
def test_it_sees_a_sponsor_exactly_when_the_scope_names_it(mine: list[int], asked: int | None) -> None:
    with in_scope(Scope.of_sponsors(*mine), actor=SITI), connection.cursor() as cursor:
        cursor.execute("SELECT lindung_sees(%s)", [asked])
        assert cursor.fetchone() == (asked in mine,)


class TestScopeOfAUser:
    def test_it_gives_an_office_its_city(self, town: Town) -> None:
        scope = scope_of(town.siti, TODAY)
        assert scope.sponsor_ids == (town.jambi.pk,)
        assert scope.kelurahan_code == ""
        assert scope.may_write

    def test_it_gives_an_operator_one_kelurahan(self, town: Town) -> None:
        scope = scope_of(town.budi, TODAY)
        assert scope.sponsor_ids == (town.jambi.pk,)
        assert scope.kelurahan_code == "15.71.07.1001"

    def test_it_gives_a_stranger_nothing(self, town: Town) -> None:
        assert scope_of(town.stranger, TODAY) == NOTHING

    def test_it_gives_a_branch_officer_the_cities_of_the_branch(self, town: Town) -> None:
        appointed(town.stranger, Role.BRANCH_OFFICER, town.branch)
        assert set(scope_of(town.stranger, TODAY).sponsor_ids) == {town.jambi.pk, town.bungo.pk}

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.MAYOR])
    def test_it_lets_auditor_and_mayor_only_look(self, town: Town, role: Role) -> None:
        appointed(town.stranger, role, town.jambi)
        scope = scope_of(town.stranger, TODAY)
        assert scope.sponsor_ids == (town.jambi.pk,)
        assert not scope.may_write

    def test_it_gives_an_administrator_users_and_no_people(self, town: Town) -> None:
        appointed(town.stranger, Role.ADMINISTRATOR, town.jambi)
        scope = scope_of(town.stranger, TODAY)
        assert scope == Scope.of_users(town.jambi.pk, town.disnaker.pk)
        assert (scope.sponsor_ids, set(scope.organisation_ids)) == ((), {town.jambi.pk, town.disnaker.pk})

    @pytest.mark.parametrize("role", [Role.CITY_OFFICER, Role.HOSPITAL, Role.INTEGRATOR, Role.AGENT])
    def test_it_gives_nothing_to_a_role_in_the_wrong_place(self, town: Town, role: Role) -> None:
        appointed(town.stranger, role, town.branch)
        assert scope_of(town.stranger, TODAY) == NOTHING

    def test_it_ends_with_the_appointment(self, town: Town) -> None:
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            town.siti.appointments.update(until=TODAY)
        assert scope_of(town.siti, date(2026, 11, 21)) != NOTHING
        assert scope_of(town.siti, TODAY) == NOTHING

    def test_it_gives_nothing_to_somebody_who_is_not_active(self, town: Town) -> None:
        town.siti.is_active = False
        assert scope_of(town.siti, TODAY) == NOTHING


def appointed(user: User, role: Role, organisation: Any) -> None:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        Appointment.objects.create(user=user, role=role, organisation=organisation, since=date(2025, 1, 1))
