"""The month's changes on paper: the list of changes for the branch is a table, one line a person, without buttons."""

from browser.conftest import Enter
from lindung.access.models import Role

A4 = 794
"""The width of a sheet in CSS pixels: narrower than where a screen shows cards."""


def test_it_prints_one_line_a_person_and_nothing_to_press(visitor: Enter) -> None:
    visit = visitor(Role.CITY_OFFICER, width=A4)
    visit.open(f"/kerja-sama/{visit.village.agreement_id}/perubahan/?bulan=2026-08")
    page = visit.page
    page.emulate_media(media="print")
    rows = page.locator("main tbody tr")
    assert rows.count() == 2
    shown = rows.evaluate_all("all => all.map(each => getComputedStyle(each).display)")
    assert shown == ["table-row", "table-row"]
    assert page.locator("main .only-screen:visible").count() == 0
    assert page.locator("main :is(button, .button, .hint):visible").count() == 0
