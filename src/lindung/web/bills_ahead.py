"""The pages of months paid at once: choosing them with their prices, drawing them, and the period as one paper."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import advance, superseding
from lindung.contributions.models import BillStatus
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.partnership.models import Agreement
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Faulty, MonthChoice, spoken
from lindung.web.paying import law_of_the_month
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_MONTHS = Text("{n} bulan", "{n} months")
_PERIODS = (
    ("semester", Text("Satu semester (Januari–Juni atau Juli–Desember)", "A semester (January–June or July–December)")),
    ("1", Text("1 bulan", "1 month")),
    *((str(n), _MONTHS.filled(n=n)) for n in (2, 3, 6, 12)),
)  # fmt: skip


class ChooseForm(forms.Form):
    """Which months to look at before they are drawn; sent in the address."""

    kept_from_before = False

    agreement = forms.ChoiceField(label=spoken(Text("Kerja sama", "Agreement")))
    month = MonthChoice(
        label=spoken(Text("Bulan pertama", "First month")),
        help_text=spoken(Text("Bulan dan tahun, misalnya 01-2027.", "Month and year, such as 01-2027.")),
    )
    period = forms.ChoiceField(
        label=spoken(Text("Dibayar sekaligus untuk", "Paid at once for")),
        choices=[(value, spoken(label)) for value, label in _PERIODS],
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="choose_%s", **kwargs)
        agreements = Agreement.objects.order_by("title", "code").values_list("pk", "title", "code")
        self.fields["agreement"].choices = [(str(pk), f"{title} ({code})") for pk, title, code in agreements]  # type: ignore[attr-defined]  # a ChoiceField


class DrawForm(PageForm):
    """The order to draw the months that were looked at."""

    agreement = forms.IntegerField(widget=forms.HiddenInput)
    month = MonthChoice(widget=forms.HiddenInput)
    period = forms.ChoiceField(widget=forms.HiddenInput, choices=[(value, value) for value, _ in _PERIODS])


class FinaliseForm(PageForm):
    """The yes to every draft of an agreement; it holds nothing else."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def ahead(request: HttpRequest) -> HttpResponse:
    """Choose an agreement and months, see the price of each, then draw them together."""
    if request.method == "POST":
        form = filled(request, DrawForm)
        answer = carried_out(request, form, lambda: _drawn(request, form)) if form.is_valid() else None
        return answer or _shown(request, ChooseForm(request.POST), form)
    asked = request.GET if "agreement" in request.GET else None
    return _shown(request, ChooseForm(asked, initial={"month": Month.of(standing_of(request).on)}), None)


def _shown(request: HttpRequest, choose: ChooseForm, sent: DrawForm | None) -> HttpResponse:
    context: dict[str, Any] = {"page": "bills", "choose": choose, "form": sent}
    if choose.is_bound and choose.is_valid():
        context |= _looked_at(request, choose, sent)
    wrong = sent is not None or bool(choose.is_bound and choose.errors)
    return render(request, "web/bill_ahead.html", context, status=422 if wrong else 200)


def _looked_at(request: HttpRequest, choose: ChooseForm, sent: DrawForm | None) -> dict[str, Any]:
    standing, chosen = standing_of(request), choose.cleaned_data
    try:
        with law_of_the_month(), missing_when_not_in_sight():
            period = advance.tried(
                agreement_id=int(chosen["agreement"]),
                first=chosen["month"],
                by=standing.actor,
                today=standing.on,
                **_period(chosen["period"]),
            )
    except Refusal as refusal:
        choose.add_error(refusal.field if refusal.field in choose.fields else None, Faulty(refusal.text))
        return {}
    return {"period": period, "form": sent or DrawForm(initial=chosen)}


def _period(chosen: str) -> dict[str, Any]:
    return {
        "months": advance.SEMESTER if chosen == "semester" else int(chosen),
        "semester": chosen == "semester",
    }


def _drawn(request: HttpRequest, form: DrawForm) -> Done:
    standing, chosen = standing_of(request), form.cleaned_data
    with law_of_the_month():
        drawn = advance.draw_ahead(
            agreement_id=chosen["agreement"],
            first=chosen["month"],
            by=standing.actor,
            today=standing.on,
            as_draft=request.POST.get("how") == "draft",
            **_period(chosen["period"]),
        )
    first, last = Month.of(drawn[0].month), Month.of(drawn[-1].month)
    return Done(
        _DRAWN.filled(first=first.label, last=last.label),
        "web:bill_period",
        (drawn[0].agreement_id, str(first), len(drawn)),
    )


_DRAWN = Text(
    "Tagihan {first} sampai {last} sudah ada. Ini ringkasannya.",
    "The bills of {first} to {last} are there. Here they are together.",
)


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def period(request: HttpRequest, agreement_id: int, first: str, months: int) -> HttpResponse:
    """The months of a period on one paper: what each costs, what is paid, and what is left to pay."""
    return _paper(request, FinaliseForm(), agreement_id, _month(first), months)


@require_http_methods(["POST"])
@never_cache
@require(Permission.DRAW_BILL)
def finalise_all(request: HttpRequest, agreement_id: int, first: str, months: int) -> HttpResponse:
    """Make every draft of the agreement final; one whose members changed is drawn anew in the same step."""
    month = _month(first)

    def act() -> Done:
        with law_of_the_month():
            superseding.finalise_all(
                agreement_id=agreement_id, by=standing_of(request).actor, now=clock.now()
            )
        return Done(_FINAL, "web:bill_period", (agreement_id, str(month), months))

    form = filled(request, FinaliseForm)
    answer = carried_out(request, form, act) if form.is_valid() else None
    return answer or _paper(request, form, agreement_id, month, months)


_FINAL = Text("Semua draf kerja sama ini sudah ditetapkan.", "Every draft of this agreement is final.")


def _paper(
    request: HttpRequest, form: FinaliseForm, agreement_id: int, first: Month, months: int
) -> HttpResponse:
    with missing_when_not_in_sight():
        agreement = Agreement.objects.get(pk=agreement_id)
    found = advance.drawn_between(agreement_id, first, min(max(months, 1), 12))
    if not found.months:
        raise Http404(str(first))
    context = {
        "page": "bills",
        "agreement": agreement,
        "period": found,
        "drafts": [each for each in found.months if each.status == BillStatus.DRAFT],
        "form": form,
    }
    return render(request, "web/bill_period.html", context, status=status_of(form))


def _month(asked: str) -> Month:
    try:
        return Month.parse(asked)
    except ValueError as fault:
        raise Http404(asked) from fault
