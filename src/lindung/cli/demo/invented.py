"""Invents people who look like a city's and mean nobody: names, birth dates, NIK, homes and telephones.

Names are common given names combined at random. Every NIK carries a serial number from 9001 to 9999, which a civil
registry office, counting from 0001 within one district and birth date, does not reach; telephones begin with 0840, a
prefix no operator is known to hold. So no row means a real person, and no message reaches one.
"""

import random
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from lindung.identity import places
from lindung.identity.places import Place

Sex = Literal["male", "female"]
Years = tuple[date, date]
"""The first and the last day on which a person may be born."""

WORKING: Years = (date(1962, 1, 15), date(2006, 3, 31))
"""Adults who stay under 65, the limit of age of the scheme, until after the end of 2026."""
TOO_OLD: Years = (date(1946, 1, 1), date(1960, 5, 22))
"""Has reached 65 on 22 May 2025; the last of these days is the birthday itself."""
TOO_YOUNG: Years = (date(2012, 5, 23), date(2017, 12, 31))
"""Has not reached 13 on 22 May 2025."""

FIRST_SERIAL, LAST_SERIAL = 9001, 9999
SHARE_OF_WOMEN = 0.46
SHARE_FIRST_REGISTERED_ELSEWHERE = 0.14
SHARE_WITH_ONE_NAME = 0.07
SHARE_WITH_THREE_NAMES = 0.08


class Role(NamedTuple):
    """What a person is on the list for; `culture` names the group of given names (see names.toml)."""

    culture: str
    occupation: str
    duty_place: str = ""


class Person(NamedTuple):
    """One invented person as an identity card would have it."""

    name: str
    role: Role
    sex: Sex
    birth: date
    birth_place: str
    nik: str
    kk: str
    home: Place
    address: str
    rt: int
    rw: int
    phone: str


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """The word lists people are made of, by group (see names.toml)."""
    parsed: dict[str, dict[str, list[str]]] = tomllib.loads(_read("names.toml"))
    return parsed


@cache
def spellings() -> dict[str, dict[str, list[str]]]:
    """Other spellings of kelurahan: the `accepted` and the `mistyped` ones by official name (see spellings.toml)."""
    parsed: dict[str, dict[str, list[str]]] = tomllib.loads(_read("spellings.toml"))
    return parsed


def home_named(name: str) -> Place:
    """The kelurahan of that official name; KeyError if the city has none."""
    return {place.name: place for place in places.PLACES.values()}[name]


def district_of(home: Place) -> str:
    """The six digits a NIK first registered in this kelurahan begins with."""
    return home.kecamatan_code.replace(".", "")


def nik_of(district: str, birth: date, sex: Sex, serial: int) -> str:
    """The 16 digits: district, day (women: day + 40), month, two-digit year, serial number."""
    day = birth.day + (40 if sex == "female" else 0)
    return f"{district}{day:02}{birth:%m%y}{serial:04}"


class People:
    """A source of invented people: no two share a NIK, nor a birth date within one kelurahan."""

    def __init__(self, *, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - invented people, no secret hangs on it
        self._niks: set[str] = set()
        self._births: set[tuple[str, date]] = set()

    def invent(
        self, *, role: Role, born: Years = WORKING, sex: Sex | None = None, among: Sequence[str] = ()
    ) -> Person:
        """A new person in that role, born within those days, living in one of those kelurahan (any, if none given)."""
        rng = self.rng
        sex = sex or self._sex_for(role.occupation)
        return self.settle(
            name=self.name(culture=role.culture, sex=sex),
            role=role,
            sex=sex,
            birth=self._day(born),
            home=home_named(rng.choice(among)) if among else rng.choice(list(places.PLACES.values())),
            born=born,
        )

    def settle(
        self, *, name: str, role: Role, sex: Sex, birth: date, home: Place, born: Years = WORKING
    ) -> Person:
        """Give someone a home, numbers and papers; the birth date moves within `born` where it is taken there."""
        rng, words = self.rng, vocabulary()["homes"]
        while (home.name, birth) in self._births:
            birth = self._day(born)
        self._births.add((home.name, birth))
        return Person(
            name=name,
            role=role,
            sex=sex,
            birth=birth,
            birth_place=rng.choice(words["birth_places"]),
            nik=self.nik(district=self._district(home), birth=birth, sex=sex),
            kk=self._kk(home),
            home=home,
            address=f"{rng.choice(words['streets'])} No. {rng.randint(1, 140)}",
            rt=rng.randint(1, 42),
            rw=rng.randint(1, 12),
            phone=f"0840{rng.randint(10_000_000, 99_999_999)}",
        )

    def nik(self, *, district: str, birth: date, sex: Sex) -> str:
        """A NIK nobody else in this source has, not even after its last digit is lost."""
        while True:
            nik = nik_of(district, birth, sex, self.rng.randint(FIRST_SERIAL, LAST_SERIAL))
            if nik[:15] not in self._niks:
                self._niks.add(nik[:15])
                return nik

    def name(self, *, culture: str, sex: Sex) -> str:
        """A given name of one to three words, as that culture combines them."""
        words, rng = vocabulary()[culture], self.rng
        first, last = rng.choice(words[f"{sex}_first"]), rng.choice(words[f"{sex}_last"])
        if first == last:
            return first
        if culture in {"malay", "javanese"}:
            draw = rng.random()
            if draw < SHARE_WITH_ONE_NAME and len(first) > 5:
                return first
            if draw > 1 - SHARE_WITH_THREE_NAMES:
                return " ".join(dict.fromkeys((first, last, rng.choice(words[f"{sex}_last"]))))
        return f"{first} {last}"

    def _sex_for(self, occupation: str) -> Sex:
        work = vocabulary()["work"]
        if occupation in work["men_only"]:
            return "male"
        return "female" if occupation in work["women_only"] or self.rng.random() < SHARE_OF_WOMEN else "male"

    def _day(self, born: Years) -> date:
        return born[0] + timedelta(days=self.rng.randint(0, (born[1] - born[0]).days))

    def _kk(self, home: Place) -> str:
        """A family card number: district, day of issue, serial number; not checked by anyone."""
        issued = self._day((date(2008, 1, 1), date(2024, 12, 28)))
        return f"{district_of(home)}{issued:%d%m%y}{self.rng.randint(FIRST_SERIAL, LAST_SERIAL)}"

    def _district(self, home: Place) -> str:
        """A NIK names the place of first registration, so it need not be the district of the home."""
        districts = vocabulary()["districts"]
        draw = self.rng.random()
        if draw < SHARE_FIRST_REGISTERED_ELSEWHERE:
            return self.rng.choice(districts["elsewhere"])
        return self.rng.choice(districts["city"]) if draw < 0.45 else district_of(home)


def _read(name: str) -> str:
    return files("lindung.cli.demo").joinpath(name).read_text(encoding="utf-8")
