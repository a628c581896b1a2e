"""Puts right what the register says of a person: the name, and birth or sex as far as the NIK bears it out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max

from lindung.access.audit import PersonalDataInAudit, record
from lindung.access.scope import Actor
from lindung.access.sealing import unseal
from lindung.engine.refusals import ChangedMeanwhile, Refusal
from lindung.identity import names, nik
from lindung.law.text import Text
from lindung.people.models import Person, PersonCorrection, Sex
from lindung.people.revealing import sponsor_of

LONGEST_REASON = 200
LONGEST_NAME, LONGEST_PLACE = 200, 100
OLDEST_YEAR = 1900


class NotCorrected(Refusal):
    """What was written about the person cannot be."""

    code = "person.wrong"


class Identity(NamedTuple):
    """What a correction can change of a person; ``sex`` is a value of ``models.Sex``."""

    name: str
    birth_place: str
    birth_date: date
    sex: str

    def stored(self) -> dict[str, str]:
        """As a correction keeps it."""
        return {**self._asdict(), "birth_date": self.birth_date.isoformat()}


class Correction(NamedTuple):
    """One correction as shown: what was changed from what to what, by whom, when and why."""

    before: Identity
    after: Identity
    reason: str
    by: str
    at: datetime
    card_seen: bool


def identity_of(person: Person) -> Identity:
    """What the register says of a person now."""
    return Identity(person.name, person.birth_place, person.birth_date, person.sex)


def correct(
    *,
    person_id: int,
    to: Identity,
    reason: str,
    revision: int,
    by: Actor,
    now: datetime,
    on: date,
    card_seen: bool = False,
) -> None:
    """Put a person's data right for everybody who sees him: bills, cards and letters follow the person.

    ``revision`` is how many corrections the person had when the page was shown; ``card_seen`` says that the officer
    saw the birth date on the identity or family card: it may then differ from the NIK, which never changes (PP
    40/2019 Pasal 30). Raises Person.DoesNotExist out of the caller's sight; ChangedMeanwhile; NotCorrected for a name
    of signs only, a birth date (without the card) or sex that changes to what the NIK does not say, a reason that is
    missing, too long or holds somebody's number, or when nothing changes.
    """
    with transaction.atomic():
        Person.objects.get(pk=person_id)  # in the caller's sight
        person = Person.objects.select_for_update().get(pk=person_id)
        before, after = identity_of(person), _cleaned(to)
        if revision_of(person_id) != revision:
            raise ChangedMeanwhile
        if before == after:
            raise NotCorrected(_NOTHING, code="person.nothing_corrected")
        _refuse_reason(reason)
        _refuse_wrong(person, before, after, on=on, card_seen=card_seen)
        event = _noted(person_id, before, after, reason.strip(), by)
        PersonCorrection.objects.create(
            person=person,
            revision=revision + 1,
            before=before.stored(),
            after=after.stored(),
            reason=reason.strip(),
            card_seen=card_seen,
            corrected_by_id=by.user_id,
            corrected_by_name=by.name,
            corrected_at=now,
            event_id=event,
        )
        Person.objects.filter(pk=person_id).update(**after._asdict(), name_key=names.key(after.name))


def revision_of(person_id: int) -> int:
    """How many corrections a person has had."""
    newest = PersonCorrection.objects.filter(person_id=person_id).aggregate(newest=Max("revision"))
    return int(newest["newest"] or 0)


def corrections_of(person_id: int) -> Sequence[Correction]:
    """Every correction of a person in the caller's sight, the newest first."""
    found = PersonCorrection.objects.filter(person_id=person_id).order_by("-revision")
    return [
        Correction(
            _read(one.before),
            _read(one.after),
            one.reason,
            one.corrected_by_name,
            one.corrected_at,
            one.card_seen,
        )
        for one in found
    ]


def _read(stored: dict[str, str]) -> Identity:
    born = date.fromisoformat(stored["birth_date"])
    return Identity(stored["name"], stored["birth_place"], born, stored["sex"])


def _cleaned(to: Identity) -> Identity:
    return to._replace(name=names.clean(to.name), birth_place=" ".join(to.birth_place.split()))


