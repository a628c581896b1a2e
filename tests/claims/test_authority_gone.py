"""What this house decided under an authority that went back to BPJS: what was written stays, nothing is added to it."""

from datetime import date, timedelta

import pytest

import world
from claims import test_branch_word as words
from claims.test_branch_word import Stage as Built
from database import execute, fetched, refused
from lindung.access.scope import Actor, in_scope, scope_of
from lindung.partnership import authority
from lindung.partnership.deciders import Decider, Function
from stages import Stage as Saved
from stages import stage_of

TABLES = words.TestRefusedByTheDatabase.TABLES
saved_stage = stage_of(words.built, now=world.at(world.TODAY))


@pytest.fixture
def stage(saved_stage: Saved[Built], db: None) -> Built:
    """Every kind of word is there, and every function is ours."""
    stage = saved_stage.found()
    world.words_of_every_kind(stage.jambi, stage.agreement, world.SITI)
    world.authority(stage.jambi, *Function)
    return stage


def given_back(stage: Built, *, since: date, recorded: date) -> None:
    """Every function returns to BPJS from the day on, as two administrators recorded on the other day."""
    one = world.administrator(stage.jambi, "admin.satu")
    two = world.administrator(stage.jambi, "admin.bpjs", at_branch=True)
    for function in Function:
        proposal = authority.Proposal(function, Decider.BPJS, "Surat", f"S/{function}", recorded, since)
        with in_scope(scope_of(one, recorded), actor=Actor.of(one)):
            made = authority.propose(proposal=proposal, by=Actor.of(one), now=world.at(recorded))
        with in_scope(scope_of(two, recorded), actor=Actor.of(two)):
            authority.approve(authority_id=made.pk, by=Actor.of(two), now=world.at(recorded))


def decide(table: str, said_on: date) -> int:
    """A decision of ours by plain SQL as the app role, dated as its writer likes; how many rows were written."""
    day = f"'{said_on}'"
    return execute(
        words.again(table, decided_by="'here'", word_id="NULL", line="NULL", said_on=day, as_of=day)
    )


def today_of_the_database() -> date:
    ((day,),) = fetched("SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date")
    assert isinstance(day, date)
    return day


@pytest.mark.parametrize("table", TABLES)
def test_it_takes_no_decision_dated_back_into_an_authority_that_is_gone(stage: Built, table: str) -> None:
    day = world.TODAY - timedelta(days=2)
    with stage.jambi.acting():
        assert decide(table, day) >= 1
    given_back(stage, since=world.TODAY, recorded=world.TODAY)
    with stage.jambi.acting(), refused("decided_where_authority_is"):
        decide(table, day)


@pytest.mark.parametrize("table", TABLES)
def test_it_ends_with_the_day_of_the_database_that_nobody_chooses(stage: Built, table: str) -> None:
    """Recorded ten days ahead, so that nothing but the day itself says that it is over."""
    today = today_of_the_database()
    given_back(stage, since=today, recorded=today - timedelta(days=10))
    with stage.jambi.acting(), refused("decided_where_authority_is"):
        decide(table, today - timedelta(days=2))


def test_it_is_ours_until_the_day_it_goes_back(stage: Built) -> None:
    today = today_of_the_database()
    given_back(stage, since=today + timedelta(days=3), recorded=today)
    with stage.jambi.acting():
        assert decide("claims_determination", today) >= 1
        with refused("decided_where_authority_is"):
            decide("claims_determination", today + timedelta(days=3))
