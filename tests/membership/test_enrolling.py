"""The ready rows become people who are members: all of them or none, nobody twice, whoever else is at it."""

import random
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

import pytest
from django.db import DatabaseError, IntegrityError

import world
from conftest import Connect, Connection
from database import as_loader, at_once, check_as_at_commit, execute, fetched, forbidden, refused
from lindung.access import audit
from lindung.access.models import AuditEvent, Role
from lindung.access.scope import SystemScope, system_scope
from lindung.access.sealing import SealBroken, blind_index, unseal
from lindung.engine.refusals import constraint_of
from lindung.law.months import Month
from lindung.membership import enrolling
from lindung.membership.enrolling import Enrolment
from lindung.membership.models import Membership, Roster, RosterStatus, Work
from lindung.partnership.models import Agreement
from lindung.people.models import Person, PersonScope
from membership.past import protected_before
from membership.sheets import FIRST, READY, Told, cells, counts, newcomers, receive, text, told
from world import BUDI, SITI, STRANGER, City, Worker

TOUCHED = ("people_person", "people_personscope", "membership_work", "membership_membership")


@pytest.fixture
def jambi(db: None) -> City:
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


def listed(place: City, promised: Agreement, *workers: Worker) -> int:
    """A judged list of these workers, every row ready; its id."""
    with place.acting():
        return int(world.roster(place, promised, *workers).pk)


def enrol(place: City, roster_id: int, role: Role = Role.CITY_OFFICER) -> Enrolment:
    with place.acting(role) as actor:
        return enrolling.enrol(roster_id=roster_id, by=actor, now=world.at(world.REGISTERED))


