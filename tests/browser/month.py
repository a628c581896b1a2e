"""What the walk of one month stands on: a city in December, its next year's papers still missing, and its people."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import agreed
from lindung.access.appointing import appoint
from lindung.access.models import Organisation, Role, User
from lindung.access.scope import SystemScope, in_scope, system_scope
from lindung.contributions import billing, payments
from lindung.law.months import Month, months_from
from lindung.law.terms import RiskClass
from lindung.membership import enrolling, intake, joining, units
from lindung.membership.employment import StaffKind
from lindung.membership.joining import Entry
from lindung.membership.models import Membership
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.models import Agreement, Budget, FundingSource, PayerKind
from web.village import BUILDER, PRICE, ZONE, Village, acting, sheet

APPOINTED, AGREED, LISTED = date(2025, 1, 1), date(2026, 8, 3), date(2026, 8, 4)
EMPLOYED = date(2026, 12, 2)
FIRST_MONTH, LAST_PAID, JANUARY = Month(2026, 8), Month(2026, 12), Month(2027, 1)
PAPERS_DAY, LIST_DAY, CHANGES_DAY, WORD_DAY = (date(2026, 12, day) for day in (10, 15, 17, 21))
BILL_DAY, PAID_DAY, READING_DAY = (date(2027, 1, day) for day in (5, 8, 11))
DAILY, NEW_DAILY = 145_000, 150_000
MINIMUMS = {2026: 3_500_000, 2027: 3_600_000}

STAFF = {
    Role.CITY_OFFICER: ("siti.rahma", "Siti Rahma", "disnaker"),
    Role.FINANCE_OFFICER: ("wati.susanti", "Wati Susanti", "disnaker"),
    Role.KELURAHAN_OPERATOR: ("budi.operator", "Budi Hartono", "jambi"),
    Role.BRANCH_OFFICER: ("andi.wijaya", "Andi Wijaya", "cabang"),
    Role.AUDITOR: ("lestari.audit", "Lestari Handayani", "jambi"),
    Role.MAYOR: ("wali.kota", "Rahmat Hidayat", "jambi"),
}
"""Everybody is invented."""
THE_HOK = "15.71.02.1004"


class Resident(NamedTuple):
    """A line of the list Disnaker sent in August."""

    name: str
    born: date
    sex: str
    kelurahan: str
    work: str

    @property
    def nik(self) -> str:
        """Of Jambi Selatan, where they all got their cards; women count forty days more."""
        day = self.born.day + (40 if self.sex == "P" else 0)
        return f"157102{day:02}{self.born:%m%y}{self.born.year % 7 + 1:04}"

    @property
    def line(self) -> str:
        """As the office writes it."""
        return f"{self.name},'{self.nik},{self.born:%d/%m/%Y},{self.sex},{self.kelurahan},{self.work}"


RESIDENTS = (
    Resident("Siti Aminah", date(1984, 3, 12), "P", "The Hok", "Penjahit"),
    Resident("Budi Santoso", date(1979, 7, 5), "L", "The Hok", "Becak"),
    Resident("Nur Hasanah", date(1990, 1, 22), "P", "The Hok", "Pedagang"),
    Resident("Muhammad Ridwan", date(1988, 11, 3), "L", "The Hok", "Ojek"),
    Resident("Fatimah Zahra", date(1982, 9, 17), "P", "The Hok", "Pedagang"),
    Resident("Agus Salim", date(1975, 8, 9), "L", "Pasir Putih", "Buruh"),
    Resident("Rosmawati", date(1981, 2, 27), "P", "Pasir Putih", "Penjahit"),
    Resident("Hendra Gunawan", date(1992, 5, 30), "L", "Pasir Putih", "Ojek"),
    Resident("Dedi Kurniawan", date(1986, 12, 14), "L", "Tambak Sari", "Becak"),
    Resident("Yulia Safitri", date(1993, 4, 6), "P", "Tambak Sari", "Pedagang"),
    Resident("Zainal Abidin", date(1974, 10, 19), "L", "Pakuan Baru", "Buruh"),
    Resident("Ermawati", date(1983, 6, 11), "P", "Pakuan Baru", "Pedagang"),
    Resident("Suryadi", date(1977, 1, 8), "L", "Talang Banjar", "Ojek"),
    Resident("Kartini Dewi", date(1989, 3, 25), "P", "Talang Banjar", "Penjahit"),
    Resident("Ahmad Fauzi", date(1991, 7, 16), "L", "Kasang", "Buruh"),
    Resident("Halimah", date(1980, 5, 2), "P", "Kasang", "Pedagang"),
    Resident("Iskandar Muda", date(1976, 9, 29), "L", "Legok", "Ojek"),
    Resident("Mariana", date(1987, 11, 21), "P", "Legok", "Penjahit"),
    Resident("Joko Purnomo", date(1985, 2, 13), "L", "Solok Sipin", "Buruh"),
    Resident("Sri Mulyani", date(1994, 8, 4), "P", "Solok Sipin", "Pedagang"),
    Resident("Rizal Efendi", date(1978, 12, 23), "L", "Kenali Besar", "Ojek"),
    Resident("Nurlaila", date(1990, 10, 10), "P", "Kenali Besar", "Pedagang"),
)
NEWCOMERS = (
    Resident("Dewi Sartika", date(1990, 6, 8), "P", "The Hok", "Pedagang"),
    Resident("Anwar Sadat", date(1985, 4, 18), "L", "Legok", "Ojek"),
)
"""Two who come by December's list; a third, of The Hok, stands on it with a NIK of eight digits."""
TO_MEND = Resident("Lina Marlina", date(1988, 2, 24), "P", "The Hok", "Penjahit")
JOINS = Resident("Ratna Sari", date(1986, 7, 30), "P", "Thehok", "Pedagang kue")
LEAVES = RESIDENTS[1]
CLEANERS = (("Umar Usman", "L"), ("Yuni Astuti", "P"), ("Hadi Saputra", "L"), ("Tini Sumarni", "P"))
DECEMBER_LIST = sheet(*(each.line for each in NEWCOMERS), TO_MEND.line.replace(TO_MEND.nik, TO_MEND.nik[:8]))
MEMBERS_IN_JANUARY = len(RESIDENTS) + len(NEWCOMERS) + 2 - 1
"""Twenty-two were there, two came by the list, one more once mended, one by form; one left."""
TOTAL = MEMBERS_IN_JANUARY * PRICE
YEAR_BUDGET = 6_000_000


