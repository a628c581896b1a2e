"""What `payments import` and `payments match` do and answer."""

from datetime import date
from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.cli.acting import acting
from lindung.cli.layout import show_facts
from lindung.contributions import accepting, matching, statements
from lindung.contributions.statement_records import Statement
from lindung.engine import clock
from lindung.formats.statement_table import Told
from lindung.law.money import counted, rupiah
from lindung.law.text import Text

AT_ONCE = 500
"""How many proposals are accepted in one transaction."""


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
    """Accept the exact proposals, a transaction for each few hundred; without `wet` only the first. Raises Refused."""
    accepted = passed_over = after = 0
    while True:
        with acting(username, Permission.MATCH_MONEY, command="payments match", wet=wet) as standing:
            batch = accepting.accept_exact(by=standing.actor, now=clock.now(), limit=AT_ONCE, after=after)
            accepted, passed_over, after = (
                accepted + batch.accepted,
                passed_over + batch.passed_over,
                batch.last,
            )
            left = matching.count_exact() if not after else 0
        if not after or not wet:
            return Matched(accepted, passed_over, left)


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
