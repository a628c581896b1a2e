"""Changes of accounts by two persons: asked, approved, carried out; and what the database refuses to one alone."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings

import world
from database import at_once, execute, forbidden, refused
from lindung.access import changing, directory, joining, second_factor
from lindung.access.account_models import CHANGE_OPEN_FOR, ChangeKind
from lindung.access.appointing import appoint
from lindung.access.changing import NotAllowed, Terms
from lindung.access.joining import LinkNotDue, LinkSpent
from lindung.access.models import AccountChange, Appointment, AuditEvent, OneTimeLink, Role, User
from lindung.access.scope import (
    NOBODY,
    Actor,
    SystemScope,
    appointment_of,
    in_scope,
    scope_of,
    system_scope,
    user_named,
)
from lindung.engine.refusals import ChangedMeanwhile

NOW, TODAY = world.at(world.TODAY), world.TODAY
WHY = "Pindah tugas, nota dinas 12/2026"
PASSWORD = "kerbau menyeberang tujuh sungai"


class House(NamedTuple):
    """Kota Jambi with three administrators, and Kota Bungo, which is none of their business."""

    jambi: world.City
    bungo: world.City
    nurul: User
    teguh: User
    third: User

    @property
    def siti(self) -> User:
        """Ibu Siti, officer of Disnaker Jambi."""
        return self.jambi.users[Role.CITY_OFFICER]


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: LazySettings) -> None:
    """Costly on purpose in earnest, and here only slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house(db: None) -> House:
    return built()


def built() -> House:
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    nurul, teguh, third = (administrator(jambi, name) for name in ("nurul", "teguh", "ketiga"))
    return House(jambi, bungo, nurul, teguh, third)


def administrator(place: world.City, name: str) -> User:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        user = User.objects.create_user(name, name=name.title())
        appoint(
            user,
            role=Role.ADMINISTRATOR,
            organisation=place.sponsor,
            since=world.APPOINTED,
            by=world.BUILDER,
            now=NOW,
        )
    return user


@contextmanager
def acting(user: User) -> Iterator[Actor]:
    with in_scope(scope_of(user, TODAY), actor=Actor.of(user)):
        yield Actor.of(user)


def asked(house: House, kind: ChangeKind, user: User | None = None, *, now: datetime.datetime = NOW) -> int:
    with acting(house.nurul) as by:
        about = user or house.siti
        return changing.ask(kind=kind, user=about, since=TODAY, reason=WHY, by=by, now=now).pk


def approved(house: House, change_id: int, *, by: User | None = None) -> AccountChange:
    with acting(by or house.teguh) as actor:
        return changing.decide(change_id=change_id, approve=True, by=actor, now=NOW, today=TODAY)


def terms(house: House, role: Role = Role.FINANCE_OFFICER, **more: object) -> Terms:
    return Terms(role=role, organisation=house.jambi.office, since=TODAY)._replace(**more)


def invited(house: House, username: str = "dewi", **more: object) -> int:
    with acting(house.nurul) as by:
        return changing.invite(
            name="Dewi Lestari", username=username, terms=terms(house, **more), reason=WHY, by=by, now=NOW
        ).pk


def link(house: House, change_id: int, *, now: datetime.datetime = NOW) -> str:
    with acting(house.teguh) as by:
        return joining.issue(change_id=change_id, by=by, now=now).token


class TestFromWhichDay:
    def test_it_is_not_asked_for_from_a_day_that_is_over(self, house: House) -> None:
        """Nobody held a role on 1 January 2020 because it is written today."""
        past = datetime.date(2020, 1, 1)
        with pytest.raises(NotAllowed) as refusal:
            invited(house, since=past)
        assert (refusal.value.code, refusal.value.field) == ("account.starts_in_the_past", "since")
        assert "22 November 2026" in refusal.value.text.id
        for act in (
            lambda by: changing.ask_for_role(
                user=house.siti, terms=terms(house, since=past), reason=WHY, by=by, now=NOW
            ),
            lambda by: changing.ask(
                kind=ChangeKind.END, user=house.siti, since=past, reason=WHY, by=by, now=NOW
            ),
        ):
            with acting(house.nurul) as by, pytest.raises(NotAllowed):
                act(by)

    def test_what_is_approved_later_holds_from_then_and_says_so(self, house: House) -> None:
        asked_at = NOW - datetime.timedelta(days=2)
        with acting(house.nurul) as by:
            wanted = terms(house, since=asked_at.date())
            change = changing.ask_for_role(user=house.siti, terms=wanted, reason=WHY, by=by, now=asked_at)
        with acting(house.teguh):
            assert directory.change_in_sight(change.pk, now=NOW).holds_from == TODAY
        approved(house, change.pk)
        held = appointment_of(house.siti, TODAY)
        with acting(house.teguh):
            shown = directory.change_in_sight(change.pk, now=NOW + datetime.timedelta(days=9))
        assert held is not None
        assert (held.since, shown.holds_from, shown.since) == (TODAY, TODAY, asked_at.date())

    def test_it_is_not_approved_when_its_time_is_over(self, house: House) -> None:
        asked_at = NOW - datetime.timedelta(days=2)
        with acting(house.nurul) as by:
            wanted = terms(house, since=asked_at.date(), until=TODAY)
            change = changing.ask_for_role(user=house.siti, terms=wanted, reason=WHY, by=by, now=asked_at)
        with pytest.raises(NotAllowed) as refusal:
            approved(house, change.pk)
        assert refusal.value.code == "account.over_before_approved"