class City(NamedTuple):
    """The village of the walk, and the records it asks for by id."""

    village: Village
    unit_agreement_id: int
    unit_id: int
    cleaner_id: int


def at(day: date, hour: int = 9) -> datetime:
    """An hour of a day in Jambi."""
    return datetime.combine(day, time(hour), ZONE)


def build() -> City:
    """Twenty-two people paid until December, four cleaners of the office itself, and no SK and no DPA for 2027."""
    users = _staff()
    officer, branch = users[Role.CITY_OFFICER], users[Role.BRANCH_OFFICER]
    source = _money(officer)
    rentan = _promised(officer, branch, source)
    roster_id = _listed(officer, rentan)
    unit_id, employed = _employer(officer, branch, source)
    for month in months_from(FIRST_MONTH, LAST_PAID):
        _paid(users, rentan, month)
    _paid(users, employed, LAST_PAID)
    village = Village(users, officer, rentan.pk, roster_id, person_named(users, RESIDENTS[0].name))
    return City(village, employed.pk, unit_id, person_named(users, CLEANERS[0][0]))


def person_named(users: dict[Role, User], name: str) -> int:
    """The id of a member, by the whole name."""
    actor, scope = acting(users[Role.CITY_OFFICER], LIST_DAY)
    with in_scope(scope, actor=actor):
        return int(Membership.objects.get(person__name=name).person_id)


def _staff() -> dict[Role, User]:
    make = Organisation.objects.create
    with system_scope(SystemScope.DEMO, actor=BUILDER):
        branch = make(kind="branch", code="cabang", name="BPJS Ketenagakerjaan Cabang Jambi")
        jambi = make(kind="city", code="jambi", name="Kota Jambi", branch=branch, region_code="15.71")
        office = make(kind="office", code="disnaker", name="Dinas Tenaga Kerja Kota Jambi", parent=jambi)
        places = {"cabang": branch, "jambi": jambi, "disnaker": office}
        return {role: _user(role, *who, places=places) for role, who in STAFF.items()}


def _user(role: Role, username: str, name: str, place: str, *, places: dict[str, Organisation]) -> User:
    user = User.objects.create_user(username, name=name)
    appoint(
        user,
        role=role,
        organisation=places[place],
        kelurahan_code=THE_HOK if role == Role.KELURAHAN_OPERATOR else "",
        since=APPOINTED,
        by=BUILDER,
        now=at(APPOINTED),
    )
    return user


def _money(officer: User) -> FundingSource:
    actor, scope = acting(officer, AGREED)
    with in_scope(scope, actor=actor):
        jambi = Organisation.objects.get(code="jambi")
        for year, amount in MINIMUMS.items():
            units.record_minimum_wage(
                sponsor_id=jambi.pk,
                region_code="15.71",
                year=year,
                amount=amount,
                decree_number=f"Keputusan Gubernur (contoh) 1/{year - 1}",
                decree_date=date(year - 1, 12, 10),
                by=actor,
            )
        return FundingSource.objects.create(sponsor=jambi, kind=PayerKind.APBD, name="APBD Kota Jambi")


