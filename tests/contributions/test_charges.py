"""What an earlier month adds to the next bill: 2 % a month for wage earners paid late, and what is still owed."""

from datetime import date

import pytest

import employers
import world
from database import fetched, refused
from lindung.contributions import billing, bills, charges, superseding
from lindung.contributions.bill_records import BillCharge, ChargeKind
from lindung.contributions.cancelling import CancelReason, cancel
from lindung.contributions.models import Bill
from lindung.contributions.proofs import PROOFS
from lindung.law.decision import Decision
from lindung.law.months import Month
from lindung.ledger.models import Posting
from lindung.membership.employment import EmployerUnit
from world import City

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)
COST = 15_525 + 8_625 + 163_875
"""Of 2,875,000: JKK 0.54 %, JKM 0.30 %, JHT 5.7 %."""
FINE = 311 + 173 + 3_278
"""2 % of each for one month: 310.5, 172.5 and 3,277.5, halves up."""
DUE, LATE = date(2025, 7, 15), date(2025, 7, 20)
NOW = world.at(date(2025, 7, 21))


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def unit(jambi: City) -> EmployerUnit:
    made = employers.unit(jambi)
    employers.employ(jambi, made, world.SITI)
    return made


def charged(jambi: City, bill: Bill) -> list[tuple[str, int]]:
    with jambi.acting():
        return list(BillCharge.objects.filter(bill=bill).values_list("kind", "amount"))


class TestFines:
    def test_it_asks_two_percent_with_the_next_bill(self, jambi: City, unit: EmployerUnit) -> None:
        """June is due on 15 July and paid on the 20th: one month begun."""
        world.pay(jambi, unit.agreement, JUNE, on=LATE)
        july = world.bill(jambi, unit.agreement, JULY)
        assert charged(jambi, july) == [("fine", FINE)]
        assert july.total == COST + FINE

    def test_it_keeps_the_article_and_the_working(self, jambi: City, unit: EmployerUnit) -> None:
        world.pay(jambi, unit.agreement, JUNE, on=LATE)
        july = world.bill(jambi, unit.agreement, JULY)
        with jambi.acting():
            kept = BillCharge.objects.get(bill=july).decision
        decision = Decision.from_json(kept)
        assert decision.total == FINE
        assert {"PP 44/2015 Pasal 22", "PP 46/2015 Pasal 20"} <= {
            citation.text.id.split(" ayat")[0] for citation in decision.citations
        }

    def test_it_asks_nothing_when_june_is_paid_in_time(self, jambi: City, unit: EmployerUnit) -> None:
        world.pay(jambi, unit.agreement, JUNE, on=DUE)
        assert charged(jambi, world.bill(jambi, unit.agreement, JULY)) == []

    def test_it_asks_each_fine_once(self, jambi: City, unit: EmployerUnit) -> None:
        world.pay(jambi, unit.agreement, JUNE, on=LATE)
        world.bill(jambi, unit.agreement, JULY)
        assert charged(jambi, world.bill(jambi, unit.agreement, AUGUST)) == []

    def test_it_asks_of_those_who_are_no_wage_earners_nothing(self, jambi: City) -> None:
        rentan = world.agreement(jambi)
        world.enrol(jambi, rentan, world.BUDI)
        world.pay(jambi, rentan, JUNE, on=date(2025, 12, 1))
        assert charged(jambi, world.bill(jambi, rentan, JULY)) == []

    def test_a_bill_that_is_given_up_leaves_its_fine_to_the_next(
        self, jambi: City, unit: EmployerUnit
    ) -> None:
        world.pay(jambi, unit.agreement, JUNE, on=LATE)
        july = world.bill(jambi, unit.agreement, JULY)
        with jambi.acting() as officer:
            new = superseding.supersede(bill_id=july.pk, as_draft=False, by=officer, now=NOW)
            assert charged(jambi, new) == [("fine", FINE)]
            cancel(bill_id=new.pk, reason=CancelReason.MISTAKE, by=officer, now=NOW)
        assert charged(jambi, world.bill(jambi, unit.agreement, AUGUST)) == [("fine", FINE)]

    def test_it_is_paid_into_an_account_of_its_own(self, jambi: City, unit: EmployerUnit) -> None:
        world.pay(jambi, unit.agreement, JUNE, on=LATE)
        world.pay(jambi, unit.agreement, JULY)
        with jambi.acting():
            fines = Posting.objects.filter(account__code="fund:fine").values_list("amount", flat=True)
            assert list(fines) == [FINE]

    def test_it_is_read_with_the_bill(self, jambi: City, unit: EmployerUnit) -> None:
        world.pay(jambi, unit.agreement, JUNE, on=LATE)
        july = world.bill(jambi, unit.agreement, JULY)
        with jambi.acting():
            page = bills.page_of(july.pk, on=LATE)
        assert [(each.amount, each.month) for each in page.charges] == [(FINE, JUNE)]
        assert sum(amount for _, amount in page.programmes) + FINE == page.bill.total
        assert sum(share.amount for share in page.sources) == page.bill.total


class TestShortfalls:
    def test_it_carries_what_lacks_with_its_article(self, jambi: City, unit: EmployerUnit) -> None:
        june = world.bill(jambi, unit.agreement, JUNE)
        open_ = [charges.Shortfall(june.pk, JUNE, asked=june.total, lacking=1)]
        (charge,) = charges.shortfalls(open_)
        assert (charge.kind, charge.amount, charge.from_bill_id) == (ChargeKind.SHORTFALL, 1, june.pk)
        assert charge.decision.total == 1
        assert "PP 44/2015 Pasal 23" in {citation.text.id for citation in charge.decision.citations}


class TestTotals:
    def test_it_takes_no_charge_once_the_bill_is_whole(self, jambi: City, unit: EmployerUnit) -> None:
        june, july = (world.bill(jambi, unit.agreement, month) for month in (JUNE, JULY))
        with refused("bill_equals_its_lines"), jambi.acting():
            BillCharge.objects.create(
                bill=july,
                from_bill=june,
                kind="fine",
                amount=1,
                sponsor=jambi.sponsor,
                event_id=july.event_id,
            )

    def test_a_draft_without_its_new_fine_is_not_made_final(self, jambi: City, unit: EmployerUnit) -> None:
        june = world.bill(jambi, unit.agreement, JUNE)
        with jambi.acting() as officer:
            july = billing.drawn(
                agreement_id=unit.agreement_id, month=JULY, by=officer, today=LATE, as_draft=True
            ).bill
        world.confirm(jambi, june, world.order(jambi, june, on=LATE))
        with jambi.acting() as officer:
            (made,) = superseding.finalise_all(agreement_id=unit.agreement_id, by=officer, now=NOW)
        assert (made.pk != july.pk, made.total) == (True, COST + FINE)


def test_the_books_prove_that_every_bill_is_its_lines_and_charges(jambi: City, unit: EmployerUnit) -> None:
    world.pay(jambi, unit.agreement, JUNE, on=LATE)
    world.bill(jambi, unit.agreement, JULY)
    with jambi.acting():
        assert {proof.code: found for proof in PROOFS if (found := fetched(proof.sql))} == {}
