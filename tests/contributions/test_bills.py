"""A bill as people read it, tried before it is drawn, cancelled while it is open, and what follows if nobody pays."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from contributions.conftest import Place, settled
from database import at_once
from lindung.access.models import AuditEvent, Role
from lindung.contributions import bills, payments, trial, unpaid
from lindung.contributions.cancelling import BillPaid, CancelReason, OrderWaits, cancel
from lindung.contributions.models import Bill, BillLine, BillStatus, Payment, TariffDecision
from lindung.law.months import Month

JUNE, JULY = Month(2025, 6), Month(2025, 7)
SECOND = date(2025, 6, 2)
NOW = world.at(SECOND)


def cancelled(jambi: Place, drawn: Bill, reason: CancelReason = CancelReason.MEMBERS) -> Bill:
    with jambi.city.acting(on=SECOND) as officer:
        return cancel(bill_id=drawn.pk, reason=reason, by=officer, now=NOW)


class TestReading:
    def test_it_says_the_law_of_each_amount_and_the_share_of_each_kelurahan(self, jambi: Place) -> None:
        """Ibu Siti of Thehok and Pak Budi of Legok, Rp16.800 each: JKK 10,000 and JKM 6,800."""
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            page = bills.page_of(drawn.pk, on=SECOND)
        assert page.programmes == (("jkk", 20_000), ("jkm", 13_600))
        assert [(each.people, each.each) for each in page.tariffs] == [(2, 16_800)]
        assert [step.article.id for step in page.tariffs[0].steps] == [
            "PP 44/2015 Pasal 20 ayat (1), Lampiran II",
            "PP 44/2015 Pasal 20 ayat (3)",
        ]
        assert [(each.name, each.people, each.amount) for each in page.kelurahan] == [
            ("Legok", 1, 16_800),
            ("Thehok", 1, 16_800),
        ]
        assert sum(each.amount for each in page.kelurahan) == page.bill.total

    def test_it_sets_people_of_another_sector_apart(self, jambi: Place) -> None:
        """A rider of an ojek is in road transport; a different fact, so a decision of its own."""
        world.enrol(jambi.city, jambi.agreement, world.STRANGER)
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            tariffs = bills.page_of(drawn.pk, on=SECOND).tariffs
        assert [(each.people, each.whom.en) for each in tariffs] == [
            (2, "another sector"),
            (1, "road transport"),
        ]

    def test_it_wears_the_badge_of_what_is_known(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            assert bills.row_of(drawn.pk, on=SECOND).badge.id == "Perkiraan Lindung"
        world.confirm(jambi.city, drawn, world.order(jambi.city, drawn))
        with jambi.city.acting():
            assert bills.row_of(drawn.pk, on=SECOND).badge.id == "Sudah dibayar"

    def test_it_is_overdue_the_day_after_the_due_day_and_only_while_open(self, jambi: Place) -> None:
        """June 2025: the 15th is a Sunday, so Monday the 16th is the last day."""
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            assert not bills.row_of(drawn.pk, on=date(2025, 6, 16)).overdue
            assert bills.row_of(drawn.pk, on=date(2025, 6, 17)).overdue
        world.confirm(jambi.city, drawn, world.order(jambi.city, drawn))
        with jambi.city.acting():
            assert not bills.row_of(drawn.pk, on=date(2025, 7, 17)).overdue

    def test_it_pages_and_takes_the_nearest_page(self, jambi: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bills, "PER_PAGE", 2)
        for month in (JUNE, JULY, Month(2025, 8)):
            world.bill(jambi.city, jambi.agreement, month)
        with jambi.city.acting():
            last = bills.listed(year=None, status=None, number=99, on=SECOND)
            first = bills.listed(year=2025, status="final", number=1, on=SECOND)
        assert [row.month for row in last.rows] == [JUNE]
        assert (last.number, last.pages) == (2, 2)
        assert (first.unpaid, first.owed, first.years) == (3, 3 * 33_600, (2025,))

    def test_it_lists_the_people_with_masked_numbers(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            lines = bills.lines_of(drawn.pk, number=1, on=SECOND).lines
        assert [(line.name, line.amount) for line in lines] == [
            ("Siti Aminah", 16_800),
            ("Budi Santoso", 16_800),
        ]
        assert {line.nik_masked[6:14] for line in lines} == {"•" * 8}

    def test_an_operator_finds_only_her_own_kelurahan_in_it(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting(Role.KELURAHAN_OPERATOR):
            page = bills.lines_of(drawn.pk, number=1, on=SECOND)
        assert [line.name for line in page.lines] == ["Siti Aminah"]

    def test_it_is_not_there_for_another_city(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        bungo = world.city("bungo", branch=jambi.city.branch)
        for read in (bills.page_of, bills.row_of, unpaid.if_unpaid):
            with bungo.acting(), pytest.raises(Bill.DoesNotExist):
                read(drawn.pk, on=SECOND)
        with bungo.acting():
            assert bills.listed(year=None, status=None, number=1, on=SECOND).rows == ()

    def test_it_asks_no_more_for_a_hundred_people_than_for_two(self, jambi: Place) -> None:
        few = world.bill(jambi.city, jambi.agreement, JUNE)
        world.enrol(jambi.city, jambi.agreement, *world.crowd(100), since=JULY)
        many = world.bill(jambi.city, jambi.agreement, JULY)
        assert asked(jambi, few) == asked(jambi, many)


def asked(jambi: Place, drawn: Bill) -> int:
    with jambi.city.acting(), CaptureQueriesContext(connection) as queries:
        bills.page_of(drawn.pk, on=SECOND)
        bills.lines_of(drawn.pk, number=1, on=SECOND)
        unpaid.if_unpaid(drawn.pk, on=SECOND)
    return len(queries)


class TestTrying:
    def test_it_shows_the_bill_that_is_then_drawn_and_leaves_nothing(self, jambi: Place) -> None:
        with jambi.city.acting(on=SECOND) as officer:
            events = AuditEvent.objects.count()
            shown = trial.tried(agreement_id=jambi.agreement.pk, month=JUNE, by=officer, today=SECOND)
            assert trial.drawn_bill(agreement_id=jambi.agreement.pk, month=JUNE) is None
            left = (Bill, BillLine, TariffDecision)
            assert [table.objects.count() for table in left] == [0, 0, 0]
            assert AuditEvent.objects.count() == events
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        with jambi.city.acting():
            page = bills.page_of(drawn.pk, on=SECOND)
        assert page._replace(bill=page.bill._replace(id=0)) == shown._replace(bill=shown.bill._replace(id=0))


class TestCancelling:
    def test_it_leaves_the_lines_to_be_read_and_the_month_to_be_drawn_again(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        assert cancelled(jambi, drawn).status == BillStatus.CANCELLED
        again = world.bill(jambi.city, jambi.agreement, JUNE)
        assert again.pk != drawn.pk
        with jambi.city.acting():
            assert bills.page_of(drawn.pk, on=SECOND).bill.people == 2
            event = AuditEvent.objects.filter(action="bill.cancelled").get()
            assert (event.subject, event.detail["reason"]) == (f"bill:{drawn.pk}", "members")

    def test_it_is_harmless_twice(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        for reason in (CancelReason.MEMBERS, CancelReason.BUDGET):
            cancelled(jambi, drawn, reason)
        with jambi.city.acting():
            assert AuditEvent.objects.filter(action="bill.cancelled").count() == 1

    def test_it_never_cancels_what_is_paid_or_waits_for_its_second_person(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        recorded = world.order(jambi.city, drawn)
        with pytest.raises(OrderWaits, match="SP2D/"):
            cancelled(jambi, drawn)
        world.confirm(jambi.city, drawn, recorded)
        with pytest.raises(BillPaid):
            cancelled(jambi, drawn)

    def test_it_takes_no_order_afterwards(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        cancelled(jambi, drawn)
        with pytest.raises(payments.BillCancelled):
            world.order(jambi.city, drawn)

    def test_either_the_order_or_the_cancelling_wins_never_both(self, fresh_database: str) -> None:
        jambi = settled()
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        at_once(lambda: cancelled(jambi, drawn), lambda: world.order(jambi.city, drawn))
        with jambi.city.acting():
            drawn.refresh_from_db()
            recorded = Payment.objects.filter(bill=drawn).exists()
        assert recorded == (drawn.status == BillStatus.FINAL)


class TestUnpaid:
    def test_it_says_who_is_behind_when_and_when_cover_ends(self, jambi: Place) -> None:
        """June is paid; the bill of July is due on 15 July, and with nothing paid cover ends after October's day."""
        world.pay(jambi.city, jambi.agreement, JUNE)
        world.enrol(jambi.city, jambi.agreement, world.STRANGER, since=JULY)
        drawn = world.bill(jambi.city, jambi.agreement, JULY)
        with jambi.city.acting():
            found = unpaid.if_unpaid(drawn.pk, on=date(2025, 7, 2))
        assert found is not None
        assert found.groups == (
            unpaid.Group(1, None, None, None),
            unpaid.Group(2, JUNE, date(2025, 7, 16), date(2025, 10, 16)),
        )
        assert found.limit == 3
        assert [stage.programme for stage in found.after_limit] == ["jkk", "jkm"]
        assert "tidak ada manfaat" in found.after_limit[0].text.id
        assert "Pasal 39" in found.after_limit[0].article.id
        assert "Pasal 42" in found.after_limit[1].article.id

    def test_it_counts_whose_cover_has_ended_as_having_none(self, jambi: Place) -> None:
        """June paid, then nothing: the bill of November finds nobody who could still lose cover."""
        world.pay(jambi.city, jambi.agreement, JUNE)
        drawn = world.bill(jambi.city, jambi.agreement, Month(2025, 11))
        with jambi.city.acting():
            found = unpaid.if_unpaid(drawn.pk, on=date(2025, 11, 2))
        assert found is not None
        assert [(group.people, group.paid_until) for group in found.groups] == [(2, None)]

    def test_it_has_nothing_to_say_of_a_paid_bill(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        world.confirm(jambi.city, drawn, world.order(jambi.city, drawn))
        with jambi.city.acting():
            assert unpaid.if_unpaid(drawn.pk, on=SECOND) is None
