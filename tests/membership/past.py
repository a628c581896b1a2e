"""People the register knows from before, with memberships that have ended: no verb ends one yet."""

from datetime import date

import world
from database import as_loader
from lindung.access.scope import SystemScope, system_scope
from lindung.access.sealing import blind_index
from lindung.identity import names
from lindung.membership.models import Membership, Work
from lindung.partnership.models import Agreement
from lindung.people.models import Person, PersonScope
from world import City, Worker


def protected_before(
    place: City, promised: Agreement, worker: Worker, occupation: str, *, until: date | None
) -> int:
    """One more work of a person, protected since 2024 until that day, or still; the person's id."""
    with system_scope(SystemScope.ENROLLING, actor=place.actor()):
        event, segment = world.event(place), promised.segments.get()
        index = blind_index("nik", worker.nik)
        with as_loader():
            person = Person.objects.filter(nik_index=index).first() or _registered(
                place, worker, index, event
            )
            work = Work.objects.create(
                person=person,
                kind="bpu",
                occupation=occupation,
                event_id=event,
            )
            Membership.objects.create(
                person=person,
                work=work,
                agreement=promised,
                segment=segment,
                sponsor=place.sponsor,
                kelurahan_code=worker.kelurahan_code,
                programmes=["jkk", "jkm"],
                registered_on=date(2024, 1, 1),
                since=date(2024, 1, 1),
                until=until,
                slot=min(2, person.memberships.count() + 1),
                event_id=event,
            )
    return int(person.pk)


def _registered(place: City, worker: Worker, index: bytes, event: int) -> Person:
    person = Person.objects.create(
        name=worker.name,
        name_key=names.key(worker.name),
        birth_date=worker.birth_date,
        sex=worker.sex,
        kelurahan_code=worker.kelurahan_code,
        nik_sealed=b"sealed elsewhere",
        nik_index=index,
        event_id=event,
    )
    PersonScope.objects.create(person=person, sponsor=place.sponsor, event_id=event)
    return person
