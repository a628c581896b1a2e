"""What `user first` does and answers: the organisations of a fresh installation, and two invitations."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse

from lindung.access import first as beginning
from lindung.access.first import House, Invited, Named
from lindung.cli.acting import installing
from lindung.cli.layout import show_facts
from lindung.cli.speaking import say
from lindung.engine import clock
from lindung.law.text import Text
from lindung.settings.safety import PUBLIC_HOSTS

Pair = tuple[str, str]
HERE = "http://localhost:8000"


class Invitation(NamedTuple):
    """Whom to hand which link; null in a trial, whose links lead nowhere."""

    username: str
    name: str
    link: str | None
    expires_at: datetime.datetime


def first(
    *,
    city: Pair | None,
    region: str,
    branch: Pair | None,
    offices: Sequence[Pair],
    people: Sequence[Pair],
    address: str,
    wet: bool,
) -> list[Invitation]:
    """Invite the first two administrators; without `wet` it is taken back. Raises Refused."""
    house = House(
        city=Named(*city) if city else None,
        region_code=region,
        branch=Named(*branch) if branch else None,
        offices=tuple(Named(*office) for office in offices),
    )
    with installing(wet=wet) as actor:
        invited = beginning.invite(
            house=house,
            people=[Named(*person) for person in people],
            by=actor,
            now=clock.now(),
            today=clock.today(),
        )
    return [_invitation(each, address, wet=wet) for each in invited]


def _invitation(invited: Invited, address: str, *, wet: bool) -> Invitation:
    path = reverse("web:join", args=[invited.token])
    link = f"{(address or _public()).rstrip('/')}{path}" if wet else None
    return Invitation(invited.username, invited.name, link, invited.expires_at)


def _public() -> str:
    """The service's own address: its first public name, else this computer."""
    return f"https://{PUBLIC_HOSTS[0]}" if PUBLIC_HOSTS else HERE


def show(invitations: Sequence[Invitation]) -> None:
    """Print who is invited, and the links this once."""
    for each in invitations:
        link = each.link or _NO_LINK
        show_facts(((Text("Untuk", "For"), f"{each.name} ({each.username})"), (Text("Tautan", "Link"), link)))
    say(_HAND_OVER)


_NO_LINK = Text("(dibuat dengan --wet-run)", "(made with --wet-run)")
_HAND_OVER = Text(
    "Serahkan tiap tautan kepada orangnya; berlaku 72 jam dan sekali pakai. Setelah keduanya masuk, mereka mengundang "
    "yang lain di halaman Pengguna.",
    "Hand each link to its person; it works once, within 72 hours. When both have joined, they invite the others on the "
    "page of users.",
)
