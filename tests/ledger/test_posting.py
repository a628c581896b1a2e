"""The book of money: what balances is booked once, what does not is not booked at all."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from database import at_once, check_as_at_commit, execute, fetched, forbidden, refused
from lindung.engine.refusals import constraint_of
from lindung.law.months import Month
from lindung.ledger.models import AccountKind, Entry, Instruction, InstructionKind, Posting
from lindung.ledger.posting import Line, ReferenceTaken, account, balance, open_month, post

JUNE = Month(2025, 6)
PAID_ON = date(2025, 6, 10)


def lines(jambi: world.City, *amounts: int) -> list[Line]:
    """What leaves the city's account, and what arrives in the funds of JKK, JKM and JHT."""
    paid = account("sponsor:jambi", kind=AccountKind.SPONSOR, sponsor_id=jambi.sponsor.pk)
    funds = [account(f"fund:{name}", kind=AccountKind.FUND) for name in ("jkk", "jkm", "jht")]
    return [Line(each, amount) for each, amount in zip((paid, *funds), amounts, strict=False)]


def book(jambi: world.City, reference: str, *amounts: int) -> Entry:
    """Book these amounts as the officer; the first is the city's own account."""
    with jambi.acting():
        open_month(JUNE, "ledger_posting")
        return post(
            kind=InstructionKind.PAYMENT,
            reference=reference,
            lines=lines(jambi, *amounts),
            month=JUNE,
            on=PAID_ON,
            sponsor_id=jambi.sponsor.pk,
            event_id=world.event(jambi),
        )


def counts() -> tuple[int, int, int]:
    return Instruction.objects.count(), Entry.objects.count(), Posting.objects.count()


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


class TestBooking:
    def test_it_books_one_instruction_as_one_entry_that_sums_to_zero(self, jambi: world.City) -> None:
        entry = book(jambi, "payment:1", -16_800, 10_000, 6_800)
        with jambi.acting():
            check_as_at_commit()
            assert entry.instruction.amount == 16_800
            assert [line.amount for line in entry.postings.order_by("line")] == [-16_800, 10_000, 6_800]
            assert {line.month for line in entry.postings.all()} == {JUNE.first_day()}

    def test_it_shows_the_balance_of_each_account(self, jambi: world.City) -> None:
        book(jambi, "payment:1", -16_800, 10_000, 6_800)
        book(jambi, "payment:2", -10_000, 10_000)
        with jambi.acting():
            shown = {code: balance(code) for code in ("sponsor:jambi", "fund:jkk", "fund:jkm", "fund:jht")}
        assert shown == {"sponsor:jambi": -26_800, "fund:jkk": 20_000, "fund:jkm": 6_800, "fund:jht": 0}

    def test_it_books_a_reference_once_however_often_it_is_asked(self, jambi: world.City) -> None:
        first = book(jambi, "payment:1", -16_800, 10_000, 6_800)
        again = book(jambi, "payment:1", -16_800, 10_000, 6_800)
        with jambi.acting():
            assert again == first
            assert counts() == (1, 1, 3)

    def test_it_refuses_another_amount_under_the_same_reference(self, jambi: world.City) -> None:
        book(jambi, "payment:1", -16_800, 10_000, 6_800)
        with pytest.raises(ReferenceTaken, match="payment:1"):
            book(jambi, "payment:1", -10_000, 10_000)
        with jambi.acting():
            assert counts() == (1, 1, 3)

    def test_it_refuses_another_kind_under_the_same_reference(self, jambi: world.City) -> None:
        book(jambi, "payment:1", -10_000, 10_000)
        with jambi.acting(), pytest.raises(ReferenceTaken):
            post(
                kind=InstructionKind.CREDIT,
                reference="payment:1",
                lines=lines(jambi, -10_000, 10_000),
                month=JUNE,
                on=PAID_ON,
                sponsor_id=jambi.sponsor.pk,
                event_id=world.event(jambi),
            )

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        arriving=st.lists(st.integers(1, 10**15), min_size=1, max_size=3),
        wrong_by=st.integers(-(10**6), 10**6),
    )
    def test_it_books_what_sums_to_zero_and_nothing_else(
        self, jambi: world.City, arriving: list[int], wrong_by: int
    ) -> None:
        with transaction.atomic():
            leaving = -sum(arriving) + wrong_by
            if wrong_by == 0:
                book(jambi, "any", leaving, *arriving)
            else:
                with pytest.raises(IntegrityError) as caught:
                    book(jambi, "any", leaving or wrong_by, *arriving)
                assert constraint_of(caught.value) == "entry_sums_to_zero"
            with jambi.acting():
                check_as_at_commit()
                assert sum(Posting.objects.values_list("amount", flat=True)) == 0
            transaction.set_rollback(True)


