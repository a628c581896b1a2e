"""A bill begins as a draft, becomes final while it still says who belongs to it, and gives way to a new one."""

import contextlib
from datetime import date

import pytest
from django.db import IntegrityError, transaction

import world
from contributions.conftest import Place, settled
from database import at_once, check_as_at_commit, refused
from lindung.access.models import AuditEvent, Role
from lindung.contributions import billing, drafts, payments, superseding
from lindung.contributions.cancelling import CancelReason, OrderWaits, Superseded, cancel
from lindung.contributions.line_hash import lines_digest
from lindung.contributions.models import Bill, BillLine, BillStatus
from lindung.contributions.sources import money_of
from lindung.engine.refusals import constraint_of
from lindung.law.months import Month

JUNE, JULY = Month(2025, 6), Month(2025, 7)
SECOND = date(2025, 6, 2)
NOW = world.at(SECOND)


def draft(jambi: Place, month: Month = JUNE) -> Bill:
    with jambi.city.acting(on=SECOND) as officer:
        return billing.drawn(
            agreement_id=jambi.agreement.pk, month=month, by=officer, today=SECOND, as_draft=True
        ).bill


def finalised(jambi: Place, bill: Bill) -> Bill:
    with jambi.city.acting(on=SECOND) as officer:
        return drafts.finalise(bill_id=bill.pk, by=officer, now=NOW)


def superseded(jambi: Place, bill: Bill, *, as_draft: bool = False) -> Bill:
    with jambi.city.acting(on=SECOND) as officer:
        return superseding.supersede(bill_id=bill.pk, as_draft=as_draft, by=officer, now=NOW)


def stored(jambi: Place, bill: Bill) -> Bill:
    with jambi.city.acting(on=SECOND):
        return Bill.objects.get(pk=bill.pk)


class TestDraft:
    def test_it_is_the_one_bill_of_its_month(self, jambi: Place) -> None:
        made = draft(jambi)
        assert (made.status, made.total, made.people) == ("draft", 33_600, 2)
        assert world.bill(jambi.city, jambi.agreement, JUNE) == made

    def test_it_holds_nobody_back(self, jambi: Place) -> None:
        """A stranger joins the month of a draft; he could not join that of a bill."""
        draft(jambi)
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE)

    def test_it_costs_the_year_what_its_members_cost(self, jambi: Place) -> None:
        """Joined after the draft: the outlook counts three people, not the draft's two."""
        draft(jambi)
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE)
        with jambi.city.acting(on=SECOND):
            money = money_of([jambi.agreement], on=SECOND)[jambi.agreement.pk]
        assert money.monthly == 3 * world.PRICE

    def test_it_is_not_paid(self, jambi: Place) -> None:
        with pytest.raises(payments.NotFinal, match="still a draft"):
            world.order(jambi.city, draft(jambi))

    def test_it_can_be_cancelled_and_drawn_again(self, jambi: Place) -> None:
        made = draft(jambi)
        with jambi.city.acting(on=SECOND) as officer:
            cancel(bill_id=made.pk, reason=CancelReason.MISTAKE, by=officer, now=NOW)
        assert draft(jambi).pk != made.pk


class TestFinalising:
    def test_it_makes_the_draft_a_bill_that_can_be_paid(self, jambi: Place) -> None:
        made = finalised(jambi, draft(jambi))
        assert made.status == "final"
        world.confirm(jambi.city, made, world.order(jambi.city, made))
        assert stored(jambi, made).status == "paid"

    def test_it_is_done_once(self, jambi: Place) -> None:
        made = draft(jambi)
        finalised(jambi, made)
        finalised(jambi, made)
        with jambi.city.acting(on=SECOND):
            (event,) = AuditEvent.objects.filter(action="bill.finalised")
            assert event.detail["lines_digest"] == lines_digest(bill_id=made.pk, month=made.month)

    def test_the_bill_in_its_place_has_the_hash_of_its_own_lines(self, jambi: Place) -> None:
        new = superseded(jambi, finalised(jambi, draft(jambi)))
        with jambi.city.acting(on=SECOND):
            event = AuditEvent.objects.get(pk=new.event_id)
            assert event.detail["lines_digest"] == lines_digest(bill_id=new.pk, month=new.month)

    def test_it_says_who_joined_since(self, jambi: Place) -> None:
        made = draft(jambi)
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE)
        with pytest.raises(drafts.MembersChanged, match="joined: Rahmat Hidayat"):
            finalised(jambi, made)
        assert stored(jambi, made).status == "draft"

    def test_it_names_three_and_counts_the_rest(self, jambi: Place) -> None:
        made = draft(jambi)
        world.enrol(jambi.city, jambi.agreement, *world.crowd(5), since=JUNE)
        with pytest.raises(drafts.MembersChanged, match="and 2 others"):
            finalised(jambi, made)

    def test_it_is_refused_for_a_bill_that_is_paid(self, jambi: Place) -> None:
        paid = world.pay(jambi.city, jambi.agreement, JUNE)
        with pytest.raises(drafts.NotADraft), jambi.city.acting(on=SECOND) as officer:
            drafts.finalise(bill_id=paid.bill_id, by=officer, now=NOW)

    def test_it_is_not_found_by_another_city(self, jambi: Place) -> None:
        made, bungo = draft(jambi), world.city("bungo", branch=jambi.city.branch)
        with pytest.raises(Bill.DoesNotExist), bungo.acting(on=SECOND) as officer:
            drafts.finalise(bill_id=made.pk, by=officer, now=NOW)

    def test_it_lets_one_of_two_who_finalise_at_once_write_it(self, fresh_database: str) -> None:
        jambi = settled()
        made = draft(jambi)
        answers = at_once(*[lambda: finalised(jambi, made)] * 3)
        assert [getattr(each, "status", each) for each in answers] == ["final"] * 3
        with jambi.city.acting(on=SECOND):
            assert AuditEvent.objects.filter(action="bill.finalised").count() == 1

    def test_it_leaves_a_draft_when_the_end_fails(self, jambi: Place) -> None:
        made = draft(jambi)
        with contextlib.suppress(RuntimeError), jambi.city.acting(on=SECOND) as officer:
            drafts.finalise(bill_id=made.pk, by=officer, now=NOW)
            raise RuntimeError
        assert stored(jambi, made).status == "draft"


