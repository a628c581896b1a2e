"""BPJS's word on money: the kode iuran of a month and the JHT balance of a person; read from files, or decided here."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.branch_records import BranchBalance, ContributionCode
from lindung.contributions.models import OVER, Bill, BillStatus
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.membership import branch_cells
from lindung.membership.branch_cells import FaultyCell
from lindung.membership.branch_headings import Heading, Line
from lindung.membership.branch_import import Context, Reader, whose
from lindung.membership.branch_records import WordKind
from lindung.membership.own_letters import Letter, noted, require_by
from lindung.membership.sponsoring import sponsor_of
from lindung.partnership.models import Agreement
from lindung.partnership.paper_dates import recorded_on


def codes_of(bill: Bill) -> list[ContributionCode]:
    """The kode iuran said for the agreement and month of a bill, newest word first."""
    said = ContributionCode.objects.filter(agreement_id=bill.agreement_id, month=bill.month)
    return list(said.select_related("word").order_by("-said_on", "-pk"))


def current_codes(bill: Bill) -> list[ContributionCode]:
    """The kode iuran that hold for a bill: all of the newest word, for one file may split a month into parts."""
    said = codes_of(bill)
    if not said:
        return []
    newest = said[0]
    return [
        each for each in said if each.pk == newest.pk or (newest.word_id and each.word_id == newest.word_id)
    ]


def balances_of(person_id: int, *, on: date) -> list[BranchBalance]:
    """The newest words on a person's JHT balance as known on the day, at most five."""
    said = BranchBalance.objects.filter(person_id=person_id, said_on__lte=on)
    return list(said.order_by("-said_on", "-pk")[:5])


class BillCancelled(Refusal):
    """A cancelled bill is not to be paid, so it gets no kode iuran."""

    code = "contribution_code.bill_cancelled"


class BillPaid(Refusal):
    """A paid bill needs no kode iuran any more."""

    code = "contribution_code.bill_paid"


def give_code(
    *,
    bill_id: int,
    code: str,
    by: Actor,
    on: date,
    now: datetime,
    letter: Letter | None = None,
) -> ContributionCode:
    """Give a bill its kode iuran where the authority for it is here: for the bill's own amount and people.

    Raises BillCancelled, BillPaid, NotYet, Bill.DoesNotExist out of sight; the database refuses it where BPJS decides, and
    a code that another bill has (IntegrityError, `contribution_code_for_one_bill`).
    """
    with transaction.atomic():
        # Whoever cancels the bill at this moment waits, or is waited for.
        bill = Bill.objects.select_for_update().get(pk=bill_id)
        if bill.status in OVER:
            raise BillCancelled(_CANCELLED)
        if bill.status == BillStatus.PAID:
            raise BillPaid(_PAID)
        event = audit.record(
            "contribution_code.given",
            by=by,
            subject=f"bill:{bill.pk}",
            sponsor_id=bill.sponsor_id,
            detail=noted(letter, sponsor_id=bill.sponsor_id, on=on, by=by, now=now),
        )
        return ContributionCode.objects.create(
            agreement_id=bill.agreement_id,
            sponsor_id=bill.sponsor_id,
            decided_by="here",
            said_on=on,
            word_kind=WordKind.CONTRIBUTION_CODE,
            month=bill.month,
            code=code,
            amount=bill.total,
            people=bill.people,
            event_id=event,
        )


def state_balance(
    *,
    person_id: int,
    balance: int,
    as_of: date,
    by: Actor,
    on: date,
    now: datetime,
    letter: Letter | None = None,
) -> BranchBalance:
    """State a person's JHT balance in whole rupiah, where the authority for it is here.

    It is filed with the city that sponsors him on the day it is recorded, `now`. Raises NotYet, PersonScope.DoesNotExist
    when the person is not in sight; the database refuses it where BPJS decides.
    """
    require_by(as_of, on=on, field="as_of")
    sponsor_id = sponsor_of(person_id, on=recorded_on(now))
    event = audit.record(
        "branch_balance.stated",
        by=by,
        subject=f"person:{person_id}",
        sponsor_id=sponsor_id,
        detail={
            "as_of": as_of.isoformat(),
            **noted(letter, sponsor_id=sponsor_id, on=on, by=by, now=now),
        },
    )
    return BranchBalance.objects.create(
        person_id=person_id,
        sponsor_id=sponsor_id,
        decided_by="here",
        said_on=on,
        word_kind=WordKind.BALANCE,
        as_of=as_of,
        balance=balance,
        event_id=event,
    )


def _code_of(line: Line, context: Context) -> tuple[object, ...]:
    month = branch_cells.month(line).first_day()
    code = branch_cells.words(line, Heading.CODE, longest=40, needed="line.code")
    people = branch_cells.amount(line, Heading.PEOPLE, most=branch_cells.MOST_PEOPLE)
    amount = branch_cells.amount(line)
    if not (amount and people):
        raise FaultyCell("line.amount")
    return (month, code, amount, people)


def _agreements(lines: Sequence[Line], context: Context) -> Mapping[int, int | str]:
    """By code; a city with one agreement need not name it."""
    known = {
        code.lower(): pk
        for code, pk in Agreement.objects.filter(sponsor_id=context.sponsor_id).values_list("code", "pk")
    }
    only = next(iter(known.values())) if len(known) == 1 else None
    return {line.number: _agreement(line, known, only) for line in lines}


def _agreement(line: Line, known: Mapping[str, int], only: int | None) -> int | str:
    named = line.at(Heading.AGREEMENT).text.lower()
    found = known.get(named) if named else only
    return "line.agreement" if found is None else found


def _balance_of(line: Line, context: Context) -> tuple[object, ...]:
    said = line.at(Heading.AS_OF).text
    as_of = branch_cells.day(line, Heading.AS_OF, latest=context.said_on) if said else context.said_on
    return (as_of, branch_cells.amount(line))


CODES = Reader(
    kind=WordKind.CONTRIBUTION_CODE,
    table="contributions_contributioncode",
    columns=("agreement_id", "month", "code", "amount", "people"),
    required=(Heading.CODE, Heading.MONTH, Heading.AMOUNT, Heading.PEOPLE),
    read=_code_of,
    owners=_agreements,
    people=False,
)
BALANCES = Reader(
    kind=WordKind.BALANCE,
    table="contributions_branchbalance",
    columns=("person_id", "as_of", "balance"),
    required=(Heading.AMOUNT,),
    read=_balance_of,
    owners=whose,
)
_PAID = Text(
    "Tagihan ini sudah lunas, jadi tidak perlu kode iuran lagi. Buka tagihan yang belum dibayar.",
    "This bill is paid, so it needs no kode iuran any more. Open the bill that is not paid yet.",
)
_CANCELLED = Text(
    "Tagihan ini dibatalkan, jadi tidak ada yang dibayar. Buka tagihan yang berlaku.",
    "This bill is cancelled, so nothing is to be paid. Open the bill that holds.",
)
