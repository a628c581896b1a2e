"""Office pages travel over slow lines: what a first visit to each of them loads, counted without a browser.

The list of pages is that of the SQL snapshots, so that a new page is weighed from its first day.
"""

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse

from stages import Stage as Saved
from stages import stage_of
from web.stage import Stage, grown, staged
from web.test_sql import PAGES
from web.village import NOW

MOST_BYTES = 60_000
"""On the line: the page and everything it loads, each packed as the server packs it."""
MOST_REQUESTS = 5
FRAGMENTS = {"roster_progress", "bill_run_progress", "lines_accept_progress"}
"""What a page asks for again while something goes on; it loads nothing more."""
_LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script src|img[^>]* src)="([^"]+)"')
_STATIC = re.compile(r"^/static/(?P<name>.+)$")


@cache
def weight_of(name: str) -> int:
    """What a file of ours weighs on the line."""
    path = finders.find(name)
    assert path is not None, name
    return packed(Path(path).read_bytes())


def packed(content: bytes) -> int:
    return len(gzip.compress(content, compresslevel=6))


def loaded_by(page: str) -> Iterator[str]:
    """The files a page asks for, each once, by their name in the folder of files."""
    for address in dict.fromkeys(_LOADED.findall(page)):
        found = _STATIC.match(address)
        assert found, f"{address} is not ours"
        yield found["name"]


def weight(answer: HttpResponse) -> tuple[int, int]:
    """The bytes on the line and the requests of a first visit; the answer came packed, as to a browser."""
    files = list(loaded_by(gzip.decompress(answer.content).decode()))
    return len(answer.content) + sum(map(weight_of, files)), 1 + len(files)


saved_stage = stage_of(staged, now=NOW)


def test_it_loads_little_on_every_page(saved_stage: Saved[Stage], db: None) -> None:
    stage = saved_stage.found()
    grown(stage)
    found = {}
    for name, page in PAGES.items():
        answer = stage.signed_in(page.role).get(page.path(stage), headers={"Accept-Encoding": "gzip"})
        found[name] = weight(answer)
    too_heavy = {
        name: seen for name, seen in found.items() if seen[0] > MOST_BYTES or seen[1] > MOST_REQUESTS
    }
    assert too_heavy == {}
    assert {name for name, (_, requests) in found.items() if requests == 1} == FRAGMENTS
