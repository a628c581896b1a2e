"""Who tries to break what the database promises about accounts, roles, the trail and sending; for test_constraints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import world
from database import execute
from lindung.access import changing
from lindung.access.account_models import ChangeKind
from lindung.access.appointing import appoint
from lindung.access.models import (
    AccountChange,
    Appointment,
    Device,
    DevicePass,
    Draft,
    LimiterCounter,
    OneTimeLink,
    OpenSession,
    Organisation,
    Role,
    SentOnce,
    SignInLink,
    User,
)
from lindung.access.scope import NOBODY, Actor, SystemScope, in_scope, scope_of, system_scope, user_named

NOW, TODAY = world.at(world.TODAY), world.TODAY
Breaker = Callable[[Any], object]


@contextmanager
def served() -> Iterator[None]:
    """The scope in which the system itself makes accounts."""
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        yield


@contextmanager
def acting(user: User) -> Iterator[Actor]:
    with in_scope(scope_of(user, TODAY), actor=Actor.of(user)):
        yield Actor.of(user)


def administrators(stage: Any, count: int = 2) -> list[User]:
    """So many administrators of Jambi."""
    made = []
    with served():
        for number in range(count):
            user = User.objects.create_user(f"administrator{number}", name=f"Administrator {number}")
            appoint(
                user,
                role=Role.ADMINISTRATOR,
                organisation=stage.jambi.sponsor,
                since=world.APPOINTED,
                by=world.BUILDER,
                now=NOW,
            )
            made.append(user)
    return made


def officer(stage: Any) -> User:
    """Ibu Siti, officer of Jambi."""
    found: User = stage.jambi.users[Role.CITY_OFFICER]
    return found


def made(model: type[Any], **fields: Any) -> Breaker:
    """A row written by the system itself; `user` and `organisation` are those of Jambi where they are not said."""

    def attempt(stage: Any) -> None:
        given = {"organisation": stage.jambi.sponsor, "user": officer(stage)}
        names = {field.name for field in model._meta.fields}
        with served():
            model.objects.create(**{name: value for name, value in given.items() if name in names} | fields)

    return attempt


def asked(**changes: Any) -> Breaker:
    """A request written by an administrator past the functions."""

    def attempt(stage: Any) -> None:
        nurul, *_ = administrators(stage)
        with acting(nurul):
            request(stage, nurul, **changes).save(force_insert=True)

    return attempt


def request(stage: Any, by: User, **changes: Any) -> AccountChange:
    """A request to end Ibu Siti's role, but for the changes."""
    fields = {
        "kind": "end",
        "user": officer(stage),
        "organisation": stage.jambi.sponsor,
        "since": TODAY,
        "reason": "Pindah tugas",
        "requested_by": by,
        "requested_at": NOW,
    }
    return AccountChange(**fields | changes)


def decided(*, by_asker: bool = False, **changes: Any) -> Breaker:
    """A request decided past the functions."""

    def attempt(stage: Any) -> None:
        nurul, teguh = administrators(stage)
        with acting(nurul):
            change = request(stage, nurul)
            change.save(force_insert=True)
        actor = nurul if by_asker else teguh
        with acting(actor):
            given = {"decision": "approved", "decided_by": actor, "decided_at": NOW} | changes
            AccountChange.objects.filter(pk=change.pk).update(**given)

    return attempt


def decided_twice(stage: Any) -> None:
    decided(decision="declined")(stage)
    teguh = user_named("administrator1")
    with acting(teguh):
        AccountChange.objects.update(decision="approved", decided_by=teguh, decided_at=NOW)


def decided_about_oneself(stage: Any) -> None:
    nurul, teguh = administrators(stage)
    with acting(nurul):
        request(stage, nurul, user=teguh).save(force_insert=True)
    with acting(teguh):
        AccountChange.objects.update(decision="approved", decided_by=teguh, decided_at=NOW)


def asked_twice(**changes: Any) -> Breaker:
    def attempt(stage: Any) -> None:
        nurul, *_ = administrators(stage)
        with acting(nurul):
            for _ in range(2):
                request(stage, nurul, **changes).save(force_insert=True)

    return attempt


