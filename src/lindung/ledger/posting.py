"""Books one instruction as one balanced entry, once."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.law.months import Month
from lindung.ledger.models import Account, Entry, Instruction


class Line(NamedTuple):
    """One side of an entry: an account and whole rupiah, positive in, negative out."""

    account: Account
    amount: int


class ReferenceTaken(Exception):
    """This reference is booked already with another amount; nothing was booked."""


def post(
    *,
    kind: str,
    reference: str,
    lines: Sequence[Line],
    month: Month,
    on: date,
    sponsor_id: int | None,
    event_id: int,
    reverses: Entry | None = None,
) -> Entry:
    """Book ``lines`` under ``reference`` and return the entry; a second call returns the first entry.

    1. Claim the reference; whoever comes second finds it taken and reads the entry that is there.
    2. Write the entry, then all its postings in one statement: the database refuses a statement that
       leaves an entry unbalanced or not worth its instruction.

    Whoever posts a month's first entry beside others calls ``open_month`` before writing anything. ``month``
    is the contribution month the money belongs to, ``on`` its value date, ``reverses`` the entry this one undoes
    (see ``reversing``). Whoever books several entries calls ``hold`` before the first. Raises ReferenceTaken when
    the reference was used for another amount, and IntegrityError when the lines do not balance.
    """
    amount = sum(line.amount for line in lines if line.amount > 0)
    instruction, is_new = Instruction.objects.get_or_create(
        reference=reference,
        defaults={"kind": kind, "amount": amount, "sponsor_id": sponsor_id, "event_id": event_id},
    )
    if not is_new:
        if (instruction.amount, instruction.kind) != (amount, kind):
            raise ReferenceTaken(reference)
        return instruction.entry
    entry = Entry.objects.create(
        instruction=instruction, sponsor_id=sponsor_id, month=month.first_day(), on=on, reverses=reverses
    )
    _write_lines(entry=entry, lines=lines, month=month)
    return entry


def _write_lines(*, entry: Entry, lines: Sequence[Line], month: Month) -> None:
    open_month(month, "ledger_posting")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_posting (month, entry_id, line, account_id, sponsor_id, amount)"
            " SELECT %s, %s, n, account, %s, amount"
            " FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS t(account, amount, n)",
            [
                month.first_day(),
                entry.pk,
                entry.sponsor_id,
                [line.account.pk for line in lines],
                [line.amount for line in lines],
            ],
        )


def open_month(month: Month, *tables: str) -> None:
    """Make room for a month in tables that are partitioned by month, where there is none yet.

    Call it before the first write of a transaction: making room waits for everybody who is writing, and who
    waits with something already written can be waited for in turn.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lindung_open_month(%s, VARIADIC %s::regclass[])", [month.first_day(), list(tables)]
        )


def account(code: str, *, kind: str, sponsor_id: int | None = None) -> Account:
    """The account of this code, opened when it is used for the first time."""
    found, _ = Account.objects.get_or_create(code=code, defaults={"kind": kind, "sponsor_id": sponsor_id})
    return found


def hold(accounts: Iterable[Account]) -> None:
    """Keep these balances for this transaction, in the order that everybody keeps: nobody waits in a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_hold_balances(%s)", [sorted({each.pk for each in accounts})])


_BALANCE = """
SELECT coalesce(b.amount, (SELECT sum(p.amount) FROM ledger_posting p WHERE p.account_id = a.id), 0)
  FROM ledger_account a LEFT JOIN ledger_balance b ON b.account_id = a.id WHERE a.code = %s
"""


def balance(code: str) -> int:
    """What an account holds in whole rupiah; of a fund, which is everybody's, the part the caller may see."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, [code])
        found = cursor.fetchone()
    return int(found[0]) if found else 0
