"""A run accepts every exact match of a city: what one by one gives, together; and all of it after any interruption."""

from collections.abc import Callable

import pytest
from django.db import transaction

import world
from contributions.conftest import Place
from database import fetched
from lindung.contributions import accepting, match_runs, matching, statements
from lindung.contributions.models import Bill, PaidMonth, Payment, Settlement
from lindung.contributions.run_records import MatchRun, Outcome
from lindung.contributions.statement_records import LineState, StatementLine
from lindung.engine.refusals import Refusal
from lindung.law.months import Month, months_from
from lindung.ledger.posting import balance

FIRST, LAST = Month(2025, 6), Month(2025, 11)
NOW = world.at(LAST.first_day())
BOOK = (
    'SELECT i.kind, p.month, a.code, p.amount, e."on" FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id'
    " JOIN ledger_instruction i ON i.id = e.instruction_id JOIN ledger_account a ON a.id = p.account_id"
    " WHERE i.kind <> 'receipt' ORDER BY 1, 2, 3, 4"
)


def billed(jambi: Place) -> list[Bill]:
    return [world.bill(jambi.city, jambi.agreement, month) for month in months_from(FIRST, LAST)]


def came(jambi: Place, *texts: tuple[str, int]) -> None:
    """A bank statement of these texts and amounts, all of 1 November."""
    rows = "".join(f"01/11/2025;{text};;{amount}\n" for text, amount in texts)
    content = f"Tanggal;Keterangan;Debit;Kredit\n{rows}".encode()
    with jambi.city.acting() as officer:
        statements.receive(
            name="koran.csv", content=content, sponsor_id=jambi.city.sponsor.pk, by=officer, now=NOW,
            told=statements.NOTHING_TOLD._replace(account="1234567890", days="dmy"),
        )  # fmt: skip


def named(bill: Bill) -> tuple[str, int]:
    return f"SETORAN {matching.pay_code(bill.pk)}", bill.total


def begun(jambi: Place) -> MatchRun:
    with jambi.city.acting() as officer:
        return match_runs.begin(sponsor_id=jambi.city.sponsor.pk, by=officer, now=NOW)


def worked_off(jambi: Place, run: MatchRun, *, size: int = 4) -> MatchRun:
    while match_runs.step(run.pk, by=jambi.city.actor(), now=NOW, size=size):
        continue
    with jambi.city.acting():
        run.refresh_from_db()
    return run


def states(jambi: Place) -> dict[str, int]:
    with jambi.city.acting():
        found = StatementLine.objects.values_list("state", flat=True)
        return {state: list(found).count(state) for state in set(found)}


@pytest.fixture
def one_by_one(jambi: Place) -> list[tuple[object, ...]]:
    """The book as it is when each exact line of `billed` is accepted alone; then everything is as before."""
    seen: list[tuple[object, ...]] = []

    def accepted_alone() -> None:
        came(jambi, *map(named, billed(jambi)))
        with jambi.city.acting() as officer:
            for line_id, (found, *_) in matching.proposals(lines(jambi)).items():
                accepting.accept(
                    line_id=line_id,
                    agreement_id=found.agreement_id,
                    membership_id=found.membership_id,
                    bill_ids=found.bill_ids,
                    payment_id=found.payment_id,
                    by=officer,
                    now=NOW,
                )
        seen.extend(fetched(BOOK))

    rolled_back(accepted_alone)
    return seen


def lines(jambi: Place) -> list[int]:
    with jambi.city.acting():
        return list(StatementLine.objects.order_by("pk").values_list("pk", flat=True))


