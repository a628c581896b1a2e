"""The two lists of Kota Jambi through the real pipeline: every line comes to what its recipe says, and no NIK leaks."""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

import world
from cli.demo_lists import DISNAKER, KESRA
from database import fetched
from lindung.access.scope import SystemScope, system_scope
from lindung.access.sealing import blind_index
from lindung.cli.demo.workbooks import Line, Recipe
from lindung.documents import keeping
from lindung.identity import nik
from lindung.membership import enrolling, problems
from lindung.membership.models import Membership, Roster
from lindung.membership.problems import ProblemKind
from lindung.partnership.models import Agreement
from lindung.people.models import Person
from membership.sheets import Told, counts, opened, receive, tables, told
from world import City

EXAMPLES = Path(__file__).parents[2] / "examples" / "jambi"
READY = {"disnaker": 3_000, "kesra": 1_316}
BOTH = pytest.mark.parametrize("office", READY)


class Office(NamedTuple):
    """One office's list: what it must come to, what was said after judging, and after enrolling."""

    recipe: Recipe
    agreement: Agreement
    roster: int
    judged: dict[int, Told]
    enrolled: dict[int, Told]


class Jambi(NamedTuple):
    """The city with both lists taken in and enrolled; Disnaker's is enrolled before Kesra's is judged."""

    city: City
    offices: dict[str, Office]
    log: str


