"""Who sees and who writes which rows: asked table by table, by the ORM and by SQL, as the app's own role."""

from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import Model

import code_lists
import employers
import purses
import world
from breakers import match_runs, notices, statements
from breakers import selfpay as selfpay_breakers
from conftest import Connect
from database import execute, fetched
from lindung.access.models import Role
from lindung.access.scope import NOBODY, NOTHING, in_scope
from lindung.contributions import runs
from lindung.law.months import Month
from lindung.membership import exporting
from lindung.membership.models import (
    ColumnWord,
    Correction,
    ExportFormat,
    ExportWhat,
    Roster,
    RosterProgress,
    RowChange,
)
from lindung.partnership import year_papers
from lindung.partnership.budget_years import Turn, YearPaperKind
from lindung.partnership.models import Agreement, Paper
from lindung.people import correcting
from lindung.people.models import Person

JUNE = Month(2025, 6)
PEOPLE = {
    "people_person",
    "people_familymember",
    "people_personcorrection",
    "notices_notice",
    "membership_membership",
    "membership_work",
    "membership_rosterrow",
    "membership_rowchange",
}
"""Where a kelurahan's operator sees only his own."""
SAID_OF_PEOPLE = {
    "membership_membernumber",
    "membership_branchstatus",
    "contributions_branchbalance",
    "claims_determination",
    "claims_estimate",
}
PEOPLE |= SAID_OF_PEOPLE
SYSTEM_ONLY = {"people_person", "people_personscope", "membership_work", "membership_membership"}
ELSEWHERE = {"membership_wage", "membership_memberchange", "membership_ownincome", "membership_owncode"}
"""Where nothing is his: the one wage earner, a stranger, lives in Legok too."""
SYSTEM_ONLY = {
    "people_person",
    "people_personscope",
    "membership_work",
    "membership_membership",
    "membership_wage",
    "membership_memberchange",
}
"""What enrolment alone may add."""
SYSTEM_ONLY |= (SAID_OF_PEOPLE - {"claims_estimate"}) | {"contributions_contributioncode"}
SYSTEM_ONLY |= {"membership_branchimport", "membership_branchline"}
SYSTEM_ONLY |= {"membership_ownincome", "membership_owncode"}
SYSTEM_ONLY |= {"contributions_codelist", "contributions_codeline"}
"""And what an import alone may: BPJS's word."""
SYSTEM_ONLY |= {"ledger_balance", "contributions_reversedmonth"}
"""And what the database writes by itself."""
WITHOUT_PEOPLE = {
    "access_organisation",
    "access_user",
    "access_appointment",
    "access_limitercounter",
    "access_signinlink",
    "ledger_account",
    "contributions_tariffdecision",
    "contributions_tariffamount",
}
"""Tables without rows of people in the register or of one city."""
WITHOUT_PEOPLE |= {"access_servedcity", "access_apiclient", "access_apitoken"}
"""The scope of a partner is made from them, as that of a user from appointments."""
WITHOUT_PEOPLE |= {"partnership_agreementstep", "partnership_yearneed", "contributions_billstep"}
WITHOUT_PEOPLE |= {"partnership_agreementstep", "partnership_yearneed", "notices_noticestep"}
"""Rules that migrations fill and nobody changes."""
WITHOUT_PEOPLE |= {"access_sentonce", "access_draft"}
"""Each row is its user's alone: tests/access/test_once.py and test_drafts.py look behind that wall."""
WITHOUT_PEOPLE |= {"partnership_authority"}
"""Who decides what is the same for everybody: tests/partnership/test_authority.py looks at who writes it."""
WITHOUT_PEOPLE |= {"access_accountchange", "access_onetimelink", "access_opensession"}
WITHOUT_PEOPLE |= {"access_device", "access_devicepass"}
"""Of people with accounts, as users and appointments: tests/access/test_account_walls.py looks behind that wall."""
WITHOUT_PEOPLE |= {"jobs_jobfailure", "jobs_jobclosure"}
"""Of tasks, which carry ids and nothing else."""


WITHOUT_PEOPLE |= {"ledger_block"}
"""Hashes of everybody's rows together: tests/ledger/test_blocks.py looks at who makes them."""


class Stage(NamedTuple):
    """Kota Jambi with two people of two kelurahan, one month paid; Kota Bungo of the same branch with nothing."""

    jambi: world.City
    bungo: world.City


@pytest.fixture
def stage(db: None) -> Stage:
    return built()


