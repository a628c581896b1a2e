"""Months paid after a death, and who changes from one payer to another: right to the rupiah, in sight of their own city."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from contributions.conftest import Place
from contributions.histories import member
from lindung.access.models import Role
from lindung.insight.payer_changes import PayerChanges, payer_changes
from lindung.insight.refunds import Refunds, refunds
from lindung.law.months import Month
from lindung.membership import changes
from lindung.membership.branch_records import WordKind
from lindung.membership.employment import LeaveReason, MemberChange
from lindung.membership.models import Membership

JUNE, OCTOBER = Month(2025, 6), Month(2025, 10)
ON = date(2025, 11, 22)


def listed(place: Place, on: date = ON, role: Role = Role.CITY_OFFICER, number: int = 1) -> Refunds:
    with place.city.acting(role, on=on):
        return refunds(on=on, number=number)


def leaves(
    place: Place, person_id: int, last: Month, reason: LeaveReason, died_on: date | None = None
) -> None:
    with place.city.acting(on=ON) as officer:
        changes.leave(
            membership_id=Membership.objects.get(person_id=person_id, until=None).pk,
            last_month=last,
            reason=reason,
            died_on=died_on,
            by=officer,
            now=world.at(ON),
        )


@pytest.fixture
def paid(jambi: Place) -> Place:
    """Both are paid for from June to October 2025."""
    world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
    return jambi


class TestRefunds:
    def test_the_month_of_the_death_itself_is_owed_and_what_follows_is_not(self, paid: Place) -> None:
        """Ibu Siti died on 31 July: August, September and October were paid too much."""
        leaves(paid, paid.siti, OCTOBER, LeaveReason.DIED, date(2025, 7, 31))
        found = listed(paid)
        assert (found.people, found.months, found.amount) == (1, 3, 3 * world.PRICE)
        (refund,) = found.rows
        assert [str(each.month) for each in refund.months] == ["2025-08", "2025-09", "2025-10"]
        assert refund.amount == sum(each.amount for each in refund.months) == 50_400
        assert all(each.bill_id and each.order for each in refund.months)
        assert refund.said.id == "catatan keluar"

    def test_the_word_of_bpjs_comes_before_our_own_record(self, paid: Place) -> None:
        leaves(paid, paid.siti, OCTOBER, LeaveReason.DIED, date(2025, 7, 31))
        world.word(
            paid.city,
            WordKind.DETERMINATION,
            "NIK,Program,Tanggal Meninggal,Jumlah,Nomor Penetapan,Tanggal Penetapan",
            f"'{world.SITI.nik},JKM,02-09-2025,42000000,PJ/7,20-10-2025",
            on=date(2025, 10, 21),
        )
        (refund,) = listed(paid).rows
        assert (refund.died_on, refund.said.id, refund.amount) == (date(2025, 9, 2), "penetapan", world.PRICE)
        assert listed(paid, date(2025, 10, 20)).rows[0].died_on == date(2025, 7, 31)

    def test_a_death_that_was_taken_back_asks_nothing_back(self, paid: Place) -> None:
        leaves(paid, paid.siti, OCTOBER, LeaveReason.DIED, date(2025, 7, 31))
        with paid.city.acting(on=ON) as officer:
            change = MemberChange.objects.get(reason="died")
            changes.undo(change_id=change.pk, by=officer, now=world.at(ON))
        assert listed(paid) == Refunds(ON, (), 0, 0, 0, 1, 1)

    def test_another_city_and_another_kelurahan_see_nothing_of_it(self, paid: Place) -> None:
        leaves(paid, paid.budi, OCTOBER, LeaveReason.DIED, date(2025, 7, 31))
        bungo = Place(world.city("bungo", branch=paid.city.branch), paid.agreement, 0, 0)
        assert listed(paid).people == 1
        assert listed(bungo).people == listed(paid, role=Role.KELURAHAN_OPERATOR).people == 0

    def test_it_asks_no_more_for_two_people_than_for_one(self, paid: Place) -> None:
        counts = []
        for person in (paid.siti, paid.budi):
            leaves(paid, person, OCTOBER, LeaveReason.DIED, date(2025, 7, 31))
            with paid.city.acting(on=ON), CaptureQueriesContext(connection) as asked:
                assert refunds(on=ON).people == len(counts) + 1
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestChangesOfPayer:
    def told(self, place: Place, on: date = ON) -> PayerChanges:
        with place.city.acting(on=on):
            return payer_changes(on=on)

    def test_nobody_changes_and_the_key_of_the_table_holds(self, paid: Place) -> None:
        found = self.told(paid)
        assert found == PayerChanges(0, 0, 0, key_holds=True)
        assert found.paid_twice.id.startswith("0: kunci tabel bulan lunas")

    @pytest.mark.parametrize(
        ("since", "expected"), [(Month(2025, 11), (1, 0, 0)), (Month(2026, 1), (0, 1, 0)), (None, (0, 0, 1))]
    )
    def test_it_tells_a_seamless_change_from_a_gap_and_from_nobody_at_all(
        self, paid: Place, since: Month | None, expected: tuple[int, int, int]
    ) -> None:
        leaves(paid, paid.siti, OCTOBER, LeaveReason.OTHER_SPONSOR)
        other = world.agreement(paid.city, "baznas")
        if since is not None:
            member(paid, other, paid.siti, since=since.first_day())
        found = self.told(paid)
        assert (found.seamless, found.with_gap, found.in_between) == expected

    def test_whoever_died_is_not_looked_for(self, paid: Place) -> None:
        leaves(paid, paid.siti, OCTOBER, LeaveReason.DIED, date(2025, 10, 5))
        assert self.told(paid).in_between == 0
