"""Draws the bills of a month for all agreements of a city, one by one; what is refused stays with its reason."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Case, Count, Q, Sum, When

from lindung.access import audit
from lindung.access.models import User
from lindung.access.names import with_users
from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.contributions import billing, own_bills
from lindung.contributions.bill_records import BillRun, BillRunRow, RunState
from lindung.contributions.models import OVER, Bill
from lindung.engine.refusals import Refusal, constraint_of, explained
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.law.values import NoLawForDate
from lindung.partnership.models import Agreement, AgreementKind, AgreementState

TASK = "contributions.draw_run"
PER_PAGE = 50
_BILLED = (AgreementState.ACTIVE, AgreementState.ENDED, AgreementState.TERMINATED)
_SYSTEM = Actor(None, "Lindung")


class NoAgreements(Refusal):
    """No agreement in sight covers the month."""

    code = "bill_run.no_agreements"

    def __init__(self, month: Month) -> None:
        super().__init__(_NONE.filled(month=month.label), field="month")


class NoOwnDrafts(Refusal):
    """Bills of people who pay for themselves are drawn to be paid, never as drafts."""

    code = "bill_run.no_own_drafts"

    def __init__(self) -> None:
        super().__init__(_NO_OWN_DRAFTS)


_NO_OWN_DRAFTS = Text(
    "Tagihan peserta mandiri tidak punya draf. Susun bulan ini sebagai tagihan.",
    "Bills of self-payers have no drafts. Draw this month as bills.",
)
_NONE = Text(
    "Tidak ada kerja sama yang berlaku pada {month}. Periksa bulannya.",
    "No agreement is in force in {month}. Check the month.",
)


class Progress(NamedTuple):
    """How far a run is: agreements in all, waiting, drawn, refused."""

    id: int
    month: Month
    as_draft: bool
    started_by: str
    started_at: datetime
    all: int
    waiting: int
    done: int
    refused: int


class RunLine(NamedTuple):
    """One agreement of a run with its bill, or why there is none; ``own``: each of its people has a bill of his own."""

    agreement_id: int
    code: str
    title: str
    state: str
    bill_id: int | None
    people: int
    total: int
    reason: Text | None
    own: bool


def start(*, month: Month, as_draft: bool, by: Actor, now: datetime, beside: bool = True) -> list[int]:
    """Ask for the bills of a month for every agreement in sight that covers it; the ids of the runs, one for a city.

    Asked again, it goes on with what waits and tries once more what was refused; what is drawn stays. With ``beside``
    the work is handed to the process beside the web, else the caller calls `carry_out`. Raises NoAgreements.
    """
    first = month.first_day()
    with transaction.atomic():
        covering = Agreement.objects.filter(
            Q(until__isnull=True) | Q(until__gt=first), state__in=_BILLED, since__lte=first
        )
        by_city: dict[int, list[int]] = {}
        for sponsor_id, pk in covering.order_by("sponsor_id", "code").values_list("sponsor_id", "pk"):
            by_city.setdefault(sponsor_id, []).append(pk)
        if not by_city:
            raise NoAgreements(month)
        return [
            _started(sponsor_id, ids, month, as_draft=as_draft, by=by, now=now, beside=beside)
            for sponsor_id, ids in by_city.items()
        ]


def _started(
    sponsor_id: int,
    agreement_ids: Sequence[int],
    month: Month,
    *,
    as_draft: bool,
    by: Actor,
    now: datetime,
    beside: bool,
) -> int:
    event = audit.record(
        "bill_run.started",
        by=by,
        subject=f"sponsor:{sponsor_id}",
        sponsor_id=sponsor_id,
        detail={"month": str(month), "agreements": len(agreement_ids), "draft": as_draft},
    )
    asked = {"as_draft": as_draft, "started_by_id": by.person_id, "started_at": now, "event_id": event}
    run, first = BillRun.objects.get_or_create(sponsor_id=sponsor_id, month=month.first_day(), defaults=asked)
    if not first:
        BillRun.objects.filter(pk=run.pk).update(**asked)
    BillRunRow.objects.bulk_create(
        (BillRunRow(run=run, agreement_id=pk, sponsor_id=sponsor_id) for pk in agreement_ids),
        ignore_conflicts=True,
    )
    run.rows.filter(state=RunState.REFUSED).update(
        state=RunState.WAITING, code="", reason_id="", reason_en=""
    )
    if beside:
        # Imported here: the task is made of what stands below.
        from lindung.contributions.tasks import draw_run

        draw_run.configure(lock=f"bill_run:{run.pk}").defer(run_id=run.pk)
    return int(run.pk)


def carry_out(*, run_id: int, today: date) -> None:
    """Draw what waits in a run, in the name of who started it, each agreement in a transaction of its own.

    Safe to be killed and done again, and to be done twice at the same time: a bill and the row that names it are stored
    together, by whoever comes first.
    """
    with system_scope(SystemScope.BILLING, actor=_SYSTEM):
        run = BillRun.objects.get(pk=run_id)
        by = Actor.of(User.objects.get(pk=run.started_by_id))
        waiting = list(
            run.rows.filter(state=RunState.WAITING).order_by("agreement__code").values_list("pk", flat=True)
        )
    for row_id in waiting:
        _carry_out_one(run, row_id, by=by, today=today)


def _carry_out_one(run: BillRun, row_id: int, *, by: Actor, today: date) -> None:
    try:
        with system_scope(SystemScope.BILLING, actor=by):
            row = (
                BillRunRow.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=row_id)
            )
            if row.state != RunState.WAITING:
                return
            if row.agreement.kind == AgreementKind.INDEPENDENT:
                _draw_own(run, row, by=by, today=today)
            else:
                made = billing.drawn(
                    agreement_id=row.agreement_id,
                    month=Month.of(run.month),
                    by=by,
                    today=today,
                    as_draft=run.as_draft,
                )
                row.bill = made.bill
            row.state = RunState.DONE
            row.save(update_fields=["state", "bill", "own_people", "own_total"])
    except Refusal as refusal:
        _refused(row_id, by, refusal.code, refusal.text)
    except NoLawForDate as why:
        _refused(row_id, by, "law.none_for_date", why.text)
    except IntegrityError as error:
        text = explained(error)
        if text is None:  # a rule without words is a fault of the programme: its trace is wanted
            raise
        _refused(row_id, by, f"refused.{constraint_of(error)}", text)


def _draw_own(run: BillRun, row: BillRunRow, *, by: Actor, today: date) -> None:
    """A bill for everybody who pays for himself and has none yet; the row says how many there are and what they ask."""
    if run.as_draft:
        raise NoOwnDrafts
    month = Month.of(run.month)
    own_bills.draw_all_own(agreement_id=row.agreement_id, month=month, by=by, today=today)
    live = Bill.objects.filter(agreement=row.agreement_id, month=run.month).exclude(status__in=OVER)
    found = live.aggregate(people=Count("pk"), total=Sum("total", default=0))
    row.own_people, row.own_total = found["people"], found["total"]


def _refused(row_id: int, by: Actor, code: str, text: Text) -> None:
    with system_scope(SystemScope.BILLING, actor=by):
        BillRunRow.objects.filter(pk=row_id, state=RunState.WAITING).update(
            state=RunState.REFUSED, code=code, reason_id=text.id, reason_en=text.en
        )


def recent() -> list[Progress]:
    """The newest runs in sight, at most one page."""
    newest = _runs().order_by("-month", "-pk")[:PER_PAGE]
    return [_progress(run) for run in with_users(newest, "started_by")]


def progress(run_id: int) -> Progress:
    """How far a run is. Raises BillRun.DoesNotExist out of sight."""
    return _progress(with_users([_runs().get(pk=run_id)], "started_by")[0])


def lines(run_id: int, *, number: int) -> tuple[list[RunLine], int, int]:
    """A page of a run, what was refused first, then what waits; with the number of the page and how many there are."""
    rows = _in_order(run_id)
    pages = max(1, -(-rows.count() // PER_PAGE))
    number = min(max(1, number), pages)
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return [_line(row) for row in shown], number, pages


def all_lines(run_id: int) -> list[RunLine]:
    """Every agreement of a run, in the same order."""
    return [_line(row) for row in _in_order(run_id)]


def _in_order(run_id: int) -> models.QuerySet[BillRunRow]:
    order = Case(When(state=RunState.REFUSED, then=0), When(state=RunState.WAITING, then=1), default=2)
    rows = BillRunRow.objects.filter(run_id=run_id).select_related("agreement", "bill")
    return rows.order_by(order, "agreement__code")


def _runs() -> models.QuerySet[BillRun]:
    counted = {f"rows_{state}": Count("rows", filter=Q(rows__state=state)) for state in RunState.values}
    return BillRun.objects.annotate(rows_all=Count("rows"), **counted)


def _progress(run: BillRun) -> Progress:
    counts = vars(run)
    return Progress(
        id=run.pk,
        month=Month.of(run.month),
        as_draft=run.as_draft,
        started_by=run.started_by.name,
        started_at=run.started_at,
        all=counts["rows_all"],
        waiting=counts["rows_waiting"],
        done=counts["rows_done"],
        refused=counts["rows_refused"],
    )


def _line(row: BillRunRow) -> RunLine:
    return RunLine(
        agreement_id=row.agreement_id,
        code=row.agreement.code,
        title=row.agreement.title,
        state=row.state,
        bill_id=row.bill_id,
        people=row.bill.people if row.bill else row.own_people or 0,
        total=row.bill.total if row.bill else row.own_total or 0,
        reason=row.reason if row.state == RunState.REFUSED else None,
        own=row.own_people is not None,
    )
