"""The templates as a whole: strict content policy, no dead file, no missing picture, both languages everywhere."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import lindung.web

ROOM = Path(lindung.web.__file__).parent
FOLDER = ROOM / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*"))
PYTHON = "\n".join(path.read_text("utf-8") for path in ROOM.rglob("*.py"))
ALL = "\n".join((FOLDER / name).read_text("utf-8") for name in TEMPLATES)
STYLES = (ROOM / "static/web/lindung.css").read_text("utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_has_nothing_the_content_policy_forbids(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    assert not re.search(
        r"<script(?! src=\"{% static )|<style|\sstyle=|\son[a-z]+=|javascript:|https?://", text
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_says_nothing_in_one_language_only(name: str) -> None:
    """Outside of tags, a template holds names, figures and signs, but no words of its own."""
    text = (FOLDER / name).read_text("utf-8")
    bare = re.sub(r"<[^<>]*>", " ", re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL))
    assert set(re.findall(r"[A-Za-z]{2,}", bare)) <= {
        "Lindung",
        "NIK",
        "doctype",
        "html",
        "English",
        "EN",
        "ID",
    } | {
        "Bahasa",
        "Indonesia",
    }


def test_it_keeps_no_template_that_no_page_uses() -> None:
    ours = {name for name in TEMPLATES if name.startswith("web/")}
    used = set(re.findall(r'"(web/[a-z_]+\.html)"', PYTHON + ALL))
    assert ours == used


def test_it_draws_every_picture_it_names_and_names_every_picture_it_draws() -> None:
    drawn = set(re.findall(r'id="i-([a-z-]+)"', ALL))
    named = set(re.findall(r'{% icon "([a-z-]+)"', ALL))
    in_python = {name for name in drawn if f'"{name}"' in PYTHON}
    assert drawn == named | in_python


def test_it_styles_every_class_it_uses_and_uses_every_class_it_styles() -> None:
    attributes = " ".join(re.findall(r'class="([^"]*)"', ALL + PYTHON))
    used = set(re.sub(r"{[{%].*?[}%]}", " ", attributes).split())
    styled = set(re.findall(r"\.([a-z][a-z0-9-]*)", re.sub(r"{[^{}]*}", "{}", STYLES)))
    given_by_values = set(re.findall(r'"([a-z-]+(?: [a-z-]+)?)"', PYTHON))
    values = {word for value in given_by_values for word in value.split()} | {"info", "now", "soon"}
    months = {f"m{number}" for number in range(2, 13)}
    assert used - styled <= {"m"}
    assert styled <= used | values | months | {"blocks", "refuses", "note"}


def chain(name: str) -> str:
    """A template with everything it extends, its own text first."""
    text = (FOLDER / name).read_text("utf-8")
    above = re.search(r'{% extends "([^"]+)" %}', text)
    return text + (chain(above[1]) if above else "")


PAGES = [
    name
    for name in TEMPLATES
    if name.endswith(".html")
    and re.search(r"{% extends ", (FOLDER / name).read_text("utf-8"))
    and name not in {"web/entrance.html", "web/stopped.html"}
]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_one_heading_and_says_in_a_sentence_what_it_is_for(name: str) -> None:
    whole = chain(name)
    assert whole.count("<h1") == 1
    assert re.search(r'<div class="head[^"]*">.*?<p class="purpose">', whole, re.DOTALL)
    if 'extends "web/entrance.html"' in whole:
        assert re.search(r'{% block purpose %}{% say "[^"]{20,}" "[^"]{20,}" %}{% endblock %}', whole)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith(".html")])
def test_each_list_says_something_when_it_is_empty(name: str) -> None:
    """A loop over the rows of a table, or over the items of a list of needs, has its other case beside it."""
    text = (FOLDER / name).read_text("utf-8")
    for found in re.finditer(r'(?:<tbody[^>]*>|<ul class="needs">){% for .*?{% endfor %}', text, re.DOTALL):
        before, after = text[: found.start()], text[found.end() :]
        guarded = re.search(r"{% (?:else|elif|empty) ?", after) and "{% if " in before
        assert "{% empty %}" in found[0] or guarded or name in ALWAYS_FULL, found[0][:80]


ALWAYS_FULL = {
    "web/agreement.html",
    "web/coverage.html",
    "web/determined.html",
    "web/people.html",
    "web/sessions.html",
    "web/worker.html",
}
"""Twelve months of a year, the parts of a city, the months of a membership, the session in which one reads,
determinations, whose section stands only where there are some: there is always one. The table of people
is included by pages that say something else when there are none."""
