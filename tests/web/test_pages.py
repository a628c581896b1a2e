"""What holds for every page: each way on leads somewhere, each says what it is for, none speaks a programme's words.

The list of pages is that of the SQL snapshots, each opened by the role that it names there.
"""

import html
import re
from collections import defaultdict

import pytest

from lindung.access.models import Role
from web.conftest import SignIn
from web.stage import Stage, staged
from web.test_sql import PAGES
from web.village import Village

_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_LINK = re.compile(r'<a [^>]*?href="(?P<address>[/?][^"]*)"')
_MARKUP = re.compile(r"<(?:svg|script|style|textarea).*?</(?:svg|script|style|textarea)>|<[^>]+>", re.DOTALL)
_FOR_PROGRAMMES = re.compile(
    r"\{\w*\}|\b20\d\d-\d\d-\d\d\b|\b[a-z]+_[a-z_]+\b|\b[a-z]+:\d+\b|\b(?:None|True|False)\b"
)
NO_PURPOSE = {"roster_progress"}  # a part of a page
LISTS_OF_OTHERS = {"roster_row", "roster_cell", "roster", "roster_columns"}
"""They show a file as it came, its way of writing dates included."""


@pytest.fixture
def stage(village: Village, signed_in: SignIn) -> Stage:
    return staged(village, signed_in)


@pytest.fixture
def opened(stage: Stage) -> dict[str, str]:
    """Every page as its role reads it."""
    inside = {"HX-Request": "true"}
    return {
        name: stage.signed_in(page.role)
        .get(page.path(stage), headers=inside if name in NO_PURPOSE else {})
        .content.decode()
        for name, page in PAGES.items()
    }


def test_every_way_on_leads_somewhere(stage: Stage, opened: dict[str, str]) -> None:
    """Whatever a role is offered opens for it."""
    offered: dict[tuple[Role, str], str] = {}
    for name, page in opened.items():
        role, own = PAGES[name].role, PAGES[name].path(stage).split("?")[0]
        for address in map(html.unescape, _LINK.findall(page)):
            whole = own + address if address.startswith("?") else address.split("#")[0]
            offered.setdefault((role, whole), name)
    broken = defaultdict(list)
    for (role, address), name in offered.items():
        status = stage.signed_in(role).get(address).status_code
        if status >= 400:
            broken[name].append((role.value, address, status))
    assert dict(broken) == {}
    assert len(offered) > 200


def test_every_page_says_what_it_is_for_in_words_of_people(opened: dict[str, str]) -> None:
    silent = [name for name, page in opened.items() if 'class="purpose"' not in page]
    assert sorted(silent) == sorted(NO_PURPOSE)
    said = {
        name: _FOR_PROGRAMMES.findall(html.unescape(_MARKUP.sub(" ", " ".join(_MAIN.findall(page)))))
        for name, page in opened.items()
        if name not in LISTS_OF_OTHERS
    }
    assert {name: words for name, words in said.items() if words} == {}
