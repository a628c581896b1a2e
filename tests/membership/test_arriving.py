"""A list that comes by the page: small ones answered at once, large ones judged beside, called off, begun again."""

from collections.abc import Callable

import pytest

import world
from database import at_once, execute, fetched
from lindung.access.models import Role
from lindung.access.scope import in_scope, scope_of
from lindung.formats.unreadable import Unreadable
from lindung.jobs import running
from lindung.membership import arriving, intake, listing
from lindung.membership.models import Roster, RosterRow, RosterStatus
from lindung.partnership import agreements
from lindung.partnership.agreements import SegmentPlan
from lindung.partnership.models import Agreement, Segment
from lindung.partnership.papers import NewQuota
from membership.sheets import FIRST, ON, READY, cells, counts, newcomers, text, told
from world import BUDI, SITI, City

NOW = world.at(ON)


@pytest.fixture
def jambi(fresh_database: str) -> City:
    """Real commits: the worker has a connection of its own."""
    return world.city()


@pytest.fixture
def rentan(jambi: City) -> Agreement:
    return world.agreement(jambi)


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is large."""
    monkeypatch.setattr(arriving, "AT_ONCE_BYTES", 0)


def sent(place: City, promised: Agreement, content: bytes, *, segment: str = "") -> int:
    """The list taken from the officer's page."""
    with place.acting(on=ON) as officer:
        return arriving.take(
            name="daftar.csv",
            content=content,
            agreement_id=promised.pk,
            segment_code=segment,
            by=officer,
            now=NOW,
        )


def how_far(place: City, roster_id: int) -> listing.Progress:
    with place.acting():
        return listing.progress(roster_id)


