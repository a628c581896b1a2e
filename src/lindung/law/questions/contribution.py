"""The question for a contribution: what a month, a contract or a period in advance costs, and when it is due."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from lindung.law import contributions
from lindung.law.contributions import advance, construction, migrants
from lindung.law.contributions.due import with_due_dates
from lindung.law.contributions.steps import together
from lindung.law.decision import Decision, Fact, Step
from lindung.law.months import Month
from lindung.law.parameter import in_force
from lindung.law.questions import answers
from lindung.law.questions.answers import Answer
from lindung.law.questions.calendar import named_holidays, said_without_holidays, working_days
from lindung.law.questions.fields import Given
from lindung.law.reading import Reading
from lindung.law.terms import Payer, Programme, RiskClass, Sector, Segment, Term
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = (
    "segment", "programmes", "month", "payer", "income", "sector", "months", "wage", "risk_class",
    "jkp_member", "labour_intensive", "paid_on", "contract_value", "contract_months", "before_departure",
    "extension", "individual", "jht_saving", "holidays", "known",
)  # fmt: skip
"""`months`: BPU, paid in advance. `paid_on`: PU with the labour-intensive relief. `before_departure`,
`extension`, `individual`, `jht_saving`: migrant. `holidays`: days that are no working days."""

PROGRAMMES: Mapping[Segment, tuple[Programme, ...]] = {
    Segment.BPU: contributions.BPU_PROGRAMMES,
    Segment.PU: contributions.PU_PROGRAMMES,
    Segment.CONSTRUCTION: construction.PROGRAMMES,
    Segment.MIGRANT: migrants.PROGRAMMES,
}
TOGETHER = "jkk_jkm"
"""The price list of migrant workers has one price for both programmes, which nobody may part."""


class WorkSector(Term):
    """The sector as the question names it; `transport` is road transport."""

    TRANSPORT = "transport"
    ROAD_TRANSPORT = "road_transport"
    OTHER = "other"


class _Asked(NamedTuple):
    """What every segment is asked with."""

    segment: Segment
    month: Month
    programmes: tuple[Programme, ...]
    known: date | None
    law: Law | None
    reading: Reading
    """Only remembers what was taken for granted."""


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The bill with its due dates. Raises Unanswerable, naming the fields; NoLawForDate for the month."""
    segment = given.maybe.word("segment", Segment)
    given.require("segment", "month", *(_needed(given) if segment is Segment.PU else ()))
    _check_all(given)
    month, segment = given.month("month"), given.word("segment", Segment)
    known = given.maybe.day("known")
    reading = Reading.for_month(law or in_force(), month, known=known)
    programmes = _programmes(given, segment, reading)
    one = _Asked(segment, month, programmes, known, law, reading)
    decision = _DECIDE[segment](given, one)
    billed = with_due_dates(
        decision, segment=segment, programmes=_billed(decision, programmes), month=month,
        is_working_day=working_days(given), known=known, law=law,
    )  # fmt: skip
    if billed is not decision:
        said_without_holidays(given, reading)
    facts: dict[str, Fact] = {"segment": segment.value, **decision.facts} | named_holidays(given)
    return together(billed._replace(facts=facts), reading.decision("", steps=(), facts={}))


def _billed(decision: Decision, asked: tuple[Programme, ...]) -> tuple[Programme, ...]:
    """The programmes on the bill: JKP too where a part counts as JKP without being asked for."""
    in_jkp = any(step.belongs_to(Programme.JKP) for step in decision.steps)
    return (*asked, Programme.JKP) if in_jkp and Programme.JKP not in asked else asked


def shape(decision: Decision) -> Answer:
    """The answer: `total` is the bill; `contributions` tells by programme who bears what.

    The total of JKP holds what the state adds, which is on nobody's bill.
    """
    parts: dict[str, list[Step]] = {}
    due: dict[str, object] = {}
    for step in decision.steps:
        first, _, rest = step.key.partition(".")
        if first == "due":
            due[rest.upper()] = step.working["on"]
        elif first in _SHOWN:
            parts.setdefault(first, []).append(step)
    bearer = Payer.EMPLOYER if _employer_pays(decision) else Payer.SELF
    shown = {_SHOWN[one]: _shared(parts[one], bearer) for one in _SHOWN if one in parts}
    return {
        "decision": decision.outcome.value,
        "total": decision.total,
        "paid_by": decision.facts.get("payer"),
        "contributions": shown,
        "due": due,
        "later": [{"what": one.key, **one.about, "amount": one.amount} for one in decision.schedule],
    } | answers.told(decision)


_SHOWN = {one.value: one.value.upper() for one in Programme} | {TOGETHER: "JKK+JKM"}


def _employer_pays(decision: Decision) -> bool:
    return decision.question in ("contribution.pu", "contribution.construction")


