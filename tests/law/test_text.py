"""Two languages, Indonesian first."""

import pytest

from lindung.law.text import Text, joined


def test_it_speaks_both_languages() -> None:
    text = Text("Iuran {amount}", "Contribution {amount}").filled(amount="Rp16.800")
    assert text.said_in("id") == "Iuran Rp16.800"
    assert text.said_in("en") == "Contribution Rp16.800"


def test_it_inserts_a_text_by_language() -> None:
    filled = Text("Oleh {payer}.", "By {payer}.").filled(payer=Text("kota", "the city"))
    assert filled == ("Oleh kota.", "By the city.")


def test_it_refuses_to_leave_a_placeholder_open() -> None:
    with pytest.raises(KeyError):
        Text("Iuran {amount}", "Contribution {amount}").filled(price="1")


def test_it_joins_sentences() -> None:
    assert joined((Text("Satu.", "One."), Text("Dua.", "Two."))) == ("Satu. Dua.", "One. Two.")
