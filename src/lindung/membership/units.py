"""Opens an office of the city as an employer, and keeps its number and the minimum wage that holds there."""

import re
from datetime import date, datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.models import Organisation, OrganisationKind
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.terms import RiskClass
from lindung.law.text import Text
from lindung.membership import wages
from lindung.membership.employment import EmployerUnit, MinimumWage, StaffKind
from lindung.partnership.agreements import SegmentPlan, Terms, draft_agreement
from lindung.partnership.models import Agreement, AgreementKind, ArrearsBearer, FundingSource

PROGRAMMES = ("jkk", "jkm", "jht")
"""What an office registers its own people for: Permenaker 1/2025."""

STAFF = {
    StaffKind.NON_ASN: Text("Pegawai non-ASN", "Staff who are not civil servants"),
    StaffKind.PPPK_PARUH_WAKTU: Text("PPPK paruh waktu", "Part-time contract civil servants (PPPK)"),
    StaffKind.CLEANERS: Text("Petugas kebersihan", "Cleaners"),
    StaffKind.OUTSOURCED: Text("Tenaga alih daya", "Outsourced workers"),
}


class NotAnOffice(Refusal):
    """An employer unit belongs to an office of the city itself."""

    code = "employer.not_an_office"

    def __init__(self) -> None:
        super().__init__(
            Text("Pilih dinas atau bagian dari kota ini.", "Choose an office of this city."), field="office"
        )


class WrongNumber(Refusal):
    """An NPP has eight digits."""

    code = "employer.npp"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "NPP terdiri dari 8 angka. Salin dari surat cabang, atau kosongkan sampai nomornya ada.",
                "An NPP has 8 digits. Copy it from the branch's letter, or leave it empty until there is one.",
            ),
            field="npp",
        )


def open_unit(
    *,
    title: str,
    office_id: int,
    staff_kind: StaffKind,
    risk_class: RiskClass,
    risk_basis: str,
    region_code: str,
    funding_source_id: int,
    quota: int,
    occupation: str,
    since: Month,
    by: Actor,
    now: datetime,
    npp: str = "",
) -> EmployerUnit:
    """Open an employer unit: the draft of its agreement of kind employer with one segment, and the unit's own facts.

    Wage earners of such a unit are registered for JKK, JKM and JHT, once its agreement is in force: it goes the
    way of every agreement (submitted, signed, activated by a second person). Raises NotAnOffice, WrongNumber,
    FundingSource.DoesNotExist out of sight.
    """
    _refuse_odd_number(npp)
    office = Organisation.objects.filter(pk=office_id, kind=OrganisationKind.OFFICE).first()
    source = FundingSource.objects.get(pk=funding_source_id)
    if office is None or office.parent_id != source.sponsor_id:
        raise NotAnOffice
    with transaction.atomic():
        workers = SegmentPlan(staff_kind.value.replace("_", "-"), title, occupation, quota)
        agreement = _drafted(title, office, source, since, workers, by=by, now=now)
        event = _noted("employer.opened", agreement.pk, source.sponsor_id, by, {"risk": risk_class.value})
        return EmployerUnit.objects.create(
            agreement=agreement,
            sponsor_id=agreement.sponsor_id,
            office=office,
            staff_kind=staff_kind,
            risk_class=risk_class.value,
            risk_basis=risk_basis,
            region_code=region_code,
            npp=npp,
            event_id=event,
        )


def give_number(*, unit_id: int, npp: str, by: Actor) -> None:
    """Write down the employer number that the branch gave. Raises WrongNumber, EmployerUnit.DoesNotExist."""
    _refuse_odd_number(npp)
    unit = EmployerUnit.objects.get(pk=unit_id)
    _noted("employer.npp_given", unit.agreement_id, unit.sponsor_id, by, {"unit": unit.pk})
    unit.npp = npp
    unit.save(update_fields=["npp"])


def record_minimum_wage(
    *,
    sponsor_id: int,
    region_code: str,
    year: int,
    amount: int,
    decree_number: str,
    decree_date: date,
    by: Actor,
) -> MinimumWage:
    """Record the lowest monthly wage of a region in a year, with the decree that sets it.

    IntegrityError when that year is recorded already: a minimum wage is not changed here, it is set by decree.
    """
    event = audit.record(
        "minimum_wage.recorded",
        by=by,
        subject=f"region:{region_code}",
        sponsor_id=sponsor_id,
        detail={"year": year, "amount": amount},
    )
    return MinimumWage.objects.create(
        sponsor_id=sponsor_id,
        region_code=region_code,
        year=year,
        amount=amount,
        decree_number=decree_number,
        decree_date=decree_date,
        event_id=event,
    )


def require_usual(
    *,
    agreement_id: int,
    basis: str,
    amount: int,
    on: date,
    before: int | None = None,
    below_minimum: bool = False,
    high_wage: bool = False,
) -> None:
    """Raise BelowMinimum or FarAbove for a wage that looks like a slip on a day, unless somebody made sure of it.

    ``before`` is the month's wage that held so far. Without a recorded minimum no wage is too low.
    """
    unit = EmployerUnit.objects.filter(agreement_id=agreement_id).first()
    minimum = wages.minimum_on(minimums_of(unit), on) if unit else None
    monthly = wages.month_wage(basis=basis, amount=amount, on=on).monthly
    if minimum is not None and monthly < minimum and not below_minimum:
        raise wages.BelowMinimum(monthly=monthly, minimum=minimum)
    doubt = wages.doubted(basis=basis, amount=amount, monthly=monthly, minimum=minimum, before=before)
    if doubt is not None and not high_wage:
        raise wages.FarAbove(doubt, amount=amount, monthly=monthly, minimum=minimum, before=before)


def minimums_of(unit: EmployerUnit) -> dict[int, int]:
    """The minimum wages of the unit's region, whole rupiah by year."""
    known = MinimumWage.objects.filter(sponsor_id=unit.sponsor_id, region_code=unit.region_code)
    return dict(known.values_list("year", "amount"))


def _drafted(
    title: str,
    office: Organisation,
    source: FundingSource,
    since: Month,
    workers: SegmentPlan,
    *,
    by: Actor,
    now: datetime,
) -> Agreement:
    city = Organisation.objects.get(pk=source.sponsor_id)
    if city.branch_id is None:
        raise NotAnOffice
    terms = Terms(
        title=title,
        paying_office_id=office.pk,
        funding_source_id=source.pk,
        programmes=PROGRAMMES,
        since=since.first_day(),
        arrears_borne_by=ArrearsBearer.SPONSOR,
    )
    return draft_agreement(
        code=_free_code(f"{city.code}-{title}"),
        sponsor_id=city.pk,
        branch_id=city.branch_id,
        terms=terms,
        segments=(workers,),
        kind=AgreementKind.EMPLOYER,
        by=by,
        now=now,
    )


def _free_code(words: str) -> str:
    """A short code from the title, with a number behind it when it is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:34] or "unit"
    taken = set(Agreement.objects.filter(code__startswith=plain).values_list("code", flat=True))
    return next(code for code in (plain, *(f"{plain}-{n}" for n in range(2, 1_000))) if code not in taken)


def _refuse_odd_number(npp: str) -> None:
    if npp and not re.fullmatch(r"[0-9]{8}", npp):
        raise WrongNumber


def _noted(action: str, agreement_id: int, sponsor_id: int, by: Actor, detail: dict[str, object]) -> int:
    return audit.record(
        action, by=by, subject=f"agreement:{agreement_id}", sponsor_id=sponsor_id, detail=detail
    )
