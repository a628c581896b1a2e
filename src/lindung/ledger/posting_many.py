"""Books many instructions in three statements, each once: a payment run, or the lines of a bank statement."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.law.months import Month
from lindung.ledger.models import Instruction
from lindung.ledger.posting import Line, ReferenceTaken, open_month


class Wish(NamedTuple):
    """One instruction to come: its reference, its balanced lines, its contribution month and its value date."""

    reference: str
    lines: tuple[Line, ...]
    month: Month
    on: date
    sponsor_id: int | None

    @property
    def amount(self) -> int:
        """What it moves, in whole rupiah."""
        return sum(line.amount for line in self.lines if line.amount > 0)


_INSTRUCTIONS = """
INSERT INTO ledger_instruction (kind, reference, amount, sponsor_id, event_id)
SELECT %s, reference, amount, sponsor, %s
  FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS t(reference, amount, sponsor) ORDER BY reference
ON CONFLICT (reference) DO NOTHING RETURNING reference, id
"""
_ENTRIES = """
INSERT INTO ledger_entry (instruction_id, sponsor_id, month, "on")
SELECT instruction, sponsor, month, valued
  FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[]) AS t(instruction, sponsor, month, valued)
 ORDER BY instruction RETURNING instruction_id, id
"""
_POSTINGS = """
INSERT INTO ledger_posting (month, entry_id, line, account_id, sponsor_id, amount)
SELECT month, entry, line, account, sponsor, amount
  FROM unnest(%s::date[], %s::bigint[], %s::smallint[], %s::bigint[], %s::bigint[], %s::bigint[])
       AS t(month, entry, line, account, sponsor, amount)
"""


def post_many(*, kind: str, wishes: Sequence[Wish], event_id: int) -> dict[str, int]:
    """Book each wish whose reference is not booked yet; the new references, each with its instruction's id.

    What is booked already stays as it is, so a run that broke off is simply run again. Call ``open_month`` for every
    month before anything is written, and commit after each call: the balances of all accounts named stay locked until
    then. Raises ReferenceTaken when a reference was used for another amount or kind, and IntegrityError
    when lines do not balance: then nothing is booked at all.
    """
    by_reference = {wish.reference: wish for wish in wishes}
    if len(by_reference) != len(wishes):
        raise ValueError("a reference stands twice among the wishes")
    for month in sorted({wish.month for wish in wishes}):
        open_month(month, "ledger_posting")
    new = _instructions(kind, list(by_reference.values()), event_id)
    _refuse_other_use(kind, [wish for wish in wishes if wish.reference not in new])
    entries = _entries({new[name]: by_reference[name] for name in new})
    _postings([(entries[new[name]], by_reference[name]) for name in new])
    return new


def _instructions(kind: str, wishes: Sequence[Wish], event_id: int) -> dict[str, int]:
    references = [wish.reference for wish in wishes]
    amounts, sponsors = [wish.amount for wish in wishes], [wish.sponsor_id for wish in wishes]
    with connection.cursor() as cursor:
        cursor.execute(_INSTRUCTIONS, [kind, event_id, references, amounts, sponsors])
        return {str(reference): int(pk) for reference, pk in cursor.fetchall()}


def _refuse_other_use(kind: str, known: Sequence[Wish]) -> None:
    amounts = {wish.reference: wish.amount for wish in known}
    found = Instruction.objects.filter(reference__in=amounts).values_list("reference", "kind", "amount")
    for reference, booked_as, amount in found:
        if (booked_as, amount) != (kind, amounts[reference]):
            raise ReferenceTaken(reference)


def _entries(wishes: dict[int, Wish]) -> dict[int, int]:
    sponsors = [wish.sponsor_id for wish in wishes.values()]
    months = [wish.month.first_day() for wish in wishes.values()]
    days = [wish.on for wish in wishes.values()]
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [list(wishes), sponsors, months, days])
        return {int(instruction): int(entry) for instruction, entry in cursor.fetchall()}


def _postings(booked: Sequence[tuple[int, Wish]]) -> None:
    rows = [
        (wish.month.first_day(), entry, number, line.account.pk, wish.sponsor_id, line.amount)
        for entry, wish in booked
        for number, line in enumerate(wish.lines, start=1)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_POSTINGS, [list(column) for column in zip(*rows, strict=True)])
