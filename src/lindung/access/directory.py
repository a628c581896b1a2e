"""The users an administrator manages, as pages show them: who holds which role, what waits for a second person."""

import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from lindung.access.account_models import CHANGE_OPEN_FOR, WITH_A_LINK, ChangeKind, Decision
from lindung.access.changing import held_from
from lindung.access.models import AccountChange, ApiClient, Appointment, OneTimeLink, Organisation, User
from lindung.access.roles import duties_of
from lindung.engine.clock import JAKARTA
from lindung.identity.places import PLACES
from lindung.law.text import Text

PAGE_ROWS = 50
INSTALLATION = "Lindung"
"""Who invited the first administrators."""
SHOWN_FOR = datetime.timedelta(days=14)
"""How long an approved invitation that nobody has used stays on the list."""

KINDS: dict[str, Text] = {
    ChangeKind.INVITE: Text("Undang pengguna baru", "Invite a new user"),
    ChangeKind.APPOINT: Text("Ganti peran atau wilayah", "Change role or area"),
    ChangeKind.END: Text("Akhiri peran", "End the role"),
    ChangeKind.DEACTIVATE: Text("Nonaktifkan akun", "Close the account"),
    ChangeKind.ACTIVATE: Text("Aktifkan lagi akun", "Open the account again"),
    ChangeKind.RESET_CODE: Text("Setel ulang kode masuk", "Reset the sign-in code"),
    ChangeKind.RESET_PASSWORD: Text("Kata sandi baru", "A new password"),
    ChangeKind.API_KEY: Text("Kunci API baru", "A new API key"),
}


class Held(NamedTuple):
    """A role somebody holds, held or will hold: half-open, `until` is the first day without it."""

    role: Text
    organisation: str
    kelurahan: str
    since: datetime.date
    until: datetime.date | None


class UserLine(NamedTuple):
    """One user of the list, with the role in force, if any."""

    id: int
    name: str
    username: str
    is_active: bool
    held: Held | None


class UserPage(NamedTuple):
    """A page of the list, of at most 50."""

    lines: list[UserLine]
    number: int
    pages: int
    total: int


class Change(NamedTuple):
    """A request as it is read before and after it is decided; `about` is the person's name, `is_open` whether it waits.

    It was asked for from `since`; `holds_from` is the day from which it holds when approved now, or was. Of a key,
    `about` is the key's name, it acts as `username`, or for `partner`, and `is_made` once it was handed over.
    """

    id: int
    kind: str
    label: Text
    about: str
    username: str
    user_id: int | None
    terms: Held | None
    since: datetime.date
    holds_from: datetime.date
    organisation: str
    reason: str
    requested_by: str
    requested_by_id: int | None
    requested_at: datetime.datetime
    open_until: datetime.datetime
    decision: str
    decided_by: str
    decided_at: datetime.datetime | None
    is_open: bool
    has_link: bool
    partner: str
    permissions: tuple[str, ...]
    is_made: bool


def users_in_sight(*, on: datetime.date, number: int) -> UserPage:
    """The users of the caller's organisations, by name; a number past the end gives the last page."""
    found = User.objects.filter(appointments__in=Appointment.objects.all()).distinct().order_by("name", "pk")
    total = found.count()
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(max(1, number), pages)
    shown = found.prefetch_related(Prefetch("appointments", _in_force(on), to_attr="in_force"))
    first = (number - 1) * PAGE_ROWS
    return UserPage([_line(user) for user in shown[first : first + PAGE_ROWS]], number, pages, total)


def user_in_sight(user_id: int) -> User:
    """A user of the caller's organisations. Raises User.DoesNotExist for anybody else."""
    return User.objects.filter(Exists(Appointment.objects.filter(user=OuterRef("pk")))).get(pk=user_id)


def roles_of(user: User) -> list[Held]:
    """Every role a user held or holds, the latest first."""
    found = Appointment.objects.select_related("organisation").filter(user=user).order_by("-since")
    return [_held(appointment) for appointment in found[:PAGE_ROWS]]


def organisations_managed(ids: tuple[int, ...]) -> list[Organisation]:
    """The organisations for which roles can be asked, the city or branch before its offices."""
    return list(Organisation.objects.filter(pk__in=ids).order_by("parent_id", "name"))


def waiting(*, now: datetime.datetime) -> list[Change]:
    """What waits for a second person, the oldest first; at most 50."""
    found = AccountChange.objects.filter(decision="", requested_at__gt=now - CHANGE_OPEN_FOR)
    return _changes(found.order_by("requested_at", "pk"), now)