class TestTwoPersons:
    def test_it_changes_nothing_before_a_second_person_approves(self, house: House) -> None:
        asked(house, ChangeKind.END)
        assert appointment_of(house.siti, TODAY) is not None

    def test_it_is_not_approved_by_whoever_asked(self, house: House) -> None:
        change = asked(house, ChangeKind.END)
        with pytest.raises(NotAllowed) as refusal:
            approved(house, change, by=house.nurul)
        assert refusal.value.code == "account.second_person"
        with acting(house.nurul), refused("account_change_by_two_people"):
            AccountChange.objects.filter(pk=change).update(
                decision="approved", decided_by=house.nurul, decided_at=NOW
            )

    def test_it_is_not_approved_in_anothers_name(self, house: House) -> None:
        change = asked(house, ChangeKind.END)
        with acting(house.nurul), refused("account_change_by_two_people"):
            AccountChange.objects.filter(pk=change).update(
                decision="approved", decided_by=house.teguh, decided_at=NOW
            )

    def test_it_is_about_nobody_who_takes_part(self, house: House) -> None:
        with pytest.raises(NotAllowed, match="own account"):
            asked(house, ChangeKind.DEACTIVATE, house.nurul)
        change = asked(house, ChangeKind.DEACTIVATE, house.teguh)
        with pytest.raises(NotAllowed) as refusal:
            approved(house, change, by=house.teguh)
        assert refusal.value.code == "account.oneself"

    def test_it_waits_for_seven_days_and_not_longer(self, house: House) -> None:
        change = asked(house, ChangeKind.END, now=NOW - CHANGE_OPEN_FOR)
        with pytest.raises(NotAllowed) as refusal:
            approved(house, change)
        assert refusal.value.code == "account.too_late"
        assert asked(house, ChangeKind.END) != change

    def test_it_is_decided_once(self, house: House) -> None:
        change = asked(house, ChangeKind.END)
        with acting(house.teguh) as by:
            changing.decide(change_id=change, approve=False, by=by, now=NOW, today=TODAY)
        with pytest.raises(ChangedMeanwhile):
            approved(house, change, by=house.third)
        assert appointment_of(house.siti, TODAY) is not None

    def test_it_leaves_who_asked_and_who_approved_on_the_trail(self, house: House) -> None:
        approved(house, asked(house, ChangeKind.END))
        with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
            found = dict(
                AuditEvent.objects.filter(action__endswith="account_change").values_list("action", "actor")
            )
        assert found == {
            "ask_account_change": house.nurul.pk,
            "approved_account_change": house.teguh.pk,
        }

    def test_it_shows_and_does_nothing_to_a_user_of_another_city(self, house: House) -> None:
        stranger = house.bungo.users[Role.CITY_OFFICER]
        with pytest.raises(User.DoesNotExist):
            asked(house, ChangeKind.DEACTIVATE, stranger)


