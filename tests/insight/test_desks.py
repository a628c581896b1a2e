"""What each role finds first: months to pay, names to mend, cities, money and looks, six figures."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world
from contributions.conftest import Place
from lindung.access import audit
from lindung.access.models import Role
from lindung.access.roles import Permission, may
from lindung.documents.models import Document
from lindung.insight import city_figures
from lindung.insight.audit_desk import latest_looks, latest_money
from lindung.insight.branch_desk import CityServed, cities_served, lists_in
from lindung.insight.mending_desk import MOST_NAMES, Mending, mending
from lindung.insight.needs import Need
from lindung.insight.paying_desk import ToPay, Waits, to_pay
from lindung.insight.today import today
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership.models import Verdict

JUNE, OCTOBER, NOVEMBER = Month(2025, 6), Month(2025, 10), Month(2025, 11)
JANUARY = Month(2026, 1)
NOVEMBER_20 = date(2025, 11, 20)
NOVEMBER_10 = date(2025, 11, 10)


def months_to_pay(jambi: Place, on: date) -> tuple[ToPay, ...]:
    with jambi.city.acting(Role.FINANCE_OFFICER, on=on):
        return to_pay(today(on=on).agreements, on=on)


def needs(jambi: Place, on: date, role: Role = Role.CITY_OFFICER) -> list[Need]:
    """What waits for this role: only what it may do."""
    with jambi.city.acting(role, on=on):
        appointment = jambi.city.users[role].appointments.get()
        return [need for need in today(on=on).needs if may(appointment, need.permission, on=on)]


class TestNeedsLeadToWhereTheyAreDone:
    def test_first_to_the_page_that_draws_the_very_bill(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        (need,) = [each for each in needs(jambi, NOVEMBER_20) if each.kind == "unpaid"]
        assert need.url_name == "web:bill_draw"
        assert need.query == f"agreement={jambi.agreement.pk}&month=2025-11"

    def test_then_to_the_bill_and_from_the_officer_to_finance(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        drawn = world.bill(jambi.city, jambi.agreement, NOVEMBER)
        (need,) = [each for each in needs(jambi, NOVEMBER_20) if each.kind == "unpaid"]
        assert (need.url_name, need.url_args, need.permission) == (
            "web:bill",
            (drawn.pk,),
            Permission.RECORD_PAYMENT,
        )
        world.order(jambi.city, drawn, on=NOVEMBER_10)
        assert not [each for each in needs(jambi, NOVEMBER_20) if each.kind in {"unpaid", "confirm"}]
        finance = needs(jambi, NOVEMBER_20, Role.FINANCE_OFFICER)
        assert [each.kind for each in finance][:1] == ["confirm"]

    def test_nobody_is_asked_for_what_his_role_cannot_do(self, jambi: Place) -> None:
        with jambi.city.acting(on=NOVEMBER_20):
            people = world.crowd(2)
            world.roster(jambi.city, jambi.agreement, *people, on=NOVEMBER_20, verdicts=[Verdict.TO_FIX])
        assert {each.kind for each in needs(jambi, NOVEMBER_20)} == {"unpaid", "ready", "shortfall", "to_fix"}
        assert needs(jambi, NOVEMBER_20, Role.MAYOR) == []
        assert needs(jambi, NOVEMBER_20, Role.AUDITOR) == []
        assert {each.kind for each in needs(jambi, NOVEMBER_20, Role.FINANCE_OFFICER)} == {"shortfall"}


class TestPaying:
    def test_it_puts_first_what_waits_for_a_second_person_then_what_is_due_first(self, jambi: Place) -> None:
        other = world.agreement(jambi.city, "keagamaan")
        world.enrol(jambi.city, other, *world.crowd(2))
        third = world.agreement(jambi.city, "marbot")
        world.enrol(jambi.city, third, *world.crowd(1, after=40))
        world.bill(jambi.city, jambi.agreement, JUNE)
        world.order(jambi.city, world.bill(jambi.city, other, JUNE))
        assert [(each.title, each.waits) for each in months_to_pay(jambi, date(2025, 6, 10))] == [
            ("Pekerja keagamaan", Waits.CONFIRM),
            ("Pekerja marbot", Waits.BILL),
            ("Pekerja rentan", Waits.ORDER),
        ]

    def test_it_guesses_no_bill_but_says_what_the_month_would_cost(self, jambi: Place) -> None:
        (month,) = months_to_pay(jambi, date(2025, 6, 17))
        assert (month.bill_id, month.people, month.total) == (None, None, 33_600)
        assert (month.due_on, month.overdue) == (date(2025, 6, 16), True)

    def test_it_prices_a_month_of_the_coming_year_by_who_joins_then(self, jambi: Place) -> None:
        coming = world.agreement(jambi.city, "sawit", since=JANUARY)
        world.enrol(jambi.city, coming, *world.crowd(2), since=JANUARY)
        (month,) = [each for each in months_to_pay(jambi, NOVEMBER_20) if each.title == coming.title]
        assert (month.month, month.total) == (JANUARY, 2 * world.PRICE)

    def test_it_is_empty_when_the_agreement_has_nobody(self, jambi: Place) -> None:
        merangin = world.city("merangin")
        world.agreement(merangin)
        with merangin.acting(Role.FINANCE_OFFICER):
            assert to_pay(today(on=world.TODAY).agreements, on=world.TODAY) == ()


class TestMending:
    def at_desk(self, jambi: Place, role: Role = Role.KELURAHAN_OPERATOR) -> Mending:
        with jambi.city.acting(role, on=NOVEMBER_20):
            return mending(today(on=NOVEMBER_20).agreements)

    def listed(self, jambi: Place, *workers: world.Worker, wrong: int) -> None:
        with jambi.city.acting(on=NOVEMBER_20):
            verdicts = [Verdict.TO_FIX] * wrong
            world.roster(jambi.city, jambi.agreement, *workers, on=NOVEMBER_20, verdicts=verdicts)

    def test_it_shows_the_operator_names_of_her_kelurahan_only(self, jambi: Place) -> None:
        """Ibu Siti lives in Thehok, Pak Budi in Legok; both rows are wrong."""
        people = (world.SITI._replace(name="Siti"), world.BUDI._replace(name="Budi"))
        self.listed(jambi, *people, wrong=2)
        own, whole = self.at_desk(jambi), self.at_desk(jambi, Role.CITY_OFFICER)
        assert (own.to_fix, len(own.names)) == (1, 1)
        assert (whole.to_fix, len(whole.names)) == (2, 2)

    def test_it_never_shows_more_than_twenty(self, jambi: Place) -> None:
        self.listed(jambi, *world.crowd(30), wrong=25)
        desk = self.at_desk(jambi)
        assert (len(desk.names), desk.to_fix, desk.ready) == (MOST_NAMES, 25, 5)
        assert [name.line for name in desk.names] == list(range(2, 22))

    def test_it_asks_no_more_for_twenty_names_than_for_one(self, jambi: Place) -> None:
        counts = []
        for wrong in (1, 20):
            self.listed(jambi, *world.crowd(20, after=wrong * 50), wrong=wrong)
            with jambi.city.acting(on=NOVEMBER_20):
                found = today(on=NOVEMBER_20).agreements
                with CaptureQueriesContext(connection) as queries:
                    mending(found)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_it_is_empty_where_all_is_well(self, jambi: Place) -> None:
        assert self.at_desk(jambi) == Mending((), 0, 0, 0)


class TestBranch:
    def test_it_adds_up_each_city_it_serves_and_only_those(self, jambi: Place) -> None:
        bungo = world.city("bungo", branch=jambi.city.branch)
        world.enrol(bungo, world.agreement(bungo), *world.crowd(3))
        world.enrol(far := world.city("palembang"), world.agreement(far), *world.crowd(1, after=60))
        world.pay(jambi.city, jambi.agreement, JUNE)
        on = date(2025, 6, 20)
        with jambi.city.acting(Role.BRANCH_OFFICER, on=on):
            cities = cities_served(today(on=on).agreements)
            lists = lists_in()
        assert cities == (
            CityServed("Kota Bungo", 1, 0, 5_000, 3 * world.PRICE, None, 1),
            CityServed("Kota Jambi", 1, 2, 5_000, 2 * world.PRICE, JUNE, 0),
        )
        assert {(each.city, each.rows, each.enrolled) for each in lists} == {
            ("Kota Bungo", 3, 3),
            ("Kota Jambi", 2, 2),
        }

    def test_it_tells_two_lists_of_one_agreement_apart_by_file_and_day(self, jambi: Place) -> None:
        with jambi.city.acting():
            for number, people in enumerate((world.crowd(1, after=70), world.crowd(1, after=80))):
                world.roster(jambi.city, jambi.agreement, *people, on=date(2025, 6, 20 + number))
        with jambi.city.acting(Role.BRANCH_OFFICER, on=date(2025, 6, 25)):
            lists = lists_in()
        assert len({each.agreement for each in lists}) == 1
        assert {each.file for each in lists} == {"daftar.csv"}
        assert len({(each.file, each.received_at) for each in lists}) == len(lists) == 3


class TestAuditor:
    def test_it_shows_the_newest_money_with_the_two_who_stand_for_it(self, jambi: Place) -> None:
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        with jambi.city.acting(Role.AUDITOR):
            moved = latest_money()
        assert [each.month for each in moved][:2] == [OCTOBER, Month(2025, 9)]
        assert (moved[0].amount, moved[0].recorded_by, moved[0].confirmed_by) == (
            33_600,
            jambi.city.users[Role.CITY_OFFICER].name,
            jambi.city.users[Role.FINANCE_OFFICER].name,
        )

    def test_it_shows_who_looked_and_nobody_of_another_city(self, jambi: Place) -> None:
        bungo = world.city("bungo", branch=jambi.city.branch)
        for place, action in ((jambi.city, "document.opened"), (bungo, "worker.revealed")):
            with place.acting() as officer:
                audit.record(action, by=officer, subject="x:1", sponsor_id=place.sponsor.pk, detail={})
        with jambi.city.acting(Role.AUDITOR):
            assert [look.what.id for look in latest_looks()] == ["membuka dokumen"]
        with bungo.acting(Role.AUDITOR):
            assert [look.what.id for look in latest_looks()] == ["membuka NIK lengkap"]

    def test_it_names_what_was_looked_at(self, jambi: Place) -> None:
        with jambi.city.acting() as officer:
            for subject in (f"agreement:{jambi.agreement.pk}", "agreement:999999", "x:1"):
                audit.record(
                    "document.opened",
                    by=officer,
                    subject=subject,
                    sponsor_id=jambi.city.sponsor.pk,
                    detail={},
                )
        with jambi.city.acting(Role.AUDITOR):
            about = [look.about for look in latest_looks()]
        assert about == [None, None, Text(jambi.agreement.title, jambi.agreement.title)]

    def test_it_names_a_document_by_its_file_and_a_list_taken_out_with_whole_numbers(
        self, jambi: Place
    ) -> None:
        with jambi.city.acting() as officer:
            document = Document.objects.order_by("pk")[0]
            audit.record(
                "roster.taken_out",
                by=officer,
                subject=f"document:{document.pk}",
                sponsor_id=jambi.city.sponsor.pk,
                detail={},
            )
        with jambi.city.acting(Role.AUDITOR):
            look = latest_looks()[0]
        assert (look.what.id, look.about) == (
            "mengunduh daftar dengan NIK lengkap",
            Text(document.name, document.name),
        )


class TestCity:
    def sentences(self, jambi: Place, on: date) -> list[tuple[str, str]]:
        with jambi.city.acting(Role.MAYOR, on=on):
            return [(each.value.id, each.sentence.id) for each in city_figures.figures(today(on=on))]

    def test_it_gives_each_figure_its_denominator(self, jambi: Place) -> None:
        """Two of 5,000 are protected; June to October are paid, November is late."""
        world.pay_months(jambi.city, jambi.agreement, JUNE, OCTOBER)
        protected, behind, cost, money, paid, waiting = self.sentences(jambi, NOVEMBER_20)
        assert protected == (
            "2",
            "2 dari kuota 5.000 orang (0%). Sumber: daftar pekerja dan SP2D di Lindung.",
        )
        assert behind == (
            "2",
            "2 dari 2 orang terlindungi; perlindungan berhenti sesudah lebih dari 3 bulan tidak dibayar.",
        )
        assert cost[0] == "Rp33.600"
        assert money[0] == "belum ada"
        assert paid == ("5", "Dari 6 bulan iuran 2025 yang sudah jatuh tempo; 1 belum dibayar.")
        assert waiting[0] == "0"

    def test_it_praises_nobody_for_months_that_were_never_drawn(self, jambi: Place) -> None:
        """Nothing was ever paid: all six months that came due are missing."""
        assert self.sentences(jambi, NOVEMBER_20)[4] == (
            "0",
            "Dari 6 bulan iuran 2025 yang sudah jatuh tempo; 6 belum dibayar.",
        )

    def test_it_names_nobody(self, jambi: Place) -> None:
        said = " ".join(sentence for _, sentence in self.sentences(jambi, NOVEMBER_20))
        assert "Siti" not in said
        assert "Budi" not in said

    @pytest.mark.parametrize(
        ("part", "whole", "percent"), [(0, 0, "0"), (1, 200, "1"), (1, 201, "0"), (94, 100, "94")]
    )
    def test_it_rounds_a_share_to_whole_percent(self, part: int, whole: int, percent: str) -> None:
        assert city_figures._percent(part, whole) == percent
