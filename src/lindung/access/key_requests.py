"""A key for another system: one administrator asks for it, another approves, then it is made and shown once.

Whoever works here is a user and signs in; a partner's system is a machine and never signs in: it has a key, and an
account without a password that is made together with its first key.
"""

import datetime
import re
import secrets
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from lindung.access import changing
from lindung.access.account_models import ChangeKind, Decision
from lindung.access.appointing import appoint
from lindung.access.audit import record, without_numbers
from lindung.access.clients import NewKey, NoRole, create, of_role, serve
from lindung.access.directory import SHOWN_FOR
from lindung.access.models import (
    AccountChange,
    ApiClient,
    Appointment,
    Organisation,
    OrganisationKind,
    Role,
    ServedCity,
    User,
)
from lindung.access.roles import Permission, duties_of
from lindung.access.scope import NOBODY, Actor, SystemScope, appointment_in_sight, system_scope
from lindung.engine.refusals import Refusal
from lindung.law.text import Text

OPENS: dict[Permission, Text] = {
    Permission.SEE_AGREEMENTS: Text("Membaca kerja sama", "Read agreements"),
    Permission.SEE_ROSTERS: Text("Membaca daftar pekerja", "Read lists of workers"),
    Permission.UPLOAD_ROSTER: Text("Mengirim daftar pekerja", "Hand in lists of workers"),
    Permission.ENROL: Text("Mendaftarkan baris yang siap", "Enrol the lines that are ready"),
    Permission.SEE_WORKERS: Text("Membaca pekerja dan perlindungannya", "Read workers and their cover"),
    Permission.REVEAL_NIK: Text(
        "Membuka NIK utuh dengan alasan (tercatat di jejak)", "Open a whole NIK with a reason (on the trail)"
    ),
    Permission.SEE_BILLS: Text("Membaca tagihan", "Read bills"),
    Permission.DRAW_BILL: Text("Menyusun tagihan", "Draw bills"),
    Permission.RECORD_PAYMENT: Text("Mencatat pembayaran", "Record payments"),
    Permission.CONFIRM_PAYMENT: Text("Mengesahkan pembayaran", "Confirm payments"),
    Permission.SEE_MONEY: Text("Membaca uang yang belum dikenali", "Read money nobody has claimed"),
    Permission.IMPORT_STATEMENT: Text("Memasukkan rekening koran", "Hand in bank statements"),
    Permission.MATCH_MONEY: Text("Mencocokkan uang dari bank", "Say whose money of the bank is"),
}
"""What the API asks for, as an administrator reads it; a key opens nothing else."""


class Acting(NamedTuple):
    """A user a key can be made for, with the role she holds on the day."""

    user: User
    role: Text
    office: str


class KeyNotDue(Refusal):
    """There is nothing to make a key for, or it was made."""

    code = "client.not_due"


class NoCity(Refusal):
    """Only the administrators of a city give it to a partner."""

    code = "client.no_city"


def users_for_keys(*, on: datetime.date) -> list[Acting]:
    """The users of the caller's organisations whose role opens something of the API, by name."""
    held = Appointment.objects.select_related("user", "organisation").filter(
        since__lte=on, user__is_active=True
    )
    found = held.exclude(until__lte=on).order_by("user__name", "pk")
    return [
        Acting(each.user, duties_of(each.role).label, each.organisation.name)
        for each in found
        if duties_of(each.role).may & OPENS.keys()
    ]


def partners_of(city: Organisation) -> list[Organisation]:
    """The partners' systems that work for a city, by name."""
    served = ServedCity.objects.filter(city=city, integrator=OuterRef("pk"), ended_at__isnull=True)
    return list(Organisation.objects.filter(Exists(served)).order_by("name", "pk"))


def city_among(ids: Iterable[int]) -> Organisation | None:
    """The city among the organisations somebody manages; none for those of an office or a branch."""
    return Organisation.objects.filter(pk__in=tuple(ids), kind=OrganisationKind.CITY).first()