class TestSuperseding:
    def test_it_draws_the_month_anew_in_the_place_of_the_old_one(self, jambi: Place) -> None:
        """Back to a draft, so that the stranger may join; then the draft with him becomes the bill."""
        old = world.bill(jambi.city, jambi.agreement, JUNE)
        with pytest.raises(IntegrityError) as refusal:
            world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE)
        assert constraint_of(refusal.value) == "membership_before_the_bill"
        reopened = superseded(jambi, old, as_draft=True)
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JUNE)
        new = superseded(jambi, reopened)
        assert (new.status, new.people, new.total) == ("final", 3, 50_400)
        assert stored(jambi, old).superseded_by_id == reopened.pk
        assert stored(jambi, reopened).superseded_by_id == new.pk
        with jambi.city.acting(on=SECOND):
            check_as_at_commit()
            assert BillLine.objects.filter(bill=old).count() == 2

    def test_it_gives_the_same_bill_when_asked_twice(self, jambi: Place) -> None:
        old = world.bill(jambi.city, jambi.agreement, JUNE)
        assert superseded(jambi, old) == superseded(jambi, old)

    def test_it_leaves_a_paid_bill_as_it_is(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        with pytest.raises(superseding.StaysAsItIs, match="is paid"):
            superseded(jambi, world.bill(jambi.city, jambi.agreement, JUNE))

    def test_it_waits_for_an_order_that_is_recorded(self, jambi: Place) -> None:
        old = world.bill(jambi.city, jambi.agreement, JUNE)
        world.order(jambi.city, old)
        with pytest.raises(OrderWaits):
            superseded(jambi, old)

    def test_it_cannot_be_paid_or_cancelled_any_more(self, jambi: Place) -> None:
        old = world.bill(jambi.city, jambi.agreement, JUNE)
        superseded(jambi, old)
        with pytest.raises(payments.NotFinal, match="taken the place"):
            world.order(jambi.city, old)
        with pytest.raises(Superseded), jambi.city.acting(on=SECOND) as officer:
            cancel(bill_id=old.pk, reason=CancelReason.MISTAKE, by=officer, now=NOW)

    def test_it_draws_one_bill_when_two_supersede_at_once(self, fresh_database: str) -> None:
        jambi = settled()
        old = world.bill(jambi.city, jambi.agreement, JUNE)
        first, second = at_once(*[lambda: superseded(jambi, old)] * 2)
        assert first == second
        with jambi.city.acting(on=SECOND):
            assert Bill.objects.filter(status=BillStatus.FINAL).count() == 1

    def test_it_reopens_the_unpaid_months_and_makes_them_final_again(self, jambi: Place) -> None:
        """June is paid, July and August are billed; a stranger joins from August, July stays as it was."""
        world.pay(jambi.city, jambi.agreement, JUNE)
        july, august = (world.bill(jambi.city, jambi.agreement, month) for month in (JULY, JULY.next()))
        with jambi.city.acting(on=SECOND) as officer:
            opened = superseding.reopen_from(
                agreement_id=jambi.agreement.pk, first=JULY.next(), by=officer, now=NOW
            )
        assert [each.month for each in opened] == [august.month]
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JULY.next())
        with jambi.city.acting(on=SECOND) as officer:
            made = superseding.finalise_all(agreement_id=jambi.agreement.pk, by=officer, now=NOW)
        assert [(each.status, each.people) for each in made] == [("final", 3)]
        assert stored(jambi, july).status == "final"


class TestSteps:
    @pytest.mark.parametrize(
        ("before", "after"),
        [("final", "draft"), ("cancelled", "final"), ("draft", "paid"), ("final", "paid")],
    )
    def test_it_takes_no_other_step(self, jambi: Place, before: str, after: str) -> None:
        made = draft(jambi)
        with jambi.city.acting(on=SECOND), transaction.atomic():
            if before != "draft":
                Bill.objects.filter(pk=made.pk).update(status=before)
        with refused("bill_step_allowed"), jambi.city.acting(on=SECOND):
            Bill.objects.filter(pk=made.pk).update(status=after)

    def test_it_is_not_opened_again_while_its_money_counts(self, jambi: Place) -> None:
        paid = world.pay(jambi.city, jambi.agreement, JUNE)
        with refused("bill_step_allowed"), jambi.city.acting(Role.FINANCE_OFFICER, on=SECOND):
            Bill.objects.filter(pk=paid.bill_id).update(status="final")
