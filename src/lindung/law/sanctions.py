"""What follows when an employer does not register or pay: two warnings, a fine, then no public services."""

from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from lindung.law.asking_back import Contradiction
from lindung.law.deadlines import (
    GREATEST_FINE,
    months_begun,
    months_completed,
    working_day_after,
    written_holidays,
)
from lindung.law.decision import Alternative, Citation, Confidence, Decision, Fact, Step
from lindung.law.money import NotAnAmount, rupiah, share
from lindung.law.months import day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.text import Text, joined
from lindung.law.values import Law
from lindung.law.workdays import Holidays


class Facts(NamedTuple):
    """What is owed in whole rupiah, the days of the written warnings (None: not given), and the day asked
    about. `holidays` are the days off besides Saturday and Sunday (None: not named)."""

    arrears: int
    on: date
    first_warning_on: date | None = None
    second_warning_on: date | None = None
    holidays: Holidays = None


def sanction(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """What stands against an employer on a day; the total is the administrative fine in whole rupiah.

    1. Two written warnings, each of at most ten working days (PP 86/2013 P6; P10 says days).
    2. After the second has run out, a fine of 0.1% a month of the contributions due (P5-P10).
    3. Then BPJS asks the city to deny public services, such as permits and tenders (P8-P9).

    A month that has begun counts as a month. Where P10, or counting whole months only, gives another fine, it
    is an alternative. Raises NotAnAmount, Contradiction, NoLawForDate.
    """
    _check(facts)
    reading = Reading(law or in_force(), on=facts.on, known=known)
    warnings = reading.whole("sanction.warnings")
    steps = [warnings.step("sanction.warnings", 0, working={"warnings": warnings.value})]
    others: tuple[Alternative, ...] = ()
    warned = _warned(reading, facts)
    steps += [warning.step for warning in warned]
    if len(warned) == len(_NTH):
        fined, others = _fined(reading, facts, warned[-1])
        steps += fined
    return reading.decision(
        "sanction",
        steps=tuple(steps),
        facts=_facts(facts, known),
        alternatives=others,
        what_would_change=(_PAY.filled(amount=rupiah(facts.arrears)),) if facts.arrears else (),
    )


def personal_data_fine(
    *, yearly_revenue: int, on: date, known: date | None = None, law: Law | None = None
) -> Decision:
    """The greatest administrative fine for breaking the law on personal data: UU 27/2022 P57.

    It is a ceiling, so no step moves money: the amount stands in the working as `at_most`. Raises
    NotAnAmount, NoLawForDate.
    """
    if yearly_revenue < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    reading = Reading(law or in_force(), on=on, known=known)
    rate = reading.rate(GREATEST_FINE)
    most = _share(reading, yearly_revenue, rate)
    step = rate.step(
        "sanction.personal_data",
        0,
        working={"base": yearly_revenue, "rate": _written(rate), "at_most": most},
    )
    words: dict[str, str | int | Text] = {
        "revenue": rupiah(yearly_revenue),
        "most": rupiah(most),
        "rate": rate.shown,
    }
    facts: dict[str, Fact] = {
        "yearly_revenue": yearly_revenue,
        "on": on.isoformat(),
        "known": known.isoformat() if known else None,
    }
    return reading.decision(
        "sanction", steps=(step._replace(sentence=_AT_MOST.filled(**words)),), facts=facts
    )


def _check(facts: Facts) -> None:
    if facts.arrears < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    first, second = facts.first_warning_on, facts.second_warning_on
    if second is not None and (first is None or second < first):
        raise Contradiction("second_warning_on", _OUT_OF_ORDER, code="before_first")


class _Warning(NamedTuple):
    """A written warning: the day it was given, the last day it runs, and its step."""

    given_on: date
    ends: date
    step: Step


def _warned(reading: Reading, facts: Facts) -> tuple[_Warning, ...]:
    """The warnings given by the day asked about, in order."""
    given = (facts.first_warning_on, facts.second_warning_on)
    return tuple(
        _warning(reading, facts, place, day)
        for place, day in enumerate(given)
        if day is not None and day <= facts.on
    )


def _warning(reading: Reading, facts: Facts, place: int, given_on: date) -> _Warning:
    length = reading.whole("sanction.warning.working_days")
    ends = working_day_after(reading, given_on, length.value, facts.holidays)
    working: dict[str, Fact] = {
        "working_days": length.value,
        "given_on": given_on.isoformat(),
        "last_day": ends.isoformat(),
    }
    said = _RUNS if facts.on <= ends else _RAN_OUT
    words = {"nth": _NTH[place], "given": day_label(given_on), "day": day_label(ends)}
    step = length.step(f"sanction.warning.{place + 1}", 0, working=working)
    return _Warning(given_on, ends, step._replace(sentence=joined((step.sentence, said.filled(**words)))))


def _fined(reading: Reading, facts: Facts, second: _Warning) -> tuple[list[Step], tuple[Alternative, ...]]:
    """What follows once the second warning has run out, and each other fine that the text may mean."""
    rate = reading.rate("sanction.fine.monthly_rate")
    by_days = reading.whole("sanction.warning.days")
    begun = months_begun(second.ends, facts.on)
    owed = _share(reading, facts.arrears * begun, rate)
    sooner = months_begun(second.given_on + timedelta(days=by_days.value), facts.on)
    whole = months_completed(second.ends, facts.on)
    readings = ((sooner, _IF_DAYS, by_days.citation), (whole, _IF_WHOLE_MONTHS, rate.citation))
    others = tuple(
        Alternative(other, said.filled(amount=rupiah(other), days=by_days.value), cited)
        for months, said, cited in readings
        if (other := _share(reading, facts.arrears * months, rate)) != owed
    )
    if others:
        reading.note(_COUNTING_UNREAD)
    working: dict[str, Fact] = {
        "base": facts.arrears,
        "rate": _written(rate),
        "months": begun,
        "since": second.ends.isoformat(),
    }
    fine = rate.step("sanction.fine", owed, base=facts.arrears, working=working)
    return [fine, _NO_SERVICES] if begun else [], others


def _share(reading: Reading, base: int, rate: Read[Fraction]) -> int:
    reading.rounded(base, rate.value)
    return share(base, rate.value, reading.rounding())


def _written(rate: Read[Fraction]) -> str:
    return f"{rate.value.numerator}/{rate.value.denominator}"


def _facts(facts: Facts, known: date | None) -> dict[str, Fact]:
    return {
        "arrears": facts.arrears,
        "on": facts.on.isoformat(),
        "first_warning_on": facts.first_warning_on.isoformat() if facts.first_warning_on else None,
        "second_warning_on": facts.second_warning_on.isoformat() if facts.second_warning_on else None,
        "holidays": written_holidays(facts.holidays),
        "known": known.isoformat() if known else None,
    }


_NTH = (Text("Teguran pertama", "The first warning"), Text("Teguran kedua", "The second warning"))
_RUNS = Text(
    "{nth} diberikan {given} dan masih berlaku sampai {day}.",
    "{nth} was given on {given} and runs until {day}.",
)
_RAN_OUT = Text(
    "{nth} diberikan {given} dan habis pada {day}.", "{nth} was given on {given} and ran out on {day}."
)
_NO_SERVICES = Step(
    key="sanction.services",
    label=Text("Tidak mendapat layanan publik", "No public services"),
    amount=0,
    citation=Citation("PP 86/2013", "8-9"),
    confidence=Confidence.READ_IN_LAW,
    sentence=Text(
        "Atas permintaan BPJS Ketenagakerjaan, pemerintah daerah sendiri tidak memberi layanan publik, "
        "seperti izin dan tender.",
        "At the request of BPJS Ketenagakerjaan the local government itself denies public services, such as "
        "permits and tenders.",
    ),
    working={},
)
_PAY = Text(
    "Bayar iuran yang tertunggak, {amount}, supaya sanksinya berhenti.",
    "Pay the contributions owed, {amount}, so that the sanctions end.",
)
_COUNTING_UNREAD = Text(
    "Cara menghitung lama teguran dan bulan denda belum pasti menurut naskah.",
    "How the days of a warning and the months of the fine are counted is not certain from the text.",
)
_IF_DAYS = Text(
    "Menunggu ketetapan: bila teguran dihitung {days} hari kalender, dendanya {amount}.",
    "Awaiting determination: if a warning counts {days} calendar days, the fine is {amount}.",
)
_IF_WHOLE_MONTHS = Text(
    "Menunggu ketetapan: bila hanya bulan penuh yang dihitung, dendanya {amount}.",
    "Awaiting determination: if only whole months count, the fine is {amount}.",
)
_AT_MOST = Text(
    "Denda administratif paling banyak {rate} dari pendapatan tahunan {revenue}: {most}.",
    "The administrative fine is at most {rate} of the yearly revenue {revenue}: {most}.",
)
_OUT_OF_ORDER = Text(
    "{field} harus sesudah teguran pertama, dan teguran pertama harus ada.",
    "{field} must come after the first warning, and there must be a first warning.",
)
