"""The one register of people: sealed, found by blind index, seen only by who sponsors them."""

import pytest
from django.db import IntegrityError, transaction

import world
from database import as_loader, execute, fetched, forbidden, refused
from lindung.access.models import Role
from lindung.access.scope import SystemScope, system_scope
from lindung.access.sealing import SealBroken, unseal
from lindung.people.models import Person, PersonScope


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


@pytest.fixture
def siti(jambi: world.City) -> Person:
    (person_id,) = world.enrol(jambi, world.agreement(jambi), world.SITI)
    with jambi.acting():
        return Person.objects.get(pk=person_id)


class TestSealing:
    def test_it_opens_the_nik_only_in_its_own_row(self, siti: Person) -> None:
        sealed = bytes(siti.nik_sealed)
        assert unseal(sealed, table="people_person", column="nik_sealed", row_id=siti.pk) == world.SITI.nik
        with pytest.raises(SealBroken):
            unseal(sealed, table="people_person", column="nik_sealed", row_id=siti.pk + 1)

    def test_it_leaves_no_nik_in_clear_in_any_column(self, jambi: world.City, siti: Person) -> None:
        with jambi.acting():
            rows = fetched(
                "SELECT p::text FROM people_person p UNION ALL SELECT r::text FROM membership_rosterrow r"
                " UNION ALL SELECT e::text FROM access_auditevent e"
            )
        assert rows
        assert not any(world.SITI.nik in text or world.SITI.nik.encode().hex() in text for (text,) in rows)

    def test_it_finds_a_person_by_the_nik_without_storing_it(self, jambi: world.City, siti: Person) -> None:
        with jambi.acting():
            assert world.person_id(world.SITI) == siti.pk


class TestOnce:
    def test_it_is_one_person_for_two_agreements_and_two_works(self, jambi: world.City, siti: Person) -> None:
        other = world.agreement(jambi, "keagamaan")
        (person_id,) = world.enrol(
            jambi, other, world.SITI._replace(name="Hj. Siti Aminah", occupation="Marbot")
        )
        assert person_id == siti.pk

    def test_it_refuses_a_second_person_under_the_same_nik(self, jambi: world.City, siti: Person) -> None:
        scope = system_scope(SystemScope.ENROLLING, actor=jambi.actor())
        with scope, refused("people_person_nik_index_key"), as_loader():
            Person.objects.create(
                name="Siti Aminah",
                name_key="siti aminah",
                birth_date=siti.birth_date,
                sex="F",
                kelurahan_code=siti.kelurahan_code,
                nik_sealed=siti.nik_sealed,
                nik_index=siti.nik_index,
                event_id=siti.event_id,
            )


class TestWhoSees:
    def test_it_is_seen_by_its_sponsor_and_the_branch_that_serves_him(
        self, jambi: world.City, siti: Person
    ) -> None:
        seen = {role: sees(jambi, role, siti) for role in jambi.users}
        assert seen == dict.fromkeys(jambi.users, True)

    def test_it_is_not_seen_by_another_city(self, jambi: world.City, siti: Person) -> None:
        bungo = world.city("bungo", branch=jambi.branch)
        seen = {role: sees(bungo, role, siti) for role in bungo.users}
        assert seen == {role: role == Role.BRANCH_OFFICER for role in bungo.users}

    def test_it_is_seen_by_a_second_city_once_that_city_enrols_it(
        self, jambi: world.City, siti: Person
    ) -> None:
        bungo = world.city("bungo", branch=jambi.branch)
        with system_scope(SystemScope.ENROLLING, actor=bungo.actor()):
            event = world.event(bungo)
            with as_loader():
                PersonScope.objects.create(person=siti, sponsor=bungo.sponsor, event_id=event)
        assert sees(bungo, Role.CITY_OFFICER, siti)

    def test_it_is_seen_by_nobody_without_a_scope(self, siti: Person) -> None:
        assert fetched("SELECT count(*) FROM people_person") == [(0,)]
        assert not Person.objects.exists()

    def test_it_is_added_by_enrolment_only(self, jambi: world.City, siti: Person) -> None:
        """Nobody who signs in may add, change or remove a person, whatever she sees."""
        with jambi.acting():
            for statement in (
                "INSERT INTO people_person SELECT * FROM people_person",
                "INSERT INTO people_personscope SELECT * FROM people_personscope",
                "UPDATE people_person SET nik_index = decode('00', 'hex')",
                "DELETE FROM people_person",
                "DELETE FROM people_personscope",
            ):
                with forbidden():
                    execute(statement)

    def test_it_is_not_changed_past_the_record_of_its_correction(
        self, jambi: world.City, siti: Person
    ) -> None:
        with (
            jambi.acting(),
            pytest.raises(IntegrityError, match="correction of the person is not recorded"),
            transaction.atomic(),
        ):
            execute("UPDATE people_person SET name = 'Orang Lain'")

    def test_it_cannot_be_changed_even_by_enrolment(self, jambi: world.City, siti: Person) -> None:
        with system_scope(SystemScope.ENROLLING, actor=jambi.actor()):
            for statement in ("UPDATE people_person SET name = 'Orang Lain'", "DELETE FROM people_person"):
                with forbidden(), as_loader():
                    execute(statement)


def sees(place: world.City, role: Role, person: Person) -> bool:
    with place.acting(role):
        return Person.objects.filter(pk=person.pk).exists()
