"""The pages of money: an agreement's purse, one payment, and the steps that hold, confirm, reject or take it back."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.contributions import (
    bills,
    foreseeing,
    payment_pages,
    payments,
    rejecting,
    reversing,
    settling,
    shortfalls,
)
from lindung.contributions.models import BillStatus, PaymentSource
from lindung.engine import clock
from lindung.law.money import counted, rupiah
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, Rupiah, Words, spoken
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_SOURCES = [
    (PaymentSource.SP2D.value, spoken(Text("SP2D", "SP2D"))),
    (PaymentSource.RECEIPT.value, spoken(Text("Bukti setor", "Receipt"))),
]


class SourceForm(PageForm):
    """What a paper about money says."""

    source = forms.ChoiceField(
        label=spoken(Text("Jenis bukti", "Kind of paper")), choices=_SOURCES, initial="sp2d", required=False
    )
    order_number = Words(
        max_length=80,
        label=spoken(Text("Nomor bukti", "Number of the paper")),
        help_text=spoken(Text("Persis seperti pada kertasnya.", "Exactly as on the paper.")),
    )
    ordered_on = Day(label=spoken(Text("Tanggal bukti", "Date of the paper")))
    amount = Rupiah(label=spoken(Text("Nilai (rupiah)", "Amount (rupiah)")))


class ReasonForm(PageForm):
    """Why something is rejected or taken back."""

    reason = Words(
        max_length=300,
        label=spoken(Text("Alasan", "Reason")),
        help_text=spoken(
            Text("Satu kalimat; terbaca oleh pemeriksa.", "One sentence; the auditor will read it.")
        ),
    )


class LetterForm(PageForm):
    """BPJS's letter about what a bill lacks."""

    letter_number = Words(
        max_length=80, label=spoken(Text("Nomor surat BPJS", "Number of the letter of BPJS"))
    )
    told_on = Day(label=spoken(Text("Tanggal surat", "Date of the letter")))


