"""Proves the stored law by its cases: every article has one, and no stored number or day can move unnoticed."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from lindung.law.cases import Case, differences, read
from lindung.law.decision import Confidence
from lindung.law.money import Rounding
from lindung.law.months import Month, months_later
from lindung.law.parameter import in_force
from lindung.law.values import DatedValue, Law, Parameter, Relief, Row, Table, Value

FIRST_LAW = date(2015, 7, 1)
"""PP 44, 45 and 46 of 2015 are in force from this day; nothing is stored about days before."""
BROKEN = (ValueError, LookupError, ArithmeticError, TypeError)
"""How a law fails that has become nonsense; a case that raises one of these has noticed."""


Spot = tuple[str | date | int, ...]
"""A place in the stored law: (id), (id, since) or (id, since, row)."""


class Mutant(NamedTuple):
    """The stored law with one number moved by one, or one day moved.

    `spots` are read by the cases that will most likely notice; `day` is the day whose neighbours they are.
    """

    id: str
    what: str
    law: Law
    spots: tuple[Spot, ...] = ()
    day: date | None = None


class Proof(NamedTuple):
    """What the cases prove of the stored law."""

    parameters: int
    values: int
    sureness: Mapping[Confidence, int]
    """How many values are how sure; a table counts once for each sureness of its rows."""
    uncited: tuple[str, ...]
    articles: int
    uncovered: tuple[str, ...]
    cases: int
    wrong_cases: tuple[str, ...]
    wrong: tuple[str, ...]
    mutants: int
    survivors: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is cited, covered, right, and noticed."""
        return not (self.uncited or self.uncovered or self.wrong or self.survivors)


def prove_stored(folder: Path) -> Proof:
    """The proof of the law as stored with this program, by the cases of a folder."""
    return prove(in_force(), read(folder))


def prove(law: Law, cases: tuple[Case, ...], *, prefix: str = "") -> Proof:
    """Ask every case, then move every stored number by one and every day by one, for ids with that prefix."""
    readings, wrong = _readings(law, cases)
    named = {article for case in cases for article in case.articles}
    articles = {citation.text.id for citation in law.citations}
    parameters = law.parameters.values()
    total, survivors = _survivors(law, cases, readings, prefix)
    return Proof(
        parameters=len(law.parameters) + len(law.reliefs),
        values=sum(len(parameter.values) for parameter in parameters) + len(law.reliefs),
        sureness=_sureness(law),
        uncited=tuple(
            one.id for one in parameters if not all(value.citation.regulation for value in one.values)
        ),
        articles=len(articles),
        uncovered=tuple(sorted(articles - named)),
        cases=len(cases),
        wrong_cases=tuple(id for id, problems in wrong.items() if problems),
        wrong=tuple(f"{id}: {problem}" for id, problems in wrong.items() for problem in problems),
        mutants=total,
        survivors=survivors,
    )


def _sureness(law: Law) -> dict[Confidence, int]:
    sure = [relief.confidence for relief in law.reliefs]
    for parameter in law.parameters.values():
        for dated in parameter.values:
            rows = dated.value.rows if isinstance(dated.value, Table) else ()
            sure += {row.confidence for row in rows} or {dated.confidence}
    return {one: sure.count(one) for one in Confidence}


def _survivors(
    law: Law, cases: tuple[Case, ...], readings: list[set[Spot]], prefix: str
) -> tuple[int, tuple[str, ...]]:
    reading_id = _by_spot(readings, lambda spot: spot[:1])
    reading_spot = _by_spot(readings, lambda spot: spot)
    monthly = frozenset(
        str(id)
        for (id, *_), asked in reading_id.items()
        if all("month" in cases[place].given for place in asked)
    )
    asks_reliefs = [place for place, case in enumerate(cases) if case.ask in ("bpu", "pu", "contribution")]
    total, last, survivors = 0, 0, []
    for mutant in mutants(law, monthly=monthly):
        if not mutant.id.startswith(prefix):
            continue
        total += 1
        likely = dict.fromkeys(place for spot in mutant.spots for place in reading_spot.get(spot, ()))
        nearest = _nearest(cases, list(likely), mutant.day)
        all_others = reading_id.get((mutant.id,)) or _nearest(cases, asks_reliefs, mutant.day)
        # What noticed the last mutant often notices this one, too: one more, then one less.
        order = dict.fromkeys([*((last,) if last in likely else ()), *nearest, *all_others])
        noticed = next((place for place in order if notices(cases[place], mutant.law)), None)
        if noticed is None:
            survivors.append(f"{mutant.id}: {mutant.what}")
        last = noticed or 0
    return total, tuple(survivors)