def linked(*, approve: bool = True, times: int = 1, **changes: Any) -> Breaker:
    """A one-time link for a new password of Ibu Siti."""

    def attempt(stage: Any) -> None:
        nurul, teguh = administrators(stage)
        with acting(nurul) as by:
            change = changing.ask(
                kind=ChangeKind.RESET_PASSWORD,
                user=officer(stage),
                since=TODAY,
                reason="Lupa",
                by=by,
                now=NOW,
            )
        with acting(teguh) as by:
            if approve:
                changing.decide(change_id=change.pk, approve=True, by=by, now=NOW, today=TODAY)
            for number in range(times):
                given = {
                    "token_hash": bytes([number]) * 32,
                    "expires_at": NOW + timedelta(hours=72),
                } | changes
                OneTimeLink.objects.create(change=change, issued_by=teguh, issued_at=NOW, **given)

    return attempt


def password_of_another(stage: Any) -> None:
    nurul, teguh = administrators(stage)
    with acting(nurul) as by:
        change = changing.ask(
            kind=ChangeKind.DEACTIVATE, user=officer(stage), since=TODAY, reason="Pindah", by=by, now=NOW
        )
    with acting(teguh) as by:
        changing.decide(change_id=change.pk, approve=True, by=by, now=NOW, today=TODAY)
        execute("UPDATE access_user SET password = 'x' WHERE id = %s", officer(stage).pk)


def one_of_two_administrators(stage: Any) -> None:
    nurul, teguh, third = administrators(stage, 3)
    with acting(nurul) as by:
        change = changing.ask(kind=ChangeKind.END, user=teguh, since=TODAY, reason="Pensiun", by=by, now=NOW)
    with served():  # the third one goes tomorrow
        Appointment.objects.filter(user=third).update(until=TODAY + timedelta(days=1))
    with acting(third) as by:
        changing.decide(change_id=change.pk, approve=True, by=by, now=NOW, today=TODAY)


def device(times: int = 1, **changes: Any) -> Breaker:
    def attempt(stage: Any) -> None:
        fields = {
            "token_hash": b"1" * 32,
            "name": "Loket 1",
            "organisation": stage.jambi.office,
            "kelurahan_code": world.THE_HOK,
            "registered_by": officer(stage),
            "registered_at": NOW,
            "expires_at": NOW + timedelta(days=90),
        }
        with served():
            for _ in range(times):
                Device.objects.create(**fields | changes)

    return attempt


def passed_twice(stage: Any) -> None:
    device()(stage)
    with served():
        for _ in range(2):
            DevicePass.objects.create(device=Device.objects.get(), user=officer(stage), day=TODAY)


def session_twice(stage: Any) -> None:
    with served():
        for _ in range(2):
            OpenSession.objects.create(
                user=officer(stage), key_hash=b"1" * 32, key_sealed=b"", since=NOW, seen_at=NOW
            )


def sent_twice(row: SentOnce | Draft) -> Breaker:
    def attempt(stage: Any) -> None:
        with stage.jambi.acting() as by:
            for _ in range(2):
                row.pk, row.user_id = None, by.user_id or 0
                row.save(force_insert=True)

    return attempt


def signed_in_twice(stage: Any) -> None:
    with served():
        for _ in range(2):
            SignInLink.objects.create(token_hash=b"1" * 32, user=officer(stage), expires_at=NOW)


def user_twice(stage: Any) -> None:
    with served():
        User.objects.create_user(officer(stage).username, name="Siti yang lain")


def first(*, scope: SystemScope = SystemScope.MAINTENANCE, **changes: Any) -> Breaker:
    """An invitation that nobody asked for, at a branch without administrators unless another place is named."""

    def attempt(stage: Any) -> None:
        given = {
            **INVITED,
            "role": "administrator",
            "organisation": stage.jambi.branch,
            "requested_by": None,
            "decision": "approved",
            "decided_at": NOW,
        }
        with system_scope(scope, actor=NOBODY):
            request(stage, officer(stage), **given | changes).save(force_insert=True)

    return attempt