def _refuse_reason(reason: str) -> None:
    if not reason.strip():
        raise NotCorrected(_REASON, field="reason", code="person.reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise NotCorrected(_REASON_LONG, field="reason", code="person.reason_long")


def _refuse_wrong(person: Person, before: Identity, after: Identity, *, on: date, card_seen: bool) -> None:
    """As a list is judged; but where something changes to what the NIK does not say, somebody saw the card."""
    if names.problems(after.name) or max(len(after.name), len(names.key(after.name))) > LONGEST_NAME:
        raise NotCorrected(_NAME, field="name", code="person.name")
    if any(map(str.isdigit, after.birth_place)) or len(after.birth_place) > LONGEST_PLACE:
        raise NotCorrected(_PLACE, field="birth_place", code="person.birth_place")
    sealed = bytes(person.nik_sealed)
    said = nik.read(unseal(sealed, table="people_person", column="nik_sealed", row_id=person.pk))
    if after.birth_date != before.birth_date:
        _refuse_born(after.birth_date, said, on=on, card_seen=card_seen)
    if after.sex not in Sex.values or (after.sex != before.sex and after.sex != said.sex):
        raise NotCorrected(_SEX, field="sex", code="person.sex")


def _refuse_born(born: date, said: nik.Nik, *, on: date, card_seen: bool) -> None:
    if born > on:
        raise NotCorrected(_FUTURE, field="birth_date", code="person.birth_in_future")
    if born.year < OLDEST_YEAR:
        raise NotCorrected(_LONG_AGO, field="birth_date", code="person.birth_long_ago")
    if born not in said.births and not card_seen:
        raise NotCorrected(_BORN, field="birth_date", code="person.birth_date")


def _noted(person_id: int, before: Identity, after: Identity, reason: str, by: Actor) -> int:
    changed = [field for field, old, new in zip(Identity._fields, before, after, strict=True) if old != new]
    try:
        return record(
            "person.corrected",
            by=by,
            subject=f"person:{person_id}",
            sponsor_id=sponsor_of(person_id),
            detail={"fields": changed, "words": reason},
        )
    except PersonalDataInAudit as error:
        raise NotCorrected(_NO_NUMBERS, field="reason", code="person.personal_data") from error


_NOTHING = Text("Tidak ada yang berubah. Ubah dulu isiannya.", "Nothing changes. Change an entry first.")
_REASON = Text(
    "Tulis alasannya, misalnya: nama salah dibaca dari daftar, sudah dicocokkan dengan KTP.",
    "Write the reason, such as: the list was read wrongly, compared with the identity card.",
)
_NAME = Text(
    "Tulis nama dengan huruf, seperti di KTP.", "Write the name in letters, as on the identity card."
)
_PLACE = Text(
    "Tulis tempat lahir dengan huruf, paling banyak 100.", "Write the birth place in letters, 100 at most."
)
_BORN = Text(
    "Tanggal lahir ini tidak sama dengan yang ada di NIK orang ini. Cocokkan dengan KTP atau KK; kalau di sana memang"
    " begitu, centang bahwa Anda sudah melihatnya.",
    "This birth date is not the one in the person's NIK. Compare with the identity or family card; if it says so, tick"
    " that you have seen it.",
)
_FUTURE = Text(
    "Tanggal lahir ini di masa depan. Periksa tahunnya di KTP.",
    "This birth date lies in the future. Check the year on the identity card.",
)
_LONG_AGO = Text(
    "Tahun lahir ini sebelum 1900. Periksa tahunnya di KTP.",
    "This year of birth is before 1900. Check it on the identity card.",
)
_REASON_LONG = Text(
    f"Alasannya terlalu panjang: paling banyak {LONGEST_REASON} huruf. Pendekkan, lalu kirim lagi.",
    f"The reason is too long: {LONGEST_REASON} letters at most. Shorten it and send again.",
)
_SEX = Text(
    "Jenis kelamin ini tidak sama dengan yang ada di NIK orang ini. Cocokkan dengan KTP.",
    "This sex is not the one in the person's NIK. Compare with the identity card.",
)
_NO_NUMBERS = Text(
    "Jangan menulis NIK atau nomor telepon di alasan. Hapus nomornya, lalu kirim lagi.",
    "Do not write a NIK or a telephone number into the reason. Remove it and send again.",
)
