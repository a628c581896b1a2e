"""How long the money lasts, when the alarm rings, and what more money buys; figures an officer can check by hand."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from contributions.conftest import Place
from lindung.access.models import Role
from lindung.insight import today as days
from lindung.insight.agreement_today import AgreementToday
from lindung.insight.alarms import Alarm, Why, alarms
from lindung.insight.runway import Bought, Outlook, Purse, Reach, bought, outlook
from lindung.law.months import Month, months_from
from lindung.law.text import Text
from lindung.partnership.models import Agreement

OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)
JANUARY = Month(2027, 1)
ON = date(2026, 11, 8)


def told(place: Place, on: date = ON, role: Role = Role.CITY_OFFICER, code: str = "") -> Outlook:
    with place.city.acting(role, on=on):
        return outlook(on=on, code=code)


def rung(place: Place, promised: Agreement, on: date, role: Role = Role.CITY_OFFICER) -> dict[Why, Alarm]:
    with place.city.acting(role, on=on):
        return {each.why: each for each in alarms(on) if each.agreement_id == promised.pk}


def with_money(
    place: Place,
    code: str,
    *,
    people: int,
    months: int,
    paid_until: Month = OCTOBER,
) -> Agreement:
    """People from June 2026, paid for until a month, and a budget of 2026 for so many months."""
    since = Month(2026, 6)
    budget = {2026: months * people * world.PRICE} if months else {}
    made = world.agreement(place.city, code, budgets=budget)
    # Nobody else of the stage is in it: neither these people nor their numbers.
    crowd = world.crowd(people, after=sum(map(ord, code)))
    world.enrol(place.city, made, *crowd, since=since, registered_on=since.plus(-1).first_day())
    world.pay_months(place.city, made, since, paid_until)
    return made


class TestRunway:
    def test_it_says_the_last_month_in_full_what_the_next_lacks_and_by_when(self, jambi: Place) -> None:
        """Six of seven months are in the budget: December lacks its Rp33.600, due on 15 December."""
        made = with_money(jambi, "satu", people=2, months=6)
        (purse,) = told(jambi, code=made.code).purses
        assert purse.reach == Reach(
            key=f"agreement:{made.pk}",
            name=made.title,
            detail=made.code,
            budget=201_600,
            cost=235_200,
            paid_in_full=NOVEMBER,
            short=DECEMBER,
            shortfall=33_600,
            needed_by=date(2026, 12, 15),
            lacking=33_600,
            paying_months=7,
        )
        assert purse.reach.enough_for == Text("6,0", "6.0")

    def test_an_office_is_short_as_soon_as_one_of_its_agreements_is(self, jambi: Place) -> None:
        with_money(jambi, "satu", people=2, months=6)
        with_money(jambi, "dua", people=1, months=5)
        with_money(jambi, "tiga", people=1, months=9)
        found = told(jambi)
        (office,), (source,) = found.offices, found.sources
        # Ibu Siti and Pak Budi, of the stage, are in no budget: their January was short.
        assert office.short == source.short == Month(2026, 1)
        assert office.budget == source.budget == sum(purse.reach.budget for purse in found.purses)
        assert found.lacking == office.lacking == 12 * 33_600 + 33_600 + 2 * 16_800

    def test_the_city_of_4316_people_needs_870_million_a_year(self) -> None:
        """Kota Jambi: 4,316 x Rp16.800 x 12 = Rp870.105.600; Penajam's Rp3 billion for 15,000 last 11.9 months."""
        jambi = reach(people=4_316, budget=855_000_000)
        assert (jambi.cost, jambi.lacking) == (870_105_600, 15_105_600)
        assert reach(people=15_000, budget=3_000_000_000).enough_for.en == "11.9"
        assert reach(people=35_422, budget=7_000_000_000).enough_for.en == "11.7"

    def test_another_city_sees_none_of_it_and_an_unknown_code_is_nobodys(self, jambi: Place) -> None:
        bungo = Place(world.city("bungo", branch=jambi.city.branch), jambi.agreement, 0, 0)
        assert told(bungo).purses == ()
        with pytest.raises(Agreement.DoesNotExist):
            told(bungo, code=jambi.agreement.code)

    def test_it_asks_no_more_for_three_agreements_than_for_one(self, jambi: Place) -> None:
        counts = []
        for code in ("", "satu", "dua"):
            if code:
                with_money(jambi, code, people=1, months=6, paid_until=Month(2026, 6))
            with jambi.city.acting(on=ON), CaptureQueriesContext(connection) as asked:
                outlook(on=ON)
            counts.append(len(asked))
        assert counts[0] == counts[1] == counts[2]


