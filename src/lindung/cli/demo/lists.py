"""Who stands on each of the demo's lists, in which order, and what the check must say of every row.

Two offices send lists of one city. Disnaker's is enrolled first, so some people on the second list are in the
register already: the same person in another work, and a marbot whom Disnaker pays for.
"""

from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from lindung.cli.demo.faults import FAULTS, NOTES, REFUSED, Office, nothing
from lindung.cli.demo.habits import MIXED_ORDERS, MUSLIM, TEXT_ORDERS, Clerk, Entry
from lindung.cli.demo.invented import (
    TOO_OLD,
    TOO_YOUNG,
    WORKING,
    People,
    Person,
    Role,
    Years,
    home_named,
    spellings,
    vocabulary,
)
from lindung.identity import names

Verdict = Literal["ready", "to_fix", "refused", "ignored"]


class Plan(NamedTuple):
    """How many rows of each kind a list holds; those in `notes` are among the `ready` ones."""

    ready: int
    blank: int
    notes: dict[str, int]
    faults: dict[str, int]
    in_file: int
    conflict_pairs: int
    likely: int


class Item(NamedTuple):
    """One person's row before it has a line: what is written, and what must be said of it.

    `code` is the one fault, or "" for a ready row; `notes` do not block. `place` orders the rows, from 0 to 1.
    """

    place: float
    person: Person
    entry: Entry
    verdict: Verdict
    code: str
    notes: tuple[str, ...]


DISNAKER = Plan(
    ready=3000,
    blank=74,
    notes={
        "nik.repaired": 110,
        "nik.from_number": 160,
        "nik.birth_date_differs": 22,
        "nik.sex_differs": 10,
        "phone.unreadable": 40,
        "kelurahan.alias": 110,
        "sex.missing": 30,
    },
    faults={
        "nik.missing": 44,
        "nik.length": 56,
        "nik.not_digits": 22,
        "nik.scientific": 24,
        "nik.excel_rounded": 50,
        "nik.date_impossible": 18,
        "nik.serial_zero": 8,
        "nik.province_unknown": 10,
        "name.missing": 8,
        "name.not_letters": 8,
        "birth.missing": 22,
        "birth.unreadable": 18,
        "kelurahan.missing": 18,
        "kelurahan.unknown": 24,
        "age.too_old": 40,
        "age.too_young": 6,
    },
    in_file=220,
    conflict_pairs=30,
    likely=34,
)
KESRA = Plan(
    ready=1316,
    blank=32,
    notes={
        "nik.repaired": 45,
        "nik.from_number": 70,
        "nik.birth_date_differs": 10,
        "nik.sex_differs": 4,
        "phone.unreadable": 16,
        "kelurahan.alias": 60,
        "sex.missing": 13,
    },
    faults={
        "nik.missing": 18,
        "nik.length": 24,
        "nik.not_digits": 9,
        "nik.scientific": 9,
        "nik.excel_rounded": 20,
        "nik.date_impossible": 8,
        "nik.serial_zero": 3,
        "nik.province_unknown": 4,
        "name.missing": 3,
        "name.not_letters": 3,
        "birth.missing": 9,
        "birth.unreadable": 8,
        "kelurahan.missing": 8,
        "kelurahan.unknown": 10,
        "age.too_old": 18,
        "age.too_young": 3,
    },
    in_file=70,
    conflict_pairs=10,
    likely=15,
)
OTHER_CITY = Plan(
    ready=30,
    blank=2,
    notes={"nik.repaired": 3, "nik.from_number": 3, "kelurahan.alias": 2, "phone.unreadable": 1},
    faults={
        "nik.missing": 1,
        "nik.length": 2,
        "nik.excel_rounded": 1,
        "birth.unreadable": 1,
        "age.too_old": 1,
    },
    in_file=2,
    conflict_pairs=0,
    likely=0,
)
CLEANERS = Plan(
    ready=905,
    blank=6,
    notes={"nik.repaired": 20, "nik.from_number": 25, "phone.unreadable": 6, "kelurahan.alias": 15},
    faults={
        "nik.missing": 3,
        "nik.length": 4,
        "nik.excel_rounded": 2,
        "birth.unreadable": 2,
        "kelurahan.unknown": 2,
    },
    in_file=6,
    conflict_pairs=0,
    likely=0,
)
MARBOT = "Marbot"
GURU_NGAJI = "Guru Ngaji"
CLEANING = ("Petugas kebersihan", "Petugas kebersihan", "Penyapu jalan")
MARBOT_ON_FIRST_LIST = 10
OTHER_SPONSOR = 6
SECOND_WORK = 26
SITI_STANDS, BUDI_STANDS = 7, 4
"""Ibu Siti is the seventh person of the first list, Pak Budi the fourth of the second."""

