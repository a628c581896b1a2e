"""The main menu: which doors there are, and which of them a role finds."""

from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.access.standing import Standing
from lindung.law.text import Text


class Door(NamedTuple):
    """An entry of the menu: the page's key, its address by name, its label, and who may pass."""

    page: str
    url_name: str
    label: Text
    permission: Permission


DOORS = (Door("today", "web:today", Text("Hari ini", "Today"), Permission.SEE_TODAY),)
"""In the order in which they are shown; a view names its own by `"page": key` in its context."""


def doors_of(standing: Standing) -> tuple[Door, ...]:
    """The doors that are open to whoever asks."""
    return tuple(door for door in DOORS if standing.may(door.permission))