def _shared(steps: list[Step], bearer: Payer) -> dict[str, int]:
    """Who bears it by law: the worker where a step says so, else the employer of a wage earner or of
    construction work, else the participant, whoever pays it for him."""
    total = sum(step.amount for step in steps)
    worker = sum(step.amount for step in steps if step.key.split(".")[1:2] == ["worker"])
    if bearer is Payer.SELF:
        worker = total
    state = sum(amount for step in steps if isinstance(amount := step.working.get("state_part"), int))
    return {"total": total + state, "employer": total - worker, "worker": worker, "state": state}


def _needed(given: Given) -> tuple[str, ...]:
    """What a wage earner's bill needs; JKK is on it where no programmes are named."""
    return ("wage",) if "programmes" in given else ("wage", "risk_class")


def _check_all(given: Given) -> None:
    """A fact that this segment does not need must still be a sound fact: it may be a slip of the column."""
    for read, names in (
        (given.amount, ("income", "wage", "contract_value", "jht_saving")),
        (given.flag, ("jkp_member", "labour_intensive", "before_departure", "extension", "individual")),
        (given.day, ("paid_on", "known")),
    ):
        for name in names:
            if name in given:
                read(name)
    _choices(given)


def _choices(given: Given) -> None:
    for name, words in (("payer", Payer), ("sector", WorkSector), ("risk_class", RiskClass)):
        if name in given:
            given.word(name, words)
    for name in ("months", "contract_months"):
        if name in given:
            given.count(name, least=1, most=600)


def _programmes(given: Given, segment: Segment, reading: Reading) -> tuple[Programme, ...]:
    """The programmes in the order of the law; JKK and JKM where none is named, and said so."""
    among = PROGRAMMES[segment]
    if "programmes" not in given:
        reading.assume(_BOTH)
        return among[:2]
    wanted = given.words("programmes", Programme)
    if not set(wanted) <= set(among):
        known = ", ".join(one.upper() for one in among)
        given.refuse("programmes", "not_in_segment", _NOT_HERE.filled(segment=segment.label, known=known))
    if Programme.JKP in wanted:
        refuse_before_jkp(given, reading)
    return tuple(one for one in among if one in wanted)


def refuse_before_jkp(given: Given, reading: Reading) -> None:
    """Name the month as the fault where there was no JKP yet. Raises Unanswerable."""
    if not contributions.jkp_exists(reading):
        given.refuse("month", "no_law_for_date", _BEFORE_JKP.filled(month=given.month("month").label))


def _payer(given: Given, one: _Asked, default: Payer) -> Payer:
    if "payer" not in given:
        one.reading.assume(_PAYER.filled(payer=default.label))
    return given.word("payer", Payer, default)


def _bpu(given: Given, one: _Asked) -> Decision:
    if "wage" in given and "income" not in given:
        given.refuse("income", "missing_fact", _INCOME_NOT_WAGE)
    if "income" not in given:
        one.reading.assume(_LOWEST)
    months = given.count("months", 1, least=1, most=600)
    payer, sector = _who_pays(given, one, [one.month.plus(later) for later in range(months)])
    income = given.maybe.amount("income")
    if months == 1:
        return contributions.bpu(
            month=one.month, programmes=one.programmes, monthly_income=income,
            payer=payer, sector=sector, known=one.known, law=one.law,
        )  # fmt: skip
    try:
        return advance.bpu(
            month=one.month, months=months, programmes=one.programmes, monthly_income=income,
            payer=payer, sector=sector, known=one.known, law=one.law,
        )  # fmt: skip
    except advance.NotAPeriod as why:
        given.refuse("months", "not_a_period", _two(str(why)))


def _who_pays(given: Given, one: _Asked, months: list[Month]) -> tuple[Payer, Sector]:
    """Payer and sector; where a relief of those months makes the amount hang on one that is not named, it is asked
    for."""
    word = given.maybe.word("sector", WorkSector)
    sectors = (
        [Sector.OTHER if word is WorkSector.OTHER else Sector.ROAD_TRANSPORT] if word else list(_SECTORS)
    )
    payer = given.maybe.word("payer", Payer)
    if payer is None and any(
        _differ(_left(one, months, each, sector) for each in Payer) for sector in sectors
    ):
        given.refuse("payer", "missing_fact", _PAYER_DECIDES.filled(month=one.month.label))
    if _differ(_left(one, months, payer or Payer.SELF, sector) for sector in sectors):
        given.refuse("sector", "missing_fact", _SECTOR_DECIDES.filled(month=one.month.label))
    if payer is None:
        one.reading.assume(_PAYER.filled(payer=Payer.SELF.label))
    return payer or Payer.SELF, Sector.OTHER if Sector.OTHER in sectors else sectors[0]


def _differ(each: Iterable[object]) -> bool:
    first, *others = each
    return any(other != first for other in others)


