"""Rosters over the API: handing a list in, reading its rows and their faults, enrolling the ready ones."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import File, Router, UploadedFile
from pydantic import Field

from lindung.access.roles import Permission
from lindung.api.cursors import cursor_after, start_of
from lindung.api.endpoint import JSON, MULTIPART, caller, endpoint
from lindung.api.shapes import LARGEST, Answer, AskedMonth, CursorText, Id, Limit, Order, TextAnswer
from lindung.engine import clock
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import arriving, enrolling, roster_pages

router = Router(tags=["rosters"])
VerdictText = Literal["ready", "to_fix", "refused", "enrolled", "ignored"]
SegmentCode = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")]


class StoppedAnswer(Answer):
    """Why a list could not be judged; `code` is one of the codes of files."""

    code: str
    message: TextAnswer


class RosterAnswer(Answer):
    """A list of people for an agreement; `counts` says how many rows have which verdict, all zero while it waits.

    `status`: `received` (waits to be judged), `judged`, `enrolled`; `unmapped` (an officer has to say on the page which
    column is which), `stopped` (cannot be read, see `stopped`), `cancelled`. `rows_total` is null until it is read.
    """

    id: int
    agreement_id: int
    agreement_code: str
    segment: str
    status: str
    received_at: datetime
    counts: dict[str, int]
    rows_done: int
    rows_total: int | None
    stopped: StoppedAnswer | None


class RosterPage(Answer):
    """Some rosters, and where to go on."""

    items: list[RosterAnswer]
    next_cursor: str | None


class ProblemOfRow(Answer):
    """What is wrong with a row or a cell; `code` is stable."""

    code: str
    kind: str
    message: TextAnswer
    suggestion: TextAnswer | None
    article: str


class CellAnswer(Answer):
    """A cell under its heading, numbers masked; `field` is what it was read as."""

    heading: str
    field: str
    text: str
    problems: list[ProblemOfRow]


class RowAnswer(Answer):
    """A line of the sheet; `member_id` is the person once enrolled."""

    number: int
    verdict: str
    member_id: int | None
    cells: list[CellAnswer]
    problems: list[ProblemOfRow]


class RowPage(Answer):
    """Some rows, and where to go on."""

    items: list[RowAnswer]
    next_cursor: str | None


class EnrolOrder(Order):
    """From which month the people are paid for; without it, the earliest one possible."""

    first_month: AskedMonth | None = None


class EnrolAnswer(Answer):
    """How many people were enrolled now, and how many rows another list had enrolled first."""

    enrolled: int
    lost: int


@endpoint(
    router,
    "GET",
    "/rosters",
    permission=Permission.SEE_ROSTERS,
    summary=Text("Daftar berkas pekerja", "Rosters"),
)
def list_rosters(
    request: HttpRequest,
    agreement: Annotated[int, Field(ge=1, le=LARGEST)] | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> RosterPage:
    """The rosters in sight, in the order they came; of one agreement when named."""
    after = start_of(cursor, of="rosters", filters=(agreement,))
    found = roster_pages.rosters_after(after, limit=limit, agreement_id=agreement)
    items = [RosterAnswer.model_validate(each) for each in found.rows]
    return RosterPage(items=items, next_cursor=cursor_after(found, of="rosters", filters=(agreement,)))


@endpoint(
    router,
    "POST",
    "/agreements/{agreement_id}/rosters",
    permission=Permission.UPLOAD_ROSTER,
    summary=Text("Serahkan berkas pekerja", "Hand a roster in"),
    status=201,
    media=MULTIPART,
    keyed=True,
)
def upload_roster(
    request: HttpRequest,
    agreement_id: Id,
    file: File[UploadedFile],
    segment: SegmentCode = "",
) -> RosterAnswer:
    """Hand in a file (xlsx, xls, ods, csv); the same bytes for the same agreement are the same roster.

    A long list is judged after the answer: ask for the roster until its status is no longer `received`.
    """
    file.seek(0)
    roster_id = arriving.take(
        name=file.name or "",
        content=file.read(),
        agreement_id=agreement_id,
        by=caller(request).standing.actor,
        now=clock.now(),
        segment_code=segment,
        asking=False,
    )
    return RosterAnswer.model_validate(roster_pages.roster_listed(roster_id))


@endpoint(
    router,
    "GET",
    "/rosters/{roster_id}",
    permission=Permission.SEE_ROSTERS,
    summary=Text("Satu berkas pekerja", "One roster"),
)
def read_roster(request: HttpRequest, roster_id: Id) -> RosterAnswer:
    """One roster with the counts of its rows."""
    return RosterAnswer.model_validate(roster_pages.roster_listed(roster_id))


@endpoint(
    router,
    "GET",
    "/rosters/{roster_id}/rows",
    permission=Permission.SEE_ROSTERS,
    summary=Text("Baris berkas pekerja", "The rows of a roster"),
)
def list_rows(
    request: HttpRequest,
    roster_id: Id,
    verdict: VerdictText | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> RowPage:
    """The rows in the order of the sheet, each fault with its code, its sentence and, where known, a suggestion."""
    filters = (roster_id, verdict)
    after = start_of(cursor, of="rows", filters=filters)
    found = roster_pages.rows_after(roster_id, after, limit=limit, verdict=verdict)
    items = [RowAnswer.model_validate(each) for each in found.rows]
    return RowPage(items=items, next_cursor=cursor_after(found, of="rows", filters=filters))


@endpoint(
    router,
    "POST",
    "/rosters/{roster_id}/enrol",
    permission=Permission.ENROL,
    summary=Text("Daftarkan baris yang siap", "Enrol the ready rows"),
    media=JSON,
    keyed=True,
)
def enrol_roster(request: HttpRequest, roster_id: Id, order: EnrolOrder) -> EnrolAnswer:
    """Enrol every ready row, all or none; a second time finds nothing ready and changes nothing."""
    done = enrolling.enrol(
        roster_id=roster_id,
        by=caller(request).standing.actor,
        now=clock.now(),
        first_month=Month.parse(order.first_month) if order.first_month else None,
    )
    return EnrolAnswer.model_validate(done)