@transaction.atomic
def partner_named(name: str, *, city: Organisation | None, by: Actor) -> Organisation:
    """The partner's system of this name; a new one sees nothing until it is given a city and a key. Raises NoCity."""
    if city is None:
        raise NoCity(_NO_CITY, field="holder")
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        there = Organisation.objects.filter(kind=OrganisationKind.INTEGRATOR, name__iexact=name).first()
        if there is not None:
            return there
        added = Organisation.objects.create(
            kind=OrganisationKind.INTEGRATOR, code=_free_code(name), name=name
        )
    record(
        "client.partner_added",
        by=by,
        subject=f"organisation:{added.pk}",
        sponsor_id=city.pk,
        detail={"name": without_numbers(name)},
    )
    return added


def labels_of(names: Iterable[str]) -> list[Text]:
    """In words, what the permissions of a stored key or request open; one that a later version dropped opens nothing."""
    known = frozenset(Permission)
    shown = [each for each in names if each not in known or each in OPENS]
    return [OPENS[Permission(each)] if each in known else _DROPPED.filled(name=each) for each in shown]


def ask_for_user(
    *,
    name: str,
    user: User,
    permissions: Iterable[Permission],
    reason: str,
    by: Actor,
    now: datetime.datetime,
) -> AccountChange:
    """Ask for a key with which a machine acts as a user. Raises NoRole, NotOfTheRole, NotAllowed."""
    held = appointment_in_sight(user, now.date()) if user.is_active else None
    if held is None:
        raise NoRole(_NO_ROLE.filled(user=user.name), field="holder")
    key = _key(name, held.organisation, held.role, permissions, since=now.date())
    key.user = user
    return changing.ask_for_key(key=key, reason=reason, by=by, now=now)


def ask_for_partner(
    *,
    name: str,
    partner: Organisation,
    city: Organisation | None,
    permissions: Iterable[Permission],
    reason: str,
    by: Actor,
    now: datetime.datetime,
) -> AccountChange:
    """Ask for a key of a partner's system, which shall see this one city. Raises NoCity, NotOfTheRole."""
    if city is None:
        raise NoCity(_NO_CITY, field="holder")
    key = _key(name, city, Role.INTEGRATOR, permissions, since=now.date())
    key.partner = partner
    return changing.ask_for_key(key=key, reason=reason, by=by, now=now)


@transaction.atomic
def make(*, change_id: int, by: Actor, now: datetime.datetime) -> NewKey:
    """Make the key of an approved request; its secret is in the answer this once, and nowhere else.

    A partner gets its machine's account and the city along with it. Of several who make it at the same moment one gets
    it. Raises AccountChange.DoesNotExist, KeyNotDue (not approved, made already, or approved as long ago as the list
    no longer shows), NoRole and NotOfTheRole when the user's role has become another.
    """
    changes = AccountChange.objects.select_for_update(of=("self",)).select_related("organisation", "partner")
    change = changes.get(pk=change_id)
    if change.kind != ChangeKind.API_KEY or change.decision != Decision.APPROVED:
        raise KeyNotDue(_NOT_DUE)
    if ApiClient.objects.filter(change=change).exists():
        raise KeyNotDue(_MADE)
    if not is_fresh(change.decided_at, now=now):
        raise KeyNotDue(_TOO_LATE.filled(days=SHOWN_FOR.days))
    return create(
        name=change.name,
        user=_holder(change, by=by, now=now),
        permissions=change.permissions,
        change=change,
        by=by,
        now=now,
    )


def is_fresh(approved_at: datetime.datetime | None, *, now: datetime.datetime) -> bool:
    """Whether an approval is still good for making its key."""
    return approved_at is not None and approved_at > now - SHOWN_FOR


