"""Asks every invariant of every room, holds the chains against the checkpoints, and says what it cannot see."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.db import DatabaseError, connection
from django.utils.module_loading import module_has_submodule

from lindung.access.scope import Actor, SystemScope, system_scope
from lindung.insight.proofs import of_every_table
from lindung.law.text import Text
from lindung.ledger import blocks, checkpoints
from lindung.ledger.checkpoints import Checkpoint
from lindung.ledger.proof import Proof

VERIFIER = Actor(None, "Lindung")
MOST = 20
"""So many rows of what is wrong are named for each proof."""


class Outcome(NamedTuple):
    """A proof and a sample of what breaks it; nothing when it holds."""

    proof: Proof
    wrong: list[str]


class Held(NamedTuple):
    """A checkpoint file, what it says (None when it cannot be read), and where the database says otherwise."""

    file: Path
    says: Checkpoint | None
    faults: list[Text]


class Verification(NamedTuple):
    """All that was looked at. `unseen` is what could be wrong all the same, in plain words."""

    outcomes: list[Outcome]
    checkpoints: list[Held]
    unseen: list[Text]

    @property
    def holds(self) -> bool:
        """Whether nothing at all is wrong."""
        return not any(outcome.wrong for outcome in self.outcomes) and not any(
            held.faults for held in self.checkpoints
        )


def verify(*, checkpoint: Path | None = None) -> Verification:
    """Ask everything; against every checkpoint in the folder, or only against the file given.

    Each question is a transaction of its own, in system scope: nobody waits for it, and it waits for nobody.
    """
    outcomes = [Outcome(proof, _asked(proof)) for proof in proofs()]
    files = checkpoints.files() if checkpoint is None else [checkpoint]
    held = [_held(file) for file in files]
    return Verification(outcomes, held, _unseen(held))


def proofs() -> Iterator[Proof]:
    """The invariants of all rooms, in the order of the rooms, and those of every table."""
    for room in apps.get_app_configs():
        if room.name.startswith("lindung.") and module_has_submodule(room.module, "proofs"):
            yield from import_module(f"{room.name}.proofs").PROOFS
    with system_scope(SystemScope.MAINTENANCE, actor=VERIFIER):
        every = of_every_table()
    yield from every


def _asked(proof: Proof) -> list[str]:
    """What is wrong, as text. A question that cannot be asked any more is something wrong, too."""
    try:
        with system_scope(SystemScope.MAINTENANCE, actor=VERIFIER), connection.cursor() as cursor:
            cursor.execute(proof.sql)
            return [str(row[0]) for row in cursor.fetchmany(MOST)]
    except DatabaseError as error:
        return [f"the question cannot be asked: {error}".strip()]


def _held(file: Path) -> Held:
    try:
        says = checkpoints.read(file)
    except checkpoints.NotACheckpoint as refusal:
        return Held(file, None, [refusal.text])
    with system_scope(SystemScope.MAINTENANCE, actor=VERIFIER):
        return Held(file, says, checkpoints.faults(says))


def _unseen(held: Sequence[Held]) -> list[Text]:
    good = [each.says for each in held if each.says is not None and not each.faults]
    newest = max(good, key=lambda each: each.at, default=None)
    with system_scope(SystemScope.MAINTENANCE, actor=VERIFIER):
        after = _after(newest)
    first = (
        _NO_CHECKPOINT
        if newest is None
        else _AFTER.filled(
            when=newest.at.strftime("%Y-%m-%d %H:%M %Z"),
            short=newest.short,
            entries=after["entries"],
            events=after["events"],
        )
    )
    with system_scope(SystemScope.MAINTENANCE, actor=VERIFIER), connection.cursor() as cursor:
        cursor.execute(_WITHOUT_DIGEST)
        (old,) = cursor.fetchone()
    return [first, *([_OLD_BILLS.filled(count=old)] if old else []), _KEY_AND_FILES, _NEVER_ENTERED]


def _after(newest: Checkpoint | None) -> dict[str, int]:
    """How many rows of each chain came after a checkpoint."""
    until = {chain: str(tip.until_txid) for chain, tip in newest.tips.items()} if newest else {}
    counted = {}
    with connection.cursor() as cursor:
        for chain, table in blocks.TABLES.items():
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE txid >= %s::xid8",  # noqa: S608 - a name of ours
                [until.get(chain, "0")],
            )
            (counted[chain],) = cursor.fetchone()
    return counted


_WITHOUT_DIGEST = """
SELECT count(*) FROM contributions_bill b
 WHERE b.status NOT IN ('cancelled', 'superseded') AND NOT EXISTS (
       SELECT 1 FROM access_auditevent e
        WHERE (e.id = b.event_id OR e.subject = 'bill:' || b.id AND e.action = 'bill.finalised')
          AND e.detail ?| ARRAY['lines_digest', 'lines_digest_of_all'])
"""
_NO_CHECKPOINT = Text(
    "Belum ada pos periksa yang cocok: orang yang menulis ulang seluruh rantai di basis data tidak ketahuan. "
    "Buat satu dan simpan di tempat lain: ./lindung checkpoint --out BERKAS",
    "There is no checkpoint that fits: whoever writes the whole chain anew in the database is not found out. "
    "Make one and keep it elsewhere: ./lindung checkpoint --out FILE",
)
_AFTER = Text(
    "Yang datang sesudah pos periksa terakhir ({when}, {short}): {entries} jurnal dan {events} catatan jejak. "
    "Yang dihapus dari itu tidak ketahuan.",
    "What came after the last checkpoint ({when}, {short}): {entries} entries and {events} events. "
    "What was removed of it is not found out.",
)
_OLD_BILLS = Text(
    "{count} tagihan disusun sebelum barisnya dijaga jejak audit; baris itu hanya dicocokkan dengan jumlahnya.",
    "{count} bills were drawn before the trail held their lines; those lines are compared with the totals only.",
)
_KEY_AND_FILES = Text(
    "Siapa yang memegang kunci penanda tangan dan berkas-berkas di mesin ini bisa membuat semuanya cocok lagi. "
    "Karena itu simpan salinan pos periksa di tempat lain dan cocokkan kode pendeknya.",
    "Whoever holds the signing key and the files on this machine can make everything fit again. So keep copies of "
    "checkpoints elsewhere, and compare their short code.",
)
_NEVER_ENTERED = Text(
    "Yang tidak pernah dicatat tidak bisa ditemukan di sini.", "What was never entered cannot be found here."
)
