"""What a bank line may be for, and what accepting it does: bills paid once, money waiting, and the way back."""

from datetime import date

import pytest
from django.db import transaction

import world
from contributions.banking import NOW, accepted, books, brought_in, proposed, reasons, the_line, wire
from contributions.conftest import Place, jambi_stage
from database import refused
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import system_scope
from lindung.contributions import accepting, cancelling, match_runs, payments, purses, reversing
from lindung.contributions.accepting import Part
from lindung.contributions.matching import Rank, pay_code
from lindung.contributions.matching_records import LineMatch
from lindung.contributions.models import Bill, BillStatus, Payment, PaymentSource
from lindung.contributions.statement_records import LineState, StatementLine
from lindung.law.months import Month
from lindung.ledger.posting import balance

__all__ = ["jambi_stage"]
JUNE, JULY = Month(2025, 6), Month(2025, 7)
TWO = 2 * world.PRICE


@pytest.fixture
def bill(jambi: Place) -> Bill:
    """The bill of June for Ibu Siti and Pak Budi: Rp33,600."""
    return world.bill(jambi.city, jambi.agreement, JUNE)


def status(bill: Bill) -> str:
    return Bill.objects.values_list("status", flat=True).get(pk=bill.pk)


class TestProposing:
    def test_a_line_that_names_the_bill_to_the_rupiah_is_exact(self, jambi: Place, bill: Bill) -> None:
        came = brought_in(jambi, wire(TWO, f"IURAN {pay_code(bill.pk)} KOTA JAMBI"))
        with jambi.city.acting():
            first = proposed(the_line(came))[0]
            assert (first.rank, first.reason, first.bill_ids, first.asked) == (
                Rank.EXACT,
                "bill_code",
                (bill.pk,),
                TWO,
            )

    def test_a_line_that_names_the_agreement_and_one_bills_amount_is_exact(
        self, jambi: Place, bill: Bill
    ) -> None:
        came = brought_in(jambi, wire(TWO, f"IURAN {jambi.agreement.code.upper()}"))
        with jambi.city.acting():
            assert reasons(proposed(the_line(came))) == ["agreement_code"]

    def test_an_amount_alone_is_likely_while_one_bill_has_it(self, jambi: Place, bill: Bill) -> None:
        came = brought_in(jambi, wire(TWO, "SETORAN"))
        with jambi.city.acting():
            assert [(each.rank, each.reason) for each in proposed(the_line(came))] == [
                (Rank.LIKELY, "amount")
            ]
        world.bill(jambi.city, jambi.agreement, JULY)
        with jambi.city.acting():
            assert proposed(the_line(came)) == []

    def test_the_oldest_bills_of_a_purse_together_are_proposed(self, jambi: Place, bill: Bill) -> None:
        july = world.bill(jambi.city, jambi.agreement, JULY)
        came = brought_in(jambi, wire(2 * TWO, "SETORAN"))
        with jambi.city.acting():
            (found,) = proposed(the_line(came))
            assert (found.reason, found.bill_ids) == ("several", (bill.pk, july.pk))

    def test_one_rupiah_short_is_only_possible(self, jambi: Place, bill: Bill) -> None:
        came = brought_in(jambi, wire(TWO - 1, pay_code(bill.pk)))
        with jambi.city.acting():
            (found,) = proposed(the_line(came))
            assert (found.rank, found.reason, found.asked) == (Rank.POSSIBLE, "other_amount", TWO)

    def test_it_proposes_nothing_of_another_city(self, jambi: Place, bill: Bill) -> None:
        bungo = jambi._replace(city=world.city("bungo", branch=jambi.city.branch))
        came = brought_in(bungo, wire(TWO, pay_code(bill.pk)))
        with jambi.city.acting(Role.BRANCH_OFFICER):
            assert proposed(the_line(came)) == []

    def test_an_order_recorded_before_is_found_by_its_number(self, jambi: Place, bill: Bill) -> None:
        paid = _ordered(jambi, bill, "00123/SP2D-LS/2026")
        came = brought_in(jambi, wire(TWO, "SP2D 00123/SP2D-LS/2026"))
        with jambi.city.acting():
            first = proposed(the_line(came))[0]
            assert (first.rank, first.reason, first.payment_id) == (Rank.EXACT, "order", paid.pk)


