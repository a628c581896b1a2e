"""A key is agreed on by two administrators, made once, and opens no more than the house that gave it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection

from access.conftest import NOW, TODAY, Town
from lindung.access import changing, clients, key_requests, tokens
from lindung.access.models import AccountChange, ApiClient, Appointment, AuditEvent, Organisation, Role, User
from lindung.access.roles import Permission
from lindung.access.scope import NOBODY, Actor, SystemScope, in_scope, scope_of, system_scope
from lindung.engine.refusals import Refusal

READ = [Permission.SEE_ROSTERS]


@pytest.fixture
def nurul(town: Town) -> User:
    return appointed("nurul", Role.ADMINISTRATOR, town.jambi)


@pytest.fixture
def teguh(town: Town) -> User:
    return appointed("teguh", Role.ADMINISTRATOR, town.jambi)


@pytest.fixture
def other(town: Town) -> User:
    """The administrator of another city."""
    return appointed("lain", Role.ADMINISTRATOR, town.bungo)


def appointed(username: str, role: Role, place: Organisation) -> User:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        made = User.objects.create_user(username, name=username.title())
        Appointment.objects.create(user=made, role=role, organisation=place, since=date(2025, 1, 1))
    return made


@contextmanager
def acting(user: User) -> Iterator[Actor]:
    with in_scope(scope_of(user, TODAY), actor=Actor.of(user)):
        yield Actor.of(user)


def asked(by: User, user: User, permissions: list[Permission] = READ) -> AccountChange:
    with acting(by) as actor:
        return key_requests.ask_for_user(
            name="Kepegawaian", user=user, permissions=permissions, reason="Nota 4", by=actor, now=NOW
        )


def asked_for_partner(by: User, city: Organisation | None, name: str = "Absensi") -> AccountChange:
    with acting(by) as actor:
        return key_requests.ask_for_partner(
            name=name,
            partner=key_requests.partner_named(name, city=city, by=actor),
            city=city,
            permissions=READ,
            reason="PKS 8",
            by=actor,
            now=NOW,
        )


def approved(by: User, change: AccountChange) -> None:
    with acting(by) as actor:
        changing.decide(change_id=change.pk, approve=True, by=actor, now=NOW, today=TODAY)


def made(by: User, change: AccountChange) -> clients.NewKey:
    with acting(by) as actor:
        return key_requests.make(change_id=change.pk, by=actor, now=NOW)


def bearer(key: clients.NewKey) -> tokens.Bearer | None:
    issued = tokens.issue(client_id=key.client_id, secret=key.secret, asked=(), on=TODAY, now=NOW)
    return tokens.bearer_of(issued.token, on=TODAY, now=NOW)


def test_a_key_takes_two_people_and_its_secret_is_kept_nowhere(town: Town, nurul: User, teguh: User) -> None:
    change = asked(nurul, town.siti)
    with pytest.raises(key_requests.KeyNotDue):
        made(nurul, change)
    with pytest.raises(changing.NotAllowed):
        approved(nurul, change)
    approved(teguh, change)
    key = made(nurul, change)
    assert key.permissions == (Permission.SEE_ROSTERS,)
    with connection.cursor() as cursor, system_scope(SystemScope.DEMO, actor=NOBODY):
        cursor.execute(
            "SELECT c::text FROM access_apiclient c UNION ALL SELECT e::text FROM access_auditevent e"
            " UNION ALL SELECT a::text FROM access_accountchange a"
        )
        assert key.secret not in " ".join(row for (row,) in cursor.fetchall())
    with pytest.raises(key_requests.KeyNotDue, match="was made"):
        made(teguh, change)


def test_approving_a_key_ends_no_session_and_changes_no_role(town: Town, nurul: User, teguh: User) -> None:
    approved(teguh, asked(nurul, town.siti))
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert Appointment.objects.get(user=town.siti).until is None
        assert not AuditEvent.objects.filter(action="end_sessions").exists()


@pytest.mark.parametrize(
    ("permissions", "refusal"),
    [
        ([Permission.CONFIRM_PAYMENT], clients.NotOfTheRole),
        ([Permission.CHANGE_MEMBERS], clients.NotOfTheRole),
        ([], clients.NotOfTheRole),
    ],
)
def test_it_opens_what_the_role_has_in_the_api_and_something(
    town: Town, nurul: User, permissions: list[Permission], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        asked(nurul, town.siti, permissions)


def test_it_is_asked_for_those_who_hold_a_role_here_today(town: Town, nurul: User, other: User) -> None:
    with pytest.raises(clients.NoRole):
        asked(nurul, town.stranger)
    with pytest.raises(clients.NoRole):
        asked(other, town.siti)
    with acting(nurul):
        assert [each.user.name for each in key_requests.users_for_keys(on=TODAY)] == [
            "Budi Santoso",
            "Siti Aminah",
        ]


def test_nobody_asks_for_a_key_of_his_own(town: Town, nurul: User, teguh: User) -> None:
    change = asked(nurul, town.siti)
    with system_scope(SystemScope.DEMO, actor=NOBODY), pytest.raises(changing.NotAllowed):
        key_requests.ask_for_user(
            name="x", user=town.siti, permissions=READ, reason="x", by=Actor.of(town.siti), now=NOW
        )
    assert change.decision == ""


def test_a_partner_sees_the_one_city_that_gave_the_key(
    town: Town, nurul: User, teguh: User, other: User
) -> None:
    """It serves Bungo as well; a key of Jambi's administrators opens Jambi alone."""
    second = appointed("lain.dua", Role.ADMINISTRATOR, town.bungo)
    keys = []
    for first, next_, city in ((nurul, teguh, town.jambi), (other, second, town.bungo)):
        change = asked_for_partner(first, city)
        approved(next_, change)
        keys.append(made(next_, change))
    seen = [found.standing.scope.sponsor_ids for key in keys if (found := bearer(key))]
    assert seen == [(town.jambi.pk,), (town.bungo.pk,)]
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert ApiClient.objects.values("user").distinct().count() == 1
        trail = AuditEvent.objects.filter(action="client.token_issued").order_by("pk")
        assert [event.sponsor_id for event in trail] == [town.jambi.pk, town.bungo.pk]
    with acting(nurul):
        assert [key.client_id for key in clients.listed(on=TODAY)] == [keys[0].client_id]
        with pytest.raises(clients.NoSuchClient):
            clients.revoke(client_id=keys[1].client_id, by=Actor.of(nurul), now=NOW)


