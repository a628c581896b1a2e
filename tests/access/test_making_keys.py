"""Making the key of an approved request: once, in time, with what there is now, and with a trace of all it brings."""

from datetime import timedelta

import pytest

import world
from access.conftest import NOW, TODAY, Town
from access.test_key_requests import READ, acting, approved, asked, asked_for_partner, made, nurul, teguh
from database import at_once
from lindung.access import changing, clients, directory, key_requests
from lindung.access.account_models import ChangeKind
from lindung.access.models import AccountChange, ApiClient, AuditEvent, Role, User
from lindung.access.scope import NOBODY, SystemScope, system_scope

__all__ = ["nurul", "teguh"]


def events(action: str) -> list[AuditEvent]:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        return list(AuditEvent.objects.filter(action=action).order_by("pk"))


@pytest.mark.usefixtures("fresh_database")
def test_of_several_who_press_at_once_one_gets_the_key_and_the_others_a_sentence() -> None:
    jambi = world.city()
    one, two = world.administrator(jambi, "a"), world.administrator(jambi, "b")
    change = asked(one, jambi.users[Role.CITY_OFFICER])
    approved(two, change)

    def press() -> clients.NewKey:
        return made(one, change)

    outcomes = at_once(press, press, press)
    assert sorted(type(each).__name__ for each in outcomes) == ["KeyNotDue", "KeyNotDue", "NewKey"]
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        assert ApiClient.objects.count() == 1


def test_an_approval_is_good_as_long_as_the_list_shows_it(town: Town, nurul: User, teguh: User) -> None:
    change = asked(nurul, town.siti)
    approved(teguh, change)
    last = NOW + directory.SHOWN_FOR
    with acting(nurul) as actor:
        assert directory.keys_to_make(now=last - timedelta(seconds=1))
        assert not directory.keys_to_make(now=last)
        with pytest.raises(key_requests.KeyNotDue, match="14 days"):
            key_requests.make(change_id=change.pk, by=actor, now=last)
        assert key_requests.make(change_id=change.pk, by=actor, now=last - timedelta(seconds=1))


def test_a_permission_that_a_later_version_dropped_makes_no_key(town: Town, nurul: User, teguh: User) -> None:
    key = AccountChange(
        kind=ChangeKind.API_KEY,
        name="Lama",
        user=town.siti,
        organisation=town.disnaker,
        permissions=["gone_permission", "see_rosters"],
        since=TODAY,
    )
    with acting(nurul) as actor:
        change = changing.ask_for_key(key=key, reason="Nota 4", by=actor, now=NOW)
    approved(teguh, change)
    with pytest.raises(clients.NotOfTheRole, match="gone_permission"):
        made(nurul, change)


def test_the_machine_of_a_partner_and_the_partner_stand_in_the_trail_of_the_city(
    town: Town, nurul: User, teguh: User
) -> None:
    change = asked_for_partner(nurul, town.jambi, "Absensi Baru")
    approved(teguh, change)
    key = made(nurul, change)
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        machine = ApiClient.objects.select_related("user").get(client_id=key.client_id).user
        partner = AccountChange.objects.select_related("partner").get(pk=change.pk).partner
    (appointed,), (added,) = events("appoint"), events("client.partner_added")
    assert partner is not None
    assert (appointed.subject, appointed.sponsor_id) == (f"user:{machine.pk}", town.jambi.pk)
    assert appointed.detail["role"] == "integrator"
    assert (added.subject, added.sponsor_id, added.actor_id) == (
        f"organisation:{partner.pk}",
        town.jambi.pk,
        nurul.pk,
    )
    assert added.detail == {"name": "Absensi Baru"}
    again = asked_for_partner(nurul, town.jambi, "Absensi Baru")
    with acting(teguh) as actor:
        changing.decide(change_id=again.pk, approve=True, by=actor, now=NOW, today=TODAY)
    made(nurul, again)
    assert len(events("appoint")) == len(events("client.partner_added")) == 1
    assert key.permissions == tuple(READ)
