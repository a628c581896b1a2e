"""Bills of people who pay for themselves: their own price, their own month, one for each person or for all at once."""

from datetime import date

import pytest

import selfpay
import world
from contributions.conftest import Place, settled
from database import at_once, refused
from lindung.contributions import billing, own_bills
from lindung.contributions.models import Bill, BillLine
from lindung.contributions.own_bills import OwnDrawn
from lindung.law.months import Month
from lindung.membership import changes, own_incomes, own_payers
from lindung.membership.employment import LeaveReason
from lindung.membership.models import Membership, OwnCode
from lindung.partnership.models import Agreement

JANUARY, MARCH, APRIL = Month(2026, 1), Month(2026, 3), Month(2026, 4)


@pytest.fixture
def wadah(jambi: Place) -> Agreement:
    return selfpay.independent(jambi.city)


def joined(place: world.City, wadah: Agreement, worker: world.Worker, since: Month = JANUARY) -> Membership:
    (person,) = world.enrol(place, wadah, worker, since=since, registered_on=date(2025, 12, 20))
    return selfpay.membership(place, person, wadah)


class TestThePrice:
    """PP 50/2025 halves JKK and JKM of whoever pays for himself: riders from January, the others from April 2026."""

    def test_an_ojek_rider_pays_8_400_in_january_2026(self, jambi: Place, wadah: Agreement) -> None:
        rider = joined(jambi.city, wadah, world.STRANGER)
        assert selfpay.own_bill(jambi.city, rider, JANUARY).total == 8_400

    def test_a_market_woman_pays_16_800_until_march_and_half_from_april(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        (trader,) = [joined(jambi.city, wadah, world.crowd(1)[0])]
        months = {month: selfpay.own_bill(jambi.city, trader, month).total for month in (MARCH, APRIL)}
        assert months == {MARCH: 16_800, APRIL: 8_400}

    def test_the_city_pays_the_full_price_for_the_same_people(self, jambi: Place) -> None:
        world.enrol(
            jambi.city, jambi.agreement, world.STRANGER, since=JANUARY, registered_on=date(2025, 12, 20)
        )
        assert world.bill(jambi.city, jambi.agreement, APRIL).total == 3 * 16_800

    def test_it_follows_the_band_of_the_declared_income(self, jambi: Place, wadah: Agreement) -> None:
        """Rp2,000,000 a month stands in the band of Rp2,000,000: JKK 20,000, JKM 6,800, both halved for a rider."""
        rider = joined(jambi.city, wadah, world.STRANGER)
        with jambi.city.acting() as officer:
            own_incomes.change_income(
                membership_id=rider.pk, since=MARCH, monthly=2_000_000, by=officer, now=world.at(world.TODAY)
            )
        months = [selfpay.own_bill(jambi.city, rider, month).total for month in (JANUARY, MARCH)]
        assert months == [8_400, 13_400]

    def test_an_income_does_not_change_what_is_billed(self, jambi: Place, wadah: Agreement) -> None:
        rider = joined(jambi.city, wadah, world.STRANGER)
        selfpay.own_bill(jambi.city, rider, MARCH)
        with jambi.city.acting() as officer, refused("own_income_before_the_bill"):
            own_incomes.change_income(
                membership_id=rider.pk,
                since=JANUARY,
                monthly=1_500_000,
                by=officer,
                now=world.at(world.TODAY),
            )


class TestDrawing:
    def test_a_bill_is_one_persons_own(self, jambi: Place, wadah: Agreement) -> None:
        rider = joined(jambi.city, wadah, world.STRANGER)
        drawn = selfpay.own_bill(jambi.city, rider, JANUARY)
        assert (drawn.membership_id, drawn.people, drawn.status) == (rider.pk, 1, "final")
        assert drawn.due_on == date(2026, 1, 15)
        assert selfpay.own_bill(jambi.city, rider, JANUARY) == drawn
        with jambi.city.acting():
            assert BillLine.objects.get(bill=drawn).person_id == rider.person_id

    def test_all_are_billed_at_once_and_who_comes_later_on_the_next_run(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        world.enrol(
            jambi.city,
            wadah,
            world.STRANGER,
            *world.crowd(3),
            since=JANUARY,
            registered_on=date(2025, 12, 20),
        )
        today = date(2026, 1, 2)
        with jambi.city.acting(on=today) as officer:
            run = {"agreement_id": wadah.pk, "month": JANUARY, "by": officer, "today": today}
            assert own_bills.draw_all_own(**run) == OwnDrawn(4, 8_400 + 3 * 16_800, 0)
            assert own_bills.draw_all_own(**run) == OwnDrawn(0, 0, 4)
        joined(jambi.city, wadah, world.crowd(1, after=50)[0])
        with jambi.city.acting(on=today) as officer:
            assert own_bills.draw_all_own(**run) == OwnDrawn(1, 16_800, 4)
            assert Bill.objects.filter(membership__isnull=False, people=1).count() == 5
            assert BillLine.objects.count() == 5

    def test_it_pays_ahead_for_half_a_year_or_not_at_all(self, jambi: Place, wadah: Agreement) -> None:
        rider = joined(jambi.city, wadah, world.STRANGER)
        today = date(2026, 1, 2)
        with jambi.city.acting(on=today) as officer:
            asked = {"membership_id": rider.pk, "first": JANUARY, "by": officer, "today": today}
            with pytest.raises(own_bills.NotAPeriod):
                own_bills.draw_own_ahead(**asked, months=5)
            bills = own_bills.draw_own_ahead(**asked, months=6)
            assert [bill.total for bill in bills] == [8_400] * 6

    def test_it_is_not_drawn_for_the_people_of_a_city(self, jambi: Place, wadah: Agreement) -> None:
        with jambi.city.acting(on=date(2026, 1, 2)) as officer:
            with pytest.raises(own_bills.NotIndependent):
                own_bills.draw_all_own(
                    agreement_id=jambi.agreement.pk, month=JANUARY, by=officer, today=date(2026, 1, 2)
                )
            with pytest.raises(billing.PaidByThemselves):
                billing.draw_up(agreement_id=wadah.pk, month=JANUARY, by=officer, today=date(2026, 1, 2))

    def test_one_leaves_though_others_are_billed(self, jambi: Place, wadah: Agreement) -> None:
        rider, trader = (joined(jambi.city, wadah, each) for each in (world.STRANGER, world.crowd(1)[0]))
        selfpay.own_bill(jambi.city, rider, MARCH)
        leave = {"last_month": JANUARY, "now": world.at(date(2026, 2, 2))}
        with jambi.city.acting(on=date(2026, 2, 2)) as officer:
            changes.leave(membership_id=trader.pk, reason=LeaveReason.MOVED, by=officer, **leave)
            with refused("membership_not_ended_before_its_bill"):
                changes.leave(membership_id=rider.pk, reason=LeaveReason.MOVED, by=officer, **leave)


class TestTheCode:
    def test_each_has_one_of_twelve_digits_that_check_each_other(
        self, jambi: Place, wadah: Agreement
    ) -> None:
        members = [joined(jambi.city, wadah, worker) for worker in world.crowd(3)]
        with jambi.city.acting():
            codes = [own_payers.code_of(each.pk) for each in members]
            found = own_payers.memberships_of_codes(codes)
            assert [found[code].pk for code in codes] == [each.pk for each in members]
        assert len(set(codes)) == 3
        assert all(own_payers.is_code(code) for code in codes)

    def test_one_wrong_digit_or_two_swapped_are_found(self, jambi: Place, wadah: Agreement) -> None:
        member = joined(jambi.city, wadah, world.STRANGER)
        with jambi.city.acting():
            code = own_payers.code_of(member.pk)
        wrong = [code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :] for at in range(12)]
        swapped = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(11)]
        assert not any(own_payers.is_code(each) for each in (*wrong, *swapped) if each != code)

    def test_it_is_read_out_of_a_line_of_a_bank(self, jambi: Place, wadah: Agreement) -> None:
        member = joined(jambi.city, wadah, world.STRANGER)
        with jambi.city.acting():
            code = own_payers.code_of(member.pk)
        line = f"TRF/IURAN {own_payers.spoken_code(code)} BPJS NIK 1571101708900003 RP 8400 {code}"
        assert own_payers.codes_in(line) == (code,)
        assert own_payers.code_of(10**9) == ""

    def test_who_is_paid_for_by_the_city_has_none(self, jambi: Place) -> None:
        with jambi.city.acting():
            assert not OwnCode.objects.exists()
            assert own_payers.code_of(Membership.objects.first().pk) == ""


def test_two_who_draw_at_once_draw_one_bill_of_each(fresh_database: str) -> None:
    place = settled()
    wadah = selfpay.independent(place.city)
    world.enrol(place.city, wadah, *world.crowd(3), since=JANUARY, registered_on=date(2025, 12, 20))
    today = date(2026, 1, 2)

    def draw() -> OwnDrawn:
        with place.city.acting(on=today) as officer:
            return own_bills.draw_all_own(agreement_id=wadah.pk, month=JANUARY, by=officer, today=today)

    results = at_once(draw, draw, draw)
    assert sorted(each if isinstance(each, Exception) else each.drawn for each in results) == [0, 0, 3]
    with place.city.acting():
        assert Bill.objects.count() == 3
