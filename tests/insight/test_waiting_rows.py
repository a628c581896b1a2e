"""Whose names wait, for whom: what a person asked can answer, what the office must decide, and what waits for nobody."""

from datetime import date

import pytest

import world
from database import fetched
from lindung.access.models import Role
from lindung.insight import city_figures
from lindung.insight.mending_desk import mending
from lindung.insight.today import Today, today
from lindung.insight.waiting_rows import Lists, lists_of
from lindung.membership import arriving
from lindung.partnership import agreements
from lindung.partnership.models import Agreement
from membership.sheets import FIRST, cells, newcomers, receive, text, told
from world import BUDI, LEGOK, SITI, City

AUGUST = date(2025, 8, 1)


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


def waiting(place: City, promised: Agreement, role: Role = Role.CITY_OFFICER) -> Lists:
    with place.acting(role, on=AUGUST):
        return lists_of([promised.pk])[promised.pk]


def day(place: City, role: Role = Role.CITY_OFFICER) -> Today:
    with place.acting(role, on=AUGUST):
        return today(on=AUGUST)


class TestForWhom:
    """One place for three women of The Hok: one takes it, one has no place left, the NIK of one is too short."""

    @pytest.fixture
    def narrow(self, jambi: City) -> Agreement:
        promised = world.agreement(jambi, "sempit", quota=1)
        first, second, third = newcomers(3)
        self.roster = receive(jambi, promised, text(cells(first), cells(second), cells(third, NIK="15710")))
        assert told(jambi, self.roster)[FIRST + 1].codes == ("quota.full",)
        return promised

    def test_a_full_quota_is_no_name_to_mend(self, jambi: City, narrow: Agreement) -> None:
        with jambi.acting(Role.KELURAHAN_OPERATOR, on=AUGUST):
            desk = mending(today(on=AUGUST).agreements)
        assert (desk.to_fix, [each.line for each in desk.names]) == (1, [FIRST + 2])

    def test_the_officer_is_told_of_both_and_apart(self, jambi: City, narrow: Agreement) -> None:
        shown = day(jambi)
        [agreement] = shown.agreements
        assert (agreement.ready, agreement.to_fix, agreement.for_office) == (1, 1, 1)
        told = {need.kind: need for need in shown.needs}
        assert "1 baris perlu diperbaiki" in told["to_fix"].text.id
        assert "1 orang belum mendapat tempat" in told["no_place"].text.id
        assert told["no_place"].url_args == (self.roster,)

    def test_the_mayor_counts_every_name_once(self, jambi: City, narrow: Agreement) -> None:
        with jambi.acting(Role.MAYOR, on=AUGUST):
            figure = city_figures.figures(today(on=AUGUST))[-1]
        assert figure.value.id == "3"
        assert "1 siap didaftarkan, 1 perlu diperbaiki dan 1 menunggu tempat" in figure.sentence.id


class TestOver:
    def test_the_lists_of_an_agreement_that_is_over_ask_for_nothing(self, jambi: City) -> None:
        promised = world.agreement(jambi)
        roster = receive(jambi, promised, text(cells(SITI), cells(BUDI, NIK="15710")))
        assert {need.kind for need in day(jambi).needs} >= {"ready", "to_fix"}
        with jambi.acting(on=AUGUST) as officer:
            agreements.terminate(
                agreement_id=promised.pk, on=AUGUST, reason="Uji", by=officer, now=world.at(AUGUST)
            )
        assert waiting(jambi, promised) == Lists(newest=roster)
        assert not {need.kind for need in day(jambi).needs} & {"ready", "to_fix", "no_place"}


class TestMovedAway:
    """Ibu Siti stands in The Hok in May with a birth date nobody can read, and in Legok in a newer list."""

    @pytest.fixture
    def rentan(self, jambi: City) -> Agreement:
        promised = world.agreement(jambi)
        receive(jambi, promised, text(cells(SITI, **{"Tgl Lahir": "?"})))
        assert waiting(jambi, promised, Role.KELURAHAN_OPERATOR).to_fix == 1
        moved = text(cells(SITI, Kelurahan="Legok"))
        self.newer = receive(jambi, promised, moved, name="baru.csv", on=AUGUST)
        return promised

    def test_an_operator_is_not_asked_about_a_row_that_a_newer_list_replaced(
        self, jambi: City, rentan: Agreement
    ) -> None:
        assert (waiting(jambi, rentan).to_fix, waiting(jambi, rentan).ready) == (0, 1)
        hers = waiting(jambi, rentan, Role.KELURAHAN_OPERATOR)
        assert (hers.to_fix, hers.ready) == (0, 0)

    def test_she_is_asked_again_when_the_newer_list_is_withdrawn(
        self, jambi: City, rentan: Agreement
    ) -> None:
        with jambi.acting(on=AUGUST) as officer:
            arriving.withdraw(roster_id=self.newer, reason="Salah berkas", by=officer, now=world.at(AUGUST))
        assert waiting(jambi, rentan, Role.KELURAHAN_OPERATOR).to_fix == 1

    def test_what_answers_it_says_nothing_of_rows_out_of_sight(self, jambi: City, rentan: Agreement) -> None:
        """Pak Budi's old row stands in Legok and is replaced as well: she cannot learn it."""
        older = receive(jambi, world.agreement(jambi, "lain"), text(cells(BUDI, **{"Tgl Lahir": "?"})))
        with jambi.acting():
            promised = Agreement.objects.get(rosters=older)
        receive(jambi, promised, text(cells(BUDI, Kelurahan="Thehok")), name="baru.csv", on=AUGUST)
        asked = f"SELECT membership_row_is_replaced({older}, {FIRST})"
        assert BUDI.kelurahan_code == LEGOK
        with jambi.acting():
            assert fetched(asked) == [(True,)]
        with jambi.acting(Role.KELURAHAN_OPERATOR):
            assert fetched(asked) == [(False,)]
