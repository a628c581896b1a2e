"""Notes why we differ from BPJS, in the name of whoever looked into it; or opens a difference again."""

from datetime import datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.membership.branch_records import DifferenceNote, NoteState
from lindung.membership.masking import masked_within


class NoReason(Refusal):
    """A difference is not explained without a reason."""

    code = "difference.no_reason"


@transaction.atomic
def note(
    *,
    difference: str,
    fingerprint: str,
    sponsor_id: int,
    state: NoteState,
    text: str,
    by: Actor,
    now: datetime,
) -> DifferenceNote:
    """Explain a difference as it is now (`fingerprint` of both values), or open it again; both with a reason.

    When a value changes later, the note no longer holds and the difference is open. A NIK in the reason is masked.
    Raises NoReason; the database refuses whoever does not work for the whole city.
    """
    reason = masked_within(text.strip())
    if len(reason) < 5 or by.user_id is None:
        raise NoReason(
            Text("Tulis alasannya, paling sedikit lima huruf.", "Write the reason, at least five letters."),
            field="note",
        )
    event = audit.record(
        f"difference.{state}",
        by=by,
        subject=f"difference:{difference}",
        sponsor_id=sponsor_id,
        detail={"fingerprint": fingerprint},
    )
    return DifferenceNote.objects.create(
        sponsor_id=sponsor_id,
        difference=difference,
        fingerprint=fingerprint,
        state=state,
        note=reason[:500],
        noted_by_id=by.user_id,
        noted_at=now,
        event_id=event,
    )
