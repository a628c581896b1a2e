"""Books to look into: one with months paid and nothing closed, one with many entries in blocks."""

from datetime import date

import world
from lindung.access import audit
from lindung.law.months import Month
from lindung.ledger import blocks
from lindung.ledger.models import AccountKind, InstructionKind
from lindung.ledger.posting import Line, account, open_month, post


def paid() -> world.City:
    """June and July are paid, August is drawn."""
    jambi = world.city()
    rentan = world.agreement(jambi, budgets={2025: 10**9})
    world.enrol(jambi, rentan, world.SITI, world.BUDI)
    for month in (6, 7):
        world.pay(jambi, rentan, Month(2025, month))
    world.bill(jambi, rentan, Month(2025, 8))
    return jambi


def long() -> world.City:
    """A hundred and twenty small payments and as many events, each thirty closed in a block of their own."""
    jambi = world.city()
    world.agreement(jambi)
    for start in range(0, 120, 30):
        with jambi.acting():
            open_month(JUNE, "ledger_posting")
            _thirty(jambi, start)
        blocks.close()
    return jambi


JUNE = Month(2025, 6)


def _thirty(jambi: world.City, start: int) -> None:
    paid = account("sponsor:jambi", kind=AccountKind.SPONSOR, sponsor_id=jambi.sponsor.pk)
    fund = account("fund:jkk", kind=AccountKind.FUND)
    for number in range(start, start + 30):
        event = audit.record(
            "test",
            by=jambi.actor(),
            subject=f"thing:{number}",
            sponsor_id=jambi.sponsor.pk,
            detail={"number": number},
        )
        post(
            kind=InstructionKind.PAYMENT,
            reference=f"p{number}",
            lines=[Line(paid, -1_000 - number), Line(fund, 1_000 + number)],
            month=JUNE,
            on=date(2025, 6, 10),
            sponsor_id=jambi.sponsor.pk,
            event_id=event,
        )
