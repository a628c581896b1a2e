"""What replaces the wage while somebody cannot work after an accident: santunan sementara tidak mampu bekerja,
STMB.

PP 44/2015 P25(2)b with Lampiran III and P30; PP 82/2019 P I number 1.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lindung.law.asking_back import Contradiction
from lindung.law.decision import Citation, Confidence, Fact, Step
from lindung.law.jkk.facts import Absence, Facts
from lindung.law.jkk.rounding import Part, rounded_once
from lindung.law.money import percent, rupiah
from lindung.law.months import Month, day_label, months_later
from lindung.law.reading import Read, Reading
from lindung.law.text import Text, joined

RATES = "jkk.incapacity.rates"
EMPLOYER_FIRST = Citation("PP 44/2015", "30")
PAID_DIRECTLY = Citation("PP 44/2015", "30", "3")


class Length(NamedTuple):
    """How long somebody could not work: whole calendar months, and the days that are left over."""

    months: int
    days: int

    @property
    def label(self) -> Text:
        """2 bulan 9 hari; 2 months 9 days."""
        parts = [_counted(self.months, "bulan", "month")] if self.months else []
        parts += [_counted(self.days, "hari", "day")] if self.days else []
        return joined(tuple(parts))


def _counted(count: int, indonesian: str, english: str) -> Text:
    return Text(f"{count} {indonesian}", f"{count} {english}" + ("s" if count > 1 else ""))


class _Stretch(NamedTuple):
    """The time off that falls under one rate; `until_month` None means without end."""

    from_month: int
    until_month: int | None
    time: Fraction


def check(facts: Facts) -> None:
    """Refuse absences that end before they begin, overlap, begin before the accident or outlive the worker.

    Raises Contradiction, naming the field as typed: incapacity[1].from.
    """
    ordered = sorted(enumerate(facts.incapacity), key=lambda one: one[1])
    worked_again = facts.event_date
    for place, absence in ordered:
        if absence.until <= absence.since:
            raise Contradiction(f"incapacity[{place}].to", code="ends_before_it_begins", text=_REVERSED)
        if absence.since < facts.event_date:
            raise Contradiction(f"incapacity[{place}].from", code="before_the_accident", text=_BEFORE)
        if absence.since < worked_again:
            raise Contradiction(f"incapacity[{place}].from", code="overlap", text=_OVERLAP)
        if facts.died_on is not None and absence.until > facts.died_on:
            raise Contradiction(f"incapacity[{place}].to", code="after_death", text=_AFTER_DEATH)
        worked_again = absence.until


def joined_up(absences: Iterable[Absence]) -> tuple[Absence, ...]:
    """The absences in order, one that begins where the last ended being one with it."""
    joined: list[Absence] = []
    for absence in sorted(absences):
        if joined and joined[-1].until == absence.since:
            joined[-1] = Absence(joined[-1].since, absence.until)
        else:
            joined.append(absence)
    return tuple(joined)


def length(absence: Absence) -> Length:
    """Whole months by the calendar, and the days left: 5 January to 14 March is 2 months and 9 days."""
    months = Month.of(absence.since).months_until(Month.of(absence.until))
    if months_later(absence.since, months) > absence.until:
        months -= 1
    return Length(months, (absence.until - months_later(absence.since, months)).days)


def steps(reading: Reading, facts: Facts, *, base: int) -> tuple[Step, ...]:
    """The benefit for all absences of one accident together, `base` in whole rupiah a month.

    The months of all absences are counted on; days short of a month are counted in thirtieths (unverified).
    1. say each absence; 2. pay the months under each rate, the whole rounded once; 3. say who gets the money.
    """
    if not facts.incapacity:
        return ()
    absences = joined_up(facts.incapacity)
    lengths = tuple(length(absence) for absence in absences)
    days = sum(one.days for one in lengths)
    month_days = reading.whole("jkk.incapacity.month_days").value if days else 1
    time = sum(one.months for one in lengths) + Fraction(days, month_days)
    return (
        *(_said(reading, one) for one in absences),
        *_paid(reading, tuple(_stretches(reading, time)), base=base, month_days=month_days),
        *((_to_whom(facts),) if facts.registered else ()),
    )


def _stretches(reading: Reading, time: Fraction) -> Iterator[_Stretch]:
    begins = [int(row.key) for row in reading.table(RATES).rows]
    for begin, end in zip(begins, [*begins[1:], None], strict=True):
        if time > begin:
            yield _Stretch(begin, end, (time if end is None else min(time, Fraction(end))) - begin)


def _said(reading: Reading, absence: Absence) -> Step:
    how_long, last = length(absence), date.fromordinal(absence.until.toordinal() - 1)
    rate = reading.rate_in(RATES, 0)
    working: dict[str, Fact] = {
        "from": absence.since.isoformat(),
        "to": absence.until.isoformat(),
        "last_day": last.isoformat(),
        **how_long._asdict(),
    }
    sentence = _AWAY.filled(since=day_label(absence.since), last=day_label(last), length=how_long.label)
    return rate.step("jkk.incapacity.days", 0, working=working)._replace(sentence=sentence)


def _paid(
    reading: Reading, stretches: tuple[_Stretch, ...], *, base: int, month_days: int
) -> tuple[Step, ...]:
    rates = [reading.rate_in(RATES, one.from_month) for one in stretches]
    multiples = [rate.value * one.time for rate, one in zip(rates, stretches, strict=True)]
    parts = rounded_once(reading, base, multiples)
    return tuple(
        _step(reading, *each, base=base, month_days=month_days)
        for each in zip(rates, stretches, parts, strict=True)
    )


def _step(
    reading: Reading, rate: Read[Fraction], stretch: _Stretch, part: Part, *, base: int, month_days: int
) -> Step:
    how_long = _in_months_and_days(stretch.time, month_days)
    working: dict[str, Fact] = {
        "base": base,
        "rate": f"{rate.value.numerator}/{rate.value.denominator}",
        "from_month": stretch.from_month + 1,
        **({} if stretch.until_month is None else {"to_month": stretch.until_month}),
        **how_long._asdict(),
        **({"month_days": month_days} if how_long.days else {}),
        **({"paid_before": part.before} if part.before else {}),
        "rounding": reading.rounding().value,
    }
    key = f"jkk.incapacity.from_{stretch.from_month + 1}"
    said = _sentence(rate, stretch, how_long, base=base, amount=part.amount)
    step = rate.step(key, part.amount, base=base, working=working)
    return step._replace(sentence=joined((said, *part.remark)))


def _sentence(rate: Read[Fraction], stretch: _Stretch, how_long: Length, *, base: int, amount: int) -> Text:
    text = _FROM_ON if stretch.until_month is None else _FROM_TO
    return text.filled(
        first=stretch.from_month + 1,
        last=stretch.until_month or "",
        rate=percent(rate.value),
        base=rupiah(base),
        length=how_long.label,
        amount=rupiah(amount),
    )


def _in_months_and_days(time: Fraction, month_days: int) -> Length:
    months = time.numerator // time.denominator
    return Length(months, int((time - months) * month_days))


def _to_whom(facts: Facts) -> Step:
    citation, text = (EMPLOYER_FIRST, _EMPLOYER) if facts.is_wage_earner else (PAID_DIRECTLY, _DIRECTLY)
    return Step("jkk.incapacity.to_whom", _TO_WHOM, 0, citation, Confidence.READ_IN_LAW, text, {})


_AWAY = Text(
    "Tidak mampu bekerja dari {since} sampai dengan {last}: {length}.",
    "Unable to work from {since} up to and including {last}: {length}.",
)
_FROM_TO = Text(
    "Bulan ke-{first} sampai ke-{last} tidak mampu bekerja: {rate} dari dasar upah {base} selama {length}, "
    "yaitu {amount}.",
    "Months {first} to {last} of being unable to work: {rate} of the wage base {base} for {length}, which "
    "is {amount}.",
)
_FROM_ON = Text(
    "Mulai bulan ke-{first} tidak mampu bekerja: {rate} dari dasar upah {base} selama {length}, yaitu "
    "{amount}.",
    "From month {first} of being unable to work: {rate} of the wage base {base} for {length}, which is "
    "{amount}.",
)
_TO_WHOM = Text("Penerima santunan sementara", "Who receives the incapacity benefit")
_EMPLOYER = Text(
    "Pemberi kerja tetap membayar upah lebih dulu; BPJS Ketenagakerjaan menggantinya. Bila penggantiannya "
    "lebih besar, selisihnya untuk pekerja.",
    "The employer keeps paying wages first, and BPJS Ketenagakerjaan repays him. Where it repays more, the "
    "difference is the worker's.",
)
_DIRECTLY = Text(
    "Santunan selama tidak mampu bekerja dibayar langsung kepada peserta.",
    "The benefit while unable to work is paid straight to the participant.",
)
_REVERSED = Text(
    "Masa tidak mampu bekerja harus berakhir sesudah mulai. Periksa tanggalnya.",
    "The time unable to work must end after it begins. Check the dates.",
)
_BEFORE = Text(
    "Masa tidak mampu bekerja tidak boleh mulai sebelum kecelakaan. Periksa tanggalnya.",
    "The time unable to work cannot begin before the accident. Check the dates.",
)
_OVERLAP = Text(
    "Dua masa tidak mampu bekerja bertumpukan. Pisahkan tanggalnya.",
    "Two times of being unable to work overlap. Part their dates.",
)
_AFTER_DEATH = Text(
    "Masa tidak mampu bekerja berakhir pada hari meninggal. Periksa tanggalnya.",
    "The time unable to work ends on the day of death. Check the dates.",
)
