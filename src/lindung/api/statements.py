"""Bank statements over the API: handing one in, reading the money nobody has claimed, saying whose it is."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import File, Router, UploadedFile
from pydantic import Field

from lindung.access.roles import Permission
from lindung.api.cursors import cursor_after, start_of
from lindung.api.endpoint import JSON, MULTIPART, caller, endpoint
from lindung.api.shapes import Answer, CursorText, Id, Limit, Money, Order, TextAnswer
from lindung.contributions import accepting, statement_pages, statements
from lindung.contributions.statement_pages import Waiting
from lindung.engine import clock
from lindung.formats.statement_table import Told
from lindung.law.text import Text

router = Router(tags=["money"])
CityCode = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")]
AccountText = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9 ./-]*$")]


class StatementAnswer(Answer):
    """A statement: `lines` = `fresh` + `known` + `debit` + `foreign` + `faulty`; `total` is what was booked for it.

    `known` lines came in an earlier file and count once. Whole rupiah.
    """

    id: int
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
    imported_at: datetime


class ProposalAnswer(Answer):
    """What a line may be for: send `key` back to accept it. `rank` 1 is exact, 2 likely, 3 possible."""

    key: str
    rank: int
    reason: TextAnswer
    title: TextAnswer
    bill_ids: list[int]
    asked: int
    difference: int


class BankLineAnswer(Answer):
    """Money that waits: what of it is left, what the bank wrote (numbers of people masked), what it may be for."""

    id: int
    statement_id: int
    number: int
    booked_on: date
    amount: int
    text: str
    proposals: list[ProposalAnswer]


class BankLinePage(Answer):
    """Some waiting lines, and where to go on."""

    items: list[BankLineAnswer]
    next_cursor: str | None


class PartOrder(Order):
    """So many whole rupiah for one bill."""

    bill_id: Id
    amount: Money


class MatchOrder(Order):
    """Either the `key` of a proposal, or `parts` that are the line's money to the rupiah."""

    key: Annotated[str, Field(max_length=1_500)] | None = None
    parts: Annotated[list[PartOrder], Field(max_length=accepting.MOST_PARTS)] = []


class MatchAnswer(Answer):
    """The payments the money became, and how many bills it paid."""

    payment_ids: list[int]
    bills_paid: int


@endpoint(
    router,
    "POST",
    "/statements",
    permission=Permission.IMPORT_STATEMENT,
    summary=Text("Masukkan rekening koran", "Hand a bank statement in"),
    status=201,
    media=MULTIPART,
    keyed=True,
)
def hand_in(
    request: HttpRequest,
    file: File[UploadedFile],
    city: CityCode = "",
    account: AccountText = "",
    decimals: Literal["", ",", "."] = "",
    days: Literal["", "dmy", "mdy"] = "",
) -> StatementAnswer:
    """Hand in MT940, camt.053 (02, 08) or a table; the same bytes for the same city are the same statement.

    `account`, `decimals` and `days` are needed where the file does not say them; nothing is guessed.
    """
    standing = caller(request).standing
    file.seek(0)
    came = statements.receive(
        name=file.name or "",
        content=file.read(),
        sponsor_id=statements.city_meant(standing.scope.sponsor_ids, city),
        told=Told(account=account, decimals=decimals, days=days),
        by=standing.actor,
        now=clock.now(),
    )
    fields = {
        name: getattr(came, name) for name in StatementAnswer.model_fields if name not in ("id", "lines")
    }
    return StatementAnswer(id=came.pk, lines=came.lines_count, **fields)


@endpoint(
    router,
    "GET",
    "/bank-lines",
    permission=Permission.SEE_MONEY,
    summary=Text("Uang yang belum dikenali", "Money nobody has claimed"),
)
def list_waiting(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 50) -> BankLinePage:
    """The lines that wait, in the order they came, each with its proposals."""
    found = statement_pages.unmatched_after(start_of(cursor, of="bank_lines"), limit=limit)
    return BankLinePage(
        items=[_line(each) for each in found.rows], next_cursor=cursor_after(found, of="bank_lines")
    )


@endpoint(
    router,
    "POST",
    "/bank-lines/{line_id}/match",
    permission=Permission.MATCH_MONEY,
    summary=Text("Cocokkan uang", "Say whose money it is"),
    media=JSON,
    keyed=True,
)
def match(request: HttpRequest, line_id: Id, order: MatchOrder) -> MatchAnswer:
    """Accept a proposal, or give the line's money to bills; a line that is matched is matched once."""
    done = accepting.matched_by(
        line_id=line_id,
        key=statement_pages.read_key(order.key) if order.key else None,
        bills=[(part.bill_id, part.amount) for part in order.parts],
        by=caller(request).standing.actor,
        now=clock.now(),
    )
    return MatchAnswer(payment_ids=list(done.payment_ids), bills_paid=done.bills_paid)


def _line(each: Waiting) -> BankLineAnswer:
    line = each.line
    return BankLineAnswer(
        id=line.id,
        statement_id=line.statement_id,
        number=line.number,
        booked_on=line.booked_on,
        amount=each.left,
        text=line.text,
        proposals=[ProposalAnswer.model_validate(target) for target in each.targets],
    )
