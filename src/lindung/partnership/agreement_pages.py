"""The agreements in somebody's sight, a stretch at a time, with their segments; one with its papers and budgets."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from lindung.access.paging import Stretch, following
from lindung.partnership.models import Agreement
from lindung.partnership.readiness import year_readiness


class SegmentListed(NamedTuple):
    """A group of workers and how many it may hold."""

    code: str
    label: str
    occupation: str
    quota: int


class PaperListed(NamedTuple):
    """A signed paper."""

    kind: str
    number: str
    signed_on: date
    signed_at: str
    first_party: str
    second_party: str


class BudgetListed(NamedTuple):
    """Whole rupiah of one year from one source."""

    year: int
    amount: int
    funding_source: str


class AgreementListed(NamedTuple):
    """An agreement as another system reads it; `since` and `until` are half-open dates."""

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
    programmes: tuple[str, ...]
    monthly_income: int | None
    arrears_borne_by: str
    since: date
    until: date | None
    segments: tuple[SegmentListed, ...]


class YearListed(NamedTuple):
    """Whether a budget year may be billed, the kinds of paper it lacks, and by when they are needed."""

    year: int
    ready: bool
    needed_by: date | None
    missing: tuple[str, ...]


class AgreementWhole(NamedTuple):
    """An agreement with the papers that make it, the money set aside for it, and its budget years: this and the next."""

    agreement: AgreementListed
    papers: tuple[PaperListed, ...]
    budgets: tuple[BudgetListed, ...]
    years: tuple[YearListed, ...]


def agreements_after(after: int, *, limit: int) -> Stretch[AgreementListed]:
    """The agreements in sight whose id is larger than `after`, in the order of their ids."""
    found = list(_agreements().filter(pk__gt=after).order_by("pk")[: limit + 1])
    listed = tuple(_listed(each) for each in found[:limit])
    return Stretch(listed, following(found, limit=limit, key=lambda each: each.pk))


def agreement_whole(agreement_id: int, *, on: date) -> AgreementWhole:
    """One agreement as known on the day. Raises Agreement.DoesNotExist when it is not in sight."""
    found = _agreements().prefetch_related("papers", "budgets__funding_source").get(pk=agreement_id)
    papers = sorted(found.papers.all(), key=lambda paper: (paper.signed_on, paper.pk))
    counting = (budget for budget in found.budgets.all() if budget.withdrawn_by_id is None)
    budgets = sorted(counting, key=lambda budget: (budget.year, budget.pk))
    return AgreementWhole(
        agreement=_listed(found),
        papers=tuple(
            PaperListed(
                paper.kind,
                paper.number,
                paper.signed_on,
                paper.signed_at,
                paper.first_party,
                paper.second_party,
            )
            for paper in papers
        ),
        budgets=tuple(BudgetListed(each.year, each.amount, each.funding_source.name) for each in budgets),
        years=tuple(_year(found, year, on) for year in (on.year, on.year + 1)),
    )


def _year(agreement: Agreement, year: int, on: date) -> YearListed:
    known = year_readiness(agreement=agreement, year=year, on=on)
    return YearListed(year, known.ready, known.needed_by, tuple(str(item.kind) for item in known.missing))


def _agreements() -> QuerySet[Agreement]:
    related = Agreement.objects.select_related("sponsor", "paying_office", "branch", "funding_source")
    return related.prefetch_related("segments")


def _listed(agreement: Agreement) -> AgreementListed:
    segments = sorted(agreement.segments.all(), key=lambda segment: segment.pk)
    return AgreementListed(
        id=agreement.pk,
        code=agreement.code,
        title=agreement.title,
        kind=agreement.kind,
        state=agreement.state,
        sponsor=agreement.sponsor.name,
        paying_office=agreement.paying_office.name,
        branch=agreement.branch.name,
        funding_source=agreement.funding_source.name,
        payer=agreement.funding_source.kind,
        programmes=tuple(agreement.programmes),
        monthly_income=agreement.monthly_income,
        arrears_borne_by=agreement.arrears_borne_by,
        since=agreement.since,
        until=agreement.until,
        segments=tuple(
            SegmentListed(each.code, each.label, each.occupation, each.quota) for each in segments
        ),
    )
