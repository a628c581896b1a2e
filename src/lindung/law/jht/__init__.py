"""Old-age savings (JHT): when they may be paid, in full or in part, and what reaches the hand after tax."""

from datetime import date
from typing import NamedTuple

from lindung.law.decision import Alternative, Decision, Fact, Step
from lindung.law.jht.grounds import (
    BENEFIT,
    READ,
    Claim,
    Ground,
    ImpossibleClaim,
    Reason,
    before_membership,
    ground_of,
)
from lindung.law.jht.tax import Tax, Withdrawal, on_savings
from lindung.law.money import NotAnAmount, Rounding, rupiah, share
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law

QUESTION = "benefit.jht"


class Facts(NamedTuple):
    """What is known of a claim for savings. None: nobody said, and the decision says what it then assumes.

    `event_date` is the day of the event (leaving work, reaching the age, death, or of the claim for a part),
    `left_work_on` the day of the resignation letter or of the dismissal, `paid_on` the day of payment.
    `balance` is what the account holds before this payment, in whole rupiah; `retirement_age` in years.
    """

    reason: Reason
    event_date: date
    balance: int
    birth_date: date | None = None
    left_work_on: date | None = None
    paid_on: date | None = None
    member_since: date | None = None
    retirement_age: int | None = None
    has_npwp: bool | None = None
    has_heirs: bool | None = None
    foreigner: bool | None = None
    earlier_withdrawals: tuple[Withdrawal, ...] | None = None
    segment: Segment | None = None


def benefit(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """What is paid of the savings now, before tax as total and after tax as net; or why nothing is.

    In full from the age of 56, on death and on permanent total disability (PP 46/2015 P22), and after
    leaving work as Permenaker 4/2022 rules; 10% or 30% once after ten years of membership (P22(4)-(5)). The
    rule of the day of payment decides, and the tax (PP 68/2009) follows it. Raises NotAnAmount,
    ImpossibleClaim, NoLawForDate for an event before July 2015.
    """
    if facts.balance < 0:
        raise NotAnAmount(NotAnAmount.__doc__)
    paid_on = facts.paid_on or facts.event_date
    earlier = facts.earlier_withdrawals or ()
    if paid_on < facts.event_date or any(one.on > paid_on for one in earlier):
        raise ImpossibleClaim(ImpossibleClaim.__doc__)
    reading = Reading(law or in_force(), on=facts.event_date, known=known)
    age = reading.whole("jht.retirement_age")
    if facts.member_since is not None and facts.event_date < facts.member_since:
        return _refused(reading, facts, before_membership(age, facts.event_date, facts.member_since))
    paying = reading.at(paid_on)
    ground = ground_of(paying, _claim(facts, paid_on), age)
    if ground.refusal is not None:
        return _refused(reading, facts, ground)
    return _granted(paying, facts, ground)


def _claim(facts: Facts, paid_on: date) -> Claim:
    return Claim(
        reason=facts.reason,
        event_date=facts.event_date,
        on=paid_on,
        birth_date=facts.birth_date,
        left_work_on=facts.left_work_on,
        member_since=facts.member_since,
        retirement_age=facts.retirement_age,
        has_heirs=facts.has_heirs,
        foreigner=facts.foreigner,
        earlier=facts.earlier_withdrawals,
    )


def _refused(reading: Reading, facts: Facts, ground: Ground) -> Decision:
    return reading.decision(QUESTION, steps=ground.steps, facts=_written(facts), refusal=ground.refusal)


def _granted(paying: Reading, facts: Facts, ground: Ground) -> Decision:
    if facts.paid_on is None:
        paying.assume(_PAID_AT_ONCE)
    if facts.earlier_withdrawals is None:
        paying.assume(_NOTHING_EARLIER)
    paid = _part(paying, facts) if facts.reason.is_partial else _whole(facts.balance)
    tax = on_savings(
        paying, amount=paid.amount, earlier=facts.earlier_withdrawals or (), has_npwp=facts.has_npwp
    )
    return paying.decision(
        QUESTION,
        steps=(*ground.steps, paid, *tax.explained),
        facts=_written(facts),
        deductions=tax.deductions,
        what_would_change=(*ground.what_would_change, *_about_the_rest(facts, tax), *tax.what_would_change),
        alternatives=_not_yet(ground),
    )


def _not_yet(ground: Ground) -> tuple[Alternative, ...]:
    if ground.not_yet is None:
        return ()
    return (Alternative(0, ground.not_yet, ground.steps[0].citation),)


def _whole(balance: int) -> Step:
    said = _ALL.filled(balance=rupiah(balance))
    return Step("jht.jht", _SAVINGS, balance, BENEFIT, READ, said, {"balance": balance})


def _part(paying: Reading, facts: Facts) -> Step:
    """The law says at most 10% or 30%: half a rupiah more is already too much, so the part is cut down."""
    rate = paying.rate(f"jht.partial.{facts.reason.value}")
    amount = share(facts.balance, rate.value, Rounding.DOWN)
    rest = facts.balance - amount
    step = rate.step(
        "jht.jht",
        amount,
        base=facts.balance,
        working={"balance": facts.balance, "rate": str(rate.value), "rest": rest},
    )
    return step._replace(
        sentence=Text(
            f"{step.sentence.id} {_REST.id}".format(rest=rupiah(rest)),
            f"{step.sentence.en} {_REST.en}".format(rest=rupiah(rest)),
        )
    )


def _about_the_rest(facts: Facts, tax: Tax) -> tuple[Text, ...]:
    """The trap: a part taken now begins the two years, and the rest may fall outside them (PP 68/2009 P6)."""
    if not facts.reason.is_partial or not tax.deductions:
        return ()
    return (_TAX_TRAP.filled(year=tax.final_until),)


def _written(facts: Facts) -> dict[str, Fact]:
    """The facts as they are stored with the decision."""
    written: dict[str, Fact] = {}
    for name, value in facts._asdict().items():
        if isinstance(value, date):
            written[name] = value.isoformat()
        elif name != "earlier_withdrawals":
            written[name] = value
    if facts.earlier_withdrawals is not None:
        written["earlier_withdrawals"] = tuple(_written_withdrawal(one) for one in facts.earlier_withdrawals)
    return written


def _written_withdrawal(one: Withdrawal) -> str:
    kind = {True: " partial", False: " full", None: ""}[one.partial]
    return f"{one.on.isoformat()} {one.amount}{kind}"


_SAVINGS = Text("Tabungan JHT", "JHT savings")
_ALL = Text("Saldo JHT {balance} dibayar seluruhnya.", "The whole JHT balance of {balance} is paid.")
_REST = Text("Sisanya {rest} tetap tersimpan.", "The rest of {rest} stays in the account.")
_TAX_TRAP = Text(
    "Sisa tabungan yang dibayar sampai akhir tahun {year} masih kena pajak final. Yang dibayar sesudah itu "
    "kena tarif biasa, yang bisa lebih besar.",
    "What is paid of the rest to the end of {year} is still taxed finally. What is paid later is taxed at "
    "the ordinary rates, which may be higher.",
)
_PAID_AT_ONCE = Text(
    "Dianggap dibayar pada hari kejadian.", "Payment is taken to be on the day of the event."
)
_NOTHING_EARLIER = Text(
    "Dianggap belum pernah ada pengambilan JHT.", "It is taken for granted that nothing was paid out before."
)
