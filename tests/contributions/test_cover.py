"""Is she protected on that day, by what, until when, paid by whom, and what if the next month is not paid?"""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from contributions.conftest import Place
from contributions.histories import member, months_paid, seen
from lindung.access.models import Role
from lindung.contributions import standing
from lindung.contributions.cover import CoverState, WorkCover, cover_of, state_of
from lindung.contributions.dues import due, months_at_risk, unpaid_months
from lindung.contributions.paid import paid_through
from lindung.law import limits
from lindung.law.months import Month, Period, months_from
from lindung.law.parameter import in_force
from lindung.law.values import Law
from lindung.partnership.models import ArrearsBearer
from lindung.people.models import Person

JUNE, OCTOBER_2026 = Month(2025, 6), Month(2026, 10)
BASIC = ("jkk", "jkm")


def arrears_allowed(months: int, *, since: date) -> Law:
    """The stored law, but with another limit of arrears for non-wage earners from a day on."""
    stored = in_force()
    changed = {}
    for id in ("arrears.bpu.jkk.months", "arrears.bpu.jkm.months"):
        value = stored.parameters[id].values[0]
        ended = value._replace(period=Period(value.period.since, since))
        changed[id] = stored.parameters[id]._replace(
            values=(ended, value._replace(period=Period(since), value=months))
        )
    return Law({**stored.parameters, **changed}, stored.reliefs)


def work_of(jambi: Place, on: date) -> WorkCover:
    """Ibu Siti's one work on a day."""
    (only,) = seen(jambi, jambi.siti, on).works
    return only


def siti_paid(jambi: Place, *months: Month) -> None:
    """Ibu Siti's sweeping paid for these months, each on its tenth."""
    with jambi.city.acting():
        membership = jambi.agreement.memberships.get(person_id=jambi.siti)
        instruction = world.settled_instruction(jambi.city)
    months_paid(
        jambi, membership, {month: month.first_day().replace(day=10) for month in months}, by=instruction
    )


