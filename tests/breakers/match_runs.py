"""Who tries to break what is promised about runs that accept exact matches."""

import world
from breaking import Breaker, Stage
from lindung.access.models import Role
from lindung.contributions.run_records import MatchRun, MatchRunLine
from lindung.contributions.statement_records import StatementLine


def _run(stage: Stage, *, count: int = 1, **changes: object) -> MatchRun:
    given = {
        "sponsor_id": stage.jambi.sponsor.pk,
        "started_by_id": stage.jambi.actor(Role.FINANCE_OFFICER).person_id,
        "started_at": world.at(world.TODAY),
        "lines_count": count,
        "event_id": stage.july.event_id,
    }
    run = MatchRun(**given | changes)
    run.save(force_insert=True)
    return run


def began(**changes: object) -> Breaker:
    """A run of Jambi, but for the changes."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting(Role.FINANCE_OFFICER):
            _run(stage, **changes)

    return attempt


def began_twice(stage: Stage) -> None:
    for _ in range(2):
        began()(stage)


def planned(**changes: object) -> Breaker:
    """A line of Jambi in a run of Jambi, but for the changes."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting(Role.FINANCE_OFFICER):
            line = StatementLine.objects.order_by("pk")[0]
            given = {
                "run_id": _run(stage).pk,
                "line_id": line.pk,
                "sponsor_id": stage.jambi.sponsor.pk,
                "agreement_id": stage.agreement.pk,
            }
            MatchRunLine(**given | changes).save(force_insert=True)

    return attempt


BREAKERS: dict[str, Breaker] = {
    "match_run_one_at_a_time": began_twice,
    "match_run_counts_its_lines": began(count=1, accepted=2),
    "match_run_outcome_known": planned(outcome="lost"),
    "match_run_line_of_its_line": planned(line_id=10**9),
    "match_run_line_of_its_run": planned(run_id=10**9),
}
