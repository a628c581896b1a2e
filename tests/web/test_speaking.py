"""What templates say: the reader's language, figures as people write them, and nothing unescaped."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.urls import NoReverseMatch
from django.utils import translation

from lindung.law.text import Text


def rendered(source: str, language: str = "id", **values: object) -> str:
    """The template text as a reader of that language gets it."""
    with translation.override(language):
        return Template("{% load speaking %}" + source).render(Context(values))


def test_it_speaks_indonesian_unless_english_was_chosen() -> None:
    source = '{% say "Hari ini" "Today" %}'
    assert rendered(source) == "Hari ini"
    assert rendered(source, "en") == "Today"


def test_it_fills_placeholders_and_escapes_what_people_typed() -> None:
    source = '{% say "Daftarkan <b>{n}</b> dari {name}" "Enrol <b>{n}</b> of {name}" n=n name=name %}'
    assert rendered(source, n=3, name="<i>Siti</i>") == "Daftarkan <b>3</b> dari &lt;i&gt;Siti&lt;/i&gt;"


def test_it_escapes_a_sentence_that_comes_from_a_variable() -> None:
    assert rendered("{% say text text %}", text="<b>Budi</b>") == "&lt;b&gt;Budi&lt;/b&gt;"
    assert rendered("{{ text|said }}", text=Text("<b>Budi</b>", "x")) == "&lt;b&gt;Budi&lt;/b&gt;"


def test_it_refuses_a_sentence_in_one_language_only() -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered('{% say "Hari ini" %}')


@pytest.mark.parametrize(
    ("source", "indonesian", "english"),
    [
        ("{{ 4316|number }}", "4.316", "4,316"),
        ("{{ 72508800|rupiah }}", "Rp72.508.800", "Rp72.508.800"),
        ("{{ 1|duration }}", "1 bulan", "1 month"),
        ("{{ 3|duration }}", "3 bulan", "3 months"),
        ('{{ "jkk"|programme }}', "JKK (kecelakaan kerja)", "JKK (employment injury)"),
        ('{{ "xyz"|programme }}', "XYZ", "XYZ"),
    ],
)
def test_it_writes_figures_as_the_reader_does(source: str, indonesian: str, english: str) -> None:
    assert (rendered(source), rendered(source, "en")) == (indonesian, english)


def test_it_writes_days_and_times_of_jakarta() -> None:
    late = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)
    assert rendered("{{ on|weekday }}, {{ on|day }}", on=date(2026, 11, 22)) == "Minggu, 22 November 2026"
    assert rendered("{{ at|day }} {{ at|clock_time }}", at=late) == "22 November 2026 00.05"
    assert rendered("{{ at|clock_time }}", "en", at=late) == "00:05"


def test_it_finds_the_page_a_need_names_and_refuses_one_that_is_not_there() -> None:
    assert rendered("{% link name args %}", name="web:roster", args=(7,)) == "/daftar/7/"
    with pytest.raises(NoReverseMatch):
        rendered("{% link name %}", name="nowhere")


def test_it_keeps_pictures_silent_because_words_stand_beside_them() -> None:
    assert rendered('{% icon "good" %}') == '<svg class="icon" aria-hidden="true"><use href="#i-good"/></svg>'


def test_it_takes_the_xml_heading_off_the_drawing_of_a_code() -> None:
    drawing = "<?xml version='1.0'?>\n<svg><path/></svg>"
    assert rendered("{{ drawing|bare_svg }}", drawing=drawing) == "<svg><path/></svg>"
