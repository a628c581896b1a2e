"""A bill to take away: as a paper to sign, as the proof that it is paid, and as sheets."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import bill_paper, bill_sheets, paid_paper, semester_paper
from lindung.contributions.bill_paper import Taken
from lindung.contributions.models import Bill
from lindung.contributions.paper_facts import fingerprint, known_of
from lindung.engine import clock
from lindung.law.months import Month
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.language import said

_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def paper(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The bill as a paper for the treasury's file."""
    with missing_when_not_in_sight():
        made = bill_paper.bill_pdf(
            bill_id, on=standing_of(request).on, taken=_taken(request), known=known_of(bill_id)
        )
        return file_answer(made, "tagihan", bill_id, "pdf")


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def proof(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The proof that the bill is paid; missing while it is not."""
    with missing_when_not_in_sight():
        try:
            made = paid_paper.paid_pdf(
                bill_id, on=standing_of(request).on, taken=_taken(request), known=known_of(bill_id)
            )
        except paid_paper.NotPaid as why:
            raise Http404("not paid") from why
        return file_answer(made, "bukti-lunas", bill_id, "pdf")


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def semester(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The bills of the same half-year on one paper."""
    with missing_when_not_in_sight():
        made = semester_paper.semester_pdf(bill_id, taken=_taken(request), fingerprint=fingerprint())
        return file_answer(made, "semester", bill_id, "pdf")


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def annex(request: HttpRequest, bill_id: int, kind: str) -> HttpResponse:
    """The annex of a bill by kelurahan; the workbook holds the names too, for who may see workers."""
    if kind not in ("csv", "xlsx"):
        raise Http404(kind)
    standing = standing_of(request)
    with missing_when_not_in_sight():
        made = (
            bill_sheets.annex_csv(bill_id, on=standing.on, said=said)
            if kind == "csv"
            else bill_sheets.workbook(
                bill_id,
                on=standing.on,
                taken=_taken(request),
                by=standing.actor,
                names=standing.may(Permission.SEE_WORKERS),
                said=said,
            )
        )
        return file_answer(made, "lampiran", bill_id, kind)


def _taken(request: HttpRequest) -> Taken:
    return Taken(standing_of(request).actor.name, clock.now())


def file_answer(made: bytes, what: str, bill_id: int, kind: str) -> HttpResponse:
    """A file of a bill, under a name that says what, of which agreement and month."""
    bill = Bill.objects.select_related("agreement").get(pk=bill_id)
    answer = HttpResponse(made, content_type=_TYPES[kind])
    name = f"{what}-{bill.agreement.code}-{Month.of(bill.month)}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
