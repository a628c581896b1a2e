"""The page that shows the API to people: whole, plain, readable on a telephone, and nothing from elsewhere."""

import pytest
from playwright.sync_api import expect

from browser.conftest import Enter
from browser.visiting import DESK, PHONE, faults_of
from lindung.api.document import document
from lindung.api.problems import KINDS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_anybody_can_read_it(visitor: Enter, width: int) -> None:
    visit = visitor(width=width)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.open("/api/v1/docs")
    assert faults_of(visit.page) == {}
    assert [url for url in asked if not url.startswith(visit.site)] == []
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("API v1")
    assert visit.page.locator("section").count() == sum(len(each) for each in document()["paths"].values())


def test_the_type_of_a_problem_leads_to_its_code(visitor: Enter) -> None:
    visit = visitor()
    visit.open("/api/v1/docs#token.invalid")
    expect(visit.page.locator(":target")).to_contain_text("token.invalid")
    for code in KINDS:
        expect(visit.page.locator(f"[id='{code}']")).to_contain_text(code)
