"""What verify asks: an untouched house answers every question well, and each violation is named by its proof."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import test_row_security
import world
from insight.planted import PLANTED
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.insight import verifying
from stages import Stage, administrator, stage_of

saved_stage = stage_of(test_row_security.built, now=world.at(world.TODAY))
Plain = psycopg.Connection[Any]
pytestmark = pytest.mark.usefixtures("saved_stage")


@pytest.fixture(autouse=True)
def kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Checkpoints of this test alone."""
    monkeypatch.setenv("LINDUNG_CHECKPOINTS", str(tmp_path))
    return tmp_path


@pytest.fixture
def root(saved_stage: Stage[object]) -> Iterator[Plain]:
    """Whoever may do everything, in a transaction that never happened."""
    with administrator(saved_stage.database) as connection, connection.transaction(force_rollback=True):
        yield connection


@pytest.mark.django_db
class TestUntouched:
    def test_everything_holds(self) -> None:
        seen = verifying.verify()
        assert {each.proof.code: each.wrong for each in seen.outcomes if each.wrong} == {}
        assert seen.holds

    def test_every_proof_has_its_code_and_a_sentence_in_both_languages(self) -> None:
        asked = list(verifying.proofs())
        assert len({proof.code for proof in asked}) == len(asked) > 30
        assert [proof.code for proof in asked if not proof.sentence.id or not proof.sentence.en] == []
        assert sorted(proof.code for proof in asked if proof.code not in PLANTED) == []

    def test_it_sees_every_row_that_there_is(self, root: Plain) -> None:
        """But for what is one user's alone: sealed drafts, and answers to orders. An empty sight would prove nothing."""
        with system_scope(SystemScope.MAINTENANCE, actor=NOBODY):
            seen = test_row_security.seen_by_sql()
        there = {
            name: root.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()[0]  # type: ignore[index]  # count has a row
            for name in seen
        }
        assert {name: (seen[name], there[name]) for name in seen if seen[name] != there[name]} == {}


class TestPlanted:
    @pytest.mark.parametrize("code", PLANTED)
    def test_it_is_named(self, code: str, root: Plain, db: None) -> None:
        proof = next(each for each in verifying.proofs() if each.code == code)
        assert root.execute(proof.sql.encode()).fetchall() == []
        root.execute("SET LOCAL session_replication_role = replica")
        root.execute(PLANTED[code].encode())
        wrong = root.execute(proof.sql.encode()).fetchall()
        assert wrong != []
        assert len(str(wrong[0][0])) > 10
