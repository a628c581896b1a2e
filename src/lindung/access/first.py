"""Where everybody begins: a city or a branch, and the invitations of its first two administrators.

Nobody is there who could ask or approve, so the installation does it, for whoever can read its state folder. The
database lets it happen only while the organisation has no administrator.
"""

import datetime
import re
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from lindung.access.account_models import LINK_VALID_FOR, ChangeKind, Decision
from lindung.access.audit import record
from lindung.access.changing import NotAllowed, detail_of
from lindung.access.joining import hashed
from lindung.access.models import (
    AccountChange,
    Appointment,
    OneTimeLink,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.text import Text


class Named(NamedTuple):
    """A code and a name: of an organisation, or the user name and the name of a person."""

    code: str
    name: str


class House(NamedTuple):
    """What is to be there: a city with its region code (15.71) and offices, the branch that serves it, or a branch alone."""

    city: Named | None = None
    region_code: str = ""
    branch: Named | None = None
    offices: tuple[Named, ...] = ()


class Invited(NamedTuple):
    """An invitation: its token is shown this once, and works until `expires_at`."""

    username: str
    name: str
    token: str
    expires_at: datetime.datetime


class NotTheFirst(Refusal):
    """There is an administrator already, who invites all others together with a second one."""

    code = "first.administrator_there"


class NotAHouse(Refusal):
    """The organisations named do not go together, or two people were not named."""

    code = "first.not_whole"


@transaction.atomic
def invite(
    *, house: House, people: Sequence[Named], by: Actor, now: datetime.datetime, today: datetime.date
) -> list[Invited]:
    """Make what is not there of the house, and invite two administrators: of its city, or else of its branch.

    Done again before anybody has joined, the links of before stop working. Call it in the system's scope for
    maintenance. Raises NotTheFirst, NotAHouse, NotAllowed for a user name that is taken or badly written.
    """
    if len({person.code for person in people}) != 2 or len(people) != 2:
        raise NotAHouse(_TWO)
    _one_after_the_other()
    organisation = _settled(house, by=by)
    if _has_administrator(organisation, today):
        raise NotTheFirst(_THERE.filled(name=organisation.name))
    _refuse_names(people)
    earlier = OneTimeLink.objects.filter(change__requested_by=None, change__organisation=organisation)
    earlier.filter(used_at=None, revoked_at=None).update(revoked_at=now)
    return [_invited(person, organisation, by=by, now=now, today=today) for person in people]


def _one_after_the_other() -> None:
    """Of two who begin at once the second finds the links of the first, and makes them void."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('access: administrators'))")


def _settled(house: House, *, by: Actor) -> Organisation:
    """The organisation whose administrators these will be."""
    branch = _found(house.branch, OrganisationKind.BRANCH, by=by) if house.branch else None
    if house.city is None:
        if branch is None or house.offices:
            raise NotAHouse(_WHICH)
        return branch
    city = _found(house.city, OrganisationKind.CITY, by=by, branch=branch, region_code=house.region_code)
    for office in house.offices:
        _found(office, OrganisationKind.OFFICE, by=by, parent=city)
    return city


def _found(named: Named, kind: OrganisationKind, *, by: Actor, **terms: Any) -> Organisation:
    known = Organisation.objects.filter(code=named.code).first()
    if known is not None:
        if known.kind != kind:
            raise NotAHouse(_OTHER_KIND.filled(code=named.code))
        return known
    if kind == OrganisationKind.CITY and not re.fullmatch(r"\d\d\.\d\d", str(terms["region_code"])):
        raise NotAHouse(_REGION)
    made = Organisation.objects.create(kind=kind, code=named.code, name=named.name, **terms)
    record(
        "organisation.made",
        by=by,
        subject=f"organisation:{made.pk}",
        sponsor_id=made.sponsor_id,
        detail={"kind": str(kind), "code": made.code},
    )
    return made


def _has_administrator(organisation: Organisation, today: datetime.date) -> bool:
    held = Appointment.objects.filter(organisation=organisation, role=Role.ADMINISTRATOR)
    return held.exclude(until__lte=today).exists()


def _refuse_names(people: Sequence[Named]) -> None:
    for person in people:
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,59}", person.code) or not person.name.strip():
            raise NotAllowed(_BADLY.filled(name=person.code), code="account.name_malformed")
    taken = User.objects.filter(username__in=[person.code for person in people]).first()
    if taken is not None:
        raise NotAllowed(_TAKEN.filled(name=taken.username), code="account.name_taken")


def _invited(
    person: Named, organisation: Organisation, *, by: Actor, now: datetime.datetime, today: datetime.date
) -> Invited:
    change = AccountChange.objects.create(
        kind=ChangeKind.INVITE,
        name=person.name,
        username=person.code,
        role=Role.ADMINISTRATOR,
        organisation=organisation,
        since=today,
        reason="Administrator pertama",
        requested_at=now,
        decision=Decision.APPROVED,
        decided_at=now,
    )
    token, expires_at = secrets.token_urlsafe(32), now + LINK_VALID_FOR
    OneTimeLink.objects.create(change=change, token_hash=hashed(token), issued_at=now, expires_at=expires_at)
    record(
        "invite_first_administrator",
        by=by,
        subject=f"account_change:{change.pk}",
        sponsor_id=organisation.sponsor_id,
        detail=detail_of(change),
    )
    return Invited(person.code, person.name, token, expires_at)


_TWO = Text(
    "Sebut dua orang yang berbeda: satu mengusulkan, yang lain menyetujui.",
    "Name two different people: one asks, the other approves.",
)
_WHICH = Text(
    "Sebut kota dengan --city, atau kantor cabang saja dengan --branch. Dinas hanya ada di kota.",
    "Name a city with --city, or a branch alone with --branch. Offices belong to a city.",
)
_REGION = Text(
    "Tulis kode wilayah kota dengan --region, misalnya 15.71.",
    "Write the region code of the city with --region, such as 15.71.",
)
_OTHER_KIND = Text(
    "Kode {code} sudah dipakai organisasi jenis lain. Pilih kode lain.",
    "The code {code} belongs to another kind of organisation. Choose another code.",
)
_THERE = Text(
    "{name} sudah punya administrator. Dialah yang mengundang: halaman Pengguna, dengan persetujuan administrator kedua.",
    "{name} has an administrator, who invites others on the page of users, a second administrator approving.",
)
_BADLY = Text(
    "Nama pengguna {name} tidak bisa dipakai. Pakai huruf kecil, angka, titik dan garis, dan tulis juga nama orangnya.",
    "The user name {name} cannot be used. Take lower-case letters, digits, dots and dashes, and write the person's name.",
)
_TAKEN = Text(
    "Nama pengguna {name} sudah dipakai. Pilih yang lain.", "The user name {name} is taken. Choose another."
)