def reach(*, people: int, budget: int) -> Reach:
    return Reach(
        "",
        "",
        "",
        budget,
        people * world.PRICE * 12,
        None,
        None,
        0,
        None,
        max(0, people * world.PRICE * 12 - budget),
    )


class TestWhatMoreMoneyBuys:
    YEAR = tuple((month, 4_316 * world.PRICE) for month in months_from(Month(2026, 1), DECEMBER))

    def purse(self, budget: int) -> Purse:
        """The 4,316 of Kota Jambi; November is the last month its money reaches for."""
        agreement = AgreementToday.__new__(AgreementToday, *[None] * 27)  # nothing of it is read
        whole = reach(people=4_316, budget=budget)._replace(paid_in_full=NOVEMBER, short=DECEMBER)
        return Purse(agreement, whole, world.PRICE, self.YEAR)

    def test_a_hundred_million_pays_december_for_everybody_and_some_more_people(self) -> None:
        """Rp855.000.000 lack Rp15.105.600 for December; Rp84.894.400 are left for 5,053 people in December."""
        found = bought(self.purse(855_000_000), amount=100_000_000, on=ON)
        assert found == Bought(
            amount=100_000_000,
            months=1,
            until=DECEMBER,
            left=84_894_400,
            people=84_894_400 // 16_800,
            each=16_800,
            first_month=DECEMBER,
        )
        assert found.people == 5_053

    def test_too_little_buys_no_whole_month(self) -> None:
        found = bought(self.purse(855_000_000), amount=15_105_599, on=ON)
        assert (found.months, found.until, found.people) == (0, NOVEMBER, 0)

    def test_in_march_one_more_person_costs_nine_months(self) -> None:
        found = bought(self.purse(870_105_600), amount=100_000_000, on=date(2026, 3, 10))
        assert (found.each, found.people) == (9 * 16_800, 661)


