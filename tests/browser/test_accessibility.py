"""Every page, for everybody: axe finds nothing, nothing scrolls sideways, everything can be hit and reached."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from browser.conftest import Enter
from browser.visiting import (
    DESK,
    NARROWEST,
    PHONE,
    Visit,
    faults_of,
    too_wide,
)
from lindung.access.models import Role

pytestmark = pytest.mark.browser

TAB_STOPS = """() => {
    const stop = document.activeElement, style = getComputedStyle(stop);
    return {
        where: stop === document.body ? '' : stop.outerHTML.slice(0, 160),
        y: stop.getBoundingClientRect().top + scrollY,
        ring: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none',
    };
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button:not(:disabled), summary, input:not([type=hidden]), .scroll')]
    .filter(e => e.checkVisibility() && (!e.matches('.scroll') || e.tabIndex === 0)).length"""


def pages_for_nobody() -> list[str]:
    """What is seen before signing in."""
    return [reverse("account_login"), reverse("account_inactive"), "/masuk/demo/tautan/"]


def pages_of(visit: Visit) -> list[str]:
    """Every page of an officer, in every state that looks different."""
    roster, siti = visit.village.roster_id, visit.village.siti_id
    return [
        "/",
        f"/daftar/{roster}/",
        f"/daftar/{roster}/?hasil=to_fix",
        f"/daftar/{roster}/?hasil=ready",
        f"/pekerja/{siti}/",
        f"/pekerja/{siti}/?on=2026-12-20",
        f"/pekerja/{siti}/?on=2027-06-01",
        f"/pekerja/{siti}/?on=2026-07-25",
        f"/pekerja/{siti}/?on=2026-07-01",
        f"/pekerja/{siti}/?on=kemarin",
        "/tagihan/",
        "/tagihan/?keadaan=final",
        "/tagihan/susun/",
        "/tagihan/susun/?agreement=0&month=kemarin",
        "/bantuan/",
        "/istilah/",
        "/tidak-ada/",
        reverse("mfa_index"),
        reverse("account_change_password"),
        reverse("account_logout"),
    ]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_has_no_page_that_shuts_anybody_out(visitor: Enter, width: int) -> None:
    officer, nobody = visitor(Role.CITY_OFFICER, width=width), visitor(width=width)
    faults = {}
    for visit, paths in ((nobody, pages_for_nobody()), (officer, pages_of(officer))):
        for path in paths:
            visit.open(path)
            faults[path] = faults_of(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_shuts_nobody_out_when_something_went_wrong(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    visit.open("/")
    visit.page.get_by_label("Unggah daftar pekerja").set_input_files(
        {"name": "foto.xlsx", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    visit.page.get_by_role("button", name="Unggah dan periksa").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    assert faults_of(visit.page) == {}
    visit.page.locator("details.who summary").click()
    visit.page.get_by_text("Lihat per bulan").click()
    assert faults_of(visit.page) == {}

    stranger = visitor(width=width)
    stranger.open(reverse("account_login"))
    stranger.page.get_by_label("Nama pengguna").fill("siapa")
    stranger.page.get_by_label("Kata sandi").fill("bukan ini")
    stranger.page.get_by_role("button", name="Lanjut").click()
    expect(stranger.page.get_by_role("alert")).to_be_visible()
    assert faults_of(stranger.page) == {}


def test_it_fits_the_narrowest_screen_and_letters_twice_as_large(visitor: Enter) -> None:
    narrow, large = visitor(Role.CITY_OFFICER, width=NARROWEST), visitor(Role.CITY_OFFICER, width=DESK // 2)
    faults = {}
    for path in pages_of(narrow):
        narrow.open(path)
        faults[f"{path} at {NARROWEST} pixels"] = too_wide(narrow.page)
        large.open(path)
        large.page.evaluate("document.documentElement.style.fontSize = '200%'")
        faults[f"{path} in letters twice as large"] = too_wide(large.page)
    assert {where: found for where, found in faults.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_lets_the_keyboard_reach_everything_from_top_to_bottom(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    for path in ("/", f"/daftar/{visit.village.roster_id}/", f"/pekerja/{visit.village.siti_id}/"):
        visit.open(path)
        stops = _tabbed_through(visit.page)
        assert len(stops) == visit.page.evaluate(REACHABLE), path
        assert [stop["where"] for stop in stops if not stop["ring"]] == [], path


def _tabbed_through(page: Page) -> list[dict[str, object]]:
    stops: list[dict[str, object]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(TAB_STOPS)
        if not stop["where"] or (len(stops) > 1 and stop["where"] == stops[0]["where"]):
            return stops
        # A date field holds the focus for its day, month, year and calendar.
        if not stops or stop["where"] != stops[-1]["where"]:
            stops.append(stop)
    raise AssertionError("the keyboard never comes to the end of the page")
