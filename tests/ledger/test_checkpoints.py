"""Checkpoints: whole files outside the database, signed, never overwritten; and what is wrong with one is said."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

import world
from ledger import books, tampers
from lindung.engine import keys, state
from lindung.engine.troubles import KeyUnreadable
from lindung.insight import verifying
from lindung.ledger import checkpoints, tasks
from lindung.ledger.checkpoints import FileThere, NoPlace, NotACheckpoint, read
from stages import Stages, administrator

NOW = world.at(world.TODAY)


@pytest.fixture
def starting_point(stages: Stages) -> str:
    return stages.of(books.long, now=NOW).database


@pytest.fixture
def place(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for checkpoints of this test."""
    monkeypatch.setenv("LINDUNG_CHECKPOINTS", str(tmp_path / "checkpoints"))
    return tmp_path / "checkpoints"


class TestWriting:
    def test_it_is_a_file_and_the_public_key_beside_it(self, place: Path, tmp_path: Path) -> None:
        assert checkpoints.newest() is None
        copy = tmp_path / "usb.json"
        made = checkpoints.write(now=NOW, out=copy)
        (own,) = checkpoints.files()
        assert made.files == [copy, own]
        assert copy.read_bytes() == own.read_bytes()
        assert sorted(file.name for file in place.iterdir()) == sorted(
            [own.name, f"key-{made.checkpoint.key}.pem"]
        )
        assert read(copy) == made.checkpoint == checkpoints.newest()
        assert checkpoints.faults(made.checkpoint) == []
        assert made.checkpoint.short in own.name
        assert place.stat().st_mode & 0o077 == 0

    def test_it_overwrites_nothing(self, place: Path, tmp_path: Path) -> None:
        copy = tmp_path / "usb.json"
        copy.write_text("mine")
        with pytest.raises(FileThere):
            checkpoints.write(now=NOW, out=copy)
        assert copy.read_text() == "mine"
        assert checkpoints.files() == []
        with pytest.raises(NoPlace):
            checkpoints.write(now=NOW, out=tmp_path / "nowhere" / "a.json")

    def test_the_same_twice_is_one_file_and_a_later_one_is_the_newest(self, place: Path) -> None:
        checkpoints.write(now=NOW)
        checkpoints.write(now=NOW)
        assert len(checkpoints.files()) == 1
        later = checkpoints.write(now=NOW + timedelta(days=1)).checkpoint
        assert len(checkpoints.files()) == 2
        checkpoints.files()[0].write_text("cut off")
        assert checkpoints.newest() == later

    def test_it_signs_nothing_that_could_be_taken_back(self, place: Path) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError):
            checkpoints.write(now=NOW)

    def test_a_damaged_key_is_said(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(keys._read, keys.folder() / "checkpoint_signing_key", "zz")
        with pytest.raises(KeyUnreadable) as caught:
            checkpoints.write(now=NOW)
        assert str(state.home()) in caught.value.text.en

    def test_the_tasks_close_and_sign(self, place: Path) -> None:
        tasks.close_blocks(timestamp=0)
        tasks.sign_checkpoint(timestamp=0)
        assert checkpoints.newest() is not None


class TestReading:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{}",
            b"[1]",
            b"null",
            b'{"version": 2}',
            b"\x00\xff",
            b'{"version": 1, "chains": []}',
            b"9" * 70_000,
        ],
    )
    def test_what_is_no_checkpoint_is_said(self, content: bytes, tmp_path: Path) -> None:
        file = tmp_path / "x.json"
        file.write_bytes(content)
        with pytest.raises(NotACheckpoint) as caught:
            read(file)
        assert str(file) in caught.value.text.en

    def test_what_is_not_there_or_a_folder_is_said(self, tmp_path: Path) -> None:
        for file in (tmp_path / "none.json", tmp_path):
            with pytest.raises(NotACheckpoint):
                read(file)

    def test_each_changed_word_breaks_the_signature(self, place: Path, tmp_path: Path) -> None:
        content = json.loads(checkpoints.write(now=NOW).files[0].read_bytes())
        forged = tmp_path / "forged.json"
        for change in (
            {"at": "2020-01-01T00:00:00+00:00"},
            {"installation": "1"},
            {"chains": {}},
            {"signature": "00" * 64},
        ):
            forged.write_text(json.dumps(content | change))
            assert [fault.en[:13] for fault in checkpoints.faults(read(forged))] == ["Its signature"]

    def test_another_installation_and_another_key_are_said(self, place: Path) -> None:
        made = checkpoints.write(now=NOW).checkpoint
        foreign = checkpoints._signed(made._replace(installation="1"))
        assert [fault.en[:34] for fault in checkpoints.faults(foreign)] == [
            "This checkpoint is of another inst"
        ]
        stranger = Ed25519PrivateKey.generate()
        name = checkpoints._id(stranger.public_key())
        named = made._replace(key=name)
        theirs = named._replace(signature=stranger.sign(checkpoints._canonical(checkpoints._said(named))))
        assert [name in fault.en for fault in checkpoints.faults(theirs)] == [True]
        (place / f"key-{name}.pem").write_bytes(
            stranger.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        assert checkpoints.faults(theirs) == []


class TestVerify:
    """Changes that are committed, and the whole of verify as it is run."""

    def test_it_names_what_was_changed_and_what_was_signed(self, place: Path, fresh_database: str) -> None:
        checkpoints.write(now=NOW)
        assert verifying.verify().holds
        with administrator(fresh_database) as root:
            root.execute("SET session_replication_role = replica")
            root.execute("UPDATE ledger_posting SET amount = amount * 2 WHERE entry_id = 3")
            root.execute("UPDATE ledger_instruction SET amount = amount * 2 WHERE id = 3")
            root.execute(
                "UPDATE ledger_balance b SET amount = (SELECT sum(p.amount) FROM ledger_posting p"
                " WHERE p.account_id = b.account_id)"
            )
        seen = verifying.verify()
        assert not seen.holds
        (wrong,) = [each for each in seen.outcomes if each.wrong]
        assert wrong.proof.code == "ledger.entries_fit_their_blocks"
        assert wrong.wrong[0].startswith("entries block 1, closed ")
        with administrator(fresh_database) as root:
            root.execute("SET session_replication_role = replica")
            root.execute(tampers.REBUILT.encode())
        seen = verifying.verify()
        assert [each.proof.code for each in seen.outcomes if each.wrong] == []
        assert [fault.en for held in seen.checkpoints for fault in held.faults] == [
            "Chain entries: block 4 is not the one that was signed. The past was rewritten."
        ]
        assert not seen.holds

    def test_it_says_what_it_cannot_see(self, place: Path) -> None:
        before = [unseen.en for unseen in verifying.verify().unseen]
        assert before[0].startswith("There is no checkpoint that fits")
        made = checkpoints.write(now=NOW).checkpoint
        after = [unseen.en for unseen in verifying.verify().unseen]
        assert made.short in after[0]
        assert "0 entries and 0 events" in after[0]
        assert len(after) == 3

    def test_it_holds_against_the_file_that_is_named(self, place: Path, tmp_path: Path) -> None:
        copy = tmp_path / "usb.json"
        checkpoints.write(now=NOW, out=copy)
        (held,) = verifying.verify(checkpoint=copy).checkpoints
        assert (held.file, held.faults) == (copy, [])
        gone = verifying.verify(checkpoint=tmp_path / "gone.json")
        assert not gone.holds
        assert gone.checkpoints[0].says is None
