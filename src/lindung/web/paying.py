"""The pages that change a bill: drawing it, recording the order that pays it, confirming that, cancelling it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.contributions import billing, bills, cancelling, foreseeing, payment_pages, payments, trial
from lindung.contributions.cancelling import CancelReason
from lindung.contributions.models import OVER, BillStatus
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.money import rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.law.values import NoLawForDate
from lindung.partnership.models import Agreement, AgreementKind
from lindung.web import money
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, Faulty, MonthChoice, Rupiah, Words, spoken
from lindung.web.language import said
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_AGREEMENT = Text("Kerja sama", "Agreement")
_MONTH = Text("Bulan iuran", "Contribution month")


class ChooseForm(forms.Form):
    """Which bill to look at before it is drawn; sent in the address, so that it can be kept and shown again."""

    kept_from_before = False

    agreement = forms.ChoiceField(label=spoken(_AGREEMENT))
    month = MonthChoice(
        label=spoken(_MONTH),
        help_text=spoken(Text("Bulan dan tahun, misalnya 12-2026.", "Month and year, such as 12-2026.")),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="choose_%s", **kwargs)
        billed = Agreement.objects.exclude(kind=AgreementKind.INDEPENDENT)
        agreements = billed.order_by("title", "code").values_list("pk", "title", "code")
        self.fields["agreement"].choices = [(str(pk), f"{title} ({code})") for pk, title, code in agreements]  # type: ignore[attr-defined]  # a ChoiceField


class DrawForm(PageForm):
    """The order to draw the bill that was looked at."""

    agreement = forms.IntegerField(widget=forms.HiddenInput)
    month = MonthChoice(widget=forms.HiddenInput)


class RecordForm(PageForm):
    """A treasury order as its paper says."""

    order_number = Words(
        max_length=80,
        label=spoken(Text("Nomor SP2D", "Number of the SP2D")),
        help_text=spoken(Text("Persis seperti pada kertasnya.", "Exactly as on the paper.")),
    )
    ordered_on = Day(label=spoken(Text("Tanggal SP2D", "Date of the SP2D")))
    amount = Rupiah(
        label=spoken(Text("Nilai SP2D (rupiah)", "Amount of the SP2D (rupiah)")),
        help_text=spoken(
            Text(
                "Ketik dari kertasnya, jangan dari layar ini. Kurang atau lebih tetap dicatat: sisanya menjadi titipan.",
                "Type it from the paper, not from this screen. Less or more is recorded too: the rest is held.",
            )
        ),
    )

    more_bills = forms.TypedMultipleChoiceField(
        label=spoken(Text("Juga untuk tagihan lain", "For other bills too")),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, bill_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = payment_pages.other_open_bills(bill_id)
        choices = [(bill.id, f"{said(bill.month.label)} ({rupiah(bill.total)})") for bill in others]
        self.fields["more_bills"].choices = choices  # type: ignore[attr-defined]  # a field of choices
        if not choices:
            del self.fields["more_bills"]


class ConfirmForm(PageForm):
    """The second person's yes; it holds nothing else."""


class CancelForm(PageForm):
    """Why a bill is cancelled."""

    reason = forms.ChoiceField(
        label=spoken(Text("Alasan", "Reason")),
        choices=[(reason.value, spoken(reason.text)) for reason in CancelReason],
        widget=forms.RadioSelect,
    )


class NoLaw(Refusal):
    """The law that is stored knows no tariff for the month."""

    code = "law.none_for_date"


@contextmanager
def law_of_the_month() -> Iterator[None]:
    """What the law does not know is the fault of the month that was asked for."""
    try:
        yield
    except NoLawForDate as reason:
        raise NoLaw(reason.text, field="month") from reason


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def draw(request: HttpRequest) -> HttpResponse:
    """Choose an agreement and a month, see what the bill would be and why, then draw it."""
    standing = standing_of(request)
    if request.method == "POST":
        form = filled(request, DrawForm)
        answer = carried_out(request, form, lambda: _drawn(request, form)) if form.is_valid() else None
        return answer or _shown_to_draw(request, ChooseForm(request.POST), form)
    asked = request.GET if "agreement" in request.GET else None
    choose = ChooseForm(asked, initial={"month": Month.of(standing.on)})
    return _shown_to_draw(request, choose, None)


def _shown_to_draw(request: HttpRequest, choose: ChooseForm, sent: DrawForm | None) -> HttpResponse:
    """The page with, once an agreement and a month are chosen, the bill as it would be."""
    context: dict[str, Any] = {"page": "bills", "choose": choose, "form": sent}
    if choose.is_bound and choose.is_valid():
        context |= _looked_at(request, choose, sent)
    wrong = sent is not None or bool(choose.is_bound and choose.errors)
    return render(request, "web/bill_draw.html", context, status=422 if wrong else 200)


def _looked_at(request: HttpRequest, choose: ChooseForm, sent: DrawForm | None) -> dict[str, Any]:
    agreement_id, month = int(choose.cleaned_data["agreement"]), choose.cleaned_data["month"]
    drawn = trial.drawn_bill(agreement_id=agreement_id, month=month)
    if drawn is not None:
        return {"drawn": bills.row_of(drawn, on=standing_of(request).on)}
    standing = standing_of(request)
    try:
        with law_of_the_month(), missing_when_not_in_sight():
            shown = trial.tried(agreement_id=agreement_id, month=month, by=standing.actor, today=standing.on)
    except Refusal as refusal:
        choose.add_error(refusal.field if refusal.field in choose.fields else None, Faulty(refusal.text))
        return {}
    form = sent or DrawForm(initial={"agreement": agreement_id, "month": month})
    return {"shown": shown, "bill": shown.bill, "form": form}


