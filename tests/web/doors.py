"""Every door of the site as the list of addresses has it: its name, the keys that open it, what stands in its address."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lindung.access.models import Role
from lindung.access.roles import ROLES
from lindung.access.standing import Standing, standing_of_nobody
from web.two_towns import Things

METHODS = ("GET", "POST")
QUERIES = {
    "web:export_new": "?isi=workers&kerja-sama={agreement_id}",
    "web:bill_draw": "?agreement={agreement_id}&month=2025-08",
    "web:bill_ahead": "?agreement={agreement_id}&month=2025-08&period=2",
    "web:workers": "?kerja-sama={agreement_id}",
    "web:rosters": "?kerja-sama={agreement_id}",
    "web:trail_all": "?orang={user_id}",
}
"""What an address says behind its question mark; without it the door would show less."""


class Door(NamedTuple):
    """An address of the site; `keys` are all the permissions it asks for, `names` what stands in it."""

    name: str
    route: str
    view: Callable[..., Any]
    keys: frozenset[str]
    names: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        """Open to whoever has not signed in."""
        return not getattr(self.view, "login_required", True)

    def opens_to(self, role: Role) -> bool:
        """Whether the sheet of the role names every key."""
        return self.keys <= ROLES[role].may

    def turns_away(self, method: str, standing: Standing) -> bool:
        """Whether its guard refuses this person before anything happens; False also for a method it does not take."""
        request = RequestFactory().generic(method, "/")
        request.standing = standing  # type: ignore[attr-defined]  # as the middleware does
        try:
            self.view(request)
        except PermissionDenied:
            return True
        return False

    def filled(self, things: Things, role: Role) -> dict[str, object]:
        """What stands in the address: the thing made for this door and role, for this door, or the town's."""
        own = self.name.removeprefix("web:")
        keys = {name: (f"{own}:{name}:{role}", f"{own}:{name}", name) for name in self.names}
        return {name: next(things[key] for key in named if key in things) for name, named in keys.items()}

    def address(self, values: dict[str, object], things: Things) -> str:
        """The address with these things in it."""
        return reverse(self.name, kwargs=values) + QUERIES.get(self.name, "").format(**things)


def doors() -> list[Door]:
    """All but those of the API, which has a matrix of its own."""
    return [door for door in _found(get_resolver().url_patterns, (), "") if not door.route.startswith("api/")]


@cache
def guarded() -> tuple[Door, ...]:
    """Those that ask for a permission."""
    return tuple(door for door in doors() if door.keys)


@cache
def methods(door: Door) -> tuple[str, ...]:
    """How a guarded door may be asked; found out as nobody, whom it turns away."""
    nobody = standing_of_nobody(date(2026, 1, 1))
    return tuple(method for method in METHODS if door.turns_away(method, nobody))


def _found(patterns: list[Any], spaces: tuple[str, ...], before: str) -> Iterator[Door]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _found(
                each.url_patterns, (*spaces, each.namespace) if each.namespace else spaces, route
            )
        elif isinstance(each, URLPattern):
            name = ":".join((*spaces, each.name or ""))
            yield Door(name, route, each.callback, _keys(each.callback), tuple(each.pattern.converters))


def _keys(view: Any) -> frozenset[str]:
    """Of a view that is wrapped twice, both: each wrapper wears its own."""
    found = set()
    while view is not None:
        found |= {view.permission} if hasattr(view, "permission") else set()
        view = getattr(view, "__wrapped__", None)
    return frozenset(found)
