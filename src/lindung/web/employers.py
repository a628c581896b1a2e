"""The pages of the city's offices as employers: all units, one unit with its workers, and their printed forms."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.models import Organisation, OrganisationKind
from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.engine import clock
from lindung.insight import employers as insight
from lindung.law.months import Month
from lindung.law.terms import RiskClass
from lindung.law.text import Text
from lindung.membership import units
from lindung.membership.employment import EmployerUnit, MinimumWage, StaffKind
from lindung.partnership.models import FundingSource
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, MonthChoice, Rupiah, Words, spoken
from lindung.web.paging import Pager
from lindung.web.rosters import asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_REGION = Text(
    "Kode Kemendagri, misalnya 15.71 untuk Kota Jambi.",
    "The code of the Ministry of Home Affairs, such as 15.71 for Kota Jambi.",
)


class UnitForm(PageForm):
    """A new employer unit: form F1 of BPJS, as far as the city knows it."""

    title = Words(label=spoken(Text("Nama unit", "Name of the unit")), max_length=100)
    office = forms.ChoiceField(label=spoken(Text("Dinas atau bagian", "Office")))
    staff_kind = forms.ChoiceField(
        label=spoken(Text("Jenis pegawai", "Kind of staff")),
        choices=[(kind.value, spoken(label)) for kind, label in units.STAFF.items()],
    )
    occupation = Words(
        label=spoken(Text("Pekerjaan bila daftar tidak menyebutnya", "Work when a list names none")),
        max_length=80,
    )
    risk_class = forms.ChoiceField(
        label=spoken(Text("Kelas risiko JKK", "Risk class of JKK")),
        choices=[(risk.value, capfirst(spoken(risk.label))) for risk in RiskClass],
    )
    risk_basis = Words(
        label=spoken(Text("Dasar kelas risiko", "What the risk class rests on")),
        help_text=spoken(
            Text(
                "Nomor surat cabang, atau baris Lampiran PP 82/2019. Kelas ditetapkan BPJS.",
                "Number of the branch's letter, or the line of the annex of PP 82/2019. BPJS decides the class.",
            )
        ),
        max_length=160,
    )
    region_code = Words(
        label=spoken(Text("Kode wilayah upah minimum", "Region code of the minimum wage")),
        help_text=spoken(_REGION),
        initial="15.71",
        max_length=13,
    )
    source = forms.ChoiceField(label=spoken(Text("Sumber dana", "Funding source")))
    quota = forms.IntegerField(
        label=spoken(Text("Paling banyak berapa orang", "At most how many people")),
        min_value=1,
        max_value=100_000,
    )
    since = MonthChoice(label=spoken(Text("Bulan iuran pertama", "First contribution month")))
    npp = Words(
        label=spoken(Text("NPP dari cabang", "NPP from the branch")),
        help_text=spoken(
            Text("8 angka; kosongkan bila belum ada.", "8 digits; leave empty until there is one.")
        ),
        required=False,
        max_length=20,
    )

    def __init__(self, *args: Any, offices: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("office", offices), ("source", sources)):
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)


class NumberForm(PageForm):
    """The employer number that the branch gave."""

    npp = Words(
        label=spoken(Text("NPP", "NPP")),
        help_text=spoken(Text("8 angka dari surat cabang.", "8 digits from the branch's letter.")),
        max_length=20,
    )


class MinimumWageForm(PageForm):
    """The minimum wage of a region in a year, with its decree."""

    region_code = Words(
        label=spoken(Text("Kode wilayah", "Region code")),
        help_text=spoken(_REGION),
        initial="15.71",
        max_length=13,
    )
    year = forms.IntegerField(label=spoken(Text("Tahun", "Year")), min_value=2015, max_value=2100)
    amount = Rupiah(label=spoken(Text("Upah minimum sebulan", "Minimum wage a month")))
    decree_number = Words(label=spoken(Text("Nomor keputusan", "Number of the decree")), max_length=120)
    decree_date = Day(label=spoken(Text("Tanggal keputusan", "Date of the decree")))


@require_safe
@never_cache
@require(Permission.SEE_EMPLOYERS)
def employers(request: HttpRequest) -> HttpResponse:
    """All employer units with people and next month's cost."""
    standing = standing_of(request)
    found = insight.units(on=standing.on)
    minimums = MinimumWage.objects.order_by("-year", "region_code")[:12]
    context = {
        "page": "employers",
        "units": found,
        "minimums": minimums,
        "month": Month.of(standing.on).next(),
        "may_write": standing.may(Permission.WRITE_EMPLOYER),
    }
    return render(request, "web/employers.html", context)