def _drawn(request: HttpRequest, form: DrawForm) -> Done:
    standing = standing_of(request)
    with law_of_the_month():
        made = billing.drawn(
            agreement_id=form.cleaned_data["agreement"],
            month=form.cleaned_data["month"],
            by=standing.actor,
            today=standing.on,
            as_draft=request.POST.get("how") == "draft",
        )
    drawn = _DRAFTED if made.bill.status == BillStatus.DRAFT else _DRAWN
    told = (_THERE if made.was_there else drawn).filled(
        month=form.cleaned_data["month"].label, person=made.by, day=day_label(made.on) if made.on else "–"
    )
    return Done(told, "web:bill", (made.bill.pk,))


_DRAWN = Text("Tagihan {month} sudah disusun.", "The bill of {month} is drawn.")
_DRAFTED = Text(
    "Draf tagihan {month} sudah disusun. Periksa, lalu tetapkan.",
    "The draft of the bill of {month} is drawn. Look at it, then make it final.",
)
_THERE = Text(
    "Tagihan {month} sudah ada: disusun {person} pada {day}. Ini tagihannya.",
    "The bill of {month} was there already: {person} drew it on {day}. Here it is.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_PAYMENT)
def pay(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Record the treasury order that pays a bill; somebody else confirms it."""
    with missing_when_not_in_sight():
        bill = bills.row_of(bill_id, on=standing_of(request).on)
    if bill.status != BillStatus.FINAL and request.method != "POST":
        return redirect("web:bill", bill_id)
    form = filled(request, RecordForm, bill_id=bill_id)
    return _answered(request, form, bill, "web/bill_pay.html", lambda: _recorded(request, form, bill_id))


def _recorded(request: HttpRequest, form: RecordForm, bill_id: int) -> Done:
    payments.record(
        bill_id=bill_id,
        order_number=form.cleaned_data["order_number"],
        ordered_on=form.cleaned_data["ordered_on"],
        amount=form.cleaned_data["amount"],
        more_bills=form.cleaned_data.get("more_bills", ()),
        by=standing_of(request).actor,
        now=clock.now(),
    )
    told = Text(
        "SP2D {order} sudah dicatat. Sekarang orang kedua mengesahkannya.",
        "SP2D {order} is recorded. Now a second person confirms it.",
    )
    return Done(told.filled(order=form.cleaned_data["order_number"]), "web:bill", (bill_id,))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CONFIRM_PAYMENT)
@stepped_up
def confirm(request: HttpRequest, bill_id: int, payment_id: int) -> HttpResponse:
    """Confirm, as the second person, an order that somebody else recorded, with a fresh code."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        bill = bills.row_of(bill_id, on=standing.on)
        payment = bills.waiting_payment(bill_id, payment_id)
    if (payment.confirmed_at or payment.rejected_at) and request.method != "POST":
        return redirect("web:bill", bill_id)
    form = filled(request, ConfirmForm)
    is_recorder = standing.user is not None and standing.user.pk == payment.recorded_by_id
    return _answered(
        request,
        form,
        bill,
        "web/bill_confirm.html",
        lambda: _confirmed(request, bill, payment_id),
        {
            "payment": payment,
            "is_recorder": is_recorder,
            "will": money.will(foreseeing.if_confirmed(payment_id)),
        },
    )


def _confirmed(request: HttpRequest, bill: bills.BillRow, payment_id: int) -> Done:
    made = payments.confirm(
        payment_id=payment_id, bill_id=bill.id, by=standing_of(request).actor, now=clock.now()
    )
    told = _PAID if made is not None else _HELD
    return Done(told.filled(month=bill.month.label), "web:bill", (bill.id,))


_PAID = Text(
    "Tagihan {month} lunas. Bulan itu sudah dibayar untuk setiap orang di dalamnya.",
    "The bill of {month} is paid. The month is paid for everybody in it.",
)
_HELD = Text(
    "Uang disahkan dan menjadi titipan. Tagihan {month} belum lunas dengan uang ini; lihat keadaannya di bawah.",
    "The money is confirmed and held. It did not pay the bill of {month}; see below how that stands.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def cancel(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Cancel a bill that nobody has paid, with a reason."""
    with missing_when_not_in_sight():
        bill = bills.row_of(bill_id, on=standing_of(request).on)
    if bill.status in OVER and request.method != "POST":
        return redirect("web:bill", bill_id)
    form = filled(request, CancelForm)
    return _answered(request, form, bill, "web/bill_cancel.html", lambda: _cancelled(request, form, bill))


def _cancelled(request: HttpRequest, form: CancelForm, bill: bills.BillRow) -> Done:
    cancelling.cancel(
        bill_id=bill.id,
        reason=CancelReason(form.cleaned_data["reason"]),
        by=standing_of(request).actor,
        now=clock.now(),
    )
    told = Text(
        "Tagihan {month} dibatalkan. Susun yang baru bila perlu.",
        "The bill of {month} is cancelled. Draw a new one if it is needed.",
    )
    return Done(told.filled(month=bill.month.label), "web:bill", (bill.id,))


def _answered(
    request: HttpRequest,
    form: PageForm,
    bill: bills.BillRow,
    template: str,
    act: Callable[[], Done],
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Carry a sent form out, or show it, with its faults when there are some."""
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, act)
        if answer is not None:
            return answer
    context = {"page": "bills", "form": form, "bill": bill, **(more or {})}
    return render(request, template, context, status=status_of(form))