def notices(case: Case, law: Law) -> bool:
    """Whether the case fails under this law."""
    try:
        return any(differences(case, law))
    except BROKEN:
        return True


def _nearest(cases: tuple[Case, ...], places: list[int], day: date | None) -> list[int]:
    """The cases whose days lie nearest to a change first: they stand just before and on it."""
    return places if day is None else sorted(places, key=lambda place: _distance(cases[place], day))


def _distance(case: Case, day: date) -> int:
    """How many days lie between a change and the nearest day of a case."""
    written = (str(value) for value in case.given.values())
    days = [date.fromisoformat(f"{one}-01"[:10]) for one in written if _DAY.fullmatch(one)]
    return min((abs((one - day).days) for one in days), default=0)


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")


def _readings(law: Law, cases: tuple[Case, ...]) -> tuple[list[set[Spot]], dict[str, list[str]]]:
    """For each case the spots of the stored law that it reads, and by its id what is wrong with it."""
    readings, wrong = [], {}
    seen: set[Spot] = set()
    watched = Law({id: _Watched.of(parameter, seen) for id, parameter in law.parameters.items()}, law.reliefs)
    for case in cases:
        seen.clear()
        wrong[case.id] = list(differences(case, watched))
        readings.append(set(seen))
    return readings, wrong


def _by_spot(readings: list[set[Spot]], cut: Callable[[Spot], Spot]) -> dict[Spot, list[int]]:
    found: dict[Spot, list[int]] = {}
    for place, spots in enumerate(readings):
        for spot in {cut(spot) for spot in spots}:
            found.setdefault(spot, []).append(place)
    return found


class _Watched(Parameter):
    """A parameter that remembers which of its values, and which row of them, was read."""

    seen: set[Spot]

    @classmethod
    def of(cls, parameter: Parameter, seen: set[Spot]) -> "_Watched":
        watched = cls(*parameter)
        watched.seen = seen
        return watched

    def value(self, *, on: date, known: date | None = None) -> DatedValue:
        """The value, remembered."""
        self.seen.add((self.id,))
        found = super().value(on=on, known=known)
        self.seen.add((self.id, found.period.since))
        if isinstance(found.value, Table):
            return found._replace(
                value=_WatchedTable.of(found.value, (self.id, found.period.since), self.seen)
            )
        return found


class _WatchedTable(Table):
    """A table that remembers which row was read."""

    spot: Spot
    seen: set[Spot]

    @classmethod
    def of(cls, table: Table, spot: Spot, seen: set[Spot]) -> "_WatchedTable":
        watched = cls(*table)
        watched.spot, watched.seen = spot, seen
        return watched

    def row(self, key: int | str) -> Row:
        """The row, remembered."""
        found = super().row(key)
        self.seen.add((*self.spot, found.key))
        return found


def mutants(law: Law, *, monthly: frozenset[str] = frozenset()) -> Iterator[Mutant]:
    """The law with each stored number one more and one less, and with each change a day off.

    What is read by contribution month, `monthly`, changes a month off: nobody could notice a day.
    """
    for parameter in law.parameters.values():
        other_days = _other_days(parameter, monthly=parameter.id in monthly)
        for what, changed, spots, day in (*_other_values(parameter), *other_days):
            other = Law({**law.parameters, parameter.id: changed}, law.reliefs)
            yield Mutant(parameter.id, what, other, spots, day)
    for place, relief in enumerate(law.reliefs):
        for what, changed_relief, month in _other_reliefs(relief):
            reliefs = (*law.reliefs[:place], changed_relief, *law.reliefs[place + 1 :])
            yield Mutant(relief.id, what, Law(law.parameters, reliefs), day=month.first_day())


