"""Changes of accounts and roles: one administrator asks, another approves within seven days, then it happens.

The database holds it: a request bears the name of whoever acts, its approval another's, and roles, second factors and
active accounts of others can be changed only in the transaction of an approval.
"""

import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from lindung.access import open_sessions, second_factor
from lindung.access.account_models import CHANGE_OPEN_FOR, WITH_A_ROLE, ChangeKind, Decision
from lindung.access.appointing import PLACES, appoint, end
from lindung.access.audit import record, without_numbers
from lindung.access.models import AccountChange, Appointment, Organisation, OrganisationKind, Role, User
from lindung.access.scope import NOBODY, Actor, SystemScope, system_scope
from lindung.engine.clock import JAKARTA
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.law.months import day_label
from lindung.law.text import Text


class Terms(NamedTuple):
    """The role a person is to hold, where, and from when until the day before `until`."""

    role: Role
    organisation: Organisation
    since: datetime.date
    kelurahan_code: str = ""
    until: datetime.date | None = None


class NotAllowed(Refusal):
    """What the rule of two persons, or the place of a role, does not let happen."""

    code = "account.not_allowed"


_OUT_OF_PLACE = Text(
    "Peran ini tidak dapat dipegang di kantor itu. Pilih kantor lain.",
    "This role cannot be held at that office. Choose another office.",
)
_TAKEN = Text(
    "Nama pengguna ini sudah dipakai. Pilih yang lain, misalnya dengan nama kantor.",
    "This user name is taken. Choose another, for example with the name of the office.",
)
_SAME = Text(
    "Peran ini sudah dipegangnya di kantor itu. Pilih peran, kantor, kelurahan atau tanggal akhir yang lain.",
    "She holds this role at that office already. Choose another role, office, kelurahan or end.",
)
_ONESELF = Text(
    "Tidak seorang pun mengubah akunnya sendiri. Minta administrator lain.",
    "Nobody changes his own account. Ask another administrator.",
)
_SECOND = Text(
    "Anda yang mengusulkan; persetujuannya dari administrator lain.",
    "You asked for this; another administrator approves it.",
)
_TOO_LATE = Text(
    "Usulan ini lebih dari 7 hari, jadi tidak berlaku lagi. Ajukan usulan baru.",
    "This request is older than 7 days and holds no more. Make a new one.",
)
_NOT_BEFORE = Text("Tanggal akhir harus setelah tanggal mulai.", "The end must be after the start.")
_PAST = Text(
    "Tanggal ini sudah lewat. Perubahan berlaku paling awal hari ini, {day}.",
    "This day is over. A change holds from today, {day}, at the earliest.",
)
_OVER = Text(
    "Masa peran ini sudah lewat sebelum disetujui. Tolak usulan ini, lalu ajukan yang baru.",
    "The time of this role was over before it was approved. Decline this request and make a new one.",
)
_NO_ROLE = Text(
    "Pengguna ini tidak memegang peran yang dapat diakhiri.", "This user holds no role that could end."
)


def invite(
    *, name: str, username: str, terms: Terms, reason: str, by: Actor, now: datetime.datetime
) -> AccountChange:
    """Ask for a new user.

    Raises NotAllowed when the name is taken, the role has no place there, or its first day is over.
    """
    _fits(terms, now=now)
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        taken = User.objects.filter(username=username.lower()).exists()
    if taken:
        raise NotAllowed(_TAKEN, field="username", code="account.name_taken")
    _lapse(AccountChange.objects.filter(username=username.lower(), kind=ChangeKind.INVITE), by=by, now=now)
    change = AccountChange(kind=ChangeKind.INVITE, name=name, username=username.lower(), **_role_of(terms))
    return _kept(change, reason=reason, by=by, now=now)


def ask_for_role(
    *, user: User, terms: Terms, reason: str, by: Actor, now: datetime.datetime
) -> AccountChange:
    """Ask that a user holds this role from a day on, in place of what she holds.

    Raises NotAllowed, also when she holds just that on the day: the request would only stand in the way of another.
    """
    _fits(terms, now=now)
    if _holds(user, terms):
        raise NotAllowed(_SAME, field="role", code="account.same_role")
    change = AccountChange(kind=ChangeKind.APPOINT, user=user, **_role_of(terms))
    return _about_somebody(change, reason=reason, by=by, now=now)


