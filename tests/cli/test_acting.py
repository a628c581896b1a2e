"""Who acts, whether it stays, what the database refuses, and when the example is meant."""

from pathlib import Path

import pytest
from django.db import OperationalError

from cli.conftest import as_officer, events
from cli.town import NOW, Town
from lindung.access.roles import Permission
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.cli import acting as door
from lindung.cli.refusing import Refused, code_of
from lindung.contributions.models import Bill
from lindung.engine import state
from lindung.engine.troubles import DatabaseUnreachable


def _drawn(town: Town, **changes: object) -> Bill:
    """A bill without lines, which the database accepts at first and refuses at the end of the transaction."""
    values = {"month": "2026-12-01", "people": 1, "total": 16_800, "due_on": "2026-12-15", **changes}
    (event, *_) = events(town, "bill.drawn")
    return Bill.objects.create(
        agreement_id=town.agreement_id, sponsor_id=event.sponsor_id, event_id=event.pk, **values
    )


def test_it_tells_a_refusal_of_the_database_in_the_words_of_the_room(town: Town) -> None:
    with (
        pytest.raises(Refused) as refused,
        door.acting("city_officer", Permission.DRAW_BILL, command="test", wet=True),
    ):
        _drawn(town, total=0)
    assert refused.value.code == "refused.bill_asks_for_something"
    assert refused.value.text.en == "Nobody is billed in this month."


def test_a_trial_is_refused_for_what_the_database_checks_only_at_the_end(town: Town) -> None:
    with (
        pytest.raises(Refused) as refused,
        door.acting("city_officer", Permission.DRAW_BILL, command="test", wet=False),
    ):
        _drawn(town)
    assert refused.value.code == "refused.bill_equals_its_lines"


def test_nothing_stays_and_nothing_is_noted_when_it_fails(town: Town) -> None:
    with (
        pytest.raises(Refused),
        door.acting("city_officer", Permission.DRAW_BILL, command="test", wet=True),
    ):
        raise Refused("test.no", door._LOST)
    assert events(town, "command_line.used") == []


def test_a_lost_database_is_a_sentence_and_not_a_trace(town: Town) -> None:
    with (
        pytest.raises(DatabaseUnreachable) as lost,
        door.acting("city_officer", Permission.DRAW_BILL, command="test", wet=False),
    ):
        raise OperationalError("server closed the connection unexpectedly")
    assert code_of(lost.value) == "engine.database_unreachable"
    assert "./lindung doctor" in lost.value.text.en


def test_a_user_name_is_taken_in_any_case(town: Town) -> None:
    with door.acting("City_Officer", Permission.DRAW_BILL, command="test", wet=False) as standing:
        assert standing.actor.user_id is not None
        assert standing.on == NOW.date()


def test_it_names_those_who_resemble_what_was_typed(town: Town) -> None:
    with (
        pytest.raises(Refused) as refused,
        door.acting("city_oficer", Permission.DRAW_BILL, command="test", wet=False),
    ):
        pass
    assert refused.value.text.en.endswith("Who may do this: city_officer.")


def test_the_trial_leaves_the_officers_sight_as_it_was(town: Town) -> None:
    with as_officer(town):
        before = Bill.objects.count()
    with door.acting("stranger", Permission.DRAW_BILL, command="test", wet=False):
        assert Bill.objects.count() == 0
    with as_officer(town):
        assert Bill.objects.count() == before


@pytest.fixture
def another_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder as new."""
    monkeypatch.setenv("LINDUNG_HOME", str(tmp_path))
    return tmp_path


def _example_in(home: Path) -> None:
    server = state.server_folder(home / "demo")
    server.mkdir(parents=True)
    state.mark_demo(home / "demo")


def test_where_there_is_no_example_none_is_meant(another_home: Path) -> None:
    assert not door._means_the_example()


def test_where_nothing_is_installed_the_example_is_meant(another_home: Path) -> None:
    _example_in(another_home)
    assert door._means_the_example()


def test_in_the_examples_own_folder_it_is_meant(another_home: Path) -> None:
    state.mark_demo(another_home)
    assert door._means_the_example()


def test_beside_a_database_of_others_the_example_is_never_meant(
    another_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _example_in(another_home)
    monkeypatch.setenv("LINDUNG_DATABASE_URL", "postgresql://city@10.0.0.1/lindung")
    assert not door._means_the_example()


def test_beside_an_installation_with_people_the_example_is_not_meant(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from lindung.access.models import Organisation

    example = tmp_path / "demo"
    _example_in(tmp_path)
    monkeypatch.setattr("lindung.cli.demo.house.folder", lambda: example)
    assert door._means_the_example()
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        Organisation.objects.create(kind="city", code="jambi", name="Kota Jambi")
    assert not door._means_the_example()
