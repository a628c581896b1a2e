"""What goes wrong in one row of a list, each fault under the code the check must give it.

A fault changes the entry of a person who is otherwise in order, so a row has that fault and no other.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from lindung.cli.demo.habits import MONTHS, Clerk, Entry
from lindung.cli.demo.invented import People, Person, Sex, spellings

UNKNOWN_PROVINCES = ("10", "20", "29", "40", "55", "66", "77", "88", "99")
EMPTY_NAMES = (None, "  ", "-")
SPOILT_NAMES = ("????", "123", "0840", "12/05/1974", "#N/A")
SPOILT_PHONES = ("tidak ada", "0840", "rusak", "ikut anak", "08xx")


class Office(NamedTuple):
    """What a fault may draw on: the source of people and the typist of the list."""

    people: People
    clerk: Clerk


Fault = Callable[[Entry, Person, Office], Entry]


def nothing(entry: Entry, person: Person, office: Office) -> Entry:
    """The row is in order; the person is too old or too young."""
    return entry


# To fix: the NIK


def nik_missing(entry: Entry, person: Person, office: Office) -> Entry:
    """An empty cell."""
    return entry._replace(nik=None)


def nik_length(entry: Entry, person: Person, office: Office) -> Entry:
    """One digit of the serial number lost, or one typed twice."""
    nik, spot = person.nik, office.people.rng.randint(12, 15)
    return entry._replace(
        nik=office.people.rng.choice((nik[:spot] + nik[spot + 1 :], nik[: spot + 1] + nik[spot:]))
    )


def nik_not_digits(entry: Entry, person: Person, office: Office) -> Entry:
    """The letter O for a zero, or I for a one."""
    digit, letter = ("0", "O") if "0" in person.nik else ("1", "I")
    return entry._replace(nik=person.nik.replace(digit, letter, 1))


def nik_scientific(entry: Entry, person: Person, office: Office) -> Entry:
    """What a spreadsheet shows of a long number, saved as text."""
    shown = f"{int(person.nik):.5E}"
    return entry._replace(nik=office.people.rng.choice((shown, shown.replace(".", ","))))


def nik_excel_rounded(entry: Entry, person: Person, office: Office) -> Entry:
    """Typed as a number: the spreadsheet keeps fifteen digits and puts 0 for the sixteenth."""
    return entry._replace(nik=int(person.nik[:15] + "0"))


def nik_date_impossible(entry: Entry, person: Person, office: Office) -> Entry:
    """Day 39 or month 13."""
    nik = person.nik
    return entry._replace(nik=office.people.rng.choice((nik[:6] + "39" + nik[8:], nik[:8] + "13" + nik[10:])))


def nik_serial_zero(entry: Entry, person: Person, office: Office) -> Entry:
    """Serial number 0000, which no registry issues."""
    return entry._replace(nik=person.nik[:12] + "0000")


def nik_province_unknown(entry: Entry, person: Person, office: Office) -> Entry:
    """The first two digits name no province, past or present."""
    return entry._replace(nik=office.people.rng.choice(UNKNOWN_PROVINCES) + person.nik[2:])


# To fix: name, birth, kelurahan


def name_missing(entry: Entry, person: Person, office: Office) -> Entry:
    """An empty cell, or one with spaces or a dash only."""
    return entry._replace(name=office.people.rng.choice(EMPTY_NAMES))


def name_not_letters(entry: Entry, person: Person, office: Office) -> Entry:
    """Signs or figures where a name belongs."""
    return entry._replace(name=office.people.rng.choice(SPOILT_NAMES))


def birth_missing(entry: Entry, person: Person, office: Office) -> Entry:
    """Neither place nor date."""
    return entry._replace(birth=None, birth_place="")


def birth_unreadable(entry: Entry, person: Person, office: Office) -> Entry:
    """A date that does not exist, or half of one."""
    day = person.birth
    broken = (
        f"31-02-{day.year}",
        f"{day.day} {MONTHS[day.month - 1]} 197",
        f"tahun {day.year}",
        "??-??-????",
    )
    return entry._replace(birth=office.people.rng.choice(broken))


def kelurahan_missing(entry: Entry, person: Person, office: Office) -> Entry:
    """An empty cell."""
    return entry._replace(kelurahan=None)


def kelurahan_unknown(entry: Entry, person: Person, office: Office) -> Entry:
    """So mistyped that the right name can only be suggested."""
    return entry._replace(kelurahan=office.people.rng.choice(spellings()["mistyped"][person.home.name]))


# Notes: the row is accepted and the reader is told


def nik_repaired(entry: Entry, person: Person, office: Office) -> Entry:
    """An apostrophe, spaces or dots around the right digits."""
    nik = person.nik
    parts = (nik[:6], nik[6:12], nik[12:])
    return entry._replace(
        nik=office.people.rng.choice((f"'{nik}", f" {nik} ", " ".join(parts), ".".join(parts)))
    )


def nik_from_number(entry: Entry, person: Person, office: Office) -> Entry:
    """A number cell that still holds all sixteen digits, the last of them not 0."""
    nik = person.nik
    while nik.endswith("0"):
        nik = office.people.nik(district=nik[:6], birth=person.birth, sex=person.sex)
    return entry._replace(nik=int(nik))


def nik_birth_date_differs(entry: Entry, person: Person, office: Office) -> Entry:
    """The card's number was issued on a birth date since corrected by a day or a month."""
    shifted = person.birth - timedelta(days=office.people.rng.choice((1, 2, 9, 31)))
    return entry._replace(nik=office.people.nik(district=person.nik[:6], birth=shifted, sex=person.sex))


