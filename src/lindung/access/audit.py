"""The audit trail: one event for every change and every look at a full NIK; added, never changed."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import connection

from lindung.access.models import AuditEvent
from lindung.access.scope import Actor

# Sixteen digits that stand alone. Hexadecimal neighbours are let pass, or one hash in 300 would be refused.
_NIK = re.compile(r"(?<![0-9A-Fa-f])[0-9]{16}(?![0-9A-Fa-f])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?62|0)[ -]?8[0-9]{1,2}(?:[ -]?[0-9]{3,4}){2,3}(?![0-9A-Za-z])")


class PersonalDataInAudit(ValueError):
    """An audit event may not carry a NIK or a telephone number; name the row's id instead."""


def record(
    action: str,
    *,
    by: Actor,
    subject: str,
    sponsor_id: int | None,
    detail: Mapping[str, Any],
    reserved: int | None = None,
) -> int:
    """Add one event and return its id; rows that a bulk run touched carry that id.

    ``reserved`` is an id drawn before, where the rows had to stand first because the event says what they are.

    Call it inside a scope whose actor is `by`: the database refuses an event in somebody else's name, and one
    of a sponsor that is not in sight. `subject` is "kind:id" ("roster:12"). Its moment is the database's own, also
    where LINDUNG_NOW stands in for the clock: the trail has one clock. Raises PersonalDataInAudit when a NIK or a
    telephone number stands in the event.
    """
    _refuse_personal_data(subject, detail)
    event = AuditEvent(
        pk=reserved,
        actor_id=by.user_id,
        actor_name=by.name,
        action=action,
        subject=subject,
        sponsor_id=sponsor_id,
        detail=dict(detail),
    )
    event.save(force_insert=True)
    return event.pk


def reserved() -> int:
    """The id of an event that is recorded later in this transaction; rows may carry it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('access_auditevent', 'id'))")
        (number,) = cursor.fetchone()
    return int(number)


def without_numbers(text: str) -> str:
    """The text for an event, with dots in place of a NIK or a telephone number that somebody wrote into it."""
    return _PHONE.sub("•••", _NIK.sub("•••", text))


def _refuse_personal_data(subject: str, detail: Mapping[str, Any]) -> None:
    text = f"{subject} {json.dumps(detail, ensure_ascii=False)}"
    if _NIK.search(text) or _PHONE.search(text):
        # The text itself stays out of the message: messages end up in logs.
        raise PersonalDataInAudit("Catatan audit tidak boleh memuat NIK atau nomor telepon.")