def _key(
    name: str, place: Organisation, role: str, permissions: Iterable[Permission], *, since: datetime.date
) -> AccountChange:
    return AccountChange(
        kind=ChangeKind.API_KEY,
        name=name,
        organisation=place,
        permissions=[str(each) for each in of_role(role, permissions, opens=OPENS)],
        since=since,
    )


def _holder(change: AccountChange, *, by: Actor, now: datetime.datetime) -> User:
    """Whom the key acts as: the user it was asked for, or the machine of the partner."""
    if change.partner is None:
        found = User.objects.filter(pk=change.user_id or 0).first()
        held = appointment_in_sight(found, now.date()) if found else None
        if found is None or held is None or held.organisation_id != change.organisation_id:
            raise NoRole(_MOVED.filled(office=change.organisation.name))
        return found
    if not ServedCity.objects.filter(
        integrator=change.partner, city=change.organisation, ended_at__isnull=True
    ).exists():
        serve(integrator=change.partner, city=change.organisation, by=by, now=now)
    return _machine(change.partner, city=change.organisation, by=by, now=now)


def _machine(partner: Organisation, *, city: Organisation, by: Actor, now: datetime.datetime) -> User:
    """The partner's account without a password: nobody can sign in with it. Its making stands in the city's trail."""
    with system_scope(SystemScope.SIGNING_IN, actor=by):
        held = Appointment.objects.select_related("user").filter(
            Q(until__isnull=True) | Q(until__gt=now.date()),
            organisation=partner,
            role=Role.INTEGRATOR,
            since__lte=now.date(),
            user__is_active=True,
            user__password__startswith="!",  # noqa: S106 - the sign that there is none
        )
        machine = held.order_by("pk").first()
        if machine is not None:
            return machine.user
        username = f"mesin.{partner.code}"[:50]
        if User.objects.filter(username=username).exists():
            username = f"{username}.{secrets.token_hex(3)}"
        user = User.objects.create_user(username, name=f"Sistem {partner.name}"[:120])
        appoint(
            user,
            role=Role.INTEGRATOR,
            organisation=partner,
            since=now.date(),
            by=by,
            now=now,
            trail_of=city.sponsor_id,
        )
        return user


def _free_code(name: str) -> str:
    """A code from the letters of the name that no organisation has."""
    code = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "mitra"
    taken = Organisation.objects.filter(code=code).exists()
    return f"{code}-{secrets.token_hex(3)}" if taken else code


_NO_ROLE = Text(
    "{user} tidak memegang peran di kantor yang Anda kelola hari ini. Beri peran dulu, lalu usulkan kuncinya.",
    "{user} holds no role today at an office that you manage. Give a role first, then ask for the key.",
)
_MOVED = Text(
    "Pengguna kunci ini tidak lagi memegang peran di {office}. Usulkan kunci baru untuk peran yang sekarang.",
    "The user of this key holds no role at {office} any more. Ask for a new key for the present role.",
)
_NO_CITY = Text(
    "Sistem mitra bekerja untuk satu kota. Minta administrator kota itu mengusulkan kuncinya.",
    "A partner's system works for a city. Let an administrator of that city ask for the key.",
)
_NOT_DUE = Text(
    "Kunci dibuat setelah administrator lain menyetujui usulannya.",
    "A key is made after another administrator has approved the request.",
)
_TOO_LATE = Text(
    "Persetujuan kunci ini lebih dari {days} hari, jadi tidak berlaku lagi. Usulkan kunci baru.",
    "The approval of this key is older than {days} days and holds no more. Ask for a new key.",
)
_DROPPED = Text("{name} (sudah tidak ada, tidak membuka apa-apa)", "{name} (gone, opens nothing)")
_MADE = Text(
    "Kunci dari usulan ini sudah dibuat, dan rahasianya hanya tampil sekali. Bila hilang, cabut kuncinya dan usulkan yang baru.",
    "The key of this request was made, and its secret is shown once only. When it is lost, revoke the key and ask for a new one.",
)