def ask(
    *, kind: ChangeKind, user: User, since: datetime.date, reason: str, by: Actor, now: datetime.datetime
) -> AccountChange:
    """Ask for a change without a role: an end, an account off or on, a new code or password. Raises NotAllowed.

    `since` is the day from which it is to hold, today at the earliest.
    """
    _require_to_come(since, now=now)
    change = AccountChange(kind=kind, user=user, organisation=_place_of(user), since=since)
    return _about_somebody(change, reason=reason, by=by, now=now)


def ask_for_key(*, key: AccountChange, reason: str, by: Actor, now: datetime.datetime) -> AccountChange:
    """Ask for a key that `key_requests` has drawn up. Raises NotAllowed for a key of one's own account."""
    if key.user_id is None:
        return _kept(key, reason=reason, by=by, now=now)
    return _about_somebody(key, reason=reason, by=by, now=now)


def decide(
    *, change_id: int, approve: bool, by: Actor, now: datetime.datetime, today: datetime.date
) -> AccountChange:
    """Approve and carry out, or decline; exactly once. Raises AccountChange.DoesNotExist, NotAllowed, ChangedMeanwhile.

    Of two who approve at the same moment the second waits, and then finds it decided. What is approved after its
    first day holds from the day of the approval.
    """
    change = AccountChange.objects.select_related("user", "organisation").get(pk=change_id)
    if change.decision:
        raise ChangedMeanwhile
    if approve:
        _may_approve(change, by=by, now=now, today=today)
    decision = Decision.APPROVED if approve else Decision.DECLINED
    with transaction.atomic():
        _decided(change, decision, by=by, now=now)
        if approve:
            _carry_out(change, by=by, now=now, today=today)
    return change


def held_from(since: datetime.date, *, on: datetime.date) -> datetime.date:
    """From which day a change holds that is approved on a day: never from one before."""
    return max(since, on)


def _require_to_come(since: datetime.date, *, now: datetime.datetime) -> None:
    today = now.astimezone(JAKARTA).date()
    if since < today:
        text = _PAST.filled(day=day_label(today))
        raise NotAllowed(text, field="since", code="account.starts_in_the_past")


def _fits(terms: Terms, *, now: datetime.datetime) -> None:
    _require_to_come(terms.since, now=now)
    if OrganisationKind(terms.organisation.kind) not in PLACES[terms.role]:
        raise NotAllowed(_OUT_OF_PLACE, field="organisation", code="account.role_out_of_place")
    if terms.until is not None and terms.until <= terms.since:
        raise NotAllowed(_NOT_BEFORE, field="until", code="account.ends_before_it_starts")


def _holds(user: User, terms: Terms) -> bool:
    held = Appointment.objects.filter(user=user, since__lte=terms.since).exclude(until__lte=terms.since)
    same = held.filter(role=terms.role, organisation=terms.organisation, until=terms.until)
    return same.filter(kelurahan_code=terms.kelurahan_code).exists()


def _role_of(terms: Terms) -> dict[str, Any]:
    return {
        "role": terms.role,
        "organisation": terms.organisation,
        "kelurahan_code": terms.kelurahan_code,
        "since": terms.since,
        "until": terms.until,
    }


def _about_somebody(
    change: AccountChange, *, reason: str, by: Actor, now: datetime.datetime
) -> AccountChange:
    if change.user_id == by.user_id:
        raise NotAllowed(_ONESELF, code="account.oneself")
    _lapse(AccountChange.objects.filter(user=change.user, kind=change.kind), by=by, now=now)
    return _kept(change, reason=reason, by=by, now=now)


def _kept(change: AccountChange, *, reason: str, by: Actor, now: datetime.datetime) -> AccountChange:
    change.reason, change.requested_by_id, change.requested_at = reason, by.person_id, now
    with transaction.atomic():
        change.save(force_insert=True)
        _note("ask_account_change", change, by=by)
    return change


