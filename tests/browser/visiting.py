"""What a browser test holds in its hands: a page, the address of the site, and what to look for on every page."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import axe_playwright_python
from playwright.sync_api import Page

from web.village import Village

PHONE, DESK, NARROWEST = 360, 1280, 320
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENHANCED = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}

_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('.scroll') && !e.closest('.only-read') && !e.closest('.skip'))
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter(e => e.checkVisibility())
    .map(e => e.outerHTML.slice(0, 120))"""
_TOO_SMALL = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
    .filter(e => e.checkVisibility() && !e.closest('p, td, th, .term, .skip'))
    .map(e => [e.outerHTML.slice(0, 120), e.getBoundingClientRect().height])
    .filter(([, height]) => height && height < 47.5)"""


class Visit(NamedTuple):
    """A visitor in front of the site."""

    page: Page
    site: str
    village: Village

    def open(self, path: str) -> None:
        """Go to an address of the site; fails when the site breaks on it."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status < 500, path


def accessibility_faults(page: Page) -> list[dict[str, Any]]:
    """Everything axe finds on the page as it is now, text contrast of 7 to 1 included."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": RULES}, "rules": ENHANCED, "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [
        {"rule": fault["id"], "where": [node["html"][:160] for node in fault["nodes"]]}
        for fault in found["violations"]
    ]


def too_wide(page: Page) -> list[str]:
    """What stands out of the page to the right, and the page itself when it scrolls sideways."""
    scrolls = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return page.evaluate(_TOO_WIDE) + (["the page scrolls sideways"] if scrolls else [])


def too_small(page: Page) -> list[tuple[str, float]]:
    """Buttons, links outside of sentences and tables, and fields less than 48 pixels high."""
    found: list[tuple[str, float]] = page.evaluate(_TOO_SMALL)
    return found


def faults_of(page: Page) -> dict[str, object]:
    """What this page does wrong at the width it has now."""
    found = {
        "axe": accessibility_faults(page),
        "too wide": too_wide(page),
        "too small": too_small(page),
    }
    return {kind: faults for kind, faults in found.items() if faults}