def built() -> Stage:
    jambi = world.city()
    agreement = world.agreement(jambi, budgets={2025: 10**9})
    people = world.enrol(jambi, agreement, world.SITI, world.BUDI)
    employers.minimum_wage(jambi)
    employers.employ(jambi, employers.unit(jambi), world.STRANGER)
    selfpay_breakers.staffed(jambi)
    for person_id in people:
        employers.child(jambi, person_id)
        _corrected(jambi, person_id)
    june = world.pay(jambi, agreement, JUNE)
    with jambi.acting():
        Paper.objects.create(
            agreement=agreement,
            sponsor=jambi.sponsor,
            kind="sk",
            number="SK/112/2025",
            signed_at="Jambi",
            signed_on=JUNE.first_day(),
            recorded_on=JUNE.first_day(),
            first_party="Wali Kota Jambi",
        )
        year_papers.pass_on(
            agreement_id=agreement.pk,
            kind=YearPaperKind.SK,
            year=2028,
            turn=Turn.LEGAL,
            since=world.TODAY,
            by=jambi.actor(),
        )
    world.set_quota(jambi, agreement, 5_001)
    world.words_of_every_kind(jambi, agreement, world.SITI, world.BUDI)
    statements.banked(jambi)
    match_runs.began_with_a_line(jambi)
    code_lists.listed(jambi, june.bill, world.SITI, world.BUDI)
    export(jambi)
    notices.told(jambi)
    _mended_list(jambi, agreement)
    purses.a_shortfall(jambi, agreement, Month(2025, 7))
    purses.a_reversal(jambi, agreement, Month(2025, 8))
    _charged_and_run(jambi)
    return Stage(jambi, world.city("bungo", branch=jambi.branch))


def _corrected(place: world.City, person_id: int) -> None:
    """A birth place that was missing."""
    with place.acting() as officer:
        said = correcting.identity_of(Person.objects.get(pk=person_id))
        correcting.correct(
            person_id=person_id,
            to=said._replace(birth_place="Muaro Jambi"),
            reason="Dicocokkan dengan KTP",
            revision=0,
            by=officer,
            now=world.at(world.TODAY),
            on=world.TODAY,
        )


def export(place: world.City) -> None:
    """An export that the officer asked for."""
    with place.acting() as officer:
        exporting.request(
            what=ExportWhat.WORKERS,
            choice={},
            format=ExportFormat.CSV,
            whole_nik=True,
            purpose="Rapat",
            rows=2,
            sponsor_id=place.sponsor.pk,
            by=officer,
            now=world.at(world.TODAY),
        )


def _charged_and_run(place: world.City) -> None:
    """The wage earner's June paid late, July with its fine; and all bills of July asked for together."""
    with place.acting() as officer:
        unit = Agreement.objects.get(kind="employer")
        world.pay(place, unit, JUNE, on=JUNE.plus(2).first_day())
        world.bill(place, unit, JUNE.next())
        runs.start(month=JUNE.next(), as_draft=True, by=officer, now=world.at(world.TODAY), beside=False)


def _mended_list(jambi: world.City, agreement: Agreement) -> None:
    """What belongs to a list beside its rows: how far it came, two changes, a correction, a learnt heading."""
    with jambi.acting() as officer:
        listed = Roster.objects.get(agreement=agreement)
        own = {"roster": listed, "sponsor": jambi.sponsor}
        RosterProgress.objects.create(**own, rows_done=2, rows_total=2)
        Correction.objects.create(
            **own,
            document=listed.document,
            revision=1,
            changed=0,
            added=0,
            gone=0,
            received_at=world.at(world.REGISTERED),
        )
        ColumnWord.objects.create(
            sponsor=jambi.sponsor, words="nomornya", field="nik", set_at=world.at(world.REGISTERED)
        )
        for line, worker in ((2, world.SITI), (3, world.BUDI)):
            RowChange.objects.create(
                **own,
                number=line,
                revision=2,
                kelurahan_code=worker.kelurahan_code,
                before=b"",
                after=b"",
                changed_by_id=officer.user_id,
                changed_by_name=officer.name,
                changed_at=world.at(world.REGISTERED),
                event_id=world.event(jambi),
            )


def tables() -> dict[str, type[Model]]:
    """Our tables with rows that belong to somebody."""
    models = [model for model in apps.get_models() if model.__module__.startswith("lindung.")]
    return {model._meta.db_table: model for model in models if model._meta.db_table not in WITHOUT_PEOPLE}


