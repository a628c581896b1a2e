"""A real Chromium in front of the real site: own database with real commits, own server on this machine."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from browser.visiting import Visit
from lindung.access import second_factor
from lindung.access.models import Role, User
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.engine import state
from stages import Stages
from web.village import NOW, Village, build

Enter = Callable[..., Visit]


@pytest.fixture
def demo(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of its own, with real commits, on the state folder of a demo."""
    monkeypatch.setenv("LINDUNG_NOW", NOW.isoformat())
    state.mark_demo()
    yield
    (state.home() / "DEMO").unlink()


@pytest.fixture
def starting_point(stages: Stages) -> str:
    """The village stands already."""
    return stages.of(build, now=NOW).database


@pytest.fixture
def village(demo: None, stages: Stages) -> Village:
    """The village, with real commits."""
    return stages.of(build, now=NOW).found()


@pytest.fixture
def site(demo: None) -> Iterator[str]:
    """The address of a running server."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def running_chromium(chromium: str) -> Iterator[Browser]:
    """Chromium as Debian ships it, started once for the tests of a file."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The tests drive the browser from inside an event loop, where Django would else refuse its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        # Connections opened inside the event loop are the loop's own; outside of it nobody would find them again.
        connections.close_all()


@pytest.fixture
def browser(running_chromium: Browser, site: str) -> Iterator[Browser]:
    """A browser in which nobody has been anywhere; its windows are closed before the site ends."""
    yield running_chromium
    for context in running_chromium.contexts:
        context.close()


@pytest.fixture
def visitor(village: Village, browser: Browser, site: str) -> Enter:
    """Opens a page for a role that has signed in, or for nobody; every complaint of the browser fails the test."""

    def enter(role: Role | None = None, *, width: int = 1280, scripts: bool = True) -> Visit:
        context = browser.new_context(
            locale="id-ID", viewport={"width": width, "height": 800}, java_script_enabled=scripts
        )
        if role is not None:
            sign_in(context, village.users[role], site)
        page = context.new_page()
        _fail_on_complaints(page)
        return Visit(page, site, village)

    return enter


def sign_in(context: BrowserContext, user: User, site: str) -> None:
    """Give the browser a session in which both factors were given."""
    if not user.has_usable_password():
        user.set_password("kuda hijau makan awan")
        with system_scope(SystemScope.DEMO, actor=NOBODY):
            user.save(update_fields=["password"])
    if not second_factor.is_set_up(user):
        second_factor.give(user)
    client = Client()
    client.force_login(user)
    session = client.session
    second_factor.note_passed(session, user)
    session.save()
    (cookie,) = client.cookies.values()
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


def _fail_on_complaints(page: Page) -> None:
    def complain(words: str) -> None:
        # Statuses such as 404 are what some tests ask for; a breach of the content policy is not.
        if "Failed to load resource" not in words:
            raise AssertionError(words)

    page.on("pageerror", lambda error: complain(str(error)))
    page.on("console", lambda message: complain(message.text) if message.type == "error" else None)
