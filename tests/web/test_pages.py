"""What holds for every page: each way on leads somewhere, each says what it is for, in one language people speak.

The list of pages is that of the SQL snapshots, each opened by the role that it names there.
"""

import html
import re
from collections import defaultdict

import pytest
from django.conf import settings

from lindung.access.models import Role
from stages import Stage as Saved
from stages import stage_of
from web.stage import Stage, staged
from web.test_sql import PAGES
from web.village import NOW

_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_LINK = re.compile(r'<a [^>]*?href="(?P<address>[/?][^"]*)"')
_MARKUP = re.compile(r"<(?:svg|script|style|textarea).*?</(?:svg|script|style|textarea)>|<[^>]+>", re.DOTALL)
_QUOTED = re.compile(r'<i lang="id">[^<]*</i>')
_FOR_PROGRAMMES = re.compile(
    r"\{\w*\}|\b20\d\d-\d\d-\d\d\b|\b[a-z]+_[a-z_]+\b|\b[a-z]+:\d+\b|\b(?:None|True|False)\b"
)
_WORDS_OF_THE_OTHER = {
    "id": re.compile(r"\b(?:the|of|and|with|not|are|been)\b"),
    "en": re.compile(r"\b(?:yang|belum|sudah|untuk|dengan|tidak|dari|oleh|sampai|kepada)\b"),
}
NO_PURPOSE = {"roster_progress", "bill_run_progress", "lines_accept_progress"}  # parts of a page
AS_SENT = {"notice", "notice_decide"}
"""They show the message that a worker got, in her language."""
LISTS_OF_OTHERS = {"roster_row", "roster_cell", "roster", "roster_columns", "users", "user"}
"""They show a file as it came, its way of writing dates included, or the names people sign in with."""


saved_stage = stage_of(staged, now=NOW)


@pytest.fixture
def stage(saved_stage: Saved[Stage], db: None) -> Stage:
    return saved_stage.found()


def opened(stage: Stage, language: str = "id") -> dict[str, str]:
    """Every page as its role reads it."""
    found = {}
    for name, page in PAGES.items():
        client = stage.signed_in(page.role)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        inside = {"HX-Request": "true"} if name in NO_PURPOSE else {}
        found[name] = client.get(page.path(stage), headers=inside).content.decode()
    return found


def read(page: str) -> str:
    """The words of a page's own part, without its markup and without what it quotes in Indonesian."""
    own = _QUOTED.sub(" ", " ".join(_MAIN.findall(page)))
    return html.unescape(_MARKUP.sub(" ", own))


def test_every_way_on_leads_somewhere(stage: Stage) -> None:
    """Whatever a role is offered opens for it."""
    offered: dict[tuple[Role, str], str] = {}
    for name, page in opened(stage).items():
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


def test_every_page_says_what_it_is_for_in_words_of_people_and_one_language(stage: Stage) -> None:
    pages = opened(stage)
    assert sorted(name for name, page in pages.items() if 'class="purpose"' not in page) == sorted(NO_PURPOSE)
    ours = {name: read(page) for name, page in pages.items() if name not in LISTS_OF_OTHERS}
    said = {name: _FOR_PROGRAMMES.findall(words) for name, words in ours.items()}
    assert {name: words for name, words in said.items() if words} == {}

    for language, other in _WORDS_OF_THE_OTHER.items():
        shown = pages if language == "id" else opened(stage, language)
        mixed = {name: other.findall(read(page)) for name, page in shown.items() if name not in AS_SENT}
        assert {name: words for name, words in mixed.items() if words} == {}, language
