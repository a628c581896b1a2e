"""How offices write what is right: the harmless mess of titles, capitals, date orders and telephone numbers.

Nothing here makes a row wrong. What makes it wrong is in faults.py.
"""

import random
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from lindung.cli.demo.invented import Person

Cell = str | int | date | None

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
MUHAMMADS = ("Muhammad", "M.", "Muh.", "Mhd.", "Moh.", "Mohammad", "Muhamad")
MUSLIM = {"malay", "javanese", "minang"}


class Entry(NamedTuple):
    """What an office enters about one person, before it is laid out in its columns."""

    name: Cell
    nik: Cell
    kk: Cell
    birth_place: str
    birth: Cell
    sex: Cell
    address: str
    rt: int
    rw: int
    kelurahan: Cell
    kecamatan: str
    occupation: str
    duty_place: str
    phone: Cell


def dashed(day: date) -> str:
    """12-05-1974."""
    return f"{day:%d-%m-%Y}"


def slashed(day: date) -> str:
    """12/05/1974."""
    return f"{day:%d/%m/%Y}"


def in_words(day: date) -> str:
    """12 Mei 1974."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def year_first(day: date) -> str:
    """1974-05-12."""
    return day.isoformat()


def as_excel_date(day: date) -> date:
    """A real date cell."""
    return day


DateOrder = Callable[[date], Cell]
TEXT_ORDERS: tuple[DateOrder, ...] = (dashed, slashed, in_words, year_first)
MIXED_ORDERS: tuple[DateOrder, ...] = (dashed, slashed, in_words, as_excel_date)


class Clerk:
    """One office's typist: writes every person down correctly, rarely twice in the same way."""

    def __init__(
        self, *, rng: random.Random, orders: tuple[DateOrder, ...], titles: dict[str, list[str]]
    ) -> None:
        self.rng = rng
        self.orders = orders
        self.titles = titles

    def plain(self, person: Person) -> Entry:
        """The person as the identity card has it, without any habit."""
        return Entry(
            name=person.name,
            nik=person.nik,
            kk=person.kk,
            birth_place=person.birth_place,
            birth=dashed(person.birth),
            sex="P" if person.sex == "female" else "L",
            address=person.address,
            rt=person.rt,
            rw=person.rw,
            kelurahan=person.home.name,
            kecamatan=person.home.kecamatan,
            occupation=person.role.occupation,
            duty_place=person.role.duty_place,
            phone=person.phone,
        )

    def enter(self, person: Person) -> Entry:
        """The person as this office would type him or her in; every cell can be read without a doubt."""
        return self.plain(person)._replace(
            name=self.name(person),
            kk=person.kk if self.rng.random() < 0.93 else None,
            birth_place=self._case(person.birth_place),
            birth=self.rng.choice(self.orders)(person.birth),
            sex=self.sex(person),
            address=self._case(person.address),
            kelurahan=self.kelurahan(person.home.name),
            kecamatan=self._case(person.home.kecamatan),
            occupation=self._case(person.role.occupation),
            phone=self.phone(person.phone),
        )

    def name(self, person: Person) -> str:
        """Titles, degrees, capitals, the shorter forms of Muhammad, bin, binti and br., letters typed apart."""
        name, draw = person.name, self.rng.random()
        if name.startswith("Muhammad "):
            name = f"{self.rng.choice(MUHAMMADS)} {name.removeprefix('Muhammad ')}"
        if draw < 0.10:
            name = f"{self.rng.choice(self._titles(person))} {name}"
        elif draw < 0.13:
            name = f"{name}, {self.rng.choice(self.titles['degrees'])}"
        elif draw < 0.16:
            name = self._with_family(person, name)
        elif draw < 0.19:
            name = f" {name.replace(' ', '  ')}  "
        elif draw < 0.40 and " " not in name and name.isalpha():
            return " ".join(name)
        return self._case(name)

    def sex(self, person: Person) -> str:
        """L and P, or whole words."""
        forms = (
            ("L", "L", "L", "L", "Laki-laki") if person.sex == "male" else ("P", "P", "P", "P", "Perempuan")
        )
        return self.rng.choice(forms)

    def kelurahan(self, name: str) -> str:
        """The official name, at times with the word before it."""
        return self._case(self.rng.choice((name, name, name, f"Kel. {name}", f"Kelurahan {name}")))

    def phone(self, number: str) -> Cell:
        """Free text as people dictate it; a number cell has lost its leading zero."""
        forms: tuple[Cell, ...] = (
            number,
            f"{number[:4]}-{number[4:8]}-{number[8:]}",
            f"{number[:4]} {number[4:8]} {number[8:]}",
            f"+62{number[1:]}",
            f"62{number[1:]}",
            int(number),
            None,
        )
        return self.rng.choices(forms, weights=(30, 15, 10, 6, 4, 15, 20))[0]

    def _titles(self, person: Person) -> list[str]:
        if person.role.culture in MUSLIM:
            return self.titles[person.sex]
        return ["Ibu"] if person.sex == "female" else ["Bapak", "Bpk."]

    def _with_family(self, person: Person, name: str) -> str:
        """bin and binti come before a father's name, boru before the clan of a Batak woman."""
        first, _, last = name.rpartition(" ")
        if person.role.culture == "batak" and person.sex == "female" and first:
            return f"{first} {self.rng.choice(('br.', 'boru'))} {last}"
        if person.role.culture not in MUSLIM:
            return name
        return (
            f"{name} {'binti' if person.sex == 'female' else 'bin'} {self.rng.choice(self.titles['fathers'])}"
        )

    def _case(self, text: str) -> str:
        return text.upper() if self.rng.random() < 0.45 else text
