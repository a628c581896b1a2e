"""Between which days a worker joined JKP, and whether that was below the age limit."""

from datetime import date
from typing import NamedTuple

from lindung.law.asking_back import Contradiction
from lindung.law.decision import Fact, Step
from lindung.law.jkp.facts import Facts
from lindung.law.months import age_on, day_label
from lindung.law.reading import Reading
from lindung.law.text import Text
from lindung.law.values import Law

PARTICIPANTS = "join.jkp"


class Joining(NamedTuple):
    """Between which days, both included, the worker joined; one and the same where the day is known."""

    earliest: date
    latest: date

    @property
    def known(self) -> bool:
        """Whether the day itself is known."""
        return self.earliest == self.latest


class Age(NamedTuple):
    """Whether the worker was below the age limit on joining, None where the day decides; the step that says so."""

    below: bool | None
    step: Step


def joining(law: Law, facts: Facts) -> Joining:
    """The day of joining; where nobody gave one since JKP began, any day from its first to the dismissal."""
    first = min(value.period.since for value in law.parameters[PARTICIPANTS].values)
    if facts.member_since and facts.member_since >= first:
        return Joining(facts.member_since, facts.member_since)
    return Joining(first, facts.event_date)


def age(reading: Reading, birth: date, joined: Joining) -> Age:
    """The age on joining against the limit of that day's law: PP 37/2021 P4. Raises NoLawForDate."""
    limit = reading.at(joined.earliest).amount_in(PARTICIPANTS, "age_below")
    years = age_on(birth, joined.earliest)
    if years >= limit.value:
        said = _OLD if joined.known else _OLD_FROM_THE_START
        working: dict[str, Fact] = {
            "age": years,
            "below": limit.value,
            "joined_on": joined.earliest.isoformat(),
        }
        words: dict[str, str | int | Text] = {
            "age": years,
            "limit": limit.value,
            "day": day_label(joined.earliest),
        }
        return Age(False, limit.step("jkp.age", 0, working=working)._replace(sentence=said.filled(**words)))
    limit = reading.at(joined.latest).amount_in(PARTICIPANTS, "age_below")
    years = age_on(birth, joined.latest)
    step = limit.step("jkp.age", 0, working={"age": years, "below": limit.value})
    said = _YOUNG if joined.known else _YOUNG_TO_THE_END
    return Age(years < limit.value or None, step._replace(sentence=said.filled(age=years, limit=limit.value)))


def day_needed(reading: Reading, facts: Facts, joined: Joining) -> bool:
    """Whether the day of joining decides and nobody gave it.

    Raises Contradiction where the day that was given lies before JKP began, NoLawForDate.
    """
    if facts.birth_date is None or age(reading, facts.birth_date, joined).below is not None:
        return False
    if facts.member_since:
        raise Contradiction("member_since", _BEFORE_JKP.filled(first=day_label(joined.earliest)))
    return True


_YOUNG = Text(
    "Saat menjadi peserta JKP berusia {age} tahun, belum {limit} tahun.",
    "On joining JKP the worker was {age}, below {limit}.",
)
_YOUNG_TO_THE_END = Text(
    "Sampai pemutusan hubungan kerja pun baru berusia {age} tahun, belum {limit} tahun.",
    "Even at the dismissal the worker was {age}, below {limit}.",
)
_OLD = Text(
    "Saat menjadi peserta JKP sudah berusia {age} tahun; harus belum {limit} tahun.",
    "On joining JKP the worker was {age} already; it must be below {limit}.",
)
_OLD_FROM_THE_START = Text(
    "Pada {day}, hari pertama JKP, sudah berusia {age} tahun; saat menjadi peserta harus belum {limit} tahun.",
    "On {day}, the first day of JKP, the worker was {age} already; on joining it must be below {limit}.",
)
_BEFORE_JKP = Text(
    "JKP baru ada sejak {first}. Tulis di {{field}} hari menjadi peserta JKP, bukan program lain: usia pada hari "
    "itu menentukan.",
    "JKP exists since {first} only. Write in {{field}} the day of joining JKP, not of another programme: the age "
    "on that day decides.",
)
