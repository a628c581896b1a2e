"""Who may take a list out of the house: races, rows that were slipped in, and what another city sees."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

import world
from database import at_once
from lindung.access.models import Role
from lindung.access.scope import Actor
from lindung.engine.refusals import explained
from lindung.membership import exporting
from lindung.membership.models import ExportFormat, ExportRequest, ExportWhat

NOW = world.at(world.TODAY)


def ask(place: world.City, by: Actor, *, rows: int = 2, whole_nik: bool = False) -> ExportRequest:
    return exporting.request(
        what=ExportWhat.WORKERS,
        choice={},
        format=ExportFormat.CSV,
        whole_nik=whole_nik,
        purpose="Rapat",
        rows=rows,
        sponsor_id=place.sponsor.pk,
        by=by,
        now=NOW,
    )


@pytest.mark.django_db
class TestTwoPersons:
    def test_it_lets_an_auditor_ask_and_approve_though_he_changes_nothing_else(self) -> None:
        city = world.city()
        with city.acting() as officer:
            of_officer = ask(city, officer, rows=500)
        with city.acting(Role.AUDITOR) as auditor:
            assert ask(city, auditor).needs_second is False
            exporting.approve(request_id=of_officer.pk, by=auditor, now=NOW)
        with city.acting() as officer:
            assert exporting.to_fetch(request_id=of_officer.pk, by=officer, now=NOW).pk == of_officer.pk

    def test_it_is_not_approved_after_a_day(self) -> None:
        city = world.city()
        with city.acting() as officer:
            asked = ask(city, officer, rows=500)
        with city.acting(Role.AUDITOR) as auditor, pytest.raises(exporting.NotApproved):
            exporting.approve(request_id=asked.pk, by=auditor, now=NOW + timedelta(hours=24))

    def test_it_is_not_there_for_another_city_nor_for_an_operator(self) -> None:
        city = world.city()
        bungo = world.city("bungo", branch=city.branch)
        with city.acting() as officer:
            asked = ask(city, officer)
        for place, role in ((bungo, Role.CITY_OFFICER), (city, Role.KELURAHAN_OPERATOR)):
            with place.acting(role) as other, pytest.raises(ExportRequest.DoesNotExist):
                exporting.to_fetch(request_id=asked.pk, by=other, now=NOW)

    def test_it_can_be_fetched_by_sql_neither_twice_nor_by_another(self) -> None:
        city = world.city()
        with city.acting() as officer:
            asked = ask(city, officer)
            exporting.fetched(asked, rows=2, by=officer, now=NOW)
        for role in (Role.CITY_OFFICER, Role.AUDITOR):
            with city.acting(role), pytest.raises(IntegrityError) as refusal, transaction.atomic():
                ExportRequest.objects.filter(pk=asked.pk).update(fetched_at=NOW + timedelta(hours=1))
            assert explained(refusal.value) is not None


class TestRaces:
    def test_it_hands_out_one_file_to_twenty_presses(self, fresh_database: str) -> None:
        city = world.city()
        with city.acting() as officer:
            asked = ask(city, officer)

        def fetch() -> int:
            with city.acting() as officer:
                found = exporting.to_fetch(request_id=asked.pk, by=officer, now=NOW)
                return exporting.fetched(found, rows=2, by=officer, now=NOW)

        answers = at_once(*[fetch] * 8)
        assert len([answer for answer in answers if isinstance(answer, int)]) == 1
        refused = [answer for answer in answers if isinstance(answer, exporting.NotHandedOut)]
        assert {each.code for each in refused} == {"export.fetched"}
        assert len(refused) == 7

    def test_it_counts_the_day_of_one_user_one_after_the_other(self, fresh_database: str) -> None:
        """Four times 200 at the same moment: two may go alone, whoever comes first."""
        city = world.city()

        def wish() -> bool:
            with city.acting() as officer:
                return ask(city, officer, rows=200).needs_second

        assert sorted(map(bool, at_once(*[wish] * 4))) == [False, False, True, True]