def _promised(officer: User, branch: User, source: FundingSource) -> Agreement:
    """In force since August, with the papers of 2026 and a Perwal until 2029."""
    actor, scope = acting(officer, AGREED)
    made = agreed.in_force(
        "jambi-rentan",
        terms=Terms(
            title="Pekerja rentan Kota Jambi",
            paying_office_id=_office().pk,
            funding_source_id=source.pk,
            programmes=("jkk", "jkm"),
            since=FIRST_MONTH.first_day(),
        ),
        segments=(SegmentPlan("rentan", "Pekerja rentan", "Buruh", 60),),
        sponsor=source.sponsor,
        branch=Organisation.objects.get(code="cabang"),
        writer=(actor, scope),
        second=acting(branch, AGREED),
        now=at(AGREED),
    )
    with in_scope(scope, actor=actor):
        agreed.ready_year(made, 2026, by=actor, now=at(AGREED), last_year=2029)
        agreed.budget(made, source, {2026: 5 * len(RESIDENTS) * PRICE}, by=actor)
    return made


def _office() -> Organisation:
    return Organisation.objects.get(code="disnaker")


def _listed(officer: User, agreement: Agreement) -> int:
    actor, scope = acting(officer, LISTED)
    with in_scope(scope, actor=actor):
        roster_id = intake.receive(
            name="Pekerja rentan Agustus FIX.csv",
            content=sheet(*(each.line for each in RESIDENTS)),
            agreement_id=agreement.pk,
            by=actor,
            now=at(LISTED),
        )
        done = enrolling.enrol(roster_id=roster_id, by=actor, now=at(LISTED, 10), first_month=FIRST_MONTH)
    assert done.enrolled == len(RESIDENTS)
    return roster_id


def _employer(officer: User, branch: User, source: FundingSource) -> tuple[int, Agreement]:
    """The cleaners of the office's own buildings, wage earners since December; the papers of both years are there."""
    actor, scope = acting(officer, EMPLOYED)
    with in_scope(scope, actor=actor):
        unit = units.open_unit(
            title="Kebersihan Disnaker",
            office_id=_office().pk,
            staff_kind=StaffKind.CLEANERS,
            risk_class=RiskClass.LOW,
            risk_basis="Surat cabang (contoh) 12/2026",
            region_code="15.71",
            funding_source_id=source.pk,
            quota=20,
            occupation="Petugas kebersihan",
            since=LAST_PAID,
            npp="26000012",
            by=actor,
            now=at(EMPLOYED),
        )
    employed = agreed.brought_into_force(
        unit.agreement, writer=(actor, scope), second=acting(branch, EMPLOYED), now=at(EMPLOYED)
    )
    with in_scope(scope, actor=actor):
        agreed.ready_years(employed, 2026, 2027, by=actor, now=at(EMPLOYED))
        for year in (2026, 2027):
            Budget.objects.create(
                agreement=employed,
                sponsor=source.sponsor,
                funding_source=source,
                year=year,
                amount=40_000_000,
            )
        for number, (name, sex) in enumerate(CLEANERS):
            joining.join(
                agreement_id=employed.pk,
                entry=_cleaner(number, name, sex),
                first_month=LAST_PAID,
                below_minimum=True,
                by=actor,
                now=at(EMPLOYED),
            )
    return unit.pk, employed


def _cleaner(number: int, name: str, sex: str) -> Entry:
    return Entry(
        name=name,
        nik=f"157102{52 if sex == 'P' else 12}0384{number + 30:04}",
        birth="1984-03-12",
        birth_place="Jambi",
        sex=sex,
        kelurahan="The Hok",
        occupation="Petugas kebersihan",
        wage=str(DAILY),
        basis="daily",
    )


def _paid(users: dict[Role, User], agreement: Agreement, month: Month) -> None:
    on = month.first_day() + timedelta(days=7)
    actor, scope = acting(users[Role.CITY_OFFICER], on)
    with in_scope(scope, actor=actor):
        bill = billing.draw_up(agreement_id=agreement.pk, month=month, by=actor, today=on)
        paid = payments.record(
            bill_id=bill.pk,
            order_number=f"SP2D/{agreement.pk}/{month}",
            ordered_on=on,
            amount=bill.total,
            by=actor,
            now=at(on),
        )
    treasurer, scope = acting(users[Role.FINANCE_OFFICER], on)
    with in_scope(scope, actor=treasurer):
        payments.confirm(payment_id=paid.pk, bill_id=bill.pk, by=treasurer, now=at(on, 14))
