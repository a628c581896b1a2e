"""What was decided here beside another word of BPJS: both stand in the queue, whoever decides today."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

import world
from insight import test_differences as queues
from insight.test_differences import KPJ, ON, OTHER_KPJ
from insight.test_differences import Stage as Built
from lindung.access.scope import Actor
from lindung.claims import branch_word
from lindung.claims.answered import still_enrolled
from lindung.claims.models import Programme
from lindung.contributions.branch_word import give_code, state_balance
from lindung.insight import differences
from lindung.insight.differences import Difference
from lindung.membership.branch_records import WordKind
from lindung.membership.branch_word import give_number, set_status
from lindung.partnership.deciders import Function
from stages import Stage as Saved
from stages import stage_of

saved_stage = stage_of(queues.two_months_paid, now=world.at(world.TODAY))


@pytest.fixture
def stage(saved_stage: Saved[Built], db: None) -> Built:
    """Every function is ours."""
    stage = saved_stage.found()
    world.authority(stage.jambi, *Function)
    return stage


def here(stage: Built, act: Callable[[int, Actor], object]) -> None:
    """The officer decides about Ibu Siti."""
    with stage.jambi.acting(on=ON) as officer:
        act(world.person_id(world.SITI), officer)


def ours(stage: Built, kind: str) -> Difference:
    (found,) = [row for row in queues.queue(stage) if row.kind == kind]
    return found


@pytest.mark.parametrize("days", [-3, 3])
def test_two_numbers_stand_side_by_side_whichever_came_first(stage: Built, days: int) -> None:
    queues.numbers(stage, (OTHER_KPJ, world.SITI), on=ON - timedelta(days=5))
    said_on = ON - timedelta(days=5) + timedelta(days=days)
    here(
        stage,
        lambda siti, by: give_number(person_id=siti, number=KPJ, by=by, on=said_on, now=world.at(said_on)),
    )
    found = ours(stage, "kpj_ours")
    assert (found.ours.text.id, found.ours.badge.id) == ("KPJ 190••••••47", "Diputuskan di sini")
    assert (found.theirs.text.id, found.theirs.badge.id) == ("KPJ 190••••••54", "Ketetapan BPJS")
    assert (found.file, found.line) == ("member_number.csv", 2)
    with stage.jambi.acting(on=ON):
        assert differences.one(key=found.key, on=ON) == found
        assert [row.kind for row in differences.page(on=ON, group="kpj").rows] == ["kpj_ours"]


def test_the_same_number_is_no_difference(stage: Built) -> None:
    queues.numbers(stage, (KPJ, world.SITI))
    here(stage, lambda siti, by: give_number(person_id=siti, number=KPJ, by=by, on=ON, now=world.at(ON)))
    assert queues.queue(stage) == []


def test_two_states_stand_side_by_side(stage: Built) -> None:
    queues.said(stage, WordKind.STATUS, "NIK,Status,Sejak", f"'{world.SITI.nik},Aktif,01-06-2025")
    here(
        stage,
        lambda siti, by: set_status(
            person_id=siti,
            active=False,
            since=date(2025, 8, 1),
            reason="Pindah",
            by=by,
            on=ON,
            now=world.at(ON),
        ),
    )
    found = ours(stage, "status_ours")
    assert (found.ours.text.id, found.theirs.text.id) == (
        "Nonaktif sejak 1 Agustus 2025 — Pindah",
        "Aktif sejak 1 Juni 2025",
    )


def test_two_balances_of_one_day_stand_side_by_side(stage: Built) -> None:
    queues.said(stage, WordKind.BALANCE, "NIK,Saldo", f"'{world.SITI.nik},1000")
    for day, balance in ((ON - timedelta(days=1), 5), (ON, 2000)):
        here(
            stage,
            lambda siti, by, day=day, balance=balance: state_balance(
                person_id=siti, balance=balance, as_of=day, by=by, on=ON, now=world.at(ON)
            ),
        )
    found = ours(stage, "balance_ours")
    assert (found.ours.text.id, found.theirs.text.id) == (
        "Saldo Rp2.000 pada 1 September 2025",
        "Saldo Rp1.000 pada 1 September 2025",
    )


def test_a_kode_iuran_stands_beside_that_of_bpjs_when_it_is_another(stage: Built) -> None:
    bill = "Kode Iuran,BLTH,Jumlah Peserta,Jumlah"
    total = queues.month_total(stage)
    august = world.bill(stage.jambi, stage.agreement, queues.JULY.next())
    parts = (f"B-1,08-2025,1,{total // 2}", f"B-2,08-2025,1,{total - total // 2}")
    queues.said(stage, WordKind.CONTRIBUTION_CODE, bill, *parts)
    for code, expected in (("b-2", []), ("K-9", ["code_ours"])):
        here(
            stage,
            lambda siti, by, code=code: give_code(
                bill_id=august.pk, code=code, by=by, on=ON, now=world.at(ON)
            ),
        )
        assert [row.kind for row in queues.queue(stage)] == expected
    found = ours(stage, "code_ours")
    assert found.ours.text.id.startswith("K-9: Rp")
    assert found.theirs.text.id.startswith("B-")


def determine(stage: Built, amount: int, event: date = date(2025, 8, 10)) -> None:
    here(
        stage,
        lambda siti, by: branch_word.determine(
            person_id=siti,
            programme=Programme.JKM,
            event_date=event,
            amount=amount,
            number="SK/1",
            by=by,
            on=ON,
            now=world.at(ON),
        ),
    )


def test_our_determination_stands_beside_that_of_bpjs(stage: Built) -> None:
    queues.determined(stage, "10.000.000")
    determine(stage, 12_000_000)
    found = ours(stage, "determination_ours")
    assert found.ours.text.id == "JKM Rp12.000.000, nomor SK/1"
    assert found.theirs.text.id.startswith("JKM Rp10.000.000, nomor PJ/1/2025")


class TestDeath:
    """A death that was determined here is told like one that BPJS determined."""

    def test_it_is_a_line_of_the_queue_without_a_file(self, stage: Built) -> None:
        determine(stage, 10_000_000)
        found = ours(stage, "death_here")
        assert found.title.id == "Meninggal menurut penetapan di sini, padahal masih terdaftar atau ditagih"
        assert found.theirs.text.id == "Meninggal 10 Agustus 2025 (JKM, nomor SK/1)"
        assert (found.theirs.badge.id, found.import_id, found.file) == ("Diputuskan di sini", None, "")
        assert found.open_memberships == (queues.siti_membership(stage),)
        with stage.jambi.acting(on=ON):
            assert [row.key for row in differences.page(on=ON, group="death").rows] == [found.key]

    @pytest.mark.parametrize("source", ["here", "bpjs"])
    def test_it_counts_who_died_until_the_leave_is_recorded(self, stage: Built, source: str) -> None:
        assert self.count(stage) == 0
        if source == "here":
            determine(stage, 10_000_000)
        else:
            queues.determined(stage, "10.000.000")
        assert self.count(stage) == 1
        assert self.count(stage, on=ON - timedelta(days=1)) == 0
        queues.left_after(stage, last_month=queues.JULY.next())
        assert self.count(stage) == 0

    def count(self, stage: Built, *, on: date = ON) -> int:
        with stage.jambi.acting(on=on):
            return still_enrolled(on=on)