class TestRefusals:
    def test_it_refuses_a_statement_that_leaves_an_entry_unbalanced(self, jambi: world.City) -> None:
        with refused("entry_sums_to_zero"):
            book(jambi, "payment:1", -16_800, 10_000)
        with jambi.acting():
            assert counts() == (0, 0, 0)

    def test_it_refuses_a_posting_added_to_an_entry_of_yesterday(self, jambi: world.City) -> None:
        entry = book(jambi, "payment:1", -16_800, 10_000, 6_800)
        with jambi.acting(), refused("entry_sums_to_zero"):
            Posting.objects.create(
                month=JUNE.first_day(),
                entry=entry,
                line=9,
                account=account("fund:jkk", kind=AccountKind.FUND),
                sponsor=jambi.sponsor,
                amount=1,
            )

    def test_it_refuses_to_make_an_old_entry_larger_even_in_balance(self, jambi: world.City) -> None:
        """Two more postings that sum to zero would move money that no instruction asked to move."""
        entry = book(jambi, "payment:1", -16_800, 10_000, 6_800)
        check_as_at_commit()
        with jambi.acting():
            more = lines(jambi, -5_000, 5_000)
        with jambi.acting(), refused("entry_sums_to_zero"):
            Posting.objects.bulk_create(
                Posting(
                    month=JUNE.first_day(),
                    entry=entry,
                    line=number,
                    account=line.account,
                    sponsor=jambi.sponsor,
                    amount=line.amount,
                )
                for number, line in enumerate(more, start=8)
            )

    def test_it_refuses_an_instruction_without_its_entry(self, jambi: world.City) -> None:
        with jambi.acting(), refused("instruction_has_one_entry"):
            instruction(jambi)

    def test_it_refuses_an_entry_without_postings(self, jambi: world.City) -> None:
        with jambi.acting(), refused("entry_sums_to_zero"):
            Entry.objects.create(
                instruction=instruction(jambi), sponsor=jambi.sponsor, month=JUNE.first_day(), on=PAID_ON
            )

    def test_it_refuses_an_entry_worth_less_than_its_instruction(self, jambi: world.City) -> None:
        with jambi.acting(), refused("entry_sums_to_zero"):
            entry = Entry.objects.create(
                instruction=instruction(jambi), sponsor=jambi.sponsor, month=JUNE.first_day(), on=PAID_ON
            )
            open_month(JUNE, "ledger_posting")
            Posting.objects.bulk_create(
                Posting(
                    month=JUNE.first_day(),
                    entry=entry,
                    line=number,
                    account=line.account,
                    sponsor=jambi.sponsor,
                    amount=line.amount,
                )
                for number, line in enumerate(lines(jambi, -1, 1))
            )

    def test_it_refuses_a_second_entry_for_one_instruction(self, jambi: world.City) -> None:
        entry = book(jambi, "payment:1", -10_000, 10_000)
        with jambi.acting(), refused("ledger_entry_instruction_id_key"):
            Entry.objects.create(
                instruction=entry.instruction, sponsor=jambi.sponsor, month=JUNE.first_day(), on=PAID_ON
            )

    @pytest.mark.parametrize(
        "table", ["ledger_instruction", "ledger_entry", "ledger_posting", "ledger_account"]
    )
    def test_it_gives_the_app_no_right_to_change_or_remove_a_row(self, jambi: world.City, table: str) -> None:
        book(jambi, "payment:1", -10_000, 10_000)
        with jambi.acting():
            for statement in (
                f"UPDATE {table} SET id = id"
                if table != "ledger_posting"
                else f"UPDATE {table} SET amount = 1",
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
            ):
                with forbidden():
                    execute(statement)

    def test_it_gives_the_app_no_way_round_through_a_partition(self, jambi: world.City) -> None:
        book(jambi, "payment:1", -10_000, 10_000)
        with jambi.acting():
            for statement in ("SELECT 1 FROM ledger_posting_2025_06", "DELETE FROM ledger_posting_2025_06"):
                with forbidden():
                    execute(statement)

    @pytest.mark.parametrize(
        ("table", "day"),
        [("ledger_posting", "2025-06-02"), ("ledger_entry", "2025-06-01"), ("pg_class", "2025-06-01")],
    )
    def test_it_opens_no_partition_but_a_month_of_our_own_tables(
        self, jambi: world.City, table: str, day: str
    ) -> None:
        with pytest.raises(Exception, match="no month"), transaction.atomic():
            execute("SELECT lindung_open_month(%s, %s::regclass)", day, table)


