"""Ends or terminates an agreement together with its memberships, so that nobody stays a member of what is over."""

from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from lindung.access import audit
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.law.months import Month
from lindung.membership.employment import LeaveReason
from lindung.membership.models import Membership
from lindung.partnership import agreements
from lindung.partnership.models import Agreement, Segment


class Over(NamedTuple):
    """The agreement as it is now, how many memberships ended with it, and the half-open end of these."""

    agreement: Agreement
    members: int
    until: date


def end(*, agreement_id: int, by: Actor, now: datetime) -> Over:
    """Close an agreement whose period is over, and end its memberships. Raises what `agreements.end` raises."""
    with transaction.atomic():
        return _over(agreements.end(agreement_id=agreement_id, by=by, now=now), by=by, now=now)


def terminate(*, agreement_id: int, on: date, reason: str, by: Actor, now: datetime) -> Over:
    """Stop an agreement from a day on, and end its memberships. Raises what `agreements.terminate` raises."""
    with transaction.atomic():
        held = agreements.terminate(agreement_id=agreement_id, on=on, reason=reason, by=by, now=now)
        return _over(held, by=by, now=now)


def correct_stop(*, agreement_id: int, on: date, reason: str, by: Actor, now: datetime) -> Over:
    """Put the day of a stop right; whose membership that stop ended follows. Raises what `agreements.correct_stop` does.

    Whoever has left by himself keeps his own end, unless the new one comes first. IntegrityError when somebody has
    been taken over by another agreement in the months that would come back.
    """
    with transaction.atomic():
        held = agreements.correct_stop(agreement_id=agreement_id, on=on, reason=reason, by=by, now=now)
        return _over(held, by=by, now=now)


def last_month(until: date) -> Month:
    """The last contribution month of an agreement with this half-open end: a month it reaches into is whole."""
    return Month.of(date.fromordinal(until.toordinal() - 1))


def members_at_end(*, agreement_id: int, until: date) -> int:
    """How many memberships in the caller's sight would end with the agreement at this half-open end."""
    stays = Q(until__isnull=True) | Q(until__gt=Greatest(F("since"), last_month(until).end()))
    return Membership.objects.filter(stays, agreement_id=agreement_id).count()


def members_paid_until(*, agreement_id: int, until: date) -> int:
    """How many people the agreement would still pay in its last month, and no longer after it."""
    last = last_month(until)
    paid = Q(until__isnull=True) | Q(until__gte=last.end()) | Q(changes__reason=LeaveReason.AGREEMENT_OVER)
    found = Membership.objects.filter(paid, agreement_id=agreement_id, since__lt=last.end())
    return found.distinct().count()