class TestAnyDay:
    def test_it_follows_a_worker_from_registration_to_lapse(self, jambi: Place) -> None:
        """Paid in the real way for June to August 2025 and never again; due on the 15th, or on Monday the 16th."""
        world.pay_months(jambi.city, jambi.agreement, JUNE, Month(2025, 8))
        story = {
            date(2025, 5, 21): ("never", 0),
            date(2025, 5, 22): ("proposed", 0),
            date(2025, 6, 9): ("proposed", 0),
            date(2025, 6, 10): ("protected", 0),
            date(2025, 8, 31): ("protected", 0),
            date(2025, 9, 1): ("protected", 0),
            date(2025, 9, 15): ("protected", 0),
            date(2025, 9, 16): ("at_risk", 1),
            date(2025, 9, 17): ("at_risk", 1),
            date(2025, 10, 15): ("at_risk", 1),
            date(2025, 10, 16): ("at_risk", 2),
            date(2025, 11, 17): ("at_risk", 2),
            date(2025, 11, 18): ("at_risk", 3),
            date(2025, 12, 15): ("at_risk", 3),
            date(2025, 12, 16): ("lapsed", 4),
            date(2026, 11, 22): ("lapsed", 15),
        }
        told = {day: seen(jambi, jambi.siti, day) for day in story}
        assert {
            day: (each.state.value, sum(work.arrears for work in each.works)) for day, each in told.items()
        } == story

    @pytest.mark.parametrize(
        ("day", "state"),
        [(1, "protected"), (15, "protected"), (16, "protected"), (17, "at_risk"), (22, "at_risk")],
    )
    def test_it_waits_until_monday_when_the_due_day_is_a_sunday(
        self, jambi: Place, day: int, state: str
    ) -> None:
        """15 November 2026 is a Sunday: November is due on Monday the 16th."""
        siti_paid(jambi, *months_from(JUNE, OCTOBER_2026))
        assert seen(jambi, jambi.siti, date(2026, 11, day)).state.value == state

    def test_it_answers_as_was_known_on_the_day_even_when_the_month_was_paid_later(
        self, jambi: Place
    ) -> None:
        """August is paid late, on 2 September: on 1 September nobody could know."""
        for month in (JUNE, Month(2025, 7)):
            world.pay(jambi.city, jambi.agreement, month)
        world.pay(jambi.city, jambi.agreement, Month(2025, 8), on=date(2025, 9, 2))
        known = {day: work_of(jambi, date(2025, 9, day)).state.value for day in (1, 2)}
        assert known == {1: "at_risk", 2: "protected"}
        assert work_of(jambi, date(2025, 9, 1)).paid_until == Month(2025, 7)

    def test_it_says_three_unpaid_months_are_a_risk_and_four_the_end(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE)
        three, four = (work_of(jambi, date(2025, month, 30)) for month in (9, 10))
        assert (three.state, three.arrears) == (CoverState.AT_RISK, 3)
        assert (four.state, four.arrears) == (CoverState.LAPSED, 4)

    def test_it_protects_again_after_a_gap_once_a_month_is_paid(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE, Month(2026, 3))
        states = {day: work_of(jambi, day).state.value for day in (date(2026, 3, 9), date(2026, 3, 10))}
        assert states == {date(2026, 3, 9): "lapsed", date(2026, 3, 10): "protected"}

    def test_it_counts_months_paid_ahead(self, jambi: Place) -> None:
        siti_paid(jambi, *months_from(JUNE, Month(2025, 12)))
        with_six_months = work_of(jambi, date(2026, 1, 10))
        assert (with_six_months.state, with_six_months.paid_until) == (CoverState.PROTECTED, Month(2025, 12))

    def test_it_does_not_let_a_month_paid_ahead_hide_an_unpaid_one(self, jambi: Place) -> None:
        """June is paid, and December ahead of time on 10 June; on 20 August two months are owed."""
        with jambi.city.acting():
            membership = jambi.agreement.memberships.get(person_id=jambi.siti)
            instruction = world.settled_instruction(jambi.city)
        paid_on = date(2025, 6, 10)
        months_paid(jambi, membership, {JUNE: paid_on, Month(2025, 12): paid_on}, by=instruction)
        told = work_of(jambi, date(2025, 8, 20))
        assert (told.state, told.arrears, told.paid_until) == (CoverState.AT_RISK, 2, JUNE)
        assert work_of(jambi, date(2025, 12, 1)).state == CoverState.PROTECTED

    def test_it_does_not_protect_before_the_first_month_even_when_that_is_paid(self, jambi: Place) -> None:
        """Enrolled in November for December and paid at once: on 22 November nothing has begun."""
        with jambi.city.acting():
            instruction = world.settled_instruction(jambi.city)
        later = world.agreement(jambi.city, "nanti")
        farm = member(jambi, later, jambi.siti, since=date(2026, 12, 1), registered_on=date(2026, 11, 10))
        months_paid(jambi, farm, {Month(2026, 12): date(2026, 11, 20)}, by=instruction)
        before, begun = (
            next(work for work in seen(jambi, jambi.siti, day).works if work.agreement_code == later.code)
            for day in (date(2026, 11, 22), date(2026, 12, 1))
        )
        assert (before.state, before.paid_until) == (CoverState.PROPOSED, Month(2026, 12))
        assert begun.state == CoverState.PROTECTED

    def test_it_does_not_let_a_payment_hide_the_months_skipped_before_it(self, jambi: Place) -> None:
        """June is paid, July and August are skipped, September is paid: on 20 September two months are owed."""
        siti_paid(jambi, JUNE, Month(2025, 9))
        told = work_of(jambi, date(2025, 9, 20))
        assert (told.state, told.arrears, told.paid_until) == (CoverState.AT_RISK, 2, JUNE)
        assert [month.state for month in told.months][:4] == ["paid", "unpaid", "unpaid", "paid"]

    def test_it_forgets_the_months_before_cover_began_anew(self, jambi: Place) -> None:
        """After June four months pass unpaid and the cover lapses; November begins it anew."""
        siti_paid(jambi, JUNE, Month(2025, 11))
        told = work_of(jambi, date(2025, 11, 20))
        assert (told.state, told.arrears, told.paid_until) == (CoverState.PROTECTED, 0, Month(2025, 11))

    def test_it_promises_nothing_before_the_first_month_is_paid(self, jambi: Place) -> None:
        told = work_of(jambi, date(2025, 8, 20))
        assert (told.state, told.arrears) == (CoverState.PROPOSED, 0)
        (only,) = told.next_steps
        assert only.article == ("PP 44/2015 Pasal 6 ayat (2)", "PP 44/2015 Article 6(2)")

    def test_it_needs_every_programme_of_the_membership_paid(self, jambi: Place) -> None:
        with jambi.city.acting():
            membership = jambi.agreement.memberships.get(person_id=jambi.siti)
            instruction = world.settled_instruction(jambi.city)
        months_paid(jambi, membership, {JUNE: date(2025, 6, 10)}, by=instruction, programmes=("jkk",))
        assert work_of(jambi, date(2025, 6, 20)).state == CoverState.PROPOSED


