"""The question for old-age savings (JHT): reads the typed facts of a claim and names every one that lacks."""

from datetime import date

from lindung.law import jht
from lindung.law.decision import Decision
from lindung.law.jht.grounds import ImpossibleClaim, Reason
from lindung.law.jht.tax import Withdrawal
from lindung.law.questions.eligibility import Citizenship
from lindung.law.questions.fields import Given
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.law.values import Law

FIELDS = (
    "segment", "reason", "event_date", "balance", "birth_date", "left_work_on", "paid_on", "member_since",
    "retirement_age", "has_npwp", "has_heirs", "citizenship", "earlier_withdrawals",
)  # fmt: skip
WITHDRAWAL_FIELDS = ("on", "amount", "reason")
RETIREMENT_AGES = range(30, 81)
"""Outside these a retirement age is a typing error."""


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """What is paid of the savings, or why not. Raises Unanswerable, naming the fields."""
    given.require(*_needed(given))
    facts = jht.Facts(
        reason=given.word("reason", Reason),
        event_date=_event(given),
        balance=given.amount("balance"),
        birth_date=given.maybe.day("birth_date"),
        left_work_on=given.maybe.day("left_work_on"),
        paid_on=given.maybe.day("paid_on"),
        member_since=given.maybe.day("member_since"),
        retirement_age=_retirement_age(given),
        has_npwp=given.maybe.flag("has_npwp"),
        has_heirs=given.maybe.flag("has_heirs"),
        foreigner=_foreigner(given),
        earlier_withdrawals=_withdrawals(given),
        segment=given.maybe.word("segment", Segment),
    )
    _check_days(given, facts)
    if facts.segment is Segment.PU and facts.reason is Reason.STOPPED_WORK:
        given.refuse("reason", "wrong_reason", _WAGE_EARNER)
    try:
        return jht.benefit(facts, known=given.maybe.day("known"), law=law)
    except ImpossibleClaim:
        given.refuse("paid_on", "paid_before_event", _PAID_BEFORE)


def _needed(given: Given) -> tuple[str, ...]:
    """What every claim needs, what this reason needs, and the day of payment where others came before."""
    reason = given.maybe.word("reason", Reason)
    needed = ["reason", "balance", *_needed_days(given, reason)]
    earlier = _withdrawals(given) or ()
    if reason is not None and reason.is_partial and any(one.partial is not False for one in earlier):
        return tuple(needed)  # a second part is refused, whatever else is true
    if reason is Reason.RETIREMENT:
        needed.append("birth_date")
    if reason is not None and reason.is_partial:
        needed.append("member_since")
    if earlier:
        needed.append("paid_on")
    return tuple(needed)


def _needed_days(given: Given, reason: Reason | None) -> tuple[str, ...]:
    """The day of leaving work where a waiting month runs from it; for the rest any day of the claim will do."""
    if "event_date" in given or "left_work_on" in given:
        return ()
    if reason in (Reason.RESIGNATION, Reason.DISMISSAL):
        return ("left_work_on",)
    return () if "paid_on" in given else ("event_date",)


def _event(given: Given) -> date:
    """The day of the event; where it is not named, the day work was left, else the day of payment."""
    maybe = given.maybe
    return maybe.day("event_date") or maybe.day("left_work_on") or given.day("paid_on")


def _withdrawals(given: Given) -> tuple[Withdrawal, ...] | None:
    if "earlier_withdrawals" not in given:
        return None
    return tuple(_withdrawal(one) for one in given.entries("earlier_withdrawals", *WITHDRAWAL_FIELDS))


def _withdrawal(given: Given) -> Withdrawal:
    given.require("on", "amount")
    partial = given.word("reason", Reason).is_partial if "reason" in given else None
    return Withdrawal(given.day("on"), given.amount("amount"), partial)


def _check_days(given: Given, facts: jht.Facts) -> None:
    """Days that cannot all be true are the typist's slip, not a refusal."""
    born, paid = facts.birth_date, facts.paid_on
    if born is not None and born > facts.event_date:
        given.refuse("birth_date", "born_after_event", _BORN_AFTER)
    if born is not None and facts.left_work_on is not None and born > facts.left_work_on:
        given.refuse("left_work_on", "left_before_birth", _LEFT_BEFORE_BIRTH)
    if paid is not None and paid < facts.event_date:
        given.refuse("paid_on", "paid_before_event", _PAID_BEFORE)
    if paid is not None:
        _check_order(given, paid)


def _check_order(given: Given, paid: date) -> None:
    for one in given.entries("earlier_withdrawals", *WITHDRAWAL_FIELDS):
        if one.day("on") > paid:
            one.refuse("on", "not_earlier", _NOT_EARLIER)


def _retirement_age(given: Given) -> int | None:
    if "retirement_age" not in given:
        return None
    return given.count("retirement_age", least=RETIREMENT_AGES.start, most=RETIREMENT_AGES.stop - 1)


def _foreigner(given: Given) -> bool | None:
    if "citizenship" not in given:
        return None
    return given.word("citizenship", Citizenship) is Citizenship.FOREIGN


_BORN_AFTER = Text(
    "{field}: tanggal lahir sesudah kejadian. Periksa kedua tanggal.",
    "{field}: the birth date is after the event. Check both dates.",
)
_LEFT_BEFORE_BIRTH = Text(
    "{field}: tanggal berhenti bekerja sebelum lahir. Periksa kedua tanggal.",
    "{field}: work ended before birth. Check both dates.",
)
_PAID_BEFORE = Text(
    "{field}: tanggal pembayaran sebelum kejadian. Periksa kedua tanggal.",
    "{field}: the day of payment is before the event. Check both dates.",
)
_NOT_EARLIER = Text(
    "{field}: pengambilan ini sesudah pembayaran yang ditanyakan. Periksa tanggalnya.",
    "{field}: this withdrawal is after the payment asked about. Check the date.",
)
_WAGE_EARNER = Text(
    "{field}: stopped_work hanya untuk BPU. Bagi penerima upah tulis resignation, dismissal atau "
    "contract_end.",
    "{field}: stopped_work is for BPU only. For wage earners write resignation, dismissal or contract_end.",
)
