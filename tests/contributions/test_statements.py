"""Bringing a bank statement in: every line in a stated place, all new money booked once, the ledger balanced."""

import random
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import world
from contributions.banking import NOW, books, brought_in, the_line, wire
from contributions.conftest import Place, jambi_stage
from database import refused
from formats import statements as written
from lindung.access.models import AuditEvent, Role
from lindung.access.sealing import unseal
from lindung.contributions import statements
from lindung.contributions.statement_problems import StatementUnreadable
from lindung.contributions.statement_records import LineState, RepeatedLine, Statement, StatementLine
from lindung.documents.models import Document
from lindung.ledger.models import Instruction

__all__ = ["jambi_stage"]
THREE = (
    wire(16_800, "TRF SITI", bank="A"),
    wire(33_600, "TRF BUDI", bank="B"),
    wire(-6_500, "ADM", bank="C"),
)


class TestComingIn:
    def test_it_books_all_money_in_and_shows_where_every_line_stands(self, jambi: Place) -> None:
        came = brought_in(jambi, *THREE)
        with jambi.city.acting():
            assert (came.lines_count, came.fresh, came.debit, came.total) == (3, 2, 1, 50_400)
            assert list(came.lines.order_by("number").values_list("state", flat=True)) == [
                LineState.UNMATCHED, LineState.UNMATCHED, LineState.DEBIT]  # fmt: skip
            assert books() == {"bank": -50_400, "unmatched": 50_400}
            assert Instruction.objects.filter(kind="receipt").count() == 2

    def test_it_keeps_the_file_as_it_came_and_writes_who_brought_it(self, jambi: Place) -> None:
        came = brought_in(jambi, *THREE)
        with jambi.city.acting():
            assert Document.objects.get(pk=came.document_id).kind == "bank_statement"
            event = AuditEvent.objects.get(action="statement.imported")
            assert event.actor_id == jambi.city.users[Role.FINANCE_OFFICER].pk
            assert event.detail["fresh"] == 2

    def test_it_shows_no_nik_and_no_telephone_number_of_a_payer(self, jambi: Place) -> None:
        came = brought_in(jambi, wire(16_800, f"NIK {world.SITI.nik} HP 081234567890 SITI"))
        with jambi.city.acting():
            line = the_line(came)
            assert world.SITI.nik not in line.masked + " ".join(line.words)
            assert "081234567890" not in line.masked + " ".join(line.words)
            place = {"table": "contributions_statementline", "column": "sealed", "row_id": line.pk}
            assert world.SITI.nik in unseal(line.sealed, **place)  # type: ignore[arg-type]  # as written

    def test_it_takes_the_same_file_twice_for_one(self, jambi: Place) -> None:
        assert brought_in(jambi, *THREE).pk == brought_in(jambi, *THREE).pk
        with jambi.city.acting():
            assert books() == {"bank": -50_400, "unmatched": 50_400}

    def test_it_takes_the_lines_of_an_overlapping_file_once_and_says_where_they_stand(
        self, jambi: Place
    ) -> None:
        first = brought_in(jambi, *THREE)
        fourth = wire(7_000, "TRF ANI", bank="D")
        second = brought_in(jambi, *THREE[::-1], fourth)
        with jambi.city.acting():
            assert (second.lines_count, second.known, second.fresh) == (4, 3, 1)
            again = RepeatedLine.objects.filter(statement=second).select_related("line")
            assert {each.line.statement_id for each in again} == {first.pk}
            assert books() == {"bank": -57_400, "unmatched": 57_400}

    def test_it_counts_equal_lines_of_one_day_as_often_as_they_stand_there(self, jambi: Place) -> None:
        same = wire(16_800, "SETORAN TUNAI", bank="")
        brought_in(jambi, same, same)
        brought_in(jambi, same, same, wire(1, "PENUTUP"))
        with jambi.city.acting():
            assert books() == {"bank": -33_601, "unmatched": 33_601}

    def test_it_books_nothing_in_a_foreign_currency(self, jambi: Place) -> None:
        came = brought_in(jambi, content=written.mt940([wire(500, "USD")], currency="USD"))
        with jambi.city.acting():
            assert (came.foreign, came.total, the_line(came).state) == (1, 0, LineState.FOREIGN)
            assert books() == {}

    def test_it_books_no_cents(self, jambi: Place) -> None:
        came = brought_in(jambi, wire(1_234, "BUNGA")._replace(cents=56), wire(5_000))
        with jambi.city.acting():
            assert (the_line(came).state, the_line(came).reason) == (LineState.FAULTY, "line.cents")
            assert books() == {"bank": -5_000, "unmatched": 5_000}

    def test_a_bank_a_zone_ahead_books_tomorrow_and_one_a_year_ahead_nothing(self, jambi: Place) -> None:
        tomorrow, next_year = world.TODAY + timedelta(days=1), world.TODAY + timedelta(days=365)
        came = brought_in(
            jambi, wire(5_000, on=tomorrow), wire(6_000, on=next_year), wire(7_000, on=date(2009, 1, 1))
        )
        with jambi.city.acting():
            assert [(the_line(came, n).state, the_line(came, n).reason) for n in (1, 2, 3)] == [
                (LineState.UNMATCHED, ""), (LineState.FAULTY, "line.future"), (LineState.FAULTY, "line.old")]  # fmt: skip
            assert books() == {"bank": -5_000, "unmatched": 5_000}
            entry = Instruction.objects.get(kind="receipt").entry
            assert entry.on == world.TODAY

    def test_it_reads_a_file_in_its_child_process_and_the_same_file_not_again(self, jambi: Place) -> None:
        with jambi.city.acting(Role.FINANCE_OFFICER) as by:
            came = [
                statements.receive(
                    name="a.sta",
                    content=written.mt940(THREE),
                    sponsor_id=jambi.city.sponsor.pk,
                    by=by,
                    now=NOW,
                )
                for _ in range(2)
            ]
            assert came[0].pk == came[1].pk
            assert came[0].fresh == 2


