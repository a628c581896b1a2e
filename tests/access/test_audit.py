"""The trail: who may add what, who reads what, and that nobody changes it."""

from typing import Any

import psycopg
import pytest
from django.db import Error, connection, transaction

from access.conftest import TODAY, Town
from lindung.access.audit import PersonalDataInAudit, record, without_numbers
from lindung.access.models import AuditEvent
from lindung.access.scope import NOBODY, Actor, Scope, Sight, in_scope, scope_of, system_scope

CANARY = "1571014708900001"


def actor_and_scope(town: Town, who: str) -> tuple[Actor, Scope]:
    user = {"siti": town.siti, "budi": town.budi}[who]
    return Actor.of(user), scope_of(user, TODAY)


def recorded(town: Town, who: str = "siti", **detail: Any) -> int:
    actor, scope = actor_and_scope(town, who)
    with in_scope(scope, actor=actor):
        return record("enrol", by=actor, subject="roster:1", sponsor_id=town.jambi.pk, detail=detail)


def test_it_keeps_who_what_where_and_in_which_transaction(town: Town) -> None:
    event_id = recorded(town, rows=3000)
    with system_scope("maintenance", actor=NOBODY):
        event = AuditEvent.objects.get(pk=event_id)
    assert (event.actor_id, event.actor_name, event.action) == (town.siti.pk, "Siti Aminah", "enrol")
    assert (event.subject, event.sponsor_id, event.detail) == ("roster:1", town.jambi.pk, {"rows": 3000})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert event.txid == cursor.fetchone()[0]


def test_its_moment_is_the_database_s_own_whatever_day_the_house_shows(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_NOW", "2031-01-01T08:15+07:00")
    event_id = recorded(town, rows=1)
    with system_scope("maintenance", actor=NOBODY), connection.cursor() as cursor:
        cursor.execute(
            "SELECT at BETWEEN now() AND clock_timestamp() FROM access_auditevent WHERE id = %s", [event_id]
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"Surat {CANARY}", "Surat •••"),
        ("SKU 0812-3456-7890", "SKU •••"),
        ("Surat kuasa SKU/1/2015", "Surat kuasa SKU/1/2015"),
    ],
)
def test_it_takes_numbers_of_people_out_of_words(town: Town, written: str, kept: str) -> None:
    assert without_numbers(written) == kept
    recorded(town, paper=without_numbers(written))


@pytest.mark.parametrize(
    "detail",
    [
        {"nik": CANARY},
        {"nik": int(CANARY)},
        {"rows": [{"note": f"nik_{CANARY}."}]},
        {CANARY: 1},
        {"phone": "081234567890"},
        {"phone": "+62 812-3456-7890"},
    ],
)
def test_it_refuses_a_nik_or_a_telephone_number(town: Town, detail: dict[str, Any]) -> None:
    with pytest.raises(PersonalDataInAudit) as refusal:
        recorded(town, **detail)
    assert CANARY not in str(refusal.value)


def test_it_refuses_a_nik_in_the_subject(town: Town) -> None:
    actor, scope = actor_and_scope(town, "siti")
    with pytest.raises(PersonalDataInAudit), in_scope(scope, actor=actor):
        record("reveal", by=actor, subject=f"nik:{CANARY}", sponsor_id=town.jambi.pk, detail={})


@pytest.mark.parametrize(
    "detail",
    [
        {"sha256": "a1571014708900001b" + "0" * 46},
        {"rupiah": 594_300_000_000_000},
        {"sp2d": "01234/SP2D/LS/2026", "on": "2026-11-22"},
        {"from": "192.168.100.200"},
    ],
)
def test_it_lets_hashes_sums_and_numbers_of_papers_pass(town: Town, detail: dict[str, Any]) -> None:
    assert recorded(town, **detail)


def test_it_refuses_a_nik_written_by_sql_as_well(town: Town) -> None:
    actor, scope = actor_and_scope(town, "siti")
    with pytest.raises(Error, match="audit_detail_without_nik"), in_scope(scope, actor=actor):
        AuditEvent.objects.create(
            actor=town.siti,
            actor_name="x",
            action="x",
            subject="x:1",
            sponsor=town.jambi,
            detail={"n": CANARY},
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_auditevent SET detail = '{}'",
        "DELETE FROM access_auditevent",
        "TRUNCATE access_auditevent",
        "ALTER TABLE access_auditevent DISABLE ROW LEVEL SECURITY",
    ],
)
def test_it_cannot_be_changed_by_the_app(town: Town, statement: str) -> None:
    recorded(town)
    refused = pytest.raises(Error, match=r"permission denied|must be owner")
    with refused, system_scope("maintenance", actor=NOBODY), connection.cursor() as cursor:
        cursor.execute(statement)


def test_it_refuses_an_event_in_somebody_elses_name(town: Town) -> None:
    _, scope = actor_and_scope(town, "siti")
    with pytest.raises(Error, match="row-level security"), in_scope(scope, actor=Actor.of(town.budi)):
        record("enrol", by=Actor.of(town.siti), subject="x:1", sponsor_id=town.jambi.pk, detail={})


def test_it_refuses_an_event_of_a_city_out_of_sight(town: Town) -> None:
    actor, scope = actor_and_scope(town, "siti")
    with pytest.raises(Error, match="row-level security"), in_scope(scope, actor=actor):
        record("enrol", by=actor, subject="x:1", sponsor_id=town.bungo.pk, detail={})


def test_it_refuses_an_event_without_a_scope(town: Town) -> None:
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        record("enrol", by=NOBODY, subject="x:1", sponsor_id=None, detail={})


def test_it_lets_somebody_who_only_reads_leave_a_trace(town: Town) -> None:
    actor = Actor.of(town.stranger)
    with in_scope(Scope.of_sponsors(town.jambi.pk, sight=Sight.READING), actor=actor):
        assert record("reveal", by=actor, subject="person:1", sponsor_id=town.jambi.pk, detail={})


def test_it_shows_the_trail_of_a_city_to_who_sees_the_whole_city(town: Town) -> None:
    recorded(town, "siti")
    recorded(town, "budi")
    actor, scope = actor_and_scope(town, "siti")
    with in_scope(scope, actor=actor):
        assert AuditEvent.objects.count() == 2


def test_it_shows_an_operator_only_what_he_did_himself(town: Town) -> None:
    recorded(town, "siti")
    mine = recorded(town, "budi")
    actor, scope = actor_and_scope(town, "budi")
    with in_scope(scope, actor=actor):
        assert [event.pk for event in AuditEvent.objects.all()] == [mine]


def test_it_shows_another_city_nothing(town: Town) -> None:
    recorded(town, "siti")
    with in_scope(Scope.of_sponsors(town.bungo.pk), actor=Actor.of(town.stranger)):
        assert not AuditEvent.objects.exists()


def test_it_shows_nothing_to_sql_without_a_scope(town: Town) -> None:
    recorded(town, "siti")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_auditevent")
        assert cursor.fetchone() == (0,)


def test_it_goes_with_the_transaction_that_failed(town: Town) -> None:
    actor, scope = actor_and_scope(town, "siti")

    def failing() -> None:
        with in_scope(scope, actor=actor):
            record("enrol", by=actor, subject="x:1", sponsor_id=town.jambi.pk, detail={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with system_scope("maintenance", actor=NOBODY):
        assert not AuditEvent.objects.exists()


def test_it_is_indexed_for_the_questions_that_are_asked(as_owner: psycopg.Connection[Any]) -> None:
    names = as_owner.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'access_auditevent'"
    ).fetchall()
    assert {"audit_by_subject", "audit_by_sponsor"} <= {name for (name,) in names}
