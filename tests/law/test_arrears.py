"""What if the next month is not paid, and what after three; and the waiting time for the death benefit."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law import arrears
from lindung.law.decision import Decision, Outcome
from lindung.law.terms import UnknownTerm

TODAY = date(2026, 11, 22)


def test_it_tells_ibu_siti_what_follows() -> None:
    next_unpaid, beyond = arrears.outlook(segment="bpu", programme="jkk", months_unpaid=0, on=TODAY)
    assert next_unpaid.facts["months_unpaid"] == 1
    assert next_unpaid.granted
    assert beyond.facts["months_unpaid"] == 4
    assert beyond.outcome is Outcome.REFUSED
    assert beyond.what_would_change[0].en.startswith("Pay contributions again under the same NIK")


def test_it_looks_beyond_arrears_that_are_long_already() -> None:
    next_unpaid, beyond = arrears.outlook(segment="bpu", programme="jkm", months_unpaid=5, on=TODAY)
    assert (next_unpaid.facts["months_unpaid"], beyond.facts["months_unpaid"]) == (6, 6)


@pytest.mark.parametrize(
    ("segment", "programme"), [("pu", "jkk"), ("pu", "jkm"), ("pu", "jht"), ("bpu", "jht")]
)
def test_it_never_takes_the_cover_of_wage_earners_nor_savings(segment: str, programme: str) -> None:
    outlook = arrears.outlook(segment=segment, programme=programme, months_unpaid=0, on=TODAY)
    assert outlook.next_unpaid.granted
    assert outlook.beyond_limit.granted


@pytest.mark.parametrize(
    ("segment", "programme", "months", "article", "granted", "words"),
    [
        ("pu", "jkk", 3, "38", True, "tetap membayar semua manfaat JKK"),
        ("pu", "jkm", 3, "41", True, "tetap membayar seluruh santunan JKM"),
        ("pu", "jkk", 4, "38", True, "pemberi kerja membayar manfaatnya lebih dulu"),
        ("pu", "jkm", 4, "41", True, "setelah tunggakan dan denda lunas"),
        ("bpu", "jkk", 3, "39", True, "Uang santunan dibayar setelah sembuh dan tunggakan lunas"),
        ("bpu", "jkm", 3, "42", True, "biaya pemakaman dibayar. Sisanya dibayar setelah ahli waris melunasi"),
        ("bpu", "jkk", 4, "39", False, "tidak ada manfaat Jaminan Kecelakaan Kerja"),
        ("bpu", "jkm", 4, "42", False, "tidak ada manfaat Jaminan Kematian"),
    ],
)
def test_it_has_every_cell_of_the_matrix_in_words_with_its_article(
    segment: str, programme: str, months: int, article: str, granted: bool, words: str
) -> None:
    """PP 44/2015 Pasal 38 and 41 (wage earners), 39 and 42 (others): up to three unpaid months, and more."""
    found = arrears.consequence(segment=segment, programme=programme, months_unpaid=months, on=TODAY)
    assert found.granted is granted
    assert words in found.steps[0].sentence.id
    assert ("PP 44/2015", article) in {(each.regulation, each.article) for each in found.citations}


def test_it_says_what_is_not_read_about_coming_back() -> None:
    lapsed = arrears.consequence(segment="bpu", programme="jkm", months_unpaid=4, on=TODAY)
    assert len(lapsed.unverified) == 2
    before_waiting = arrears.consequence(segment="bpu", programme="jkm", months_unpaid=4, on=date(2024, 1, 1))
    assert len(before_waiting.unverified) == 1


@settings(max_examples=25)
@given(st.dates(date(2015, 7, 1), date(2027, 1, 1)), st.integers(0, 24), st.integers(0, 800))
def test_it_pays_the_funeral_or_all_and_never_less_for_more_months(
    registered: date, paid: int, later: int
) -> None:
    died = date.fromordinal(registered.toordinal() + later)

    def total(months: int) -> int:
        return arrears.jkm_waiting(registered_on=registered, paid_months=months, on=died).total

    assert total(paid) in (0, 10_000_000, 24_000_000, 42_000_000)
    assert total(paid) <= total(paid + 1)
    assert (total(paid) == 0) == (paid == 0)


def test_it_refuses_negative_months() -> None:
    with pytest.raises(arrears.NotACount):
        arrears.consequence(segment="bpu", programme="jkk", months_unpaid=-1, on=TODAY)
    with pytest.raises(arrears.NotACount):
        arrears.jkm_waiting(registered_on=TODAY, paid_months=-1, on=TODAY)


def test_it_refuses_unknown_words() -> None:
    with pytest.raises(UnknownTerm):
        arrears.consequence(segment="pbi", programme="jkk", months_unpaid=1, on=TODAY)


def english(decision: Decision) -> str:
    """Everything that the decision says in English."""
    texts = (
        *decision.sentences,
        *decision.what_would_change,
        *(each.sentence for each in decision.alternatives),
    )
    return " ".join(text.en for text in texts)


@pytest.mark.parametrize("segment", ["pu", "bpu"])
@pytest.mark.parametrize("programme", ["jkk", "jkm", "jht"])
@pytest.mark.parametrize("count", range(6))
def test_it_counts_months_as_english_does(segment: str, programme: str, count: int) -> None:
    said = english(arrears.consequence(segment=segment, programme=programme, months_unpaid=count, on=TODAY))
    assert (f"{count} month" in said) == (count > 0 or programme == "jht")
    assert not re.search(r"\b1 months|\b([02-9]|\d\d) month\b", said)


def test_it_says_one_month_unpaid_and_one_month_paid() -> None:
    unpaid = arrears.consequence(segment="bpu", programme="jkk", months_unpaid=1, on=TODAY)
    assert unpaid.steps[0].sentence.en.startswith("1 month unpaid: after an accident at work")
    assert unpaid.steps[0].sentence.id.startswith("1 bulan belum dibayar: bila terjadi kecelakaan kerja")
    assert (
        unpaid.what_would_change[0].en == "Settle the arrears of 1 month so that benefits are paid in full."
    )
    beyond = arrears.consequence(segment="bpu", programme="jkm", months_unpaid=4, on=TODAY)
    assert beyond.steps[0].sentence == (
        "4 bulan berturut-turut belum dibayar, lebih dari 3 bulan: tidak ada manfaat Jaminan Kematian (JKM).",
        "4 months in a row unpaid, more than 3 months: there is no Death (JKM) benefit.",
    )
    waiting = arrears.jkm_waiting(registered_on=date(2026, 10, 1), paid_months=1, on=TODAY)
    assert "Contributions are paid for 1 month. The waiting time of 3 months of" in english(waiting)
