"""A city that tells people, a provider and a mail server on this machine that record what they get."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import world
from lindung.notices import switching
from lindung.notices.models import Channel
from notices.servers import PostOffice, Provider, listening

MORNING = datetime(2026, 8, 10, 9, tzinfo=world.ZONE)
NIGHT = datetime(2026, 8, 10, 22, tzinfo=world.ZONE)


def switch_on(place: world.City, *channels: Channel, is_on: bool = True) -> None:
    """The officer of a city sets how it tells people."""
    with place.acting() as officer:
        switching.switch(
            sponsor_id=place.sponsor.pk,
            is_on=is_on,
            channels=channels or (Channel.SMS, Channel.EMAIL, Channel.LETTER),
            quiet_from=20,
            quiet_until=7,
            revision=switching.setting_of(place.sponsor.pk).revision,
            by=officer,
            now=MORNING,
        )


@pytest.fixture
def jambi(db: None) -> world.City:
    city = world.city()
    switch_on(city)
    return city


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    with listening(server):
        yield server


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    server = PostOffice()
    with listening(server):
        yield server


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the provider is described; its key beside it."""
    path = tmp_path / "gateways.toml"
    monkeypatch.setenv("LINDUNG_GATEWAYS", str(path))
    (tmp_path / "sms.key").write_text("rahasia-penyedia\n")
    return path


def describe(path: Path, provider: Provider, *more: str) -> None:
    """Write the file; `more` are lines of the table [sms]."""
    path.write_text(
        "\n".join(
            [
                "[sms]",
                f'url = "{provider.url}/send"',
                "private = true",
                'token_file = "sms.key"',
                *[line for line in more if "[" not in line],
                "[sms.headers]",
                'Authorization = "App {token}"',
                "[sms.body]",
                'id = "{once}"',
                'to = "{to}"',
                'text = "{text}"',
                "[sms.answer]",
                'reference = "messages.0.id"',
                *[line for line in more if "[" in line],
            ]
        )
    )