TITLES = {
    "male": ["H.", "Bapak", "Bpk."],
    "female": ["Hj.", "Ibu"],
    "degrees": ["S.E.", "A.Md.", "S.Pd."],
    "fathers": ["Abdullah", "Hasan", "Saleh", "Karim", "Ibrahim", "Usman", "Yusuf", "Mahmud"],
}
RELIGIOUS_TITLES = TITLES | {"male": ["H.", "Ust.", "KH.", "Drs."], "degrees": ["S.Ag.", "S.Pd.I.", "S.H.I."]}
CULTURES = {"malay": 46, "javanese": 25, "minang": 13, "batak": 10, "chinese": 6}
FAITHS: dict[str, tuple[float, tuple[str, ...]]] = {
    "muslim": (88, ("malay", "malay", "javanese", "minang")),
    "church": (8, ("batak", "batak", "chinese")),
    "vihara": (2.5, ("chinese",)),
    "pura": (1.5, ("balinese",)),
}
"""How many of a hundred officers serve each faith, and the groups their names come from."""
AGES: dict[str, Years] = {"age.too_old": TOO_OLD, "age.too_young": TOO_YOUNG}

Casting = Callable[[People], Role]
"""Says what the next person on a list is there for."""


def vulnerable_worker(people: People) -> Role:
    """A street cleaner, a day labourer, a rider, a hawker."""
    culture = people.rng.choices(list(CULTURES), weights=list(CULTURES.values()))[0]
    return Role(culture, people.rng.choice(vocabulary()["work"]["vulnerable"]))


def religious_officer(people: People) -> Role:
    """Nine in ten serve a mosque; the others a church, a vihara or a pura."""
    rng = people.rng
    faith = rng.choices(list(FAITHS), weights=[share for share, _ in FAITHS.values()])[0]
    occupation = rng.choice(vocabulary()["work"][faith])
    return Role(rng.choice(FAITHS[faith][1]), occupation, _duty_place(people, occupation, faith))


def _duty_place(people: People, occupation: str, faith: str = "muslim") -> str:
    return people.rng.choice(
        vocabulary()["duty_places"]["koran_school" if occupation == GURU_NGAJI else faith]
    )


class Roll:
    """Fills one list by its plan and remembers whom nothing else has happened to."""

    def __init__(self, *, people: People, clerk: Clerk, cast: Casting, plan: Plan) -> None:
        self.office = Office(people, clerk)
        self.cast = cast
        self.plan = plan
        self.rng = people.rng
        self.items: list[Item] = []
        self.spare: list[Item] = []
        self._fixed: dict[int, Item] = {}

    def add(self, person: Person, *, code: str = "", after: float = 0.0, notes: tuple[str, ...] = ()) -> Item:
        """One more row for that person, with that fault or none, somewhere below the place `after`."""
        fault = FAULTS.get(code, nothing)
        entry = fault(self.office.clerk.enter(person), person, self.office)
        item = Item(self.rng.uniform(after, 1.0), person, entry, verdict_of(code), code, notes)
        self.items.append(item)
        return item

    def fill(self) -> None:
        """Everyone the plan asks for, beside those who were added before."""
        for code, count in self.plan.notes.items():
            for _ in range(count):
                self._noted(code)
        ready = len(self._fixed) + self._standing("")
        self.spare = [self.add(self._newcomer()) for _ in range(self.plan.ready - ready)]
        for code, count in self.plan.faults.items():
            for _ in range(count - self._standing(code)):
                self.add(self._newcomer(code), code=code)
        self._double()

    def fix(self, person: Person, *, at: int) -> None:
        """A ready row for someone who must always be the `at`-th person of the list."""
        self._fixed[at] = Item(0.0, person, self.office.clerk.plain(person), "ready", "", ())

    def in_order(self) -> list[Item]:
        """All rows from the top of the list to its end."""
        rows = sorted(self.items, key=lambda item: item.place)
        for at, item in sorted(self._fixed.items()):
            rows.insert(at - 1, item)
        return rows

    def _standing(self, code: str) -> int:
        return sum(item.code == code for item in self.items)

    def _newcomer(self, code: str = "") -> Person:
        places = {"kelurahan.alias": "accepted", "kelurahan.unknown": "mistyped"}
        among = tuple(spellings()[places[code]]) if code in places else ()
        people = self.office.people
        return people.invent(role=self.cast(people), born=AGES.get(code, WORKING), among=among)

    def _noted(self, code: str) -> None:
        item = self.add(self._newcomer(code), notes=(code,))
        self.items[-1] = item._replace(entry=NOTES[code](item.entry, item.person, self.office))

    def _double(self) -> None:
        """The rows that stand on the list twice: copied, copied with another NIK, or two people with one NIK."""
        self.rng.shuffle(self.spare)
        for _ in range(self.plan.in_file):
            first = self.spare.pop()
            self.add(first.person, code="duplicate.in_file", after=first.place)
        for _ in range(self.plan.likely):
            first = self.spare.pop()
            self._again_with_another_nik(first)
        for _ in range(self.plan.conflict_pairs):
            self._two_with_one_nik()

    def _again_with_another_nik(self, first: Item) -> None:
        person = first.person
        other = self.office.people.nik(district=person.nik[:6], birth=person.birth, sex=person.sex)
        self.add(person._replace(nik=other), code="duplicate.likely", after=first.place)

    def _two_with_one_nik(self) -> None:
        people = self.office.people
        one = self._newcomer()
        two = people.invent(role=one.role, sex=one.sex)
        while one.birth == two.birth or names.alike(one.name, two.name) != "different":
            two = people.invent(role=one.role, sex=one.sex)
        self.add(one, code="duplicate.conflict")
        self.add(two._replace(nik=one.nik), code="duplicate.conflict", notes=("nik.birth_date_differs",))