_SECTORS = (Sector.OTHER, Sector.ROAD_TRANSPORT)


def _left(one: _Asked, months: list[Month], payer: Payer, sector: Sector) -> tuple[list[Fraction], ...]:
    """By programme and month, what the reliefs take off for that payer and sector."""
    return tuple(
        [
            relief.cut
            for relief in one.reading.reliefs(segment=one.segment, programme=programme, month=month)
            if relief.reaches(payer=payer, sector=sector)
        ]
        for programme in one.programmes
        for month in months
    )


def _say_of_labour(given: Given, one: _Asked, decision: Decision) -> None:
    """What was taken for granted about labour-intensive industry, where a relief of the month depends on it."""
    if not _depends_on_labour(one):
        return
    if "labour_intensive" not in given:
        one.reading.assume(_NOT_LABOUR_INTENSIVE)
    elif given.flag("labour_intensive") and not _settled_too_late(decision):
        one.reading.assume(_MEETS_CONDITIONS)
        if "paid_on" not in given and one.reading.exists(contributions.SETTLE_BY):
            one.reading.assume(_PAID_IN_TIME)


def _depends_on_labour(one: _Asked) -> bool:
    """Whether a relief of what is asked for, or of what gives a part to JKP, is for labour-intensive industry only."""
    giving = contributions.GIVE_TO_JKP if Programme.JKP in one.programmes else ()
    return any(
        (Sector.LABOUR_INTENSIVE in relief.sectors) != (Sector.OTHER in relief.sectors)
        for programme in {*one.programmes, *giving}
        for relief in one.reading.reliefs(segment=one.segment, programme=programme, month=one.month)
    )


def _settled_too_late(decision: Decision) -> bool:
    return any(step.working.get("in_time") is False for step in decision.steps)


def _pu(given: Given, one: _Asked) -> Decision:
    _one_month(given)
    if Programme.JKK in one.programmes:
        given.require("risk_class")
    try:
        decision = contributions.pu(
            month=one.month,
            wage=given.amount("wage"),
            risk_class=given.maybe.word("risk_class", RiskClass),
            programmes=one.programmes,
            in_jkp=_in_jkp(given, one),
            payer=_payer(given, one, Payer.EMPLOYER),
            labour_intensive=given.flag("labour_intensive", False),
            paid_on=given.maybe.day("paid_on"),
            known=one.known,
            law=one.law,
        )
    except contributions.NoRiskClass:
        given.refuse("risk_class", "missing_fact", _CLASS_DECIDES)
    _say_of_labour(given, one, decision)
    return decision


def _in_jkp(given: Given, one: _Asked) -> bool:
    """Said to be no member while JKP is asked for would be two answers."""
    asked = Programme.JKP in one.programmes
    if "jkp_member" in given:
        if asked and not given.flag("jkp_member"):
            given.refuse("jkp_member", "contradiction", _JKP_OR_NOT)
        return given.flag("jkp_member")
    gives = bool({Programme.JKK, Programme.JKM} & set(one.programmes))
    if gives and not asked and contributions.jkp_exists(one.reading):
        one.reading.assume(_NOT_IN_JKP)
    return asked


def _construction(given: Given, one: _Asked) -> Decision:
    _one_month(given)
    if ("wage" in given) == ("contract_value" in given):
        field = "wage" if "wage" in given else "contract_value"
        given.refuse(field, "contradiction" if "wage" in given else "missing_fact", _WAGE_OR_VALUE)
    return construction.contribution(
        month=one.month,
        programmes=one.programmes,
        wages=given.maybe.amount("wage"),
        contract_value=given.maybe.amount("contract_value"),
        contract_months=given.maybe.count("contract_months", least=1),
        payer=_payer(given, one, Payer.EMPLOYER),
        known=one.known,
        law=one.law,
    )


def _migrant(given: Given, one: _Asked) -> Decision:
    _one_month(given)
    priced = {Programme.JKK, Programme.JKM} & set(one.programmes)
    if len(priced) == 1:
        given.refuse("programmes", "not_parted", _ONE_PRICE)
    if Programme.JHT in one.programmes:
        given.require("jht_saving")
    facts = migrants.Facts(month=one.month, jht_saving=_saving(given, one))
    if priced:
        facts = _abroad(given, facts)
    try:
        return migrants.contribution(facts, known=one.known, law=one.law)
    except migrants.NotListed:
        given.refuse("contract_months", "not_listed", _LISTED)


def _saving(given: Given, one: _Asked) -> int | None:
    return given.amount("jht_saving") if Programme.JHT in one.programmes else None


def _abroad(given: Given, facts: migrants.Facts) -> migrants.Facts:
    before, alone = given.flag("before_departure", False), given.flag("individual", False)
    if not (before or alone) or given.flag("extension", False):
        given.require("contract_months")
    return facts._replace(
        contract_months=given.maybe.count("contract_months", least=1),
        before_departure=before,
        extension=given.flag("extension", False),
        individual=alone,
    )


