"""What a month costs: contributions of non-wage earners (BPU) and wage earners (PU)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from lindung.law.contributions.due import DueDate as DueDate
from lindung.law.contributions.due import due_date as due_date
from lindung.law.contributions.due import first_due_day as first_due_day
from lindung.law.contributions.steps import Part, Paying, relieved, share_step
from lindung.law.contributions.tariffs import (
    BandTariff,
    CappedTariff,
    ClassTariff,
    FlatTariff,
    WageTariff,
    counted_as_jkp,
)
from lindung.law.decision import Decision, Fact, Payment, Step, weakest
from lindung.law.money import NotAnAmount, rupiah
from lindung.law.months import Month, day_label
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Payer, Programme, RiskClass, Sector, Segment, UnknownTerm
from lindung.law.text import Text
from lindung.law.values import Law
from lindung.law.workdays import NoWorkingDay as NoWorkingDay
from lindung.law.workdays import weekday as weekday

BPU_PROGRAMMES = (Programme.JKK, Programme.JKM, Programme.JHT)
PU_PROGRAMMES = tuple(Programme)
GIVE_TO_JKP = (Programme.JKK, Programme.JKM)
"""The programmes of whose contribution a part counts as JKP: PP 37/2021 P11."""

_BPU_SECTORS = (Sector.ROAD_TRANSPORT, Sector.OTHER)


class NoRiskClass(UnknownTerm):
    """Kelas risiko menentukan bagian JKP bulan ini. Pilih: {choices}. / The risk class decides the part for JKP
    of this month. Choose: {choices}."""


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
    asked = asked_programmes(programmes, BPU_PROGRAMMES)
    paying = Paying(Segment.BPU, month, Payer(payer), _bpu_sector(sector))
    if monthly_income is not None and monthly_income < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    reading = Reading.for_month(law or in_force(), month, known=known)
    parts = [
        relieved(
            reading, _bpu_normal(reading, programme, monthly_income),
            key=programme.value, programme=programme, paying=paying,
        )
        for programme in asked
    ]  # fmt: skip
    return reading.decision(
        "contribution.bpu",
        steps=tuple(step for part in parts for step in part.steps),
        facts={
            "month": str(month),
            "programmes": tuple(asked),
            "monthly_income": monthly_income,
            "payer": paying.payer.value,
            "sector": paying.sector.value,
            "known": known.isoformat() if known else None,
        },
        what_would_change=_if_paid_alone(parts),
    )


def pu(
    *,
    month: Month,
    wage: int,
    risk_class: str | None = None,
    programmes: Iterable[str],
    in_jkp: bool = False,
    payer: str = Payer.EMPLOYER,
    labour_intensive: bool = False,
    paid_on: date | None = None,
    known: date | None = None,
    law: Law | None = None,
) -> Decision:
    """The contribution of a wage earner for one month: the employer's whole bill, by programme.

    `wage` is the reported monthly wage in whole rupiah; only JP and JKP have a cap. With `in_jkp`, or JKP
    among the programmes, parts of JKK and JKM count as JKP: `amount("jkk")` falls, `amount("jkp")` rises,
    the total stays; `in_jkp` with only one of JKK and JKM shows the part of that one alone, and says so. JHT
    and JP are parted in `.employer` and `.worker`. `risk_class` is needed for JKK, and for JKP where a relief
    makes the part depend on it. `labour_intensive` says that the employer meets every condition of PP 7/2025 and PP 36/2025, whose
    relief is lost when the month is paid (`paid_on`) after the last day for late settlement. Sources: PP
    44/2015 P16, P18; PP 46/2015 P16; PP 45/2015 P28-29; PP 37/2021 P11; PP 49/2023; PP 6/2025; PP 49/2020.
    Raises UnknownTerm, NoRiskClass, NotAnAmount, NoLawForDate.
    """
    asked = asked_programmes(programmes, PU_PROGRAMMES)
    if wage < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    reading = Reading.for_month(law or in_force(), month, known=known)
    settling = _settle_by(reading, paid_on) if labour_intensive else ()
    in_time = all(step.working["in_time"] for step in settling)
    sector = Sector.LABOUR_INTENSIVE if labour_intensive and in_time else Sector.OTHER
    paying = Paying(Segment.PU, month, Payer(payer), sector)
    aside = Reading.for_month(law or in_force(), month, known=known)
    bill = _Bill(reading, aside, wage, RiskClass(risk_class) if risk_class is not None else None, paying)
    steps = _pu_steps(bill, asked, in_jkp=in_jkp) + settling
    facts: dict[str, Fact] = {
        "month": str(month),
        "programmes": tuple(asked),
        "wage": wage,
        "risk_class": bill.risk.value if bill.risk else None,
        "in_jkp": in_jkp,
        "payer": paying.payer.value,
        "labour_intensive": labour_intensive,
        "known": known.isoformat() if known else None,
    }
    if paid_on:
        facts["paid_on"] = paid_on.isoformat()
    schedule = _deferred(reading, steps, month)
    return reading.decision("contribution.pu", steps=steps, facts=facts, schedule=schedule)


def asked_programmes(
    programmes: Iterable[str], among: tuple[Programme, ...] = PU_PROGRAMMES
) -> tuple[Programme, ...]:
    """The programmes in the order of the law: JKK, JKM, JHT, JP, JKP. Raises UnknownTerm for others."""
    wanted = {Programme(word) for word in programmes}
    if not wanted:
        raise UnknownTerm("", among)
    for programme in sorted(wanted - set(among)):
        raise UnknownTerm(programme, among)
    return tuple(programme for programme in among if programme in wanted)


def jkp_exists(reading: Reading) -> bool:
    """Whether any rule on contributions to JKP holds in the month: none before 2 February 2021."""
    return any(reading.exists(id) for id in _JKP_RULES)


_JKP_RULES = ("jkp.from_jkk.rate", "jkp.from_jkm.rate", "jkp.state_rate", "jkp.wage_cap")


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


def pu_tariffs(reading: Reading, programme: Programme) -> dict[str, ClassTariff | WageTariff | CappedTariff]:
    """The tariffs of a programme for wage earners, as read, by the key of their step; JKP has none of its
    own."""
    rounding = reading.rounding()
    match programme:
        case Programme.JKK:
            return {"jkk": ClassTariff(reading.table("pu.jkk.rates"), rounding)}
        case Programme.JKM:
            return {"jkm": WageTariff(reading.rate("pu.jkm.rate").value, rounding)}
        case Programme.JP:
            cap = reading.whole("pu.jp.wage_cap").value
            return {
                key: CappedTariff(reading.rate(f"pu.{key}_rate").value, cap, rounding)
                for key in ("jp.employer", "jp.worker")
            }
        case Programme.JHT:
            return {
                key: WageTariff(reading.rate(f"pu.{key}_rate").value, rounding)
                for key in ("jht.employer", "jht.worker")
            }
        case Programme.JKP:
            return {}


def _bpu_normal(reading: Reading, programme: Programme, income: int | None) -> tuple[Step, ...]:
    tariff = bpu_tariff(reading, programme)
    amount = tariff.normal(income=income)
    if isinstance(tariff, FlatTariff):
        return (reading.whole("bpu.jkm.amount").step("jkm", amount),)
    band = reading.amount_in("bpu.bands", income or 0)
    step = share_step(reading, reading.rate(f"bpu.{programme}.rate"), programme.value, amount, band.value)
    return (step._replace(confidence=weakest(step.confidence, band.confidence)),)


class _Bill(NamedTuple):
    """What the parts of a wage earner's bill have in common."""

    reading: Reading
    aside: Reading
    """Remembers what was only compared and is no part of the decision."""
    wage: int
    risk: RiskClass | None
    paying: Paying


