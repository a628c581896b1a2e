"""Names: how they are shown, matched and compared."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lindung.identity import names

anything = st.text(max_size=40)
letters = st.text("abdehijklmnorstuyA BDMSZ.,'", max_size=30)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  Siti   Aminah ", "Siti Aminah"),
        ("SITI AMINAH", "Siti Aminah"),
        ("siti aminah", "Siti Aminah"),
        ("Siti aminah", "Siti aminah"),
        ("A i s y a h", "Aisyah"),
        ("S I T I  A M I N A H", "Siti Aminah"),
        ("Budi S A", "Budi S A"),
        ("'Siti Aminah", "Siti Aminah"),
        ("Siti\u200b Aminah\u00a0", "Siti Aminah"),
        ("NUR'AINI", "Nur'aini"),
        ("SITI AMINAH, S.PD", "Siti Aminah, S.Pd"),
        ("SITI AMINAH BINTI AHMAD", "Siti Aminah binti Ahmad"),
        ("H. M. YUSUF", "H. M. Yusuf"),
        ("Budi ,  SE", "Budi, SE"),
        ("Budi", "Budi"),
        ("", ""),
    ],
)
def test_it_shows_a_name_as_it_should_be_written(written: str, shown: str) -> None:
    assert names.clean(written) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("H. Muhammad Yusuf", "M. Yusuf"),
        ("Moch. Yusuf", "Mhd Yusuf"),
        ("MUHAMAD YUSUF, S.Pd.I", "Mohammed Yusuf"),
        ("Drs. H. Budi Santoso, M.Si", "Budi Santoso"),
        ("Budi Santoso S.Pd", "Budi Santoso"),
        ("Budi Santoso SE", "Budi Santoso"),
        ("Hj. Siti Aminah binti H. Ahmad", "SITI AMINAH"),
        ("Abd. Rahman", "Abdul Rahman"),
        ("Abdurrahman", "Abdul Rahman"),
        ("Abdussalam", "Abdus Salam"),
        ("Soeharto", "Suharto"),
        ("Djoko Tjahjono", "Joko Cahjono"),
        ("Rosmaida br. Damanik", "Rosmaida Boru Damanik"),
        ("Nur'aini", "Nuraini"),
        ("Siti-Aminah", "Siti Aminah"),
        ("(Alm) Budi Santoso", "Budi Santoso"),
        ("José", "Jose"),
        ("A i s y a h", "AISYAH"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)
    assert names.alike(one, other) == "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "Siti Khadijah"),
        ("Abdullah", "Abdul Salam"),
        ("Budi", "Siti"),
        ("Adi Putra", "Edi Putra"),
        ("Fauzi", "Fauzan"),
    ],
)
def test_other_names_stay_other_names(one: str, other: str) -> None:
    assert names.key(one) != names.key(other)
    assert names.alike(one, other) == "different"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "Siti Aminih"),
        ("Siti", "Siti Aminah"),
        ("Budi S", "Budi Santoso"),
        ("Yusuf", "Yusup"),
        ("Ahmad", "Achmad"),
    ],
)
def test_a_small_slip_or_a_missing_word_is_near(one: str, other: str) -> None:
    assert names.alike(one, other) == names.alike(other, one) == "near"


def test_in_capitals_a_short_degree_stays_part_of_the_name() -> None:
    assert names.alike("LIM BA", "LIM") == names.alike("BUDI SANTOSO SE", "Budi Santoso") == "near"


def test_word_order_and_joined_words_do_not_matter() -> None:
    assert names.alike("Aminah Siti", "Siti Aminah") == "same"
    assert names.alike("Nur Aini", "Nuraini") == "same"


def test_an_empty_name_is_like_nobody() -> None:
    assert names.alike("", "") == "different"


@pytest.mark.parametrize("title", ["H", "Ir", "Dr"])
def test_a_title_alone_is_left_as_the_name(title: str) -> None:
    assert names.key(title) == title.lower()


@pytest.mark.parametrize(
    ("written", "father"),
    [("Siti Aminah binti H. Ahmad", "H. Ahmad"), ("Budi bin Santoso", "Santoso"), ("Budi Santoso", None), ("Bintang Bin", None), ("Bin Salim", None)],
)  # fmt: skip
def test_the_fathers_name_is_kept_as_evidence(written: str, father: str | None) -> None:
    assert names.parentage(written) == father


@pytest.mark.parametrize(
    "written", ["Siti Aminah", "Budi", "Nur'aini", "Siti (Ani)", "Hj. Siti, S.Pd", "محمد", "مُحَمَّد", "Ana-Maria", "'Ainun", "José", "J. D'Cruz", "Siti\u200bAminah"]
)  # fmt: skip
def test_names_of_letters_pass(written: str) -> None:
    assert names.problems(written) == ()


@pytest.mark.parametrize(
    "written",
    [
        "Budi2",
        "=1+1",
        "+Siti",
        "@SUM(A1)",
        "'=cmd",
        "Si\x01ti",
        "Siti\u202eimA",
        "Siti_A",
        "\ufffdSiti",
        "Budi & Ani",
        "1571015205740001",
    ],
)
def test_what_is_no_name_is_refused(written: str) -> None:
    assert names.problems(written) == ("name.not_letters",)


@pytest.mark.parametrize("written", ["", "  ", "-", "--", "...", "NULL", "nihil", "n/a"])
def test_a_placeholder_is_a_missing_name(written: str) -> None:
    assert names.problems(written) == ("name.missing",)


@example(",'")
@example("A\ra\x85a")
@given(anything | letters)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert names.clean(names.clean(text)) == names.clean(text)


@given(anything | letters, anything | letters)
def test_any_two_texts_are_compared_the_same_both_ways(one: str, other: str) -> None:
    assert names.alike(one, other) in {"same", "near", "different"}
    assert (names.alike(one, other) == "same") == (names.alike(other, one) == "same")
    if names.key(one):
        assert names.alike(one, one) == "same"