def _one_month(given: Given) -> None:
    if given.count("months", 1) != 1:
        given.refuse("months", "not_in_segment", _ADVANCE_IS_BPU)


def _two(message: str) -> Text:
    indonesian, _, english = message.partition(" / ")
    return Text(indonesian, english)


_DECIDE: Mapping[Segment, Callable[[Given, _Asked], Decision]] = {
    Segment.BPU: _bpu,
    Segment.PU: _pu,
    Segment.CONSTRUCTION: _construction,
    Segment.MIGRANT: _migrant,
}

_BOTH = Text(
    "Program tidak disebut: dihitung JKK dan JKM.", "No programmes were named: JKK and JKM are taken."
)
_PAYER_DECIDES = Text(
    "Keterangan {{field}} belum ada. Untuk iuran {month} jumlahnya bergantung pada siapa yang membayar. Tambahkan {{field}}.",
    "The fact {{field}} is missing. For {month} the amount depends on who pays. Add {{field}}.",
)
_SECTOR_DECIDES = Text(
    "Keterangan {{field}} belum ada. Untuk iuran {month} jumlahnya bergantung pada bidang kerjanya. Tambahkan {{field}}.",
    "The fact {{field}} is missing. For {month} the amount depends on the kind of work. Add {{field}}.",
)
_PAYER = Text("Pembayar tidak disebut: dianggap {payer}.", "The payer was not named: {payer} is assumed.")
_LOWEST = Text(
    "Penghasilan tidak disebut: dipakai lapisan terendah.", "No income was named: the lowest band is taken."
)
_NOT_LABOUR_INTENSIVE = Text(
    "Jenis industri tidak disebut: dianggap bukan padat karya.",
    "The industry was not named: not labour-intensive is assumed.",
)
_MEETS_CONDITIONS = Text(
    "Perusahaan padat karya ini dianggap memenuhi syarat lainnya: paling sedikit 50 pekerja, dan iurannya lunas sampai "
    "Januari 2025.",
    "This labour-intensive company is taken to meet the other conditions: at least 50 workers, and contributions paid "
    "up to January 2025.",
)
_PAID_IN_TIME = Text(
    "Hari bayarnya tidak disebut: dianggap dibayar tepat waktu, jadi keringanannya tidak hilang.",
    "The day of payment was not named: payment in time is assumed, so that the relief is not lost.",
)
_NOT_IN_JKP = Text(
    "Kepesertaan JKP tidak disebut: dianggap bukan peserta JKP.",
    "Membership of JKP was not named: none is assumed.",
)
_NOT_HERE = Text(
    "{{field}}: untuk {segment} hanya ada {known}.", "{{field}}: a {segment} can only have {known}."
)
_BEFORE_JKP = Text(
    "{{field}}: untuk {month} belum ada aturan JKP. Hapus JKP dari programmes, atau tulis bulan sesudahnya.",
    "{{field}}: there was no rule on JKP for {month} yet. Remove JKP, or give a later month.",
)
_CLASS_DECIDES = Text(
    "Dengan keringanan JKK bulan ini, bagian JKP bergantung pada kelas risiko. Tambahkan {field}.",
    "With the JKK relief of this month the part for JKP depends on the risk class. Add {field}.",
)
_INCOME_NOT_WAGE = Text(
    "Peserta BPU tidak punya upah. Tulis penghasilannya di {field}.",
    "A non-wage earner has no wage. Write the income in {field}.",
)
_JKP_OR_NOT = Text(
    "JKP ditanyakan, tetapi {field} false. Hapus salah satu.",
    "JKP is asked for, but {field} is false. Remove one of the two.",
)
_WAGE_OR_VALUE = Text(
    "Untuk jasa konstruksi tulis wage (upah sebulan) atau contract_value (nilai kontrak), salah satu saja.",
    "For construction give wage (wages of a month) or contract_value, one of the two only.",
)
_ONE_PRICE = Text(
    "{field}: daftar iuran pekerja migran punya satu harga untuk JKK dan JKM. Tulis keduanya.",
    "{field}: the price list of migrant workers has one price for JKK and JKM. Write both.",
)
_LISTED = Text(
    "{field}: daftar iuran memuat kontrak 6, 12 atau 24 bulan; perseorangan hanya satu harga, tanpa lama lain. "
    "Untuk perpanjangan tulis extension true dan jumlah bulannya di {field}.",
    "{field}: the list has contracts of 6, 12 or 24 months, and one price for individuals, of no other length. "
    "For an extension write extension true and the number of months in {field}.",
)
_ADVANCE_IS_BPU = Text(
    "{field}: bayar di muka hanya untuk BPU.", "{field}: paying in advance is for non-wage earners only."
)
