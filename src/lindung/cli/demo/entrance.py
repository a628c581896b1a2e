"""The ways into the example: a one-time link for every person, and a password with its code for whoever wants to type."""

import datetime
import hmac
from collections.abc import Iterator
from typing import NamedTuple

import click
from django.urls import reverse

from lindung.access import demo_links, second_factor
from lindung.access.models import User
from lindung.access.roles import duties_of
from lindung.access.scope import NOBODY, Actor, SystemScope, system_scope, user_named
from lindung.access.second_factor import Code
from lindung.cli.demo import neighbours
from lindung.cli.demo.story import PEOPLE
from lindung.cli.layout import show_table
from lindung.cli.refusing import Refused
from lindung.engine import keys
from lindung.law.text import Text

_CONSONANTS, _VOWELS = "bdghjklmnprstwy", "aeiou"
_SYLLABLES_OF_A_WORD, _WORDS = 3, 4


class Link(NamedTuple):
    """A one-time sign-in link of one person of the example."""

    role: str
    role_label: Text
    username: str
    name: str
    url: str
    organisation: str


class Credentials(NamedTuple):
    """What a person of the example types to sign in: the code is good for a few seconds, the password for good."""

    role: str
    username: str
    name: str
    password: str
    code: str
    seconds_left: int


def links(address: str, *, now: datetime.datetime) -> tuple[Link, ...]:
    """New links for every person of the example; whoever uses one has passed the second factor too.

    Each has a password from now on: one that is set later would end what she is signed in with.
    """
    return tuple(_links(address, now))


def show(found: tuple[Link, ...]) -> None:
    """Print the links."""
    headings = (Text("Peran", "Role"), Text("Nama", "Name"), Text("Tautan sekali pakai", "One-time link"))
    show_table(headings, [(link.role_label, _named(link), link.url) for link in found], indent="  ")
    click.echo("")


def _named(link: Link) -> str:
    """Who is of the second city says so."""
    return f"{link.name}, Muaro Jambi" if link.organisation == neighbours.CITY else link.name


def credentials(role: str) -> Credentials:
    """User name, password and code of this moment for a role, or for a user name, of the example. Raises Refused."""
    username, _, chosen = _person(role)
    user = user_named(username)
    password = _password(username)
    if not user.check_password(password):
        _give_password(user)
    code = _code(user)
    return Credentials(chosen, username, user.name, password, code.digits, code.seconds_left)


def _links(address: str, now: datetime.datetime) -> Iterator[Link]:
    with system_scope(SystemScope.DEMO, actor=NOBODY):
        users = User.objects.in_bulk([username for username, *_ in PEOPLE], field_name="username")
    for username, name, role, organisation, _ in PEOPLE:
        user = users[username]
        _have_second_factor(user)
        if not user.has_usable_password():
            _give_password(user)
        path = reverse("web:demo_sign_in", args=[demo_links.make(user, now=now)])
        yield Link(role.value, duties_of(role).label, username, name, f"{address}{path}", organisation)


def _have_second_factor(user: User) -> None:
    """Without one the site would first ask to set it up, and the example could not tell the code."""
    if not second_factor.is_set_up(user):
        second_factor.give(user)


def _give_password(user: User) -> None:
    user.set_password(_password(user.username))
    with system_scope(SystemScope.DEMO, actor=Actor.of(user)):
        user.save(update_fields=["password"])


def _code(user: User) -> Code:
    _have_second_factor(user)
    return demo_links.totp_code(user)


def _person(role: str) -> tuple[str, str, str]:
    """User name, name and role of the first person who has that role or that user name."""
    for username, name, held, _, _ in PEOPLE:
        if role in (held.value, username):
            return username, name, held.value
    known = ", ".join(dict.fromkeys(held.value for _, _, held, _, _ in PEOPLE))
    raise Refused(
        "demo.unknown_role",
        Text(
            f"Tidak ada peran {role!r} dalam contoh ini. Pilih salah satu: {known}.",
            f"There is no role {role!r} in the example. Choose one of: {known}.",
        ),
    )


def _password(username: str) -> str:
    """Made of the example's own keys, so that it is the same each time and lies nowhere: rakoti-menulo-...

    75 signs in pairs give 74 bits for twelve syllables; whoever can read the keys needs no password.
    """
    stream = hmac.digest(keys.blind_index_key(), f"password of {username}".encode(), "sha512")
    syllables = [
        _CONSONANTS[byte % len(_CONSONANTS)] + _VOWELS[byte // len(_CONSONANTS) % len(_VOWELS)]
        for byte in stream[: _SYLLABLES_OF_A_WORD * _WORDS]
    ]
    words = ["".join(syllables[at::_WORDS]) for at in range(_WORDS)]
    return "-".join(words)
