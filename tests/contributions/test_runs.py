"""All agreements' bills of a month: drawn one by one, refused with a reason, safe to be killed and done again."""

from datetime import date

import pytest

import selfpay
import world
from contributions.conftest import Place, settled
from database import at_once
from lindung.access.models import AuditEvent
from lindung.contributions import billing, runs
from lindung.contributions.bill_records import BillRun, BillRunRow
from lindung.contributions.models import Bill
from lindung.jobs.running import run_waiting
from lindung.law.months import Month
from lindung.partnership.models import Agreement

JUNE = Month(2025, 6)
TODAY = date(2025, 6, 2)
NOW = world.at(TODAY)


def started(jambi: Place, month: Month = JUNE, *, as_draft: bool = False, beside: bool = False) -> int:
    with jambi.city.acting(on=TODAY) as officer:
        (run_id,) = runs.start(month=month, as_draft=as_draft, by=officer, now=NOW, beside=beside)
    return run_id


def shown(jambi: Place, run_id: int) -> list[tuple[str, str, str]]:
    with jambi.city.acting(on=TODAY):
        lines, _, _ = runs.lines(run_id, number=1)
    return [(each.code, each.state, each.reason.en if each.reason else "") for each in lines]


class TestRun:
    def test_it_draws_what_it_can_and_says_why_not_the_rest(self, jambi: Place) -> None:
        world.agreement(jambi.city, "kosong")
        run_id = started(jambi)
        runs.carry_out(run_id=run_id, today=TODAY)
        assert shown(jambi, run_id) == [
            (
                "kosong-jambi",
                "refused",
                "Nobody is a member of kosong-jambi in June 2025. Enrol people first.",
            ),
            ("rentan-jambi", "done", ""),
        ]
        with jambi.city.acting(on=TODAY):
            assert runs.progress(run_id)[5:] == (2, 0, 1, 1)
            assert Bill.objects.get().total == 33_600

    def test_people_who_pay_for_themselves_get_a_bill_each(self, jambi: Place) -> None:
        wadah = selfpay.independent(jambi.city)
        world.enrol(jambi.city, wadah, *world.crowd(2), since=JUNE, registered_on=date(2025, 5, 20))
        run_id = started(jambi)
        runs.carry_out(run_id=run_id, today=TODAY)
        with jambi.city.acting(on=TODAY):
            (line,) = [each for each in runs.all_lines(run_id) if each.agreement_id == wadah.pk]
            assert (line.state, line.own, line.bill_id, line.people, line.total) == (
                "done",
                True,
                None,
                2,
                33_600,
            )
            assert Bill.objects.filter(agreement=wadah, membership__isnull=False).count() == 2

    def test_they_have_no_drafts(self, jambi: Place) -> None:
        wadah = selfpay.independent(jambi.city)
        run_id = started(jambi, as_draft=True)
        runs.carry_out(run_id=run_id, today=TODAY)
        assert (
            wadah.code,
            "refused",
            "Bills of self-payers have no drafts. Draw this month as bills.",
        ) in shown(jambi, run_id)

    def test_it_is_drawn_in_the_name_of_who_started_it(self, jambi: Place) -> None:
        runs.carry_out(run_id=started(jambi), today=TODAY)
        with jambi.city.acting(on=TODAY) as officer:
            assert AuditEvent.objects.get(action="bill.drawn").actor_name == officer.name

    def test_it_tries_again_what_was_refused_and_leaves_what_is_drawn(self, jambi: Place) -> None:
        empty = world.agreement(jambi.city, "kosong")
        run_id = started(jambi)
        runs.carry_out(run_id=run_id, today=TODAY)
        world.enrol(jambi.city, empty, world.STRANGER)
        assert started(jambi) == run_id
        runs.carry_out(run_id=run_id, today=TODAY)
        assert [state for _, state, _ in shown(jambi, run_id)] == ["done", "done"]
        with jambi.city.acting(on=TODAY):
            assert Bill.objects.count() == 2

    def test_it_takes_in_an_agreement_that_came_since(self, jambi: Place) -> None:
        run_id = started(jambi)
        world.agreement(jambi.city, "baru")
        started(jambi)
        assert [code for code, _, _ in shown(jambi, run_id)] == ["baru-jambi", "rentan-jambi"]

    def test_it_draws_drafts_when_asked(self, jambi: Place) -> None:
        runs.carry_out(run_id=started(jambi, as_draft=True), today=TODAY)
        with jambi.city.acting(on=TODAY):
            assert Bill.objects.get().status == "draft"

    def test_it_is_refused_where_no_agreement_is_in_force(self, jambi: Place) -> None:
        with pytest.raises(runs.NoAgreements):
            started(jambi, Month(2020, 1))

    def test_another_city_sees_nothing_of_it(self, jambi: Place) -> None:
        run_id = started(jambi)
        bungo = world.city("bungo", branch=jambi.city.branch)
        with bungo.acting(on=TODAY):
            assert runs.recent() == []
            with pytest.raises(BillRun.DoesNotExist):
                runs.progress(run_id)

    def test_it_goes_on_where_it_was_killed(self, jambi: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        """Killed after the first bill and before its row is stored: nothing of the second is left, and it is done anew."""
        second = world.agreement(jambi.city, "tani")
        world.enrol(jambi.city, second, world.STRANGER)
        run_id = started(jambi)
        drawn = billing.drawn

        def killed(*, agreement_id: int, **how: object) -> billing.Drawn:
            made = drawn(agreement_id=agreement_id, **how)  # type: ignore[arg-type]  # handed through
            if agreement_id == second.pk:
                raise KeyboardInterrupt
            return made

        with monkeypatch.context() as patch:
            patch.setattr(billing, "drawn", killed)
            with pytest.raises(KeyboardInterrupt):
                runs.carry_out(run_id=run_id, today=TODAY)
        assert [state for _, state, _ in shown(jambi, run_id)] == ["waiting", "done"]
        runs.carry_out(run_id=run_id, today=TODAY)
        with jambi.city.acting(on=TODAY):
            assert Bill.objects.count() == 2
            assert not BillRunRow.objects.exclude(state="done").exists()


def test_two_workers_draw_each_bill_once(fresh_database: str) -> None:
    jambi = settled()
    run_id = started(jambi)
    assert at_once(*[lambda: runs.carry_out(run_id=run_id, today=TODAY)] * 2) == [None, None]
    with jambi.city.acting(on=TODAY):
        assert (Bill.objects.count(), AuditEvent.objects.filter(action="bill.drawn").count()) == (1, 1)


def test_the_process_beside_the_web_carries_it_out(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_NOW", NOW.isoformat())
    jambi = settled()
    run_id = started(jambi, beside=True)
    run_waiting()
    with jambi.city.acting(on=TODAY):
        assert runs.progress(run_id).done == Agreement.objects.count() == 1
