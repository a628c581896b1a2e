"""Bank statements as people read them: the files that came, one file's lines, and the money nobody has claimed yet."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.db.models import Count, Model, QuerySet, Sum

from lindung.access.names import with_users
from lindung.access.paging import Stretch, following
from lindung.contributions import matching
from lindung.contributions.accepting import STATES, Key, left_of
from lindung.contributions.matching import RANKS, REASONS, Proposal
from lindung.contributions.matching_records import LineMatch
from lindung.contributions.models import Bill, Payment
from lindung.contributions.statement_problems import FAULTS
from lindung.contributions.statement_records import LineState, RepeatedLine, Statement, StatementLine
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.partnership.models import Agreement
from lindung.people.models import Person

PER_PAGE = 50
_KEPT = 4
_MOST_COUNTED = 2_000
_ICONS = {
    LineState.UNMATCHED: "wait",
    LineState.MATCHED: "good",
    LineState.SET_ASIDE: "skip",
    LineState.DEBIT: "list",
    LineState.FOREIGN: "note",
    LineState.FAULTY: "fix",
}


class LineShown(NamedTuple):
    """A line as a page shows it: whole rupiah and cents, where it stands and why."""

    id: int
    number: int
    statement_id: int
    booked_on: date
    amount: int
    cents: int
    currency: str
    text: str
    state: str
    label: Text
    icon: str
    why: Text | None


class Repeat(NamedTuple):
    """A line of this file that came before, and with which statement."""

    number: int
    amount: int
    text: str
    statement_id: int
    imported_at: datetime


class Target(NamedTuple):
    """A proposal in words; ``key`` is what a button sends back, ``difference`` is line minus asked, in rupiah."""

    rank: int
    rank_text: Text
    reason: Text
    title: Text
    asked: int
    difference: int
    key: str
    bill_ids: tuple[int, ...]
    payment_id: int | None


class Waiting(NamedTuple):
    """A line that waits, what of it is left, and what it may be for."""

    line: LineShown
    left: int
    targets: tuple[Target, ...]


class StatementList(NamedTuple):
    """One page of statements, newest first."""

    rows: tuple[Statement, ...]
    number: int
    pages: int


class StatementPage(NamedTuple):
    """A statement with one page of its lines, all or those in one state, and the lines that came before."""

    statement: Statement
    account: str
    counts: dict[str, int]
    lines: tuple[LineShown, ...]
    repeats: tuple[Repeat, ...]
    number: int
    pages: int


class Unclaimed(NamedTuple):
    """The bank lines nobody has claimed: how many, and what they hold together in whole rupiah."""

    lines: int
    amount: int


class Queue(NamedTuple):
    """One page of the money nobody has claimed; counts and sum are of everything that waits.

    ``exact`` is None where so many lines wait that counting them would keep the reader waiting.
    """

    rows: tuple[Waiting, ...]
    waiting: int
    amount: int
    exact: int | None
    number: int
    pages: int


def masked_account(number: str) -> str:
    """An account's number for a page: its last four digits."""
    return f"•••{number[-_KEPT:]}"


def listed(*, number: int) -> StatementList:
    """A page of the statements in sight."""
    known = Statement.objects.select_related("document", "sponsor").order_by("-pk")
    rows, number, pages = _paged(known, number)
    for row in rows:
        row.account = masked_account(row.account)
    return StatementList(tuple(with_users(rows, "imported_by")), number, pages)


def page_of(statement_id: int, *, state: str = "", number: int = 1) -> StatementPage:
    """A statement. Raises Statement.DoesNotExist out of sight."""
    statement = Statement.objects.select_related("document", "sponsor").get(pk=statement_id)
    (statement,) = with_users([statement], "imported_by")
    found = StatementLine.objects.filter(statement=statement).defer("sealed", "words").order_by("number")
    counts = dict.fromkeys(LineState.values, 0)
    counts |= dict(found.order_by().values_list("state").annotate(Count("pk")))
    if state == "known":
        return _repeated(statement, counts, number)
    lines, number, pages = _paged(found.filter(state=state) if state else found, number)
    shown = tuple(_shown(line) for line in lines)
    return StatementPage(statement, masked_account(statement.account), counts, shown, (), number, pages)


def _repeated(statement: Statement, counts: dict[str, int], number: int) -> StatementPage:
    known = (
        RepeatedLine.objects.filter(statement=statement).select_related("line__statement").order_by("number")
    )
    rows, number, pages = _paged(known.defer("line__sealed", "line__words"), number)
    repeats = tuple(
        Repeat(
            row.number,
            row.line.amount,
            row.line.masked,
            row.line.statement_id,
            row.line.statement.imported_at,
        )
        for row in rows
    )
    return StatementPage(statement, masked_account(statement.account), counts, (), repeats, number, pages)


def queue(
    *, amount: int | None = None, on: date | None = None, aside: bool = False, number: int = 1
) -> Queue:
    """A page of the lines that wait (or were set aside), the oldest first, each with its proposals."""
    state = LineState.SET_ASIDE if aside else LineState.UNMATCHED
    known = StatementLine.objects.filter(state=state).defer("sealed", "words").order_by("booked_on", "pk")
    summed = known.aggregate(amount=Sum("amount"))["amount"] or 0
    waiting = known.count()
    asked = known if amount is None else known.filter(amount=amount)
    rows, number, pages = _paged(asked if on is None else asked.filter(booked_on=on), number)
    exact = matching.count_exact() if waiting <= _MOST_COUNTED else None
    return Queue(tuple(_waiting(rows)), waiting, summed, exact, number, pages)


