"""Lets a membership go on under another agreement, for the same work, from the month on in which somebody else pays."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.law.months import Month
from lindung.membership import changes, own_payers
from lindung.membership.employment import ChangeKind, LeaveReason
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement, AgreementKind, Segment

# The work, the person and the place of the old one; cover goes on where no month lies between.
_GOES_ON = """
INSERT INTO membership_membership (person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code,
                                   programmes, registered_on, since, slot, cover_since, event_id)
SELECT m.person_id, m.work_id, %(agreement)s, %(segment)s, %(sponsor)s, m.kelurahan_code, %(programmes)s,
       %(registered_on)s, %(since)s, m.slot,
       CASE WHEN m.until = %(since)s AND m.until > m.since THEN coalesce(m.cover_since, m.since) END, %(event)s
  FROM membership_membership m WHERE m.id = %(old)s
RETURNING id
"""
_SEEN = """
INSERT INTO people_personscope (person_id, sponsor_id, event_id) VALUES (%(person)s, %(sponsor)s, %(event)s)
    ON CONFLICT DO NOTHING
"""


class Under(NamedTuple):
    """Where somebody goes on: agreement and segment, and of a self-payer the declared income (whole rupiah)."""

    agreement: Agreement
    segment: Segment
    programmes: tuple[str, ...]
    income: int = 0


def go_over(old: Membership, under: Under, *, since: Month, by: Actor, now: datetime) -> Membership:
    """The membership that goes on from `old`, which ends by then. Call it inside a transaction.

    Raises NobodyActs, and IntegrityError where the work is still paid for, the quota is full, or the month is billed.
    """
    if by.user_id is None:
        raise changes.NobodyActs
    with system_scope(SystemScope.ENROLLING, actor=by), connection.cursor() as cursor:
        event = audit.record(
            "member.went_over",
            by=by,
            subject=f"membership:{old.pk}",
            sponsor_id=under.agreement.sponsor_id,
            detail={"person": old.person_id, "since": str(since), "agreement": under.agreement.code},
        )
        cursor.execute("SET LOCAL ROLE lindung_loader")
        values: dict[str, Any] = {
            "old": old.pk,
            "person": old.person_id,
            "agreement": under.agreement.pk,
            "segment": under.segment.pk,
            "sponsor": under.agreement.sponsor_id,
            "programmes": list(under.programmes),
            "registered_on": now.date(),
            "since": since.first_day(),
            "event": event,
        }
        cursor.execute(_GOES_ON, values)
        (made,) = cursor.fetchone()
        if under.agreement.kind == AgreementKind.INDEPENDENT:
            own_payers.entered(event_id=event, income=own_payers.given(under.income))
        cursor.execute(_SEEN, values)
        member = Membership.objects.get(pk=made)
        changes.written_join(member, event_id=event, by=by, now=now)
        cursor.execute("SET LOCAL ROLE NONE")
    return member


def ended_before(member: Membership, first: Month, *, by: Actor, now: datetime) -> None:
    """End a membership before the month in which somebody else begins to pay; one that ends earlier stays as it is.

    One that would have begun then or later never was: its period is left empty. Raises what `changes.leave` raises.
    """
    if member.until is not None and member.until <= first.first_day():
        return
    if first > Month.of(member.since):
        changes.leave(
            membership_id=member.pk,
            last_month=first.plus(-1),
            reason=LeaveReason.OTHER_SPONSOR,
            by=by,
            now=now,
        )
        return
    with changes.changing(member.pk, by=by) as held:
        month = Month.of(held.since)
        event = changes.noted(
            "member.left", held, by, {"last_month": str(month), "reason": LeaveReason.OTHER_SPONSOR.value}
        )
        changes.written(
            held, ChangeKind.LEAVE, month, event, by, now,
            reason=LeaveReason.OTHER_SPONSOR.value, until_after=held.since,
        )  # fmt: skip
        changes.end(held, held.since)
