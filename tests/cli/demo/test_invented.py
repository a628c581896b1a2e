"""Invented people are whole, distinct, of working age, and nobody's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.demo_lists import DISNAKER, KESRA
from lindung.cli.demo import invented
from lindung.cli.demo.invented import TOO_OLD, TOO_YOUNG, WORKING, People, Role, Sex, spellings, vocabulary
from lindung.identity import names, nik, phones, places
from lindung.law.months import age_on

LINES = [line for recipe in (DISNAKER, KESRA) for line in recipe.lines]
READY = [line.person for line in LINES if line.verdict == "ready" and line.person is not None]
EVERYONE = [line.person for line in LINES if line.person is not None]


def test_it_uses_serial_numbers_that_no_registry_reaches() -> None:
    """9001 to 9999 within one district and birth date: so no row means a real person."""
    assert {int(person.nik[12:]) // 1000 for person in EVERYONE} == {9}
    assert all(9001 <= int(person.nik[12:]) <= 9999 for person in EVERYONE)


def test_it_gives_every_ready_person_a_nik_of_his_own() -> None:
    assert len({person.nik for person in READY}) == len(READY) == 4316


def test_it_gives_every_ready_person_a_name_birth_and_home_of_his_own() -> None:
    assert len({(names.key(person.name), person.birth, person.home.name) for person in READY}) == len(READY)


def test_it_keeps_every_ready_person_between_19_and_65_until_the_end_of_2026() -> None:
    assert min(age_on(person.birth, date(2025, 5, 22)) for person in READY) >= 19
    assert max(age_on(person.birth, date(2026, 12, 31)) for person in READY) < 65


def test_it_houses_people_in_all_68_kelurahan() -> None:
    assert {person.home.code for person in READY} == set(places.PLACES)
    assert len(places.PLACES) == 68


def test_it_registers_some_people_first_elsewhere() -> None:
    elsewhere = sum(not person.nik.startswith("1571") for person in READY)
    assert 0.10 < elsewhere / len(READY) < 0.18
    assert {person.nik[:6] for person in READY} >= {f"1571{district:02}" for district in range(1, 12)}


def test_it_gives_telephones_that_can_be_read_and_reach_nobody() -> None:
    assert all(person.phone.startswith("0840") and phones.clean(person.phone) for person in EVERYONE)


def test_it_knows_names_of_one_word_and_of_three() -> None:
    words = {len(person.name.split()) for person in READY}
    assert {1, 2, 3} <= words


def test_it_combines_only_names_that_are_letters() -> None:
    assert all(not names.problems(person.name) for person in EVERYONE)


@given(
    birth=st.dates(min_value=TOO_OLD[0], max_value=TOO_YOUNG[1]),
    sex=st.sampled_from(["male", "female"]),
    serial=st.integers(min_value=1, max_value=9999),
)
def test_it_builds_a_nik_that_reads_back_as_the_person(birth: date, sex: Sex, serial: int) -> None:
    read = nik.read(invented.nik_of("157108", birth, sex, serial))
    assert birth in read.births
    assert (read.sex, read.serial) == ("F" if sex == "female" else "M", f"{serial:04}")


def test_it_never_gives_two_people_niks_that_differ_in_the_last_digit_only() -> None:
    """A spreadsheet that loses the sixteenth digit must not turn one person into another."""
    people = People(seed=1)
    given_out = [people.nik(district="157101", birth=date(1980, 1, 1), sex="male") for _ in range(60)]
    assert len({number[:15] for number in given_out}) == 60


def test_it_moves_a_birth_date_that_is_taken_in_that_kelurahan() -> None:
    people = People(seed=1)
    home = invented.home_named("Legok")
    role = Role("malay", "Marbot")
    born = date(1980, 1, 1)
    first = people.settle(name="Ali", role=role, sex="male", birth=born, home=home)
    second = people.settle(name="Ali", role=role, sex="male", birth=born, home=home)
    assert first.birth == born != second.birth
    assert WORKING[0] <= second.birth <= WORKING[1]


def test_it_knows_no_kelurahan_of_another_city() -> None:
    with pytest.raises(KeyError):
        invented.home_named("Menteng")


@pytest.mark.parametrize("kind", ["accepted", "mistyped"])
def test_it_spells_only_kelurahan_that_exist(kind: str) -> None:
    for name, written in spellings()[kind].items():
        home = invented.home_named(name)
        for text in written:
            assert places.kelurahan(text) == (home if kind == "accepted" else None)


def test_it_knows_the_sex_that_goes_with_a_work() -> None:
    work = vocabulary()["work"]
    assert {person.sex for person in READY if person.role.occupation in work["men_only"]} == {"male"}
    assert {person.sex for person in READY if person.role.occupation in work["women_only"]} == {"female"}