Changed = tuple[str, Parameter, tuple[Spot, ...], date | None]


def _other_values(parameter: Parameter) -> Iterator[Changed]:
    for place, dated in enumerate(parameter.values):
        here = (parameter.id, dated.period.since)
        for value, keys in _moved(dated.value):
            what = f"value since {dated.period.since} moved to {_shown(dated.value, value)}"
            spots = tuple((*here, key) for key in keys) or (here,)
            yield what, _replaced(parameter, {place: dated._replace(value=value)}), spots, None


def _moved(value: Value) -> Iterator[tuple[Value, tuple[int | str, ...]]]:
    """Other values, each with the keys of the rows that it concerns."""
    if isinstance(value, Rounding):
        yield from ((rule, ()) for rule in Rounding if rule is not value)
    elif isinstance(value, Table):
        for place, row in enumerate(value.rows):
            keys = tuple(one.key for one in value.rows[max(0, place - 1) : place + 1])
            for other in _other_rows(row):
                yield Table(value.match, (*value.rows[:place], other, *value.rows[place + 1 :])), keys[::-1]
    else:
        yield from ((number, ()) for number in _moved_number(value))


def _moved_number(value: int | Fraction) -> Iterator[int | Fraction]:
    """One more and one less, where the loader would take it."""
    if isinstance(value, Fraction):
        step = Fraction(1, max(value.denominator, 100))
        yield from (other for other in (value + step, value - step) if 0 <= other <= 1)
    else:
        yield from (other for other in (value + 1, value - 1) if other >= 0)


def _other_rows(row: Row) -> Iterator[Row]:
    yield from (row._replace(value=value) for value in _moved_number(row.value))
    if isinstance(row.key, int):
        yield from (row._replace(key=key) for key in (row.key + 1, row.key - 1) if key >= 0)


def _other_days(parameter: Parameter, *, monthly: bool) -> Iterator[Changed]:
    for place, dated in enumerate(parameter.values):
        since = dated.period.since
        if since > FIRST_LAW and not dated.corrects:
            for step in (1, -1):
                day = months_later(since, step) if monthly else since + timedelta(days=step)
                spots = tuple(
                    (parameter.id, one.period.since)
                    for one in parameter.values[max(0, place - 1) : place + 1]
                )
                yield f"the change on {since} moved to {day}", _beginning(parameter, place, day), spots, since


def _beginning(parameter: Parameter, place: int, day: date) -> Parameter:
    dated = parameter.values[place]
    changed = {place: dated._replace(period=dated.period._replace(since=day))}
    for before, other in enumerate(parameter.values):
        if other.period.until == dated.period.since:
            changed[before] = other._replace(period=other.period._replace(until=day))
    return _replaced(parameter, changed)


def _other_reliefs(relief: Relief) -> Iterator[tuple[str, Relief, Month]]:
    first, last = relief.first_month, relief.last_month
    for step in (1, -1):
        yield f"cut moved by {step}/100", relief._replace(cut=relief.cut + Fraction(step, 100)), first
        yield f"first month moved by {step}", relief._replace(first_month=first.plus(step)), first
        yield f"last month moved by {step}", relief._replace(last_month=last.plus(step)), last


def _replaced(parameter: Parameter, changed: Mapping[int, DatedValue]) -> Parameter:
    values = tuple(changed.get(place, dated) for place, dated in enumerate(parameter.values))
    return parameter._replace(values=values)


def _shown(before: Value, after: Value) -> str:
    if not isinstance(before, Table) or not isinstance(after, Table):
        return str(after)
    pairs = zip(before.rows, after.rows, strict=True)
    return next(f"{old.key}={old.value} to {new.key}={new.value}" for old, new in pairs if old != new)
