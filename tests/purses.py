"""Ways of money beside the straight one, for tests: too little, too much, and money that went back."""

from datetime import date

import world
from lindung.access.models import Role
from lindung.contributions import payments, reversing, shortfalls
from lindung.contributions.models import Bill, Payment, Settlement
from lindung.contributions.money_records import Shortfall
from lindung.law.months import Month
from lindung.partnership.models import Agreement


def money(place: world.City, promised: Agreement, amount: int, *, on: date, number: str) -> Payment:
    """Money that came without naming a bill: recorded by the officer, confirmed by the treasurer."""
    with place.acting(on=on) as officer:
        made = payments.record_money(
            agreement_id=promised.pk,
            order_number=number,
            ordered_on=on,
            amount=amount,
            by=officer,
            now=world.at(on),
        )
    with place.acting(Role.FINANCE_OFFICER, on=on) as treasurer:
        payments.confirm(payment_id=made.pk, by=treasurer, now=world.at(on))
    return made


def ordered(place: world.City, bill: Bill, amount: int, *, number: str = "") -> Settlement | None:
    """An order of this amount for a bill, confirmed."""
    return world.confirm(place, bill, world.order(place, bill, amount=amount, number=number))


def carried(place: world.City, bill: Bill) -> Shortfall:
    """What a bill lacks set off against the next month, by a letter of the twentieth."""
    told_on = bill.month.replace(day=20)
    with place.acting(Role.FINANCE_OFFICER, on=told_on) as treasurer:
        return shortfalls.declare(
            bill_id=bill.pk, told_on=told_on, letter_number="B/12/2025", by=treasurer, now=world.at(told_on)
        )


def reversed_(place: world.City, payment_id: int, *, on: date) -> None:
    """A payment taken back: asked by the officer, carried out by the treasurer."""
    with place.acting(on=on) as officer:
        reversing.ask(payment_id=payment_id, reason="Transfer kembali", by=officer, now=world.at(on))
    with place.acting(Role.FINANCE_OFFICER, on=on) as treasurer:
        reversing.reverse(payment_id=payment_id, by=treasurer, now=world.at(on))


def a_shortfall(place: world.City, promised: Agreement, month: Month) -> Shortfall:
    """A month one rupiah short, and that rupiah carried over."""
    bill = world.bill(place, promised, month)
    ordered(place, bill, bill.total - 1)
    return carried(place, bill)


def a_reversal(place: world.City, promised: Agreement, month: Month) -> Settlement:
    """A month paid, and its money gone back."""
    settlement = world.pay(place, promised, month)
    reversed_(place, settlement.payment_id, on=month.first_day().replace(day=25))
    return settlement
