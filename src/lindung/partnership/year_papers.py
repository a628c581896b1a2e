"""Records what makes a budget year payable: Perwal, SK and DPA, withdrawn ones, and at whose desk a paper lies."""

from datetime import date, datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.partnership.budget_years import Turn, YearPaperKind
from lindung.partnership.models import Agreement, YearPaper, YearTurn
from lindung.partnership.paper_dates import recorded_on, require_dated_for
from lindung.partnership.papers import File, keep_scan


class NobodyActs(Refusal):
    """A paper is recorded by a user, never by the system."""

    code = "year_paper.nobody_acts"

    def __init__(self) -> None:
        super().__init__(Text("Masuk dulu dengan akun Anda sendiri.", "Sign in with your own account first."))


class WithdrawnAlready(Refusal):
    """A paper is withdrawn once."""

    code = "year_paper.withdrawn"

    def __init__(self) -> None:
        super().__init__(Text("Dokumen ini sudah ditarik.", "This paper has been withdrawn already."))


def record_year_paper(
    *,
    agreement_id: int,
    kind: str,
    year: int,
    number: str,
    signed_on: date,
    by: Actor,
    now: datetime,
    last_year: int | None = None,
    budget_code: str = "",
    file: File | None = None,
) -> YearPaper:
    """Record a Perwal, SK or DPA for a budget year; a Perwal may hold until ``last_year``, which is included.

    Raises SignedLater, SignedTooEarly, and IntegrityError for a number recorded before, a DPA without its budget
    code, an SK for several years.
    """
    require_dated_for(signed_on=signed_on, kind=kind, year=year, on=recorded_on(now))
    user_id = _user(by)
    with transaction.atomic():
        held = Agreement.objects.get(pk=agreement_id)
        event = audit.record(
            "year_paper.recorded",
            by=by,
            subject=f"agreement:{held.pk}",
            sponsor_id=held.sponsor_id,
            detail={"kind": kind, "year": year, "signed_on": signed_on.isoformat()},
        )
        return YearPaper.objects.create(
            agreement=held,
            sponsor_id=held.sponsor_id,
            kind=kind,
            year=year,
            last_year=last_year or year,
            number=number,
            signed_on=signed_on,
            budget_code=budget_code,
            document=file and keep_scan(file, by=by, sponsor_id=held.sponsor_id, now=now),
            recorded_by_id=user_id,
            recorded_at=now,
            event_id=event,
        )


def withdraw_year_paper(*, year_paper_id: int, reason: str, by: Actor, now: datetime) -> YearPaper:
    """Take back a paper that was recorded by mistake: it stays in the story and counts no more.

    Bills drawn on it stay as they are. Raises WithdrawnAlready.
    """
    user_id = _user(by)
    with transaction.atomic():
        held = YearPaper.objects.select_for_update(no_key=True).get(pk=year_paper_id)
        if held.withdrawn_by_id is not None:
            raise WithdrawnAlready
        audit.record(
            "year_paper.withdrawn",
            by=by,
            subject=f"agreement:{held.agreement_id}",
            sponsor_id=held.sponsor_id,
            detail={
                "kind": held.kind,
                "year": held.year,
                "paper": held.pk,
                "reason": audit.without_numbers(reason.strip()),
            },
        )
        held.withdrawn_by_id, held.withdrawn_at, held.withdrawn_because = user_id, now, reason.strip()
        held.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return held


def pass_on(
    *, agreement_id: int, kind: YearPaperKind, year: int, turn: Turn, since: date, by: Actor
) -> YearTurn:
    """Note at whose desk a paper of a year lies from a day on."""
    user_id = _user(by)
    with transaction.atomic():
        held = Agreement.objects.get(pk=agreement_id)
        event = audit.record(
            "year_paper.passed_on",
            by=by,
            subject=f"agreement:{held.pk}",
            sponsor_id=held.sponsor_id,
            detail={"kind": kind.value, "year": year, "turn": turn.value, "since": since.isoformat()},
        )
        return YearTurn.objects.create(
            agreement=held,
            sponsor_id=held.sponsor_id,
            kind=kind,
            year=year,
            turn=turn,
            since=since,
            by_id=user_id,
            event_id=event,
        )


def _user(by: Actor) -> int:
    if by.user_id is None:
        raise NobodyActs
    return by.user_id
