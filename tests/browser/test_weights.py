"""Office pages travel over slow lines: a browser loads what tests/web/test_weights.py counts on every page."""

import gzip

import pytest
from playwright.sync_api import Response

from browser.conftest import Enter
from lindung.access.models import Role

pytestmark = pytest.mark.browser

MOST_BYTES = 60_000
MOST_REQUESTS = 5


@pytest.mark.parametrize("page", ["/", "/daftar/{roster}/"])
def test_it_loads_little_and_nothing_from_elsewhere(visitor: Enter, page: str) -> None:
    visit = visitor(Role.CITY_OFFICER)
    loaded: list[Response] = []
    visit.page.on("response", lambda answer: loaded.append(answer))
    visit.open(page.format(roster=visit.village.roster_id, siti=visit.village.siti_id))
    assert sum(len(gzip.compress(answer.body())) for answer in loaded) <= MOST_BYTES
    assert len(loaded) <= MOST_REQUESTS
    assert all(answer.url.startswith(visit.site) for answer in loaded)


def test_it_shows_everything_without_scripts(visitor: Enter) -> None:
    with_scripts, without = visitor(Role.CITY_OFFICER), visitor(Role.CITY_OFFICER, scripts=False)
    for path in (
        "/",
        f"/daftar/{with_scripts.village.roster_id}/",
        f"/pekerja/{with_scripts.village.siti_id}/",
    ):
        with_scripts.open(path)
        without.open(path)
        assert without.page.locator("main").inner_text() == with_scripts.page.locator("main").inner_text(), (
            path
        )


SHIFTS = """() => new Promise(done => new PerformanceObserver(list =>
    done(list.getEntries().flatMap(shift => shift.sources.map(source => source.node?.outerHTML?.slice(0, 120))))
).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done([]), 500))"""


@pytest.mark.parametrize("path", ["/", "/tagihan/", "/bantuan/"])
def test_it_does_not_jump_while_it_loads(visitor: Enter, path: str) -> None:
    """On a slow line and an old computer a page arrives in pieces; none of them may push another aside."""
    visit = visitor(Role.CITY_OFFICER, width=360)
    slowly = visit.page.context.new_cdp_session(visit.page)
    slowly.send("Emulation.setCPUThrottlingRate", {"rate": 8})
    slowly.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 50, "downloadThroughput": 60_000, "uploadThroughput": 60_000},
    )
    visit.open(path)
    assert visit.page.evaluate(SHIFTS) == []