class YesForm(PageForm):
    """A yes; it holds nothing else."""


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def purse(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Show what money came for an agreement, how far each payment is, and what waits for a bill."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        shown = payment_pages.purse_page(agreement_id)
    foreseen = foreseeing.if_settled(agreement_id=agreement_id, membership_id=None) if shown.held else None
    context = {
        "page": "bills",
        "shown": shown,
        "may_record": standing.may(Permission.RECORD_PAYMENT),
        "may_settle": bool(foreseen and foreseen.pays) and standing.may(Permission.CONFIRM_PAYMENT),
    }
    return render(request, "web/purse.html", context)


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Show one payment: its paper, who did what with it, which bills it paid, and what can be done now."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        shown = payment_pages.payment_page(payment_id)
    context = {
        "page": "bills",
        "payment": shown,
        "may_record": standing.may(Permission.RECORD_PAYMENT),
        "may_confirm": standing.may(Permission.CONFIRM_PAYMENT),
        "may_reverse": standing.may(Permission.REVERSE_PAYMENT),
    }
    return render(request, "web/payment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_PAYMENT)
def record(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Record money that came without a bill: confirmed, it pays the oldest open bills, or waits."""
    with missing_when_not_in_sight():
        shown = payment_pages.purse_page(agreement_id)
    form = filled(request, SourceForm)

    def act() -> Done:
        made = payments.record_money(
            agreement_id=agreement_id,
            order_number=form.cleaned_data["order_number"],
            ordered_on=form.cleaned_data["ordered_on"],
            amount=form.cleaned_data["amount"],
            source=PaymentSource(form.cleaned_data["source"] or PaymentSource.SP2D),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_RECORDED.filled(order=made.order_number), "web:payment", (made.pk,))

    step = Step(
        Text("Catat uang yang masuk", "Record money that came"),
        Text(
            "Untuk uang yang tidak menyebut satu tagihan; setelah disahkan ia melunasi tagihan tertua, sisanya menjadi titipan.",
            "For money that names no bill; once confirmed it pays the oldest bills, and the rest is held.",
        ),
        Text("Catat", "Record"),
        back=reverse("web:purse", args=[agreement_id]),
    )
    return _answered(request, form, step, act, {"purse": shown})


_RECORDED = Text(
    "{order} sudah dicatat. Sekarang orang kedua mengesahkannya.",
    "{order} is recorded. Now a second person confirms it.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CONFIRM_PAYMENT)
def settle(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Pay the oldest open bills from the money that waits; it was confirmed by two people when it came."""
    with missing_when_not_in_sight():
        shown = payment_pages.purse_page(agreement_id)
    form = filled(request, YesForm)

    def act() -> Done:
        made = settling.settle(
            agreement_id=agreement_id,
            membership_id=None,
            bill_ids=None,
            by=standing_of(request).actor,
            now=clock.now(),
        )
        n = len({each.bill_id for each in made})
        return Done(_SETTLED.filled(n=counted(n)) if n else _NONE_SETTLED, "web:purse", (agreement_id,))

    step = Step(
        Text("Lunasi dari titipan", "Pay from held money"),
        Text(
            "Titipan melunasi tagihan tertua lebih dulu, dan hanya tagihan yang terbayar penuh.",
            "Held money pays the oldest bill first, and only bills it pays in full.",
        ),
        Text("Ya, lunasi", "Yes, pay"),
        back=reverse("web:purse", args=[agreement_id]),
        will=will(foreseeing.if_settled(agreement_id=agreement_id, membership_id=None)),
    )
    return _answered(request, form, step, act, {"purse": shown})


_SETTLED = Text("{n} tagihan lunas dari titipan.", "{n} bills are paid from held money.")
_NONE_SETTLED = Text(
    "Titipan belum cukup untuk tagihan tertua.", "The held money does not reach for the oldest bill."
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CONFIRM_PAYMENT)
@stepped_up
def confirm(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Confirm, as the second person, money that names no bill, after seeing what it will do."""
    shown = _seen(payment_id)
    if shown.state != "recorded" and request.method != "POST":
        return redirect("web:payment", payment_id)
    form = filled(request, YesForm)

    def act() -> Done:
        payments.confirm(payment_id=payment_id, by=standing_of(request).actor, now=clock.now())
        return Done(_CONFIRMED.filled(order=shown.order), "web:payment", (payment_id,))

    step = Step(
        Text("Sahkan pembayaran", "Confirm the payment"),
        Text(
            "Cocokkan dengan kertasnya; setelah disahkan, uang ini dihitung.",
            "Compare it with the paper; once confirmed, this money counts.",
        ),
        Text("Ya, sahkan", "Yes, confirm"),
        back=reverse("web:payment", args=[payment_id]),
        will=will(foreseeing.if_confirmed(payment_id)),
    )
    return _answered(request, form, step, act, {"payment": shown})


_CONFIRMED = Text(
    "{order} disahkan. Di bawah terlihat apa yang dilunasinya.",
    "{order} is confirmed. Below is what it paid.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.RECORD_PAYMENT)
def reject(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Reject a recorded payment that is wrong, with a reason; it may then be recorded anew."""
    shown = _seen(payment_id)
    if shown.state != "recorded" and request.method != "POST":
        return redirect("web:payment", payment_id)
    form = filled(request, ReasonForm)

    def act() -> Done:
        rejecting.reject(
            payment_id=payment_id,
            reason=form.cleaned_data["reason"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_REJECTED.filled(order=shown.order), "web:payment", (payment_id,))

    step = Step(
        Text("Tolak catatan ini", "Reject this record"),
        Text(
            "Untuk catatan yang salah ketik atau bukan milik kita; nomornya lalu bisa dicatat lagi dengan benar.",
            "For what was mistyped or is not ours; its number can then be recorded again as it should be.",
        ),
        Text("Ya, tolak", "Yes, reject"),
        back=reverse("web:payment", args=[payment_id]),
    )
    return _answered(request, form, step, act, {"payment": shown})


_REJECTED = Text(
    "{order} ditolak. Catat lagi dengan isi yang benar.",
    "{order} is rejected. Record it again as it should be.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.REVERSE_PAYMENT)
def ask_reversal(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Ask to take confirmed money back, with a reason; another person carries it out."""
    shown = _seen(payment_id)
    if shown.state != "confirmed" and request.method != "POST":
        return redirect("web:payment", payment_id)
    form = filled(request, ReasonForm)

    def act() -> Done:
        reversing.ask(
            payment_id=payment_id,
            reason=form.cleaned_data["reason"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_ASKED, "web:payment", (payment_id,))

    step = Step(
        Text("Minta pembalikan", "Ask for a reversal"),
        Text(
            "Untuk uang yang dikembalikan bank atau SP2D yang batal; orang lain yang menjalankan.",
            "For money the bank sent back, or an SP2D that is void; somebody else carries it out.",
        ),
        Text("Minta pembalikan", "Ask for the reversal"),
        back=reverse("web:payment", args=[payment_id]),
        will=_losses(payment_id),
    )
    return _answered(request, form, step, act, {"payment": shown})


_ASKED = Text(
    "Pembalikan diminta. Bendahara lain yang menjalankannya.",
    "The reversal is asked for. Another finance officer carries it out.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.REVERSE_PAYMENT)
@stepped_up
def carry_out(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Carry out, as the second person and with a fresh code, a reversal that somebody else asked for."""
    shown = _seen(payment_id)
    if shown.state != "asked" and request.method != "POST":
        return redirect("web:payment", payment_id)
    form = filled(request, YesForm)

    def act() -> Done:
        reversing.reverse(payment_id=payment_id, by=standing_of(request).actor, now=clock.now())
        return Done(_CARRIED_OUT.filled(order=shown.order), "web:payment", (payment_id,))

    step = Step(
        Text("Jalankan pembalikan", "Carry out the reversal"),
        Text(
            "Tagihan yang dilunasi uang ini terbuka lagi, dan bulannya tidak lagi terbayar.",
            "The bills this money paid are open again, and their months are no longer paid.",
        ),
        Text("Ya, balikkan", "Yes, reverse it"),
        back=reverse("web:payment", args=[payment_id]),
        will=_losses(payment_id),
    )
    return _answered(request, form, step, act, {"payment": shown})


_CARRIED_OUT = Text(
    "{order} dibalik. Tagihannya terbuka lagi; catat uang penggantinya bila sudah masuk.",
    "{order} is reversed. Its bills are open again; record the money that takes its place once it came.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CONFIRM_PAYMENT)
@stepped_up
def shortfall(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Carry what a bill lacks to the next month, by a letter of BPJS (PP 44/2015 Pasal 23)."""
    with missing_when_not_in_sight():
        bill = bills.row_of(bill_id, on=standing_of(request).on)
        money = payment_pages.money_of(bill_id)
    if (bill.status != BillStatus.FINAL or not money.held) and request.method != "POST":
        return redirect("web:bill", bill_id)
    form = filled(request, LetterForm)

    def act() -> Done:
        shortfalls.declare(
            bill_id=bill_id,
            told_on=form.cleaned_data["told_on"],
            letter_number=form.cleaned_data["letter_number"],
            by=standing_of(request).actor,
            now=clock.now(),
        )
        return Done(_CARRIED.filled(month=bill.month.label), "web:bill", (bill_id,))

    step = Step(
        Text("Bawa kekurangan ke bulan berikut", "Carry the shortfall to the next month"),
        Text(
            "Hanya bila BPJS menyatakannya dengan surat (PP 44/2015 Pasal 23); tagihan ini lalu dihitung lunas.",
            "Only when BPJS says so by a letter (PP 44/2015 Pasal 23); this bill then counts as paid.",
        ),
        Text("Ya, bawa kekurangannya", "Yes, carry it over"),
        back=reverse("web:bill", args=[bill_id]),
        will=(_CARRIES.filled(lacks=rupiah(money.lacks), held=rupiah(money.held)),),
    )
    return _answered(request, form, step, act, {"bill": bill})


_CARRIED = Text(
    "Kekurangan tagihan {month} dibawa ke tagihan berikut; tagihan ini lunas.",
    "What the bill of {month} lacks is carried to the next one; this bill is paid.",
)
_CARRIES = Text(
    "Titipan {held} melunasi tagihan ini; kekurangan {lacks} ditagih pada bulan berikut.",
    "The held {held} pays this bill; the {lacks} it lacks is asked for with the next month.",
)


class Step(NamedTuple):
    """What a page of one step says: its title, what it is for, its button, where no leads, and what will happen."""

    title: Text
    purpose: Text
    button: Text
    back: str
    will: tuple[Text, ...] = ()


def will(foreseen: foreseeing.Foreseen) -> tuple[Text, ...]:
    """What will happen, in sentences: each bill that is paid, what lacks, and what is held."""
    said = [
        _PAYS.filled(month=pays.month.label, total=rupiah(pays.total), n=counted(pays.people))
        for pays in foreseen.pays
    ]
    if foreseen.lacking is not None:
        said.append(_LACKS.filled(month=foreseen.lacking.label, lacks=rupiah(foreseen.lacks)))
    if foreseen.held:
        holds = _HOLDS if foreseen.lacking is None else _HOLDS_PART
        said.append(holds.filled(held=rupiah(foreseen.held)))
    return tuple(said)


_PAYS = Text(
    "Melunasi tagihan {month} sebesar {total}: bulan itu terbayar bagi {n} orang.",
    "Pays the bill of {month}, {total}: the month is paid for {n} people.",
)
_LACKS = Text(
    "Tagihan {month} belum lunas: masih kurang {lacks}.",
    "The bill of {month} stays unpaid: it still lacks {lacks}.",
)
_HOLDS = Text(
    "{held} menjadi titipan dan menunggu tagihan berikutnya.",
    "{held} is held and waits for the next bill.",
)
_HOLDS_PART = Text(
    "{held} menjadi titipan sampai kekurangannya masuk.", "{held} is held until what lacks comes in."
)
_LOSES = Text(
    "{n} orang tidak lagi terbayar untuk {month} (tagihan {amount}).",
    "{n} people are no longer paid for {month} (a bill of {amount}).",
)
_NO_LOSS = Text(
    "Tidak ada bulan yang hilang: uang ini masih titipan.", "No month is lost: this money is only held."
)


def _losses(payment_id: int) -> tuple[Text, ...]:
    found = reversing.losses(payment_id)
    said = (
        _LOSES.filled(n=counted(each.people), month=each.month.label, amount=rupiah(each.amount))
        for each in found
    )
    return tuple(said) or (_NO_LOSS,)


def _seen(payment_id: int) -> payment_pages.PaymentSeen:
    with missing_when_not_in_sight():
        return payment_pages.payment_page(payment_id)


def _answered(
    request: HttpRequest, form: PageForm, step: Step, act: Callable[[], Done], about: dict[str, Any]
) -> HttpResponse:
    """Carry a sent form out, or show it, with its faults when there are some."""
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, act)
        if answer is not None:
            return answer
    context = {"page": "bills", "form": form, "step": step, **about}
    return render(request, "web/money_step.html", context, status=status_of(form))
