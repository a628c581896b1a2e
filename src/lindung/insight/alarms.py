"""Alarms 60, 30 and 7 days before people fall behind or lose their cover; computed each time, never stored.

The same alarm has the same key on every day until the next step, so that whoever sends it can send it once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from lindung.access.models import Role
from lindung.contributions.dues import due, months_at_risk, segment_of
from lindung.contributions.sources import AgreementMoney
from lindung.insight.agreement_today import NOT_BEGUN, AgreementToday, agreements, begun
from lindung.insight.agreements import year_gaps
from lindung.law import arrears
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label, duration
from lindung.law.terms import Segment
from lindung.law.text import Text, joined
from lindung.partnership.models import Agreement
from lindung.partnership.readiness import YearReadiness, named

STEPS = (7, 30, 60)
"""How many days ahead an alarm is given: the smallest step that the days left fit in."""


class Why(StrEnum):
    """What the alarm is about."""

    UNPAID = "unpaid"
    MONEY = "money"
    YEAR = "year"
    LAPSE = "lapse"
    ENDS = "ends"


class Alarm(NamedTuple):
    """``days`` until ``day``, the first day on which ``people`` are behind or no longer covered; ``whom``: who is told.

    ``key`` stays the same until the next step (60, 30, 7 days), whatever the sentence then says. ``short`` is the month
    that the budget does not reach for and the whole rupiah it lacks, where the alarm is about money.
    """

    key: str
    why: Why
    step: int
    days: int
    day: date
    agreement_id: int
    code: str
    title: str
    sponsor: str
    people: int
    sentence: Text
    article: Text
    whom: tuple[Role, ...]
    short: tuple[Month, int] | None = None

    @property
    def severity(self) -> str:
        """``now`` within a week and wherever cover itself ends within a month, else ``soon``."""
        ends = self.why in (Why.LAPSE, Why.ENDS) and self.step <= STEPS[1]
        return "now" if ends or self.step == STEPS[0] else "soon"


Gaps = Iterable[tuple[Agreement, YearReadiness]]
_OFFICE = (Role.CITY_OFFICER, Role.FINANCE_OFFICER)
_WHOM = {
    Why.UNPAID: _OFFICE,
    Why.MONEY: (*_OFFICE, Role.MAYOR),
    Why.YEAR: (*_OFFICE, Role.MAYOR),
    Why.LAPSE: (*_OFFICE, Role.MAYOR, Role.BRANCH_OFFICER, Role.BRANCH_HEAD),
    Why.ENDS: (*_OFFICE, Role.MAYOR, Role.BRANCH_OFFICER, Role.BRANCH_HEAD),
}


def alarms(on: date) -> list[Alarm]:
    """Every alarm of the day for the agreements in the caller's scope, the nearest day first."""
    held = begun()
    found = agreements(held, on=on)
    owed = {each.id: each.next_month for each in found if each.owes}
    return list(alarms_of(held, found, year_gaps(held, owed=owed, on=on), on=on))


def alarms_about(held: Agreement, *, on: date, money: AgreementMoney) -> list[Alarm]:
    """Those of one agreement in the caller's scope, whose money is read already; none while nobody lives under it."""
    if held.state in NOT_BEGUN:
        return []
    found = agreements([held], on=on, money={held.pk: money})
    owed = {each.id: each.next_month for each in found if each.owes}
    return list(alarms_of([held], found, year_gaps([held], owed=owed, on=on), on=on))


def alarms_of(
    held: Sequence[Agreement], found: Sequence[AgreementToday], gaps: Gaps, *, on: date
) -> tuple[Alarm, ...]:
    """The same from what is read already; asks nothing of the database.

    1. UNPAID: the next month is not paid, and its due date comes within a week.
    2. MONEY: the first month that the budget does not reach for.
    3. YEAR: the first month of a year whose papers are missing (the January gap).
    4. LAPSE: the day on which cover ends if nothing more is paid (PP 44/2015 Pasal 39, 42).
    5. ENDS: the agreement itself ends, and with it the cover.
    """
    by_id = {each.pk: each for each in held}
    missing: dict[int, list[YearReadiness]] = {}
    for agreement, year in gaps:
        missing.setdefault(agreement.pk, []).append(year)
    alarms = [
        alarm
        for each in found
        if each.covered
        for alarm in _of(by_id[each.id], each, missing.get(each.id, []), on)
    ]
    return tuple(sorted(alarms, key=lambda alarm: (alarm.day, alarm.title, alarm.why)))


