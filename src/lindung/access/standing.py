"""Who stands behind a request: the person, the appointment, the rows in sight; and the guard of a view."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from lindung.access.models import Appointment, User
from lindung.access.roles import Permission, may
from lindung.access.scope import (
    NOBODY,
    NOTHING,
    Actor,
    Scope,
    SystemScope,
    appointment_in_sight,
    scope_of_appointment,
    system_scope,
)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class Standing(NamedTuple):
    """Everything access knows about the one who asks, on the day of the request."""

    user: User | None
    appointment: Appointment | None
    actor: Actor
    scope: Scope
    on: datetime.date

    def may(self, permission: Permission) -> bool:
        """Whether the appointment in force allows this."""
        return may(self.appointment, permission, on=self.on)


def standing_on(user: User | None, on: datetime.date) -> Standing:
    """The standing of a signed-in user, or of nobody, on this day."""
    if user is None:
        return standing_of_nobody(on)
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        return standing_in_sight(user, on)


def standing_of_nobody(on: datetime.date) -> Standing:
    """Who has not signed in: no rows, no permission."""
    return Standing(None, None, NOBODY, NOTHING, on)


def standing_in_sight(user: User, on: datetime.date) -> Standing:
    """The standing of a user, for a caller in the scope in which people sign in."""
    if not user.is_active:
        return standing_of_nobody(on)
    appointment = appointment_in_sight(user, on)
    scope = NOTHING if appointment is None else scope_of_appointment(appointment)
    return Standing(user, appointment, Actor.of(user), scope, on)


def standing_of(request: HttpRequest) -> Standing:
    """The standing that ScopeMiddleware found for this request."""
    return cast(Standing, request.standing)  # type: ignore[attr-defined]  # set by ScopeMiddleware


def require(permission: Permission) -> Callable[["View[P]"], "View[P]"]:
    """Open a view only to those whose role names this permission; others get the page "not for you" (403).

    The view wears the permission as `permission`, so that the table of doors and roles is made from the doors.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not standing_of(request).may(permission):
                raise PermissionDenied(permission.value)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by whoever lists doors and keys
        return guarded

    return guard


def signed_in_user(request: HttpRequest) -> User | None:
    """The user of the session, or None for an anonymous visitor."""
    user: Any = request.user
    return user if isinstance(user, User) else None