class TestWhatHappens:
    def test_it_ends_a_role(self, house: House) -> None:
        approved(house, asked(house, ChangeKind.END))
        assert appointment_of(house.siti, TODAY) is None

    def test_it_changes_a_role_from_one_day_to_the_next(self, house: House) -> None:
        with acting(house.nurul) as by:
            change = changing.ask_for_role(user=house.siti, terms=terms(house), reason=WHY, by=by, now=NOW)
        approved(house, change.pk)
        held = appointment_of(house.siti, TODAY)
        assert held is not None
        assert (held.role, held.granted_by_id) == (Role.FINANCE_OFFICER, house.teguh.pk)
        before = appointment_of(house.siti, TODAY - datetime.timedelta(days=1))
        assert before is not None
        assert before.role == Role.CITY_OFFICER

    def test_it_takes_no_request_for_the_role_she_holds(self, house: House) -> None:
        """It would change nothing, and stand in the way of one that does."""
        same = terms(house, Role.CITY_OFFICER)
        with acting(house.nurul) as by:
            with pytest.raises(NotAllowed) as refusal:
                changing.ask_for_role(user=house.siti, terms=same, reason=WHY, by=by, now=NOW)
            until = same._replace(until=TODAY + datetime.timedelta(days=30))
            changing.ask_for_role(user=house.siti, terms=until, reason=WHY, by=by, now=NOW)
        assert (refusal.value.code, refusal.value.field) == ("account.same_role", "role")

    def test_it_closes_and_opens_an_account(self, house: House) -> None:
        approved(house, asked(house, ChangeKind.DEACTIVATE))
        assert not user_named(house.siti.username).is_active
        approved(house, asked(house, ChangeKind.ACTIVATE))
        assert user_named(house.siti.username).is_active

    def test_it_takes_away_a_lost_second_factor_and_no_password(self, house: House) -> None:
        second_factor.give(house.siti)
        approved(house, asked(house, ChangeKind.RESET_CODE))
        assert not second_factor.is_set_up(house.siti)
        assert user_named(house.siti.username).password == house.siti.password

    def test_it_leaves_the_second_factor_with_a_new_password(self, house: House) -> None:
        second_factor.give(house.siti)
        change = asked(house, ChangeKind.RESET_PASSWORD)
        approved(house, change)
        joining.accept(link(house, change), password=PASSWORD, now=NOW, today=TODAY)
        assert user_named(house.siti.username).check_password(PASSWORD)
        assert second_factor.is_set_up(house.siti)

    def test_it_keeps_two_administrators(self, house: House) -> None:
        approved(house, asked(house, ChangeKind.DEACTIVATE, house.third))
        with acting(house.nurul) as by:
            change = changing.ask(
                kind=ChangeKind.END, user=house.teguh, since=TODAY, reason=WHY, by=by, now=NOW
            )
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            User.objects.filter(pk=house.third.pk).update(is_active=True)
        fourth = house.third
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            Appointment.objects.filter(user=fourth).update(until=TODAY + datetime.timedelta(days=1))
        with refused("two_administrators_stay"):
            approved(house, change.pk, by=fourth)
        assert appointment_of(house.teguh, TODAY) is not None


class TestInvitation:
    def test_it_makes_a_user_with_her_role_when_the_link_is_used(self, house: House) -> None:
        change = invited(house)
        approved(house, change)
        token = link(house, change)
        dewi = joining.accept(token, password=PASSWORD, now=NOW, today=TODAY)
        held = appointment_of(dewi, TODAY)
        assert held is not None
        assert (held.role, held.organisation_id) == (Role.FINANCE_OFFICER, house.jambi.office.pk)
        assert not second_factor.is_set_up(dewi)

    def test_it_works_once(self, house: House) -> None:
        change = invited(house)
        approved(house, change)
        token = link(house, change)
        joining.accept(token, password=PASSWORD, now=NOW, today=TODAY)
        with pytest.raises(LinkSpent, match="was used"):
            joining.accept(token, password="lain kali lain sungai", now=NOW, today=TODAY)
        with pytest.raises(LinkNotDue):
            link(house, change)

    def test_it_works_for_three_days(self, house: House) -> None:
        change = invited(house)
        approved(house, change)
        token = link(house, change)
        late = NOW + datetime.timedelta(hours=72)
        assert joining.opened(token, now=late - datetime.timedelta(seconds=1)).username == "dewi"
        with pytest.raises(LinkSpent, match="older than 72 hours"):
            joining.opened(token, now=late)

    def test_it_stops_when_a_newer_one_is_made_or_it_is_revoked(self, house: House) -> None:
        change = invited(house)
        approved(house, change)
        first, second = link(house, change), link(house, change)
        with pytest.raises(LinkSpent, match="replaced"):
            joining.opened(first, now=NOW)
        with acting(house.teguh) as by:
            assert joining.revoke(change_id=change, by=by, now=NOW) == 1
        with pytest.raises(LinkSpent, match="revoked"):
            joining.opened(second, now=NOW)

    def test_it_is_not_made_before_the_approval(self, house: House) -> None:
        change = invited(house)
        with pytest.raises(LinkNotDue):
            link(house, change)
        with acting(house.teguh), refused("one_time_link_of_an_approved_change"):
            OneTimeLink.objects.create(
                change_id=change,
                token_hash=b"1" * 32,
                issued_by=house.teguh,
                issued_at=NOW,
                expires_at=NOW + datetime.timedelta(hours=1),
            )

    @pytest.mark.parametrize("token", ["", "guessed", "\x00", "a" * 5_000])
    def test_it_knows_no_link_that_was_never_made(self, house: House, token: str) -> None:
        with pytest.raises(LinkSpent, match="not complete"):
            joining.opened(token, now=NOW)

    def test_it_refuses_a_name_that_is_taken_and_a_role_out_of_place(self, house: House) -> None:
        with pytest.raises(NotAllowed) as refusal:
            invited(house, house.bungo.users[Role.MAYOR].username)
        assert refusal.value.field == "username"
        with pytest.raises(NotAllowed) as refusal:
            invited(house, role=Role.BRANCH_HEAD)
        assert refusal.value.field == "organisation"

    def test_it_keeps_only_a_hash_of_the_token(self, house: House) -> None:
        change = invited(house)
        approved(house, change)
        token = link(house, change)
        with acting(house.teguh):
            assert token.encode() not in bytes(OneTimeLink.objects.get().token_hash)


