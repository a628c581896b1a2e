"""Kelurahan of Kota Jambi under their names, other spellings and former names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.identity import places


def name_of(text: str, kecamatan: str | None = None) -> str | None:
    place = places.kelurahan(text, kecamatan)
    return place.name if place else None


def test_it_knows_the_sixty_eight_kelurahan_of_eleven_kecamatan() -> None:
    assert len(places.PLACES) == 68
    assert len({place.kecamatan for place in places.PLACES.values()}) == 11
    assert all(places.found(place.name) == (place, "exact") for place in places.PLACES.values())


@pytest.mark.parametrize(
    "written",
    [
        "PAYO LEBAR",
        "payo  lebar",
        "Kel. Payo Lebar",
        "Kelurahan Payo Lebar",
        "kel payo lebar",
        "Payo Lebar, Kec. Jelutung",
        "Payo Lebar Kota Jambi",
    ],
)
def test_capitals_labels_and_the_larger_area_do_not_matter(written: str) -> None:
    found = places.found(written)
    assert found is not None
    assert (found.place.name, found.kind) == ("Payo Lebar", "exact")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Simpang 4 Sipin", "Simpang IV Sipin"), ("Simpang Empat Sipin", "Simpang IV Sipin"), ("Sp. IV Sipin", "Simpang IV Sipin"),
        ("Simpang 3 Sipin", "Simpang III Sipin"), ("The Hok", "Thehok"), ("Tehok", "Thehok"), ("Pal Lima", "Paal Lima"), ("Pal 5", "Paal Lima"),
        ("Paal V", "Paal Lima"), ("Pal Merah", "Paal Merah"), ("Payo Silincah", "Payo Selincah"), ("Mayang Mengurai", "Mayang Mangurai"),
        ("Rawasari", "Rawa Sari"), ("Sei Putri", "Sungai Putri"), ("Tj. Pinang", "Tanjung Pinang"), ("Ulu Gedung", "Ulu Gedong"),
    ],
)  # fmt: skip
def test_another_spelling_is_recognised_and_called_one(written: str, name: str) -> None:
    found = places.found(written)
    assert found is not None
    assert (found.place.name, found.kind) == (name, "spelling")


def test_a_former_name_is_recognised_and_called_one() -> None:
    found = places.found("Kenali Kecil")
    assert found is not None
    assert (found.place.name, found.kind) == ("Aur Kenali", "old_name")


@pytest.mark.parametrize(
    "written",
    ["Talang Bkng", "Legokk", "Sipin", "Seberang", "Kenali", "", "  ", "Kota Baru", "Sukarami", "123"],
)
def test_what_is_not_certain_is_not_guessed(written: str) -> None:
    assert places.kelurahan(written) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Talang Bkng", "Talang Bakung"),
        ("Solk Spin", "Solok Sipin"),
        ("Payo Lebr", "Payo Lebar"),
        ("Tnajung Piang", "Tanjung Pinang"),
    ],
)
def test_the_closest_names_are_suggested(written: str, name: str) -> None:
    suggested = places.suggest(written)
    assert suggested[0].name == name
    assert len(suggested) <= 3


def test_names_of_the_given_kecamatan_are_suggested_first() -> None:
    assert places.suggest("Tanjung", "Danau Teluk")[0].kecamatan == "Danau Teluk"


def test_a_kecamatan_that_does_not_fit_is_not_passed_over() -> None:
    assert name_of("Legok", "Danau Sipin") == "Legok"
    assert name_of("Legok", "Kec. Jelutung") is None
    assert name_of("Legok", "") == name_of("Legok", "Kecamatan Entah") == "Legok"


def test_old_lists_name_the_kecamatan_from_which_todays_was_split() -> None:
    assert name_of("Kenali Besar", "Kota Baru") == "Kenali Besar"
    assert name_of("Legok", "Telanaipura") == "Legok"
    assert name_of("Eka Jaya", "Jambi Selatan") == "Eka Jaya"


def test_the_six_new_kelurahan_know_their_parents() -> None:
    new = [place.name for place in places.PLACES.values() if places.parents(place)]
    assert new == ["Aur Kenali", "Talang Gulo", "Kenali Asam", "Simpang Rimbo", "Pinang Merah", "Bakung Jaya"]


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert len(places.suggest(text, text)) <= 3
    assert places.kelurahan(text) is None or places.found(text) is not None