def seen_by_sql() -> dict[str, int]:
    return {name: fetched(f"SELECT count(*) FROM {name}")[0][0] for name in tables()}


def seen_by_orm() -> dict[str, int]:
    return {name: model._default_manager.count() for name, model in tables().items()}


NOTHING_AT_ALL = dict.fromkeys(tables(), 0)


class TestWalls:
    def test_it_has_a_wall_around_every_table_that_needs_one(self, db: None) -> None:
        walls = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind IN ('r', 'p')"
        assert sorted(set(tables()) - {name for (name,) in fetched(walls)}) == []

    def test_it_has_rows_to_hide_in_every_table(self, stage: Stage) -> None:
        """Or the tests below would pass over empty tables."""
        with stage.jambi.acting():
            assert [name for name, count in seen_by_sql().items() if not count] == []

    def test_it_opens_no_partition_beside_the_table(self, stage: Stage) -> None:
        parts = fetched("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")
        rights = "has_table_privilege('lindung_app', %s, 'SELECT, INSERT, UPDATE, DELETE')"
        assert parts
        assert [name for (name,) in parts if fetched(f"SELECT {rights}", name) == [(True,)]] == []


class TestSeeing:
    def test_it_shows_nothing_without_a_scope(self, stage: Stage) -> None:
        assert seen_by_sql() == NOTHING_AT_ALL
        assert seen_by_orm() == NOTHING_AT_ALL

    def test_it_shows_nothing_in_the_empty_scope(self, stage: Stage) -> None:
        with in_scope(NOTHING, actor=NOBODY):
            assert seen_by_sql() == NOTHING_AT_ALL

    def test_it_shows_nothing_to_a_connection_that_only_knows_the_password(
        self, fresh_database: str, as_role: Connect
    ) -> None:
        """Committed rows, and a plain connection of the app's role beside the programme."""
        built()
        connection = as_role("lindung_app")
        seen = {
            name: connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone() for name in tables()
        }
        assert seen == dict.fromkeys(tables(), (0,))

    def test_it_shows_an_officer_of_another_city_nothing(self, stage: Stage) -> None:
        with stage.bungo.acting():
            own = {"access_auditevent": seen_by_sql()["access_auditevent"]}
            assert seen_by_sql() == NOTHING_AT_ALL | own
            assert seen_by_orm() == NOTHING_AT_ALL | own
            assert fetched(
                "SELECT count(*) FROM access_auditevent WHERE sponsor_id = %s", stage.jambi.sponsor.pk
            ) == [(0,)]

    def test_it_shows_the_branch_what_the_city_sees(self, stage: Stage) -> None:
        with stage.jambi.acting():
            city = seen_by_sql()
        with stage.bungo.acting(Role.BRANCH_OFFICER):
            assert {name: count for name, count in seen_by_sql().items() if count < city[name]} == {}

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR, Role.FINANCE_OFFICER])
    def test_it_shows_the_whole_city_to_those_who_answer_for_it(self, stage: Stage, role: Role) -> None:
        with stage.jambi.acting():
            city = seen_by_sql()
        with stage.jambi.acting(role):
            assert {
                name: (count, city[name]) for name, count in seen_by_sql().items() if count != city[name]
            } == {}

    def test_it_shows_an_operator_the_people_of_his_kelurahan_only(self, stage: Stage) -> None:
        """Ibu Siti lives in The Hok, which is his; Pak Budi lives in Legok."""
        with stage.jambi.acting(Role.KELURAHAN_OPERATOR):
            counts = seen_by_sql()
            assert {name: counts[name] for name in PEOPLE} == dict.fromkeys(PEOPLE, 1)
            assert {name: counts[name] for name in ELSEWHERE} == dict.fromkeys(ELSEWHERE, 0)
            assert fetched("SELECT name FROM people_person") == [("Siti Aminah",)]
            assert fetched("SELECT DISTINCT kelurahan_code FROM membership_membership") == [(world.THE_HOK,)]