def verdict_of(code: str) -> Verdict:
    """What a row with that fault comes to; no fault is ready."""
    if not code:
        return "ready"
    return "refused" if code in REFUSED else "to_fix"


def both(people: People) -> tuple[Roll, Roll]:
    """Disnaker's list and Kesra's, with Ibu Siti and Pak Budi on them."""
    ibu_siti, pak_budi = siti(people), budi(people)
    first = disnaker(people, ibu_siti)
    return first, kesra(people, pak_budi, first)


def disnaker(people: People, ibu_siti: Person) -> Roll:
    """The vulnerable workers, among them Ibu Siti, a few marbot, and two people on the very edge of the ages."""
    roll = Roll(
        people=people,
        clerk=Clerk(rng=people.rng, orders=TEXT_ORDERS, titles=TITLES),
        cast=vulnerable_worker,
        plan=DISNAKER,
    )
    roll.fix(ibu_siti, at=SITI_STANDS)
    for _ in range(MARBOT_ON_FIRST_LIST):
        roll.add(people.invent(role=Role("malay", MARBOT)))
    for code, birthday in (("age.too_old", TOO_OLD[1]), ("age.too_young", TOO_YOUNG[0])):
        roll.add(people.invent(role=vulnerable_worker(people), born=(birthday, birthday)), code=code)
    roll.fill()
    return roll


def kesra(people: People, pak_budi: Person, first: Roll) -> Roll:
    """The religious officers, among them Pak Budi and those whom the first list has made known to the register."""
    roll = Roll(
        people=people,
        clerk=Clerk(rng=people.rng, orders=MIXED_ORDERS, titles=RELIGIOUS_TITLES),
        cast=religious_officer,
        plan=KESRA,
    )
    roll.fix(pak_budi, at=BUDI_STANDS)
    marbot = [item.person for item in first.items if item.person.role.occupation == MARBOT]
    for person in marbot[:OTHER_SPONSOR]:
        roll.add(_serving(people, person, MARBOT), code="register.other_sponsor")
    muslims = [item.person for item in first.spare if item.person.role.culture in MUSLIM]
    for person in muslims[:SECOND_WORK]:
        roll.add(_serving(people, person, GURU_NGAJI), code="register.second_work")
    roll.fill()
    return roll


def _serving(people: People, person: Person, occupation: str) -> Person:
    """The same person as an officer of a mosque."""
    return person._replace(role=Role(person.role.culture, occupation, _duty_place(people, occupation)))


def other_city(people: People) -> Roll:
    """Forty people of an office whose columns nobody has seen before."""
    roll = Roll(
        people=people,
        clerk=Clerk(rng=people.rng, orders=MIXED_ORDERS, titles=TITLES),
        cast=vulnerable_worker,
        plan=OTHER_CITY,
    )
    roll.fill()
    return roll


def cleaner(people: People) -> Role:
    """Sweeps the streets for the city itself, by the day."""
    return Role(people.rng.choice(("malay", "javanese", "minang")), people.rng.choice(CLEANING))


def cleaners(people: People) -> Roll:
    """The cleaners whom Dinas Lingkungan Hidup employs."""
    roll = Roll(
        people=people,
        clerk=Clerk(rng=people.rng, orders=TEXT_ORDERS, titles=TITLES),
        cast=cleaner,
        plan=CLEANERS,
    )
    roll.fill()
    return roll


def siti(people: People) -> Person:
    """Ibu Siti, a street cleaner."""
    return people.settle(
        name="Siti Aminah",
        role=Role("malay", "Petugas kebersihan"),
        sex="female",
        birth=date(1974, 5, 12),
        home=home_named("Payo Lebar"),
    )._replace(birth_place="Jambi", nik="1571085205749001")


def budi(people: People) -> Person:
    """Pak Budi, a mosque keeper."""
    return people.settle(
        name="Budi Santoso",
        role=Role("javanese", MARBOT, "Masjid Nurul Iman"),
        sex="male",
        birth=date(1968, 8, 17),
        home=home_named("Talang Banjar"),
    )._replace(birth_place="Jambi", nik="1571031708689001")