def test_a_partner_whose_city_was_taken_away_sees_nothing(town: Town, nurul: User, teguh: User) -> None:
    change = asked_for_partner(nurul, town.jambi)
    approved(teguh, change)
    key = made(teguh, change)
    with acting(nurul) as actor:
        partner = key_requests.partner_named("ABSENSI", city=town.jambi, by=actor)
        assert clients.end_service(integrator=partner, city=town.jambi, by=actor, now=NOW)
    found = bearer(key)
    assert found is not None
    assert found.standing.scope.sponsor_ids == ()


def test_the_machine_of_a_partner_cannot_sign_in(town: Town, nurul: User, teguh: User) -> None:
    change = asked_for_partner(nurul, town.jambi)
    approved(teguh, change)
    key = made(teguh, change)
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        machine = ApiClient.objects.select_related("user").get(client_id=key.client_id).user
    assert not machine.has_usable_password()


def test_a_partner_is_given_by_a_city(town: Town) -> None:
    clerk = appointed("cabang", Role.ADMINISTRATOR, town.branch)
    with acting(clerk):
        assert key_requests.city_among(scope_of(clerk, TODAY).organisation_ids) is None
    with pytest.raises(key_requests.NoCity):
        asked_for_partner(clerk, None)


def test_a_key_ends_with_the_role_it_was_given_for(town: Town, nurul: User, teguh: User) -> None:
    change = asked(nurul, town.siti)
    approved(teguh, change)
    key = made(teguh, change)
    assert bearer(key) is not None
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        Appointment.objects.filter(user=town.siti).update(until=TODAY)
        Appointment.objects.create(
            user=town.siti, role=Role.CITY_OFFICER, organisation=town.bungo, since=TODAY
        )
    with pytest.raises(tokens.WrongKey):
        bearer(key)
    with acting(nurul):
        assert [line.works for line in clients.listed(on=TODAY)] == [False]


def test_a_request_is_open_for_seven_days(town: Town, nurul: User, teguh: User) -> None:
    change = asked(nurul, town.siti)
    with acting(teguh) as actor, pytest.raises(changing.NotAllowed):
        changing.decide(change_id=change.pk, approve=True, by=actor, now=NOW + timedelta(days=7), today=TODAY)


def test_the_list_says_when_it_was_last_used_and_by_whom_revoked(
    town: Town, nurul: User, teguh: User
) -> None:
    change = asked(nurul, town.siti)
    approved(teguh, change)
    key = made(teguh, change)
    with acting(nurul) as actor:
        (line,) = clients.listed(on=TODAY)
        assert (line.last_used_at, line.works, line.house) == (None, True, "Disnaker")
    bearer(key)
    with acting(nurul) as actor:
        assert clients.one(line.id, on=TODAY).last_used_at == NOW
        clients.revoke(client_id=key.client_id, by=actor, now=NOW)
        after = clients.one(line.id, on=TODAY)
    assert (after.revoked_by, after.works) == ("Nurul", False)
