"""A purse: whose money it is that comes for an agreement, how much of it waits, and what a bill still needs."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from lindung.contributions.models import Bill, Payment, Settlement
from lindung.contributions.money_records import Shortfall
from lindung.ledger.models import Account, AccountKind, Balance
from lindung.ledger.posting import account, balance
from lindung.partnership.models import Agreement


class Purse(NamedTuple):
    """An agreement's money, or one self-paying member's own; ``membership_id`` is None for the first."""

    agreement_id: int
    membership_id: int | None

    def code(self, kind: AccountKind) -> str:
        """The code of this purse's account: what is held for it, or what it still owes."""
        owner = f"agreement:{self.agreement_id}"
        if self.membership_id is not None:
            owner = f"membership:{self.membership_id}"
        return f"{kind.value}:{owner}"

    def account(self, kind: AccountKind, *, sponsor_id: int) -> Account:
        """The same account, opened when it is used for the first time."""
        return account(self.code(kind), kind=kind, sponsor_id=sponsor_id)

    def bills(self) -> QuerySet[Bill]:
        """Every bill of this purse in sight."""
        return Bill.objects.filter(self._own(), agreement_id=self.agreement_id)

    def payments(self) -> QuerySet[Payment]:
        """Every payment of this purse in sight."""
        return Payment.objects.filter(self._own(), agreement_id=self.agreement_id)

    def _own(self) -> Q:
        if self.membership_id is None:
            return Q(membership__isnull=True)
        return Q(membership_id=self.membership_id)

    def sponsor_id(self) -> int:
        """The city the purse belongs to. Raises Agreement.DoesNotExist when it is not in sight."""
        return int(Agreement.objects.values_list("sponsor_id", flat=True).get(pk=self.agreement_id))


def purse_of(row: Bill | Payment) -> Purse:
    """The purse of a bill or a payment."""
    return Purse(row.agreement_id, row.membership_id)


def held(*, agreement_id: int, membership_id: int | None) -> int:
    """Whole rupiah that came for this purse and wait for a bill."""
    return balance(Purse(agreement_id, membership_id).code(AccountKind.HELD))


def held_of_agreements(agreement_ids: Sequence[int]) -> dict[int, int]:
    """Whole rupiah that wait for each of these agreements' own bills; without those where nothing waits."""
    codes = {Purse(each, None).code(AccountKind.HELD): each for each in agreement_ids}
    found = Balance.objects.filter(account__code__in=codes, amount__gt=0).values_list(
        "account__code", "amount"
    )
    return {codes[code]: amount for code, amount in found}


class Left(NamedTuple):
    """A payment and what of it is not used yet, in whole rupiah."""

    payment: Payment
    amount: int


def waiting_money(purse: Purse) -> list[Left]:
    """The confirmed payments of a purse of which something is left, the oldest first."""
    live = Sum("settlements__amount", filter=Q(settlements__reversed_by__isnull=True), default=0)
    confirmed = purse.payments().filter(confirmed_at__isnull=False, reversed_at__isnull=True)
    found = confirmed.annotate(used=live).order_by("ordered_on", "pk")
    return [Left(each, each.amount - each.used) for each in found if each.amount > each.used]


def asked(bill: Bill) -> int:
    """What must be settled before a bill is paid: its total without what is carried to the next one."""
    carried = Shortfall.objects.filter(bill_id=bill.pk).values_list("amount", flat=True).first()
    return bill.total - (carried or 0)


def lacking(bill: Bill) -> int:
    """What an open bill still lacks when all money that waits for its purse goes to it; 0 when it reaches."""
    return max(0, asked(bill) - held(agreement_id=bill.agreement_id, membership_id=bill.membership_id))


def live_settlements(bill_ids: Sequence[int]) -> QuerySet[Settlement]:
    """The settlements of these bills that no reversal undid."""
    return Settlement.objects.filter(bill_id__in=bill_ids, reversed_by__isnull=True)
