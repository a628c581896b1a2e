"""The family of a worker as form F1A asks for it: relation, name, birth date, and a NIK where there is one."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.access.sealing import blind_index, seal, unseal
from lindung.engine.refusals import Refusal
from lindung.identity import names, nik
from lindung.law.text import Text
from lindung.people.models import FamilyMember, Person, Relation

_TABLE = "people_familymember"


class WrongFamilyMember(Refusal):
    """What was written about a member of the family cannot be."""

    code = "family.wrong"


class Relative(NamedTuple):
    """A member of the family as shown; the NIK is masked, or ''."""

    id: int
    relation: Relation
    label: Text
    name: str
    birth_date: date
    nik_masked: str


LABELS = {
    Relation.SPOUSE: Text("Suami atau istri", "Spouse"),
    Relation.CHILD: Text("Anak", "Child"),
    Relation.PARENT: Text("Orang tua", "Parent"),
    Relation.SIBLING: Text("Saudara kandung", "Brother or sister"),
    Relation.OTHER: Text("Lainnya", "Other"),
}


def add_member(
    *,
    person_id: int,
    relation: Relation,
    name: str,
    birth_date: date,
    number: str = "",
    sponsor_id: int,
    by: Actor,
    on: date,
) -> int:
    """Note a member of a worker's family; his id. The NIK may be left out, as of a newborn child.

    Raises Person.DoesNotExist out of sight, WrongFamilyMember for a name of signs only, a birth date to come or
    a NIK that is none, and IntegrityError when this NIK stands in the family already.
    """
    person = Person.objects.get(pk=person_id)
    _refuse_wrong(name, birth_date, number, on=on)
    event = audit.record(
        "family.member_added",
        by=by,
        subject=f"person:{person.pk}",
        sponsor_id=sponsor_id,
        detail={"relation": relation.value, "with_nik": bool(number)},
    )
    pk, digits = _drawn_id(), nik.compact(number)
    made = FamilyMember.objects.create(
        pk=pk,
        person=person,
        relation=relation,
        name=names.clean(name),
        birth_date=birth_date,
        nik_sealed=seal(digits, table=_TABLE, column="nik_sealed", row_id=pk) if digits else None,
        nik_index=blind_index("nik", digits) if digits else None,
        event_id=event,
    )
    return int(made.pk)


def family_of(person_id: int) -> Sequence[Relative]:
    """The family of a worker in the caller's scope, spouse first, then by age."""
    order = list(LABELS)
    found = [_relative(member) for member in FamilyMember.objects.filter(person_id=person_id)]
    return sorted(found, key=lambda one: (order.index(one.relation), one.birth_date, one.id))


def masked_nik_of(person: Person) -> str:
    """A worker's NIK as a page may show it."""
    sealed = bytes(person.nik_sealed)
    return nik.masked(unseal(sealed, table="people_person", column="nik_sealed", row_id=person.pk))


def _relative(member: FamilyMember) -> Relative:
    relation, number = Relation(member.relation), ""
    if member.nik_sealed is not None:
        sealed = bytes(member.nik_sealed)
        number = nik.masked(unseal(sealed, table=_TABLE, column="nik_sealed", row_id=member.pk))
    return Relative(member.pk, relation, LABELS[relation], member.name, member.birth_date, number)


def _refuse_wrong(name: str, birth_date: date, number: str, *, on: date) -> None:
    if names.problems(name):
        raise WrongFamilyMember(_NAME, field="relative_name", code="family.name")
    if birth_date > on:
        raise WrongFamilyMember(_BORN, field="relative_birth_date", code="family.birth_date")
    if number and nik.problems(number, numeric=False):
        raise WrongFamilyMember(_NIK, field="relative_nik", code="family.nik")


def _drawn_id() -> int:
    """The id before the row, because the sealed number is bound to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_familymember_id_seq')")
        return int(cursor.fetchone()[0])


_NAME = Text("Tulis nama anggota keluarga dengan huruf.", "Write the name of the family member in letters.")
_BORN = Text(
    "Tanggal lahir anggota keluarga belum tiba. Periksa tahunnya.",
    "The birth date of the family member has not come yet. Check the year.",
)
_NIK = Text(
    "NIK anggota keluarga harus 16 angka yang benar, atau kosongkan.",
    "The NIK of the family member must be 16 right digits, or leave it empty.",
)
