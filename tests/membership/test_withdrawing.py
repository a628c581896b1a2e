"""A whole list taken back after it was judged: nothing of it waits, nothing of it is lost, and nobody enrolled is touched."""

import pytest

import world
from database import at_once
from lindung.access.models import AuditEvent, Role
from lindung.insight.branch_desk import lists_in
from lindung.insight.waiting_rows import Lists, lists_of
from lindung.jobs import running
from lindung.membership import arriving, enrolling, listing, rechecking
from lindung.membership.models import Roster, RosterRow, RosterStatus
from lindung.partnership.models import Agreement
from membership.sheets import FIRST, ON, READY, cells, counts, receive, text, told
from membership.test_mending import NIK, NOW, mend
from world import BUDI, SITI, City


@pytest.fixture
def jambi(fresh_database: str) -> City:
    """Real commits: the worker has a connection of its own."""
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


def withdrawn(
    place: City, roster: int, *, reason: str = "Salah berkas", role: Role = Role.CITY_OFFICER
) -> None:
    with place.acting(role, on=ON) as officer:
        arriving.withdraw(roster_id=roster, reason=reason, by=officer, now=NOW)


def waiting(place: City, promised: Agreement) -> Lists:
    with place.acting(on=ON):
        return lists_of([promised.pk])[promised.pk]


def test_its_rows_wait_no_more_and_all_of_it_is_kept(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK="15710")))
    assert (waiting(jambi, rentan).ready, waiting(jambi, rentan).to_fix) == (1, 1)
    before = counts()
    withdrawn(jambi, roster, reason=f"Salah berkas {SITI.nik}")
    assert waiting(jambi, rentan) == Lists()
    after = counts()
    assert {table for table in after if after[table] != before[table]} == {
        "access_auditevent",
        "membership_rosterprogress",
    }
    with jambi.acting():
        found = listing.progress(roster)
        event = AuditEvent.objects.get(action="roster.withdrawn")
    assert (found.status, found.by) == ("cancelled", jambi.users[Role.CITY_OFFICER].name)
    assert found.because.startswith("Salah berkas")
    assert SITI.nik not in found.because
    assert event.subject == f"roster:{roster}"


def test_neither_the_page_of_lists_nor_the_branch_is_asked_for_its_rows(
    jambi: City, rentan: Agreement
) -> None:
    roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK="15710")))
    withdrawn(jambi, roster)
    with jambi.acting():
        [entry] = listing.listing(agreement_id=None, number=1).entries
    assert (entry.rows, entry.ready, entry.to_fix, entry.refused) == (2, 0, 0, 0)
    with jambi.acting(Role.BRANCH_OFFICER):
        assert lists_in() == ()


def test_it_is_taken_up_again_with_what_people_had_mended(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI, NIK="15710")))
    mend(jambi, roster, FIRST, NIK, SITI.nik)
    withdrawn(jambi, roster)
    with pytest.raises(rechecking.Withdrawn):
        mend(jambi, roster, FIRST, NIK, "15710", revision=2)
    with jambi.acting(on=ON) as officer:
        arriving.resume(roster_id=roster, by=officer)
    running.run_waiting()
    assert told(jambi, roster) == {FIRST: READY}
    with jambi.acting():
        found = listing.progress(roster)
    assert (found.status, found.because, found.by) == ("judged", "", "")


def test_a_list_of_which_people_are_enrolled_stays(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI, NIK="15710")))
    with jambi.acting(on=ON) as officer:
        enrolling.enrol(roster_id=roster, by=officer, now=NOW)
    with pytest.raises(arriving.EnrolledByIt):
        withdrawn(jambi, roster)


def test_whom_another_list_enrolled_does_not_hold_the_wrong_one(jambi: City, rentan: Agreement) -> None:
    world.enrol(jambi, rentan, SITI)
    roster = receive(jambi, rentan, text(cells(SITI), cells(BUDI)))
    withdrawn(jambi, roster)
    assert told(jambi, roster)[FIRST].verdict == "enrolled"


def test_nothing_is_withdrawn_twice_or_without_a_reason(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI)))
    for reason in ("", "  ", "a\0b", "x" * 301):
        with pytest.raises(arriving.NoReason):
            withdrawn(jambi, roster, reason=reason)
    withdrawn(jambi, roster)
    with pytest.raises(arriving.NothingToWithdraw):
        withdrawn(jambi, roster)


def test_only_who_sees_the_whole_list_withdraws_it(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI)))
    with pytest.raises(Roster.DoesNotExist):
        withdrawn(jambi, roster, role=Role.KELURAHAN_OPERATOR)
    with pytest.raises(Roster.DoesNotExist):
        withdrawn(world.city("bungo", branch=jambi.branch), roster)


def test_of_one_who_enrols_and_one_who_withdraws_one_comes_too_late(jambi: City, rentan: Agreement) -> None:
    roster = receive(jambi, rentan, text(cells(SITI)))

    def enrol() -> int:
        with jambi.acting(on=ON) as officer:
            return enrolling.enrol(roster_id=roster, by=officer, now=NOW).enrolled

    outcomes = {type(outcome).__name__ for outcome in at_once(enrol, lambda: withdrawn(jambi, roster))}
    assert outcomes in ({"int", "EnrolledByIt"}, {"NoneType", "Withdrawn"})
    with jambi.acting():
        status, row = Roster.objects.get(pk=roster).status, RosterRow.objects.get(roster_id=roster)
    assert (status == RosterStatus.ENROLLED) == (row.verdict == "enrolled")
