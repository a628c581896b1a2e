"""Every desk counts the same people: those the city pays for as a sponsor, and apart from them its own wage earners."""

from datetime import date
from typing import NamedTuple

import pytest

import employers
import world
from contributions.conftest import Place
from lindung.access.models import Role
from lindung.insight import city_figures
from lindung.insight.branch_desk import CityServed, cities_served
from lindung.insight.coverage import Coverage, coverage
from lindung.insight.mending_desk import Mending, mending
from lindung.insight.today import Today, today
from lindung.law.money import counted, rupiah
from lindung.law.months import Month
from lindung.membership import joining
from lindung.membership.models import Verdict
from lindung.partnership.models import Agreement

JUNE, AUGUST = Month(2025, 6), Month(2025, 8)
DAYS = (date(2025, 6, 5), date(2025, 6, 20), date(2025, 8, 20), date(2025, 9, 18), date(2026, 3, 1))
WAGE_EARNER = 15_525 + 8_625 + 163_875
"""What a wage earner of 2,875,000 costs a month."""


class Stage(NamedTuple):
    """Siti and Budi sponsored, Siti under a second agreement too; Dewi, Rahmat and Budi employed by the city."""

    jambi: world.City
    rentan: Agreement
    second: Agreement
    unit: Agreement


@pytest.fixture
def stage(jambi: Place) -> Stage:
    place = jambi.city
    second = world.agreement(place, "kedua", quota=40, budgets={2025: 10**6})
    world.enrol(place, second, *world.crowd(3))
    beside(place, second, world.SITI)
    employers.minimum_wage(place)
    made = employers.unit(place, quota=7)
    employers.employ(place, made, employers.DEWI, world.STRANGER)
    employers.employ(place, made, world.BUDI._replace(occupation="Petugas kebersihan"))
    world.pay_months(place, jambi.agreement, JUNE, AUGUST)
    world.pay_months(place, second, JUNE, AUGUST)
    world.pay(place, made.agreement, JUNE)
    listed(place, jambi.agreement, second, made.agreement)
    return Stage(place, jambi.agreement, second, made.agreement)


def beside(place: world.City, under: Agreement, worker: world.Worker) -> None:
    """A second work of somebody who is sponsored already."""
    with place.acting(on=world.REGISTERED) as officer:
        joining.join(
            agreement_id=under.pk,
            entry=employers.entry(worker._replace(occupation="Marbot")),
            first_month=JUNE,
            beside=True,
            by=officer,
            now=world.at(world.REGISTERED),
        )


def listed(place: world.City, rentan: Agreement, second: Agreement, unit: Agreement) -> None:
    """Names that wait: an old list and its correction, a list of the second agreement, one of the unit's."""
    old = world.crowd(4, after=200)
    with place.acting(on=world.REGISTERED):
        fix = [Verdict.TO_FIX]
        world.roster(place, rentan, *old, on=date(2025, 6, 1), verdicts=fix * 2)
        world.roster(place, rentan, *old[:3], on=date(2025, 6, 2), verdicts=fix)
        world.roster(
            place,
            second,
            *world.crowd(2, after=300),
            on=date(2025, 6, 3),
            verdicts=[Verdict.REFUSED],
        )
        world.roster(place, unit, *world.crowd(5, after=400), on=date(2025, 6, 4), verdicts=fix * 3)


class Desks(NamedTuple):
    """What each desk shows on one day."""

    day: Today
    six: tuple[city_figures.Figure, ...]
    cakupan: Coverage
    city: CityServed
    kelurahan: Mending


def desks(stage: Stage, on: date) -> Desks:
    with stage.jambi.acting(Role.MAYOR, on=on):
        day = today(on=on)
        six, cakupan = city_figures.figures(day), coverage(on=on)
    with stage.jambi.acting(Role.BRANCH_OFFICER, on=on):
        (city,) = cities_served(today(on=on).agreements)
    with stage.jambi.acting(Role.CITY_OFFICER, on=on):
        # The officer's whole city on the operator's desk: sight is tested elsewhere, here only what is added up.
        kelurahan = mending(today(on=on).agreements)
    return Desks(day, six, cakupan, city, kelurahan)


def test_it_counts_the_same_people_on_every_desk(stage: Stage) -> None:
    for on in DAYS:
        day, six, cakupan, city, _ = desks(stage, on)
        assert day.covered == cakupan.total.covered + cakupan.repeated == city.covered, on
        assert day.employed == cakupan.employed, on
        assert day.quota == cakupan.quota == city.quota == 5_040, on
        assert day.monthly_cost == city.monthly_cost, on
        assert six[0].value.id == counted(day.covered).id, on
        assert f"kuota {counted(day.quota).id} orang" in six[0].sentence.id, on
        assert day.apart == city.apart, on
        assert sum(area.figures.covered for area in cakupan.kecamatan) == cakupan.total.covered, on
        the_cards_add_up(stage, day)


def the_cards_add_up(stage: Stage, day: Today) -> None:
    assert [each.id for each in day.employers] == [stage.unit.pk]
    assert day.covered + day.employed == sum(each.covered for each in day.agreements)
    assert day.monthly_cost + day.employed_cost == sum(each.monthly_cost for each in day.agreements)
    assert day.employed_cost == 3 * WAGE_EARNER


