"""Who tries to break what the database promises of lists: their progress, changes, corrections and learnt headings."""

from collections.abc import Callable
from typing import Any

import world
from database import execute
from lindung.access.scope import SystemScope, system_scope
from lindung.membership.models import ColumnWord, Correction, Roster, RosterProgress, RosterRow, RowChange

WHEN = world.at(world.TODAY)


def _list(stage: Any) -> Roster:
    return Roster.objects.get(sponsor=stage.jambi.sponsor)


def _progress(stage: Any, **changes: Any) -> None:
    listed = _list(stage)
    RosterProgress.objects.create(**{"roster": listed, "sponsor_id": listed.sponsor_id, **changes})


def _change(stage: Any, **changes: Any) -> None:
    listed, actor = _list(stage), stage.jambi.actor()
    RowChange.objects.create(
        **{
            "roster": listed,
            "sponsor_id": listed.sponsor_id,
            "number": 2,
            "revision": 2,
            "kelurahan_code": world.THE_HOK,
            "before": b"",
            "after": b"",
            "changed_by_id": actor.user_id,
            "changed_by_name": actor.name,
            "changed_at": WHEN,
            "event_id": world.event(stage.jambi),
            **changes,
        }
    )


def _correction(stage: Any, **changes: Any) -> None:
    listed = _list(stage)
    given = {
        "changed": 0,
        "added": 0,
        "gone": 0,
        "revision": 1,
        "received_at": WHEN,
        "document": listed.document,
    }
    Correction.objects.create(**{"roster": listed, "sponsor_id": listed.sponsor_id, **given, **changes})


def _word(stage: Any, **changes: Any) -> None:
    given = {"sponsor_id": stage.jambi.sponsor.pk, "words": "nomornya", "field": "nik", "set_at": WHEN}
    ColumnWord.objects.create(**{**given, **changes})


def _officer(*attempts: Callable[[Any], None]) -> Callable[[Any], object]:
    """One after the other, by the officer of Jambi."""

    def attempt(stage: Any) -> None:
        with stage.jambi.acting():
            for each in attempts:
                each(stage)

    return attempt


def _forged(attempt: Callable[..., None]) -> Callable[[Any], object]:
    """Under the name of Bungo, with all the sight the system has."""

    def forge(stage: Any) -> None:
        with system_scope(SystemScope.MAINTENANCE, actor=stage.jambi.actor()):
            attempt(stage, sponsor_id=stage.bungo.sponsor.pk)

    return forge


def _ready_row(stage: Any) -> None:
    RosterRow.objects.create(
        roster=_list(stage),
        number=99,
        sponsor_id=stage.jambi.sponsor.pk,
        kelurahan_code=world.THE_HOK,
        verdict="ready",
        sealed=b"old",
    )


def _rewritten(stage: Any) -> None:
    execute("UPDATE membership_rosterrow SET sealed = 'new', revision = 2 WHERE number = 99")


def _enrolled_rewritten(stage: Any) -> None:
    execute("UPDATE membership_rosterrow SET kelurahan_code = %s WHERE number = 2", world.LEGOK)


def _gone_and_ready(stage: Any) -> None:
    execute("UPDATE membership_rosterrow SET gone = true WHERE number = 99")


def _enrolled_withdrawn(stage: Any) -> None:
    listed = _list(stage)
    for status in ("enrolled", "cancelled"):
        Roster.objects.filter(pk=listed.pk).update(status=status)


OF_LISTS: dict[str, Callable[[Any], object]] = {
    "roster_progress_within_its_rows": _officer(lambda stage: _progress(stage, rows_done=2, rows_total=1)),
    "roster_cancelled_who_and_when_together": _officer(lambda stage: _progress(stage, cancelled_at=WHEN)),
    "roster_progress_of_its_sponsors_roster": _forged(_progress),
    "roster_row_change_once_per_revision": _officer(_change, _change),
    "roster_row_change_follows_the_first": _officer(lambda stage: _change(stage, revision=1)),
    "roster_row_change_of_its_sponsors_roster": _forged(_change),
    "roster_row_change_is_kept": _officer(_ready_row, _rewritten),
    "roster_row_change_kind_known": _officer(lambda stage: _change(stage, kind="lost")),
    "roster_row_set_aside_says_why": _officer(lambda stage: _change(stage, kind="aside")),
    "roster_row_gone_is_not_ready": _officer(_ready_row, _gone_and_ready),
    "roster_enrolled_stays": _officer(_enrolled_withdrawn),
    "roster_row_enrolled_stays": _officer(_enrolled_rewritten),
    "correction_once_per_revision": _officer(_correction, _correction),
    "correction_counts_not_negative": _officer(lambda stage: _correction(stage, gone=-1)),
    "correction_stored_who_and_when_together": _officer(lambda stage: _correction(stage, stored_at=WHEN)),
    "correction_of_its_sponsors_roster": _forged(_correction),
    "column_word_once_per_sponsor": _officer(_word, _word),
    "column_word_field_known": _officer(lambda stage: _word(stage, field="shoe size")),
}