def _pu_steps(bill: _Bill, asked: tuple[Programme, ...], *, in_jkp: bool) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = ()
    counted = _counted(bill, asked, in_jkp=in_jkp)
    for programme in asked:
        parts = _pu_parts(bill, programme)
        steps += tuple(step for part in parts for step in part.steps)
        if counted and programme in GIVE_TO_JKP:
            steps += _recomposed(bill, programme, parts[0])
    if Programme.JKP in asked:
        for programme in GIVE_TO_JKP:
            if programme not in asked:  # the part that counts as JKP stands on the bill alone
                steps += _recomposed(bill, programme, _giving(bill, programme))[1:]
    return steps + _from_state(bill, asked) if counted else steps


def _counted(bill: _Bill, asked: tuple[Programme, ...], *, in_jkp: bool) -> bool:
    """Whether parts of JKK and JKM count as JKP: for members, once there is JKP."""
    if in_jkp and Programme.JKP not in asked and not jkp_exists(bill.reading):
        bill.reading.assume(_NO_JKP_YET.filled(month=bill.paying.month.label))
        return False
    return in_jkp or Programme.JKP in asked


def _from_state(bill: _Bill, asked: tuple[Programme, ...]) -> tuple[Step, ...]:
    """What the state adds, where JKP is shown whole; with one of JKK and JKM only its own part is shown."""
    left_out = [one for one in GIVE_TO_JKP if one not in asked]
    if Programme.JKP in asked or not left_out:
        return (_state_part(bill),)
    for shown in set(GIVE_TO_JKP) & set(asked):
        bill.reading.assume(_ONE_PART.filled(shown=shown.upper(), other=left_out[0].upper()))
    return ()


