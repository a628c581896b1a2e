"""The pages of people who pay for themselves: the offer when a sponsor stops, who goes over, their bills and income."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import handing_over, own_bills
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.identity import places
from lindung.insight import offer_notices, own_purses, self_offers
from lindung.law.money import counted, rupiah
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import own_incomes
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement, AgreementKind, AgreementState
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import MonthChoice, Rupiah, spoken
from lindung.web.language import said
from lindung.web.paging import Pager, asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_CHOOSE = ("", spoken(Text("Pilih ...", "Choose ...")))


class Asking:
    """What a page of a form says around its inputs."""

    def __init__(self, heading: Text, purpose: Text, button: Text) -> None:
        self.heading, self.purpose, self.button = heading, purpose, button


def income_field() -> Rupiah:
    """The income somebody declares, which chooses the band."""
    return Rupiah(
        required=False,
        label=spoken(Text("Penghasilan sebulan", "Monthly income")),
        help_text=spoken(
            Text(
                "Rupiah bulat, menurut pengakuan peserta; kosong berarti golongan terendah.",
                "Whole rupiah, as the participant declares; empty means the lowest band.",
            )
        ),
    )


class OverForm(PageForm):
    """Under which agreement somebody goes on, and that he knows of months nobody pays."""

    agreement = forms.ChoiceField(label=spoken(Text("Lewat kerja sama", "Under the agreement")))
    gap_told = forms.BooleanField(
        required=False,
        label=spoken(
            Text(
                "Sudah diberi tahu tentang bulan yang tidak dibayar siapa pun",
                "Has been told of the months that nobody pays",
            )
        ),
    )

    def __init__(self, *args: Any, payer: AgreementKind, but: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Agreement.objects.filter(kind=payer, state=AgreementState.ACTIVE).exclude(pk=but)
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [_CHOOSE, *((each.pk, each.title) for each in found.order_by("title"))]
        if len(field.choices) == 1:
            field.help_text = spoken(_NONE_YET)

    def ask_of_gap(self) -> None:
        """Ask whether the person was told only where months would be lost."""
        if not (self.errors.get("gap_told") or self["gap_told"].value()):
            del self.fields["gap_told"]


class AloneForm(OverForm):
    """The same, and the income the person declares."""

    income = income_field()
    field_order = ("agreement", "income", "gap_told")


class DrawForm(PageForm):
    """The month to draw for everybody."""

    month = MonthChoice(label=spoken(Text("Bulan iuran", "Contribution month")))


class AheadForm(PageForm):
    """From which month on, and how many months at once."""

    first = MonthChoice(label=spoken(Text("Mulai bulan", "From the month")))
    months = forms.TypedChoiceField(
        coerce=int,
        label=spoken(Text("Dibayar sekaligus", "Paid at once")),
        choices=[(n, spoken(Text(f"{n} bulan", f"{n} month{'s' * (n > 1)}"))) for n in own_bills.PERIODS],
    )


class IncomeForm(PageForm):
    """A new income from a month on."""

    since = MonthChoice(label=spoken(Text("Berlaku mulai bulan", "Holds from the month")))
    income = income_field()


@require_safe
@never_cache
@require(Permission.SEE_WORKERS)
def offers(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Who is offered to pay alone, at which price until when; a kelurahan's list prints on its own."""
    standing = standing_of(request)
    code = request.GET.get("kelurahan", "")
    code = code if code in places.PLACES else ""
    whole = bool(code) and request.GET.get("semua") == "1"
    with missing_when_not_in_sight():
        found = self_offers.offers_of(
            agreement_id, on=standing.on, kelurahan=code, number=asked_page(request), whole=whole
        )
    context = {
        "page": "agreements",
        "wide": True,
        "found": found,
        "code": code,
        "whole": whole,
        "place": places.PLACES[code].name if code else "",
        "on": standing.on,
        "pager": Pager.of({"kelurahan": code}, number=found.number, pages=found.pages),
        "may_change": standing.may(Permission.CHANGE_MEMBERS),
        "may_tell": standing.may(Permission.SEND_NOTICES) and found.stops is not None,
    }
    return render(request, "web/self_offers.html", context)


