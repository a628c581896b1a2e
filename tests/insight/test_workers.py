"""The list of workers: by name, narrowed, a page at a time, with the same standing that the page of each gives."""

from datetime import date

import pytest

import world
from contributions.conftest import Place
from lindung.access.models import Role
from lindung.insight import workers
from lindung.insight.workers import Chosen, WorkerPage
from lindung.law.months import Month

ON = date(2025, 6, 20)
EVERYBODY = Chosen()


def listed(place: Place, chosen: Chosen = EVERYBODY, after: int | None = None) -> WorkerPage:
    with place.city.acting(on=ON):
        return workers.page(on=ON, chosen=chosen, after=after)


def test_it_goes_through_everybody_once_by_name(jambi: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PER_PAGE", 3)
    world.enrol(jambi.city, jambi.agreement, *world.crowd(5), since=Month(2025, 7))
    names, after = [], None
    while True:
        page = listed(jambi, after=after)
        names += [row.name for row in page.rows]
        after = page.after
        if after is None:
            break
    assert names == sorted(names)
    assert len(names) == len(set(names)) == 7


def test_it_counts_what_it_lists(jambi: Place) -> None:
    world.pay(jambi.city, jambi.agreement, Month(2025, 6))
    world.enrol(jambi.city, jambi.agreement, *world.crowd(2), since=Month(2025, 7))
    with jambi.city.acting(on=ON):
        counted = workers.counts(on=ON, chosen=Chosen())
    assert counted == {"protected": 2, "at_risk": 0, "proposed": 2, "lapsed": 0, "ended": 0}
    for standing, people in counted.items():
        rows = listed(jambi, Chosen(standing=standing)).rows
        assert (len(rows), {row.standing for row in rows} <= {standing}) == (people, True)


def test_it_masks_the_number_and_names_place_and_work(jambi: Place) -> None:
    (siti,) = listed(jambi, Chosen(kelurahan_code=world.THE_HOK)).rows
    assert (siti.name, siti.nik_masked, siti.kelurahan) == ("Siti Aminah", "157102••••••••01", "Thehok")
    assert [work.id for work in siti.works] == ["Petugas kebersihan"]


def test_it_shows_only_who_was_enrolled_by_the_day(jambi: Place) -> None:
    before = date(2025, 5, 1)
    with jambi.city.acting(on=before):
        assert workers.page(on=before, chosen=Chosen()).rows == ()


def test_it_gives_rows_only_of_people_in_sight(jambi: Place) -> None:
    with jambi.city.acting(Role.KELURAHAN_OPERATOR, on=ON):
        rows = workers.rows_of([jambi.budi, jambi.siti], on=ON)
    assert [row.person_id for row in rows] == [jambi.siti]