def _ordered(place: Place, bill: Bill, number: str) -> Payment:
    """An SP2D recorded by one and confirmed by another."""
    with place.city.acting() as by:
        paid = payments.record(
            bill_id=bill.pk,
            order_number=number,
            ordered_on=date(2026, 11, 19),
            amount=bill.total,
            by=by,
            now=NOW,
        )
    with place.city.acting(Role.FINANCE_OFFICER) as by:
        payments.confirm(payment_id=paid.pk, bill_id=bill.pk, by=by, now=NOW)
    return paid


class TestAccepting:
    def test_it_pays_the_bill_and_leaves_nothing_behind(self, jambi: Place, bill: Bill) -> None:
        came = brought_in(jambi, wire(TWO, pay_code(bill.pk)))
        with jambi.city.acting():
            line = the_line(came)
            each = proposed(line)[0]
        assert accepted(jambi, line, each).bills_paid == 1
        with jambi.city.acting():
            assert status(bill) == BillStatus.PAID
            assert the_line(came).state == LineState.MATCHED
            assert books() == {"bank": -TWO, "fund": TWO}
            paid = Payment.objects.get(source=PaymentSource.BANK)
            assert (paid.amount, paid.ordered_on) == (TWO, date(2026, 11, 20))
            assert AuditEvent.objects.filter(action="line.matched").count() == 1

    def test_it_does_nothing_a_second_time(self, jambi: Place, bill: Bill) -> None:
        came = brought_in(jambi, wire(TWO, pay_code(bill.pk)))
        with jambi.city.acting():
            line = the_line(came)
            each = proposed(line)[0]
        accepted(jambi, line, each)
        with pytest.raises(accepting.LineElsewhere):
            accepted(jambi, line, each)
        with jambi.city.acting():
            assert books() == {"bank": -TWO, "fund": TWO}

    def test_one_rupiah_short_waits_and_the_missing_rupiah_completes_it(
        self, jambi: Place, bill: Bill
    ) -> None:
        came = brought_in(jambi, wire(TWO - 1, pay_code(bill.pk), bank="A"), wire(1, "KEKURANGAN", bank="B"))
        with jambi.city.acting():
            first, second = the_line(came, 1), the_line(came, 2)
            each = proposed(first)[0]
        assert accepted(jambi, first, each).bills_paid == 0
        with jambi.city.acting():
            assert (status(bill), books()) == (
                BillStatus.FINAL,
                {"bank": -TWO, "unmatched": 1, "held": TWO - 1},
            )
            (rest,) = proposed(second)
            assert (rest.reason, rest.asked) == ("completes", 1)
        assert accepted(jambi, second, rest).bills_paid == 1
        with jambi.city.acting():
            assert (status(bill), books()) == (BillStatus.PAID, {"bank": -TWO, "fund": TWO})

    def test_twice_the_amount_pays_once_and_the_rest_waits(self, jambi: Place, bill: Bill) -> None:
        came = brought_in(jambi, wire(2 * TWO, pay_code(bill.pk)))
        with jambi.city.acting():
            line = the_line(came)
            each = proposed(line)[0]
        accepted(jambi, line, each)
        with jambi.city.acting():
            assert status(bill) == BillStatus.PAID
            assert purses.held(agreement_id=jambi.agreement.pk, membership_id=None) == TWO

    def test_money_for_a_cancelled_bill_waits_for_the_next(self, jambi: Place, bill: Bill) -> None:
        with jambi.city.acting() as by:
            cancelling.cancel(bill_id=bill.pk, reason=cancelling.CancelReason.MISTAKE, by=by, now=NOW)
        came = brought_in(jambi, wire(TWO, pay_code(bill.pk)))
        with jambi.city.acting():
            line = the_line(came)
            (each,) = proposed(line)
            assert (each.reason, each.bill_ids) == ("closed", ())
        accepted(jambi, line, each)
        with jambi.city.acting():
            assert books() == {"bank": -TWO, "held": TWO}

    def test_the_money_of_an_order_is_counted_once(self, jambi: Place, bill: Bill) -> None:
        paid = _ordered(jambi, bill, "00123/SP2D-LS/2026")
        with jambi.city.acting():
            assert books() == {"sponsor": -TWO, "fund": TWO}
        came = brought_in(jambi, wire(TWO, "00123/SP2D-LS/2026"))
        with jambi.city.acting():
            line = the_line(came)
            each = proposed(line)[0]
        assert accepted(jambi, line, each).payment_ids == (paid.pk,)
        with jambi.city.acting():
            assert books() == {"bank": -TWO, "fund": TWO}
            assert proposed(the_line(came)) == []

    def test_it_takes_no_proposal_that_is_not_made(self, jambi: Place, bill: Bill) -> None:
        came = brought_in(jambi, wire(5, pay_code(bill.pk)))
        with jambi.city.acting():
            line = the_line(came)
            each = proposed(line)[0]
        with pytest.raises(accepting.NoSuchProposal):
            accepted(jambi, line, each._replace(bill_ids=(bill.pk + 1,)))

    def test_all_exact_ones_are_accepted_at_once_and_two_for_one_bill_wait_for_a_person(
        self, jambi: Place, bill: Bill
    ) -> None:
        july = world.bill(jambi.city, jambi.agreement, JULY)
        came = brought_in(
            jambi,
            wire(TWO, pay_code(bill.pk), bank="A"),
            wire(TWO, pay_code(july.pk), bank="B"),
            wire(TWO, f"LAGI {pay_code(july.pk)}", bank="C"),
            wire(TWO - 1, pay_code(july.pk), bank="D"),
        )
        all_of_jambi = [jambi.city.sponsor.pk]
        with jambi.city.acting(Role.FINANCE_OFFICER) as by:
            (run,) = match_runs.accept_all(sponsor_ids=all_of_jambi, by=by, now=NOW)
            assert (run.lines_count, run.accepted, run.passed_over) == (1, 1, 0)
            with pytest.raises(match_runs.NothingExact):
                match_runs.accept_all(sponsor_ids=all_of_jambi, by=by, now=NOW)
        with jambi.city.acting():
            assert list(came.lines.order_by("number").values_list("state", flat=True)) == [
                "matched", "unmatched", "unmatched", "unmatched"]  # fmt: skip
            assert (status(bill), status(july)) == (BillStatus.PAID, BillStatus.FINAL)


