"""Everyday words for a work, and the occupation they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.membership import occupations

KEYS = sorted(occupations._list())


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Tukang Ojek", "motorcycle_taxi"),
        ("OJEK ONLINE", "motorcycle_taxi"),
        ("supir angkot", "driver"),
        ("Petugas  Kebersihan.", "street_cleaner"),
        ("Guru-Ngaji", "koran_teacher"),
        ("Marbot (2)", "mosque_keeper"),
    ],
)
def test_it_reads_the_words_of_offices(words: str, key: str) -> None:
    assert occupations.read(words).key == key


def test_it_marks_who_works_in_road_transport() -> None:
    """The relief for road transport runs longer (PP 50/2025)."""
    riders = {
        key for key in KEYS if occupations.read(str(occupations._list()[key]["words"][0])).sector != "other"
    }
    assert riders == {"motorcycle_taxi", "driver", "pedicab"}


def test_no_words_mean_two_occupations() -> None:
    words = [word for key in KEYS for word in occupations._list()[key]["words"]]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("key", KEYS)
def test_every_occupation_is_found_by_its_own_words_and_shown_in_both_languages(key: str) -> None:
    for word in occupations._list()[key]["words"]:
        assert occupations.read(str(word).upper()).key == key
    assert all(occupations.label(key))
    assert occupations.is_listed(key)


def test_unknown_words_are_kept_as_they_are_but_for_figures() -> None:
    assert occupations.read("Pengrajin Batik 1571085205749001") == ("pengrajin batik", "other")
    assert occupations.label("pengrajin batik").id == "Pengrajin batik"
    assert not occupations.is_listed("pengrajin batik")


@given(st.text())
def test_any_words_are_an_occupation_the_register_can_store(words: str) -> None:
    found = occupations.read(words)
    assert len(found.key) <= 80
    assert not any(map(str.isdigit, found.key))
    assert found.sector in {"road_transport", "other"}
