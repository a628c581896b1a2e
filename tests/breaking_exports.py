"""What tries to break the promises about exports; tests/test_constraints.py makes every one of them try."""

from collections.abc import Callable
from typing import Protocol

import world
from lindung.access.models import Role
from lindung.membership.models import ExportRequest


class Stage(Protocol):
    """What a breaker stands on: Kota Jambi."""

    @property
    def jambi(self) -> world.City:
        """The city and its users."""


def asked(stage: Stage, **changes: object) -> ExportRequest:
    """An export of whole numbers that the officer asks for."""
    with stage.jambi.acting() as officer:
        given = {"what": "workers", "format": "csv", "purpose": "Rapat", "rows": 2, "needs_second": True}
        return ExportRequest.objects.create(
            **given | {"whole_nik": True} | changes,
            sponsor=stage.jambi.sponsor,
            requested_by_id=officer.user_id,
            requested_at=world.at(world.TODAY),
            event_id=world.event(stage.jambi),
        )


def with_words(**changes: object) -> Callable[[Stage], object]:
    """An export asked for in these words."""
    return lambda stage: asked(stage, **changes)


def step(role: Role, **changes: object) -> Callable[[Stage], object]:
    """An export that is asked for, and changed so by the user of this role; a role stands for its user."""

    def attempt(stage: Stage) -> None:
        export = asked(stage)
        told = {name: stage.jambi.users[it] if isinstance(it, Role) else it for name, it in changes.items()}
        with stage.jambi.acting(role):
            assert ExportRequest.objects.filter(pk=export.pk).update(**told) == 1

    return attempt


NOW = world.at(world.TODAY)
OFFICER, AUDITOR = Role.CITY_OFFICER, Role.AUDITOR
BREAKERS: dict[str, Callable[[Stage], object]] = {
    "export_what_known": with_words(what="secrets"),
    "export_format_known": with_words(format="exe"),
    "export_says_what_for": with_words(purpose=""),
    "export_rows_not_negative": with_words(rows=-1),
    "export_of_many_needs_a_second_person": with_words(needs_second=False),
    "export_approved_by_a_second_person": step(OFFICER, approved_by=OFFICER, approved_at=NOW),
    "export_approval_whole": step(AUDITOR, approved_by=AUDITOR),
    "export_fetch_whole": step(OFFICER, fetched_at=NOW),
    "export_fetched_after_approval": step(OFFICER, fetched_at=NOW, fetched_rows=1),
    "export_step_allowed": step(OFFICER, approved_by=AUDITOR, approved_at=NOW),
}
