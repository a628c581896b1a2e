"""The pages of the money to come in a real browser: nobody is shut out, and nothing stands out of the screen."""

import pytest
from playwright.sync_api import expect

from browser.conftest import Enter
from browser.visiting import DESK, NARROWEST, PHONE, faults_of, too_wide
from lindung.access.models import Role

pytestmark = pytest.mark.browser

PAGES = (
    "/dana/",
    "/dana/?tambahan=lima",
    "/dana/kehilangan/",
    "/dana/kehilangan/{agreement}/",
    "/dana/kehilangan/orang/",
    "/pengembalian/",
)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_has_no_page_that_shuts_anybody_out(visitor: Enter, width: int) -> None:
    visit = visitor(Role.CITY_OFFICER, width=width)
    faults = {}
    for path in PAGES:
        visit.open(path.format(agreement=visit.village.agreement_id))
        faults[path] = faults_of(visit.page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_it_fits_the_narrowest_screen(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER, width=NARROWEST)
    for path in PAGES:
        visit.open(path.format(agreement=visit.village.agreement_id))
        assert too_wide(visit.page) == [], path


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_mayor_follows_an_alarm_to_who_loses_what(visitor: Enter, width: int) -> None:
    """Given a mayor, when she asks what more money buys and who loses cover, then she reads a day, people and rupiah."""
    visit = visitor(Role.MAYOR, width=width)
    page = visit.page
    visit.open("/dana/")
    page.get_by_label("Tambahan (rupiah)").fill("100.000")
    page.get_by_role("button", name="Hitung").click()
    expect(page.get_by_text("5 orang baru dari Desember 2026")).to_be_visible()
    page.get_by_role("link", name="Siapa kehilangan apa").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("2 orang lepas mulai 16 Februari 2027")
    expect(page.get_by_text("Keluarga kehilangan Rp42.000.000.")).to_be_visible()
    assert faults_of(page) == {}
