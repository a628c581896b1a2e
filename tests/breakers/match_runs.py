"""Who tries to break what is promised about runs that accept exact matches."""

import world
from breaking import Breaker, Stage
from lindung.access.models import AuditEvent, Role
from lindung.contributions.run_records import MatchRun, MatchRunLine
from lindung.contributions.statement_records import StatementLine
from lindung.partnership.models import Agreement


def _run(place: world.City, *, count: int = 1, **changes: object) -> MatchRun:
    event = AuditEvent.objects.filter(sponsor_id=place.sponsor.pk).latest("pk")
    given = {
        "sponsor_id": place.sponsor.pk,
        "started_by_id": place.actor(Role.FINANCE_OFFICER).person_id,
        "started_at": world.at(world.TODAY),
        "lines_count": count,
        "event_id": event.pk,
    }
    run = MatchRun(**given | changes)
    run.save(force_insert=True)
    return run


def began_with_a_line(place: world.City) -> None:
    """A run of a city with the first line of its statements."""
    with place.acting(Role.FINANCE_OFFICER):
        _line(place).save(force_insert=True)


def _line(place: world.City, **changes: object) -> MatchRunLine:
    given = {
        "run_id": _run(place).pk,
        "line_id": StatementLine.objects.order_by("pk")[0].pk,
        "sponsor_id": place.sponsor.pk,
        "agreement_id": Agreement.objects.order_by("pk")[0].pk,
    }
    return MatchRunLine(**given | changes)


def began(**changes: object) -> Breaker:
    """A run of Jambi, but for the changes."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting(Role.FINANCE_OFFICER):
            _run(stage.jambi, **changes)

    return attempt


def began_twice(stage: Stage) -> None:
    for _ in range(2):
        began()(stage)


def planned(**changes: object) -> Breaker:
    """A line of Jambi in a run of Jambi, but for the changes."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting(Role.FINANCE_OFFICER):
            _line(stage.jambi, **changes).save(force_insert=True)

    return attempt


BREAKERS: dict[str, Breaker] = {
    "match_run_one_at_a_time": began_twice,
    "match_run_counts_its_lines": began(count=1, accepted=2),
    "match_run_outcome_known": planned(outcome="lost"),
    "match_run_line_of_its_line": planned(line_id=10**9),
    "match_run_line_of_its_run": planned(run_id=10**9),
}
