"""What a month costs and when it is due: contributions of non-wage earners (BPU) and wage earners (PU)."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Decision, Fact, Step, weakest
from lindung.law.money import NotAnAmount, rupiah
from lindung.law.months import Month, day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.tariffs import BandTariff, ClassTariff, FlatTariff, WageTariff, counted_as_jkp, payable
from lindung.law.terms import Payer, Programme, RiskClass, Sector, Segment, UnknownTerm
from lindung.law.text import Text
from lindung.law.values import Law, Relief

LONGEST_HOLIDAY = 31
"""Days after which a calendar that knows no working day is taken for broken."""

_BPU_SECTORS = (Sector.ROAD_TRANSPORT, Sector.OTHER)


class NoWorkingDay(LookupError):
    """Kalender tanpa hari kerja sesudah jatuh tempo. / The calendar has no working day after the due day."""


class DueDate(NamedTuple):
    """The last day to pay in time; `day_in_law` is the day before it moved for a holiday."""

    on: date
    day_in_law: date
    citation: Citation
    confidence: Confidence
    sentence: Text


def bpu(
    *,
    month: Month,
    programmes: Iterable[str],
    monthly_income: int | None = None,
    payer: str,
    sector: str = Sector.OTHER,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The contribution of a non-wage earner for one month, by programme: `decision.amount("jkk")`.

    `monthly_income` in whole rupiah chooses the band; None stands for the lowest. `payer` is a Payer: only
    APBN and APBD lose the relief of PP 50/2025. `known` replays the law as known on that day. Sources: PP
    44/2015 P20 and Lampiran II, PP 46/2015 Lampiran, PP 49/2020, PP 50/2025. Raises UnknownTerm,
    NotAnAmount, NoLawForDate.
    """
    asked, paying, working = asked_programmes(programmes), Payer(payer), _bpu_sector(sector)
    if monthly_income is not None and monthly_income < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    reading = Reading.for_month(law or in_force(), month, known=known)
    parts = [
        _with_relief(
            reading, _bpu_normal(reading, programme, monthly_income),
            programme=programme, segment=Segment.BPU, month=month, payer=paying, sector=working,
        )
        for programme in asked
    ]  # fmt: skip
    steps = tuple(step for part in parts for step in part.steps)
    return reading.decision(
        "contribution.bpu",
        steps=steps,
        facts={
            "month": str(month),
            "programmes": tuple(asked),
            "monthly_income": monthly_income,
            "payer": paying.value,
            "sector": working.value,
            "known": known.isoformat() if known else None,
        },
        what_would_change=_if_paid_alone(parts),
    )