class TestAlarms:
    def test_it_rings_sixty_thirty_and_seven_days_before_the_money_ends(self, jambi: Place) -> None:
        """December is due on the 15th: from the 16th on people are behind."""
        made = with_money(jambi, "satu", people=2, months=6)
        steps = {}
        for on in (
            date(2026, 10, 16),
            date(2026, 10, 17),
            date(2026, 11, 16),
            date(2026, 12, 9),
            date(2026, 12, 16),
        ):
            found = rung(jambi, made, on).get(Why.MONEY)
            steps[on] = found and (found.step, found.days, found.key)
        day = date(2026, 12, 16)
        assert steps == {
            date(2026, 10, 16): None,
            date(2026, 10, 17): (60, 60, f"money:{made.pk}:{day}:60"),
            date(2026, 11, 16): (30, 30, f"money:{made.pk}:{day}:30"),
            date(2026, 12, 9): (7, 7, f"money:{made.pk}:{day}:7"),
            date(2026, 12, 16): None,
        }

    def test_it_says_who_how_many_when_and_by_which_article(self, jambi: Place) -> None:
        made = with_money(jambi, "satu", people=2, months=6)
        found = rung(jambi, made, date(2026, 11, 12))[Why.MONEY]
        assert found.sentence.id == (
            "Pekerja satu: dana untuk Desember 2026 kurang Rp33.600. 2 orang menunggak mulai 16 Desember 2026: masih "
            "terlindungi, tetapi santunannya ditahan sampai tunggakan lunas."
        )
        assert "PP 44/2015 Pasal 39" in found.article.id
        assert Role.MAYOR in found.whom
        assert Role.KELURAHAN_OPERATOR not in found.whom

    def test_whoever_is_behind_already_reads_that_paying_today_is_not_enough(self, jambi: Place) -> None:
        made = with_money(jambi, "satu", people=2, months=6)
        found = rung(jambi, made, date(2026, 11, 20))[Why.MONEY]
        assert found.sentence.id.endswith(
            "Juga bila tunggakan sekarang dilunasi, 2 orang menunggak lagi mulai 16 Desember 2026."
        )

    def test_it_rings_before_cover_ends_when_nothing_is_paid(self, jambi: Place) -> None:
        """Paid until October: the fourth unpaid month, February, is due on the 15th; cover ends on the 16th."""
        made = with_money(jambi, "satu", people=2, months=9)
        assert Why.LAPSE not in rung(jambi, made, date(2026, 12, 17))
        found = rung(jambi, made, date(2026, 12, 20))[Why.LAPSE]
        assert (found.day, found.step, found.severity) == (date(2027, 2, 16), 60, "soon")
        assert "lepas dari perlindungan mulai 16 Februari 2027" in found.sentence.id
        assert rung(jambi, made, date(2027, 2, 1))[Why.LAPSE].severity == "now"

    def test_a_month_that_was_skipped_is_behind_and_not_the_end(self, jambi: Place) -> None:
        """September was left out, October is paid: cover reaches until February all the same."""
        made = with_money(jambi, "satu", people=1, months=9, paid_until=Month(2026, 8))
        world.pay(jambi.city, made, OCTOBER)
        assert rung(jambi, made, date(2026, 12, 20))[Why.LAPSE].day == date(2027, 2, 16)

    def test_an_unpaid_month_rings_within_a_week_of_its_due_day_only(self, jambi: Place) -> None:
        made = with_money(jambi, "satu", people=1, months=9)
        assert Why.UNPAID not in rung(jambi, made, date(2026, 11, 8))
        found = rung(jambi, made, date(2026, 11, 12))[Why.UNPAID]
        assert (found.day, found.severity) == (date(2026, 11, 17), "now")

    def test_an_agreement_that_ends_rings_too(self, jambi: Place) -> None:
        made = with_money(jambi, "satu", people=1, months=9)
        world.set_end(jambi.city, made, date(2027, 1, 1))
        found = rung(jambi, made, date(2026, 11, 20))
        assert (found[Why.ENDS].day, found[Why.ENDS].people) == (date(2027, 1, 1), 1)
        assert Why.LAPSE not in found

    def test_nobody_who_was_never_covered_can_lose_anything(self, jambi: Place) -> None:
        assert rung(jambi, jambi.agreement, date(2026, 11, 20)) == {}

    def test_today_rings_the_same_alarms_without_asking_more(self, jambi: Place) -> None:
        made = with_money(jambi, "satu", people=2, months=6)
        on = date(2026, 11, 20)
        with jambi.city.acting(Role.MAYOR, on=on):
            assert days.today(on=on).alarms == tuple(alarms(on))
            assert {each.agreement_id for each in alarms(on)} == {made.pk}


class TestTheJanuaryGap:
    """The papers of 2028 are missing: January is due on Monday the 17th, April on Monday the 17th."""

    ON = date(2027, 11, 20)

    def made(self, jambi: Place) -> Agreement:
        since = Month(2027, 9)
        made = world.agreement(jambi.city, "satu")
        world.enrol(jambi.city, made, *world.crowd(2, after=50), since=since, registered_on=date(2027, 8, 20))
        world.pay_months(jambi.city, made, since, Month(2027, 11))
        return made

    def test_it_names_months_people_and_both_days(self, jambi: Place) -> None:
        made = self.made(jambi)
        (gap,) = [each for each in told(jambi, self.ON).gaps if each.agreement_id == made.pk]
        assert [str(month) for month in gap.months] == ["2028-01", "2028-02", "2028-03", "2028-04"]
        assert (gap.people, gap.cost, gap.needed_by) == (2, 33_600, date(2028, 1, 17))
        assert (gap.at_risk_from, gap.lapses_on) == (date(2028, 1, 18), date(2028, 4, 18))
        assert "DPA" in gap.papers.id

    def test_it_rings_sixty_days_ahead(self, jambi: Place) -> None:
        found = rung(jambi, self.made(jambi), self.ON)[Why.YEAR]
        assert (found.step, found.day) == (60, date(2028, 1, 18))
