"""What the cover of Indonesian migrant workers costs: a price list, not a rate."""

from datetime import date
from typing import NamedTuple

from lindung.law.decision import Decision, Fact, Refusal, Step
from lindung.law.money import NotAnAmount, rupiah
from lindung.law.months import Month
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Programme, Segment
from lindung.law.text import Text
from lindung.law.values import Law

PROGRAMMES = (Programme.JKK, Programme.JKM, Programme.JHT)
LIST = "migrant.prices"


class NotListed(LookupError):
    """Daftar harga tidak memuat kontrak ini. / The price list does not have this contract."""


class Facts(NamedTuple):
    """What is bought: the stage before departure, a contract, an extension, or savings of one month.

    `contract_months` is the length of the contract, or with `extension` how many months it is extended.
    `individual` is a migrant who leaves without a placement company. `jht_saving` is in whole rupiah.
    """

    month: Month
    contract_months: int | None = None
    before_departure: bool = False
    extension: bool = False
    individual: bool = False
    jht_saving: int | None = None


def contribution(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """The price of JKK and JKM together, which the list does not part, and JHT savings where wanted.

    Permenaker 4/2023, from secondary sources. Savings outside the bounds are refused. Raises NotListed,
    NotAnAmount, NoLawForDate.
    """
    reading = Reading.for_month(law or in_force(), facts.month, known=known)
    steps = _before(reading, facts) + _abroad(reading, facts)
    savings, refusal = _savings(reading, facts)
    said: dict[str, Fact] = {name: value for name, value in facts._asdict().items() if name != "month"}
    said |= {"segment": Segment.MIGRANT.value, "month": str(facts.month)}
    said |= {"known": known.isoformat() if known else None}
    steps = savings if refusal else steps + savings
    return reading.decision("contribution.migrant", steps=steps, facts=said, refusal=refusal)


def _before(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    """The stage before departure: on the bill when asked, else named, for it is paid all the same."""
    bought = facts.contract_months is not None or facts.individual
    if facts.extension or not (facts.before_departure or bought):
        return ()
    price = reading.amount_in(LIST, "before_departure")
    amount = price.value if facts.before_departure else 0
    said = (_BEFORE if facts.before_departure else _BEFORE_APART).filled(amount=rupiah(price.value))
    step = price.step("jkk_jkm.before_departure", amount, working={"price": price.value})
    return (step._replace(sentence=said),)


def _abroad(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    if facts.contract_months is None and not facts.individual:
        return ()
    if facts.extension:
        return (_extension(reading, facts.contract_months or 0),)
    priced = None if facts.contract_months is None else _contract(reading, facts.contract_months)
    if priced and not facts.individual:
        return (priced,)
    alone = _priced(reading, "individual", _INDIVIDUAL)
    if priced and priced.amount != alone.amount:  # the list has one price for who leaves without a company
        raise NotListed(NotListed.__doc__)
    return (alone,)


def _contract(reading: Reading, months: int) -> Step:
    if f"contract_{months}" not in [row.key for row in reading.table(LIST).rows]:
        raise NotListed(NotListed.__doc__)
    step = _priced(reading, f"contract_{months}", _CONTRACT.filled(months=months, amount="{amount}"))
    return step._replace(working={**step.working, "months": months})


def _priced(reading: Reading, row: str, sentence: Text) -> Step:
    price = reading.amount_in(LIST, row)
    step = price.step(f"jkk_jkm.{row}", price.value, working={"price": price.value})
    return step._replace(sentence=sentence.filled(amount=rupiah(price.value)))


def _extension(reading: Reading, months: int) -> Step:
    if months < 1:
        raise NotListed(NotListed.__doc__)
    price = reading.amount_in(LIST, "extension")
    amount = price.value * months
    said = _EXTENSION.filled(months=months, amount=rupiah(amount), each=rupiah(price.value))
    step = price.step("jkk_jkm.extension", amount, working={"price": price.value, "months": months})
    return step._replace(sentence=said)


def _savings(reading: Reading, facts: Facts) -> tuple[tuple[Step, ...], Refusal | None]:
    """JHT of one month, voluntary: any sum within the bounds."""
    saved = facts.jht_saving
    if saved is None:
        return (), None
    if saved < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    least, most = (reading.amount_in("migrant.jht", one) for one in ("least", "most"))
    between = {"least": rupiah(least.value), "most": rupiah(most.value), "amount": rupiah(saved)}
    if not least.value <= saved <= most.value:
        fact = _OUT_OF_BOUNDS.filled(**between)
        told = least.step("jht", 0, working={"least": least.value, "most": most.value})
        refusal = Refusal(least.citation, fact, _WITHIN_BOUNDS.filled(**between))
        return (told._replace(sentence=fact),), refusal
    step = least.step("jht", saved, working={"least": least.value, "most": most.value})
    return (step._replace(sentence=_SAVED.filled(**between)),), None


_BEFORE = Text(
    "Iuran JKK dan JKM sebelum berangkat {amount}.",
    "The JKK and JKM contribution before departure is {amount}.",
)
_BEFORE_APART = Text(
    "Iuran sebelum berangkat, {amount}, dibayar tersendiri dan belum termasuk di sini.",
    "The contribution before departure, {amount}, is paid apart and not included here.",
)
_CONTRACT = Text(
    "Iuran JKK dan JKM untuk kontrak {months} bulan {amount}.",
    "The JKK and JKM contribution for a contract of {months} months is {amount}.",
)
_INDIVIDUAL = Text(
    "Iuran JKK dan JKM pekerja migran perseorangan {amount}.",
    "The JKK and JKM contribution of an individual migrant worker is {amount}.",
)
_EXTENSION = Text(
    "Perpanjangan {months} bulan: {each} sebulan, jadi {amount}.",
    "Months of extension: {months}, each {each}, {amount} in all.",
)
_SAVED = Text(
    "Tabungan hari tua (JHT) sukarela {amount} sebulan, antara {least} dan {most}.",
    "Voluntary old-age saving (JHT) of {amount} a month, between {least} and {most}.",
)
_OUT_OF_BOUNDS = Text(
    "Tabungan JHT {amount} sebulan di luar batas {least} sampai {most}.",
    "A JHT saving of {amount} a month is outside {least} to {most}.",
)
_WITHIN_BOUNDS = Text(
    "Pilih tabungan dari {least} sampai {most} sebulan.",
    "Choose a saving from {least} to {most} a month.",
)
