"""Who decides what: BPJS unless an instrument says otherwise, proposed by one administrator and approved by another."""

from datetime import date

import pytest

import world
from database import at_once, execute, fetched, forbidden, refused
from lindung.access.models import AuditEvent, Role, User
from lindung.access.scope import Actor, in_scope, scope_of
from lindung.engine.refusals import ChangedMeanwhile
from lindung.partnership import authority
from lindung.partnership.authority import Proposal, decides
from lindung.partnership.deciders import Authority, Decider, Function
from lindung.partnership.paper_dates import SignedLater, SignedTooEarly

START, LATER = date(2026, 1, 1), date(2026, 7, 1)
PAYOUT = Function.PAYOUT


class Two:
    """An administrator of Kota Jambi who proposes, and one of BPJS who approves."""

    def __init__(self) -> None:
        self.jambi = world.city()
        self.one = world.administrator(self.jambi, "admin.satu")
        self.two = world.administrator(self.jambi, "admin.bpjs", at_branch=True)
        self.three = world.administrator(self.jambi, "admin.tiga")

    def propose(
        self,
        *,
        since: date = START,
        decided_by: Decider = Decider.HERE,
        by: User | None = None,
        instrument_on: date = START,
        number: str = "SKU/1",
    ) -> int:
        user = by or self.one
        proposal = Proposal(PAYOUT, decided_by, "Surat kuasa", number, instrument_on, since)
        with in_scope(scope_of(user, world.TODAY), actor=Actor.of(user)):
            return authority.propose(proposal=proposal, by=Actor.of(user), now=world.at(world.TODAY)).pk

    def approve(self, authority_id: int, *, by: User | None = None) -> Authority:
        user = by or self.two
        with in_scope(scope_of(user, world.TODAY), actor=Actor.of(user)):
            return authority.approve(authority_id=authority_id, by=Actor.of(user), now=world.at(world.TODAY))

    def decider(self, on: date) -> Decider:
        with self.jambi.acting():
            return decides(function=PAYOUT, on=on)


@pytest.fixture
def two(db: None) -> Two:
    return Two()


def test_it_is_bpjs_where_nobody_said_anything(two: Two) -> None:
    with two.jambi.acting():
        assert {decides(function=function, on=world.TODAY) for function in Function} == {Decider.BPJS}
        shown = authority.overview(on=world.TODAY)
    assert [standing.function for standing in shown] == list(Function)
    assert all(standing.in_force is None for standing in shown)


def test_it_changes_nothing_until_a_second_person_approves(two: Two) -> None:
    proposed = two.propose()
    assert two.decider(START) == Decider.BPJS
    two.approve(proposed)
    assert two.decider(START) == Decider.HERE
    assert two.decider(date(2025, 12, 31)) == Decider.BPJS


def test_it_says_the_same_in_python_and_in_the_database(two: Two) -> None:
    two.approve(two.propose())
    two.approve(two.propose(since=LATER, decided_by=Decider.BPJS))
    for day in (date(2025, 12, 31), START, date(2026, 6, 30), LATER):
        ((here,),) = fetched("SELECT lindung_decides_here('payout', %s)", day)
        assert (two.decider(day) == Decider.HERE) == here


def test_it_ends_what_held_before_on_the_day_the_next_begins(two: Two) -> None:
    first = two.approve(two.propose())
    two.approve(two.propose(since=LATER, decided_by=Decider.BPJS))
    with two.jambi.acting():
        first.refresh_from_db()
    assert (first.since, first.until) == (START, LATER)


def test_it_refuses_the_proposer_as_approver(two: Two) -> None:
    proposed = two.propose()
    with refused("authority_approved_by_a_second_person"):
        two.approve(proposed, by=two.one)
    assert two.decider(START) == Decider.BPJS


def test_it_refuses_an_approval_in_the_name_of_another(two: Two) -> None:
    proposed = two.propose()
    with (
        refused("authority_approved_by_a_second_person"),
        in_scope(scope_of(two.one, world.TODAY), actor=Actor.of(two.one)),
    ):
        Authority.objects.filter(pk=proposed).update(approved_by=two.two, approved_at=world.at(START))


def test_it_is_settled_once(two: Two) -> None:
    proposed = two.propose()
    two.approve(proposed)
    with pytest.raises(ChangedMeanwhile):
        two.approve(proposed)


def test_it_can_be_withdrawn_and_stays_on_record(two: Two) -> None:
    proposed = two.propose()
    with in_scope(scope_of(two.one, world.TODAY), actor=Actor.of(two.one)):
        authority.withdraw(authority_id=proposed, by=Actor.of(two.one), now=world.at(world.TODAY))
        assert [record.pk for record in authority.history()] == [proposed]
    with pytest.raises(ChangedMeanwhile):
        two.approve(proposed)


def test_it_is_on_the_trail(two: Two) -> None:
    two.approve(two.propose())
    with in_scope(scope_of(two.one, world.TODAY), actor=Actor.of(two.one)):
        actions = AuditEvent.objects.filter(subject="authority:payout").order_by("pk")
        assert list(actions.values_list("action", "actor_id")) == [
            ("authority.proposed", two.one.pk),
            ("authority.approved", two.two.pk),
        ]


