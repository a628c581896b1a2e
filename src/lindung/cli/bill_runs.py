"""What `bill run` answers: all agreements' bills of a month, and why some could not be drawn."""

from collections.abc import Sequence
from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.cli.acting import acting
from lindung.cli.layout import show_table
from lindung.contributions import runs
from lindung.engine import clock
from lindung.law.money import counted, rupiah
from lindung.law.months import Month
from lindung.law.text import Text


class AgreementDone(NamedTuple):
    """One agreement: drawn with its people and whole rupiah, or refused with the reason."""

    agreement: str
    state: str
    people: int
    total: int
    reason: Text | None


class Done(NamedTuple):
    """A month's run."""

    month: Month
    agreements: tuple[AgreementDone, ...]


def done(*, month: Month, username: str, as_draft: bool, wet: bool) -> Done:
    """Draw the bills as this user, each in a transaction of its own; without `wet` all are taken back. Raises Refused."""
    with acting(username, Permission.DRAW_BILL, command="bill run", wet=wet) as standing:
        started = runs.start(month=month, as_draft=as_draft, by=standing.actor, now=clock.now(), beside=False)
        if not wet:
            _carry_out(started)
            return Done(month, _agreements(started))
    _carry_out(started)
    with acting(username, Permission.DRAW_BILL, command="bill run", wet=False):
        return Done(month, _agreements(started))


def _carry_out(started: Sequence[int]) -> None:
    for run_id in started:
        runs.carry_out(run_id=run_id, today=clock.today())


def _agreements(started: Sequence[int]) -> tuple[AgreementDone, ...]:
    return tuple(
        AgreementDone(line.code, line.state, line.people, line.total, line.reason)
        for run_id in started
        for line in runs.all_lines(run_id)
    )


def show(shown: Done) -> None:
    """Print a run, what was refused first."""
    headings = (
        Text("Kerja sama", "Agreement"),
        Text("Orang", "People"),
        Text("Jumlah", "Total"),
        Text("Hasil", "Result"),
    )
    rows = [
        (each.agreement, counted(each.people), rupiah(each.total), each.reason or _RESULT[each.state])
        for each in shown.agreements
    ]
    show_table(headings, rows, right=(1, 2))


_RESULT = {"done": Text("tersusun", "drawn"), "waiting": Text("menunggu", "waiting")}
