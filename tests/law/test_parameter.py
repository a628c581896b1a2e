"""The loader refuses what is not exact, cited and gapless; lookups replay what was known."""

from datetime import date
from typing import Any

import pytest

from lindung.law.decision import Citation, Confidence
from lindung.law.parameter import FOLDER, UnusableParameter, in_force, law_from, load
from lindung.law.terms import Payer, UnknownTerm
from lindung.law.values import Law, NoLawForDate, NotInTable

GOOD = """
[[parameter]]
id = "jkm.demo"
kind = "rupiah"
label = { id = "Contoh", en = "Example" }
sentence = { id = "Iuran {value}.", en = "Contribution {value}." }
checked = { on = 2026-11-22 }

[[parameter.values]]
since = 2015-07-01
until = 2020-01-01
known = 2015-06-30
value = 6_800
source = { regulation = "PP 44/2015", article = "20", paragraph = "3" }
confidence = "read_in_law"

[[parameter.values]]
since = 2020-01-01
known = 2020-02-15
value = 7_000
source = { regulation = "PP 1/2020", article = "2" }
confidence = "secondary"
"""
TABLE = """
[[parameter]]
id = "table.demo"
kind = "table"
label = { id = "Contoh", en = "Example" }
sentence = { id = "Dasar {value}.", en = "Base {value}." }
checked = { on = 2026-11-22 }

[[parameter.values]]
since = 2015-07-01
known = 2015-06-30
match = "from"
value = [{ key = 0, value = 1_000 }, { key = 500, value = 2_000, confidence = "unverified" }]
source = { regulation = "PP 44/2015", article = "20" }
confidence = "secondary"
"""
RELIEF = """
[[relief]]
id = "relief.demo"
label = { id = "Keringanan", en = "Relief" }
sentence = { id = "Dipotong {value}.", en = "Cut by {value}." }
checked = { on = 2026-11-22 }
segments = ["bpu"]
programmes = ["jkk"]
except_payers = ["apbn", "apbd"]
first_month = "2026-01"
last_month = "2026-12"
known = 2025-12-22
cut = "1/2"
source = { regulation = "PP 50/2025", article = "4" }
confidence = "secondary"
"""


def law(text: str) -> Law:
    return law_from({"demo.toml": text})


