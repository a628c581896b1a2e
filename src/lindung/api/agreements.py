"""Agreements over the API."""

from datetime import date

from django.http import HttpRequest
from ninja import Router

from lindung.access.roles import Permission
from lindung.api.cursors import cursor_after, start_of
from lindung.api.endpoint import caller, endpoint
from lindung.api.shapes import Answer, CursorText, Id, Limit
from lindung.law.text import Text
from lindung.partnership import agreement_pages

router = Router(tags=["agreements"])


class SegmentAnswer(Answer):
    """A group of workers and how many it may hold."""

    code: str
    label: str
    occupation: str
    quota: int


class PaperAnswer(Answer):
    """A signed paper: MoU, PKS, SK or addendum."""

    kind: str
    number: str
    signed_on: date
    signed_at: str
    first_party: str
    second_party: str


class BudgetAnswer(Answer):
    """Whole rupiah of one year from one source."""

    year: int
    amount: int
    funding_source: str


class YearAnswer(Answer):
    """A budget year: whether it may be billed, which kinds of paper it lacks, and by when they are needed."""

    year: int
    ready: bool
    needed_by: date | None
    missing: list[str]


class AgreementAnswer(Answer):
    """An agreement between a city and a branch; `since` and `until` are half-open dates.

    `state`: `draft`, `in_review`, `signed`, `active`, `ended`, `terminated`; only an active one takes people in.
    """

    id: int
    code: str
    title: str
    kind: str
    state: str
    sponsor: str
    paying_office: str
    branch: str
    funding_source: str
    payer: str
    programmes: list[str]
    monthly_income: int | None
    arrears_borne_by: str
    since: date
    until: date | None
    segments: list[SegmentAnswer]


class AgreementWhole(Answer):
    """An agreement with its papers and budgets, and its budget years: this one and the next."""

    agreement: AgreementAnswer
    papers: list[PaperAnswer]
    budgets: list[BudgetAnswer]
    years: list[YearAnswer]


class AgreementPage(Answer):
    """Some agreements, and where to go on."""

    items: list[AgreementAnswer]
    next_cursor: str | None


@endpoint(
    router,
    "GET",
    "/agreements",
    permission=Permission.SEE_AGREEMENTS,
    summary=Text("Daftar kerja sama", "Agreements"),
)
def list_agreements(
    request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 50
) -> AgreementPage:
    """The agreements in sight, in the order they were written."""
    after = start_of(cursor, of="agreements")
    found = agreement_pages.agreements_after(after, limit=limit)
    items = [AgreementAnswer.model_validate(each) for each in found.rows]
    return AgreementPage(items=items, next_cursor=cursor_after(found, of="agreements"))


@endpoint(
    router,
    "GET",
    "/agreements/{agreement_id}",
    permission=Permission.SEE_AGREEMENTS,
    summary=Text("Satu kerja sama", "One agreement"),
)
def read_agreement(request: HttpRequest, agreement_id: Id) -> AgreementWhole:
    """One agreement with its papers and budgets, and what this year and the next still lack to be billed."""
    found = agreement_pages.agreement_whole(agreement_id, on=caller(request).standing.on)
    return AgreementWhole.model_validate(found)
