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