class TestSplitting:
    def test_one_line_pays_bills_of_two_purses(self, jambi: Place, bill: Bill) -> None:
        other = world.agreement(jambi.city, "masjid")
        world.enrol(jambi.city, other, world.STRANGER)
        theirs = world.bill(jambi.city, other, JUNE)
        came = brought_in(jambi, wire(TWO + world.PRICE))
        parts = [
            Part(jambi.agreement.pk, None, (bill.pk,), TWO),
            Part(other.pk, None, (theirs.pk,), world.PRICE),
        ]
        with jambi.city.acting(Role.FINANCE_OFFICER) as by:
            done = accepting.split(line_id=the_line(came).pk, parts=parts, by=by, now=NOW)
            assert (len(done.payment_ids), done.bills_paid) == (2, 2)
            assert books() == {"bank": -TWO - world.PRICE, "fund": TWO + world.PRICE}

    @pytest.mark.parametrize("amounts", [(TWO, 0), (TWO, 1), (TWO - 1,), (TWO + 1, -1), ()])
    def test_the_parts_are_the_line_to_the_rupiah(
        self, jambi: Place, bill: Bill, amounts: tuple[int, ...]
    ) -> None:
        came = brought_in(jambi, wire(TWO))
        parts = [Part(jambi.agreement.pk, None, (bill.pk,), amount) for amount in amounts]
        with jambi.city.acting(Role.FINANCE_OFFICER) as by, pytest.raises(accepting.NotGivenWhole):
            accepting.split(line_id=the_line(came).pk, parts=parts, by=by, now=NOW)

    def test_it_gives_nothing_to_a_bill_of_another_city(self, jambi: Place) -> None:
        bungo = jambi._replace(city=world.city("bungo", branch=jambi.city.branch))
        theirs = world.agreement(bungo.city)
        world.enrol(bungo.city, theirs, world.STRANGER)
        strange = world.bill(bungo.city, theirs, JUNE)
        came = brought_in(jambi, wire(world.PRICE))
        part = Part(theirs.pk, None, (strange.pk,), world.PRICE)
        with jambi.city.acting(Role.FINANCE_OFFICER) as by, pytest.raises(accepting.OtherCity):
            accepting.split(line_id=the_line(came).pk, parts=[part], by=by, now=NOW)