def broken(base: str, old: str, new: str) -> UnusableParameter:
    assert old in base
    with pytest.raises(UnusableParameter) as refused:
        law(base.replace(old, new))
    return refused.value


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("value = 6_800", "value = 6800.0", "Decimal numbers are forbidden"),
        ("value = 6_800", "value = inf", "Decimal numbers are forbidden"),
        ("value = 6_800", "value = -1", "must be whole, zero or more"),
        ("value = 6_800", "value = true", "must be whole, zero or more"),
        ("value = 6_800", 'value = "6800"', "must be whole, zero or more"),
        ("value = 6_800\n", "", "The key value is missing"),
        ("known = 2015-06-30\n", "", "The key known is missing"),
        ("known = 2015-06-30", "known = 2015-06-30T00:00:00", "must be a date"),
        (
            'source = { regulation = "PP 44/2015", article = "20", paragraph = "3" }\n',
            "",
            "source is missing",
        ),
        ('article = "20", ', "", "article is missing"),
        ('regulation = "PP 44/2015", ', 'regulation = " ", ', "regulation must be text"),
        ('article = "20"', 'article = "unread"', "Read in the law, yet without an article"),
        ('confidence = "read_in_law"\n', "", "confidence is missing"),
        ('confidence = "read_in_law"', 'confidence = "sure"', "confidence sure is unknown"),
        ("checked = { on = 2026-11-22 }\n", "", "checked is missing"),
        ("checked = { on = 2026-11-22 }", 'checked = { by = "x" }', "The key by is unknown"),
        ("until = 2020-01-01", "until = 2020-06-01", "Two values hold on 2020-01-01"),
        ("until = 2020-01-01\n", "", "Two values hold on 2020-01-01"),
        ("until = 2020-01-01", "until = 2019-12-31", "No value holds from 2019-12-31 to 2020-01-01"),
        ("until = 2020-01-01", "until = 2015-07-01", "ends before it begins"),
        ('kind = "rupiah"', 'kind = "money"', "kind money is unknown"),
        ('kind = "rupiah"', 'kind = "rupiah"\nunit = "x"', "The key unit is unknown"),
        ("value = 6_800", "value = 6_800\nvaluta = 1", "The key valuta is unknown"),
        ('paragraph = "3"', 'page = "3"', "The key page is unknown"),
        ("Contribution {value}.", "Contribution {price}.", "placeholder nobody fills"),
        (', en = "Example"', "", "en is missing"),
        ("[[parameter]]", "[[parametre]]", "The key parametre is unknown"),
        ("[[parameter]]", "[[parameter]", "not sound TOML"),
        ('kind = "rupiah"', 'kind = "fraction"', "must be a fraction like 57/1000"),
        ('kind = "rupiah"', 'kind = "rounding_rule"', "must be text"),
    ],
)
def test_it_refuses_a_parameter_that_is_not_sound(old: str, new: str, says: str) -> None:
    refusal = broken(GOOD, old, new)
    assert says in refusal.problem.en
    assert refusal.problem.id
    assert str(refusal).startswith("demo.toml: ")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('match = "from"\n', "", "match is missing"),
        ('match = "from"', 'match = "near"', "match must be from or is"),
        ("key = 500", "key = 0", "repeats a key"),
        ("key = 0,", "key = 900,", "ascending"),
        ("key = 500", 'key = "high"', "ascending"),
        ("value = 2_000", "value = 2_000.5", "Decimal numbers are forbidden"),
        ("value = 2_000", 'value = "3/2"', "greater than one"),
        ("value = 2_000", "worth = 2_000", "The key worth is unknown"),
        ('"unverified"', '"perhaps"', "confidence perhaps is unknown"),
    ],
)
def test_it_refuses_a_table_that_is_not_sound(old: str, new: str, says: str) -> None:
    assert says in broken(TABLE, old, new).problem.en


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('cut = "1/2"', "cut = 0.5", "Decimal numbers are forbidden"),
        ('cut = "1/2"', 'cut = "1/0"', "must be a fraction"),
        ('cut = "1/2"', 'cut = "3/2"', "greater than one"),
        ('"2026-12"', '"2025-12"', "ends before it begins"),
        ('"2026-12"', '"2026-13"', "must be a month"),
        ('"apbn", "apbd"', '"city"', "except_payers city is unknown"),
        ('programmes = ["jkk"]', "programmes = []", "must be a list"),
        ('source = { regulation = "PP 50/2025", article = "4" }\n', "", "source is missing"),
        ("known = 2025-12-22\n", "", "known is missing"),
    ],
)
def test_it_refuses_a_relief_that_is_not_sound(old: str, new: str, says: str) -> None:
    assert says in broken(RELIEF, old, new).problem.en


def test_it_refuses_an_id_used_twice() -> None:
    with pytest.raises(UnusableParameter, match=r"other\.toml: jkm\.demo: .*used twice"):
        law_from({"demo.toml": GOOD, "other.toml": GOOD})


def test_it_refuses_two_reliefs_that_could_hold_at_once() -> None:
    other = (
        RELIEF.replace("relief.demo", "relief.other")
        .replace('"2026-01"', '"2026-12"')
        .replace('"2026-12"\nknown', '"2027-02"\nknown')
    )
    with pytest.raises(UnusableParameter, match="could hold at once"):
        law(RELIEF + other)
    law(RELIEF + other.replace('["jkk"]', '["jkm"]'))


def test_it_names_file_and_id_of_a_value_that_is_not_sound() -> None:
    assert str(broken(GOOD, "value = 6_800", "value = -1")).startswith("demo.toml: jkm.demo: ")


