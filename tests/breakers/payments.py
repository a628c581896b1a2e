"""Whoever tries to break what the book and the purses promise."""

from datetime import date

import world
from breaking import AUGUST, JUNE, Breaker, Stage, copied, update
from database import fetched
from lindung.access.models import Role
from lindung.contributions import payments, reversing, shortfalls
from lindung.contributions.models import Payment
from lindung.contributions.money_records import Shortfall
from lindung.ledger.models import AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, post

NOW = world.at(world.TODAY)


def _moved(stage: Stage, out_of: AccountKind, into: AccountKind, amount: int) -> None:
    """Money moved between two accounts of Jambi by hand."""
    with stage.jambi.acting():
        sponsor = stage.jambi.sponsor.pk
        sides = [account(f"{kind.value}:by hand", kind=kind, sponsor_id=sponsor) for kind in (out_of, into)]
        post(
            kind=InstructionKind.REFUND,
            reference="by hand",
            lines=[Line(sides[0], -amount), Line(sides[1], amount)],
            month=JUNE,
            on=world.TODAY,
            sponsor_id=sponsor,
            event_id=world.event(stage.jambi),
        )


def _waiting(stage: Stage, **changes: object) -> Payment:
    with stage.jambi.acting():
        blank = {"bill_id": None, "confirmed_by_id": None, "confirmed_at": None}
        payment = copied(Payment, **{"order_number": "SP2D/8", **blank, **changes})
        payment.save(force_insert=True)
    return payment  # type: ignore[return-value]  # a copy of a payment is one


def _confirm_by_hand(stage: Stage) -> None:
    waiting = _waiting(stage)
    with stage.jambi.acting(Role.FINANCE_OFFICER) as treasurer:
        Payment.objects.filter(pk=waiting.pk).update(confirmed_by_id=treasurer.user_id, confirmed_at=NOW)


def _reject_what_is_confirmed(stage: Stage) -> None:
    by = stage.jambi.actor().user_id
    update(
        stage, Payment, pk=stage.june.payment_id, rejected_by_id=by, rejected_at=NOW, rejection_reason="salah"
    )


def _reject_without_a_reason(stage: Stage) -> None:
    update(stage, Payment, pk=_waiting(stage).pk, rejected_by_id=stage.jambi.actor().user_id, rejected_at=NOW)


def _ask_without_a_reason(stage: Stage) -> None:
    by = stage.jambi.actor().user_id
    update(stage, Payment, pk=stage.june.payment_id, reversal_asked_by_id=by, reversal_asked_at=NOW)


def _asked(stage: Stage, payment_id: int) -> None:
    with stage.jambi.acting() as officer:
        reversing.ask(payment_id=payment_id, reason="dikembalikan bank", by=officer, now=NOW)


def _carry_out_what_she_asked(stage: Stage) -> None:
    with stage.jambi.acting() as officer:
        paid = payments.record_money(
            agreement_id=stage.agreement.pk, order_number="SP2D/7", ordered_on=date(2025, 6, 20), amount=1,
            by=officer, now=NOW,
        )  # fmt: skip
    with stage.jambi.acting(Role.FINANCE_OFFICER) as treasurer:
        payments.confirm(payment_id=paid.pk, by=treasurer, now=NOW)
    _asked(stage, paid.pk)
    update(stage, Payment, pk=paid.pk, reversed_by_id=stage.jambi.actor().user_id, reversed_at=NOW)


def _reverse_with_its_bills_settled(stage: Stage) -> None:
    _asked(stage, stage.june.payment_id)
    with stage.jambi.acting(Role.FINANCE_OFFICER) as treasurer:
        Payment.objects.filter(pk=stage.june.payment_id).update(
            reversed_by_id=treasurer.user_id, reversed_at=NOW
        )


def _undo_by_something_else(stage: Stage) -> None:
    _asked(stage, stage.june.payment_id)
    with stage.jambi.acting():
        other = world.instruction(stage.jambi, "no reversal")
    with stage.jambi.acting(Role.FINANCE_OFFICER):
        fetched("SELECT contributions_undo_settlement(%s, %s)", stage.june.pk, other.pk)


def _short(stage: Stage) -> Shortfall:
    """August one rupiah short, and that rupiah carried to September."""
    bill = world.bill(stage.jambi, stage.agreement, AUGUST)
    world.confirm(stage.jambi, bill, world.order(stage.jambi, bill, amount=bill.total - 1))
    with stage.jambi.acting(Role.FINANCE_OFFICER) as treasurer:
        return shortfalls.declare(
            bill_id=bill.pk, told_on=date(2025, 8, 20), letter_number="B/1/082025", by=treasurer, now=NOW
        )


def _another_shortfall(**changes: object) -> Breaker:
    def attempt(stage: Stage) -> None:
        _short(stage)
        with stage.jambi.acting() as officer:
            fresh = {
                "instruction_id": world.instruction(stage.jambi, "short again").pk,
                "declared_by_id": officer.user_id,
            }
            copied(Shortfall, **{**fresh, **changes}).save(force_insert=True)

    return attempt


def _one_instruction_for_two(stage: Stage) -> None:
    made = _short(stage)
    july = {"bill_id": stage.july.pk, "month": stage.july.month, "instruction_id": made.instruction_id}
    with stage.jambi.acting() as officer:
        copied(Shortfall, **july, declared_by_id=officer.user_id).save(force_insert=True)


def _of_a_paid_bill(stage: Stage) -> None:
    june = {"bill_id": stage.june.bill_id, "month": JUNE.first_day()}
    _another_shortfall(**june)(stage)


def _of_another_city(stage: Stage) -> None:
    bungos = {"bill_id": stage.bungos.pk, "month": stage.bungos.month}
    _another_shortfall(**bungos)(stage)


BREAKERS: dict[str, Breaker] = {
    "balance_not_below_its_floor": lambda stage: _moved(stage, AccountKind.HELD, AccountKind.UNMATCHED, 1),
    "balance_not_above_its_ceiling": lambda stage: _moved(stage, AccountKind.SPONSOR, AccountKind.BANK, 1),
    "payment_is_booked": _confirm_by_hand,
    "payment_step_allowed": _reject_what_is_confirmed,
    "payment_rejection_whole": _reject_without_a_reason,
    "payment_reversal_whole": _ask_without_a_reason,
    "payment_reversed_by_a_second_person": _carry_out_what_she_asked,
    "payment_reversed_whole": _reverse_with_its_bills_settled,
    "settlement_undone_by_its_reversal": _undo_by_something_else,
    "contributions_shortfall_bill_id_key": _another_shortfall(),
    "contributions_shortfall_instruction_id_key": _one_instruction_for_two,
    "shortfall_is_positive": _another_shortfall(amount=0),
    "shortfall_names_its_letter": _another_shortfall(letter_number=""),
    "shortfall_of_an_open_bill": _of_a_paid_bill,
    "shortfall_of_its_sponsors_bill": _of_another_city,
}
