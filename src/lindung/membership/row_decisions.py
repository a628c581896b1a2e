"""What an officer decides of a whole row: it belongs though the file has it no more; nobody in it takes part; the way back."""

from datetime import datetime

from django.db import transaction

from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.membership import mending, rechecking
from lindung.membership.masking import masked_within
from lindung.membership.mending import MENDABLE, Act, NotMendable
from lindung.membership.models import RowChangeKind, Verdict

LONGEST_NOTE = 300


class NotGone(Refusal):
    """The row is in the newest file, or was kept in already."""

    code = "roster.row_not_gone"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Baris ini memang ikut; tidak ada yang perlu diputuskan. Muat ulang halamannya.",
                "This row is in already; there is nothing to decide. Load its page again.",
            )
        )


class NotSetAside(Refusal):
    """The row was not left out by an officer."""

    code = "roster.row_not_set_aside"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Baris ini tidak sedang dilewati petugas. Muat ulang halamannya.",
                "This row is not left out by an officer. Load its page again.",
            )
        )


class NoNote(Refusal):
    """Nobody could tell later why the row was left out."""

    code = "roster.row_without_note"

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"Tulis alasannya, paling banyak {LONGEST_NOTE} huruf, tanpa tanda yang tidak terlihat.",
                f"Write the reason, at most {LONGEST_NOTE} letters, none of them invisible.",
            ),
            field="note",
        )


def keep(*, roster_id: int, line: int, revision: int, by: Actor, now: datetime) -> Verdict:
    """Keep in who is no longer in the newest corrected file, and judge him among the others again.

    Raises NotGone, and what ``mending.opened_row`` raises.
    """
    with transaction.atomic():
        roster, before = mending.opened_row(roster_id, line, revision, by=by)
        if not before.gone or before.row.verdict not in MENDABLE:
            raise NotGone
        here = before._replace(gone=False)
        act = Act("roster.row_kept", RowChangeKind.KEPT)
        return mending.change(roster, here, mending.judged_anew(roster, here), act, by=by, now=now).verdict


def set_aside(*, roster_id: int, line: int, revision: int, note: str, by: Actor, now: datetime) -> None:
    """Leave out a row that is no person, or a person who takes no part; why is kept, and nothing is lost.

    Raises NoNote, NotMendable for who is enrolled, and what ``mending.opened_row`` raises.
    """
    note = note.strip()
    if not note or len(note) > LONGEST_NOTE or not note.isprintable():
        raise NoNote
    with transaction.atomic():
        roster, before = mending.opened_row(roster_id, line, revision, by=by)
        if before.row.verdict not in MENDABLE:
            raise NotMendable
        act = Act("roster.row_set_aside", RowChangeKind.ASIDE, note=masked_within(note))
        mending.change(roster, before, rechecking.set_aside(before.row), act, by=by, now=now)


def take_back(*, roster_id: int, line: int, revision: int, by: Actor, now: datetime) -> Verdict:
    """Undo ``set_aside``: the row is judged as if it had never been left out.

    Raises NotSetAside, and what ``mending.opened_row`` raises.
    """
    with transaction.atomic():
        roster, before = mending.opened_row(roster_id, line, revision, by=by)
        if not rechecking.is_set_aside(before.row) or before.row.facts is None:
            raise NotSetAside
        open_again = before._replace(row=before.row._replace(verdict=Verdict.TO_FIX, problems=()))
        act = Act("roster.row_taken_back", RowChangeKind.BACK)
        mended = mending.judged_anew(roster, open_again)
        return mending.change(roster, before, mended, act, by=by, now=now).verdict