def _giving(bill: _Bill, programme: Programme) -> Part:
    """A contribution that was not asked for and gives a part to JKP; without a risk class the greatest, where
    all classes give the same. Raises NoRiskClass where they do not."""
    if bill.risk is not None or programme is not Programme.JKK:
        return _pu_parts(bill, programme)[0]
    classes = [bill._replace(reading=bill.aside, risk=risk) for risk in RiskClass]
    parts = [_pu_parts(one, programme)[0] for one in classes]
    if len({_moved(one, programme, part) for one, part in zip(classes, parts, strict=True)}) > 1:
        raise NoRiskClass("", RiskClass)
    return max(parts, key=lambda part: part.due)


def _pu_parts(bill: _Bill, programme: Programme) -> tuple[Part, ...]:
    """One part for each tariff, so that employer and worker each have their own relief."""
    return tuple(
        relieved(
            bill.reading,
            (_pu_normal(bill, key, tariff),),
            key=key,
            programme=programme,
            paying=bill.paying,
        )
        for key, tariff in pu_tariffs(bill.reading, programme).items()
    )


def _pu_normal(bill: _Bill, key: str, tariff: ClassTariff | WageTariff | CappedTariff) -> Step:
    reading = bill.reading
    if isinstance(tariff, ClassTariff):
        risk = RiskClass(bill.risk or "")
        amount = tariff.normal(wage=bill.wage, risk_class=risk)
        return share_step(reading, reading.rate_in("pu.jkk.rates", risk), key, amount, bill.wage)
    rate = reading.rate(f"pu.{key}_rate" if "." in key else f"pu.{key}.rate")
    amount = tariff.normal(wage=bill.wage, risk_class=bill.risk)
    if isinstance(tariff, WageTariff):
        return share_step(reading, rate, key, amount, bill.wage)
    cap = reading.whole("pu.jp.wage_cap")
    step = share_step(reading, rate, key, amount, min(bill.wage, cap.value))
    confidence = weakest(step.confidence, cap.confidence)
    if bill.wage <= cap.value:
        return step._replace(confidence=confidence)
    capped = _CAPPED.filled(said=step.sentence, cap=rupiah(cap.value))
    working: dict[str, Fact] = {**step.working, "wage": bill.wage, "cap": cap.value}
    return step._replace(confidence=confidence, sentence=capped, working=working)


def _if_paid_alone(parts: list[Part]) -> tuple[Text, ...]:
    """What the participant would pay alone, when that is less because of a relief the payer loses."""
    alone = sum(part.due_alone for part in parts)
    if alone == sum(part.due for part in parts):
        return ()
    sources = [part.relief_alone.citation.text for part in parts if part.relief_alone]
    return (_PAID_ALONE.filled(amount=rupiah(alone), source=sources[0]),)


def _recomposed(bill: _Bill, programme: Programme, part: Part) -> tuple[Step, ...]:
    """The part of JKK or JKM that counts as JKP: taken off one, put to the other, the bill unchanged."""
    reading, moved = bill.reading, _moved(bill, programme, part)
    if not moved:
        return ()
    if part.relieved:
        reading.note(_SPLIT_UNREAD)
    rate, cap = reading.rate(f"jkp.from_{programme}.rate"), reading.whole("jkp.wage_cap").value
    gained = share_step(reading, rate, f"jkp.from_{programme}", moved, min(bill.wage, cap))
    if moved == part.due:
        said = _ALL_COUNTED.filled(amount=rupiah(moved), programme=programme.upper())
        gained = gained._replace(sentence=said, working={**gained.working, "at_most": part.due})
    return gained._replace(key=f"{programme}.to_jkp", amount=-moved), gained


def _moved(bill: _Bill, programme: Programme, part: Part) -> int:
    reading = bill.reading
    rate, cap = reading.rate(f"jkp.from_{programme}.rate").value, reading.whole("jkp.wage_cap").value
    return counted_as_jkp(bill.wage, due=part.due, rate=rate, cap=cap, rounding=reading.rounding())