def _of(held: Agreement, each: AgreementToday, gaps: Sequence[YearReadiness], on: date) -> Iterator[Alarm]:
    short = each.shortfall_month
    if short is not None and (not each.owes or short >= each.next_month):
        day = _after(due(short, held.programmes, segment=segment_of(held)))
        said = _MONEY.filled(month=short.label, amount=rupiah(each.shortfall))
        yield from _alarm(Why.MONEY, each, day, said, on)
    if each.owes and short != each.next_month:
        said = _UNPAID.filled(month=each.next_month.label)
        yield from _alarm(Why.UNPAID, each, _after(each.next_due), said, on)
    for year in gaps:
        if year.month is not None and year.needed_by is not None:
            said = _YEAR.filled(month=year.month.label, papers=named(year.missing))
            yield from _alarm(Why.YEAR, each, _after(year.needed_by), said, on)
    yield from _lapse(held, each, on)
    if held.until is not None:
        yield from _alarm(Why.ENDS, each, held.until, _ENDS, on)


def _lapse(held: Agreement, each: AgreementToday, on: date) -> Iterator[Alarm]:
    """Only whoever is not a wage earner can lose the cover by arrears."""
    if not each.owes or each.newest_paid is None or each.employer:
        return
    limit = months_at_risk(held.programmes, on=on)
    day = _after(due(each.newest_paid.plus(limit + 1), held.programmes))
    if held.until is None or day < held.until:
        yield from _alarm(Why.LAPSE, each, day, _LAPSE.filled(limit=duration(limit)), on)


def _alarm(why: Why, each: AgreementToday, day: date, said: Text, on: date) -> Iterator[Alarm]:
    days = (day - on).days
    step = next((step for step in STEPS if 0 < days <= step), None)
    if step is None or (why is Why.UNPAID and step != STEPS[0]):
        return
    effect = _effect(why, each).filled(day=day_label(day), people=counted(each.covered))
    yield Alarm(
        key=f"{why}:{each.id}:{day}:{step}",
        why=why,
        step=step,
        days=days,
        day=day,
        agreement_id=each.id,
        code=each.code,
        title=each.title,
        sponsor=each.sponsor,
        people=each.covered,
        sentence=joined((Text(f"{each.title}:", f"{each.title}:"), said, effect)),
        article=_article(why, each, on),
        whom=_WHOM[why],
        short=(each.shortfall_month, each.shortfall) if why is Why.MONEY and each.shortfall_month else None,
    )


def _effect(why: Why, each: AgreementToday) -> Text:
    if why in (Why.LAPSE, Why.ENDS):
        return _LOSE
    if each.employer:
        return _EMPLOYER_BEHIND
    return _BEHIND_AGAIN if each.overdue else _BEHIND


def _article(why: Why, each: AgreementToday, on: date) -> Text:
    if why is Why.ENDS:
        return _TERM
    segment = Segment.PU if each.employer else Segment.BPU
    cited = [
        citation.text
        for programme in ("jkk", "jkm")
        for citation in arrears.consequence(
            segment=segment, programme=programme, months_unpaid=1, on=on
        ).citations
    ]
    return joined(tuple(dict.fromkeys(cited)), "; ")


_TERM = Text("masa berlaku PKS", "the term of the PKS")


def _after(day: date) -> date:
    return day + timedelta(days=1)


_MONEY = Text("dana untuk {month} kurang {amount}.", "the money for {month} falls short by {amount}.")
_UNPAID = Text("iuran {month} belum dibayar.", "the contribution of {month} is not paid.")
_YEAR = Text(
    "iuran {month} belum bisa dibayar, belum ada {papers}.",
    "the contribution of {month} cannot be paid yet, {papers} missing.",
)
_LAPSE = Text(
    "iuran menunggak sampai lebih dari {limit}.", "contributions stay unpaid for more than {limit}."
)
_ENDS = Text("masanya berakhir dan belum ada lanjutannya.", "its period ends and nothing follows it.")
_BEHIND = Text(
    "{people} orang menunggak mulai {day}: masih terlindungi, tetapi santunannya ditahan sampai tunggakan lunas.",
    "{people} people are behind from {day}: still protected, but benefits are held until the arrears are paid.",
)
_BEHIND_AGAIN = Text(
    "Juga bila tunggakan sekarang dilunasi, {people} orang menunggak lagi mulai {day}.",
    "Even once today's arrears are paid, {people} people are behind again from {day}.",
)
_EMPLOYER_BEHIND = Text(
    "Iuran {people} pegawai menunggak mulai {day}; perlindungan mereka tetap.",
    "The contributions of {people} employees are overdue from {day}; their cover stays.",
)
_LOSE = Text(
    "{people} orang lepas dari perlindungan mulai {day}.", "{people} people lose their cover from {day}."
)