def unclaimed() -> Unclaimed:
    """Everything in sight that waits in the queue."""
    known = StatementLine.objects.filter(state=LineState.UNMATCHED)
    found = known.aggregate(lines=Count("pk"), amount=Sum("amount"))
    return Unclaimed(found["lines"], found["amount"] or 0)


def unmatched_after(after: int, *, limit: int) -> Stretch[Waiting]:
    """The waiting lines in the order they came, for machines."""
    known = StatementLine.objects.filter(state=LineState.UNMATCHED, pk__gt=after).defer("sealed", "words")
    rows = list(known.order_by("pk")[: limit + 1])
    return Stretch(tuple(_waiting(rows[:limit])), following(rows, limit=limit, key=lambda row: row.pk))


def line_of(line_id: int) -> Waiting:
    """One line with all its proposals. Raises StatementLine.DoesNotExist out of sight."""
    line = StatementLine.objects.defer("sealed", "words").get(pk=line_id)
    (waiting,) = _waiting([line])
    return waiting._replace(left=left_of(line))


def payments_of(line_id: int) -> list[Payment]:
    """The payments a line became, as they count now."""
    live = LineMatch.objects.filter(line_id=line_id, undone_event__isnull=True).select_related("payment")
    return [match.payment for match in live.order_by("pk")]


_Row = TypeVar("_Row", bound=Model)


def _paged(found: "QuerySet[_Row]", number: int) -> "tuple[list[_Row], int, int]":
    pages = max(1, -(-found.count() // PER_PAGE))
    number = min(max(1, number), pages)
    return list(found[(number - 1) * PER_PAGE : number * PER_PAGE]), number, pages


def _shown(line: StatementLine) -> LineShown:
    state = LineState(line.state)
    why = FAULTS.get(line.reason) or (Text(line.reason, line.reason) if line.reason else None)
    return LineShown(
        id=line.pk,
        number=line.number,
        statement_id=line.statement_id,
        booked_on=line.booked_on,
        amount=line.amount,
        cents=line.cents,
        currency=line.currency,
        text=line.masked,
        state=line.state,
        label=STATES[state],
        icon=_ICONS[state],
        why=why,
    )


def _waiting(lines: Sequence[StatementLine]) -> list[Waiting]:
    found = matching.proposals([line.pk for line in lines])
    titles = _titles([each for proposals in found.values() for each in proposals])
    return [
        Waiting(
            _shown(line), line.amount, tuple(_target(each, line.amount, titles) for each in found[line.pk])
        )
        for line in lines
    ]


class _Titles(NamedTuple):
    """What agreements, members and bills are called."""

    agreements: dict[int, str]
    members: dict[int, str]
    months: dict[int, Month]


def _titles(found: Sequence[Proposal]) -> _Titles:
    """Asked once for a page, whatever its number of proposals."""
    agreements = Agreement.objects.filter(pk__in={each.agreement_id for each in found})
    members = Person.objects.filter(
        memberships__in={each.membership_id for each in found if each.membership_id}
    )
    bills = Bill.objects.filter(pk__in={bill for each in found for bill in each.bill_ids})
    return _Titles(
        dict(agreements.values_list("pk", "title")),
        dict(members.values_list("memberships__pk", "name")),
        {pk: Month.of(month) for pk, month in bills.values_list("pk", "month")},
    )


_BILLS = Text("{months} · {whose}", "{months} · {whose}")
_PURSE = Text("Titipan {whose}", "Held for {whose}")
_ORDER = Text("SP2D yang sudah dicatat · {whose}", "SP2D recorded before · {whose}")


def _target(each: Proposal, amount: int, titles: _Titles) -> Target:
    whose = titles.agreements.get(each.agreement_id, "")
    if each.membership_id is not None:
        whose = titles.members.get(each.membership_id, whose)
    months = [titles.months[bill] for bill in each.bill_ids if bill in titles.months]
    if each.payment_id is not None:
        title = _ORDER.filled(whose=whose)
    elif months:
        title = _BILLS.filled(months=_span(months), whose=whose)
    else:
        title = _PURSE.filled(whose=whose)
    return Target(
        rank=int(each.rank),
        rank_text=RANKS[each.rank],
        reason=REASONS[each.reason],
        title=title,
        asked=each.asked,
        difference=amount - each.asked,
        key=key_of(each),
        bill_ids=each.bill_ids,
        payment_id=each.payment_id,
    )


def _span(months: Sequence[Month]) -> Text:
    first, last = min(months).label, max(months).label
    return first if len(months) == 1 else Text(f"{first.id} – {last.id}", f"{first.en} – {last.en}")


def key_of(each: Proposal) -> str:
    """A proposal as a button sends it: agreement, membership, bills, payment."""
    bills = ",".join(str(bill) for bill in each.bill_ids)
    return f"{each.agreement_id}:{each.membership_id or ''}:{bills}:{each.payment_id or ''}"


def read_key(key: str) -> Key | None:
    """The proposal a button named; None for anything a button does not send."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    agreement, membership, bills, payment = found.groups()
    return Key(
        int(agreement),
        int(membership) if membership else None,
        tuple(int(bill) for bill in bills.split(",") if bill),
        int(payment) if payment else None,
    )


_KEY = re.compile(r"([0-9]{1,12}):([0-9]{0,12}):((?:[0-9]{1,12}(?:,[0-9]{1,12}){0,99})?):([0-9]{0,12})")


def bills_named(codes: Sequence[str]) -> dict[str, Bill]:
    """The bills of these codes (``LND000012``) in sight."""
    numbers = {code: int(code[3:]) for code in codes if _CODE.fullmatch(code)}
    found = Bill.objects.in_bulk(list(numbers.values()))
    return {code: found[number] for code, number in numbers.items() if number in found}


_CODE = re.compile(rf"{matching.PAY_CODE}[0-9]{{6,12}}")