class TestEnded:
    @pytest.fixture
    def ended(self, jambi: Place) -> Place:
        """Ibu Siti also farmed from June until the end of August 2025, paid for all three months."""
        farming = world.agreement(jambi.city, "tani")
        farm = member(jambi, farming, jambi.siti, since=date(2025, 6, 1), until=date(2025, 9, 1))
        with jambi.city.acting():
            instruction = world.settled_instruction(jambi.city)
        paid = {month: month.first_day() for month in months_from(JUNE, Month(2025, 8))}
        months_paid(jambi, farm, paid, by=instruction)
        return jambi

    def farm(self, jambi: Place, on: date) -> WorkCover:
        return next(work for work in seen(jambi, jambi.siti, on).works if work.work == "farmer")

    def test_it_protects_until_the_day_before_the_membership_ends(self, ended: Place) -> None:
        states = {day: self.farm(ended, day).state.value for day in (date(2025, 8, 31), date(2025, 9, 1))}
        assert states == {date(2025, 8, 31): "protected", date(2025, 9, 1): "lapsed"}

    def test_it_owes_nothing_for_months_after_the_end(self, ended: Place) -> None:
        told = self.farm(ended, date(2026, 11, 22))
        assert (told.state, told.arrears, told.paid_until) == (CoverState.LAPSED, 0, Month(2025, 8))
        assert [str(month.month) for month in told.months] == ["2025-06", "2025-07", "2025-08"]
        assert told.next_steps == ()

    def test_it_lapses_on_the_day_of_the_end_and_not_after_three_months_of_arrears(
        self, ended: Place
    ) -> None:
        assert self.farm(ended, date(2025, 8, 1)).lapses_on == date(2025, 9, 1)

    def test_it_was_never_covered_when_it_ended_unpaid(self, jambi: Place) -> None:
        farming = world.agreement(jambi.city, "tani")
        member(jambi, farming, jambi.siti, since=date(2025, 6, 1), until=date(2025, 9, 1))
        assert self.farm(jambi, date(2025, 8, 1)).state == CoverState.PROPOSED
        assert self.farm(jambi, date(2025, 9, 1)).state == CoverState.NEVER

    def test_it_does_not_count_what_the_next_membership_paid(self, ended: Place) -> None:
        """From January 2026 another agreement pays the same farming; the ended one stays as it ended."""
        again = world.agreement(ended.city, "tani-dua")
        farm = member(ended, again, ended.siti, since=date(2026, 1, 1))
        with ended.city.acting():
            instruction = world.settled_instruction(ended.city)
        months_paid(ended, farm, {Month(2026, 1): date(2026, 1, 10)}, by=instruction)
        told = {work.agreement_code: work for work in seen(ended, ended.siti, date(2026, 1, 20)).works}
        assert told["tani-jambi"].paid_until == Month(2025, 8)
        assert told["tani-dua-jambi"].state == CoverState.PROTECTED


