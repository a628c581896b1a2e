"""The people in somebody's sight with their memberships, a stretch at a time; one by id, or by NIK and birth date."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet

from lindung.access import audit
from lindung.access.paging import Stretch, following
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.access.sealing import blind_index, unseal_many
from lindung.identity import nik, places
from lindung.law.text import Text
from lindung.membership import occupations
from lindung.membership.models import Membership
from lindung.people.models import Person


class MembershipListed(NamedTuple):
    """One work of a person under one agreement; `since` and `until` are half-open dates."""

    id: int
    agreement_id: int
    agreement_code: str
    segment: str
    work_kind: str
    work: Text
    programmes: tuple[str, ...]
    registered_on: date
    since: date
    until: date | None


class MemberListed(NamedTuple):
    """A person; the NIK is masked, always."""

    id: int
    name: str
    nik_masked: str
    birth_date: date
    sex: str
    kelurahan_code: str
    kelurahan: str
    memberships: tuple[MembershipListed, ...]


def members_after(
    after: int, *, limit: int, agreement_id: int | None = None, kelurahan_code: str = ""
) -> Stretch[MemberListed]:
    """The people in sight whose id is larger than `after`, in the order of their ids."""
    wanted = _people().filter(pk__gt=after).order_by("pk")
    if agreement_id is not None:
        members = Membership.objects.filter(agreement_id=agreement_id).values("person_id")
        wanted = wanted.filter(pk__in=members)
    if kelurahan_code:
        wanted = wanted.filter(kelurahan_code=kelurahan_code)
    found = list(wanted[: limit + 1])
    listed = tuple(_listed(found[:limit]))
    return Stretch(listed, following(found, limit=limit, key=lambda each: each.pk))


def member_listed(person_id: int) -> MemberListed:
    """One person. Raises Person.DoesNotExist when not in sight."""
    return _listed([_people().get(pk=person_id)])[0]


def member_sought(
    *, number: str, birth_date: date, through: str, by: Actor, sponsor_id: int | None
) -> MemberListed | None:
    """The person in sight who has this NIK and was born on this day; the search is on the trail, found or not,
    with the door it came through ("api").

    Nobody, somebody out of sight, and a birth date that differs are one answer: None.
    """
    index = blind_index("nik", nik.compact(number))
    person = _people().filter(nik_index=index, birth_date=birth_date).first()
    # Also who sees nothing at all has searched; only a scope of the system may write that down.
    with system_scope(SystemScope.SIGNING_IN, actor=by):
        audit.record(
            "person.sought_by_nik",
            by=by,
            subject=f"person:{person.pk}" if person else "person:none",
            sponsor_id=sponsor_id,
            detail={"found": person is not None, "through": through},
        )
    return None if person is None else _listed([person])[0]


def _people() -> QuerySet[Person]:
    memberships = Membership.objects.select_related("agreement", "segment", "work").order_by("since", "pk")
    return Person.objects.prefetch_related(Prefetch("memberships", queryset=memberships))


def _listed(people: Sequence[Person]) -> list[MemberListed]:
    sealed = ((person.pk, bytes(person.nik_sealed)) for person in people)
    numbers = unseal_many(sealed, table="people_person", column="nik_sealed")
    return [_member(person, number) for person, number in zip(people, numbers, strict=True)]


def _member(person: Person, number: str) -> MemberListed:
    place = places.PLACES.get(person.kelurahan_code)
    return MemberListed(
        id=person.pk,
        name=person.name,
        nik_masked=nik.masked(number),
        birth_date=person.birth_date,
        sex=person.sex,
        kelurahan_code=person.kelurahan_code,
        kelurahan=place.name if place else person.kelurahan_code,
        memberships=tuple(_membership(each) for each in person.memberships.all()),
    )


def _membership(membership: Membership) -> MembershipListed:
    return MembershipListed(
        id=membership.pk,
        agreement_id=membership.agreement_id,
        agreement_code=membership.agreement.code,
        segment=membership.segment.code,
        work_kind=membership.work.kind,
        work=occupations.label(membership.work.occupation),
        programmes=tuple(membership.programmes),
        registered_on=membership.registered_on,
        since=membership.since,
        until=membership.until,
    )