class TestAlone:
    """What an administrator cannot do past the functions, by SQL as the app's own role."""

    def test_it_gives_no_role(self, house: House) -> None:
        with acting(house.nurul), forbidden():
            Appointment.objects.create(
                user=house.nurul, role=Role.MAYOR, organisation=house.jambi.sponsor, since=TODAY
            )

    def test_it_ends_no_role_and_closes_no_account(self, house: House) -> None:
        with acting(house.nurul):
            assert execute("UPDATE access_appointment SET until = %s", TODAY) == 0
            assert execute("UPDATE access_user SET is_active = false WHERE id <> lindung_actor()") == 0

    def test_it_reads_and_removes_no_second_factor(self, house: House) -> None:
        second_factor.give(house.siti)
        with acting(house.nurul):
            assert not Authenticator.objects.exists()
            assert execute("DELETE FROM mfa_authenticator") == 0

    def test_it_sets_no_password_while_it_carries_something_out(self, house: House) -> None:
        change = asked(house, ChangeKind.DEACTIVATE)
        with acting(house.teguh) as by:
            changing.decide(change_id=change, approve=True, by=by, now=NOW, today=TODAY)
            with refused("user_changed_by_herself"):
                execute("UPDATE access_user SET password = 'x' WHERE id = %s", house.siti.pk)

    def test_nobody_opens_her_own_account_again(self, house: House) -> None:
        with acting(house.siti), refused("user_changed_by_herself"):
            execute("UPDATE access_user SET is_active = false WHERE id = %s", house.siti.pk)


class TestAtOnce:
    def test_one_of_two_approvals_at_the_same_moment_counts(self, fresh_database: str) -> None:
        house = built()
        change = asked(house, ChangeKind.END)
        outcomes = at_once(
            lambda: approved(house, change, by=house.teguh), lambda: approved(house, change, by=house.third)
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountChange", "ChangedMeanwhile"]

    def test_one_of_two_administrators_leaves_when_both_go_at_once(self, fresh_database: str) -> None:
        house = built()
        goes = asked(house, ChangeKind.END, house.teguh), asked(house, ChangeKind.END, house.third)
        at_once(
            lambda: approved(house, goes[0], by=house.third),
            lambda: approved(house, goes[1], by=house.teguh),
        )
        left = [user for user in (house.teguh, house.third) if appointment_of(user, TODAY)]
        assert len(left) == 1

    def test_a_link_lets_one_of_two_in(self, fresh_database: str) -> None:
        house = built()
        change = invited(house)
        approved(house, change)
        token = link(house, change)
        outcomes = at_once(
            *[lambda: joining.accept(token, password=PASSWORD, now=NOW, today=TODAY) for _ in range(2)]
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["LinkSpent", "User"]

    def test_an_approval_that_is_over_lets_nothing_happen(self, fresh_database: str) -> None:
        house = built()
        approved(house, asked(house, ChangeKind.DEACTIVATE))
        approved(house, asked(house, ChangeKind.ACTIVATE))
        with acting(house.teguh):
            assert execute("UPDATE access_user SET is_active = false WHERE id = %s", house.siti.pk) == 0
