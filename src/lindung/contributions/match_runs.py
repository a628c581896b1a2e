"""Accepts all exact matches of a city as a run: planned at once, done in small steps that survive any interruption."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from lindung.access import audit
from lindung.access.models import User
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.contributions import accepting, matching
from lindung.contributions.payment_refusals import NobodyActs
from lindung.contributions.run_records import MatchRun, MatchRunLine, Outcome
from lindung.contributions.settling_many import Pair, locked_pairs, settle_together
from lindung.contributions.statement_records import LineState, StatementLine
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.text import Text

STEP = 500
"""Lines in a transaction: enough that a statement pays for itself, few enough that nobody waits long for a balance."""
STEPS = 40
"""Steps in a task of the worker: other tasks get their turn between two tasks of a long run."""
AT_ONCE = 200
"""Lines that a person may wait for: a run of no more is done in the request that asks for it."""
TASK = "contributions.accept_exact"


class NothingExact(Refusal):
    """No line waits that names its bill and is worth it."""

    code = "line.nothing_exact"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Tidak ada baris yang pasti. Cocokkan satu per satu di bawah.",
                "No line is exact. Match them one by one below.",
            )
        )


def accept_all(*, sponsor_ids: Iterable[int], by: Actor, now: datetime) -> list[MatchRun]:
    """Begin a run in each of these cities that has exact lines: a short one is done now, a long one by the worker.

    Whoever calls may match money in all of them. Raises NothingExact where no city has any, NobodyActs.
    """
    runs = []
    for sponsor_id in sponsor_ids:
        try:
            run = begin(sponsor_id=sponsor_id, by=by, now=now, at_once=AT_ONCE)
        except NothingExact:
            continue
        while run.lines_count <= AT_ONCE and step(run.pk, by=by, now=now):
            continue
        run.refresh_from_db()
        runs.append(run)
    if not runs:
        raise NothingExact
    return runs


def begin(*, sponsor_id: int, by: Actor, now: datetime, at_once: int = 0) -> MatchRun:
    """Plan a run over every line of the city that is exact now, and hand it to the worker; a run on its way is returned.

    A run of no more than ``at_once`` lines is the caller's to carry out. What is planned is looked at again when its
    turn comes. Who may match money is asked at the door; of a city out of sight no line is found. Raises NothingExact,
    NobodyActs.
    """
    if by.user_id is None:
        raise NobodyActs
    with transaction.atomic():
        _take_turns(sponsor_id)
        before = MatchRun.objects.filter(sponsor_id=sponsor_id, finished_at__isnull=True).first()
        if before is not None:
            return before
        if not StatementLine.objects.filter(sponsor_id=sponsor_id, state=LineState.UNMATCHED).exists():
            raise NothingExact
        event = audit.record(
            "match_run.started",
            by=by,
            subject=f"organisation:{sponsor_id}",
            sponsor_id=sponsor_id,
            detail={"at": now.isoformat()},
        )
        run = MatchRun.objects.create(
            sponsor_id=sponsor_id,
            started_by_id=by.user_id,
            started_at=now,
            lines_count=0,
            event_id=event,
        )
        run.lines_count = matching.plan(run_id=run.pk, sponsor_id=sponsor_id)
        if not run.lines_count:
            raise NothingExact
        run.save(update_fields=["lines_count"])
        if run.lines_count > at_once:
            _defer(run.pk)
    return run


def _take_turns(sponsor_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('match_run'), %s)", [sponsor_id])


def _defer(run_id: int) -> None:
    from lindung.contributions.tasks import accept_exact

    accept_exact.configure(lock=f"match_run:{run_id}").defer(run_id=run_id)


def work_off(run_id: int, *, steps: int = STEPS) -> None:
    """Do some steps of a run, each in a transaction of its own, and hand the rest on; one that is through is left alone."""
    if worked(run_id, steps=steps):
        _defer(run_id)


def worked(run_id: int, *, steps: int) -> bool:
    """Do some steps in the name of who began the run, each in a transaction of its own; whether there is more to do."""
    with system_scope(SystemScope.SETTLING, actor=_SYSTEM):
        user = User.objects.get(pk=MatchRun.objects.values_list("started_by_id", flat=True).get(pk=run_id))
    return all(step(run_id, by=Actor.of(user), now=clock.now()) for _ in range(steps))


_SYSTEM = Actor(None, "Lindung")


def step(run_id: int, *, by: Actor, now: datetime, size: int = STEP) -> bool:
    """Accept the next lines of a run, or finish it; whether there is more to do.

    Lines that one statement can settle are settled together, every other one alone, in a savepoint; what the database or
    the rooms refuse is passed over and stays in the queue of lines that wait for a person.
    """
    with system_scope(SystemScope.SETTLING, actor=by):
        run = MatchRun.objects.select_for_update(of=("self",)).get(pk=run_id)
        if run.finished_at is not None:
            return False
        planned = list(
            MatchRunLine.objects.filter(run=run, outcome=Outcome.WAITING).order_by("line_id")[:size]
        )
        if not planned:
            MatchRun.objects.filter(pk=run_id).update(finished_at=now)
            return False
        accepted = _together(run, planned, by=by, now=now)
        accepted |= _one_by_one([each for each in planned if each.line_id not in accepted], by=by, now=now)
        _note(run, planned, accepted)
    return True


def _together(run: MatchRun, planned: Sequence[MatchRunLine], *, by: Actor, now: datetime) -> set[int]:
    """The lines that were settled by a few statements; none when the database refused one of them."""
    wanted = [
        (each.line_id, each.bill_id)
        for each in planned
        if each.bill_id is not None and each.payment_id is None
    ]
    pairs = _one_a_bill(locked_pairs(wanted, today=now.date()))
    try:
        with transaction.atomic():
            settle_together(pairs, run_id=run.pk, by=by, now=now)
    except IntegrityError:
        return set()
    return {pair.line_id for pair in pairs}


def _one_a_bill(pairs: Sequence[Pair]) -> list[Pair]:
    """The first of each bill: two lines can name it since the plan was made."""
    return list({pair.bill_id: pair for pair in reversed(pairs)}.values())


def _one_by_one(planned: Sequence[MatchRunLine], *, by: Actor, now: datetime) -> set[int]:
    return {each.line_id for each in planned if _alone(each, by=by, now=now)}


def _alone(planned: MatchRunLine, *, by: Actor, now: datetime) -> bool:
    found = matching.Proposal(
        line_id=planned.line_id,
        rank=matching.Rank.EXACT,
        reason="",
        agreement_id=planned.agreement_id,
        membership_id=planned.membership_id,
        bill_ids=() if planned.bill_id is None else (planned.bill_id,),
        payment_id=planned.payment_id,
        asked=0,
    )
    return accepting.tried(lambda: accepting.accept_found(found, by=by, now=now))


def _note(run: MatchRun, planned: Sequence[MatchRunLine], accepted: set[int]) -> None:
    lines = MatchRunLine.objects.filter(run=run, line_id__in=[each.line_id for each in planned])
    lines.filter(line_id__in=accepted).update(outcome=Outcome.ACCEPTED)
    lines.filter(outcome=Outcome.WAITING).update(outcome=Outcome.PASSED)
    MatchRun.objects.filter(pk=run.pk).update(
        accepted=F("accepted") + len(accepted), passed_over=F("passed_over") + len(planned) - len(accepted)
    )


class Progress(NamedTuple):
    """The newest run of a city: how many lines it has, were accepted, were passed over and are left."""

    id: int
    city: str
    started_at: datetime
    lines: int
    accepted: int
    passed_over: int
    on_its_way: bool

    @property
    def done(self) -> int:
        """Lines that were looked at."""
        return self.accepted + self.passed_over

    @property
    def left(self) -> int:
        """Lines that wait for their turn."""
        return self.lines - self.done


def newest() -> list[Progress]:
    """The newest run of each city in sight, by city."""
    latest = MatchRun.objects.order_by("sponsor", "-pk").distinct("sponsor").select_related("sponsor")
    return sorted(map(_progress, latest), key=lambda run: run.city)


def _progress(run: MatchRun) -> Progress:
    return Progress(
        id=run.pk,
        city=run.sponsor.name,
        started_at=run.started_at,
        lines=run.lines_count,
        accepted=run.accepted,
        passed_over=run.passed_over,
        on_its_way=run.finished_at is None,
    )