def keys_waiting(*, now: datetime.datetime) -> list[Change]:
    """The keys that wait for a second person, the oldest first."""
    return [change for change in waiting(now=now) if change.kind == ChangeKind.API_KEY]


def to_hand_over(*, now: datetime.datetime) -> list[Change]:
    """What is approved and waits for its link to be handed over or used."""
    found = AccountChange.objects.filter(
        decision=Decision.APPROVED, kind__in=WITH_A_LINK, decided_at__gt=now - SHOWN_FOR
    )
    used = OneTimeLink.objects.filter(change=OuterRef("pk"), used_at__isnull=False)
    return _changes(found.exclude(Exists(used)).order_by("-decided_at", "-pk"), now)


def keys_to_make(*, now: datetime.datetime) -> list[Change]:
    """The keys that are approved and not yet made."""
    found = AccountChange.objects.filter(
        decision=Decision.APPROVED, kind=ChangeKind.API_KEY, decided_at__gt=now - SHOWN_FOR
    )
    return _changes(found.filter(api_client=None).order_by("-decided_at", "-pk"), now)


def changes_of(user: User, *, now: datetime.datetime) -> list[Change]:
    """Every request about a user, the latest first; at most 50."""
    return _changes(AccountChange.objects.filter(user=user).order_by("-requested_at", "-pk"), now)


def change_in_sight(change_id: int, *, now: datetime.datetime) -> Change:
    """One request of the caller's organisations. Raises AccountChange.DoesNotExist."""
    found = _changes(AccountChange.objects.filter(pk=change_id), now)
    if not found:
        raise AccountChange.DoesNotExist
    return found[0]


def _in_force(on: datetime.date) -> QuerySet[Appointment]:
    held = Appointment.objects.select_related("organisation").filter(since__lte=on)
    return held.filter(Q(until__isnull=True) | Q(until__gt=on))


def _line(user: User) -> UserLine:
    in_force: list[Appointment] = getattr(user, "in_force", [])
    held = _held(in_force[0]) if in_force else None
    return UserLine(user.pk, user.name, user.username, user.is_active, held)


def _held(appointment: Appointment) -> Held:
    return Held(
        duties_of(appointment.role).label,
        appointment.organisation.name,
        place_name(appointment.kelurahan_code),
        appointment.since,
        appointment.until,
    )


def place_name(code: str) -> str:
    """The name of a kelurahan; its code where the name is not known."""
    place = PLACES.get(code)
    return place.name if place else code


def _changes(found: QuerySet[AccountChange], now: datetime.datetime) -> list[Change]:
    unused = OneTimeLink.objects.filter(
        change=OuterRef("pk"), used_at=None, revoked_at=None, expires_at__gt=now
    )
    rows = list(
        found.select_related("organisation", "user", "partner").annotate(
            linked=Exists(unused), made=Exists(ApiClient.objects.filter(change=OuterRef("pk")))
        )[:PAGE_ROWS]
    )
    # Names apart: whoever asked may be out of the reader's sight, and a join would hide the request with her.
    ids = {id for row in rows for id in (row.requested_by_id, row.decided_by_id) if id}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [_change(row, names, now) for row in rows]


def _change(row: AccountChange, names: dict[int, str], now: datetime.datetime) -> Change:
    user = row.user
    return Change(
        id=row.pk,
        kind=row.kind,
        label=KINDS[row.kind],
        about=row.name if row.name or user is None else user.name,
        username=row.username if user is None else user.username,
        user_id=row.user_id,
        terms=_terms(row),
        since=row.since,
        holds_from=held_from(row.since, on=(row.decided_at or now).astimezone(JAKARTA).date()),
        organisation=row.organisation.name,
        reason=row.reason,
        requested_by=names.get(row.requested_by_id, "–") if row.requested_by_id else INSTALLATION,
        requested_by_id=row.requested_by_id,
        requested_at=row.requested_at,
        open_until=row.requested_at + CHANGE_OPEN_FOR,
        decision=row.decision,
        decided_by=names.get(row.decided_by_id or 0, "–") if row.requested_by_id else INSTALLATION,
        decided_at=row.decided_at,
        is_open=row.is_open(now=now),
        has_link=bool(getattr(row, "linked", False)),
        partner=row.partner.name if row.partner else "",
        permissions=tuple(row.permissions),
        is_made=bool(getattr(row, "made", False)),
    )


def _terms(row: AccountChange) -> Held | None:
    if not row.role:
        return None
    label, place = duties_of(row.role).label, place_name(row.kelurahan_code)
    return Held(label, row.organisation.name, place, row.since, row.until)
