"""What `agreement list`, `agreement show` and `agreement step` answer."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

import click

from lindung.access.roles import Permission
from lindung.access.scope import Actor
from lindung.cli.acting import acting, agreement_of
from lindung.cli.layout import show_facts, show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say
from lindung.engine import clock
from lindung.insight import agreements as insight
from lindung.law.money import counted
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.membership import ending
from lindung.partnership import agreements as room
from lindung.partnership import story as stories
from lindung.partnership.models import Agreement, AgreementState
from lindung.partnership.readiness import YearReadiness, year_readiness


class AgreementLine(NamedTuple):
    """One agreement of the list; `missing_*` are papers not recorded (perwal, sk, pks, dpa)."""

    code: str
    title: str
    state: str
    quota: int
    funds_until: Month | None
    missing_this_year: tuple[str, ...]
    missing_next_year: tuple[str, ...]


class MissingPaper(NamedTuple):
    """A paper that a year lacks, whose turn it is, and since when (None: nobody has noted it)."""

    year: int
    kind: str
    turn: str
    since: date | None
    needed_by: date | None


class Told(NamedTuple):
    """One entry of a story."""

    on: date
    what: Text
    by: str


class AgreementTold(NamedTuple):
    """An agreement with its story, oldest first, and what this year and the next lack."""

    code: str
    title: str
    state: str
    story: tuple[Told, ...]
    missing: tuple[MissingPaper, ...]


class StepTaken(NamedTuple):
    """The state before and after a step; `until` is where the agreement ends now, with so many memberships."""

    agreement: str
    step: str
    state_was: str
    state: str
    until: date | None
    members_ended: int = 0


def listed(*, username: str) -> tuple[AgreementLine, ...]:
    """The first page of the agreements in this user's sight. Raises Refused."""
    with acting(username, Permission.SEE_AGREEMENTS, command="agreement list", wet=False) as standing:
        rows = insight.agreements(on=standing.on).rows
        return tuple(
            AgreementLine(
                row.agreement.code,
                row.agreement.title,
                row.state.value,
                row.quota,
                row.money.runway.paid_in_full,
                _kinds(row.this_year),
                _kinds(row.next_year),
            )
            for row in rows
        )


def found(*, code: str, username: str) -> AgreementTold:
    """The story of one agreement. Raises Refused."""
    with acting(username, Permission.SEE_AGREEMENTS, command="agreement show", wet=False) as standing:
        held = agreement_of(code)
        story = stories.story(agreement_id=held.pk)
        lacks = (
            year_readiness(agreement=held, year=year, on=standing.on)
            for year in (standing.on.year, standing.on.year + 1)
        )
        return AgreementTold(
            held.code,
            held.title,
            story.state.value,
            tuple(Told(entry.on, entry.title, entry.by) for entry in reversed(story.entries)),
            tuple(missing for readiness in lacks for missing in _missing(readiness)),
        )


def stepped(*, name: str, code: str, reason: str, on: date | None, username: str, wet: bool) -> StepTaken:
    """Take one step as this user; without `wet` it is taken back. Raises Refused."""
    permission = Permission.APPROVE_AGREEMENT if name in _OF_THE_SECOND else Permission.WRITE_AGREEMENT
    with acting(username, permission, command="agreement step", wet=wet) as standing:
        held = agreement_of(code)
        if name in _ON_A_DAY and on is None:
            raise Refused("agreement.no_day", _NO_DAY)
        was = held.state
        after = _ACTS[name](_Given(held.pk, standing.actor, clock.now(), reason, on))
        if isinstance(after, ending.Over):
            over = after.agreement
            return StepTaken(held.code, name, was, over.state, over.until, after.members)
        return StepTaken(held.code, name, was, after.state, after.until)


class _Given(NamedTuple):
    """What a step was given at the command line."""

    agreement_id: int
    by: Actor
    now: datetime
    reason: str
    on: date | None


_ACTS: dict[str, Callable[[_Given], Agreement | ending.Over]] = {
    "submit": lambda given: room.submit(agreement_id=given.agreement_id, by=given.by, now=given.now),
    "send-back": lambda given: room.send_back(
        agreement_id=given.agreement_id, reason=given.reason, by=given.by, now=given.now
    ),
    "activate": lambda given: room.activate(agreement_id=given.agreement_id, by=given.by, now=given.now),
    "end": lambda given: ending.end(agreement_id=given.agreement_id, by=given.by, now=given.now),
    "terminate": lambda given: ending.terminate(
        agreement_id=given.agreement_id,
        on=given.on or given.now.date(),
        reason=given.reason,
        by=given.by,
        now=given.now,
    ),
}
_ACTS["correct-stop"] = lambda given: ending.correct_stop(
    agreement_id=given.agreement_id,
    on=given.on or given.now.date(),
    reason=given.reason,
    by=given.by,
    now=given.now,
)
_OF_THE_SECOND = ("activate", "send-back", "correct-stop")
_ON_A_DAY = ("terminate", "correct-stop")
_NO_DAY = Text(
    "Sebut mulai kapan tidak berlaku lagi: --on 2026-12-01.",
    "Say from when it is no longer in force: --on 2026-12-01.",
)


def show_list(rows: tuple[AgreementLine, ...]) -> None:
    """Print the list."""
    headings = (
        Text("Kode", "Code"),
        Text("Status", "State"),
        Text("Kuota", "Quota"),
        Text("Dana sampai", "Money until"),
        Text("Kurang tahun ini", "Missing this year"),
        Text("Kurang tahun depan", "Missing next year"),
    )
    show_table(
        headings,
        [
            (
                row.code,
                AgreementState(row.state).said,
                counted(row.quota),
                row.funds_until.label if row.funds_until else "-",
                ", ".join(row.missing_this_year) or "-",
                ", ".join(row.missing_next_year) or "-",
            )
            for row in rows
        ],
        right=(2,),
    )


def show(told: AgreementTold) -> None:
    """Print a story."""
    show_facts(
        (
            (Text("Kerja sama", "Agreement"), f"{told.title} ({told.code})"),
            (Text("Status", "State"), AgreementState(told.state).said),
        )
    )
    for entry in told.story:
        say(Text("{day}  {what}", "{day}  {what}").filled(day=day_label(entry.on), what=entry.what))
    if told.missing:
        click.echo("")
    for lack in told.missing:
        text = Text(
            "{year}: {kind} belum ada, giliran {turn}, paling lambat {day}",
            "{year}: {kind} missing, at {turn}, needed by {day}",
        )
        day = day_label(lack.needed_by) if lack.needed_by else "-"
        say(text.filled(year=lack.year, kind=lack.kind.upper(), turn=lack.turn, day=day))


def show_step(taken: StepTaken) -> None:
    """Print what a step changed."""
    text = Text("{code}: {was} menjadi {now}.", "{code}: {was} becomes {now}.")
    was, now = AgreementState(taken.state_was).said, AgreementState(taken.state).said
    say(text.filled(code=taken.agreement, was=was, now=now))
    if taken.members_ended:
        ended = Text(
            "Kepesertaan {n} orang berakhir bersamanya.", "The memberships of {n} people end with it."
        )
        say(ended.filled(n=counted(taken.members_ended)))


def _missing(readiness: YearReadiness) -> Iterable[MissingPaper]:
    for item in readiness.missing:
        desk = item.turn.value if item.turn else ""
        yield MissingPaper(readiness.year, item.kind.value, desk, item.turn_since, readiness.needed_by)


def _kinds(readiness: YearReadiness) -> tuple[str, ...]:
    return tuple(item.kind.value for item in readiness.missing)
