"""What `branch code-list` and `branch by-name` do and answer: a bill beside the branch's own list of names."""

from datetime import date
from typing import NamedTuple

import click

from lindung.access.roles import Permission
from lindung.access.standing import Standing
from lindung.cli.acting import acting, agreement_of
from lindung.cli.bills import bill_of
from lindung.cli.layout import show_facts, show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say
from lindung.contributions import by_name, code_list_import
from lindung.contributions.by_name import KINDS, NEXT, NameRow
from lindung.engine import clock
from lindung.formats.unreadable import Unreadable
from lindung.law.money import counted, rupiah
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import problems

MOST_SHOWN = 1_000


class ListTold(NamedTuple):
    """A list that holds, and what looks wrong with it."""

    code: str
    said_on: date
    lines: int
    people: int
    amount: int
    doubts: tuple[Text, ...]


class Compared(NamedTuple):
    """How a bill and the branch's lists agree; `names` are those that differ, by kind, at most a thousand of each."""

    agreement: str
    month: Month
    counts: dict[str, int]
    missing: tuple[str, ...]
    lists: tuple[ListTold, ...]
    names: dict[str, tuple[NameRow, ...]]


def brought_in(
    *,
    name: str,
    content: bytes,
    code: str,
    month: Month,
    said_on: date,
    payment_code: str,
    username: str,
    wet: bool,
) -> Compared:
    """Bring the list in as this user, and compare; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.IMPORT_BRANCH_WORD, command="branch code-list", wet=wet) as standing:
        bill_id = bill_of(agreement_of(code), month).pk
        try:
            code_list_import.receive(
                bill_id=bill_id,
                name=name,
                content=content,
                code=payment_code,
                said_on=said_on,
                by=standing.actor,
                now=clock.now(),
            )
        except Unreadable as why:
            raise Refused(why.code, problems.message(why.code, why.where)) from why
        return _compared(bill_id, standing)


def compared(*, code: str, month: Month, username: str) -> Compared:
    """A bill beside the lists that are in, in this user's sight. Raises Refused."""
    with acting(username, Permission.SEE_DIFFERENCES, command="branch by-name", wet=False) as standing:
        return _compared(bill_of(agreement_of(code), month).pk, standing)


def show(found: Compared) -> None:
    """Print how both sides agree, and the names that differ."""
    show_facts(
        (
            (Text("Kerja sama", "Agreement"), found.agreement),
            (Text("Bulan", "Month"), found.month.label),
            *((KINDS[kind], counted(count)) for kind, count in found.counts.items()),
        )
    )
    for code in found.missing:
        say(_MISSING.filled(code=code))
    for each in found.lists:
        for doubt in each.doubts:
            say(doubt)
    for kind, rows in found.names.items():
        click.echo("")
        say(NEXT[kind])
        show_table(_HEADINGS, [_line(row) for row in rows], right=(2, 3), indent="  ")


def _compared(bill_id: int, standing: Standing) -> Compared:
    shown = by_name.of_bill(bill_id, on=standing.on)
    names = {
        kind: by_name.names(shown, on=standing.on, kind=kind, number=1, most=MOST_SHOWN).rows
        for kind, count in shown.counts.items()
        if count and kind != "equal" and standing.may(Permission.SEE_WORKERS)
    }
    lists = tuple(
        ListTold(each.code, each.said_on, each.lines, each.people, each.amount, each.doubts)
        for each in shown.lists
    )
    return Compared(shown.bill.code, shown.bill.month, dict(shown.counts), shown.missing, lists, names)


def _line(row: NameRow) -> tuple[str | Text, ...]:
    return (
        row.name or "–",
        row.nik_masked or "–",
        "–" if row.ours is None else rupiah(row.ours),
        "–" if row.theirs is None else rupiah(row.theirs),
        row.reason or (str(row.line) if row.line else "–"),
    )


_HEADINGS = (
    Text("Nama", "Name"),
    Text("NIK", "NIK"),
    Text("Tagihan kita", "Our bill"),
    Text("Daftar BPJS", "BPJS's list"),
    Text("Baris atau alasan", "Line or reason"),
)
_MISSING = Text(
    "Daftar nama di balik kode iuran {code} belum masuk.",
    "The list of names behind the kode iuran {code} is not in yet.",
)