class TestEnrolling:
    def test_a_ready_row_becomes_a_person_a_work_and_a_membership(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, HP="0840-1234-5678")))
        done = enrol(jambi, roster)
        assert (done.enrolled, done.lost) == (1, 0)
        with jambi.acting():
            member = Membership.objects.select_related("person", "work").get()
            siti, work = member.person, member.work
            assert (siti.name, siti.name_key, siti.birth_place) == ("Siti Aminah", "siti aminah", "Jambi")
            assert (siti.birth_date, siti.sex, siti.kelurahan_code) == (SITI.birth_date, "F", world.THE_HOK)
            assert (work.kind, member.slot, work.occupation, work.sector) == (
                "bpu",
                1,
                "street_cleaner",
                "other",
            )
            assert (member.agreement_id, member.sponsor_id) == (rentan.pk, jambi.sponsor.pk)
            assert (member.programmes, member.kelurahan_code) == (["jkk", "jkm"], world.THE_HOK)
            assert (member.registered_on, member.since, member.until) == (
                world.REGISTERED,
                date(2025, 6, 1),
                None,
            )
            assert told(jambi, roster) == {FIRST: Told("enrolled")}
            assert Roster.objects.get(pk=roster).status == RosterStatus.ENROLLED

    def test_numbers_are_sealed_for_the_row_of_the_person_and_found_by_their_index(
        self, jambi: City, rentan: Agreement
    ) -> None:
        enrol(jambi, receive(jambi, rentan, text(cells(SITI, HP="0840-1234-5678"), cells(BUDI))))
        with jambi.acting():
            siti = Person.objects.get(nik_index=blind_index("nik", SITI.nik))
            budi = Person.objects.get(nik_index=blind_index("nik", BUDI.nik))
            assert siti == Person.objects.get(phone_index=blind_index("phone", "+6284012345678"))
        opened = partial(unseal, table="people_person", column="nik_sealed")
        assert opened(bytes(siti.nik_sealed), row_id=siti.pk) == SITI.nik
        with pytest.raises(SealBroken):
            opened(bytes(siti.nik_sealed), row_id=budi.pk)
        assert (budi.phone_sealed, budi.phone_index) == (None, None)

    def test_cover_starts_with_the_month_after_unless_another_is_named(self, jambi: City) -> None:
        expected = {
            None: date(2025, 6, 1),
            Month(2025, 5): date(2025, 5, 1),
            Month(2026, 1): date(2026, 1, 1),
        }
        for number, (named, since) in enumerate(expected.items()):
            promised = world.agreement(jambi, f"rentan-{number}", since=Month(2025, 1))
            roster = listed(jambi, promised, newcomers(1, first=number + 1)[0])
            with jambi.acting() as officer:
                enrolling.enrol(
                    roster_id=roster, by=officer, now=world.at(world.REGISTERED), first_month=named
                )
                assert promised.memberships.get().since == since

    def test_cover_never_starts_before_the_enrolment_or_outside_the_agreement(self, jambi: City) -> None:
        """An accident may have happened already, so nobody is enrolled backwards."""
        promised = world.agreement(jambi, since=Month(2025, 7))
        roster = listed(jambi, promised, SITI)
        with jambi.acting() as officer:
            for named in (Month(2025, 4), Month(2025, 6)):
                with pytest.raises(enrolling.TooEarly, match="July 2025"):
                    enrolling.enrol(
                        roster_id=roster, by=officer, now=world.at(world.REGISTERED), first_month=named
                    )
            world.set_end(jambi, promised, date(2026, 1, 1))
            with pytest.raises(enrolling.AfterAgreement, match="1 January 2026"):
                enrolling.enrol(
                    roster_id=roster, by=officer, now=world.at(world.REGISTERED), first_month=Month(2026, 1)
                )
            assert not promised.memberships.exists()

    def test_the_programmes_are_those_of_the_agreement(self, jambi: City) -> None:
        promised = world.agreement(jambi, "jht", programmes=("jkk", "jkm", "jht"))
        enrol(jambi, listed(jambi, promised, SITI))
        with jambi.acting():
            assert promised.memberships.get().programmes == ["jkk", "jkm", "jht"]

    def test_rows_that_are_not_ready_stay_as_they_are(self, jambi: City, rentan: Agreement) -> None:
        content = text(
            cells(SITI), cells(BUDI, NIK=""), cells(STRANGER, **{"Tgl Lahir": "01-01-1950"}), {"Nama": "x"}
        )
        roster = receive(jambi, rentan, content)
        before = told(jambi, roster)
        assert enrol(jambi, roster).enrolled == 1
        assert told(jambi, roster) == before | {FIRST: Told("enrolled")}

    def test_a_second_time_it_changes_nothing(self, jambi: City, rentan: Agreement) -> None:
        roster = listed(jambi, rentan, SITI, BUDI)
        assert enrol(jambi, roster).enrolled == 2
        before = counts()
        assert enrol(jambi, roster) == Enrolment(0, 0, None)
        assert counts() == before

    def test_a_list_without_a_ready_row_changes_nothing(self, jambi: City, rentan: Agreement) -> None:
        roster = receive(jambi, rentan, text(cells(SITI, NIK="")))
        before = counts()
        assert enrol(jambi, roster) == Enrolment(0, 0, None)
        assert counts() == before

    def test_every_row_it_touched_carries_the_event_of_the_run(self, jambi: City, rentan: Agreement) -> None:
        before = counts()
        done = enrol(jambi, listed(jambi, rentan, SITI, BUDI, STRANGER))
        with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
            for table in TOUCHED:
                assert fetched(f"SELECT count(*), min(event_id), max(event_id) FROM {table}") == [
                    (3, done.event_id, done.event_id)
                ]
            event = AuditEvent.objects.get(pk=done.event_id)
            assert (event.action, event.detail) == ("roster.enrolled", {"rows": 3, "since": "2025-06-01"})
            assert (event.actor, event.sponsor) == (jambi.users[Role.CITY_OFFICER], jambi.sponsor)
        grown = {table for table, count in counts().items() if count != before[table]}
        assert grown == {
            *TOUCHED,
            "membership_roster",
            "membership_rosterrow",
            "documents_document",
            "access_auditevent",
        }

    def test_who_is_known_keeps_his_number_and_gains_no_second_self(
        self, jambi: City, rentan: Agreement
    ) -> None:
        """Pak Budi's membership elsewhere has ended: the register knows him, nobody pays for him."""
        bungo = world.city("bungo", branch=jambi.branch)
        known = protected_before(bungo, world.agreement(bungo), BUDI, "driver", until=date(2025, 5, 1))
        roster = receive(jambi, rentan, text(cells(BUDI, Pekerjaan="Penjahit"), cells(SITI)))
        assert told(jambi, roster) == {FIRST: READY, FIRST + 1: READY}
        assert enrol(jambi, roster).enrolled == 2
        with jambi.acting():
            member = Membership.objects.get(person_id=known)
            assert (member.slot, member.work.occupation) == (1, "tailor"), "the other work is over"
            assert Person.objects.get(pk=known).event_id != member.event_id, "his own row is untouched"
            assert PersonScope.objects.filter(person_id=known).count() == 1, "that of the city in sight"
        with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
            assert Person.objects.filter(nik_index=blind_index("nik", BUDI.nik)).count() == 1
            assert PersonScope.objects.filter(person_id=known).count() == 2


