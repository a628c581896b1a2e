"""The site as everybody of two towns meets it: a browser for each role, each request undone, and what an answer betrays."""

import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from io import BytesIO
from typing import NamedTuple

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from lindung.access import second_factor
from lindung.access.models import OpenSession, Role, User
from lindung.access.scope import NOBODY, SystemScope, system_scope
from web.doors import Door
from web.two_towns import OTHER_PLACE, OTHER_TOWN, Things, Town

RENEWED_EVERY = 120
"""Seconds after which a browser gives its code again."""
WITH_WHOLE_NIK = {"web:roster_download": "hands the officer's own workbook back, as it came"}


class Asked(NamedTuple):
    """An answer: its status, where it leads, and everything in it that can be read."""

    status: int
    leads_to: str
    text: str

    def shows(self, word: str) -> bool:
        """Whether the word stands in it, whatever its letters."""
        return word in self.text.lower() or word in self.leads_to.lower()


class Site:
    """Both towns, and a browser for everybody of the first."""

    def __init__(self, here: Town, there: Town) -> None:
        self.here, self.there = here, there
        self.niks = re.compile("|".join(here.niks | there.niks))
        self._pressed = 0
        self._proved: dict[Role, float] = {}
        self._clients = {role: self._sign_in(user) for role, user in here.city.users.items()}
        for role in (Role.CITY_OFFICER, Role.KELURAHAN_OPERATOR):
            self._sign_in(there.city.users[role])

    def ask(self, role: Role, door: Door, method: str, things: Things, values: dict[str, object]) -> Asked:
        """The answer to this role; a page is sent as a press on its button alone would send it."""
        self._pressed += 1
        path = door.address(values, things)
        return self.sent(role, method, path, {"once": f"matrix-{self._pressed}"})

    def sent(self, role: Role, method: str, path: str, fields: dict[str, object]) -> Asked:
        """The answer, after which everything is as it was before."""
        client = self.client(role)
        self._prove_again(role)
        cookies = client.cookies.copy()
        with undone():
            answer = client.post(path, fields) if method == "POST" else client.get(path)
            found = Asked(answer.status_code, answer.headers.get("Location", ""), text_of(answer))
        client.cookies = SimpleCookie(cookies)
        return found

    def _prove_again(self, role: Role) -> None:
        """A code is fresh for five minutes, and a slow machine takes longer over all the doors."""
        if time.monotonic() - self._proved.get(role, 0) < RENEWED_EVERY:
            return
        self._proved[role] = time.monotonic()
        session = self.client(role).session
        second_factor.note_passed(session, self.here.city.users[role])
        session.save()

    def client(self, role: Role) -> Client:
        """The browser in which this role's user has signed in."""
        return self._clients[role]

    def session_of(self, town: Town, role: Role) -> int:
        """The session of this role's user in the list of open ones."""
        with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
            return int(OpenSession.objects.get(user=town.city.users[role]).pk)

    def _sign_in(self, user: User) -> Client:
        client = with_password(user)
        if not second_factor.is_set_up(user):
            second_factor.give(user)
        session = client.session
        second_factor.note_passed(session, user)
        session.save()
        client.get(reverse("web:help"))  # writes the session down, which no later request need do again
        return client


def with_password(user: User) -> Client:
    """A browser in which the password was given, and no code."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def text_of(answer: HttpResponseBase) -> str:
    """What a page or a file says; a workbook is opened for it."""
    content = answer.getvalue() if answer.streaming else answer.content  # type: ignore[attr-defined]  # either kind
    if not content.startswith(b"PK"):
        return str(content.decode(errors="replace"))
    with zipfile.ZipFile(BytesIO(content)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def leaks(site: Site, role: Role, door: Door, found: Asked) -> Iterator[str]:
    """What stands in an answer and must not."""
    if found.shows(OTHER_TOWN):
        yield f"shows the other city: {_around(found.text, OTHER_TOWN)}"
    if role == Role.KELURAHAN_OPERATOR and found.shows(OTHER_PLACE):
        yield f"shows the other kelurahan: {_around(found.text, OTHER_PLACE)}"
    if door.name not in WITH_WHOLE_NIK and site.niks.search(found.text + found.leads_to):
        yield "shows a whole NIK"


def _around(text: str, word: str) -> str:
    at = text.lower().find(word)
    return " ".join(text[max(0, at - 60) : at + 40].split())