class TestWhatItSays:
    def test_it_answers_every_question_about_ibu_siti(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        told = seen(jambi, jambi.siti, date(2025, 6, 20))
        (work,) = told.works
        assert told.name == "Siti Aminah"
        assert told.headline.id == "Siti Aminah terlindungi JKK + JKM hari ini. Iuran lunas s.d. Juni 2025."
        assert told.headline.en == "Siti Aminah is protected today by JKK + JKM. Paid until June 2025."
        assert work.work_label.id == "Petugas kebersihan"
        assert work.payer.id == "Dinas Tenaga Kerja, dari APBD"
        assert (work.sponsor, work.programmes, work.since) == ("Kota Jambi", BASIC, date(2025, 6, 1))
        assert (work.at_risk_from, work.lapses_on) == (date(2025, 7, 16), date(2025, 10, 16))

    def test_it_never_shows_the_whole_nik(self, jambi: Place) -> None:
        told = seen(jambi, jambi.siti, world.TODAY)
        assert world.SITI.nik not in repr(told)
        assert told.nik_masked == "157102••••••••01"

    def test_it_lists_each_month_with_its_order_and_amount(self, jambi: Place) -> None:
        drawn = world.bill(jambi.city, jambi.agreement, JUNE)
        world.confirm(jambi.city, drawn, world.order(jambi.city, drawn, number="SP2D/001"))
        months = work_of(jambi, date(2025, 7, 20)).months
        assert [(str(each.month), each.state, each.reference, each.amount) for each in months] == [
            ("2025-06", "paid", "SP2D/001", 16_800),
            ("2025-07", "unpaid", "", 0),
            ("2025-08", "future", "", 0),
        ]
        assert [each.badge.id for each in months] == [
            "Sudah dibayar",
            "Perkiraan Lindung",
            "Perkiraan Lindung",
        ]
        assert months[0].paid_on == date(2025, 6, 10)

    def test_it_calls_the_running_month_due_until_its_due_day_has_passed(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE)
        states = {day: work_of(jambi, date(2025, 7, day)).months[1].state for day in (1, 15, 16)}
        assert states == {1: "due", 15: "due", 16: "unpaid"}

    def test_it_says_what_follows_the_next_unpaid_month_and_what_follows_three(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE)
        steps = [step for step in work_of(jambi, date(2025, 6, 20)).next_steps if step.programme == "jkk"]
        assert [step.when.id for step in steps] == [
            "Bila bulan berikutnya tidak dibayar",
            "Sesudah lebih dari 3 bulan tidak dibayar",
        ]
        assert "perawatan tetap dijamin" in steps[0].text.id
        assert "tidak ada manfaat Jaminan Kecelakaan Kerja" in steps[1].text.id
        assert [step.article for step in steps] == [("PP 44/2015 Pasal 39", "PP 44/2015 Article 39")] * 2

    def test_it_counts_one_month_as_one_in_english(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE)
        for on, behind in ((date(2025, 7, 20), "1 month"), (date(2025, 8, 20), "2 months")):
            told = seen(jambi, jambi.siti, on)
            steps = {(step.when.en, step.programme): step.text.en for step in told.works[0].next_steps}
            assert f"but contributions are {behind} behind. Paid until June 2025." in told.headline.en
            assert steps["As it stands today", "jkk"].startswith(f"{behind} unpaid: ")
            assert ("After more than 3 months unpaid", "jkm") in steps

    def test_it_says_how_it_stands_today_when_months_are_unpaid(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE)
        whens = [
            step.when.id for step in work_of(jambi, date(2025, 8, 20)).next_steps if step.programme == "jkk"
        ]
        assert whens == [
            "Keadaan hari ini",
            "Bila bulan berikutnya tidak dibayar",
            "Sesudah lebih dari 3 bulan tidak dibayar",
        ]

    @pytest.mark.parametrize(
        ("months", "amount"),
        [(1, "Rp10.000.000"), (2, "Rp10.000.000"), (3, "Rp42.000.000"), (17, "Rp42.000.000")],
    )
    def test_it_pays_only_the_funeral_before_three_months(
        self, jambi: Place, months: int, amount: str
    ) -> None:
        """Permenaker 1/2025: the full benefit needs three paid months and three months of membership."""
        last = JUNE.plus(months - 1)
        siti_paid(jambi, *months_from(JUNE, last))
        death = next(
            step for step in work_of(jambi, last.last_day()).next_steps if "meninggal" in step.when.id
        )
        assert amount in death.text.id

    def test_it_promises_no_death_benefit_to_who_has_lapsed(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE)
        assert not any("meninggal" in step.when.id for step in work_of(jambi, date(2026, 1, 1)).next_steps)

    @pytest.mark.parametrize(
        ("bearer", "words"),
        [
            (ArrearsBearer.SPONSOR, "ditanggung pemerintah daerah"),
            (ArrearsBearer.PARTICIPANT, "ditanggung peserta"),
            (ArrearsBearer.UNSAID, "belum mengatur"),
        ],
    )
    def test_it_says_who_bears_arrears(self, jambi: Place, bearer: ArrearsBearer, words: str) -> None:
        promised = world.agreement(jambi.city, "lain", bearer=bearer)
        (person_id,) = world.enrol(jambi.city, promised, world.STRANGER)
        (work,) = seen(jambi, person_id, world.TODAY).works
        assert words in work.arrears_borne_by.id

    def test_it_speaks_of_the_work_that_protects_best(self, jambi: Place) -> None:
        """Her sweeping is paid, her farming is not: she is protected, and both works are shown."""
        siti_paid(jambi, JUNE)
        member(jambi, world.agreement(jambi.city, "tani"), jambi.siti, since=date(2025, 6, 1))
        told = seen(jambi, jambi.siti, date(2025, 6, 20))
        assert told.state == CoverState.PROTECTED
        assert sorted(work.state.value for work in told.works) == ["proposed", "protected"]


class TestCost:
    def test_it_asks_as_many_questions_after_two_years_as_after_two_months(self, jambi: Place) -> None:
        siti_paid(jambi, JUNE, JUNE.next())
        young = asked(jambi)
        siti_paid(jambi, *months_from(Month(2025, 8), Month(2026, 12)))
        assert asked(jambi) == young <= 12


def asked(jambi: Place) -> int:
    with jambi.city.acting(on=date(2026, 12, 31)), CaptureQueriesContext(connection) as queries:
        cover_of(jambi.siti, on=date(2026, 12, 31))
    return len(queries)


class TestWhoMayAsk:
    def test_it_knows_nobody_in_another_city(self, jambi: Place) -> None:
        bungo = world.city("bungo", branch=jambi.city.branch)
        with bungo.acting(), pytest.raises(Person.DoesNotExist):
            cover_of(jambi.siti, on=world.TODAY)

    def test_it_knows_nobody_of_another_kelurahan(self, jambi: Place) -> None:
        with jambi.city.acting(Role.KELURAHAN_OPERATOR):
            assert cover_of(jambi.siti, on=world.TODAY).name == "Siti Aminah"
            with pytest.raises(Person.DoesNotExist):
                cover_of(jambi.budi, on=world.TODAY)


class TestTheRule:
    """The three small functions the whole answer hangs on."""

    def test_it_counts_unpaid_months_from_the_day_after_they_are_due(self) -> None:
        due_day = due(Month(2026, 11), BASIC)
        assert due_day == date(2026, 11, 16)
        for on, count in ((due_day, 0), (due_day + timedelta(days=1), 1)):
            found = unpaid_months(paid_until=OCTOBER_2026, first=JUNE, on=on, programmes=BASIC)
            assert len(found) == count

    def test_it_takes_the_earliest_due_day_of_the_programmes(self) -> None:
        """JHT alone falls due a month later (PP 46/2015 Pasal 21)."""
        assert due(Month(2026, 10), ("jht",)) == date(2026, 11, 16)
        assert due(Month(2026, 10), ("jkk", "jht")) == date(2026, 10, 15)

    def test_it_goes_on_through_months_paid_ahead_and_stops_at_the_first_gap(self) -> None:
        paid = {Month(2026, 9), Month(2026, 10), Month(2026, 11), Month(2027, 1)}
        assert paid_through(paid, current=Month(2026, 10)) == Month(2026, 11)
        assert paid_through(paid, current=Month(2026, 8)) is None
        assert paid_through(paid, current=Month(2026, 12)) == Month(2026, 11)

    @pytest.mark.parametrize(
        ("paid", "unpaid", "begun", "ended", "state"),
        [
            (None, 0, True, False, "proposed"),
            (None, 9, True, False, "proposed"),
            (None, 0, True, True, "never"),
            (JUNE, 0, False, False, "proposed"),
            (JUNE, 0, True, False, "protected"),
            (JUNE, 1, True, False, "at_risk"),
            (JUNE, 3, True, False, "at_risk"),
            (JUNE, 4, True, False, "lapsed"),
            (JUNE, 0, True, True, "lapsed"),
        ],
    )
    def test_it_follows_from_what_is_paid(
        self, paid: Month | None, unpaid: int, begun: bool, ended: bool, state: str
    ) -> None:
        months = {"owed": unpaid, "in_a_row": unpaid, "limit": 3}
        assert state_of(paid_until=paid, **months, begun=begun, ended=ended).value == state

    def test_it_takes_the_limit_of_the_day_from_the_law(
        self, jambi: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Were the law to allow two months from 20 September 2025, cover would end sooner from that day."""
        siti_paid(jambi, JUNE)
        before, after = date(2025, 9, 19), date(2025, 9, 20)
        monkeypatch.setattr(limits, "in_force", lambda: arrears_allowed(2, since=after))
        assert months_at_risk(BASIC, on=before) == 3
        assert work_of(jambi, before).state == CoverState.AT_RISK
        stricter = work_of(jambi, after)
        assert (stricter.state, stricter.lapses_on) == (CoverState.LAPSED, date(2025, 9, 16))
        assert standing.oldest_covering_month(on=after, programmes=BASIC) == Month(2025, 7)