class TestWhatHappenedSinceJudging:
    def test_who_was_enrolled_meanwhile_for_the_same_work_stays_out_and_unseen(
        self, jambi: City, rentan: Agreement
    ) -> None:
        bungo = world.city("bungo", branch=jambi.branch)
        roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
        world.enrol(bungo, world.agreement(bungo), SITI)
        done = enrol(jambi, roster)
        assert (done.enrolled, done.lost) == (1, 1)
        assert told(jambi, roster) == {
            FIRST: Told("to_fix", ("register.enrolled_meanwhile",)),
            FIRST + 1: Told("enrolled"),
        }
        with jambi.acting():
            assert [person.name for person in Person.objects.all()] == [BUDI.name]

    @pytest.mark.parametrize(
        "changes", [{"occupation": "Penjahit"}, {"name": "Dewi Lestari", "birth_date": date(1990, 1, 1)}]
    )
    def test_another_work_or_another_name_under_the_number_stays_out_too(
        self, jambi: City, rentan: Agreement, changes: dict[str, str | date]
    ) -> None:
        """What judging would have held up must not slip through because it happened a day later."""
        bungo = world.city("bungo", branch=jambi.branch)
        roster = listed(jambi, rentan, SITI)
        world.enrol(bungo, world.agreement(bungo), SITI._replace(**changes))
        before = counts()
        assert enrol(jambi, roster)[:2] == (0, 1)
        after = counts()
        assert {table for table in after if after[table] != before[table]} == {"access_auditevent"}

    def test_who_has_two_works_by_now_stays_out_and_holds_up_nobody(
        self, jambi: City, rentan: Agreement
    ) -> None:
        """A third one would be refused by the database, and with it the whole list."""
        roster = listed(jambi, rentan, SITI, BUDI)
        for work in ("driver", "farmer"):
            protected_before(jambi, world.agreement(jambi, work), BUDI, work, until=None)
        assert enrol(jambi, roster)[:2] == (1, 1)
        assert told(jambi, roster)[FIRST + 1] == Told("to_fix", ("register.enrolled_meanwhile",))

    def test_a_work_of_the_past_is_not_taken_up_beside_one_that_is_paid_by_now(
        self, jambi: City, rentan: Agreement
    ) -> None:
        protected_before(jambi, rentan, BUDI, "mosque_keeper", until=date(2024, 6, 1))
        roster = receive(jambi, rentan, text(cells(BUDI)))
        assert told(jambi, roster) == {FIRST: READY}
        protected_before(jambi, world.agreement(jambi, "lain"), BUDI, "driver", until=None)
        assert enrol(jambi, roster)[:2] == (0, 1)

    def test_a_list_whose_people_are_all_taken_says_so_once(self, jambi: City, rentan: Agreement) -> None:
        first, second = (
            listed(jambi, promised, SITI) for promised in (rentan, world.agreement(jambi, "lain"))
        )
        assert enrol(jambi, first)[:2] == (1, 0)
        assert enrol(jambi, second)[:2] == (0, 1)
        assert enrol(jambi, second) == Enrolment(0, 0, None)


