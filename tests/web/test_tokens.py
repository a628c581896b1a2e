"""The colours of the one stylesheet: every pair in which text is read has a contrast of at least 7 to 1."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

LEAST_CONTRAST = 7
MOST_GZIPPED_BYTES = 8_000

PAIRS = [
    *((ink, ground) for ink in ("ink", "soft", "brand", "brand-deep") for ground in ("paper", "ground")),
    *((tone, f"{tone}-tint") for tone in ("good", "fix", "stop", "note")),
    *((tone, "paper") for tone in ("good", "fix", "stop", "note")),
    ("brand", "brand-tint"),
    ("paper", "brand"),
    ("paper", "brand-deep"),
    ("fix", "ground"),
]


def stylesheet() -> str:
    """The text of the one stylesheet."""
    found = finders.find("web/lindung.css")
    assert isinstance(found, str)
    with open(found, encoding="utf-8") as file:
        return file.read()


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    digits = colour.lstrip("#")
    full = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_it_can_be_read_by_tired_eyes(ink: str, ground: str) -> None:
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", stylesheet()))
    lighter, darker = sorted((luminance(tokens[ink]), luminance(tokens[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


def test_it_names_colours_in_the_first_block_only() -> None:
    _, after = stylesheet().split("}", 1)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", after)) <= {"#fff", "#000"}


def test_it_uses_every_token_it_names() -> None:
    text = stylesheet()
    named = set(re.findall(r"^  --([a-z0-9-]+):", text, re.MULTILINE))
    assert named == set(re.findall(r"var\(--([a-z0-9-]+)\)", text))


def test_it_stays_small_enough_for_a_slow_line() -> None:
    assert len(gzip.compress(stylesheet().encode())) <= MOST_GZIPPED_BYTES
