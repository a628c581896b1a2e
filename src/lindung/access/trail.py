"""Writes into the audit trail who came and went, and who failed to come in."""

import datetime
from typing import Any

from django.http import HttpRequest

from lindung.access.audit import record
from lindung.access.models import User
from lindung.access.scope import Actor, SystemScope, appointment_in_sight, system_scope
from lindung.engine import clock

STRANGER = Actor(None, "anonymous")


def note_visit(action: str, user: User, request: HttpRequest | None, **detail: Any) -> None:
    """A sign-in, a sign-out, the end of a session."""
    with system_scope(SystemScope.SIGNING_IN, actor=Actor.of(user)):
        record(
            action,
            by=Actor.of(user),
            subject=f"user:{user.pk}",
            sponsor_id=sponsor_of(user, clock.today()),
            detail=_detail(request, detail),
        )


def note_failure(action: str, user: User | None, request: HttpRequest | None) -> None:
    """A wrong password or code. What was typed is not written down: it may be a password, or a NIK."""
    subject = "user:unknown" if user is None else f"user:{user.pk}"
    with system_scope(SystemScope.SIGNING_IN, actor=STRANGER):
        sponsor_id = None if user is None else sponsor_of(user, clock.today())
        record(
            action,
            by=STRANGER,
            subject=subject,
            sponsor_id=sponsor_id,
            detail=_detail(request, {}),
        )


def _detail(request: HttpRequest | None, more: dict[str, Any]) -> dict[str, Any]:
    address = None if request is None else request.META.get("REMOTE_ADDR")
    return {"from": address, **more}


def sponsor_of(user: User, on: datetime.date) -> int | None:
    """The city, or none, of the appointment the user holds on the day. Call it in a scope that sees it."""
    appointment = appointment_in_sight(user, on)
    return None if appointment is None else appointment.organisation.sponsor_id
