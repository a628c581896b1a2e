"""Keys of other systems and their tokens: given by an administrator, no more than the role, over when they are over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from access.conftest import NOW, TODAY, Town
from lindung.access import clients, tokens
from lindung.access.models import (
    ApiClient,
    ApiToken,
    Appointment,
    AuditEvent,
    Organisation,
    Role,
    ServedCity,
    User,
)
from lindung.access.roles import Permission
from lindung.access.scope import (
    NOBODY,
    NOTHING,
    Actor,
    SystemScope,
    in_scope,
    scope_of,
    system_scope,
    user_named,
)


@pytest.fixture
def admin(town: Town) -> Actor:
    """Somebody who gives keys."""
    return Actor.of(appointed("pengelola", Role.ADMINISTRATOR, town.jambi))


def appointed(username: str, role: Role, place: Organisation) -> User:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        made = User.objects.create_user(username, name=username.title())
        Appointment.objects.create(user=made, role=role, organisation=place, since=date(2025, 1, 1))
    return made


def changed(rows: QuerySet[Any], **values: object) -> None:
    """Change an account as the system does; what is out of sight would be left as it is without a word."""
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert rows.update(**values) == 1


def partner_organisation() -> Organisation:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        return Organisation.objects.create(kind="integrator", code="mitra", name="Sistem mitra")


def given(admin: Actor, user: User, *permissions: Permission) -> clients.NewKey:
    with system_scope(SystemScope.DEMO, actor=admin):
        return clients.create(name="Kepegawaian", user=user, permissions=permissions, by=admin, now=NOW)


def issued(key: clients.NewKey, *asked: str) -> tokens.Issued:
    return tokens.issue(client_id=key.client_id, secret=key.secret, asked=asked, on=TODAY, now=NOW)


def bearer(issued: tokens.Issued, *, minutes: int = 0, on: date = TODAY) -> tokens.Bearer | None:
    return tokens.bearer_of(issued.token, on=on, now=NOW + timedelta(minutes=minutes))


def events(action: str) -> list[AuditEvent]:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        return list(AuditEvent.objects.filter(action=action))


class TestKeys:
    def test_it_keeps_no_secret(self, town: Town, admin: Actor) -> None:
        key = given(admin, town.siti)
        token = issued(key)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c::text FROM access_apiclient c UNION ALL SELECT t::text FROM access_apitoken t"
            )
            stored = " ".join(row for (row,) in cursor.fetchall())
        assert key.client_id in stored
        assert key.secret not in stored
        assert token.token not in stored

    def test_it_may_what_the_role_may_unless_less_is_asked(self, town: Town, admin: Actor) -> None:
        assert Permission.ENROL in given(admin, town.siti).permissions
        assert given(admin, town.siti, Permission.SEE_BILLS).permissions == (Permission.SEE_BILLS,)

    def test_it_may_never_more_than_the_role(self, town: Town, admin: Actor) -> None:
        with pytest.raises(clients.NotOfTheRole):
            given(admin, town.budi, Permission.CONFIRM_PAYMENT)
        assert not ApiClient.objects.exists()

    def test_it_is_not_given_to_somebody_without_a_role(self, town: Town, admin: Actor) -> None:
        with pytest.raises(clients.NoRole):
            given(admin, town.stranger)

    def test_nobody_gives_one_to_himself(self, town: Town, admin: Actor) -> None:
        with pytest.raises(IntegrityError, match="api_client_made_by_another"):
            given(admin, user_named("pengelola"))

    def test_the_system_gives_none(self, town: Town, admin: Actor) -> None:
        with pytest.raises(clients.NobodyActs):
            given(NOBODY, town.siti)

    def test_it_is_withdrawn_for_good_and_its_tokens_with_it(self, town: Town, admin: Actor) -> None:
        key = given(admin, town.siti)
        token = issued(key)
        assert bearer(token) is not None
        with system_scope(SystemScope.DEMO, actor=admin):
            clients.revoke(client_id=key.client_id, by=admin, now=NOW)
        assert bearer(token) is None
        with pytest.raises(tokens.WrongKey):
            issued(key)
        with system_scope(SystemScope.DEMO, actor=admin), pytest.raises(clients.NoSuchClient):
            clients.revoke(client_id=key.client_id, by=admin, now=NOW)

    def test_each_step_is_on_the_trail_without_the_secret(self, town: Town, admin: Actor) -> None:
        key = given(admin, town.siti, Permission.SEE_BILLS)
        issued(key)
        made, asked = events("client.created")[0], events("client.token_issued")[0]
        assert (made.actor_name, made.subject, made.sponsor_id) == (
            "Pengelola",
            f"user:{town.siti.pk}",
            town.jambi.pk,
        )
        assert made.detail == {"client": key.client_id, "permissions": ["see_bills"]}
        assert (asked.actor_name, asked.detail["client"]) == ("Siti Aminah", key.client_id)


class TestTokens:
    def test_it_acts_as_the_user_in_the_users_sight(self, town: Town, admin: Actor) -> None:
        found = bearer(issued(given(admin, town.siti)))
        assert found is not None
        assert found.standing.scope == scope_of(town.siti, TODAY)
        assert found.standing.actor == Actor.of(town.siti)

    def test_it_may_no_more_than_was_asked_for(self, town: Town, admin: Actor) -> None:
        found = bearer(issued(given(admin, town.siti), "see_bills"))
        assert found is not None
        assert found.may(Permission.SEE_BILLS)
        assert not found.may(Permission.ENROL)

    def test_it_is_refused_when_more_is_asked_than_the_key_has(self, town: Town, admin: Actor) -> None:
        key = given(admin, town.siti, Permission.SEE_BILLS)
        for asked in ("enrol", "no_such_thing"):
            with pytest.raises(tokens.BeyondKey):
                issued(key, "see_bills", asked)

    def test_it_is_good_for_a_quarter_of_an_hour(self, town: Town, admin: Actor) -> None:
        token = issued(given(admin, town.siti))
        assert bearer(token, minutes=14) is not None
        assert bearer(token, minutes=15) is None

    def test_it_ends_with_the_appointment_and_with_the_account(self, town: Town, admin: Actor) -> None:
        token = issued(given(admin, town.siti))
        changed(town.siti.appointments.all(), until=TODAY)
        assert bearer(token) is None
        assert bearer(token, on=TODAY - timedelta(days=1)) is not None
        changed(User.objects.filter(pk=town.siti.pk), is_active=False)
        assert bearer(token, on=TODAY - timedelta(days=1)) is None

    def test_it_loses_what_the_role_has_lost(self, town: Town, admin: Actor) -> None:
        """The officer becomes a mayor: the token that was issued before opens what a mayor may, and no more."""
        token = issued(given(admin, town.siti))
        changed(town.siti.appointments.all(), until=TODAY)
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            Appointment.objects.create(user=town.siti, role=Role.MAYOR, organisation=town.jambi, since=TODAY)
        found = bearer(token)
        assert found is not None
        assert found.may(Permission.SEE_AGREEMENTS)
        assert not found.may(Permission.ENROL)

    def test_it_is_given_up_before_its_time(self, town: Town, admin: Actor) -> None:
        token = issued(given(admin, town.siti))
        found = bearer(token)
        assert found is not None
        for _ in range(2):
            tokens.give_up(found, now=NOW)
        assert bearer(token) is None
        assert len(events("client.token_ended")) == 1

    @pytest.mark.parametrize("secret", ["", "wrong", "\x00", "x" * 5_000])
    def test_a_wrong_secret_and_an_unknown_key_are_one_answer(
        self, town: Town, admin: Actor, secret: str
    ) -> None:
        key = given(admin, town.siti)
        said = []
        for client_id in (key.client_id, "lc_nobody"):
            with pytest.raises(tokens.WrongKey) as refused:
                tokens.issue(client_id=client_id, secret=secret, asked=(), on=TODAY, now=NOW)
            said.append((refused.value.code, refused.value.text))
        assert said[0] == said[1]

    def test_what_is_long_over_is_swept_away(self, town: Town, admin: Actor) -> None:
        key = given(admin, town.siti)
        issued(key)
        later = NOW + timedelta(days=2)
        tokens.issue(client_id=key.client_id, secret=key.secret, asked=(), on=TODAY, now=later)
        assert [token.issued_at for token in ApiToken.objects.all()] == [later]


class TestPartners:
    def test_a_partner_sees_the_cities_it_was_given(self, town: Town, admin: Actor) -> None:
        partner = partner_organisation()
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            Appointment.objects.create(
                user=town.stranger, role=Role.INTEGRATOR, organisation=partner, since=date(2025, 1, 1)
            )
        assert scope_of(town.stranger, TODAY) == NOTHING
        with system_scope(SystemScope.DEMO, actor=admin):
            for city in (town.jambi, town.bungo):
                clients.serve(integrator=partner, city=city, by=admin, now=NOW)
        assert set(scope_of(town.stranger, TODAY).sponsor_ids) == {town.jambi.pk, town.bungo.pk}
        with system_scope(SystemScope.DEMO, actor=admin):
            assert clients.end_service(integrator=partner, city=town.bungo, by=admin, now=NOW)
            assert not clients.end_service(integrator=partner, city=town.bungo, by=admin, now=NOW)
        assert scope_of(town.stranger, TODAY).sponsor_ids == (town.jambi.pk,)
        assert [event.sponsor_id for event in events("client.city_ended")] == [town.bungo.pk]

    def test_a_city_that_was_taken_away_can_be_given_again(self, town: Town, admin: Actor) -> None:
        partner = partner_organisation()
        with system_scope(SystemScope.DEMO, actor=admin):
            for _ in range(2):
                clients.serve(integrator=partner, city=town.jambi, by=admin, now=NOW)
                clients.end_service(integrator=partner, city=town.jambi, by=admin, now=NOW)
        assert ServedCity.objects.count() == 2

    def test_a_city_is_given_by_its_own_administrators_alone(self, town: Town, admin: Actor) -> None:
        partner = partner_organisation()
        with acting(admin):
            clients.serve(integrator=partner, city=town.jambi, by=admin, now=NOW)
            with pytest.raises(clients.NotYourCity):
                clients.serve(integrator=partner, city=town.bungo, by=admin, now=NOW)
            with pytest.raises(clients.NotYourCity):
                clients.end_service(integrator=partner, city=town.bungo, by=admin, now=NOW)
        assert [served.city_id for served in ServedCity.objects.all()] == [town.jambi.pk]


class TestSight:
    def test_an_administrator_sees_and_withdraws_the_keys_of_her_house_alone(
        self, town: Town, admin: Actor
    ) -> None:
        elsewhere = appointed("bungo", Role.CITY_OFFICER, town.bungo)
        own, other = given(admin, town.siti), given(admin, elsewhere)
        with acting(admin):
            assert [key.client_id for key in clients.listed(on=TODAY)] == [own.client_id]
            with pytest.raises(clients.NoSuchClient):
                clients.revoke(client_id=other.client_id, by=admin, now=NOW)
            clients.revoke(client_id=own.client_id, by=admin, now=NOW)
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            assert {key.client_id for key in clients.listed(on=TODAY)} == {own.client_id, other.client_id}

    def test_a_key_stays_on_the_list_when_who_made_it_is_of_another_house(
        self, town: Town, admin: Actor
    ) -> None:
        stranger = Actor.of(appointed("lain", Role.ADMINISTRATOR, town.bungo))
        given(stranger, town.siti)
        with acting(admin):
            assert [(key.username, key.created_by) for key in clients.listed(on=TODAY)] == [("siti", "lain")]


@contextmanager
def acting(admin: Actor) -> Iterator[None]:
    """In an administrator's own sight."""
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        user = User.objects.get(pk=admin.user_id)
    with in_scope(scope_of(user, TODAY), actor=admin):
        yield