@require_POST
@never_cache
@require(Permission.SEND_NOTICES)
def tell(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Have everybody told who has a telephone; pressed twice, nobody is told twice."""
    try:
        with missing_when_not_in_sight(), transaction.atomic():
            offer_notices.ask(agreement_id=agreement_id, by=standing_of(request).actor, now=clock.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.text))
    else:
        messages.success(request, said(_TOLD))
    return redirect("web:selfpay_offers", agreement_id)


_TOLD = Text(
    "Pemberitahuan sedang disiapkan untuk yang punya nomor dan belum diberi tahu. Lihat hasilnya di Pemberitahuan.",
    "Notices are being made for whoever has a number and was not told yet. See them at Notices.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def accept(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Record that somebody goes on paying alone."""
    member = _member(membership_id, AgreementKind.SPONSORED)
    form = filled(request, AloneForm, payer=AgreementKind.INDEPENDENT, but=member.agreement_id)

    def act() -> Done:
        given = form.cleaned_data
        handed = handing_over.accept(
            membership_id=member.pk,
            agreement_id=int(given["agreement"]),
            income=given["income"],
            gap_told=given.get("gap_told", False),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        said = _ALONE.filled(name=member.person.name, month=handed.start.first.label)
        return Done(said, "web:worker", (member.person_id,))

    start = handing_over.start_alone(member, on=standing_of(request).on)
    return _over(request, form, _ACCEPT, member, act, start=start)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def take_over(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Let the city pay for somebody who paid alone, from the first month that nobody has paid or been billed for."""
    member = _member(membership_id, AgreementKind.INDEPENDENT)
    form = filled(request, OverForm, payer=AgreementKind.SPONSORED, but=member.agreement_id)

    def act() -> Done:
        given = form.cleaned_data
        handed = handing_over.take_over(
            membership_id=member.pk,
            agreement_id=int(given["agreement"]),
            gap_told=given.get("gap_told", False),
            by=standing_of(request).actor,
            now=clock.now(),
        )
        said = _TAKEN.filled(name=member.person.name, month=handed.start.first.label)
        return Done(said, "web:worker", (member.person_id,))

    return _over(request, form, _TAKE_OVER, member, act)


@require_safe
@never_cache
@require(Permission.SEE_BILLS)
def bills(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The bills of a group by month, each month with all its people together."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        group = own_purses.group_of(agreement_id, on=standing.on)
    context = {"page": "bills", "group": group, "may_draw": standing.may(Permission.DRAW_BILL)}
    return render(request, "web/self_bills.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def draw(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Draw a month for everybody of a group who has no bill for it."""
    standing = standing_of(request)
    with missing_when_not_in_sight():
        agreement = Agreement.objects.get(pk=agreement_id, kind=AgreementKind.INDEPENDENT)
    form = filled(request, DrawForm, initial={"month": str(Month.of(standing.on))})

    def act() -> Done:
        month = form.cleaned_data["month"]
        done = own_bills.draw_all_own(
            agreement_id=agreement.pk, month=month, by=standing.actor, today=standing.on
        )
        said = _DRAWN.filled(
            n=counted(done.drawn), month=month.label, total=rupiah(done.total), before=counted(done.before)
        )
        return Done(said, "web:selfpay_bills", (agreement.pk,))

    return _sent(request, form, _DRAW, act, agreement=agreement)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DRAW_BILL)
def ahead(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Draw one person's bills for a month or for several at once."""
    standing = standing_of(request)
    member = _member(membership_id, AgreementKind.INDEPENDENT)
    purse = own_purses.purses_of([member.pk], on=standing.on)[member.pk]
    form = filled(request, AheadForm, initial={"first": str(purse.next_month), "months": 1})

    def act() -> Done:
        given = form.cleaned_data
        drawn = own_bills.draw_own_ahead(
            membership_id=member.pk,
            first=given["first"],
            months=given["months"],
            by=standing.actor,
            today=standing.on,
        )
        said = _OWN_DRAWN.filled(
            n=counted(len(drawn)), name=member.person.name, total=rupiah(sum(bill.total for bill in drawn))
        )
        return Done(said, "web:worker", (member.person_id,))

    return _sent(request, form, _AHEAD, act, member=member, purse=purse)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def income(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Write the income somebody declares from a month on."""
    standing = standing_of(request)
    member = _member(membership_id, AgreementKind.INDEPENDENT)
    purse = own_purses.purses_of([member.pk], on=standing.on)[member.pk]
    form = filled(request, IncomeForm, initial={"since": str(purse.next_month), "income": purse.income})

    def act() -> Done:
        given = form.cleaned_data
        new = own_incomes.change_income(
            membership_id=member.pk,
            since=given["since"],
            monthly=given["income"],
            by=standing.actor,
            now=clock.now(),
        )
        said = _EARNS.filled(name=member.person.name, month=given["since"].label, amount=rupiah(new.monthly))
        return Done(said, "web:worker", (member.person_id,))

    return _sent(request, form, _INCOME, act, member=member, purse=purse)


def _member(membership_id: int, kind: AgreementKind) -> Membership:
    with missing_when_not_in_sight():
        member = Membership.objects.select_related("person", "agreement", "work").get(pk=membership_id)
    if member.agreement.kind != kind:
        raise Http404("no such membership of this kind")
    return member


def _over(
    request: HttpRequest, form: OverForm, asking: Asking, member: Membership, act: Any, **more: object
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, act)
        if answer is not None:
            return answer
    form.ask_of_gap()
    context = {"form": form, "asking": asking, "member": member, **more}
    return render(request, "web/self_form.html", context, status=status_of(form))


def _sent(request: HttpRequest, form: PageForm, asking: Asking, act: Any, **more: object) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, act)
        if answer is not None:
            return answer
    return render(
        request, "web/self_form.html", {"form": form, "asking": asking, **more}, status=status_of(form)
    )


_ACCEPT = Asking(
    Text("Membayar sendiri", "Pay alone"),
    Text(
        "Catat bahwa orang ini mau meneruskan iurannya sendiri, untuk pekerjaan dan program yang sama.",
        "Record that this person wants to go on paying alone, for the same work and programmes.",
    ),
    Text("Catat", "Record"),
)
_TAKE_OVER = Asking(
    Text("Dibayari kota", "Paid by the city"),
    Text(
        "Kota membayar mulai bulan pertama yang belum dibayar dan belum ditagih; sampai saat itu peserta membayar sendiri.",
        "The city pays from the first month that is neither paid nor billed; until then the participant does.",
    ),
    Text("Catat", "Record"),
)
_DRAW = Asking(
    Text("Susun tagihan mandiri", "Draw own bills"),
    Text(
        "Satu tagihan untuk tiap peserta yang belum punya tagihan bulan itu, menurut penghasilan dan pekerjaannya.",
        "One bill for each member who has none for the month, by income and work.",
    ),
    Text("Susun", "Draw"),
)
_AHEAD = Asking(
    Text("Tagihan satu orang", "Bills of one person"),
    Text(
        "Susun tagihan satu bulan, atau beberapa bulan sekaligus bila peserta membayar di muka.",
        "Draw one month, or several at once where the participant pays ahead.",
    ),
    Text("Susun", "Draw"),
)
_INCOME = Asking(
    Text("Penghasilan", "Income"),
    Text(
        "Penghasilan yang diakui peserta menentukan golongan iurannya, mulai bulan yang belum ditagih.",
        "The income that a participant declares decides the band, from a month that is not billed yet.",
    ),
    Text("Simpan", "Save"),
)
_NONE_YET = Text(
    "Belum ada kerja sama seperti itu yang berlaku. Tulis dan aktifkan dulu di halaman Kerja sama.",
    "No such agreement is in force yet. First write and activate one on the page Agreements.",
)
_ALONE = Text(
    "{name} membayar sendiri mulai {month}. Berikan kode bayarnya.",
    "{name} pays alone from {month} on. Hand over the payment code.",
)
_TAKEN = Text("{name} dibayari kota mulai {month}.", "The city pays for {name} from {month} on.")
_DRAWN = Text(
    "{n} tagihan {month} disusun, bersama-sama {total}; {before} sudah ada sebelumnya.",
    "{n} bills of {month} drawn, {total} together; {before} were there before.",
)
_OWN_DRAWN = Text(
    "{n} tagihan {name} disusun, bersama-sama {total}.", "{n} bills of {name} drawn, {total} together."
)
_EARNS = Text(
    "Penghasilan {name} mulai {month}: {amount} sebulan.",
    "The income of {name} from {month} on: {amount} a month.",
)