def _lapse(same: QuerySet[AccountChange], *, by: Actor, now: datetime.datetime) -> None:
    """Earlier requests that nobody approved in time make room for the new one."""
    old = same.filter(decision="", requested_at__lte=now - CHANGE_OPEN_FOR)
    old.update(decision=Decision.LAPSED, decided_by_id=by.user_id, decided_at=now)


def _place_of(user: User) -> Organisation:
    """Where the user belongs: of all appointments in sight, the latest."""
    latest = Appointment.objects.filter(user=user).select_related("organisation").order_by("-since").first()
    if latest is None:
        raise User.DoesNotExist
    return latest.organisation


def _may_approve(change: AccountChange, *, by: Actor, now: datetime.datetime, today: datetime.date) -> None:
    if by.user_id == change.requested_by_id:
        raise NotAllowed(_SECOND, code="account.second_person")
    if by.user_id == change.user_id:
        raise NotAllowed(_ONESELF, code="account.oneself")
    if not change.is_open(now=now):
        raise NotAllowed(_TOO_LATE, code="account.too_late")
    if change.until is not None and change.until <= held_from(change.since, on=today):
        raise NotAllowed(_OVER, code="account.over_before_approved")


def _decided(change: AccountChange, decision: Decision, *, by: Actor, now: datetime.datetime) -> None:
    open_still = AccountChange.objects.filter(pk=change.pk, decision="")
    if open_still.update(decision=decision, decided_by_id=by.user_id, decided_at=now) != 1:
        raise ChangedMeanwhile
    change.decision, change.decided_by_id, change.decided_at = decision, by.user_id, now
    _note(f"{decision}_account_change", change, by=by)


def _carry_out(change: AccountChange, *, by: Actor, now: datetime.datetime, today: datetime.date) -> None:
    """Let it happen. Invitations, new passwords and keys happen later, by what is handed over."""
    user, on = change.user, held_from(change.since, on=today)
    if user is None or change.kind in (ChangeKind.RESET_PASSWORD, ChangeKind.API_KEY):
        return
    match change.kind:
        case ChangeKind.APPOINT:
            _replace_role(user, change, on=on, by=by, now=now)
        case ChangeKind.END:
            if not _end_roles(user, on=on, by=by):
                raise NotAllowed(_NO_ROLE, code="account.no_role")
        case ChangeKind.DEACTIVATE | ChangeKind.ACTIVATE:
            user.is_active = change.kind == ChangeKind.ACTIVATE
            user.save(update_fields=["is_active"])
        case ChangeKind.RESET_CODE:
            second_factor.reset(user)
    open_sessions.end_all(of_user=user.pk, by=by, sponsor_id=change.organisation.sponsor_id, now=now)


def _replace_role(
    user: User, change: AccountChange, *, on: datetime.date, by: Actor, now: datetime.datetime
) -> None:
    _end_roles(user, on=on, by=by)
    appoint(
        user,
        role=Role(change.role),
        organisation=change.organisation,
        since=on,
        until=change.until,
        kelurahan_code=change.kelurahan_code,
        by=by,
        now=now,
    )


def _end_roles(user: User, *, on: datetime.date, by: Actor) -> int:
    """End what the user holds on that day or later; a role that begins that day lasts for it."""
    held = Appointment.objects.select_related("organisation").filter(user=user).exclude(until__lte=on)
    for appointment in held:
        end(appointment, until=max(on, appointment.since + datetime.timedelta(days=1)), by=by)
    return len(held)


def _note(action: str, change: AccountChange, *, by: Actor) -> None:
    record(
        action,
        by=by,
        subject=f"account_change:{change.pk}",
        sponsor_id=change.organisation.sponsor_id,
        detail=detail_of(change),
    )


def detail_of(change: AccountChange) -> dict[str, Any]:
    """What an event about a change says: which change, of whom, where, and the role it is about."""
    person = change.user.name if change.user else change.name
    return {
        "kind": change.kind,
        "user": change.user_id,
        "person": without_numbers(person),
        "organisation": change.organisation.code,
        **({"role": change.role} if change.kind in WITH_A_ROLE else {}),
    }
