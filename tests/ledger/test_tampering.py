"""A hundred ways to change the past, each found; and an untouched book in which nothing is."""

import os
from collections.abc import Iterator
from random import Random
from typing import Any

import psycopg
import pytest

import world
from ledger import books, tampers
from lindung.ledger import blocks, checkpoints
from lindung.ledger.checkpoints import Checkpoint
from lindung.ledger.proofs import PROOFS
from stages import Stage, administrator, stage_of

saved_stage = stage_of(books.long, now=world.at(world.TODAY))
Plain = psycopg.Connection[Any]
SEED = int(os.environ.get("LINDUNG_SEED", "20261122"))
EACH = 15
"""105 in all."""
CHAINED = {"ledger.entries_fit_their_blocks", "ledger.events_fit_their_blocks"}


@pytest.fixture(scope="module")
def signed(
    saved_stage: Stage[world.City], tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Checkpoint]:
    """A checkpoint of the whole book."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("LINDUNG_CHECKPOINTS", str(tmp_path_factory.mktemp("checkpoints")))
        yield checkpoints.write(now=world.at(world.TODAY)).checkpoint


@pytest.fixture(scope="module")
def root(signed: Checkpoint, saved_stage: Stage[world.City]) -> Iterator[Plain]:
    """Whoever may do everything; what verify asks is asked in the same transaction, so that nothing has to stay."""
    with pytest.MonkeyPatch.context() as patch, administrator(saved_stage.database) as connection:
        patch.setattr(blocks, "connection", connection)
        patch.setattr(checkpoints, "connection", connection)
        yield connection


def found(root: Plain, signed: Checkpoint) -> dict[str, list[str]]:
    """What the proofs of the book and the checkpoint say is wrong."""
    said = {
        proof.code: [str(wrong) for (wrong,) in root.execute(proof.sql.encode()).fetchall()]
        for proof in PROOFS
    }
    said["checkpoint"] = [fault.en for fault in checkpoints.faults(signed)]
    return {code: wrong for code, wrong in said.items() if wrong}


def test_an_untouched_book_is_as_it_was_signed(root: Plain, signed: Checkpoint) -> None:
    assert found(root, signed) == {}
    assert {chain: tip.number for chain, tip in signed.tips.items()} == {"entries": 4, "events": 4}


@pytest.mark.parametrize("kind", tampers.KINDS)
def test_every_change_of_the_past_is_found(kind: str, root: Plain, signed: Checkpoint) -> None:
    random = Random(f"{SEED} {kind}")
    for number in range(EACH):
        what = tampers.KINDS[kind](random)
        with root.transaction(force_rollback=True):
            root.execute("SET LOCAL session_replication_role = replica")
            root.execute(what.encode())
            wrong = found(root, signed)
        assert wrong, f"seed {SEED}, {kind} {number}: {what}"
        if kind == "rewritten chain":
            assert "checkpoint" in wrong, f"seed {SEED}, {kind} {number}: {what}"
        elif kind != "old backup":
            assert wrong.keys() & (CHAINED | {"checkpoint"}), f"seed {SEED}, {kind} {number}: {what}"
    assert found(root, signed) == {}


def test_a_chain_computed_anew_agrees_with_itself_and_not_with_the_checkpoint(
    root: Plain, signed: Checkpoint
) -> None:
    """Why there is a checkpoint: without one nothing would be found."""
    with root.transaction(force_rollback=True):
        root.execute("SET LOCAL session_replication_role = replica")
        root.execute("UPDATE access_auditevent SET actor_name = 'Orang lain' WHERE subject = 'thing:7'")
        root.execute(tampers.REBUILT.encode())
        assert set(found(root, signed)) == {"checkpoint"}
