"""Computes what a death benefit comes to by the law and our own records, and stores the whole decision."""

from collections.abc import Sequence
from datetime import date

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.claims.models import Estimate, Programme
from lindung.contributions import cover
from lindung.contributions.cover import Cover, CoverState, WorkCover
from lindung.contributions.dues import months_at_risk
from lindung.law import jkm
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.law.terms import Payer, Segment
from lindung.law.values import NoLawForDate
from lindung.membership.models import Membership
from lindung.membership.sponsoring import sponsor_of
from lindung.partnership.models import Agreement

_STANDING = (CoverState.PROTECTED, CoverState.AT_RISK)


def estimate_death(
    *, person_id: int, event_date: date, by: Actor, today: date, sponsor_id: int | None = None
) -> Estimate | None:
    """Our estimate of the death benefit (JKM) for a death on this day, not caused by work; None without one.

    Never a determination. The facts are those of our records: since when the work was enrolled without having
    lapsed, its paid months and arrears (PP 44/2015 Pasal 34, 41, 42; Permenaker 1/2025). The same facts give the same
    estimate again. It is filed with the city `sponsor_id`, without one with the city that sponsors him today. Raises
    Person.DoesNotExist out of sight. None where nobody was enrolled, or before there is law to compute by.
    """
    found = cover.cover_of(person_id, on=event_date)
    try:
        decision = decision_of(found, event_date=event_date)
    except NoLawForDate:
        return None
    if decision is None:
        return None
    city = sponsor_id or sponsor_of(person_id, on=today)
    known = Estimate.objects.filter(
        person_id=person_id,
        sponsor_id=city,
        programme=Programme.JKM,
        event_date=event_date,
        digest=decision.digest(),
    ).first()
    return known or _stored(person_id, city, event_date, decision, by=by, today=today)


def decision_of(found: Cover, *, event_date: date) -> Decision | None:
    """What the law says of a death on this day for whoever had this cover; None without a work with JKM.

    Raises NoLawForDate before there is law.
    """
    works = [work for work in found.works if "jkm" in work.programmes]
    if not works:
        return None
    return jkm.benefit(_facts(found.person_id, works, event_date))


def told(estimate_id: int) -> Decision:
    """A stored estimate as the law's whole decision, step by step. Raises Estimate.DoesNotExist out of sight."""
    return Decision.from_json(Estimate.objects.get(pk=estimate_id).decision)


def _facts(person_id: int, works: Sequence[WorkCover], event_date: date) -> jkm.Facts:
    """Of the work that stands best; the others count as further memberships."""
    work = min(works, key=lambda work: list(CoverState).index(work.state))
    active = sum(other.state in _STANDING for other in works)
    since, months = _entry(work, event_date)
    agreement = _agreement(person_id, work)
    return jkm.Facts(
        segment=_segment(work),
        event_date=event_date,
        member_since=since,
        months_paid=months,
        months_in_arrears=work.arrears,
        memberships=max(1, active),
        has_heirs=True,
        cause=jkm.Cause.NOT_WORK,
        still_active=work.state in _STANDING,
        payer=Payer(agreement.funding_source.kind) if agreement else None,
    )


def _segment(work: WorkCover) -> Segment:
    return Segment.PU if work.wage_earner else Segment.BPU


def _entry(work: WorkCover, event_date: date) -> tuple[date, int]:
    """Since when the person is in without having lapsed in between, and for how many paid months."""
    limit = months_at_risk(work.programmes, on=event_date, segment=_segment(work))
    paid = [cell.month for cell in work.months if cell.state == "paid" and cell.month <= Month.of(event_date)]
    count = 0
    for at in range(len(paid) - 1, -1, -1):
        count += 1
        if at and paid[at - 1].months_until(paid[at]) > limit + 1:
            return max(work.registered_on, paid[at].first_day()), count
    return work.registered_on, count


def _agreement(person_id: int, work: WorkCover) -> Agreement | None:
    held = Membership.objects.filter(person_id=person_id, agreement__code=work.agreement_code)
    first = held.select_related("agreement__funding_source").first()
    return first.agreement if first else None


def _stored(
    person_id: int, sponsor_id: int, event_date: date, decision: Decision, *, by: Actor, today: date
) -> Estimate:
    event = audit.record(
        "benefit.estimated",
        by=by,
        subject=f"person:{person_id}",
        sponsor_id=sponsor_id,
        detail={"programme": "jkm", "event_date": event_date.isoformat(), "digest": decision.digest()},
    )
    return Estimate.objects.create(
        person_id=person_id,
        sponsor_id=sponsor_id,
        programme=Programme.JKM,
        event_date=event_date,
        digest=decision.digest(),
        total=decision.total,
        decision=decision.to_json(),
        computed_on=today,
        event_id=event,
    )