def rolled_back(act: Callable[[], object]) -> None:
    """Carry it out and take it back."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestARun:
    def test_it_pays_each_bill_by_its_line_as_if_each_were_accepted_alone(
        self, one_by_one: list[tuple[object, ...]], jambi: Place
    ) -> None:
        bills = billed(jambi)
        came(jambi, *map(named, bills))
        run = worked_off(jambi, begun(jambi))
        assert (run.lines_count, run.accepted, run.passed_over, run.finished_at) == (6, 6, 0, NOW)
        assert fetched(BOOK) == one_by_one
        with jambi.city.acting():
            assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}
            assert states(jambi) == {LineState.MATCHED: 6}
            assert Payment.objects.count() == Settlement.objects.count() == 6
            assert PaidMonth.objects.count() == sum(bill.people for bill in bills) * 2
            assert balance(f"held:agreement:{jambi.agreement.pk}") == 0
            assert balance(f"unmatched:{jambi.city.sponsor.pk}") == 0

    def test_it_changes_nothing_when_it_is_done_again(self, jambi: Place) -> None:
        came(jambi, *map(named, billed(jambi)))
        run = worked_off(jambi, begun(jambi))
        before = fetched(BOOK)
        match_runs.work_off(run.pk)
        assert fetched(BOOK) == before

    def test_it_goes_on_where_it_broke_off(self, jambi: Place) -> None:
        came(jambi, *map(named, billed(jambi)))
        run = begun(jambi)
        match_runs.step(run.pk, by=jambi.city.actor(), now=NOW, size=2)
        rolled_back(lambda: match_runs.step(run.pk, by=jambi.city.actor(), now=NOW, size=2))
        assert begun(jambi) == run, "the same run is found, not a second one begun"
        run = worked_off(jambi, run)
        assert (run.accepted, run.passed_over) == (6, 0)

    def test_it_looks_again_at_what_changed_since_it_was_planned(self, jambi: Place) -> None:
        bills = billed(jambi)
        came(jambi, *map(named, bills))
        run = begun(jambi)
        world.pay(jambi.city, jambi.agreement, FIRST)
        with jambi.city.acting() as officer:
            line = StatementLine.objects.order_by("pk").last()
            assert line is not None
            accepting.set_aside(line_id=line.pk, reason="Salah alamat", by=officer, now=NOW)
        run = worked_off(jambi, run)
        assert (run.accepted, run.passed_over) == (4, 2)
        assert states(jambi) == {LineState.MATCHED: 4, LineState.UNMATCHED: 1, LineState.SET_ASIDE: 1}
        with jambi.city.acting():
            assert balance(f"unmatched:{jambi.city.sponsor.pk}") == bills[0].total + bills[-1].total

    def test_a_short_run_is_done_at_once_and_a_city_out_of_sight_is_left_alone(self, jambi: Place) -> None:
        bungo = world.city("bungo")
        bills = billed(jambi)
        came(jambi, *map(named, bills))
        with bungo.acting() as stranger, pytest.raises(match_runs.NothingExact):
            match_runs.accept_all(sponsor_ids=[jambi.city.sponsor.pk], by=stranger, now=NOW)
        with jambi.city.acting() as officer:
            cities = [jambi.city.sponsor.pk, bungo.sponsor.pk]
            (run,) = match_runs.accept_all(sponsor_ids=cities, by=officer, now=NOW)
            assert (run.accepted, run.passed_over, run.finished_at) == (6, 0, NOW)
            (seen,) = match_runs.newest()
            assert (seen.id, seen.lines, seen.done, seen.left, seen.on_its_way) == (run.pk, 6, 6, 0, False)
        with bungo.acting():
            assert match_runs.newest() == []

    def test_it_leaves_alone_what_is_not_exact(self, jambi: Place) -> None:
        bills = billed(jambi)
        text, amount = named(bills[0])
        came(jambi, (text, amount - 1), (text, amount * 2), ("TANPA KODE", amount))
        with pytest.raises(Refusal) as refused:
            begun(jambi)
        assert refused.value.code == "line.nothing_exact"
        with jambi.city.acting():
            assert not MatchRun.objects.exists()

    def test_it_settles_alone_what_the_others_cannot_be_settled_with(self, jambi: Place) -> None:
        """Money waits in the purse: each bill is paid from that first, and the last rest waits again."""
        bills = billed(jambi)
        came(jambi, ("TANPA KODE", 1_000), *map(named, bills))
        part = accepting.Part(jambi.agreement.pk, None, (bills[0].pk,), 1_000)
        with jambi.city.acting() as officer:
            small = StatementLine.objects.get(amount=1_000)
            accepting.split(line_id=small.pk, parts=[part], by=officer, now=NOW)
        run = worked_off(jambi, begun(jambi))
        assert (run.accepted, run.passed_over) == (6, 0)
        with jambi.city.acting():
            assert set(Bill.objects.values_list("status", flat=True)) == {"paid"}
            assert balance(f"held:agreement:{jambi.agreement.pk}") == 1_000
            assert set(run.plan.values_list("outcome", flat=True)) == {Outcome.ACCEPTED}