class TestAllOrNothing:
    @pytest.mark.parametrize("table", [*TOUCHED, "membership_rosterrow"])
    def test_a_fault_in_any_statement_leaves_nothing(
        self, fresh_database: str, as_owner: Connection, table: str
    ) -> None:
        """The owner makes the database refuse the last of five rows, in one table after the other."""
        jambi = world.city()
        roster = listed(jambi, world.agreement(jambi), *newcomers(5))
        before, rows = counts(), told(jambi, roster)
        as_owner.execute(
            "CREATE SEQUENCE refusal; GRANT USAGE ON SEQUENCE refusal TO PUBLIC;"
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            "  IF nextval('refusal') = 5 THEN RAISE EXCEPTION 'disk full, say'; END IF; RETURN NEW; END $$;"
            f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
        with pytest.raises(DatabaseError, match="disk full"):
            enrol(jambi, roster)
        assert (counts(), told(jambi, roster)) == (before, rows)
        assert enrol(jambi, roster).enrolled == 5, "the next attempt completes it"

    def test_one_person_over_the_quota_leaves_nothing(self, jambi: City) -> None:
        promised = world.agreement(jambi, "kecil", quota=2)
        roster = listed(jambi, promised, SITI, BUDI, STRANGER)
        before = counts()
        with refused("membership_within_quota"):
            enrol(jambi, roster)
        assert counts() == before
        world.set_quota(jambi, promised, 3)
        assert enrol(jambi, roster).enrolled == 3

    def test_a_row_that_was_tampered_with_stops_the_whole_list(
        self, fresh_database: str, as_owner: Connection
    ) -> None:
        jambi = world.city()
        roster = listed(jambi, world.agreement(jambi), SITI, BUDI)
        as_owner.execute("ALTER TABLE membership_rosterrow DISABLE TRIGGER roster_row_change_is_kept")
        as_owner.execute(
            "UPDATE membership_rosterrow r SET sealed = o.sealed FROM membership_rosterrow o"
            " WHERE r.roster_id = o.roster_id AND r.roster_id = %s AND r.number <> o.number",
            [roster],
        )
        before = counts()
        with pytest.raises(SealBroken):
            enrol(jambi, roster)
        assert counts() == before


class Race(NamedTuple):
    """A city with committed lists that are about to be enrolled at the same moment."""

    place: City
    rosters: list[int]


def race(*lists: list[Worker], quota: int = 5_000, shared: bool = False) -> Race:
    """One agreement for each list, or one for all of them."""
    jambi = world.city()
    one = world.agreement(jambi, "satu", quota=quota) if shared else None
    promised = [
        one or world.agreement(jambi, f"rentan-{number}", quota=quota) for number in range(len(lists))
    ]
    return Race(jambi, [listed(jambi, *pair[:1], *pair[1]) for pair in zip(promised, lists, strict=True)])


def run(raced: Race) -> list[Enrolment | Exception]:
    calls: list[Callable[[], Enrolment]] = [partial(enrol, raced.place, roster) for roster in raced.rosters]
    return at_once(*calls)


class TestRaces:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_lists_that_share_people_in_any_order_enrol_nobody_twice(
        self, fresh_database: str, seed: int
    ) -> None:
        dice, people = random.Random(seed), newcomers(400)
        lists = [dice.sample(people, 300) for _ in range(4)]
        raced = race(*lists)
        done = run(raced)
        assert {type(each) for each in done} == {Enrolment}, done
        everybody = {worker.nik for workers in lists for worker in workers}
        assert sum(each.enrolled for each in done) == len(everybody)
        assert [each.enrolled + each.lost for each in done] == [300] * 4
        with system_scope(SystemScope.MAINTENANCE, actor=world.BUILDER):
            for table in TOUCHED:
                assert fetched(f"SELECT count(*) FROM {table}") == [(len(everybody),)], table
            assert fetched(
                "SELECT max(n) FROM (SELECT count(*) n FROM membership_membership GROUP BY person_id) x"
            ) == [(1,)]
        for roster, each in zip(raced.rosters, done, strict=True):
            rows = list(told(raced.place, roster).values())
            assert rows.count(Told("enrolled")) == each.enrolled
            assert rows.count(Told("to_fix", ("register.enrolled_meanwhile",))) == each.lost

    def test_the_same_list_by_four_officers_at_once_is_enrolled_once(self, fresh_database: str) -> None:
        raced = race(newcomers(200))
        done = run(raced._replace(rosters=raced.rosters * 4))
        assert sorted(done) == [*[Enrolment(0, 0, None)] * 3, max(done)]
        assert max(done)[:2] == (200, 0)

    def test_two_lists_for_the_last_place_fill_it_once(self, fresh_database: str) -> None:
        raced = race([SITI], [BUDI], quota=1, shared=True)
        won, lost = sorted(run(raced), key=lambda each: isinstance(each, Exception))
        assert won[:2] == (1, 0)
        assert isinstance(lost, IntegrityError)
        assert constraint_of(lost) == "membership_within_quota"
        with raced.place.acting():
            assert Membership.objects.count() == Person.objects.count() == 1


class TestTheDatabaseItself:
    def test_the_app_s_own_role_can_add_no_person_work_or_membership(
        self, jambi: City, rentan: Agreement
    ) -> None:
        world.enrol(jambi, rentan, SITI)
        for table in TOUCHED:
            with system_scope(SystemScope.ENROLLING, actor=world.BUILDER), forbidden():
                execute(f"INSERT INTO {table} SELECT * FROM {table}")

    def test_nor_change_or_remove_one_even_as_the_loader(self, jambi: City, rentan: Agreement) -> None:
        world.enrol(jambi, rentan, SITI)
        for table in TOUCHED:
            for statement in (f"UPDATE {table} SET event_id = event_id", f"DELETE FROM {table}"):
                with system_scope(SystemScope.ENROLLING, actor=world.BUILDER):
                    with forbidden():
                        execute(statement)
                    with forbidden(), as_loader():
                        execute(statement)

    def test_the_loader_s_rights_end_with_the_enrolment(self, jambi: City, rentan: Agreement) -> None:
        with jambi.acting() as officer:
            roster = world.roster(jambi, rentan, SITI).pk
            enrolling.enrol(roster_id=roster, by=officer, now=world.at(world.REGISTERED))
            assert fetched("SELECT current_user::text, current_setting('app.scope')") == [
                ("lindung_app", "working")
            ]
            with forbidden():
                execute("INSERT INTO people_person SELECT * FROM people_person")

    def test_the_loader_s_rights_end_with_a_failed_enrolment_too(self, jambi: City) -> None:
        promised = world.agreement(jambi, "kecil", quota=0)
        with jambi.acting() as officer:
            roster = world.roster(jambi, promised, SITI).pk
            with refused("membership_within_quota"):
                enrolling.enrol(roster_id=roster, by=officer, now=world.at(world.REGISTERED))
            assert fetched("SELECT current_user::text, current_setting('app.scope')") == [
                ("lindung_app", "working")
            ]

    @pytest.mark.parametrize(
        ("since", "until", "wrong"),
        [
            ("2025-06-01", None, "membership_one_per_work_at_a_time"),
            ("2024-01-01", "2025-06-02", "membership_one_per_work_at_a_time"),
            ("2024-01-01", "2025-06-01", None),
        ],
    )
    def test_one_work_has_one_membership_at_a_time_to_the_day(
        self, jambi: City, rentan: Agreement, since: str, until: str | None, wrong: str | None
    ) -> None:
        world.enrol(jambi, rentan, SITI)
        add = (
            "INSERT INTO membership_membership (person_id, work_id, agreement_id, segment_id, sponsor_id,"
            " kelurahan_code, programmes, registered_on, since, until, event_id)"
            " SELECT person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code, programmes,"
            " registered_on, %s, %s, event_id FROM membership_membership"
        )
        with system_scope(SystemScope.ENROLLING, actor=world.BUILDER):
            if wrong is None:
                with as_loader():
                    assert execute(add, since, until) == 1
            else:
                with refused(wrong), as_loader():
                    execute(add, since, until)


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR, Role.KELURAHAN_OPERATOR])
    def test_who_only_reads_or_sees_one_kelurahan_cannot_enrol(
        self, jambi: City, rentan: Agreement, role: Role
    ) -> None:
        roster = listed(jambi, rentan, SITI, BUDI)
        before = counts()
        with pytest.raises(Roster.DoesNotExist):
            enrol(jambi, roster, role)
        assert counts() == before

    def test_another_city_cannot_enrol(self, jambi: City, rentan: Agreement) -> None:
        roster = listed(jambi, rentan, SITI)
        with pytest.raises(Roster.DoesNotExist):
            enrol(world.city("bungo", branch=jambi.branch), roster)

    def test_nobody_enrols_in_another_s_name(self, jambi: City, rentan: Agreement) -> None:
        with jambi.acting(), forbidden():
            audit.record(
                "roster.enrolled",
                by=jambi.actor(Role.FINANCE_OFFICER),
                subject="roster:1",
                sponsor_id=jambi.sponsor.pk,
                detail={},
            )

    def test_an_operator_sees_the_enrolled_of_one_kelurahan_and_nobody_else(
        self, jambi: City, rentan: Agreement
    ) -> None:
        siti, budi, _ = world.enrol(jambi, rentan, SITI, BUDI, STRANGER)
        with jambi.acting(Role.KELURAHAN_OPERATOR):
            assert [person.pk for person in Person.objects.all()] == [siti]
            assert [member.person_id for member in Membership.objects.all()] == [siti]
            assert [work.person_id for work in Work.objects.all()] == [siti]
            assert not Person.objects.filter(pk=budi).exists()

    def test_another_city_sees_nobody(self, jambi: City, rentan: Agreement) -> None:
        world.enrol(jambi, rentan, SITI, BUDI)
        with world.city("bungo", branch=jambi.branch).acting():
            for model in (Person, PersonScope, Work, Membership, Roster):
                assert not model.objects.exists(), model

    def test_the_loader_without_a_scope_sees_nothing(self, fresh_database: str, as_role: Connect) -> None:
        jambi = world.city()
        world.enrol(jambi, world.agreement(jambi), SITI)
        loader = as_role("lindung_loader")
        for table in (*TOUCHED, "membership_rosterrow"):
            assert loader.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        check_as_at_commit()