@pytest.mark.parametrize("role", [Role.CITY_OFFICER, Role.BRANCH_OFFICER, Role.MAYOR])
def test_it_is_read_by_everybody_and_written_by_administrators_alone(two: Two, role: Role) -> None:
    two.approve(two.propose())
    with two.jambi.acting(role):
        assert Authority.objects.count() == 1
        assert execute("UPDATE partnership_authority SET approved_at = now()") == 0
        for column in ("decided_by", "until", "since"):
            with forbidden():
                execute(f"UPDATE partnership_authority SET {column} = {column}")
        with forbidden():
            execute(
                "INSERT INTO partnership_authority (function, decided_by, instrument_kind, instrument_number,"
                " instrument_on, since, proposed_by_id, proposed_at, event_id)"
                " SELECT function, decided_by, instrument_kind, instrument_number, instrument_on, since,"
                " lindung_actor(), proposed_at, event_id FROM partnership_authority"
            )


def test_it_shows_nothing_to_nobody(two: Two) -> None:
    two.propose()
    assert Authority.objects.count() == 0


def test_it_lets_one_of_two_approvals_at_once_through(fresh_database: str) -> None:
    two = Two()
    proposed = two.propose()
    outcomes = at_once(lambda: two.approve(proposed), lambda: two.approve(proposed))
    assert {type(outcome) for outcome in outcomes} == {Authority, ChangedMeanwhile}


class TestWhoGives:
    def test_two_of_the_city_cannot_take_it_from_bpjs(self, two: Two) -> None:
        """Nobody takes what is another's: BPJS itself agrees."""
        proposed = two.propose()
        with pytest.raises(authority.BpjsGives) as refusal:
            two.approve(proposed, by=two.three)
        assert refusal.value.code == "authority.given_by_bpjs"
        assert two.decider(START) == Decider.BPJS

    def test_the_database_refuses_it_too(self, two: Two) -> None:
        proposed = two.propose()
        with (
            refused("authority_given_by_bpjs"),
            in_scope(scope_of(two.three, world.TODAY), actor=Actor.of(two.three)),
        ):
            Authority.objects.filter(pk=proposed).update(
                approved_by=two.three, approved_at=world.at(world.TODAY)
            )

    def test_any_second_administrator_may_give_it_back(self, two: Two) -> None:
        two.approve(two.propose())
        two.approve(two.propose(since=LATER, decided_by=Decider.BPJS), by=two.three)
        assert two.decider(LATER) == Decider.BPJS

    @pytest.mark.parametrize("role", [Role.CITY_OFFICER, Role.BRANCH_OFFICER, Role.MAYOR])
    def test_whoever_reads_it_reads_who_agreed(self, two: Two, role: Role) -> None:
        """The accounts of BPJS are out of a city's sight; the names of those who agreed are not."""
        two.approve(two.propose())
        with two.jambi.acting(role):
            (standing,) = (found for found in authority.overview(on=START) if found.in_force)
            (record,) = authority.history()
        assert standing.in_force is not None
        assert (standing.in_force.proposed_by_name, record.approved_by_name) == ("admin.satu", "admin.bpjs")

    def test_who_withdrew_is_named_as_well(self, two: Two) -> None:
        proposed = two.propose()
        with in_scope(scope_of(two.three, world.TODAY), actor=Actor.of(two.three)):
            withdrawn = authority.withdraw(
                authority_id=proposed, by=Actor.of(two.three), now=world.at(world.TODAY)
            )
        assert withdrawn.withdrawn_by_name == "admin.tiga"


class TestDates:
    def test_an_instrument_of_the_future_gives_nothing(self, two: Two) -> None:
        with pytest.raises(SignedLater) as refusal:
            two.propose(instrument_on=date(2027, 1, 1), since=date(2027, 1, 1))
        assert refusal.value.field == "instrument_on"

    def test_an_instrument_is_not_older_than_bpjs(self, two: Two) -> None:
        with pytest.raises(SignedTooEarly):
            two.propose(instrument_on=date(2013, 12, 31))

    def test_nobody_held_it_before_its_instrument(self, two: Two) -> None:
        with pytest.raises(authority.BeforeItsInstrument) as refusal:
            two.propose(since=date(2020, 1, 1))
        assert refusal.value.field == "since"
        assert "1 Januari 2026" in refusal.value.text.id

    def test_it_may_hold_from_the_past_by_an_older_instrument(self, two: Two) -> None:
        assert two.propose(instrument_on=date(2025, 12, 1), since=START)

    def test_one_number_is_one_paper_with_one_date(self, two: Two) -> None:
        first = two.propose()
        with pytest.raises(authority.OtherDate) as refusal:
            two.propose(instrument_on=date(2025, 12, 1))
        assert refusal.value.field == "instrument_on"
        with in_scope(scope_of(two.one, world.TODAY), actor=Actor.of(two.one)):
            authority.withdraw(authority_id=first, by=Actor.of(two.one), now=world.at(world.TODAY))
        assert two.propose(instrument_on=date(2025, 12, 1))
