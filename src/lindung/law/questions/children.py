"""Reads the children of a participant: born when, at which level of school, studying, married, working."""

from datetime import date

from lindung.law.months import age_on
from lindung.law.questions.fields import Given
from lindung.law.scholarship import Child, Level, unsaid
from lindung.law.text import Text

CHILD_FIELDS = ("birth_date", "level", "year_of_level", "studying", "married", "working")
GREATEST_YEAR_OF_LEVEL = 15
"""Nobody stays longer at one level; a greater number is a typing error."""
LEAST_AGE = {Level.TK: 2, Level.SD: 4, Level.SMP: 9, Level.SMA: 12, Level.PT: 14}
"""Not law, only a guard against slips: whoever is younger at the event cannot be at that level of school."""


def children(given: Given, on: date) -> tuple[Child, ...]:
    """The field `children`, none when it is absent; `on` is the day of the event.

    What is missing of a child is left open here: the law asks for it where it decides. Raises Unanswerable,
    naming the field, for facts that are not sound, for a child born after the event, and for one that was then
    far too young for its level of school.
    """
    return tuple(_child(one, on) for one in given.entries("children", *CHILD_FIELDS))


def needed_as_a_rule(given: Given) -> tuple[str, ...]:
    """What a scholarship mostly needs of the children and nobody said, while the law of which day is not known."""
    read = (_child(one, None) for one in given.entries("children", *CHILD_FIELDS))
    return tuple(name for place, child in enumerate(read, start=1) for name in unsaid(child, place))


def _child(given: Given, on: date | None) -> Child:
    born, level = given.maybe.day("birth_date"), given.maybe.word("level", Level)
    if born is not None and on is not None:
        _check_age(given, age_on(born, on), level)
    return Child(
        birth_date=born,
        level=level,
        year_of_level=given.maybe.count("year_of_level", least=1, most=GREATEST_YEAR_OF_LEVEL),
        studying=given.maybe.flag("studying"),
        married=given.flag("married", False),
        working=given.flag("working", False),
    )


def _check_age(given: Given, age: int, level: Level | None) -> None:
    if age < 0:
        given.refuse("birth_date", "born_after_event", _NOT_BORN)
    if level is not None and age < LEAST_AGE[level]:
        said = _TOO_YOUNG.filled(field="{field}", age=age, level=level.label)
        given.refuse("level", "too_young_for_level", said)


_TOO_YOUNG = Text(
    "{field}: pada hari kejadian anak baru berumur {age} tahun, terlalu muda untuk {level}. Periksa jenjang dan "
    "tanggal lahirnya.",
    "{field}: on the day of the event the child was {age} years old, too young for {level}. Check the level and "
    "the birth date.",
)
_NOT_BORN = Text(
    "{field}: anak lahir sesudah kejadian. Periksa tanggal lahir dan tanggal kejadian.",
    "{field}: the child was born after the event. Check the birth date and the day of the event.",
)