class TestNotComingIn:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "file.empty"),
            (written.mt940(THREE)[:-30], "statement.cut"),
            (written.mt940(THREE).replace(b"16800", b"16801"), "statement.cut"),
            (b"a,b\n1,2\n", "statement.no_header"),
            (written.camt(head="<!DOCTYPE x>"), "file.bomb"),
        ],
    )
    def test_it_leaves_no_trace_of_a_file_that_is_not_believed(
        self, jambi: Place, content: bytes, code: str
    ) -> None:
        with pytest.raises(StatementUnreadable) as why, jambi.city.acting(Role.FINANCE_OFFICER) as by:
            statements.receive(name="a", content=content, sponsor_id=jambi.city.sponsor.pk, by=by, now=NOW)
        assert why.value.code == code
        assert why.value.text.id
        with jambi.city.acting():
            assert not Statement.objects.exists()
            assert not Document.objects.filter(kind="bank_statement").exists()

    def test_it_says_every_reason_in_words(self) -> None:
        from lindung.contributions.statement_problems import FAULTS, SENTENCES
        from lindung.formats.statement import CODES
        from lindung.formats.statement import FAULTS as OF_LINES

        assert set(CODES) <= set(SENTENCES)
        assert set(OF_LINES) <= set(FAULTS)

    def test_it_takes_the_days_of_an_account_in_one_format_only(self, jambi: Place) -> None:
        brought_in(jambi, *THREE)
        with pytest.raises(statements.OtherFormat, match="MT940"):
            brought_in(jambi, content=written.camt(THREE))

    def test_it_takes_no_account_of_another_city(self, jambi: Place) -> None:
        brought_in(jambi, *THREE)
        bungo = world.city("bungo", branch=jambi.city.branch)
        with pytest.raises(statements.AccountTaken):
            brought_in(jambi._replace(city=bungo), *THREE)

    def test_it_takes_nothing_from_whoever_only_looks_or_works_elsewhere(self, jambi: Place) -> None:
        other = world.city("bungo", branch=jambi.city.branch).sponsor.pk
        for role, sponsor_id in ((Role.MAYOR, jambi.city.sponsor.pk), (Role.FINANCE_OFFICER, other)):
            with jambi.city.acting(role) as by, pytest.raises(statements.NotYourMoney):
                statements.receive(name="a", content=b"x", sponsor_id=sponsor_id, by=by, now=NOW)


class TestTheDatabase:
    def test_it_refuses_a_statement_whose_money_is_not_booked(
        self, jambi: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(statements, "_book", lambda *_: None)
        with refused("statement_books_its_lines"):
            brought_in(jambi, *THREE)
            _at_the_end()

    def test_it_refuses_a_statement_that_has_lost_a_line(
        self, jambi: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = statements._write_lines
        monkeypatch.setattr(statements, "_write_lines", lambda statement, new: write(statement, new[:-1]))
        with refused("statement_equals_its_lines"):
            brought_in(jambi, *THREE)
            _at_the_end()

    def test_it_changes_nothing_of_what_a_line_says(self, jambi: Place) -> None:
        came = brought_in(jambi, *THREE)
        with jambi.city.acting(Role.FINANCE_OFFICER):
            for change in ({"amount": 1}, {"masked": "x"}, {"booked_on": world.TODAY}):
                with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                    StatementLine.objects.filter(statement=came).update(**change)

    def test_a_debit_is_never_matched(self, jambi: Place) -> None:
        came = brought_in(jambi, *THREE)
        with jambi.city.acting(Role.FINANCE_OFFICER), pytest.raises(IntegrityError, match="not allowed"):
            StatementLine.objects.filter(statement=came, number=3).update(state="matched")


def _at_the_end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@given(data=st.data(), count=st.integers(1, 7), seed=st.integers(0, 10**6))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_shuffle_and_overlap_of_the_same_lines_ends_the_same(
    jambi: Place, data: st.DataObject, count: int, seed: int
) -> None:
    """Money as a bank books it: each line with the bank's own reference, or a whole day in one file."""
    lines = [wire((-1) ** n * 1_000 * (n + 1), f"SETORAN {n % 2}", bank=f"R{n}") for n in range(count)]
    cuts = data.draw(st.lists(st.lists(st.sampled_from(lines), min_size=1, unique=True), max_size=4))
    files = [*cuts, lines]
    random.Random(seed).shuffle(files)
    savepoint = transaction.savepoint()
    for number, each in enumerate(files):
        content = written.mt940(
            random.Random(seed + number).sample(each, len(each)), opening=10_000_000 + number
        )
        brought_in(jambi, content=content)
    with jambi.city.acting():
        total = sum(line.rupiah for line in lines if line.rupiah > 0)
        assert books() == ({"bank": -total, "unmatched": total} if total else {})
        found = StatementLine.objects.values_list("amount", "credit", "state")
        assert sorted(found) == sorted(
            (abs(line.rupiah), line.rupiah > 0, "unmatched" if line.rupiah > 0 else "debit") for line in lines
        )
    transaction.savepoint_rollback(savepoint)
