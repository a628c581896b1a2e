"""The pages that settle what a bill says: making a draft final, and drawing an unpaid bill anew in its place."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import bills, branch_word, drafts, superseding
from lindung.contributions.models import Bill, BillStatus
from lindung.engine import clock
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import spoken
from lindung.web.paying import law_of_the_month
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_OPEN = (BillStatus.DRAFT, BillStatus.FINAL)


class FinaliseForm(PageForm):
    """The yes to a draft; it holds nothing else."""


class SupersedeForm(PageForm):
    """What takes the place of the bill."""

    choice = forms.ChoiceField(
        label=spoken(Text("Apa penggantinya?", "What takes its place?")),
        choices=[
            (
                "draft",
                spoken(
                    Text(
                        "Draf bulan ini, supaya orang bisa masuk atau keluar dulu",
                        "A draft of this month, so that people may join or leave first",
                    )
                ),
            ),
            (
                "drafts",
                spoken(
                    Text(
                        "Draf bulan ini dan semua bulan sesudahnya yang belum dibayar",
                        "Drafts of this month and of every later one that is unpaid",
                    )
                ),
            ),
            (
                "final",
                spoken(
                    Text(
                        "Tagihan baru sekarang juga, menurut peserta dan upah hari ini",
                        "A new bill at once, by the members and wages of today",
                    )
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def finalise(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Make a draft the bill of its month."""
    with missing_when_not_in_sight():
        bill = bills.row_of(bill_id, on=standing_of(request).on)
    if bill.status != BillStatus.DRAFT and request.method != "POST":
        return redirect("web:bill", bill_id)
    form = filled(request, FinaliseForm)
    return _answered(request, form, bill, "web/bill_finalise.html", lambda: _finalised(request, bill))


def _finalised(request: HttpRequest, bill: bills.BillRow) -> Done:
    with law_of_the_month():
        drafts.finalise(bill_id=bill.id, by=standing_of(request).actor, now=clock.now())
    return Done(_FINAL.filled(month=bill.month.label), "web:bill", (bill.id,))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def supersede(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Draw an unpaid bill, or a draft, anew in its place."""
    with missing_when_not_in_sight():
        bill = bills.row_of(bill_id, on=standing_of(request).on)
    if bill.status not in _OPEN and request.method != "POST":
        return redirect("web:bill", bill_id)
    form = filled(request, SupersedeForm)
    return _answered(request, form, bill, "web/bill_supersede.html", lambda: _superseded(request, form, bill))


def _superseded(request: HttpRequest, form: SupersedeForm, bill: bills.BillRow) -> Done:
    by, now, choice = standing_of(request).actor, clock.now(), form.cleaned_data["choice"]
    with law_of_the_month():
        if choice == "drafts":
            superseding.reopen_from(agreement_id=bill.agreement_id, first=bill.month, by=by, now=now)
        new = superseding.supersede(bill_id=bill.id, as_draft=choice != "final", by=by, now=now)
    return Done(_NEW[choice].filled(month=bill.month.label), "web:bill", (new.pk,))


_FINAL = Text(
    "Tagihan {month} sudah ditetapkan. Sekarang bisa dibayar.",
    "The bill of {month} is final. It can be paid now.",
)
_NEW = {
    "draft": Text(
        "Tagihan {month} menjadi draf lagi. Ubah pesertanya, lalu tetapkan.",
        "The bill of {month} is a draft again. Change its members, then make it final.",
    ),
    "drafts": Text(
        "Tagihan mulai {month} menjadi draf lagi. Ubah pesertanya, lalu tetapkan.",
        "The bills from {month} on are drafts again. Change their members, then make them final.",
    ),
    "final": Text(
        "Tagihan {month} yang baru menggantikan yang lama.",
        "The new bill of {month} has taken the place of the old one.",
    ),
}


def _answered(
    request: HttpRequest, form: PageForm, bill: bills.BillRow, template: str, act: Callable[[], Done]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, act)
        if answer is not None:
            return answer
    stored = Bill.objects.select_related("agreement__funding_source").get(pk=bill.id)
    context: dict[str, Any] = {
        "page": "bills",
        "form": form,
        "bill": bill,
        "changed": drafts.what_changed(stored) if bill.status in _OPEN else None,
        "codes": branch_word.codes_of(stored),
    }
    return render(request, template, context, status=status_of(form))
