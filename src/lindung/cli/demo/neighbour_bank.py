"""The bank statements of the second city in the example, in which something of every kind comes in for the riders.

Lines that name their bill are accepted at once; others wait, are set aside with a reason, came before, or went out.
One transfer comes back, so the money it had paid with is taken back by two people.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from lindung.access.models import Organisation
from lindung.access.scope import in_scope
from lindung.cli.demo.actors import acting, at
from lindung.contributions import accepting, match_runs, reversing, statements
from lindung.contributions.matching import pay_code
from lindung.contributions.models import Bill, Payment
from lindung.contributions.statement_records import Statement, StatementLine
from lindung.law.months import Month

CITY, WADAH = "muaro-jambi", "muarojambi-ojek"
ACCOUNT = "0560011223"
OPENING = 1_000_000
FIRST_DAY, SECOND_DAY, RETURNED = dt.date(2026, 11, 11), dt.date(2026, 11, 18), dt.date(2026, 11, 19)
PARKING = "Retribusi parkir, salah rekening; sudah dikabarkan ke bendahara penerimaan."
CAME_BACK = "Bank mengembalikan transfer ini pada 16 November: rekening pengirim sudah ditutup."


class Wire(NamedTuple):
    """One line of a statement: its day in November 2026, whole rupiah (negative: out), what is said, the bank's number."""

    day: int
    rupiah: int
    text: str
    bank: str


def tell(*, treasurer: str, second: str) -> None:
    """Two statements of November, the second of which begins with lines of the first, and what becomes of them."""
    by, scope = acting(treasurer, FIRST_DAY)
    with in_scope(scope, actor=by):
        bills = _own_bills()
    first = _first(bills)
    _brought_in(treasurer, "rekening-1-10-november.sta", first, OPENING, FIRST_DAY)
    came_twice = first[-3:]
    opening = OPENING + sum(wire.rupiah for wire in first[:-3])
    _brought_in(treasurer, "rekening-9-17-november.sta", came_twice + _second(bills), opening, SECOND_DAY)
    _taken_back(bills[0], treasurer, second)


def _own_bills() -> list[Bill]:
    """October's own bills: twelve riders, then the two whose sponsor stopped."""
    october = Bill.objects.filter(agreement__code=WADAH, month=Month(2026, 10).first_day())
    return list(october.select_related("membership__person").order_by("membership_id"))


def _first(bills: Sequence[Bill]) -> list[Wire]:
    coded = [
        Wire(3 + number // 3, bill.total, f"IURAN {pay_code(bill.pk)}", f"MJ{number:04}")
        for number, bill in enumerate(bills[:6], start=1)
    ]
    by_name = Wire(6, bills[6].total, f"TRF DARI {_name(bills[6]).upper()}", "MJ0007")
    return [
        *coded,
        by_name,
        Wire(9, 50_000, "SETORAN TUNAI TANPA BERITA", "MJ0008"),
        Wire(9, 250_000, "RETRIBUSI PARKIR PASAR", "MJ0009"),
        Wire(10, -6_500, "BIAYA ADMINISTRASI", "MJ0010"),
    ]


def _second(bills: Sequence[Bill]) -> list[Wire]:
    """One of the two who went on alone pays; so does a seventh rider; and one transfer of the first comes back."""
    return [
        Wire(13, bills[7].total, f"IURAN {pay_code(bills[7].pk)}", "MJ0011"),
        Wire(13, bills[12].total, f"IURAN {pay_code(bills[12].pk)}", "MJ0012"),
        Wire(16, -bills[0].total, "RETUR TRANSFER MJ0001", "MJ0013"),
    ]


def _name(bill: Bill) -> str:
    return str(bill.membership.person.name) if bill.membership else ""


def _brought_in(treasurer: str, name: str, wires: Sequence[Wire], opening: int, on: dt.date) -> Statement:
    by, scope = acting(treasurer, on)
    with in_scope(scope, actor=by):
        statement = statements.receive(
            name=name,
            content=_mt940(wires, opening),
            sponsor_id=Organisation.objects.get(code=CITY).pk,
            by=by,
            now=at(on, 9),
        )
        match_runs.accept_all(sponsor_ids=[statement.sponsor_id], by=by, now=at(on, 10))
        for line in StatementLine.objects.filter(statement=statement, amount=250_000):
            accepting.set_aside(line_id=line.pk, reason=PARKING, by=by, now=at(on, 10))
    return statement


def _taken_back(bill: Bill, treasurer: str, second: str) -> None:
    """The money of one line is taken back: asked by one, done by another, and the line put aside with its reason."""
    by, scope = acting(treasurer, RETURNED)
    with in_scope(scope, actor=by):
        payment = Payment.objects.get(membership=bill.membership)
        line = StatementLine.objects.get(amount=bill.total, matches__payment=payment)
        reversing.ask(payment_id=payment.pk, reason=CAME_BACK, by=by, now=at(RETURNED, 9))
    other, scope = acting(second, RETURNED)
    with in_scope(scope, actor=other):
        reversing.reverse(payment_id=payment.pk, by=other, now=at(RETURNED, 13))
    by, scope = acting(treasurer, RETURNED)
    with in_scope(scope, actor=by):
        accepting.set_aside(line_id=line.pk, reason=CAME_BACK, by=by, now=at(RETURNED, 14))


def _mt940(wires: Sequence[Wire], opening: int) -> bytes:
    """The lines as a bank writes them."""
    first, last = wires[0].day, wires[-1].day
    text = [":20:LINDUNG", f":25:{ACCOUNT}", ":28C:00011/001", f":60F:C2611{first:02}IDR{opening},00"]
    for wire in wires:
        mark = "C" if wire.rupiah > 0 else "D"
        moved = f"2611{wire.day:02}11{wire.day:02}{mark}{abs(wire.rupiah)},00"
        text += [f":61:{moved}NTRFNONREF//{wire.bank}", f":86:{wire.text}"]
    closing = opening + sum(wire.rupiah for wire in wires)
    text += [f":62F:C2611{last:02}IDR{closing},00", "-"]
    return "\r\n".join(text).encode("ascii")
