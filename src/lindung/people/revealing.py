"""Shows the whole NIK of one person to an officer who says why; each time counts and leaves an event."""

import datetime
import enum
from typing import NamedTuple

from lindung.access.audit import record, without_numbers
from lindung.access.limiter import hit
from lindung.access.scope import Actor
from lindung.access.sealing import unseal
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.people.models import Person, PersonScope

MOST_A_DAY = 100
"""Whole NIK one user may see within 24 hours of the first (threat model, case 2)."""
LONGEST_WORDS = 200
_DAY = 24 * 60 * 60


class Reason(enum.StrEnum):
    """Why a whole NIK is needed."""

    CORRECT = "correct"
    CLAIM = "claim"
    BRANCH = "branch"
    COMPLAINT = "complaint"
    AUDIT = "audit"
    OTHER = "other"


REASONS: dict[Reason, Text] = {
    Reason.CORRECT: Text("Memperbaiki data yang salah", "Mending wrong data"),
    Reason.CLAIM: Text("Mengurus klaim", "Handling a claim"),
    Reason.BRANCH: Text("Mencocokkan dengan cabang BPJS", "Comparing with the BPJS branch"),
    Reason.COMPLAINT: Text("Menjawab pengaduan", "Answering a complaint"),
    Reason.AUDIT: Text("Pemeriksaan", "An audit"),
    Reason.OTHER: Text("Lainnya, dijelaskan di bawah", "Something else, explained below"),
}


class Revealed(NamedTuple):
    """The whole number, how many more the user may see today, and the event that says so."""

    nik: str
    left: int
    event_id: int


class NotRevealed(Refusal):
    """The number is not shown."""

    code = "reveal.refused"


def reveal(*, person_id: int, reason: Reason, words: str, by: Actor, now: datetime.datetime) -> Revealed:
    """The whole NIK of a person in the caller's scope.

    Raises Person.DoesNotExist out of scope; NotRevealed when `reason` is OTHER and nothing explains it, when a number
    of a person stands in the words, and after `MOST_A_DAY` numbers in a day.
    """
    person = Person.objects.only("pk", "nik_sealed").get(pk=person_id)
    if reason == Reason.OTHER and not words.strip():
        raise NotRevealed(_SAY_WHY, field="words", code="reveal.reason_missing")
    said = words.strip()[:LONGEST_WORDS]
    if without_numbers(said) != said:
        raise NotRevealed(_NO_NUMBERS, field="words", code="reveal.personal_data")
    verdict = hit(f"reveal|{by.user_id}", limit=MOST_A_DAY, window_seconds=_DAY, now=now)
    if not verdict.allowed:
        raise NotRevealed(_ENOUGH, code="reveal.too_many")
    event_id = _noted(person_id, reason, said, by)
    number = unseal(bytes(person.nik_sealed), table="people_person", column="nik_sealed", row_id=person.pk)
    return Revealed(number, verdict.left, event_id)


def sponsor_of(person_id: int) -> int | None:
    """A city in the caller's sight that sponsors this person: in its trail stands who looked."""
    seen = PersonScope.objects.filter(person_id=person_id).order_by("sponsor_id")
    return seen.values_list("sponsor_id", flat=True).first()


def _noted(person_id: int, reason: Reason, words: str, by: Actor) -> int:
    return record(
        "nik.revealed",
        by=by,
        subject=f"person:{person_id}",
        sponsor_id=sponsor_of(person_id),
        detail={"reason": reason.value, "words": words},
    )


_SAY_WHY = Text("Tulis untuk apa NIK ini diperlukan.", "Write what the NIK is needed for.")
_NO_NUMBERS = Text(
    "Jangan menulis NIK atau nomor telepon di alasan. Hapus nomornya, lalu kirim lagi.",
    "Do not write a NIK or a telephone number into the reason. Remove it and send again.",
)
_ENOUGH = Text(
    "Anda sudah melihat 100 NIK hari ini. Lanjutkan besok, atau minta ekspor dengan pengesahan rekan.",
    "You have seen 100 NIK today. Go on tomorrow, or ask for an export that a colleague approves.",
)