class TestAtOnce:
    """Real commits, each on a connection of its own."""

    def test_it_refuses_at_the_commit_what_is_not_whole(self, fresh_database: str) -> None:
        jambi = world.city()
        with pytest.raises(IntegrityError) as caught, jambi.acting():
            instruction(jambi)
        assert constraint_of(caught.value) == "instruction_has_one_entry"
        with jambi.acting():
            assert counts() == (0, 0, 0)

    def test_it_books_one_entry_when_two_ask_at_the_same_moment(self, fresh_database: str) -> None:
        jambi = world.city()
        ask: Callable[[], Entry] = lambda: book(jambi, "payment:1", -16_800, 10_000, 6_800)  # noqa: E731 - named once, asked four times at the same moment
        entries = at_once(ask, ask, ask, ask)
        assert {getattr(entry, "pk", entry) for entry in entries} == {1}
        with jambi.acting():
            assert counts() == (1, 1, 3)
            assert balance("fund:jkk") == 10_000

    def test_it_lets_one_of_two_amounts_win_and_refuses_the_other(self, fresh_database: str) -> None:
        jambi = world.city()
        results = at_once(
            lambda: book(jambi, "payment:1", -10_000, 10_000), lambda: book(jambi, "payment:1", -6_800, 6_800)
        )
        assert sorted(type(result).__name__ for result in results) == ["Entry", "ReferenceTaken"]
        with jambi.acting():
            assert counts() == (1, 1, 2)

    def test_it_books_two_first_payments_of_a_month_side_by_side(self, fresh_database: str) -> None:
        """Both need the month's partition, which is made when its first posting comes."""
        jambi = world.city()
        results = at_once(*(lambda n=n: book(jambi, f"payment:{n}", -10_000, 10_000) for n in range(4)))
        assert [type(result).__name__ for result in results] == ["Entry"] * 4
        with jambi.acting():
            assert balance("fund:jkk") == 40_000
            assert fetched("SELECT sum(amount) FROM ledger_posting") == [(0,)]


def instruction(jambi: world.City) -> Instruction:
    """An instruction written by hand, of Rp10.000, without anything that should follow it."""
    return Instruction.objects.create(
        kind=InstructionKind.PAYMENT,
        reference="by hand",
        amount=10_000,
        sponsor=jambi.sponsor,
        event_id=world.event(jambi),
    )
