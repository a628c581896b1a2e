"""The pages of a month's changes: who joins, leaves or earns more, the forms for each, and the list to print."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.engine import clock
from lindung.identity import places
from lindung.insight import monthly_changes
from lindung.law.money import rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.membership import changes, enrolling, joining, wages
from lindung.membership.employment import LeaveReason, MemberChange
from lindung.membership.joining import Entry
from lindung.membership.models import Membership
from lindung.partnership.agreements import over_said
from lindung.partnership.models import Agreement, AgreementKind, Segment
from lindung.web.employers import asked_month
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, MonthChoice, Rupiah, Words, spoken
from lindung.web.rosters import asked_page
from lindung.web.self_paying import income_field
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_CHOOSE = ("", spoken(Text("Pilih ...", "Choose ...")))
_PLACES = sorted(
    ((place.name, f"{place.name}, {place.kecamatan}") for place in places.PLACES.values()),
    key=lambda choice: choice[1],
)
_BASES = [
    (wages.DAILY, spoken(Text("Sehari (dikali 25)", "A day (times 25)"))),
    (wages.MONTHLY, spoken(Text("Sebulan", "A month"))),
]


class JoinForm(PageForm):
    """Form F1A for a non-wage earner: who comes in, as the identity card says."""

    name = Words(
        label=spoken(Text("Nama lengkap sesuai KTP", "Full name as on the identity card")), max_length=200
    )
    nik = Words(label=spoken(Text("NIK", "NIK")), max_length=40)
    birth_place = Words(label=spoken(Text("Tempat lahir", "Place of birth")), required=False, max_length=100)
    birth = Day(label=spoken(Text("Tanggal lahir", "Date of birth")))
    sex = forms.ChoiceField(
        label=spoken(Text("Jenis kelamin", "Sex")),
        choices=[
            _CHOOSE,
            ("P", spoken(Text("Perempuan", "Female"))),
            ("L", spoken(Text("Laki-laki", "Male"))),
        ],
    )
    kelurahan = forms.ChoiceField(label=spoken(Text("Kelurahan", "Kelurahan")), choices=[_CHOOSE, *_PLACES])
    occupation = Words(label=spoken(Text("Pekerjaan", "Work")), max_length=80)
    phone = Words(label=spoken(Text("Nomor HP", "Phone number")), required=False, max_length=40)
    first_month = MonthChoice(label=spoken(Text("Bulan iuran pertama", "First contribution month")))
    beside = forms.ChoiceField(
        label=spoken(
            Text("Punya pekerjaan lain yang sudah dilindungi?", "Is another work protected already?")
        ),
        help_text=spoken(
            Text(
                "Paling banyak dua pekerjaan BPU (PP 44/2015 Pasal 11).",
                "At most two BPU occupations (PP 44/2015 Article 11).",
            )
        ),
        choices=[
            ("no", spoken(Text("Tidak tahu atau tidak", "No, or not known"))),
            ("yes", spoken(Text("Ya, dan pekerjaan ini memang lain", "Yes, and this work is another one"))),
        ],
    )

    def __init__(self, *args: Any, segments: Sequence[Segment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(segments) > 1:
            self.fields["segment"] = forms.ChoiceField(
                label=spoken(Text("Kelompok pekerja", "Group of workers")),
                choices=[_CHOOSE, *((segment.code, segment.label) for segment in segments)],
            )
            self.order_fields(["segment"])


def _wage() -> Rupiah:
    return Rupiah(
        label=spoken(Text("Upah pokok dan tunjangan tetap", "Basic wage and fixed allowances")),
        help_text=spoken(
            Text(
                "Rupiah bulat: sehari misalnya 115.000, sebulan misalnya 2.875.000.",
                "Whole rupiah: 115.000 for a day, say, or 2.875.000 for a month.",
            )
        ),
    )


def _low_wage() -> forms.BooleanField:
    return forms.BooleanField(
        required=False,
        label=spoken(Text("Upah di bawah minimum ini memang benar", "This wage below the minimum is right")),
    )


def _high_wage() -> forms.BooleanField:
    return forms.BooleanField(
        required=False,
        label=spoken(Text("Ya, upahnya memang setinggi ini", "Yes, the wage is as high as this")),
    )


def _ask_of_odd_wage(form: PageForm) -> None:
    """Ask to confirm a low or a high wage only where it was found to be one."""
    for name in ("below_minimum", "high_wage"):
        if name in form.fields and not (form.errors.get(name) or form[name].value()):
            del form.fields[name]


class WorkerForm(JoinForm):
    """Form F1A for a wage earner: the same, and the wage."""

    wage = _wage()
    basis = forms.ChoiceField(label=spoken(Text("Upah itu untuk", "That wage is for")), choices=_BASES)
    below_minimum = _low_wage()
    high_wage = _high_wage()
    field_order = [
        "name",
        "nik",
        "birth_place",
        "birth",
        "sex",
        "kelurahan",
        "occupation",
        "wage",
        "basis",
        "below_minimum",
        "high_wage",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["beside"]  # a wage earner may have any other work


class OwnForm(JoinForm):
    """Form F1 BPU for somebody who pays alone: the same, the income he declares, and JHT where it is offered."""

    income = income_field()
    savings = forms.BooleanField(
        required=False,
        label=spoken(Text("Ikut Jaminan Hari Tua (JHT) juga", "Old-age savings (JHT), too")),
    )

    def __init__(self, *args: Any, savings: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not savings:
            del self.fields["savings"]


class LeaveForm(PageForm):
    """Who leaves: the last month that is still paid, why, and of whoever died the day."""

    last_month = MonthChoice(label=spoken(Text("Bulan terakhir yang masih dibayar", "Last month still paid")))
    reason = forms.ChoiceField(
        label=spoken(Text("Alasan", "Reason")),
        choices=[_CHOOSE, *((reason.value, spoken(label)) for reason, label in changes.REASONS.items())],
    )
    died_on = Day(
        required=False,
        label=spoken(Text("Hari meninggal", "Day of death")),
        help_text=spoken(
            Text(
                "Hanya bila meninggal; seperti tertulis di akta atau surat kematian.",
                "For a death only; as the certificate of death says.",
            )
        ),
    )


class WageForm(PageForm):
    """A new wage from a month on."""

    since = MonthChoice(label=spoken(Text("Berlaku mulai bulan", "Holds from the month")))
    wage = _wage()
    basis = forms.ChoiceField(label=spoken(Text("Upah itu untuk", "That wage is for")), choices=_BASES)
    below_minimum = _low_wage()
    high_wage = _high_wage()


class UndoForm(PageForm):
    """Nothing to fill in: only to be pressed once."""


@require_safe
@never_cache
@require(Permission.SEE_WORKERS)
def changed(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The changes of a month, to look at and to print."""
    standing = standing_of(request)
    month = asked_month(request) or Month.of(standing.on)
    with missing_when_not_in_sight():
        found = monthly_changes.changes_page(agreement_id, month=month, number=asked_page(request))
    context = {
        "wide": True,
        "found": found,
        "earlier": month.plus(-1),
        "later": month.next(),
        "previous": f"?bulan={month}&halaman={found.number - 1}" if found.number > 1 else None,
        "next": f"?bulan={month}&halaman={found.number + 1}" if found.number < found.pages else None,
        "may_change": standing.may(Permission.CHANGE_MEMBERS),
        "over": found.over,
    }
    return render(request, "web/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def join(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Let one person in by form F1A."""
    with missing_when_not_in_sight():
        agreement = Agreement.objects.get(pk=agreement_id)
    employer = agreement.kind == AgreementKind.EMPLOYER
    first = enrolling.first_month(agreement, today=standing_of(request).on)
    segments = list(agreement.segments.order_by("label"))
    form = _joining(request, agreement, initial={"first_month": str(first)}, segments=segments)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _joined(request, agreement, form.cleaned_data))
        if answer is not None:
            return answer
    _ask_of_odd_wage(form)
    context = {
        "form": form,
        "agreement": agreement,
        "employer": employer,
        "over": over_said(agreement),
    }
    return render(request, "web/member_join.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def leave(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Let a member leave after a last month."""
    member = _member(membership_id)
    form = filled(request, LeaveForm, initial={"last_month": str(Month.of(standing_of(request).on))})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _left(request, member, form.cleaned_data))
        if answer is not None:
            return answer
    return render(request, "web/leave.html", {"form": form, "member": member}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def wage(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Give a wage earner a new wage."""
    member = _member(membership_id)
    current = member.wages.filter(withdrawn__isnull=True).order_by("-since").first()
    initial = {
        "since": str(Month.of(standing_of(request).on).next()),
        "wage": current.amount if current else None,
        "basis": current.basis if current else wages.DAILY,
    }
    form = filled(request, WageForm, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _raised(request, member, form.cleaned_data))
        if answer is not None:
            return answer
    _ask_of_odd_wage(form)
    context = {"form": form, "member": member, "current": current}
    return render(request, "web/wage.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def undo(request: HttpRequest, change_id: int) -> HttpResponse:
    """Ask once more, then take a change back."""
    with missing_when_not_in_sight():
        change = MemberChange.objects.select_related("membership__person", "membership__agreement").get(
            pk=change_id
        )
    form = filled(request, UndoForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _undone(request, change))
        if answer is not None:
            return answer
    label, month = monthly_changes.KINDS.get(change.kind), Month.of(change.month)
    context = {"form": form, "change": change, "label": label, "month": month}
    return render(request, "web/undo.html", context, status=status_of(form))


def _joining(request: HttpRequest, agreement: Agreement, **given: Any) -> PageForm:
    """The form for whoever pays: the city, its office as an employer, or the person himself."""
    if agreement.kind == AgreementKind.INDEPENDENT:
        return filled(request, OwnForm, savings="jht" in agreement.programmes, **given)
    return filled(request, WorkerForm if agreement.kind == AgreementKind.EMPLOYER else JoinForm, **given)


def _member(membership_id: int) -> Membership:
    with missing_when_not_in_sight():
        return Membership.objects.select_related("person", "agreement", "work").get(pk=membership_id)


def _joined(request: HttpRequest, agreement: Agreement, given: dict[str, Any]) -> Done:
    entry = Entry(
        name=given["name"],
        nik=given["nik"],
        # The officer has the card before her and chose a day: with its month in words nobody asks whether it is one.
        birth=day_label(given["birth"]).id,
        birth_place=given["birth_place"],
        sex=given["sex"],
        kelurahan=given["kelurahan"],
        occupation=given["occupation"],
        phone=given["phone"],
        wage=str(given.get("wage") or ""),
        basis=given.get("basis", wages.MONTHLY),
    )
    came = joining.join(
        agreement_id=agreement.pk,
        entry=entry,
        first_month=given["first_month"],
        beside=given.get("beside") == "yes",
        below_minimum=given.get("below_minimum", False),
        high_wage=given.get("high_wage", False),
        segment_code=given.get("segment", ""),
        income=given.get("income"),
        savings=given.get("savings", False),
        by=standing_of(request).actor,
        now=clock.now(),
    )
    said = Text(
        "{name} masuk mulai {month}. Perlindungan mulai setelah iuran pertama dibayar.",
        "{name} joins from {month}. Protection begins once the first contribution is paid.",
    ).filled(name=given["name"], month=came.since.label)
    return Done(said, "web:worker", (came.person_id,))


def _left(request: HttpRequest, member: Membership, given: dict[str, Any]) -> Done:
    done = changes.leave(
        membership_id=member.pk,
        last_month=given["last_month"],
        reason=LeaveReason(given["reason"]),
        died_on=given["died_on"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    text = _DIED if done.opens_claim else _LEFT
    said = text.filled(name=member.person.name, month=given["last_month"].label)
    return Done(said, "web:worker", (member.person_id,))


def _raised(request: HttpRequest, member: Membership, given: dict[str, Any]) -> Done:
    done = changes.change_wage(
        membership_id=member.pk,
        since=given["since"],
        basis=given["basis"],
        amount=given["wage"],
        below_minimum=given["below_minimum"],
        high_wage=given["high_wage"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    said = (_FIRST_WAGE if done.before is None else _NEW_WAGE).filled(
        name=member.person.name,
        month=given["since"].label,
        before=rupiah(done.before or 0),
        now=rupiah(done.monthly),
    )
    return Done(said, "web:worker", (member.person_id,))


def _undone(request: HttpRequest, change: MemberChange) -> Done:
    changes.undo(change_id=change.pk, by=standing_of(request).actor, now=clock.now())
    said = Text("Perubahan dibatalkan.", "The change is taken back.")
    return Done(said, "web:member_changes", (change.membership.agreement_id,))


_NEW_WAGE = Text(
    "Upah {name} mulai {month}: dari {before} menjadi {now} sebulan.",
    "The wage of {name} from {month} on: from {before} to {now} a month.",
)
_FIRST_WAGE = Text(
    "Upah {name} mulai {month}: {now} sebulan.", "The wage of {name} from {month} on: {now} a month."
)
_LEFT = Text("{name} keluar setelah {month}.", "{name} leaves after {month}.")
_DIED = Text(
    "{name} dicatat meninggal; iuran berhenti setelah {month}. Bantu keluarganya mengurus santunan: siapkan akta "
    "kematian, KTP dan KK ahli waris, lalu hubungi cabang.",
    "{name} is recorded as deceased; contributions end after {month}. Help the family claim: death certificate, "
    "identity and family cards of the heirs, then call the branch.",
)