def pu(
    *,
    month: Month,
    wage: int,
    risk_class: str,
    programmes: Iterable[str],
    in_jkp: bool = False,
    payer: str = Payer.EMPLOYER,
    labour_intensive: bool = False,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The contribution of a wage earner for one month: the employer's whole bill, by programme.

    `wage` is the reported monthly wage in whole rupiah; there is no cap. With `in_jkp` parts of JKK and JKM
    count as JKP: `amount("jkk")` falls, `amount("jkp")` rises, the total stays. JHT is `jht.employer` and
    `jht.worker`. `labour_intensive` says that the employer meets every condition of PP 7/2025 and PP
    36/2025. Sources: PP 44/2015 P16, P18; PP 46/2015 P16; PP 37/2021 P11; PP 49/2023; PP 6/2025; PP
    49/2020. Raises UnknownTerm, NotAnAmount, NoLawForDate.
    """
    asked, paying, risk = asked_programmes(programmes), Payer(payer), RiskClass(risk_class)
    if wage < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    sector = Sector.LABOUR_INTENSIVE if labour_intensive else Sector.OTHER
    reading = Reading.for_month(law or in_force(), month, known=known)
    steps: list[Step] = []
    for programme in asked:
        part = _with_relief(
            reading, _pu_normal(reading, programme, wage, risk),
            programme=programme, segment=Segment.PU, month=month, payer=paying, sector=sector,
        )  # fmt: skip
        steps += part.steps
        if in_jkp and programme is not Programme.JHT:
            steps += _recomposed(reading, programme, wage, part)
    if in_jkp:
        steps.append(_state_part(reading, wage))
    return reading.decision(
        "contribution.pu",
        steps=tuple(steps),
        facts={
            "month": str(month),
            "programmes": tuple(asked),
            "wage": wage,
            "risk_class": risk.value,
            "in_jkp": in_jkp,
            "payer": paying.value,
            "labour_intensive": labour_intensive,
            "known": known.isoformat() if known else None,
        },
    )


def weekday(day: date) -> bool:
    """Whether the day is Monday to Friday: the working days when no calendar of holidays is given."""
    return day.weekday() < 5


def due_date(
    *,
    segment: str,
    programme: str,
    month: Month,
    is_working_day: Callable[[date], bool] = weekday,
    known: date | None = None,
    law: Law | None = None,
) -> DueDate:
    """The last day to pay a month's contribution in time; on a holiday the next working day.

    BPU: JKK and JKM in the month itself (PP 44/2015 P24(3)), JHT in the month after (PP 46/2015 P21(3)).
    PU: in the month after (PP 44/2015 P21, PP 46/2015 P19). Raises UnknownTerm, NoLawForDate, NoWorkingDay.
    """
    asked = Programme(programme)
    group = "jht" if asked is Programme.JHT else "jkk_jkm"
    reading = Reading.for_month(law or in_force(), month, known=known)
    day = reading.whole(f"due.{Segment(segment)}.{group}.day")
    due_month = month.plus(reading.whole(f"due.{Segment(segment)}.{group}.months_after").value)
    in_law = min(due_month.first_day() + timedelta(days=day.value - 1), due_month.last_day())
    on = _working_day(in_law, is_working_day)
    sentence = (_DUE if on == in_law else _DUE_MOVED).filled(
        programme=asked.label, month=month.label, day=day_label(on), day_in_law=day_label(in_law)
    )
    return DueDate(on, in_law, day.citation, day.confidence, sentence)


_DUE = Text(
    "Bayar iuran {programme} untuk {month} paling lambat {day}.",
    "Pay the {programme} contribution for {month} by {day}.",
)
_DUE_MOVED = Text(
    "Bayar iuran {programme} untuk {month} paling lambat {day}, karena {day_in_law} hari libur.",
    "Pay the {programme} contribution for {month} by {day}, because {day_in_law} is a holiday.",
)
_PAID_ALONE = Text(
    "Bila peserta membayar sendiri, iurannya {amount} sebulan ({source}).",
    "If the participant paid alone, the contribution would be {amount} a month ({source}).",
)
_SPLIT_UNREAD = Text(
    "Belum diperiksa pada naskah bagaimana iuran JKK yang diringankan dibagi untuk JKP.",
    "How a relieved JKK contribution is split for JKP is not verified against the text.",
)


_ALL_COUNTED = Text(
    "Seluruh iuran {programme}, {amount}, dihitung sebagai iuran JKP; tagihan tidak berubah.",
    "The whole {programme} contribution, {amount}, counts as JKP; the bill stays the same.",
)


class _Part(NamedTuple):
    """One programme's steps, what is due, and what would be due if the participant paid alone."""

    steps: tuple[Step, ...]
    due: int
    due_alone: int
    relief_alone: Relief | None
    relieved: bool


def asked_programmes(programmes: Iterable[str]) -> tuple[Programme, ...]:
    """The programmes in the order of the law: JKK, JKM, JHT."""
    wanted = {Programme(word) for word in programmes}
    if not wanted:
        raise UnknownTerm("", Programme)
    return tuple(programme for programme in Programme if programme in wanted)


def _bpu_sector(sector: str) -> Sector:
    if sector not in _BPU_SECTORS:
        raise UnknownTerm(sector, _BPU_SECTORS)
    return Sector(sector)


def bpu_tariff(reading: Reading, programme: Programme) -> BandTariff | FlatTariff:
    """The tariff of a programme for non-wage earners, as read."""
    if programme is Programme.JKM:
        return FlatTariff(reading.whole("bpu.jkm.amount").value)
    rate = reading.rate(f"bpu.{programme}.rate").value
    return BandTariff(reading.table("bpu.bands"), rate, reading.rounding())


def pu_tariffs(reading: Reading, programme: Programme) -> dict[str, ClassTariff | WageTariff]:
    """The tariffs of a programme for wage earners, as read, by the key of their step."""
    rounding = reading.rounding()
    if programme is Programme.JKK:
        return {"jkk": ClassTariff(reading.table("pu.jkk.rates"), rounding)}
    ids = {"jkm": "pu.jkm.rate"} if programme is Programme.JKM else _JHT_RATES
    return {key: WageTariff(reading.rate(id).value, rounding) for key, id in ids.items()}


_JHT_RATES = {"jht.employer": "pu.jht.employer_rate", "jht.worker": "pu.jht.worker_rate"}


def _bpu_normal(reading: Reading, programme: Programme, income: int | None) -> tuple[Step, ...]:
    tariff = bpu_tariff(reading, programme)
    amount = tariff.normal(income=income)
    if isinstance(tariff, FlatTariff):
        return (reading.whole("bpu.jkm.amount").step("jkm", amount),)
    band = reading.amount_in("bpu.bands", income or 0)
    step = _share_step(reading, reading.rate(f"bpu.{programme}.rate"), programme.value, amount, band.value)
    return (step._replace(confidence=weakest(step.confidence, band.confidence)),)


def _pu_normal(reading: Reading, programme: Programme, wage: int, risk: RiskClass) -> tuple[Step, ...]:
    steps = []
    for key, tariff in pu_tariffs(reading, programme).items():
        by_class = isinstance(tariff, ClassTariff)
        rate = reading.rate_in("pu.jkk.rates", risk) if by_class else reading.rate(f"pu.{_rate_id(key)}")
        steps.append(_share_step(reading, rate, key, tariff.normal(wage=wage, risk_class=risk), wage))
    return tuple(steps)


def _rate_id(key: str) -> str:
    return f"{key}_rate" if "." in key else f"{key}.rate"


def _share_step(reading: Reading, rate: Read[Fraction], key: str, amount: int, base: int) -> Step:
    reading.rounded(base, rate.value)
    working: dict[str, Fact] = {
        "base": base,
        "rate": f"{rate.value.numerator}/{rate.value.denominator}",
        "rounding": reading.rounding().value,
    }
    return rate.step(key, amount, base=base, working=working)


def _with_relief(
    reading: Reading,
    normal: tuple[Step, ...],
    *,
    programme: Programme,
    segment: Segment,
    month: Month,
    payer: Payer,
    sector: Sector,
) -> _Part:
    """The normal steps and the relief that reaches this payer and sector, if one does."""
    amount = sum(step.amount for step in normal)
    reliefs = reading.reliefs(segment=segment, programme=programme, month=month)
    due, alone = (
        payable(amount, reliefs=reliefs, payer=who, sector=sector, rounding=reading.rounding())
        for who in (payer, Payer.SELF)
    )
    steps = normal
    for relief in reliefs:
        if relief.reaches(payer=payer, sector=sector):
            reading.rounded(amount, 1 - relief.cut)
            cut: dict[str, Fact] = {
                "normal": amount,
                "cut": f"{relief.cut.numerator}/{relief.cut.denominator}",
            }
            steps += (reading.relief(relief).step(f"{programme}.relief", due - amount, working=cut),)
    alone_by = next((one for one in reliefs if one.reaches(payer=Payer.SELF, sector=sector)), None)
    return _Part(steps, due, alone, alone_by, due != amount)


def _if_paid_alone(parts: list[_Part]) -> tuple[Text, ...]:
    """What the participant would pay alone, when that is less because of a relief the payer loses."""
    alone = sum(part.due_alone for part in parts)
    if alone == sum(part.due for part in parts):
        return ()
    sources = [part.relief_alone.citation.text for part in parts if part.relief_alone]
    return (_PAID_ALONE.filled(amount=rupiah(alone), source=sources[0]),)


def _recomposed(reading: Reading, programme: Programme, wage: int, part: _Part) -> tuple[Step, ...]:
    """The part of JKK or JKM that counts as JKP: taken off one, put to the other, the bill unchanged."""
    rate = reading.rate(f"jkp.from_{programme}.rate")
    cap = reading.whole("jkp.wage_cap").value
    moved = counted_as_jkp(wage, due=part.due, rate=rate.value, cap=cap, rounding=reading.rounding())
    if not moved:
        return ()
    if part.relieved:
        reading.note(_SPLIT_UNREAD)
    gained = _share_step(reading, rate, f"jkp.from_{programme}", moved, min(wage, cap))
    if moved == part.due:
        said = _ALL_COUNTED.filled(amount=rupiah(moved), programme=programme.upper())
        gained = gained._replace(sentence=said, working={**gained.working, "at_most": part.due})
    return gained._replace(key=f"{programme}.to_jkp", amount=-moved), gained


def _state_part(reading: Reading, wage: int) -> Step:
    """What the state adds to JKP: named, but no part of the bill."""
    rate = reading.rate("jkp.state_rate")
    base = min(wage, reading.whole("jkp.wage_cap").value)
    tariff = WageTariff(rate.value, reading.rounding())
    added = tariff.normal(wage=base, risk_class=None)
    step = _share_step(reading, rate, "jkp.state", added, base)
    return step._replace(amount=0, working={**step.working, "state_part": added})


def _working_day(day: date, is_working_day: Callable[[date], bool]) -> date:
    for later in range(LONGEST_HOLIDAY + 1):
        if is_working_day(day + timedelta(days=later)):
            return day + timedelta(days=later)
    raise NoWorkingDay(NoWorkingDay.__doc__)
