"""Members over the API: never by a number alone; the cover of a day; a full NIK only with a reason."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from lindung.access.roles import Permission
from lindung.api.cursors import cursor_after, start_of
from lindung.api.endpoint import JSON, caller, endpoint
from lindung.api.shapes import (
    LARGEST,
    Answer,
    AskedDay,
    CursorText,
    Id,
    Limit,
    MonthText,
    Order,
    TextAnswer,
    Words,
)
from lindung.claims.answered import answer_on
from lindung.contributions.cover import Known
from lindung.engine import clock
from lindung.law.text import Text
from lindung.membership import member_pages
from lindung.people import revealing

router = Router(tags=["members"])


class MembershipAnswer(Answer):
    """One work of a person under one agreement; `since` and `until` are half-open dates."""

    id: int
    agreement_id: int
    agreement_code: str
    segment: str
    work_kind: str
    work: TextAnswer
    programmes: list[str]
    registered_on: date
    since: date
    until: date | None


class MemberAnswer(Answer):
    """A person; the NIK is masked."""

    id: int
    name: str
    nik_masked: str
    birth_date: date
    sex: str
    kelurahan_code: str
    kelurahan: str
    memberships: list[MembershipAnswer]


class MemberPage(Answer):
    """Some members, and where to go on."""

    items: list[MemberAnswer]
    next_cursor: str | None


class SearchOrder(Order):
    """A NIK together with the date of birth; neither finds anybody alone."""

    nik: Annotated[str, Field(pattern=r"^[0-9]{16}$")]
    birth_date: date


class SearchAnswer(Answer):
    """The person, or null when nobody in sight fits both."""

    member: MemberAnswer | None


class MonthAnswer(Answer):
    """One month of one work, in whole rupiah; the badge says who says so."""

    month: MonthText
    state: str
    paid_on: date | None
    reference: str
    amount: int
    badge: TextAnswer
    recorded_on: date | None
    taken_back_on: date | None


class StationAnswer(Answer):
    """One station of a work in words; `on` is null where it stands for a month."""

    key: str
    text: TextAnswer
    on: date | None
    badge: TextAnswer


class CounterAnswer(Answer):
    """Paid months against what the law asks for; `reached_in` if contributions go on being paid."""

    key: str
    label: TextAnswer
    needed: int
    paid: int
    lacking: int
    reached_in: MonthText | None
    text: TextAnswer
    article: TextAnswer
    notes: list[TextAnswer]


class MissedAnswer(Answer):
    """A month nobody paid, and its contribution in whole rupiah; `owed` while cover goes on."""

    month: MonthText
    cost: int
    owed: bool


class ConsequenceAnswer(Answer):
    """What happens if months stay unpaid, with its article."""

    when: TextAnswer
    programme: str
    text: TextAnswer
    article: TextAnswer
    badge: TextAnswer | None


class WorkAnswer(Answer):
    """The cover of one work under one agreement; months such as 2026-11."""

    state: str
    work_label: TextAnswer
    agreement_code: str
    agreement_title: str
    sponsor: str
    payer: TextAnswer
    arrears_borne_by: TextAnswer
    programmes: list[str]
    registered_on: date
    since: date
    paid_until: MonthText | None
    arrears: int
    at_risk_from: date | None
    lapses_on: date | None
    months: list[MonthAnswer]
    next_steps: list[ConsequenceAnswer]
    stations: list[StationAnswer]
    counters: list[CounterAnswer]
    missed: list[MissedAnswer]


class DeathAnswer(Answer):
    """That the person died, and the determination that says so; `decided_by` is bpjs or here."""

    died_on: date
    programme: str
    number: str
    decided_on: date
    decided_by: str
    badge: TextAnswer
    text: TextAnswer


class ContributionsAnswer(Answer):
    """What the contributions alone would say, with no death known."""

    state: str
    headline: TextAnswer


class KnowledgeAnswer(Answer):
    """What the other knowledge of a past day answers, and every record made after it that makes the difference."""

    known: str
    state: str
    headline: TextAnswer
    reasons: list[TextAnswer]


class CoverAnswer(Answer):
    """Whether a person is covered on a day, by what, until when; payments dated later do not count.

    Where a determination says that the person died, `state` is died and `death` says when and by which determination.
    """

    person_id: int
    name: str
    nik_masked: str
    kelurahan: str
    on: date
    state: str
    headline: TextAnswer
    badge: TextAnswer
    death: DeathAnswer | None
    by_contributions: ContributionsAnswer
    works: list[WorkAnswer]
    known: str
    other_knowledge: KnowledgeAnswer | None


class RevealOrder(Order):
    """Why the full number is needed; the reason stays on the trail."""

    reason: Annotated[Words, Field(min_length=5)]


class RevealAnswer(Answer):
    """The full NIK."""

    member_id: int
    nik: str


@endpoint(
    router,
    "GET",
    "/members",
    permission=Permission.SEE_WORKERS,
    summary=Text("Daftar peserta", "Members"),
)
def list_members(
    request: HttpRequest,
    agreement: Annotated[int, Field(ge=1, le=LARGEST)] | None = None,
    kelurahan: Annotated[str, Field(pattern=r"^[0-9.]{1,13}$")] | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> MemberPage:
    """The members in sight, in the order they were first enrolled; of one agreement or kelurahan when named."""
    filters = (agreement, kelurahan)
    found = member_pages.members_after(
        start_of(cursor, of="members", filters=filters),
        limit=limit,
        agreement_id=agreement,
        kelurahan_code=kelurahan or "",
    )
    items = [MemberAnswer.model_validate(each) for each in found.rows]
    return MemberPage(items=items, next_cursor=cursor_after(found, of="members", filters=filters))


@endpoint(
    router,
    "POST",
    "/members/search",
    permission=Permission.SEE_WORKERS,
    summary=Text("Cari peserta", "Find a member"),
    media=JSON,
)
def search_member(request: HttpRequest, order: SearchOrder) -> SearchAnswer:
    """Find the one member in sight with this NIK and date of birth; every search is on the trail."""
    standing = caller(request).standing
    held = standing.appointment
    found = member_pages.member_sought(
        number=order.nik,
        birth_date=order.birth_date,
        through="api",
        by=standing.actor,
        sponsor_id=held.organisation.sponsor_id if held else None,
    )
    return SearchAnswer(member=None if found is None else MemberAnswer.model_validate(found))


@endpoint(
    router,
    "GET",
    "/members/{member_id}",
    permission=Permission.SEE_WORKERS,
    summary=Text("Satu peserta", "One member"),
)
def read_member(request: HttpRequest, member_id: Id) -> MemberAnswer:
    """One member with every membership in sight."""
    return MemberAnswer.model_validate(member_pages.member_listed(member_id))


@endpoint(
    router,
    "GET",
    "/members/{member_id}/cover",
    permission=Permission.SEE_WORKERS,
    summary=Text("Perlindungan satu peserta", "The cover of a member"),
)
def read_cover(
    request: HttpRequest, member_id: Id, on: AskedDay | None = None, known: Literal["now", "then"] = "now"
) -> CoverAnswer:
    """Whether a member is covered on a day (today when none is named), or died; with the articles and who says so.

    `known` chooses the knowledge of a past day: all that is recorded `now`, or only what was recorded by its end
    (`then`). Where the two differ, `other_knowledge` has the other answer with the reasons.
    """
    today = caller(request).standing.on
    found = answer_on(member_id, on=on or today, known=Known(known), today=today)
    return CoverAnswer.model_validate(found.told())


@endpoint(
    router,
    "POST",
    "/members/{member_id}/reveal",
    permission=Permission.REVEAL_NIK,
    summary=Text("Buka NIK lengkap", "Reveal a full NIK"),
    media=JSON,
)
def reveal_nik(request: HttpRequest, member_id: Id, order: RevealOrder) -> RevealAnswer:
    """The full NIK, with a reason; each look is on the trail, a hundred a day at most."""
    standing = caller(request).standing
    revealed = revealing.reveal(
        person_id=member_id,
        reason=revealing.Reason.OTHER,
        words=order.reason,
        by=standing.actor,
        now=clock.unfixed(),
    )
    return RevealAnswer(member_id=member_id, nik=revealed.nik)
