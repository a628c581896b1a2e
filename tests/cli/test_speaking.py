"""In which language the terminal is spoken to."""

import json

import click
import pytest
from click.testing import CliRunner

from lindung.cli import speaking
from lindung.law.text import Text

GREETING = Text("Selamat pagi, Ibu Siti.", "Good morning, Ibu Siti.")


@pytest.mark.parametrize(
    ("chosen", "machine", "spoken"),
    [
        ("id", "en_US.UTF-8", "id"),
        ("en", "id_ID.UTF-8", "en"),
        ("", "en_GB.UTF-8", "en"),
        ("", "id_ID.UTF-8", "id"),
        ("", "C", "id"),
        ("", "", "id"),
        ("fr", "C.UTF-8", "id"),
    ],
)
def test_the_choice_comes_before_the_machines_language(
    monkeypatch: pytest.MonkeyPatch, chosen: str, machine: str, spoken: str
) -> None:
    monkeypatch.setenv("LINDUNG_LANG", chosen)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", machine)
    assert speaking.language() == spoken
    assert speaking.words(GREETING) == getattr(GREETING, spoken)


def test_json_keeps_names_as_they_are_written() -> None:
    @click.command()
    def tell() -> None:
        speaking.say_json({"name": "Nur’aini é"})

    output = CliRunner().invoke(tell).output
    assert "Nur’aini é" in output
    assert json.loads(output) == {"name": "Nur’aini é"}