def test_it_reads_the_value_of_the_day() -> None:
    stored = law(GOOD)
    before = stored.value("jkm.demo", on=date(2019, 12, 31))
    assert (before.value, before.citation) == (6_800, Citation("PP 44/2015", "20", "3"))
    after = stored.value("jkm.demo", on=date(2020, 1, 1))
    assert (after.value, after.confidence) == (7_000, Confidence.SECONDARY)


def test_it_refuses_a_day_before_the_first_law() -> None:
    with pytest.raises(NoLawForDate) as refused:
        law(GOOD).value("jkm.demo", on=date(2015, 6, 30))
    assert refused.value.text.en == "No rule is stored for 30 June 2015: Example."
    assert refused.value.text.id == "Belum ada aturan yang tersimpan untuk 30 Juni 2015: Contoh."


def test_it_refuses_a_day_after_an_end_without_successor() -> None:
    ended = law(GOOD.replace("since = 2020-01-01", "since = 2020-01-01\nuntil = 2021-01-01"))
    assert ended.value("jkm.demo", on=date(2020, 12, 31)).value == 7_000
    with pytest.raises(NoLawForDate):
        ended.value("jkm.demo", on=date(2021, 1, 1))


def test_it_replays_what_was_known() -> None:
    stored = law(GOOD)
    on = date(2020, 3, 1)
    assert stored.value("jkm.demo", on=on, known=date(2020, 2, 14)).value == 6_800
    assert stored.value("jkm.demo", on=on, known=date(2020, 2, 15)).value == 7_000
    with pytest.raises(NoLawForDate):
        stored.value("jkm.demo", on=on, known=date(2015, 6, 29))


def test_it_lets_a_later_correction_replace_what_was_believed() -> None:
    correction = """
[[parameter.values]]
since = 2018-01-01
until = 2019-01-01
known = 2018-06-01
value = 6_900
corrects = true
source = { regulation = "PP 2/2018", article = "1" }
confidence = "secondary"
"""
    stored = law(GOOD + correction)
    on = date(2018, 3, 1)
    assert stored.value("jkm.demo", on=on).value == 6_900
    assert stored.value("jkm.demo", on=on, known=date(2018, 5, 31)).value == 6_800
    assert stored.value("jkm.demo", on=date(2019, 1, 1)).value == 6_800


def test_it_reads_a_band_by_its_lower_bound() -> None:
    table: Any = law(TABLE).value("table.demo", on=date(2026, 1, 1)).value
    assert [table.row(key).value for key in (0, 499, 500, 10**12)] == [1_000, 1_000, 2_000, 2_000]
    assert table.row(500).confidence is Confidence.UNVERIFIED
    for stranger in (-1, "high"):
        with pytest.raises(NotInTable):
            table.row(stranger)


def test_it_keeps_the_law_immutable() -> None:
    stored = in_force()
    with pytest.raises(TypeError):
        stored.parameters["x"] = stored.parameters["bpu.jkm.amount"]  # type: ignore[index] - the very refusal tested
    with pytest.raises(AttributeError):
        stored.parameters["bpu.jkm.amount"].id = "x"  # type: ignore[misc] - the very refusal tested


def test_it_excepts_only_the_named_payers() -> None:
    (relief,) = law(RELIEF).reliefs
    assert relief.payers == frozenset(Payer) - {Payer.APBN, Payer.APBD}


def test_it_stores_every_value_with_article_checked_day_and_both_languages() -> None:
    for parameter in load(FOLDER).parameters.values():
        assert parameter.checked_on >= date(2026, 11, 22)
        assert parameter.label.id != parameter.label.en
        assert parameter.sentence.id != parameter.sentence.en


def test_it_names_an_unknown_word_and_the_choices() -> None:
    with pytest.raises(UnknownTerm, match=r"unknown: mayor\. Choose: self, employer"):
        Payer("mayor")


def test_it_has_a_label_for_every_word() -> None:
    from lindung.law import terms

    for kind in (terms.Programme, terms.Segment, terms.Payer, terms.Sector, terms.RiskClass):
        assert all(word.label.id for word in kind)
