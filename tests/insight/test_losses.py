"""Who loses what, on which day: by kecamatan and kelurahan, in rupiah, each in sight of those who may see them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import employers
import world
from contributions.conftest import Place
from lindung.access.models import Role
from lindung.insight.losses import Losses, losses, names
from lindung.law.months import Month
from lindung.membership import ending
from lindung.partnership.models import Agreement

JUNE, OCTOBER = Month(2025, 6), Month(2025, 10)
ON = date(2025, 11, 22)


def lost(place: Place, on: date = ON, role: Role = Role.MAYOR, agreement: Agreement | None = None) -> Losses:
    with place.city.acting(role, on=on):
        return losses(on=on, agreement_id=agreement.pk if agreement else None)


@pytest.fixture
def behind(jambi: Place) -> Place:
    """October is the last paid month; November was due on Monday, 17 November 2025."""
    world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
    return jambi


def test_it_says_on_which_day_how_many_lose_their_cover(behind: Place) -> None:
    found = lost(behind)
    assert (found.covered, found.behind, found.lapsed) == (2, 2, 0)
    assert [(stop.day, stop.what, stop.people) for stop in found.stops] == [
        (date(2025, 11, 18), "behind", 2),
        (date(2026, 2, 17), "lapses", 2),
    ]
    assert (found.first_day, found.first_people) == (date(2026, 2, 17), 2)
    assert found.stops[-1].text.id == "Lepas mulai 17 Februari 2026"


def test_afterwards_it_says_since_when_they_have_lapsed(behind: Place) -> None:
    found = lost(behind, date(2026, 3, 1))
    assert (found.covered, found.lapsed, found.first_day) == (0, 2, None)
    assert [(stop.day, stop.what, stop.people) for stop in found.stops] == [(date(2026, 2, 17), "lapsed", 2)]


def test_it_counts_them_where_they_live(behind: Place) -> None:
    """Ibu Siti lives in The Hok, Pak Budi in Legok."""
    found = lost(behind)
    assert {area.code: (area.covered, area.first_people) for area in found.kelurahan} == {
        world.THE_HOK: (1, 1),
        world.LEGOK: (1, 1),
    }
    assert [(area.code, area.covered) for area in found.kecamatan] == [("15.71.02", 1), ("15.71.10", 1)]


def test_it_says_what_they_lose_in_rupiah_and_by_which_article(behind: Place) -> None:
    words = lost(behind).words
    said = {(each.stage, each.programme): each for each in words}
    assert set(said) == {
        ("behind", "jkk"),
        ("behind", "jkm"),
        ("beyond", "jkk"),
        ("beyond", "jkm"),
        ("back", "jkm"),
    }
    assert "Rp10.000.000 dulu" in said["behind", "jkm"].text.id
    assert said["beyond", "jkm"].text.id.endswith("Keluarga kehilangan Rp42.000.000.")
    assert "Pasal 42" in said["beyond", "jkm"].article.id
    assert "Pasal 39" in said["beyond", "jkk"].article.id
    assert "hanya Rp10.000.000, bukan Rp42.000.000" in said["back", "jkm"].text.id


def test_when_the_sponsor_stops_it_says_who_has_lost_the_cover(behind: Place) -> None:
    on = date(2025, 11, 25)
    with behind.city.acting(on=on) as officer:
        ending.terminate(
            agreement_id=behind.agreement.pk,
            on=date(2025, 12, 1),
            reason="Anggaran dihentikan",
            by=officer,
            now=world.at(on),
        )
        stopped = Agreement.objects.get(pk=behind.agreement.pk)
    before, after = (
        lost(behind, date(2025, 11, 26), agreement=stopped),
        lost(behind, date(2025, 12, 2), agreement=stopped),
    )
    assert before.stopped
    assert (before.covered, before.first_day) == (2, date(2025, 12, 1))
    assert (after.covered, after.lapsed) == (0, 2)
    assert [(stop.day, stop.what) for stop in after.stops] == [(date(2025, 12, 1), "lapsed")]


def test_whoever_is_covered_by_another_agreement_has_lost_nothing(behind: Place) -> None:
    """In the whole city a person counts once, as she stands best."""
    employed = employers.unit(behind.city)
    employers.employ(behind.city, employed, world.STRANGER)
    world.pay(behind.city, employed.agreement, OCTOBER)
    found = lost(behind)
    assert found.covered == 3
    assert {each.stage for each in found.employed_words} == {"behind", "beyond"}
    assert any(stop.what == "employer" for stop in found.stops)


def test_an_operator_sees_her_kelurahan_and_another_city_nobody(behind: Place) -> None:
    own = lost(behind, role=Role.KELURAHAN_OPERATOR)
    assert (own.covered, [area.code for area in own.kelurahan]) == (1, [world.THE_HOK])
    bungo = Place(world.city("bungo", branch=behind.city.branch), behind.agreement, 0, 0)
    assert lost(bungo).covered == 0
    with pytest.raises(Agreement.DoesNotExist):
        lost(bungo, agreement=behind.agreement)


def test_it_names_them_fifty_to_a_page(behind: Place) -> None:
    other = world.agreement(behind.city, "ojek")
    world.enrol(behind.city, other, *world.crowd(55), since=Month(2025, 11), registered_on=date(2025, 10, 20))
    world.pay(behind.city, other, Month(2025, 11))
    with behind.city.acting(on=ON):
        first, second, beyond = (names(on=ON, number=number) for number in (1, 2, 9))
    assert (first.people, first.pages, len(first.rows), len(second.rows)) == (57, 2, 50, 7)
    assert beyond.number == 1
    assert [row.name for row, _ in first.rows[:2]] == ["Budi Santoso", "Siti Aminah"]


def test_it_asks_no_more_for_many_people_and_agreements(behind: Place) -> None:
    counts = []
    for code in ("", "ojek", "marbot"):
        if code:
            made = world.agreement(behind.city, code)
            world.enrol(behind.city, made, *world.crowd(9, after=sum(map(ord, code))))
            world.pay(behind.city, made, JUNE)
        with behind.city.acting(on=ON), CaptureQueriesContext(connection) as asked:
            losses(on=ON)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
