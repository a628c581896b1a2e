"""A past day by what was known then and by what is known now; the counters, the gaps, and the way of a work in words."""

from datetime import date, datetime, timedelta
from itertools import permutations

import pytest
from django.db import transaction

import world
from contributions.conftest import Place
from contributions.histories import member, months_paid, seen
from lindung.access.models import Role
from lindung.claims.answered import answer_on
from lindung.contributions import payments
from lindung.contributions.counters import Counter
from lindung.contributions.cover import Cover, CoverState, Known, WorkCover, cover_of
from lindung.contributions.gaps import Missed
from lindung.contributions.knowledge import other_answer, why_they_differ
from lindung.law.months import Month, months_from
from lindung.ledger.models import Instruction
from lindung.membership import changes, ending
from lindung.membership.branch_records import WordKind
from lindung.membership.employment import LeaveReason, MemberChange
from lindung.membership.models import Membership

JUNE, JULY, AUGUST, SEPTEMBER = (Month(2025, number) for number in (6, 7, 8, 9))
TODAY = date(2025, 12, 1)


def known(place: Place, on: date, by: Known) -> Cover:
    with place.city.acting(on=TODAY):
        return cover_of(place.siti, on=on, known=by)


def sitis(place: Place, on: date, by: Known = Known.NOW) -> WorkCover:
    (work,) = known(place, on, by).works
    return work


def confirmed_late(place: Place, month: Month, *, dated: date, confirmed_on: date) -> None:
    """An order of that date which a second person confirmed only later."""
    drawn = world.bill(place.city, place.agreement, month)
    recorded = world.order(place.city, drawn, on=dated)
    with place.city.acting(Role.FINANCE_OFFICER, on=confirmed_on) as treasurer:
        payments.confirm(payment_id=recorded.pk, bill_id=drawn.pk, by=treasurer, now=world.at(confirmed_on))


class TestThenAndNow:
    """June is paid by an order of 10 June that was confirmed on 3 July."""

    @pytest.fixture
    def late(self, jambi: Place) -> Place:
        confirmed_late(jambi, JUNE, dated=date(2025, 6, 10), confirmed_on=date(2025, 7, 3))
        return jambi

    @pytest.mark.parametrize(
        ("day", "then"),
        [
            (date(2025, 6, 20), CoverState.PROPOSED),
            (date(2025, 7, 2), CoverState.PROPOSED),
            (date(2025, 7, 3), CoverState.PROTECTED),
        ],
    )
    def test_a_payment_counts_then_once_it_was_confirmed(
        self, late: Place, day: date, then: CoverState
    ) -> None:
        assert known(late, day, Known.NOW).state == CoverState.PROTECTED
        assert known(late, day, Known.THEN).state == then

    def test_both_answers_stand_side_by_side_with_the_reason(self, late: Place) -> None:
        with late.city.acting(on=TODAY):
            found = answer_on(late.siti, on=date(2025, 6, 20), today=TODAY)
        assert found.other is not None
        assert (found.cover.known, found.cover.state) == (Known.NOW, CoverState.PROTECTED)
        assert (found.other.known, found.other.state) == (Known.THEN, CoverState.PROPOSED)
        (reason,) = found.reasons
        assert reason.id.startswith("Iuran Juni 2025 dibayar dengan ")
        assert reason.id.endswith(" bertanggal 10 Juni 2025, tetapi baru disahkan pada 3 Juli 2025.")
        assert found.told()["other_knowledge"]["state"] == "proposed"

    def test_where_they_agree_there_is_one_answer(self, late: Place) -> None:
        with late.city.acting(on=TODAY):
            agreed = answer_on(late.siti, on=date(2025, 7, 3), today=TODAY)
            today = answer_on(late.siti, on=TODAY, today=TODAY)
        assert (agreed.other, agreed.reasons, today.other) == (None, (), None)
        assert agreed.told()["other_knowledge"] is None

    def test_asked_the_other_way_round_it_is_the_same_pair(self, late: Place) -> None:
        with late.city.acting(on=TODAY):
            then = cover_of(late.siti, on=date(2025, 6, 20), known=Known.THEN)
            now = other_answer(then)
        assert (now.known, now.state) == (Known.NOW, CoverState.PROTECTED)
        assert why_they_differ(then, now) == why_they_differ(now, then) != ()