def first_where_there_is_one(stage: Any) -> None:
    administrators(stage, 1)
    first(organisation=stage.jambi.sponsor)(stage)


INVITED = {"kind": "invite", "user": None, "name": "Dewi", "username": "dewi", "role": "mayor"}

BREAKERS: dict[str, Breaker] = {
    "access_organisation_code_key": made(Organisation, kind="city", code="jambi", name="Jambi yang lain"),
    "organisation_kind_is_known": made(Organisation, kind="village", code="x", name="x"),
    "organisation_office_has_a_city": made(Organisation, kind="office", code="x", name="x"),
    "organisation_only_a_city_has_a_branch": lambda stage: made(
        Organisation, kind="branch", code="x", name="x", branch=stage.jambi.branch
    )(stage),
    "access_user_username_key": user_twice,
    "user_name_is_lower_case": made(User, username="SITI", name="Siti"),
    "access_signinlink_token_hash_key": signed_in_twice,
    "order_sent_once": sent_twice(SentOnce(key="k", fingerprint=b"1" * 32)),
    "draft_once_per_page": sent_twice(Draft(page="/", content=b"sealed", kept_at=NOW)),
    "appointment_one_at_a_time": made(Appointment, role="mayor", since=TODAY),
    "appointment_ends_after_it_starts": made(Appointment, role="mayor", since=TODAY, until=TODAY),
    "account_change_not_in_the_past": asked(since=TODAY - timedelta(days=1)),
    "appointment_role_is_known": made(Appointment, role="king", since=TODAY),
    "appointment_operator_has_a_kelurahan": made(
        Appointment, role="mayor", since=TODAY, kelurahan_code=world.LEGOK
    ),
    "appointment_who_and_when_together": made(Appointment, role="mayor", since=TODAY, granted_at=NOW),
    "appointment_not_by_oneself": lambda stage: made(
        Appointment, role="auditor", since=TODAY, granted_by=officer(stage), granted_at=NOW
    )(stage),
    "limiter_counts_from_one": made(LimiterCounter, key_hash=b"1" * 32, hits=0, ends_at=NOW),
    "account_change_kind_known": asked(kind="promote"),
    "account_change_asked_by_somebody": first(role="auditor"),
    "account_change_first_administrators": first_where_there_is_one,
    "account_change_names_whom": asked(**INVITED | {"username": ""}),
    "account_change_key_whole": asked(permissions=["see_bills"]),
    "account_change_role_whole": asked(role="mayor"),
    "account_change_operator_has_a_kelurahan": asked(kelurahan_code=world.LEGOK),
    "account_change_has_a_reason": asked(reason=""),
    "account_change_decided_whole": decided(decided_at=None),
    "account_change_by_two_people": decided(by_asker=True),
    "account_change_not_for_oneself": decided_about_oneself,
    "account_change_in_time": decided(decided_at=NOW + timedelta(days=7)),
    "account_change_open_once": asked_twice(),
    "account_change_one_invitation": asked_twice(**INVITED),
    "account_change_decided_once": decided_twice,
    "user_changed_by_herself": password_of_another,
    "two_administrators_stay": one_of_two_administrators,
    "access_onetimelink_token_hash_key": linked(times=2, token_hash=b"1" * 32, revoked_at=NOW),
    "one_time_link_open_once": linked(times=2),
    "one_time_link_used_or_revoked": linked(used_at=NOW, revoked_at=NOW),
    "one_time_link_for_three_days": linked(expires_at=NOW + timedelta(hours=73)),
    "one_time_link_of_an_approved_change": linked(approve=False),
    "access_opensession_key_hash_key": session_twice,
    "access_device_token_hash_key": device(times=2),
    "device_known_for_ninety_days": device(expires_at=NOW + timedelta(days=91)),
    "device_revoked_by_somebody": device(revoked_at=NOW),
    "device_stands_somewhere": device(kelurahan_code=""),
    "device_pass_once_a_day": passed_twice,
}
