"""What `payments import` and `payments match` do and answer."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from django.db.models import Sum

from lindung.access.roles import Permission
from lindung.access.standing import Standing
from lindung.cli.acting import acting, telling
from lindung.cli.layout import show_facts
from lindung.contributions import match_runs, matching, statements
from lindung.contributions.run_records import MatchRun
from lindung.contributions.statement_records import Statement
from lindung.engine import clock
from lindung.formats.statement_table import Told
from lindung.law.money import counted, rupiah
from lindung.law.text import Text


class Came(NamedTuple):
    """What came of a statement: every line of it is in one of the five counts; whole rupiah."""

    statement: int
    format: str
    first_day: date
    last_day: date
    lines: int
    fresh: int
    known: int
    debit: int
    foreign: int
    faulty: int
    total: int


class Matched(NamedTuple):
    """How many exact proposals were accepted, how many had changed, and how many are left."""

    accepted: int
    passed_over: int
    left: int


def told(account: str, decimals: str | None, days: str | None) -> Told:
    """What the options say of the file."""
    return Told(account=account, decimals=decimals or "", days=days or "")


def brought_in(*, name: str, content: bytes, told: Told, city: str, username: str, wet: bool) -> Came:
    """Bring a statement in as this user; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.IMPORT_STATEMENT, command="payments import", wet=wet) as standing:
        came = statements.receive(
            name=name,
            content=content,
            sponsor_id=statements.city_meant(standing.scope.sponsor_ids, city),
            told=told,
            by=standing.actor,
            now=clock.now(),
        )
        return _came(came)


def matched(*, username: str, wet: bool) -> Matched:
    """Accept the exact proposals by a run, step by step until it is done; without `wet` only the first. Raises Refused.

    Broken off, the process beside the web goes on with it.
    """
    with acting(username, Permission.MATCH_MONEY, command="payments match", wet=wet) as standing:
        runs = _begun(standing)
        if not wet:
            for run in runs:
                match_runs.step(run.pk, by=standing.actor, now=clock.now())
            return _matched(runs)
    for run in runs:
        with telling():
            while match_runs.worked(run.pk, steps=1):
                continue
    with acting(username, Permission.MATCH_MONEY, command="payments match", wet=False):
        return _matched(runs)


def _begun(standing: Standing) -> list[MatchRun]:
    """A run of each city of theirs in which something is exact."""
    runs = []
    for sponsor_id in standing.scope.sponsor_ids:
        with suppress(match_runs.NothingExact):
            runs.append(match_runs.begin(sponsor_id=sponsor_id, by=standing.actor, now=clock.now()))
    return runs


def _matched(runs: Sequence[MatchRun]) -> Matched:
    now = MatchRun.objects.filter(pk__in=[run.pk for run in runs])
    done = now.aggregate(accepted=Sum("accepted"), passed_over=Sum("passed_over"))
    return Matched(done["accepted"] or 0, done["passed_over"] or 0, matching.count_exact())


def show(came: Came) -> None:
    """Print what came of a statement."""
    show_facts(
        (
            (Text("Tanggal", "Days"), f"{came.first_day} - {came.last_day}"),
            (Text("Baris", "Lines"), counted(came.lines)),
            (Text("Uang masuk baru", "New money in"), f"{counted(came.fresh)} ({rupiah(came.total)})"),
            (Text("Sudah ada", "In already"), counted(came.known)),
            (Text("Uang keluar", "Money out"), counted(came.debit)),
            (Text("Mata uang asing", "Foreign currency"), counted(came.foreign)),
            (Text("Bermasalah", "Faulty"), counted(came.faulty)),
        )
    )


def show_matched(done: Matched) -> None:
    """Print what was accepted."""
    show_facts(
        (
            (Text("Dicocokkan", "Matched"), counted(done.accepted)),
            (Text("Dilewati", "Passed over"), counted(done.passed_over)),
            (Text("Masih pasti", "Still exact"), counted(done.left)),
        )
    )


def _came(came: Statement) -> Came:
    return Came(
        came.pk, came.format, came.first_day, came.last_day, came.lines_count, came.fresh, came.known,
        came.debit, came.foreign, came.faulty, came.total,
    )  # fmt: skip