class TestALeaveThatWasRecordedLater:
    def test_then_the_membership_still_ran(self, jambi: Place) -> None:
        """She leaves from August on; that is recorded on 20 August."""
        world.pay_months(jambi.city, jambi.agreement, JUNE, JULY)
        self.leaves(jambi, JULY, world.at(date(2025, 8, 20)))
        day = date(2025, 8, 5)
        assert known(jambi, day, Known.NOW).state == CoverState.LAPSED
        assert known(jambi, day, Known.THEN).state == CoverState.PROTECTED
        assert known(jambi, date(2025, 8, 20), Known.THEN).state == CoverState.LAPSED
        with jambi.city.acting(on=TODAY):
            (reason,) = answer_on(jambi.siti, on=day, today=TODAY).reasons
        assert reason.id == (
            f"Akhir kepesertaan di {jambi.agreement.code} baru dicatat atau diubah pada 20 Agustus 2025."
        )

    def test_then_a_leave_that_was_taken_back_later_still_stood(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, JULY)
        self.leaves(jambi, JULY, world.at(date(2025, 8, 2)))
        with jambi.city.acting(on=TODAY) as officer:
            change = MemberChange.objects.get(kind="leave")
            changes.undo(change_id=change.pk, by=officer, now=world.at(date(2025, 8, 20)))
        day = date(2025, 8, 5)
        assert known(jambi, day, Known.NOW).state == CoverState.PROTECTED
        assert known(jambi, day, Known.THEN).state == CoverState.LAPSED
        assert known(jambi, date(2025, 8, 1), Known.THEN).state == CoverState.PROTECTED

    def test_a_stop_of_the_sponsor_counts_from_the_day_it_is_recorded(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, AUGUST)
        with jambi.city.acting(on=TODAY) as officer:
            ending.terminate(
                agreement_id=jambi.agreement.pk,
                on=date(2025, 9, 1),
                reason="Anggaran dihentikan",
                by=officer,
                now=world.at(date(2025, 9, 20)),
            )
        assert known(jambi, date(2025, 9, 10), Known.NOW).state == CoverState.LAPSED
        assert known(jambi, date(2025, 9, 10), Known.THEN).state == CoverState.PROTECTED

    def leaves(self, jambi: Place, last: Month, at: datetime) -> None:
        with jambi.city.acting(on=TODAY) as officer:
            membership = Membership.objects.get(person_id=jambi.siti)
            changes.leave(
                membership_id=membership.pk, last_month=last, reason=LeaveReason.MOVED, by=officer, now=at
            )


