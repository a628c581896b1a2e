"""Numbers in Indonesian words: tables an officer could read, and the way back for any number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law.spelled import LIMIT, spelled, spelled_rupiah

WORDS = {
    0: "nol",
    1: "satu",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    19: "sembilan belas",
    20: "dua puluh",
    21: "dua puluh satu",
    99: "sembilan puluh sembilan",
    100: "seratus",
    101: "seratus satu",
    111: "seratus sebelas",
    200: "dua ratus",
    1_000: "seribu",
    1_001: "seribu satu",
    1_100: "seribu seratus",
    2_000: "dua ribu",
    11_000: "sebelas ribu",
    16_800: "enam belas ribu delapan ratus",
    21_000: "dua puluh satu ribu",
    100_000: "seratus ribu",
    101_000: "seratus satu ribu",
    1_000_000: "satu juta",
    1_001_000: "satu juta seribu",
    72_508_800: "tujuh puluh dua juta lima ratus delapan ribu delapan ratus",
    870_105_600: "delapan ratus tujuh puluh juta seratus lima ribu enam ratus",
    1_000_000_000: "satu miliar",
    10**12: "satu triliun",
    10**12 + 1: "satu triliun satu",
    999 * 10**12: "sembilan ratus sembilan puluh sembilan triliun",
    10**15: "satu kuadriliun",
}
_DIGITS = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
_SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12, "kuadriliun": 10**15}


def read(words: str) -> int:
    """The number that these words say, read one by one."""
    total = group = last = 0
    for word in words.replace("seratus", "satu ratus").replace("seribu", "satu ribu").split():
        if word in _SCALES:
            total, group, last = total + (group + last) * _SCALES[word], 0, 0
        elif word == "ratus":
            group, last = group + last * 100, 0
        elif word == "puluh":
            group, last = group + last * 10, 0
        elif word == "belas":
            group, last = group + last + 10, 0
        else:
            last = {"sepuluh": 10, "sebelas": 11, "nol": 0}.get(word) or _DIGITS.index(word) + 1
    return total + group + last


@pytest.mark.parametrize(("number", "words"), WORDS.items())
def test_it_writes_as_people_say_it(number: int, words: str) -> None:
    assert spelled(number) == words


@settings(max_examples=30)
@given(st.integers(min_value=1, max_value=LIMIT - 1))
def test_it_is_read_back_as_the_same_number(number: int) -> None:
    words = spelled(number)
    assert read(words) == number
    assert words == " ".join(words.split())


def test_it_names_the_money() -> None:
    assert spelled_rupiah(33_600) == "tiga puluh tiga ribu enam ratus rupiah"


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_it_has_no_words_beyond_its_ends(number: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        spelled(number)