# Who would have begun later never was: the period is left empty, as when a joining is taken back.
_OF_THE_AGREEMENT = """
 m.agreement_id = %(agreement)s AND (m.until IS NULL OR m.until > greatest(m.since, %(until)s))
"""
# Whom an earlier day of the same stop has ended: it is taken back, and whoever still outlives the new day leaves again.
_STOPPED = """
  FROM membership_membership m
  JOIN LATERAL (SELECT * FROM membership_memberchange c WHERE c.membership_id = m.id ORDER BY c.id DESC LIMIT 1) c
    ON c.kind = 'leave' AND c.reason = 'agreement_over'
 WHERE m.agreement_id = %(agreement)s
   AND m.until IS DISTINCT FROM least(c.until_before, greatest(m.since, %(until)s))
"""
_TAKEN_BACK = f"""
INSERT INTO membership_memberchange
       (membership_id, sponsor_id, kind, month, reason, until_before, until_after, undoes_id, by_id, at, event_id)
SELECT m.id, m.sponsor_id, 'undo', c.month, '', m.until, c.until_before, c.id, %(by)s, %(at)s, %(event)s {_STOPPED}
"""
_LEAVING_AGAIN = """
INSERT INTO membership_memberchange
       (membership_id, sponsor_id, kind, month, reason, until_before, until_after, by_id, at, event_id)
SELECT m.id, m.sponsor_id, 'leave', date_trunc('month', greatest(m.since, %(last)s))::date, %(reason)s, u.until_after,
       greatest(m.since, %(until)s), %(by)s, %(at)s, %(event)s
  FROM membership_memberchange u JOIN membership_membership m ON m.id = u.membership_id
 WHERE m.agreement_id = %(agreement)s AND u.event_id = %(event)s AND u.kind = 'undo'
   AND (u.until_after IS NULL OR u.until_after > greatest(m.since, %(until)s))
"""
_FOLLOWING = """
UPDATE membership_membership m SET until = n.until_after
  FROM (SELECT DISTINCT ON (c.membership_id) c.membership_id, c.until_after FROM membership_memberchange c
         WHERE c.event_id = %(event)s ORDER BY c.membership_id, c.id DESC) n
 WHERE m.agreement_id = %(agreement)s AND n.membership_id = m.id
"""
_LOCKED = "SELECT FROM membership_membership WHERE agreement_id = %s ORDER BY id FOR UPDATE"
_COUNT = f"""
SELECT count(*) FROM (SELECT m.id {_STOPPED} UNION
                      SELECT m.id FROM membership_membership m WHERE {_OF_THE_AGREEMENT}) followers
"""  # noqa: S608 - put together from constants of this file
_CHANGES = f"""
INSERT INTO membership_memberchange
       (membership_id, sponsor_id, kind, month, reason, until_before, until_after, by_id, at, event_id)
SELECT m.id, m.sponsor_id, 'leave', date_trunc('month', greatest(m.since, %(last)s))::date, %(reason)s, m.until,
       greatest(m.since, %(until)s), %(by)s, %(at)s, %(event)s
  FROM membership_membership m WHERE {_OF_THE_AGREEMENT}
"""  # noqa: S608 - put together from constants of this file
_ENDS = f"""
UPDATE membership_membership m SET until = greatest(m.since, %(until)s) WHERE {_OF_THE_AGREEMENT}
"""  # noqa: S608 - put together from constants of this file


def _over(held: Agreement, *, by: Actor, now: datetime) -> Over:
    """End the memberships with one event; enrolment holds the segments, and finds the agreement over after this.

    They are counted behind their locks: whoever is about to leave by himself has left by then.
    """
    if held.until is None:
        raise ValueError(f"agreement {held.pk} is over without an end")
    list(Segment.objects.select_for_update().filter(agreement=held).order_by("pk"))
    last = last_month(held.until)
    members = _locked_members(held, last, by=by)
    if members:
        event = audit.record(
            "agreement.members_ended",
            by=by,
            subject=f"agreement:{held.pk}",
            sponsor_id=held.sponsor_id,
            detail={"members": members, "month": str(last)},
        )
        _end_members(held, last, event_id=event, by=by, now=now)
    return Over(held, members, last.end())


def _locked_members(held: Agreement, last: Month, *, by: Actor) -> int:
    with system_scope(SystemScope.ENROLLING, actor=by), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE lindung_loader")
        cursor.execute(_LOCKED, [held.pk])
        cursor.execute(_COUNT, {"agreement": held.pk, "until": last.end()})
        (members,) = cursor.fetchone()
        cursor.execute("SET LOCAL ROLE NONE")
    return int(members)


def _end_members(held: Agreement, last: Month, *, event_id: int, by: Actor, now: datetime) -> None:
    values: dict[str, int | str | date | datetime | None] = {
        "agreement": held.pk,
        "last": last.first_day(),
        "until": last.end(),
        "reason": LeaveReason.AGREEMENT_OVER.value,
        "by": by.user_id,
        "at": now,
        "event": event_id,
    }
    with system_scope(SystemScope.ENROLLING, actor=by), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE lindung_loader")
        for statement in (_TAKEN_BACK, _LEAVING_AGAIN, _FOLLOWING):
            cursor.execute(statement, values)
        cursor.execute(_CHANGES, values)
        cursor.execute(_ENDS, values)
        cursor.execute("SET LOCAL ROLE NONE")