class TestCounters:
    def counted(self, jambi: Place, on: date) -> dict[str, Counter]:
        return {each.key: each for each in sitis(jambi, on).counters}

    def test_three_paid_months_and_three_of_membership_make_the_whole_benefit(self, jambi: Place) -> None:
        """Enrolled on 22 May 2025; the third paid month is August."""
        world.pay_months(jambi.city, jambi.agreement, JUNE, JULY)
        jkm = self.counted(jambi, date(2025, 7, 20))["jkm"]
        assert (jkm.needed, jkm.paid, jkm.lacking, jkm.reached_in) == (3, 2, 1, AUGUST)
        assert jkm.label.id == "Santunan JKM penuh (Rp42.000.000)"
        assert jkm.text.id == (
            "Baru 2 bulan dari 3 bulan iuran. Penuh mulai 22 Agustus 2025 bila iuran terus dibayar; sebelum itu hanya "
            "Rp10.000.000."
        )
        assert "Permenaker 1/2025" in jkm.article.id
        world.pay(jambi.city, jambi.agreement, AUGUST)
        reached = self.counted(jambi, date(2025, 8, 22))["jkm"]
        assert (reached.lacking, reached.reached_in) == (0, None)
        assert reached.text.id.startswith("Tercapai")

    def test_the_scholarship_asks_for_three_years(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, AUGUST)
        school = self.counted(jambi, date(2025, 8, 20))["scholarship"]
        assert (school.needed, school.paid, school.lacking, school.reached_in) == (36, 3, 33, Month(2028, 5))
        assert "PP 82/2019" in school.article.id

    def test_before_the_first_payment_nothing_is_counted_yet(self, jambi: Place) -> None:
        found = self.counted(jambi, date(2025, 6, 5))
        assert (found["jkm"].paid, found["jkm"].reached_in) == (0, AUGUST)

    def test_after_a_gap_that_ended_the_cover_it_counts_anew_and_says_that_this_was_not_read(
        self, jambi: Place
    ) -> None:
        """June, then nothing until December: the fourth unpaid month ended the cover."""
        for month in (JUNE, Month(2025, 12)):
            world.pay(jambi.city, jambi.agreement, month)
        jkm = self.counted(jambi, date(2025, 12, 20))["jkm"]
        assert (jkm.paid, jkm.reached_in) == (1, Month(2026, 3))
        assert "Belum diperiksa pada naskah" in jkm.notes[0].id
        lapsed = self.counted(jambi, date(2025, 10, 20))["jkm"]
        assert (lapsed.paid, lapsed.reached_in, bool(lapsed.notes)) == (0, None, True)

    def test_whoever_left_counts_no_more(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        TestALeaveThatWasRecordedLater().leaves(jambi, JUNE, world.at(date(2025, 7, 2)))
        assert self.counted(jambi, date(2025, 7, 20)) == {}


class TestGaps:
    def test_it_names_the_months_left_out_and_what_each_would_have_cost(self, jambi: Place) -> None:
        for month in (JUNE, AUGUST):
            world.pay(jambi.city, jambi.agreement, month)
        assert sitis(jambi, date(2025, 8, 20)).missed == (Missed(JULY, world.PRICE, True),)
        assert sitis(jambi, date(2025, 9, 20)).missed == (
            Missed(JULY, world.PRICE, True),
            Missed(SEPTEMBER, world.PRICE, True),
        )

    def test_months_before_cover_began_anew_are_told_apart(self, jambi: Place) -> None:
        december = Month(2025, 12)
        for month in (JUNE, december):
            world.pay(jambi.city, jambi.agreement, month)
        missed = sitis(jambi, date(2025, 12, 20)).missed
        assert missed == tuple(
            Missed(month, world.PRICE, False) for month in months_from(JULY, Month(2025, 11))
        )

    def test_without_a_gap_there_is_none(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, JULY)
        assert sitis(jambi, date(2025, 7, 20)).missed == ()


class TestTheWayInWords:
    def said(self, jambi: Place, on: date) -> list[str]:
        return [station.text.id for station in sitis(jambi, on).stations]

    def test_it_goes_from_proposed_to_lapsed(self, jambi: Place) -> None:
        assert self.said(jambi, date(2025, 6, 1)) == ["Diusulkan 22 Mei 2025, untuk iuran mulai Juni 2025."]
        world.pay(jambi.city, jambi.agreement, JUNE)
        assert self.said(jambi, date(2025, 6, 20))[1:] == [
            "Iuran lunas sampai Juni 2025.",
            "Menunggak mulai 16 Juli 2025 bila tidak dibayar.",
            "Lepas mulai 16 Oktober 2025 bila tidak dibayar lagi.",
        ]
        assert self.said(jambi, date(2025, 10, 20))[2:] == [
            "Menunggak sejak 16 Juli 2025.",
            "Lepas sejak 16 Oktober 2025.",
        ]

    def test_it_says_since_when_bpjs_calls_him_active_and_not_before_it_was_known(self, jambi: Place) -> None:
        world.pay(jambi.city, jambi.agreement, JUNE)
        world.word(
            jambi.city,
            WordKind.STATUS,
            "NIK,Status,Sejak,Sebab",
            f"{world.SITI.nik},Aktif,11-06-2025,",
            on=date(2025, 6, 15),
        )
        active = "Aktif menurut BPJS sejak 11 Juni 2025."
        assert active in self.said(jambi, date(2025, 6, 20))
        assert active not in self.said(jambi, date(2025, 6, 14))


def test_cover_is_a_pure_function_of_its_paid_months(jambi: Place) -> None:
    """Four months, one of them skipped, written in every order: always the same answer to the last word."""
    with jambi.city.acting():
        order: Instruction = world.settled_instruction(jambi.city)
    paid = {
        month: month.first_day() + timedelta(days=9) for month in (JUNE, JULY, SEPTEMBER, Month(2025, 10))
    }
    answers = []
    for months in list(permutations(paid))[::3]:
        with transaction.atomic():
            work = member(jambi, jambi.agreement, jambi.siti, since=JUNE.first_day())
            for month in months:
                months_paid(jambi, work, {month: paid[month]}, by=order)
            found = seen(jambi, jambi.siti, date(2025, 11, 20))
            answers.append([each._replace(membership_id=0) for each in found.works])
            transaction.set_rollback(True)
    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