class TestSmallLists:
    def test_it_judges_a_small_list_before_it_answers(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        assert told(jambi, roster) == {FIRST: READY}
        assert how_far(jambi, roster).status == RosterStatus.JUDGED

    def test_it_stores_nothing_of_a_file_that_is_no_list(self, jambi: City, rentan: Agreement) -> None:
        before = counts()
        with pytest.raises(Unreadable, match=r"file\.no_header"):
            sent(jambi, rentan, b"halo dunia\r\n")
        assert counts() == before


@pytest.mark.usefixtures("beside")
class TestLargeLists:
    def test_it_keeps_the_file_at_once_and_judges_it_beside(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(*map(cells, newcomers(250))))
        assert told(jambi, roster) == {}
        assert how_far(jambi, roster) == listing.Progress("received", 0, None, True, None, "")
        running.run_waiting()
        assert set(told(jambi, roster).values()) == {READY}
        assert how_far(jambi, roster) == listing.Progress("judged", 250, 250, False, None, "")

    def test_it_judges_by_the_day_the_list_came_and_in_the_name_of_who_sent_it(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        running.run_waiting()
        officer = jambi.users[Role.CITY_OFFICER]
        with jambi.acting():
            assert fetched(
                "SELECT actor_id FROM access_auditevent WHERE action = 'document.opened' AND subject LIKE %s",
                f"document:{Roster.objects.get(pk=roster).document_id}",
            ) == [(officer.pk,)]

    def test_it_leaves_ids_alone_in_the_queue(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        assert fetched("SELECT args::text FROM procrastinate_jobs") == [(f'{{"roster_id": {roster}}}',)]

    def test_it_queues_nothing_when_the_request_is_rolled_back(self, jambi: City, rentan: Agreement) -> None:
        class Lost(Exception):
            pass

        def request() -> None:
            with in_scope(scope_of(jambi.users[Role.CITY_OFFICER], ON), actor=jambi.actor()):
                sent(jambi, rentan, text(cells(SITI)))
                raise Lost

        with pytest.raises(Lost):
            request()
        assert fetched("SELECT count(*) FROM procrastinate_jobs") == [(0,)]

    def test_it_says_why_when_the_file_cannot_be_read(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, b"halo dunia\r\n")
        running.run_waiting()
        stopped = how_far(jambi, roster)
        assert stopped.status == RosterStatus.STOPPED
        assert stopped.why is not None
        assert "judul kolom" in stopped.why.id

    def test_it_does_a_task_twice_with_the_effect_of_one(self, jambi: City, rentan: Agreement) -> None:
        """As when a worker died after it had stored the rows and before it could say so."""
        roster = sent(jambi, rentan, text(cells(SITI)))
        arriving.judge_kept(roster_id=roster)
        before = told(jambi, roster)
        running.run_waiting()
        assert told(jambi, roster) == before == {FIRST: READY}

    def test_two_workers_at_the_same_list_store_it_once(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(*map(cells, newcomers(300))))
        work: Callable[[], None] = lambda: arriving.judge_kept(roster_id=roster)  # noqa: E731 - twice the same
        assert at_once(work, work) == [None, None]
        assert len(told(jambi, roster)) == 300

    def test_two_uploads_of_one_file_at_the_same_moment_are_one_list(
        self, jambi: City, rentan: Agreement
    ) -> None:
        content = text(*map(cells, newcomers(20)))
        first, second = at_once(*[lambda: sent(jambi, rentan, content)] * 2)
        assert first == second
        assert fetched("SELECT count(*) FROM procrastinate_jobs") == [(1,)]
        running.run_waiting()
        assert len(told(jambi, int(str(first)))) == 20

    def test_it_gives_a_list_up_that_has_brought_the_worker_down_again_and_again(
        self, jambi: City, rentan: Agreement
    ) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        execute("UPDATE procrastinate_jobs SET attempts = 4")
        running.run_waiting()
        assert how_far(jambi, roster).status == RosterStatus.STOPPED


@pytest.mark.usefixtures("beside")
class TestCallingOff:
    def test_it_stores_nothing_of_a_list_that_was_called_off(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        with jambi.acting() as officer:
            arriving.cancel(roster_id=roster, by=officer, now=NOW)
        running.run_waiting()
        assert told(jambi, roster) == {}
        assert how_far(jambi, roster).by == jambi.users[Role.CITY_OFFICER].name

    def test_it_stops_in_the_middle(
        self, jambi: City, rentan: Agreement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The officer presses while row 100 is judged: at its next note the worker finds it and stops."""
        monkeypatch.setattr(arriving, "NOTE_EVERY", 0.0)
        roster = sent(jambi, rentan, text(*map(cells, newcomers(400))))
        note = arriving._Progress.note

        def pressed(clock: arriving._Progress, done: int, of: int) -> None:
            if done == 100:
                with jambi.acting() as officer:
                    arriving.cancel(roster_id=roster, by=officer, now=NOW)
            note(clock, done, of)

        monkeypatch.setattr(arriving._Progress, "note", pressed)
        running.run_waiting()
        assert told(jambi, roster) == {}
        stopped = how_far(jambi, roster)
        assert (stopped.status, stopped.done, stopped.of) == (RosterStatus.CANCELLED, 0, 400)

    def test_it_begins_again_from_the_kept_file(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        with jambi.acting() as officer:
            arriving.cancel(roster_id=roster, by=officer, now=NOW)
        running.run_waiting()
        with jambi.acting() as officer:
            arriving.resume(roster_id=roster, by=officer)
        running.run_waiting()
        assert told(jambi, roster) == {FIRST: READY}

    def test_it_is_too_late_when_the_list_is_judged(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        running.run_waiting()
        with pytest.raises(arriving.NothingToCancel), jambi.acting() as officer:
            arriving.cancel(roster_id=roster, by=officer, now=NOW)
        with pytest.raises(arriving.NothingToResume), jambi.acting() as officer:
            arriving.resume(roster_id=roster, by=officer)
        assert told(jambi, roster) == {FIRST: READY}

    def test_it_is_nobodys_of_another_city(self, jambi: City, rentan: Agreement) -> None:
        roster = sent(jambi, rentan, text(cells(SITI)))
        bungo = world.city("bungo", branch=jambi.branch)
        with pytest.raises(Roster.DoesNotExist), bungo.acting() as stranger:
            arriving.cancel(roster_id=roster, by=stranger, now=NOW)


class TestSegments:
    def test_it_asks_for_the_segment_where_there_are_several(self, jambi: City, rentan: Agreement) -> None:
        with jambi.acting() as officer:
            plan = SegmentPlan("marbot", "Marbot", "Marbot", 0)
            marbot = agreements.add_segment(agreement_id=rentan.pk, plan=plan, by=officer)
        world.amend(jambi, rentan, NewQuota(marbot.pk, was=0, quota=9))
        with pytest.raises(intake.SegmentNotChosen):
            sent(jambi, rentan, text(cells(BUDI)))
        roster = sent(jambi, rentan, text(cells(BUDI)), segment="marbot")
        with jambi.acting():
            assert Roster.objects.get(pk=roster).segment.code == "marbot"
        with pytest.raises(Segment.DoesNotExist):
            sent(jambi, rentan, text(cells(SITI)), segment="bukan")
        again, other = (sent(jambi, rentan, text(cells(BUDI)), segment=code) for code in ("marbot", "rentan"))
        assert again == roster
        with jambi.acting():
            assert Roster.objects.get(pk=other).segment.code == "rentan", "a list of its own, not the old one"
        assert told(jambi, other) == {FIRST: READY}


class TestListing:
    def test_it_shows_the_newest_first_with_counts_and_asks_the_same_for_many(
        self, jambi: City, rentan: Agreement, django_assert_num_queries: object
    ) -> None:
        first = sent(jambi, rentan, text(cells(SITI)))
        second = sent(jambi, rentan, text(cells(BUDI), cells(SITI, NIK="1")))
        with jambi.acting():
            found = listing.listing(agreement_id=None, number=1)
        assert [entry.id for entry in found.entries] == [second, first]
        assert (found.entries[0].ready, found.entries[0].to_fix, found.entries[0].rows) == (1, 1, 2)
        with jambi.acting(Role.KELURAHAN_OPERATOR):
            own = listing.listing(agreement_id=rentan.pk, number=7)
        assert [entry.rows for entry in own.entries] == [1, 1]
        assert RosterRow.objects.count() == 0  # without a scope nothing is seen
