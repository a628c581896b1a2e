"""Who may take a list out of the house: an export is asked for, approved by another when it is large, fetched once.

What is in the file is not known here; see `insight.exports`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from lindung.access import audit
from lindung.access.models import User
from lindung.access.names import with_users
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.membership.models import ExportFormat, ExportRequest, ExportWhat

MOST_ALONE = 500
"""From so many rows of people in a day, whole NIK always, a second person approves (threat model, case 2)."""
LASTS = timedelta(hours=24)


class NotHandedOut(Refusal):
    """The export may not be fetched."""

    code = "export.not_handed_out"


class NotApproved(Refusal):
    """The export may not be approved."""

    code = "export.not_approved"


def request(
    *,
    what: ExportWhat,
    choice: Mapping[str, Any],
    format: ExportFormat,
    whole_nik: bool,
    purpose: str,
    rows: int,
    sponsor_id: int,
    by: Actor,
    now: datetime,
) -> ExportRequest:
    """Ask for an export of so many rows of one city. Raises NotHandedOut when a number stands in the purpose."""
    _one_at_a_time(by)
    asked = ExportRequest(
        sponsor_id=sponsor_id,
        what=what,
        choice=dict(choice),
        format=format,
        whole_nik=whole_nik,
        purpose=purpose,
        rows=rows,
        needs_second=what != ExportWhat.COVERAGE and (whole_nik or rows + _alone(by, now) >= MOST_ALONE),
        requested_by=_user(by),
        requested_at=now,
    )
    try:
        asked.event_id = _noted("export.requested", asked, by, purpose=purpose, whole_nik=whole_nik)
    except audit.PersonalDataInAudit as error:
        raise NotHandedOut(_NO_NUMBERS, field="purpose", code="export.number_in_purpose") from error
    asked.save(force_insert=True)
    return asked


def approve(*, request_id: int, by: Actor, now: datetime) -> ExportRequest:
    """Approve another's export; approving twice is harmless.

    Raises ExportRequest.DoesNotExist out of scope; NotApproved for one's own, one that is too old, or needs no approval.
    """
    asked = ExportRequest.objects.select_for_update().get(pk=request_id)
    if asked.approved_by_id == by.user_id:
        return asked
    if asked.requested_by_id == by.user_id:
        raise NotApproved(_OWN, code="export.own")
    if not asked.needs_second or asked.approved_by_id is not None or now >= asked.requested_at + LASTS:
        raise NotApproved(_TOO_LATE)
    asked.approved_by_id, asked.approved_at = by.user_id, now
    asked.save(update_fields=["approved_by", "approved_at"])
    _noted("export.approved", asked, by)
    return asked


def to_fetch(*, request_id: int, by: Actor, now: datetime) -> ExportRequest:
    """The export that is about to be handed out to the one who asked for it, locked.

    Raises ExportRequest.DoesNotExist out of scope; NotHandedOut when it is another's, fetched, too old or not approved.
    """
    asked = ExportRequest.objects.select_for_update().get(pk=request_id)
    if asked.requested_by_id != by.user_id:
        raise NotHandedOut(_NOT_YOURS, code="export.not_yours")
    if asked.fetched_at is not None:
        raise NotHandedOut(_FETCHED, code="export.fetched")
    if asked.needs_second and asked.approved_by_id is None:
        raise NotHandedOut(_WAITS, code="export.waits")
    if now >= ends_at(asked):
        raise NotHandedOut(_TOO_OLD, code="export.too_old")
    return asked


def fetched(asked: ExportRequest, *, rows: int, by: Actor, now: datetime) -> int:
    """Note that the export is handed out; the event whose number stands in the file."""
    if rows > asked.rows:
        raise NotHandedOut(_GREW, code="export.grew")
    asked.fetched_at, asked.fetched_rows = now, rows
    asked.save(update_fields=["fetched_at", "fetched_rows"])
    return _noted("export.downloaded", asked, by, whole_nik=asked.whole_nik)


def ends_at(asked: ExportRequest) -> datetime:
    """Until when it may be fetched: 24 hours after its approval, or after it was asked for."""
    begun: datetime = asked.approved_at or asked.requested_at
    return begun + LASTS


def recent(*, now: datetime) -> list[ExportRequest]:
    """The exports in the caller's scope asked for within two days, the newest first; at most fifty."""
    found = ExportRequest.objects.filter(requested_at__gte=now - 2 * LASTS).order_by("-pk")
    return with_users(found.select_related("sponsor")[:50], "requested_by", "approved_by")


def _user(by: Actor) -> User:
    if by.user_id is None:
        raise NotHandedOut(_NOT_YOURS, code="export.nobody")
    return User.objects.get(pk=by.user_id)


def _one_at_a_time(by: Actor) -> None:
    """Two requests of one user at the same moment would each find the day's rows unused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('export'), %s)", [by.user_id])


def _alone(by: Actor, now: datetime) -> int:
    """Rows of people this user has asked for within a day without anybody's approval."""
    own = ExportRequest.objects.filter(
        requested_by_id=by.user_id, requested_at__gt=now - LASTS, needs_second=False
    ).exclude(what=ExportWhat.COVERAGE)
    return int(own.aggregate(rows=Sum("rows"))["rows"] or 0)


def _noted(action: str, asked: ExportRequest, by: Actor, **more: Any) -> int:
    detail = {"what": str(asked.what), "rows": asked.rows, "format": str(asked.format), **more}
    subject = f"export:{asked.pk}" if asked.pk else f"sponsor:{asked.sponsor_id}"
    return audit.record(action, by=by, subject=subject, sponsor_id=asked.sponsor_id, detail=detail)


_NO_NUMBERS = Text(
    "Jangan menulis NIK atau nomor telepon di tujuan. Hapus nomornya, lalu kirim lagi.",
    "Do not write a NIK or a telephone number into the purpose. Remove it and send again.",
)
_OWN = Text(
    "Ekspor sendiri tidak bisa disahkan. Minta rekan.", "You cannot approve your own export. Ask a colleague."
)
_TOO_LATE = Text(
    "Ekspor ini tidak menunggu pengesahan lagi. Minta ekspor baru.",
    "This export no longer waits for an approval. Ask for a new one.",
)
_NOT_YOURS = Text(
    "Hanya peminta yang bisa mengunduh ekspor ini. Minta ekspor sendiri.",
    "Only the one who asked may fetch this export. Ask for one of your own.",
)
_FETCHED = Text(
    "Ekspor ini sudah diunduh; hanya bisa sekali. Minta ekspor baru.",
    "This export was fetched already; that is possible once. Ask for a new one.",
)
_WAITS = Text("Ekspor ini menunggu pengesahan rekan.", "This export waits for a colleague's approval.")
_TOO_OLD = Text(
    "Waktu 24 jam untuk mengunduh sudah lewat. Minta ekspor baru.",
    "The 24 hours for fetching it are over. Ask for a new one.",
)
_GREW = Text(
    "Isi ekspor bertambah sejak diminta. Minta ekspor baru.",
    "The export has grown since it was asked for. Ask for a new one.",
)