def test_it_counts_siti_once_on_the_map_and_says_why_today_counts_her_twice(stage: Stage) -> None:
    """Siti under two agreements, Budi and three others under one: five people, six places."""
    cakupan = desks(stage, date(2025, 6, 20)).cakupan
    assert (cakupan.total.covered, cakupan.repeated, cakupan.employed) == (5, 1, 3)
    assert cakupan.as_today.id == (
        "Terlindungi dan menunggak bersama: 5 orang. Hari ini menulis 6, sebab menjumlahkan kerja sama: "
        "1 orang terlindungi di dua kerja sama."
    )
    assert cakupan.counted.id.endswith("Di luar itu, 3 pegawai kota sendiri terlindungi (penerima upah).")


def test_it_says_it_is_the_same_where_nobody_has_two_agreements(jambi: Place) -> None:
    with jambi.city.acting(Role.MAYOR):
        found = coverage(on=world.TODAY)
    assert found.as_today.id == "Terlindungi dan menunggak bersama: 0 orang, sama dengan Hari ini."
    assert "pegawai kota" not in found.counted.id


def test_it_gives_the_mayor_each_figure_of_the_sponsored_alone(stage: Stage) -> None:
    """On 18 September 2025 June to August are paid for the sponsored; the unit owes July and August."""
    day, six, _, _, _ = desks(stage, date(2025, 9, 18))
    behind, cost, money, paid = six[1:5]
    assert (day.employers[0].overdue, day.employers[0].months_late) == (True, 2)
    assert (behind.value.id, "dari 6 orang" in behind.sentence.id) == ("6", True)
    assert cost.value.id == rupiah(6 * world.PRICE)
    assert cost.sentence.id == "Dari anggaran 2025 sebesar Rp1.000.000 untuk 2 kerja sama."
    assert "dari 2 kerja sama" in money.sentence.id
    assert (paid.value.id, paid.sentence.id) == (
        "6",
        "Dari 8 bulan iuran 2025 yang sudah jatuh tempo; 2 belum dibayar.",
    )
    assert day.apart is not None
    assert day.apart.id.startswith(
        f"Di luar itu, 3 pegawai kota sendiri terlindungi (penerima upah), {rupiah(3 * WAGE_EARNER)} sebulan. "
        "2 bulan iuran mereka belum dibayar."
    )


def test_it_leaves_the_months_of_last_year_out_of_this_years_denominator(stage: Stage) -> None:
    """On 1 March 2026 September to February are late: four months of 2025, and January and February twice."""
    day, six, *_ = desks(stage, date(2026, 3, 1))
    assert sum(each.months_late for each in day.sponsored) == 12
    assert six[4].sentence.id == "Dari 4 bulan iuran 2026 yang sudah jatuh tempo; 4 belum dibayar."


def test_it_counts_the_names_that_wait_alike(stage: Stage) -> None:
    """Three ready and one to fix: of the correction, and whom it leaves out; one of the second agreement; five of the unit."""
    day, six, cakupan, _, kelurahan = desks(stage, date(2025, 6, 20))
    ready, fix = sum(each.ready for each in day.sponsored), sum(each.to_fix for each in day.sponsored)
    assert six[5].value.id == counted(ready + fix).id == str(cakupan.total.waiting)
    assert (kelurahan.ready, kelurahan.refused, kelurahan.to_fix) == (4, 1, 4)
    assert kelurahan.apart is not None
    assert "2 siap didaftarkan, 0 ditolak" in kelurahan.apart.id
    assert day.apart is not None
    assert day.apart.id.endswith("5 nama mereka menunggu.")


def test_it_gives_room_to_nobody_under_what_is_over_or_not_begun(stage: Stage) -> None:
    later = world.agreement(stage.jambi, "ditutup", quota=70)
    world.set_end(stage.jambi, later, date(2025, 9, 1))
    employers.drafted(stage.jambi, title="Satpam", quota=9)
    before, after = desks(stage, date(2025, 8, 20)), desks(stage, date(2025, 9, 18))
    assert before.day.quota == before.cakupan.quota == before.city.quota == 5_110
    assert after.day.quota == after.cakupan.quota == after.city.quota == 5_040


def test_it_says_nothing_of_wage_earners_where_the_city_employs_nobody(jambi: Place) -> None:
    with jambi.city.acting(Role.MAYOR):
        day = today(on=world.TODAY)
        assert (day.apart, mending(day.agreements).apart) == (None, None)
    with jambi.city.acting(Role.BRANCH_OFFICER):
        (city,) = cities_served(today(on=world.TODAY).agreements)
    assert city.apart is None


def test_it_tells_the_mayor_of_an_employer_whose_people_are_not_paid_yet(jambi: Place) -> None:
    unit = employers.unit(jambi.city)
    employers.employ(jambi.city, unit, employers.DEWI)
    with jambi.city.acting(Role.MAYOR, on=date(2025, 7, 20)):
        said = today(on=date(2025, 7, 20)).apart
    assert said is not None
    assert said.id.startswith("Di luar itu, 0 pegawai kota sendiri terlindungi")
    assert "1 bulan iuran mereka belum dibayar." in said.id