def nik_sex_differs(entry: Entry, person: Person, office: Office) -> Entry:
    """The number says man and the column says woman, or the other way round."""
    other: Sex = "male" if person.sex == "female" else "female"
    return entry._replace(nik=office.people.nik(district=person.nik[:6], birth=person.birth, sex=other))


def phone_unreadable(entry: Entry, person: Person, office: Office) -> Entry:
    """Words, or too few figures."""
    return entry._replace(phone=office.people.rng.choice(SPOILT_PHONES))


def kelurahan_alias(entry: Entry, person: Person, office: Office) -> Entry:
    """Another spelling in use."""
    return entry._replace(kelurahan=office.people.rng.choice(spellings()["accepted"][person.home.name]))


def sex_missing(entry: Entry, person: Person, office: Office) -> Entry:
    """Nothing in the column; the NIK tells it."""
    return entry._replace(sex=None)


FAULTS: dict[str, Fault] = {
    "nik.missing": nik_missing,
    "nik.length": nik_length,
    "nik.not_digits": nik_not_digits,
    "nik.scientific": nik_scientific,
    "nik.excel_rounded": nik_excel_rounded,
    "nik.date_impossible": nik_date_impossible,
    "nik.serial_zero": nik_serial_zero,
    "nik.province_unknown": nik_province_unknown,
    "name.missing": name_missing,
    "name.not_letters": name_not_letters,
    "birth.missing": birth_missing,
    "birth.unreadable": birth_unreadable,
    "kelurahan.missing": kelurahan_missing,
    "kelurahan.unknown": kelurahan_unknown,
    "age.too_old": nothing,
    "age.too_young": nothing,
}
NOTES: dict[str, Fault] = {
    "nik.repaired": nik_repaired,
    "nik.from_number": nik_from_number,
    "nik.birth_date_differs": nik_birth_date_differs,
    "nik.sex_differs": nik_sex_differs,
    "phone.unreadable": phone_unreadable,
    "kelurahan.alias": kelurahan_alias,
    "sex.missing": sex_missing,
}
REFUSED = {"age.too_old", "age.too_young", "duplicate.in_file", "register.other_sponsor"}
"""Codes that no correction lifts; every other fault is one to fix."""
