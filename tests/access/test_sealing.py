"""Sealed values open in their own place and nowhere else."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.access.sealing import (
    SealBroken,
    blind_index,
    blind_index_many,
    seal,
    seal_bytes,
    seal_many,
    unseal,
    unseal_bytes,
    unseal_many,
)
from lindung.engine import keys

CANARY = "1571014708900001"


def sealed(row_id: int = 1) -> bytes:
    return seal(CANARY, table="person", column="nik", row_id=row_id)


@given(st.text(), st.integers(min_value=0))
def test_it_opens_what_it_closed(text: str, row_id: int) -> None:
    assert (
        unseal(seal(text, table="t", column="c", row_id=row_id), table="t", column="c", row_id=row_id) == text
    )


@given(st.binary(max_size=500))
def test_it_opens_the_bytes_of_a_file(content: bytes) -> None:
    assert (
        unseal_bytes(seal_bytes(content, table="t", column="c", row_id=1), table="t", column="c", row_id=1)
        == content
    )


def test_it_does_not_show_the_value() -> None:
    assert CANARY.encode() not in sealed()


def test_it_never_seals_the_same_way_twice() -> None:
    assert len({sealed() for _ in range(200)}) == 200


@pytest.mark.parametrize(
    ("table", "column", "row_id"),
    [("person", "nik", 2), ("person", "phone", 1), ("payee", "nik", 1), ("person|nik", "", 1)],
)
def test_it_does_not_open_in_another_place(table: str, column: str, row_id: int) -> None:
    with pytest.raises(SealBroken):
        unseal(sealed(), table=table, column=column, row_id=row_id)


def test_it_tells_nothing_of_the_value_when_it_breaks() -> None:
    with pytest.raises(SealBroken) as broken:
        unseal(sealed(), table="person", column="nik", row_id=2)
    assert CANARY not in str(broken.value)


@given(st.data())
def test_it_does_not_open_after_any_bit_was_changed(data: st.DataObject) -> None:
    blob = bytearray(sealed())
    position = data.draw(st.integers(0, len(blob) - 1))
    blob[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        unseal(bytes(blob), table="person", column="nik", row_id=1)


@pytest.mark.parametrize("length", [0, 1, 5, 13, 28])
def test_it_does_not_open_when_cut_short(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(sealed()[:length], table="person", column="nik", row_id=1)


def test_it_seals_a_column_like_its_values_one_by_one() -> None:
    values = [(number, f"{number:016}") for number in range(300)]
    blobs = seal_many(values, table="person", column="nik")
    pairs = list(zip(range(300), blobs, strict=True))
    assert unseal_many(pairs, table="person", column="nik") == [text for _, text in values]
    assert [unseal(b, table="person", column="nik", row_id=n) for n, b in pairs] == [
        text for _, text in values
    ]
    assert len({blob[1:13] for blob in blobs}) == 300


def test_it_does_not_open_a_column_whose_rows_were_swapped() -> None:
    first, second = seal_many([(1, "a"), (2, "b")], table="person", column="nik")
    with pytest.raises(SealBroken):
        unseal_many([(1, second), (2, first)], table="person", column="nik")


def test_it_finds_equal_values_by_an_index_that_tells_nothing() -> None:
    index = blind_index("nik", CANARY)
    assert len(index) == 32
    assert index == blind_index("nik", CANARY) == blind_index_many("nik", [CANARY])[0]
    assert index != blind_index("phone", CANARY)
    assert CANARY.encode() not in index


def test_it_refuses_an_index_of_an_unknown_kind() -> None:
    with pytest.raises(ValueError, match="name"):
        blind_index("name", "Siti Aminah")


def test_it_indexes_differently_in_another_installation(request: pytest.FixtureRequest) -> None:
    here = blind_index("nik", CANARY)
    request.getfixturevalue("another_home")
    assert blind_index("nik", CANARY) != here


def test_it_opens_old_seals_after_the_key_was_changed(
    another_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = sealed()
    ring = json.loads((keys.folder() / "sealing_ring.json").read_text())
    monkeypatch.setenv("LINDUNG_HOME", f"{another_home}-later")
    keys.folder().mkdir(parents=True)
    (keys.folder() / "sealing_ring.json").write_text(json.dumps({**ring, "2": "ab" * 32}))
    assert unseal(old, table="person", column="nik", row_id=1) == CANARY
    assert sealed()[0] == 2
    assert unseal(sealed(), table="person", column="nik", row_id=1) == CANARY
