"""Bank statements for tests of what becomes of them: who imports, what waits, and what the books then say."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Sum

import world
from contributions.conftest import Place
from formats.statements import Wire, mt940
from lindung.access.models import Role
from lindung.contributions import accepting, matching, statements
from lindung.contributions.matching import Proposal
from lindung.contributions.statement_records import Statement, StatementFormat, StatementLine
from lindung.formats import bank_files, camt053
from lindung.formats import mt940 as reader
from lindung.formats.statement import believed
from lindung.ledger.models import Posting

NOW = world.at(world.TODAY)


def wire(rupiah: int, text: str = "SETORAN", *, bank: str = "B1", on: date = date(2026, 11, 20)) -> Wire:
    """A booking of some days ago."""
    return Wire(on, rupiah, text, bank=bank)


def brought_in(place: Place, *lines: Wire, content: bytes = b"", now: datetime = NOW) -> Statement:
    """A statement with these lines, brought in by the finance officer; its own child process is another test's care."""
    content = content or mt940(lines, opening=10_000_000)
    format = bank_files.format_of(content)
    with place.city.acting(Role.FINANCE_OFFICER) as by:
        return statements.take(
            found=believed((reader if format == "mt940" else camt053).read(content)),
            format=StatementFormat(format),
            name="rekening.sta",
            content=content,
            sponsor_id=place.city.sponsor.pk,
            by=by,
            now=now,
        )


def the_line(statement: Statement, number: int = 1) -> StatementLine:
    """A line of it, as it stands now."""
    return StatementLine.objects.get(statement_id=statement.pk, number=number)


def proposed(line: StatementLine) -> list[Proposal]:
    """What is proposed for a line."""
    return matching.proposals([line.pk])[line.pk]


def accepted(place: Place, line: StatementLine, each: Proposal) -> accepting.Done:
    """A proposal accepted by the finance officer."""
    with place.city.acting(Role.FINANCE_OFFICER) as by:
        return accepting.accept(
            line_id=line.pk,
            agreement_id=each.agreement_id,
            membership_id=each.membership_id,
            bill_ids=each.bill_ids,
            payment_id=each.payment_id,
            by=by,
            now=NOW,
        )


def reasons(found: Sequence[Proposal]) -> list[str]:
    """Why, in the order of their rank."""
    return [each.reason for each in found]


def books() -> dict[str, int]:
    """What the postings in sight leave on each kind of account that holds anything; they sum to zero."""
    found = Posting.objects.values_list("account__kind").annotate(amount=Sum("amount")).order_by()
    assert sum(amount for _, amount in found) == 0
    return {kind: amount for kind, amount in found if amount}