@require_safe
@never_cache
@require(Permission.SEE_EMPLOYERS)
def employer(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit with its workers, fifty at a time."""
    context = _unit(request, unit_id)
    standing = standing_of(request)
    found: insight.UnitPage = context["found"]
    context |= {
        "wide": True,
        "previous": f"?halaman={found.number - 1}" if found.number > 1 else None,
        "next": f"?halaman={found.number + 1}" if found.number < found.pages else None,
        "may_write": standing.may(Permission.WRITE_EMPLOYER),
        "may_change": standing.may(Permission.CHANGE_MEMBERS),
        "may_upload": standing.may(Permission.UPLOAD_ROSTER),
        "may_see_workers": standing.may(Permission.SEE_WORKERS),
    }
    return render(request, "web/employer.html", context)


@require_safe
@never_cache
@require(Permission.SEE_EMPLOYERS)
def registration(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Form F1, employer registration, to print."""
    context = _unit(request, unit_id)
    with missing_when_not_in_sight():
        context["unit"] = EmployerUnit.objects.select_related(
            "agreement__sponsor", "agreement__branch", "agreement__funding_source", "office"
        ).get(pk=unit_id)
    return render(request, "web/registration.html", context)


@require_safe
@never_cache
@require(Permission.SEE_EMPLOYERS)
def wage_list(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The wage list of the month: fifty lines a page, or whole (?semua=1), to print."""
    whole = request.GET.get("semua") == "1"
    context = _unit(request, unit_id, whole=whole)
    found: insight.UnitPage = context["found"]
    context |= {
        "whole": whole,
        "lines": insight.wage_lines(found),
        "last": found.skipped + len(found.workers),
        "pager": Pager.of(request.GET.dict(), number=found.number, pages=found.pages),
    }
    return render(request, "web/wage_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_EMPLOYER)
def new(request: HttpRequest) -> HttpResponse:
    """Open an employer unit."""
    scope = standing_of(request).scope
    offices = Organisation.objects.filter(kind=OrganisationKind.OFFICE, parent_id__in=scope.sponsor_ids)
    sources = FundingSource.objects.order_by("name")
    form = filled(
        request,
        UnitForm,
        offices=[(office.pk, office.name) for office in offices.order_by("name")],
        sources=[(source.pk, source.name) for source in sources],
    )
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _opened(request, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"page": "employers", "form": form, "no_sources": not sources}
    return render(request, "web/employer_new.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_EMPLOYER)
def number(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Write down the NPP that the branch gave."""
    with missing_when_not_in_sight():
        unit = EmployerUnit.objects.select_related("agreement").get(pk=unit_id)
    form = filled(request, NumberForm, initial={"npp": unit.npp})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _numbered(request, unit_id, form.cleaned_data["npp"]))
        if answer is not None:
            return answer
    context = {"page": "employers", "form": form, "unit": unit}
    return render(request, "web/employer_number.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.WRITE_EMPLOYER)
def minimum_wage(request: HttpRequest) -> HttpResponse:
    """Record the minimum wage of a year."""
    standing = standing_of(request)
    form = filled(request, MinimumWageForm, initial={"year": standing.on.year})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _minimum_recorded(request, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"page": "employers", "form": form}
    return render(request, "web/minimum_wage.html", context, status=status_of(form))


def _unit(request: HttpRequest, unit_id: int, *, whole: bool = False) -> dict[str, Any]:
    """The unit's page for the month asked for, else the next one."""
    on: date = standing_of(request).on
    with missing_when_not_in_sight():
        found = insight.unit_page(
            unit_id, on=on, number=asked_page(request), month=asked_month(request), whole=whole
        )
    return {"page": "employers", "found": found}


def asked_month(request: HttpRequest) -> Month | None:
    """The month of the address (?bulan=2026-12), or None for none and for what is none."""
    try:
        month = Month.parse(request.GET.get("bulan", ""))
    except ValueError:
        return None
    return month if 2015 <= month.year <= 2100 else None


def _opened(request: HttpRequest, given: dict[str, Any]) -> Done:
    unit = units.open_unit(
        title=given["title"],
        office_id=int(given["office"]),
        staff_kind=StaffKind(given["staff_kind"]),
        risk_class=RiskClass(given["risk_class"]),
        risk_basis=given["risk_basis"],
        region_code=given["region_code"],
        funding_source_id=int(given["source"]),
        quota=given["quota"],
        occupation=given["occupation"],
        since=given["since"],
        npp=given["npp"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    said = Text(
        "Unit {title} dibuka dengan konsep kerja samanya. Bawa kerja sama itu sampai berlaku, lalu masukkan pekerjanya.",
        "The unit {title} is open with the draft of its agreement. Bring that into force, then enter its workers.",
    )
    return Done(said.filled(title=given["title"]), "web:employer", (unit.pk,))


def _numbered(request: HttpRequest, unit_id: int, npp: str) -> Done:
    units.give_number(unit_id=unit_id, npp=npp, by=standing_of(request).actor)
    return Done(Text("NPP dicatat.", "The NPP is recorded."), "web:employer", (unit_id,))


def _minimum_recorded(request: HttpRequest, given: dict[str, Any]) -> Done:
    standing = standing_of(request)
    units.record_minimum_wage(
        sponsor_id=standing.scope.sponsor_ids[0],
        region_code=given["region_code"],
        year=given["year"],
        amount=given["amount"],
        decree_number=given["decree_number"],
        decree_date=given["decree_date"],
        by=standing.actor,
    )
    return Done(Text("Upah minimum dicatat.", "The minimum wage is recorded."), "web:employers")
