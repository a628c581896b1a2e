"""verify on a stage: green."""
import pytest
import test_row_security
from lindung.insight import verifying
import world
from ledger import books

def test_green(fresh_database, tmp_path, monkeypatch):
    monkeypatch.setenv("LINDUNG_CHECKPOINTS", str(tmp_path))
    monkeypatch.setenv("LINDUNG_NOW", "2026-11-22")
    test_row_security.built()
    from lindung.ledger import checkpoints
    w = checkpoints.write(now=world.at(world.TODAY), out=None)
    print(w)
    v = verifying.verify()
    for o in v.outcomes: print(o.proof.code, o.wrong)
    print(v.checkpoints, v.unseen)
    assert v.holds
    assert 0
