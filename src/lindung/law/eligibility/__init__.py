"""Who may be registered: the age of a non-wage earner (BPU)."""

from datetime import date, timedelta
from typing import NamedTuple

from lindung.law.decision import Alternative, Decision, Fact, Outcome, Step
from lindung.law.months import Period, age_on, birthday, day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.text import Text
from lindung.law.values import Law

_OLD_ENOUGH = Text(
    "Umur {age} tahun pada {on}: boleh didaftarkan, karena sudah {least} dan belum {limit} tahun.",
    "{age} years old on {on}: may be registered, being at least {least} and not yet {limit}.",
)
_TOO_YOUNG = Text(
    "Umur {age} tahun pada {on}: belum boleh didaftarkan, karena belum {least} tahun.",
    "{age} years old on {on}: may not be registered yet, being under {least}.",
)
_NOT_BORN = Text(
    "Tanggal lahir {born} sesudah {on}. Periksa tanggal lahirnya.",
    "The birth date {born} is after {on}. Check the birth date.",
)
_TURNS = Text(
    "Lahir {born}: boleh didaftarkan mulai {day}, saat berumur {least} tahun.",
    "Born on {born}: may be registered from {day}, at the age of {least}.",
)
_TOO_OLD = Text(
    "Umur {age} tahun pada {on}: tidak dapat didaftarkan lagi, karena sudah mencapai {limit} tahun pada "
    "{day}.",
    "{age} years old on {on}: can no longer be registered, having reached {limit} on {day}.",
)
_CHECK_BIRTH = Text(
    "Periksa tanggal lahir {born} pada KTP. Bila benar, usulkan pekerja lain.",
    "Check the birth date {born} on the identity card. If it is right, propose another worker.",
)
_STILL_IN_YEAR = Text(
    "Menunggu ketetapan: belum diperiksa apakah umur {limit} tahun masih boleh didaftarkan sampai hari "
    "ulang tahun "
    "berikutnya. Tanyakan kepada kantor cabang.",
    "Awaiting determination: whether a person aged {limit} may still be registered until the next birthday "
    "is not "
    "verified. Ask the branch office.",
)


class Age(NamedTuple):
    """What the age of a non-wage earner does: the step that says it, and what follows where it is no good."""

    step: Step
    old_enough_not_too_old: bool
    what_would_change: tuple[Text, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


def bpu(*, birth_date: date, on: date, known: date | None = None, law: Law | None = None) -> Decision:
    """Whether a non-wage earner may be registered on that day: at least 13 and not yet 65 years old.

    A refusal says what would change it. Whether the year of the 65th birthday still counts was not read: a
    person aged 65 gets an alternative that awaits determination. Raises NoLawForDate.
    """
    reading = Reading(law or in_force(), on=on, known=known)
    found = bpu_age(reading, birth_date)
    facts: dict[str, Fact] = {
        "birth_date": birth_date.isoformat(),
        "on": on.isoformat(),
        "age": age_on(birth_date, on),
    }
    return reading.decision(
        "eligibility.bpu",
        steps=(found.step,),
        facts=facts,
        outcome=Outcome.GRANTED if found.old_enough_not_too_old else Outcome.REFUSED,
        what_would_change=found.what_would_change,
        alternatives=found.alternatives,
    )


def bpu_age(reading: Reading, birth_date: date) -> Age:
    """The age rule of non-wage earners on the day of the reading, for a decision that asks more than this.

    Raises NoLawForDate.
    """
    on = reading.on
    least, limit = reading.whole("bpu.age.from"), reading.whole("bpu.age.below")
    reaches_least, reaches_limit = birthday(birth_date, least.value), birthday(birth_date, limit.value)
    words: dict[str, str | int | Text] = {
        "age": age_on(birth_date, on),
        "on": day_label(on),
        "born": day_label(birth_date),
        "least": least.value,
        "limit": limit.value,
    }
    if birth_date > on:
        return Age(_said(least, _NOT_BORN.filled(**words)), False)
    if on < reaches_least:
        turns = _TURNS.filled(**words, day=day_label(reaches_least))
        return Age(_said(least, _TOO_YOUNG.filled(**words)), False, (turns,))
    if on >= reaches_limit:
        too_old = _TOO_OLD.filled(**words, day=day_label(reaches_limit))
        still = Alternative(0, _STILL_IN_YEAR.filled(**words), limit.citation)
        alternatives = (still,) if words["age"] == limit.value else ()
        return Age(_said(limit, too_old), False, (_CHECK_BIRTH.filled(**words),), alternatives)
    return Age(_said(limit, _OLD_ENOUGH.filled(**words)), True)


def bpu_births(*, on: date, law: Law | None = None) -> Period:
    """The birth dates of everybody who may be registered on that day: the same rule as `bpu`, for whole
    lists.

    Half-open: who is born on `until` or later is too young. Raises NoLawForDate.
    """
    reading = Reading(law or in_force(), on=on)
    least, limit = reading.whole("bpu.age.from"), reading.whole("bpu.age.below")
    return Period(_first_birth_younger_than(limit.value, on), _first_birth_younger_than(least.value, on))


def _first_birth_younger_than(age: int, on: date) -> date:
    """The earliest birth date of those who have not reached the age on that day."""
    born = date(on.year - age, on.month, min(on.day, 28))
    while birthday(born, age) <= on:
        born += timedelta(days=1)
    return born


def _said(rule: Read[int], sentence: Text) -> Step:
    return rule.step("age", 0)._replace(sentence=sentence)
