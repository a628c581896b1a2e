"""Giving a user a role and taking it back; each with who did it, and one event in the audit trail."""

import datetime

from django.db import transaction

from lindung.access.audit import record
from lindung.access.models import Appointment, Organisation, OrganisationKind, Role, User
from lindung.access.scope import Actor

_CITY = frozenset({OrganisationKind.CITY, OrganisationKind.OFFICE})
_BRANCH = frozenset({OrganisationKind.BRANCH})

PLACES: dict[Role, frozenset[OrganisationKind]] = {
    Role.CITY_OFFICER: _CITY,
    Role.KELURAHAN_OPERATOR: _CITY,
    Role.FINANCE_OFFICER: _CITY,
    Role.AUDITOR: _CITY,
    Role.MAYOR: frozenset({OrganisationKind.CITY}),
    Role.ADMINISTRATOR: _CITY | _BRANCH,
    Role.RT_HEAD: _CITY,
    Role.BRANCH_OFFICER: _BRANCH,
    Role.CLAIMS_APPROVER: _BRANCH,
    Role.BRANCH_HEAD: _BRANCH,
    Role.AGENT: _BRANCH,
    Role.HOSPITAL: frozenset({OrganisationKind.HOSPITAL}),
    Role.INTEGRATOR: frozenset({OrganisationKind.INTEGRATOR}),
}
"""Where each role can be held."""


class RoleOutOfPlace(ValueError):
    """This role cannot be held at this kind of organisation; choose another organisation."""


def appoint(
    user: User,
    *,
    role: Role,
    organisation: Organisation,
    since: datetime.date,
    by: Actor,
    now: datetime.datetime,
    kelurahan_code: str = "",
    until: datetime.date | None = None,
    trail_of: int | None = None,
) -> Appointment:
    """Give `user` a role from `since` until the day before `until`.

    The event stands in the trail of the organisation's city; where it has none, in that of the city `trail_of`. Raises RoleOutOfPlace, or IntegrityError when the user holds another role at that time.
    """
    if OrganisationKind(organisation.kind) not in PLACES[role]:
        raise RoleOutOfPlace(f"{role} at {organisation.kind}")
    with transaction.atomic():
        appointment = Appointment.objects.create(
            user=user,
            role=role,
            organisation=organisation,
            kelurahan_code=kelurahan_code,
            since=since,
            until=until,
            granted_by_id=by.user_id,
            granted_at=None if by.user_id is None else now,
        )
        _record("appoint", appointment, by=by, trail_of=trail_of)
    return appointment


def end(appointment: Appointment, *, until: datetime.date, by: Actor) -> None:
    """Let an appointment end: `until` is the first day on which it no longer holds."""
    with transaction.atomic():
        appointment.until = until
        appointment.save(update_fields=["until"])
        _record("end_appointment", appointment, by=by)


def _record(action: str, appointment: Appointment, *, by: Actor, trail_of: int | None = None) -> None:
    until = appointment.until
    record(
        action,
        by=by,
        subject=f"user:{appointment.user_id}",
        sponsor_id=appointment.organisation.sponsor_id or trail_of,
        detail={
            "role": str(appointment.role),
            "organisation": appointment.organisation.code,
            "since": appointment.since.isoformat(),
            "until": None if until is None else until.isoformat(),
        },
    )