def _state_part(bill: _Bill) -> Step:
    """What the state adds to JKP: named, but no part of the bill."""
    reading = bill.reading
    rate = reading.rate("jkp.state_rate")
    tariff = CappedTariff(rate.value, reading.whole("jkp.wage_cap").value, reading.rounding())
    added = tariff.normal(wage=bill.wage, risk_class=None)
    step = share_step(reading, rate, "jkp.state", added, min(bill.wage, tariff.cap))
    return step._replace(amount=0, working={**step.working, "state_part": added})


def _deferred(reading: Reading, steps: tuple[Step, ...], month: Month) -> tuple[Payment, ...]:
    """What PP 49/2020 defers of JP; it does not cut it, as it cuts JKK and JKM."""
    late = tuple(
        Payment("jp.deferred", -step.amount, {"part": step.key.split(".")[1], "month": str(month)})
        for step in steps
        if step.belongs_to("jp") and step.key.endswith(".relief")
    )
    if late:
        reading.note(_DEFERRED_UNTIL)
    return late


SETTLE_BY = "relief.pp36_2025.settle_by"
"""Year, month and day until which a late month may be settled without losing the relief: PP 36/2025 P10A."""


def _settle_by(reading: Reading, paid_on: date | None) -> tuple[Step, ...]:
    """Whether a relieved month paid on that day keeps its relief; nothing where no such day is stored."""
    if paid_on is None or not reading.exists(SETTLE_BY):
        return ()
    year, month, day = (reading.amount_in(SETTLE_BY, part) for part in ("year", "month", "day"))
    last = date(year.value, month.value, day.value)
    in_time = paid_on <= last
    if not in_time:
        reading.note(_LOST_UNREAD)
    sentence = (_SETTLED if in_time else _SETTLED_LATE).filled(last=day_label(last), paid=day_label(paid_on))
    working: dict[str, Fact] = {"last": last.isoformat(), "paid_on": paid_on.isoformat(), "in_time": in_time}
    return (day.step("settle_by", 0, working=working)._replace(sentence=sentence),)


_PAID_ALONE = Text(
    "Bila peserta membayar sendiri, iurannya {amount} sebulan ({source}).",
    "If the participant paid alone, the contribution would be {amount} a month ({source}).",
)
_NO_JKP_YET = Text(
    "Untuk {month} belum ada aturan JKP: tidak ada bagian iuran yang dihitung sebagai JKP.",
    "For {month} there was no rule on JKP yet: no part of the contributions counts as JKP.",
)
_ONE_PART = Text(
    "Untuk JKP hanya dihitung bagian dari {shown}, karena {other} tidak ditanyakan; bagian dari {other} dan dari "
    "negara tidak ditunjukkan.",
    "Of JKP only the part from {shown} is counted, because {other} was not asked for; the parts from {other} and "
    "from the state are not shown.",
)
_SPLIT_UNREAD = Text(
    "Belum diperiksa pada naskah bagaimana iuran JKK yang diringankan dibagi untuk JKP.",
    "How a relieved JKK contribution is split for JKP is not verified against the text.",
)
_ALL_COUNTED = Text(
    "Seluruh iuran {programme}, {amount}, dihitung sebagai iuran JKP; tagihan tidak berubah.",
    "The whole {programme} contribution, {amount}, counts as JKP; the bill stays the same.",
)
_CAPPED = Text(
    "{said} Upah di atas {cap} tidak dihitung untuk JP.",
    "{said} The wage above {cap} does not count for JP.",
)
_DEFERRED_UNTIL = Text(
    "Kapan iuran JP yang ditunda harus lunas belum diperiksa pada naskah PP 49/2020.",
    "When the deferred JP contribution must be paid is not verified against the text of PP 49/2020.",
)
_SETTLED = Text(
    "Dibayar {paid}. Iuran yang terlambat tetap mendapat keringanan bila lunas paling lambat {last}; "
    "denda keterlambatan tetap dihitung.",
    "Paid on {paid}. A late contribution keeps its relief when settled by {last}; the fine for lateness "
    "is still charged.",
)
_SETTLED_LATE = Text(
    "Dibayar {paid}, sesudah {last}: keringanan JKK tidak diberikan.",
    "Paid on {paid}, after {last}: the JKK relief is not given.",
)
_LOST_UNREAD = Text(
    "Bahwa keringanan hilang bila dilunasi sesudah batas itu belum diperiksa pada naskah PP 36/2025.",
    "That the relief is lost when settled after that day is not verified against the text of PP 36/2025.",
)