class TestAside:
    def test_a_line_is_put_aside_with_a_reason_and_comes_back(self, jambi: Place) -> None:
        came = brought_in(jambi, wire(5_000))
        with jambi.city.acting(Role.FINANCE_OFFICER) as by:
            line = the_line(came)
            with pytest.raises(accepting.ReasonNeeded):
                accepting.set_aside(line_id=line.pk, reason="  ", by=by, now=NOW)
            accepting.set_aside(line_id=line.pk, reason=f"salah kirim {world.SITI.nik}", by=by, now=NOW)
            assert (the_line(came).state, the_line(came).reason) == ("set_aside", "salah kirim •••")
            assert books() == {"bank": -5_000, "unmatched": 5_000}
            accepting.take_back(line_id=line.pk, by=by, now=NOW)
            assert (the_line(came).state, the_line(came).reason) == ("unmatched", "")
            with pytest.raises(accepting.LineElsewhere):
                accepting.take_back(line_id=line.pk, by=by, now=NOW)


class TestTheWayBack:
    def _second(self, jambi: Place) -> world.City:
        """A colleague who carries out what the other asked for."""
        with system_scope("demo", actor=world.BUILDER):
            user = world.user(Role.FINANCE_OFFICER, jambi.city.office, "dua")
        return jambi.city._replace(users={**jambi.city.users, Role.FINANCE_OFFICER: user})

    def _reversed(self, jambi: Place, payment_id: int) -> None:
        with jambi.city.acting(Role.FINANCE_OFFICER) as by:
            reversing.ask(payment_id=payment_id, reason="salah tagihan", by=by, now=NOW)
        with self._second(jambi).acting(Role.FINANCE_OFFICER) as by:
            reversing.reverse(payment_id=payment_id, by=by, now=NOW)

    def test_a_reversed_match_puts_the_money_into_the_queue_and_may_be_made_again(
        self, jambi: Place, bill: Bill
    ) -> None:
        came = brought_in(jambi, wire(TWO, pay_code(bill.pk)))
        with jambi.city.acting():
            line = the_line(came)
            each = proposed(line)[0]
        (payment_id,) = accepted(jambi, line, each).payment_ids
        self._reversed(jambi, payment_id)
        with jambi.city.acting():
            assert (the_line(came).state, status(bill)) == (LineState.UNMATCHED, BillStatus.FINAL)
            assert books() == {"bank": -TWO, "unmatched": TWO}
            again = proposed(the_line(came))[0]
        accepted(jambi, line, again)
        with jambi.city.acting():
            assert (status(bill), books()) == (BillStatus.PAID, {"bank": -TWO, "fund": TWO})

    def test_a_reversed_order_lets_go_of_its_line(self, jambi: Place, bill: Bill) -> None:
        paid = _ordered(jambi, bill, "00123/SP2D-LS/2026")
        came = brought_in(jambi, wire(TWO, "00123/SP2D-LS/2026"))
        with jambi.city.acting():
            line = the_line(came)
            each = proposed(line)[0]
        accepted(jambi, line, each)
        self._reversed(jambi, paid.pk)
        with jambi.city.acting():
            assert (the_line(came).state, books()) == (LineState.UNMATCHED, {"bank": -TWO, "unmatched": TWO})

    def test_one_reversed_part_of_a_split_line_waits_alone(self, jambi: Place, bill: Bill) -> None:
        july = world.bill(jambi.city, jambi.agreement, JULY)
        came = brought_in(jambi, wire(2 * TWO))
        parts = [Part(jambi.agreement.pk, None, (each.pk,), TWO) for each in (bill, july)]
        with jambi.city.acting(Role.FINANCE_OFFICER) as by:
            done = accepting.split(line_id=the_line(came).pk, parts=parts, by=by, now=NOW)
        self._reversed(jambi, done.payment_ids[1])
        with jambi.city.acting():
            assert (status(bill), status(july)) == (BillStatus.PAID, BillStatus.FINAL)
            assert accepting.left_of(the_line(came)) == TWO
            assert balance(f"unmatched:{jambi.city.sponsor.pk}") == TWO


def test_a_matched_line_is_given_out_whole(jambi: Place, bill: Bill) -> None:
    came = brought_in(jambi, wire(TWO, pay_code(bill.pk)))
    with jambi.city.acting(Role.FINANCE_OFFICER), refused("match_makes_the_line"), transaction.atomic():
        StatementLine.objects.filter(statement=came).update(state="matched")
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not LineMatch.objects.exists()
