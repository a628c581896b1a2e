"""Coverage: every person once, where she lives, and never a denominator nobody gave."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from contributions.conftest import Place
from lindung.access.models import Role
from lindung.contributions.cover import cover_of
from lindung.insight import coverage as insight
from lindung.insight.coverage import Coverage, Denominator, Figures
from lindung.law.months import Month
from lindung.membership.models import Membership, Verdict

JUNE = Month(2025, 6)
PAID, OVERDUE, LAPSED = date(2025, 6, 20), date(2025, 7, 20), date(2025, 10, 20)


def seen(place: world.City, on: date, role: Role = Role.MAYOR, within: str = "") -> Coverage:
    with place.acting(role, on=on):
        return insight.coverage(on=on, within=within)


def figures_of(found: Coverage, code: str) -> Figures:
    return next(area.figures for area in found.kelurahan if area.code == code)


def test_it_counts_each_person_where_she_lives_by_how_she_stands(jambi: Place) -> None:
    world.pay(jambi.city, jambi.agreement, JUNE)
    assert seen(jambi.city, date(2025, 6, 5)).total == Figures(proposed=2)
    assert seen(jambi.city, PAID).total == Figures(protected=2)
    assert seen(jambi.city, OVERDUE).total == Figures(at_risk=2)
    assert seen(jambi.city, LAPSED).total == Figures(lapsed=2)
    found = seen(jambi.city, PAID)
    assert figures_of(found, world.THE_HOK) == figures_of(found, world.LEGOK) == Figures(protected=1)
    assert sum(area.figures.enrolled for area in found.kecamatan) == 2
    assert len(found.kelurahan) == 68


def test_it_tells_who_is_paid_and_not_begun_from_who_is_unpaid(jambi: Place) -> None:
    """December is paid in November: nobody owes anything for the two; the third of another agreement is unpaid."""
    december, on = Month(2025, 12), date(2025, 11, 25)
    paid, unpaid = (world.agreement(jambi.city, code, since=december) for code in ("lunas", "belum"))
    world.enrol(jambi.city, paid, *world.crowd(2), since=december)
    world.enrol(jambi.city, unpaid, *world.crowd(1, after=9), since=december)
    world.pay(jambi.city, paid, december, on=on)
    before = seen(jambi.city, date(2025, 11, 24)).total
    total = seen(jambi.city, on).total
    assert (before.proposed, before.paid_ahead) == (total.proposed, 0)
    assert (total.paid_ahead, total.unpaid) == (2, before.unpaid - 2)
    with jambi.city.acting(on=on):
        people = Membership.objects.filter(agreement__in=[paid, unpaid]).values_list("person_id", flat=True)
        covers = [cover_of(person, on=on) for person in people]
    assert sum(found.state == "proposed" and found.works[0].paid_until is not None for found in covers) == 2
    assert seen(jambi.city, date(2025, 12, 1)).total.protected == 2


def test_it_adds_the_rows_that_wait_to_one_denominator_only(jambi: Place) -> None:
    world.pay(jambi.city, jambi.agreement, JUNE)
    with jambi.city.acting(on=PAID):
        verdicts = [Verdict.TO_FIX, Verdict.REFUSED]
        world.roster(jambi.city, jambi.agreement, *world.crowd(3), on=PAID, verdicts=verdicts)
    total = seen(jambi.city, PAID).total
    assert (total.out_of(Denominator.ENROLLED), total.percent(Denominator.ENROLLED)) == (2, 100)
    assert (total.out_of(Denominator.LISTED), total.percent(Denominator.LISTED)) == (4, 50)
    assert Figures().percent(Denominator.ENROLLED) is None
    assert Figures(protected=199, lapsed=1).percent(Denominator.ENROLLED) == 99


def test_it_has_a_quota_for_the_whole_city_only(jambi: Place) -> None:
    assert seen(jambi.city, PAID).quota == 5_000
    assert seen(jambi.city, PAID, within=world.THE_HOK).quota is None
    assert seen(jambi.city, PAID, within="15.71.02").total == Figures(proposed=1)


def test_it_shows_another_city_nothing_and_an_operator_his_place(jambi: Place) -> None:
    bungo = world.city("bungo", branch=jambi.city.branch)
    assert seen(bungo, PAID).total == Figures()
    assert seen(jambi.city, PAID, Role.KELURAHAN_OPERATOR).total == Figures(proposed=1)


def test_it_asks_four_questions_for_two_people_and_for_two_hundred(jambi: Place) -> None:
    def asked() -> int:
        with jambi.city.acting(Role.MAYOR), CaptureQueriesContext(connection) as queries:
            insight.coverage(on=world.TODAY)
        return len(queries)

    few = asked()
    world.enrol(jambi.city, jambi.agreement, *world.crowd(200))
    assert asked() == few == 4
