"""Months drawn together: each by its own law, all or none, in the periods of the law or a semester."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import employers
import world
from contributions.conftest import Place
from lindung.contributions import advance, billing
from lindung.contributions.models import Bill
from lindung.law.contributions import advance as law
from lindung.law.months import Month
from lindung.partnership.models import PayerKind

JULY = Month(2025, 7)
TODAY = date(2025, 6, 20)


def ahead(jambi: Place, first: Month, months: int, *, semester: bool = False, on: date = TODAY) -> list[Bill]:
    with jambi.city.acting(on=on) as officer:
        return advance.draw_ahead(
            agreement_id=jambi.agreement.pk,
            first=first,
            months=months,
            by=officer,
            today=on,
            semester=semester,
        )


class TestDrawingAhead:
    def test_it_draws_the_second_semester(self, jambi: Place) -> None:
        """Two people, six months: 12 x 16,800."""
        drawn = ahead(jambi, JULY, 6, semester=True)
        assert [Month.of(each.month) for each in drawn] == [JULY.plus(count) for count in range(6)]
        assert sum(each.total for each in drawn) == 12 * 16_800

    def test_it_gives_what_is_there_when_asked_twice(self, jambi: Place) -> None:
        assert ahead(jambi, JULY, 3) == ahead(jambi, JULY, 3)

    @pytest.mark.parametrize("months", [0, 4, 5, 7, 13])
    def test_it_knows_the_periods_of_the_law(self, jambi: Place, months: int) -> None:
        with pytest.raises(advance.NotAPeriod, match="2, 3, 6, 12"):
            ahead(jambi, JULY, months)

    def test_a_semester_begins_in_january_or_july(self, jambi: Place) -> None:
        with pytest.raises(advance.NotASemester, match="not August 2025"):
            ahead(jambi, JULY.next(), 6, semester=True)

    def test_it_draws_none_when_one_month_cannot_be_drawn(self, jambi: Place) -> None:
        """The agreement ends with August: September is refused, and July and August are not left behind."""
        world.set_end(jambi.city, jambi.agreement, date(2025, 9, 1))
        with pytest.raises(billing.OutsideAgreement, match="September 2025"):
            ahead(jambi, JULY, 3)
        with jambi.city.acting():
            assert not Bill.objects.exists()

    def test_it_asks_wage_earners_month_by_month(self, jambi: Place) -> None:
        unit = employers.unit(jambi.city)
        employers.employ(jambi.city, unit, world.STRANGER)
        with jambi.city.acting() as officer, pytest.raises(advance.WageEarners):
            advance.draw_ahead(agreement_id=unit.agreement_id, first=JULY, months=2, by=officer, today=TODAY)

    def test_it_shows_every_month_before_anything_is_drawn(self, jambi: Place) -> None:
        world.bill(jambi.city, jambi.agreement, JULY)
        with jambi.city.acting() as officer:
            period = advance.tried(
                agreement_id=jambi.agreement.pk, first=JULY, months=3, by=officer, today=TODAY
            )
            assert Bill.objects.count() == 1
        assert [(each.total, each.bill_id is not None) for each in period.months] == [
            (33_600, True),
            (33_600, False),
            (33_600, False),
        ]
        assert period.total == 3 * 33_600


class TestRelief:
    def test_a_relief_that_ends_within_the_period_is_priced_month_by_month(self, jambi: Place) -> None:
        """PP 50/2025 halves JKK and JKM of other workers whom no budget pays, until December 2026."""
        own = world.agreement(jambi.city, "mandiri", payer=PayerKind.CSR)
        world.enrol(jambi.city, own, world.crowd(1)[0])
        on = date(2026, 11, 22)
        with jambi.city.acting(on=on) as officer:
            drawn = advance.draw_ahead(
                agreement_id=own.pk, first=Month(2026, 12), months=2, by=officer, today=on
            )
        assert [each.total for each in drawn] == [8_400, 16_800]

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(first=st.integers(0, 12), months=st.sampled_from([1, 2, 3, 6, 12]))
    def test_together_they_cost_what_single_months_cost_and_what_the_law_says(
        self, jambi: Place, first: int, months: int
    ) -> None:
        start = Month(2026, 1).plus(first - 6)
        on = start.first_day()
        with jambi.city.acting(on=on) as officer:
            period = advance.tried(
                agreement_id=jambi.agreement.pk, first=start, months=months, by=officer, today=on
            )
            single = sum(
                billing.expected(agreement=jambi.agreement, month=start.plus(count))
                for count in range(months)
            )
        assert period.total == single
        if months > 1:
            one = law.bpu(month=start, months=months, programmes=["jkk", "jkm"], payer="apbd")
            assert single == 2 * one.total
