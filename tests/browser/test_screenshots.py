"""The pictures of the documentation, taken from the Jambi example when TAKE_SCREENSHOTS=1 asks for them."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.conftest import sign_in
from browser.visiting import DESK, PHONE
from lindung.access.models import User
from lindung.access.scope import Actor, in_scope, scope_of, user_named
from lindung.cli.demo import building, story
from lindung.engine import clock
from lindung.membership.models import Roster
from lindung.people.models import Person
from stages import TEMPLATE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("TAKE_SCREENSHOTS") != "1", reason="pictures are taken when TAKE_SCREENSHOTS=1"
    ),
]

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
DEMO_DAY = "2026-11-22T09:00"
TALLEST = 1_900


@pytest.fixture
def starting_point(django_db_setup: None) -> str:
    """Nothing stands yet."""
    return TEMPLATE


@pytest.fixture
def jambi(demo: None, monkeypatch: pytest.MonkeyPatch) -> User:
    """The officer of Disnaker in the whole example: two lists, seventeen months."""
    monkeypatch.setenv("LINDUNG_NOW", DEMO_DAY)
    story.tell(workbooks=building.EXAMPLES, say=lambda _: None)
    return user_named("siti.rahma")


def test_it_takes_the_pictures(jambi: User, browser: Browser, site: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = addresses(jambi)
    for width in (PHONE, DESK):
        context = browser.new_context(locale="id-ID", viewport={"width": width, "height": 800})
        page = context.new_page()
        take(page, site + "/", f"sign-in-{width}")
        sign_in(context, jambi, site)
        for name, path in pages.items():
            take(page, site + path, f"{name}-{width}")
    assert {file.stem for file in FOLDER.glob("*.png")} >= {f"{name}-{PHONE}" for name in pages}


def take(page: Page, address: str, name: str) -> None:
    """One picture of what a person sees first, long pages cut."""
    page.goto(address)
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    width = page.viewport_size["width"] if page.viewport_size else DESK
    page.screenshot(
        path=FOLDER / f"{name}.png",
        full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": height},
    )


def addresses(officer: User) -> dict[str, str]:
    """The pages worth a picture, by name."""
    with in_scope(scope_of(officer, clock.today()), actor=Actor.of(officer)):
        roster = Roster.objects.get(agreement__code="jambi-rentan")
        worker = Person.objects.filter(memberships__agreement__code="jambi-rentan").order_by("pk")[0]
        return {
            "today": "/",
            "roster": f"/daftar/{roster.pk}/?hasil=to_fix",
            "worker": f"/pekerja/{worker.pk}/",
        }