class TestWriting:
    """An exact copy of a row that is there: a reader is refused for looking only, an officer for writing it twice."""

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR])
    def test_it_lets_those_who_look_add_nothing(self, stage: Stage, role: Role) -> None:
        with stage.jambi.acting(role):
            verdicts = {name: copy_of_a_row(name) for name in copied_tables()}
        assert {name: verdict for name, verdict in verdicts.items() if verdict != "forbidden"} == {}

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.AUDITOR])
    def test_it_lets_those_who_look_change_and_remove_nothing(self, stage: Stage, role: Role) -> None:
        with stage.jambi.acting(role):
            for name, column in CHANGEABLE.items():
                assert execute(f"UPDATE {name} SET {column} = {column}") == 0

    def test_it_refuses_an_officer_only_because_the_row_is_there_already(self, stage: Stage) -> None:
        with stage.jambi.acting():
            verdicts = {name: copy_of_a_row(name) for name in copied_tables()}
        assert {name for name, verdict in verdicts.items() if verdict == "forbidden"} == SYSTEM_ONLY

    def test_it_lets_an_officer_change_the_few_columns_that_have_a_life(self, stage: Stage) -> None:
        with stage.jambi.acting():
            changed = {name for name, column in CHANGEABLE.items() if may_change(name, column)}
        assert changed == set(CHANGEABLE)

    def test_it_lets_nobody_write_for_another_city(self, stage: Stage) -> None:
        with (
            stage.bungo.acting(),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            Paper.objects.create(
                agreement_id=1,
                sponsor=stage.jambi.sponsor,
                kind="sk",
                number="palsu",
                signed_at="Bungo",
                signed_on=JUNE.first_day(),
                recorded_on=JUNE.first_day(),
                first_party="Orang Lain",
            )

    def test_it_finds_nothing_to_change_in_another_city(self, stage: Stage) -> None:
        with stage.bungo.acting():
            assert {
                name: execute(f"UPDATE {name} SET {column} = {column}") for name, column in CHANGEABLE.items()
            } == (dict.fromkeys(CHANGEABLE, 0))


def copied_tables() -> set[str]:
    """All but the trail, to which readers add as well: looking at a full NIK is an event."""
    return set(tables()) - {"access_auditevent"}


CHANGEABLE = {
    "people_person": "birth_place",
    "partnership_agreement": "until",
    "partnership_segment": "quota",
    "partnership_yearpaper": "withdrawn_at",
    "membership_roster": "status",
    "membership_employerunit": "npp",
    "membership_rosterrow": "gone",
    "membership_rosterprogress": "rows_done",
    "membership_correction": "stored_at",
    "membership_columnword": "field",
    "contributions_bill": "status",
    "contributions_payment": "confirmed_at",
    "contributions_statementline": "reason",
    "contributions_linematch": "undone_event_id",
    "notices_notice": "reason",
}
"""The only columns of these tables that anybody may change after the row is written."""


PAST_THE_TRIGGERS = {
    "contributions_bill": {'"status"': "'final'"},
    "contributions_payment": {
        '"recorded_by_id"': "lindung_actor()",
        '"confirmed_by_id"': "NULL",
        '"confirmed_at"': "NULL",
        '"reversal_asked_by_id"': "NULL",
        '"reversal_asked_at"': "NULL",
        '"reversal_reason"': "''",
        '"reversed_by_id"': "NULL",
        '"reversed_at"': "NULL",
    },
    "contributions_statementline": {'"state"': "'debit'"},
    "contributions_settlement": {'"amount"': "0", '"reversed_by_id"': "NULL"},
    "membership_differencenote": {'"noted_by_id"': "lindung_actor()"},
}
"""What a copy says otherwise, so that it is not a trigger that refuses it before the wall is asked."""


def copy_of_a_row(table: str) -> str:
    """Write an existing row once more; how the database answers."""
    names = [
        f'"{name}"'
        for (name,) in fetched(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND attgenerated = ''",
            table,
        )
    ]
    columns, values = (
        ", ".join(names),
        ", ".join(PAST_THE_TRIGGERS.get(table, {}).get(name, name) for name in names),
    )
    try:
        with transaction.atomic():
            execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} LIMIT 1")
    except ProgrammingError:
        return "forbidden"
    except IntegrityError as refusal:
        return str(refusal)
    return "written"


def may_change(table: str, column: str) -> bool:
    """Whether the role holds the right; a trigger may still refuse the step."""
    right: list[tuple[Any, ...]] = fetched(
        "SELECT has_column_privilege(current_user, %s, %s, 'UPDATE')", table, column
    )
    return bool(right[0][0])


def test_it_asks_once_for_a_statement_what_is_in_sight(db: None) -> None:
    """A rule that calls the function for each row makes every list a quarter slower: see row_security.asked_once."""
    asked_by_row = (
        "SELECT tablename FROM pg_policies WHERE cmd = 'SELECT' AND qual ~ 'lindung_sees(_place)?[(]'"
    )
    assert fetched(asked_by_row) == []