class Listener(logging.Handler):
    """Keeps whatever anybody logs."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@pytest.fixture(scope="module")
def jambi(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Jambi]:
    """Both lists, once for all tests of this module; rolled back at their end."""
    listener, log = Listener(), logging.getLogger()
    level = log.level
    with django_db_blocker.unblock(), transaction.atomic():
        log.addHandler(listener)
        log.setLevel(logging.DEBUG)
        city = world.city()
        offices = {
            "disnaker": _taken(city, world.agreement(city, "rentan", quota=3_200), DISNAKER),
            "kesra": _taken(city, world.agreement(city, "keagamaan", quota=1_400), KESRA),
        }
        log.setLevel(level)
        log.removeHandler(listener)
        yield Jambi(city, offices, "\n".join(listener.heard))
        transaction.set_rollback(True)


def _taken(city: City, promised: Agreement, recipe: Recipe) -> Office:
    path = EXAMPLES / recipe.form.file_name
    roster = receive(city, promised, path.read_bytes(), name=path.name)
    judged = told(city, roster)
    with city.acting() as officer:
        done = enrolling.enrol(
            roster_id=roster, by=officer, now=world.at(world.REGISTERED), first_month=world.FIRST_MONTH
        )
    assert done.lost == 0
    return Office(recipe, promised, roster, judged, told(city, roster))


def said(line: Line) -> Counter[str]:
    """What the recipe says of a line: its fault and its notes."""
    return Counter([code for code in (line.code, *line.notes) if code])


@BOTH
def test_every_line_comes_to_what_its_recipe_says(jambi: Jambi, office: str) -> None:
    found = jambi.offices[office].judged
    for line in jambi.offices[office].recipe.lines:
        if line.verdict == "ignored":
            assert found.get(line.number, Told("ignored")).verdict == "ignored", line
        else:
            assert (found[line.number].verdict, Counter(found[line.number].codes)) == (
                line.verdict,
                said(line),
            ), line


@BOTH
def test_no_line_is_lost_and_none_is_made_up(jambi: Jambi, office: str) -> None:
    numbers = {line.number: line for line in jambi.offices[office].recipe.lines}
    found = jambi.offices[office].judged
    assert set(found) <= set(numbers)
    missing = [numbers[number] for number in set(numbers) - set(found)]
    assert all(not any(str(cell or "").strip() for cell in line.cells) for line in missing), (
        "blank lines only"
    )


@BOTH
def test_exactly_the_ready_rows_are_enrolled(jambi: Jambi, office: str) -> None:
    listed = jambi.offices[office]
    ready = [number for number, row in listed.judged.items() if row.verdict == "ready"]
    assert len(ready) == READY[office]
    for number, row in listed.judged.items():
        expected = row._replace(verdict="enrolled") if row.verdict == "ready" else row
        assert listed.enrolled[number] == expected
    with jambi.city.acting():
        members = Membership.objects.filter(agreement=listed.agreement)
        assert members.count() == members.values("person").distinct().count() == READY[office]


def test_together_they_are_4316_people_and_nobody_twice(jambi: Jambi) -> None:
    with jambi.city.acting():
        assert Person.objects.count() == 4_316
    with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
        for table in ("people_person", "people_personscope", "membership_work", "membership_membership"):
            assert fetched(f"SELECT count(*) FROM {table}") == [(4_316,)], table


@BOTH
def test_every_person_is_the_one_the_recipe_means(jambi: Jambi, office: str) -> None:
    """By the number, and then name, birth date and home of each of them."""
    listed = jambi.offices[office]
    with jambi.city.acting():
        people = {bytes(person.nik_index): person for person in Person.objects.all()}
    for line in listed.recipe.lines:
        if line.verdict != "ready" or line.person is None:
            continue
        number = nik.compact(str(line.cells[2]))
        person = people[blind_index("nik", number)]
        assert person.birth_date == line.person.birth
        assert person.kelurahan_code == line.person.home.code
        assert person.sex == ("F" if line.person.sex == "female" else "M")


def test_what_the_register_says_of_the_second_list_names_the_first(jambi: Jambi) -> None:
    kesra = jambi.offices["kesra"]
    with jambi.city.acting():
        [roster] = Roster.objects.filter(pk=kesra.roster)
        details = Counter(
            (code, detail)
            for row in roster.rows.all()
            for _, code, detail in row.problems
            if code.startswith("register.")
        )
    assert details[("register.other_sponsor", jambi.offices["disnaker"].agreement.title)] == 6
    assert sum(count for (code, _), count in details.items() if code == "register.second_work") == 26


def test_the_two_lists_show_nearly_every_fault_there_is(jambi: Jambi) -> None:
    """The others are shown by tests of their own: whole files, full quotas, races and third works."""
    shown = {
        code for listed in jambi.offices.values() for row in listed.judged.values() for code in row.codes
    }
    unshown = {
        code
        for code, entry in problems.catalogue().items()
        if code not in shown
        and not code.startswith(("file.", "agreement."))
        and entry.kind != ProblemKind.NOTE
    }
    assert unshown == {
        "row.gone",
        "birth.in_future",
        "birth.day_and_month",
        "birth.long_ago",
        "quota.full",
        "register.enrolled_meanwhile",
        "register.paid_still",
        "register.name_differs",
        "register.third_work",
        "text.too_long",
        "wage.day_above_month",
        "wage.missing",
        "wage.very_high",
    }


@BOTH
def test_the_same_workbook_again_changes_nothing(jambi: Jambi, office: str) -> None:
    listed = jambi.offices[office]
    before = counts()
    path = EXAMPLES / listed.recipe.form.file_name
    assert receive(jambi.city, listed.agreement, path.read_bytes(), name=path.name) == listed.roster
    with jambi.city.acting() as officer:
        again = enrolling.enrol(roster_id=listed.roster, by=officer, now=world.at(world.REGISTERED))
    assert (again.enrolled, again.event_id) == (0, None)
    assert counts() == before


@BOTH
def test_the_original_comes_back_byte_by_byte(jambi: Jambi, office: str) -> None:
    listed = jambi.offices[office]
    with transaction.atomic():
        with jambi.city.acting() as officer:
            kept = Roster.objects.get(pk=listed.roster).document
            assert keeping.fetch(kept, by=officer) == (EXAMPLES / listed.recipe.form.file_name).read_bytes()
        transaction.set_rollback(True)


def test_no_nik_stands_in_clear_anywhere_in_the_database(jambi: Jambi) -> None:
    """Every column of every row of every table, texts and bytes: sixteen digits in a row are in none of them."""
    whole_number = re.compile(r"\b\d{16}\b")
    in_bytes = re.compile(r"(?:3[0-9]){16}")
    scanned = {}
    with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
        for table in tables():
            rows = [row for (row,) in fetched(f"SELECT t::text FROM {table} t")]
            scanned[table] = len(rows)
            for row in rows:
                assert not whole_number.search(row), table
                assert not in_bytes.search(row), table
    assert scanned["people_person"] == 4_316
    assert scanned["membership_rosterrow"] > 5_300
    assert scanned["documents_document"] == 2
    assert sum(1 for count in scanned.values() if count) >= 12


def test_the_scan_would_find_a_canary(jambi: Jambi) -> None:
    """The seals hold what the scan looks for: without them it would find every one of the numbers."""
    [siti] = [line for line in DISNAKER.lines if line.person and line.person.name == "Siti Aminah"][:1]
    row = opened(jambi.city, jambi.offices["disnaker"].roster)[siti.number]
    assert row.facts is not None
    assert row.facts.nik in row.cells
    assert re.search(r"\b\d{16}\b", repr(row))
    [(clear,)] = fetched("SELECT (ROW(%s::text, %s::bytea))::text", row.facts.nik, row.facts.nik.encode())
    assert re.search(r"\b\d{16}\b", clear)
    assert re.search(r"(?:3[0-9]){16}", clear)


def test_no_nik_was_logged(jambi: Jambi) -> None:
    assert not re.search(r"\d{16}", jambi.log)
