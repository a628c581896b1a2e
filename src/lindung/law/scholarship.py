"""The scholarship of the children: how much for which school year, for how long, and what stops it."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Fact, Payment, Step, weakest
from lindung.law.money import rupiah
from lindung.law.months import birthday
from lindung.law.reading import Read, Reading
from lindung.law.terms import Programme, Term
from lindung.law.text import Text, joined

PAYMENT = "scholarship"
"""The key of a later payment of a school year."""


class Level(Term):
    """A level of school, from kindergarten to higher education or training, in their order."""

    TK = "tk"
    SD = "sd"
    SMP = "smp"
    SMA = "sma"
    PT = "pt"

    @property
    def label(self) -> Text:
        """The level as people read it."""
        return _LEVELS[self]


_LEVELS = {
    Level.TK: Text("TK", "kindergarten (TK)"),
    Level.SD: Text("SD", "primary school (SD)"),
    Level.SMP: Text("SMP", "junior high school (SMP)"),
    Level.SMA: Text("SMA", "senior high school (SMA)"),
    Level.PT: Text("perguruan tinggi atau pelatihan", "higher education or training"),
}


class Child(NamedTuple):
    """A child on the day of the event. None: nobody said; it is asked for only where it decides."""

    birth_date: date | None
    level: Level | None = None
    year_of_level: int | None = None
    studying: bool | None = None
    married: bool = False
    working: bool = False

    @property
    def studies(self) -> bool | None:
        """Whether the child is at school; a child whose level is named and of which nobody says so is."""
        return True if self.studying is None and self.level is not None else self.studying

    @property
    def is_free(self) -> bool:
        """Neither married nor working."""
        return not self.married and not self.working


class Scholarship(NamedTuple):
    """What the children get: the school year running at the event as steps, later years as a schedule."""

    steps: tuple[Step, ...]
    schedule: tuple[Payment, ...]
    most: int
    """All of it in whole rupiah, now and later, if nothing stops it."""
    what_would_change: tuple[Text, ...]

    @property
    def now(self) -> int:
        """What is paid of it at once, in whole rupiah."""
        return sum(step.amount for step in self.steps)


class ContradictoryLaw(LookupError):
    """Dua aturan beasiswa tersimpan untuk hari yang sama. / Two scholarship rules are stored for one day."""


class _Pupil(NamedTuple):
    """What the plan of a child at school rests on."""

    born: date
    level: Level
    year_of_level: int


class _Year(NamedTuple):
    """One school year of a child, known by the calendar year in which it begins."""

    begins: int
    level: Level

    @property
    def label(self) -> str:
        return f"{self.begins}/{self.begins + 1}"


def scholarship(
    reading: Reading,
    children: tuple[Child, ...],
    *,
    programme: Programme,
    event_date: date,
    months_paid: int | None,
) -> Scholarship:
    """The scholarship of JKK or JKM for these children, by the law of the day of the event.

    JKM: PP 44/2015 P34, from 2 Dec 2019 as replaced by PP 82/2019 P I number 3, only from so many paid months
    on. JKK: PP 44/2015 P25, PP 82/2019 P I number 1, without waiting time; `months_paid` is not read. Steps
    have the key <programme>.scholarship_now.<place of the child, from 1>. Raises MissingFacts, naming
    `months_paid` and the facts of the children that decide (children[0].level); NoLawForDate.
    """
    law = reading.at(event_date)
    if not children:
        return Scholarship((), (), 0, ())
    needed = _months_needed(law, programme)
    if needed and months_paid is not None and months_paid < needed.value:
        return Scholarship((_too_early(needed, months_paid),), (), 0, ())
    once = _once(law, programme)
    plans = () if once.value else _plans(law, children, programme)
    lacking: tuple[str, ...] = ("months_paid",) if needed and months_paid is None else ()
    lacking += (
        _lacking_once(children) if once.value else tuple(name for plan in plans for name in plan.lacking)
    )
    if lacking:
        raise MissingFacts(*lacking)
    return _paid_once(law, once, children, programme) if once.value else _together(law, plans, programme)


def unsaid(child: Child, place: int) -> tuple[str, ...]:
    """The facts that the plan of this child rests on and nobody said, as children[0].level."""
    missing = ["birth_date"] if child.birth_date is None else []
    if child.studies is None:
        missing.append("studying")
    elif child.studies:
        missing += [name for name in ("level", "year_of_level") if getattr(child, name) is None]
    return tuple(f"children[{place - 1}].{name}" for name in missing)


def held_payment(step: Step) -> Payment:
    """The running school year of this step as a payment of its own, held until the arrears are settled.

    PP 44/2015 P39, P42.
    """
    named = {name: value for name, value in step.working.items() if name in ("child", "year", "level")}
    return Payment(PAYMENT, step.amount, named | {"after": "arrears_paid"})


def told_only(step: Step) -> Step:
    """The step of a sum that is held back: it moves no money, says so, and keeps its amount as `held`."""
    if not step.amount:
        return step
    said = joined((_NOT_PAID_YET, step.sentence))
    return step._replace(amount=0, sentence=said, working={**step.working, "held": step.amount})


def _months_needed(law: Reading, programme: Programme) -> Read[int] | None:
    """PP 44/2015 P34, PP 82/2019 P I number 3: the JKM scholarship needs paid months (masa iur)."""
    return law.whole("scholarship.jkm.months") if programme is Programme.JKM else None


def _too_early(needed: Read[int], months_paid: int) -> Step:
    working = {"months": needed.value, "paid": months_paid}
    step = needed.step("jkm.scholarship_now.months", 0, working=working)
    return step._replace(sentence=_TOO_EARLY.filled(months=needed.value, paid=months_paid))


# Before 2 December 2019: once for the participant.


_YEARLY = (
    "scholarship.children",
    "scholarship.yearly",
    "scholarship.years",
    "scholarship.stops_at_age",
    "scholarship.school_year_month",
    "scholarship.work_allowed",
)


def _once(law: Reading, programme: Programme) -> Read[int]:
    """The sum paid once; 0 where the yearly rules hold instead."""
    once = law.whole(f"scholarship.{programme}.once")
    if once.value and any(law.exists(id) for id in _YEARLY):
        raise ContradictoryLaw(ContradictoryLaw.__doc__)
    return once


def _lacking_once(children: tuple[Child, ...]) -> tuple[str, ...]:
    """Which children may be at school, where it is sure of none: one is enough, and its level says nothing."""
    if any(child.studies and child.is_free for child in children):
        return ()
    places = [place for place, child in enumerate(children) if child.studies is None and child.is_free]
    return tuple(f"children[{place}].studying" for place in places)


def _paid_once(
    law: Reading, once: Read[int], children: tuple[Child, ...], programme: Programme
) -> Scholarship:
    law.note(_OLD_CONDITIONS)
    at_school = [child for child in children if child.studies and child.is_free]
    if not at_school:
        none = once.step(f"{programme}.scholarship_now.none", 0)._replace(sentence=_NOBODY_STUDIES)
        return Scholarship((none,), (), 0, ())
    if not any(child.studying for child in at_school):
        law.assume(_STUDIES_AT_LEVEL)
    step = once.step(f"{programme}.scholarship_now.once", once.value)
    return Scholarship((step,), (), once.value, ())


# From 2 December 2019: for each school year of at most two children.


class _Plan(NamedTuple):
    """What one child gets: steps now, payments later, what would change it, and what must be known first.

    `waits`: the child is not at school, and nothing else stands in its way.
    """

    steps: tuple[Step, ...] = ()
    later: tuple[Payment, ...] = ()
    advice: tuple[Text, ...] = ()
    lacking: tuple[str, ...] = ()
    waits: bool = False

    @property
    def gets_something(self) -> bool:
        return bool(self.later) or any(step.amount for step in self.steps)


def _plans(law: Reading, children: tuple[Child, ...], programme: Programme) -> tuple[_Plan, ...]:
    """One plan for each child; of a child after the last that may be served nothing need be known."""
    most = law.whole("scholarship.children")
    plans: list[_Plan] = []
    for place, child in enumerate(children, start=1):
        key = f"{programme}.scholarship_now.{place}"
        served = sum(plan.gets_something for plan in plans)
        if served == most.value:
            extra = most.step(key, 0, working={"child": place, "children": most.value})
            said = _TOO_MANY.filled(place=place, children=most.value)
            plans.append(_Plan((extra._replace(sentence=said),)))
        else:
            plans.append(_plan(law, child, place, key))
    return _with_shared_places(most, tuple(plans))


def _with_shared_places(most: Read[int], plans: tuple[_Plan, ...]) -> tuple[_Plan, ...]:
    """No place is promised to who is not at school, where with the others more children would be paid."""
    if sum(plan.gets_something or plan.waits for plan in plans) <= most.value:
        return plans
    return tuple(_if_a_place_is_free(most, plan) if plan.waits else plan for plan in plans)


def _if_a_place_is_free(most: Read[int], plan: _Plan) -> _Plan:
    first = plan.steps[0]
    child = first.working["child"]
    place = str(child)
    step = most.step(first.key, 0, working={"child": child, "children": most.value})
    said = _NO_PLACE_YET.filled(place=place, children=most.value)
    return plan._replace(
        steps=(step._replace(sentence=said),), advice=(_PROOF_AND_PLACE.filled(place=place),)
    )


def _together(law: Reading, plans: tuple[_Plan, ...], programme: Programme) -> Scholarship:
    steps = tuple(step for plan in plans for step in plan.steps)
    schedule = tuple(payment for plan in plans for payment in plan.later)
    advice = tuple(text for plan in plans for text in plan.advice)
    if any(plan.gets_something for plan in plans):
        stops = law.whole("scholarship.stops_at_age")
        steps += (stops.step(f"{programme}.scholarship_now.stops", 0, working={"age": stops.value}),)
        law.assume(_LEGITIMATE)
    most = sum(step.amount for step in steps) + sum(payment.amount for payment in schedule)
    return Scholarship(steps, schedule, most, advice)


def _plan(law: Reading, child: Child, place: int, key: str) -> _Plan:
    stops = law.whole("scholarship.stops_at_age")
    stopped = _stopped(law, child, stops.value)
    if stopped is None and unsaid(child, place):
        return _Plan(lacking=unsaid(child, place))
    pupil = None if stopped else _pupil(child)
    if pupil is None:
        return _not_paid(stops, place, key, stopped or _not_at_school(child))
    if child.studying is None:
        law.assume(_STUDIES_AT_LEVEL)
    years = _within_age(law, pupil, stops.value)
    running = _running_year(law)
    now = [year for year in years if year.begins == running]
    first = _now(law, now[0], place, key) if now else _level_used_up(law, pupil, place, key)
    payments = tuple(_payment(law, year, place) for year in years if year.begins > running)
    return _Plan((first, *_told_later(law, payments, place, key)), payments)


def _stopped(law: Reading, child: Child, age: int) -> Text | None:
    """What stops the scholarship of a child at school or not: the age, marriage, or work."""
    if child.birth_date is not None and law.on >= birthday(child.birth_date, age):
        return _TOO_OLD
    if child.married:
        return _MARRIED
    if child.working and not law.whole("scholarship.work_allowed").value:
        return _WORKING
    return None


def _pupil(child: Child) -> _Pupil | None:
    """What is known of a child at school; None for one that is not, or of which too little is known."""
    if not child.studies or child.birth_date is None or child.level is None or child.year_of_level is None:
        return None
    return _Pupil(child.birth_date, child.level, child.year_of_level)


def _not_at_school(child: Child) -> Text:
    return _NOT_AT_SCHOOL if child.level is None else _LEFT_SCHOOL


def _not_paid(stops: Read[int], place: int, key: str, why: Text) -> _Plan:
    step = stops.step(key, 0, working={"child": place, "age": stops.value})
    said = why.filled(place=place, age=stops.value)
    waits = why in (_LEFT_SCHOOL, _NOT_AT_SCHOOL)
    advice = (_SHOW_PROOF.filled(place=place),) if waits else ()
    return _Plan((step._replace(sentence=said),), (), advice, waits=waits)


def _running_year(law: Reading) -> int:
    """The calendar year in which the school year of the event began."""
    return law.on.year - (law.on.month < law.whole("scholarship.school_year_month").value)


def _within_age(law: Reading, pupil: _Pupil, age: int) -> tuple[_Year, ...]:
    """The school years on whose first day the child is still young enough."""
    month, stops = law.whole("scholarship.school_year_month").value, birthday(pupil.born, age)
    years = tuple(_school_years(law, pupil))
    if years and stops < date(years[-1].begins + 1, month, 1):
        law.note(_AGE_BY_YEAR.filled(age=age))
    return tuple(year for year in years if date(year.begins, month, 1) < stops)


def _school_years(law: Reading, pupil: _Pupil) -> Iterator[_Year]:
    """The years still to be paid, level after level, each level for no longer than the law pays it."""
    begins = _running_year(law)
    levels = list(Level)
    for level in levels[levels.index(pupil.level) :]:
        years = law.amount_in("scholarship.years", level).value
        first = pupil.year_of_level if level is pupil.level else 1
        for _ in range(first, years + 1):
            yield _Year(begins, level)
            begins += 1
        begins += first > years


def _now(law: Reading, year: _Year, place: int, key: str) -> Step:
    yearly, years = law.amount_in("scholarship.yearly", year.level), _years_of(law, year.level)
    working: dict[str, Fact] = {"child": place, "year": year.label, "level": year.level.upper()}
    step = yearly.step(key, yearly.value, working=working)
    said = _PAID_NOW.filled(place=place, level=year.level.label, year=year.label, amount=yearly.shown)
    return step._replace(sentence=said, confidence=weakest(yearly.confidence, years.confidence))


def _level_used_up(law: Reading, pupil: _Pupil, place: int, key: str) -> Step:
    level, years = pupil.level, _years_of(law, pupil.level)
    step = years.step(key, 0, working={"child": place, "years": years.value, "level": level.upper()})
    return step._replace(sentence=_USED_UP.filled(place=place, level=level.label, years=years.value))


def _years_of(law: Reading, level: Level) -> Read[int]:
    return law.amount_in("scholarship.years", level)


def _payment(law: Reading, year: _Year, place: int) -> Payment:
    amount = law.amount_in("scholarship.yearly", year.level).value
    return Payment(PAYMENT, amount, {"child": place, "year": year.label, "level": year.level.upper()})


def _told_later(law: Reading, payments: tuple[Payment, ...], place: int, key: str) -> tuple[Step, ...]:
    """One step for all later years of a child, so that the answer stays short enough to be read aloud."""
    if not payments:
        return ()
    later, last = sum(payment.amount for payment in payments), str(payments[-1].about["year"])
    month = law.whole("scholarship.school_year_month")
    step = month.step(f"{key}.later", 0, working={"child": place, "later": later, "until": last})
    said = _PAID_LATER.filled(place=place, later=rupiah(later), until=last)
    return (step._replace(sentence=said),)


_NOT_PAID_YET = Text("Belum dibayar:", "Not paid yet:")
_TOO_EARLY = Text(
    "Beasiswa anak JKM diberikan bila iuran sudah dibayar paling sedikit {months} bulan; baru {paid} bulan "
    "dibayar.",
    "The JKM scholarship is given once at least {months} months of contributions are paid; {paid} are paid.",
)
_OLD_CONDITIONS = Text(
    "Syarat anak untuk beasiswa sebelum 2 Desember 2019 belum diperiksa pada naskah; dianggap cukup satu anak "
    "masih bersekolah.",
    "The conditions of the scholarship before 2 December 2019 are not verified against the text; one child "
    "still at school is taken as enough.",
)
_NOBODY_STUDIES = Text(
    "Tidak ada anak yang masih bersekolah: tidak ada beasiswa.",
    "No child is still at school: there is no scholarship.",
)
_TOO_MANY = Text(
    "Anak ke-{place}: beasiswa diberikan untuk paling banyak {children} anak. Keluarga boleh memilih anak yang "
    "lain.",
    "Child {place}: the scholarship is given for at most {children} children. The family may choose others.",
)
_TOO_OLD = Text(
    "Anak ke-{place} sudah berumur {age} tahun: tidak ada beasiswa lagi.",
    "Child {place} has turned {age}: there is no scholarship any more.",
)
_MARRIED = Text(
    "Anak ke-{place} sudah menikah: tidak ada beasiswa.", "Child {place} is married: there is no scholarship."
)
_WORKING = Text(
    "Anak ke-{place} sudah bekerja: tidak ada beasiswa.", "Child {place} works: there is no scholarship."
)
_LEFT_SCHOOL = Text(
    "Anak ke-{place} tidak bersekolah: tidak ada beasiswa sekarang.",
    "Child {place} is not at school: there is no scholarship now.",
)
_NOT_AT_SCHOOL = Text(
    "Anak ke-{place} belum bersekolah: beasiswa dibayar mulai tahun ia bersekolah, dan berhenti pada umur {age} "
    "tahun.",
    "Child {place} is not yet at school: the scholarship begins the year it goes to school, and stops at the "
    "age of {age}.",
)
_NO_PLACE_YET = Text(
    "Anak ke-{place} sekarang tidak bersekolah. Bila kelak bersekolah, ia hanya dapat mengisi tempat yang kosong, "
    "karena beasiswa diberikan untuk paling banyak {children} anak.",
    "Child {place} is not at school now. Once it is, it can only take a place that is free, since the "
    "scholarship is given for at most {children} children.",
)
_PROOF_AND_PLACE = Text(
    "Bila ada tempat yang kosong dan anak ke-{place} bersekolah, bawa bukti bersekolah.",
    "Once a place is free and child {place} is at school, bring proof of study.",
)
_SHOW_PROOF = Text(
    "Bila anak ke-{place} bersekolah, bawa bukti bersekolah.",
    "Once child {place} is at school, bring proof of study.",
)
_AGE_BY_YEAR = Text(
    "Dianggap: beasiswa satu tahun ajaran dibayar bila anak belum {age} tahun pada awal tahun ajaran itu; ini "
    "belum diperiksa pada naskah.",
    "Taken: a school year is paid when the child is under {age} on its first day; this is not verified against "
    "the text.",
)
_PAID_NOW = Text(
    "Beasiswa anak ke-{place}, {level}, tahun ajaran {year}: {amount}.",
    "Scholarship of child {place}, {level}, school year {year}: {amount}.",
)
_USED_UP = Text(
    "Anak ke-{place}: beasiswa {level} dibayar paling lama {years} tahun, dan itu sudah lewat.",
    "Child {place}: the scholarship for {level} is paid for at most {years} years, which are over.",
)
_PAID_LATER = Text(
    "Anak ke-{place}: tahun-tahun berikutnya paling banyak {later}, sampai tahun ajaran {until}.",
    "Child {place}: in later years at most {later}, until the school year {until}.",
)
_STUDIES_AT_LEVEL = Text(
    "Anak yang jenjang sekolahnya disebut dianggap masih bersekolah.",
    "A child whose level of school is named is taken to be still at school.",
)
_LEGITIMATE = Text("Dianggap semua anak adalah anak sah.", "All children are taken to be legitimate.")
