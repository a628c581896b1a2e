"""Known computers of a kelurahan: the code is asked once a day for each user there, not at each sign-in.

A shared computer ends its sessions after a quarter of an hour; an operator would else type a code twenty times a day.
The password is asked each time, no name is shown beforehand, and weighty steps ask the code as everywhere
(`step_up`). Why so: docs/decisions/0014-known-computers.md.
"""

import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from lindung.access.account_models import DEVICE_KNOWN_FOR
from lindung.access.audit import record
from lindung.access.models import Appointment, Device, DevicePass, Role, User
from lindung.access.scope import NOBODY, Actor, SystemScope, appointment_in_sight, system_scope
from lindung.access.sealing import blind_index
from lindung.engine.refusals import Refusal
from lindung.law.text import Text

COOKIE = "lindung-device"
_NOT_HERE = Text(
    "Hanya operator kelurahan yang dapat mendaftarkan komputer kantornya.",
    "Only a kelurahan operator can make the computer of the office known.",
)


class NotAnOperator(Refusal):
    """Whoever does not work for one kelurahan has no such computer."""

    code = "device.not_an_operator"


def token_of(order: str) -> str:
    """The token of a cookie, made from the page's own one-time key: pressed twice, it is the same."""
    return blind_index("device", f"order|{order}").hex()


def register(
    *, token: str, name: str, appointment: Appointment | None, by: Actor, now: datetime.datetime
) -> Device:
    """Make the computer with this token known for 90 days; only the token's hash is kept. Raises NotAnOperator."""
    if appointment is None or appointment.role != Role.KELURAHAN_OPERATOR:
        raise NotAnOperator(_NOT_HERE)
    with transaction.atomic():
        device = Device.objects.create(
            token_hash=_hash(token),
            name=name,
            organisation=appointment.organisation,
            kelurahan_code=appointment.kelurahan_code,
            registered_by_id=by.person_id,
            registered_at=now,
            expires_at=now + DEVICE_KNOWN_FOR,
        )
        _note("register_device", device, by=by)
    return device


def known(*, now: datetime.datetime) -> list[Device]:
    """The known computers in sight, the latest first."""
    found = Device.objects.select_related("organisation").filter(revoked_at=None, expires_at__gt=now)
    return list(found.order_by("-registered_at", "-pk")[:50])


def forget(*, device_id: int, by: Actor, now: datetime.datetime) -> None:
    """Let a computer be as any other from now on. Raises Device.DoesNotExist."""
    device = Device.objects.select_related("organisation").get(pk=device_id, revoked_at=None)
    with transaction.atomic():
        device.revoked_by_id, device.revoked_at = by.person_id, now
        device.save(update_fields=["revoked_by", "revoked_at"])
        _note("forget_device", device, by=by)


def set_cookie(response: HttpResponseBase, token: str, *, secure: bool) -> None:
    """Give the browser the token; no script reads it, no other site sends it along."""
    age = int(DEVICE_KNOWN_FOR.total_seconds())
    response.set_cookie(COOKIE, token, max_age=age, secure=secure, httponly=True, samesite="Lax")


def code_given(request: HttpRequest, user: User, *, now: datetime.datetime, today: datetime.date) -> None:
    """Note that this user gave a right code on this computer today."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        device = _device_of(request, user, now=now, today=today)
        if device is not None:
            DevicePass.objects.get_or_create(device=device, user=user, day=today)


def gave_code_today(
    request: HttpRequest, user: User, *, now: datetime.datetime, today: datetime.date
) -> bool:
    """Whether this user has given a code on this known computer today already."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        device = _device_of(request, user, now=now, today=today)
        if device is None:
            return False
        return DevicePass.objects.filter(device=device, user=user, day=today).exists()


def _device_of(
    request: HttpRequest, user: User, *, now: datetime.datetime, today: datetime.date
) -> Device | None:
    """The known computer the request comes from, for an operator of its kelurahan and nobody else."""
    token = request.COOKIES.get(COOKIE, "")
    appointment = appointment_in_sight(user, today) if token and user.is_active else None
    if appointment is None or appointment.role != Role.KELURAHAN_OPERATOR:
        return None
    return Device.objects.filter(
        token_hash=_hash(token),
        revoked_at=None,
        expires_at__gt=now,
        organisation=appointment.organisation,
        kelurahan_code=appointment.kelurahan_code,
    ).first()


def _note(action: str, device: Device, *, by: Actor) -> None:
    sponsor_id = device.organisation.sponsor_id
    record(action, by=by, subject=f"device:{device.pk}", sponsor_id=sponsor_id, detail={})


def _hash(token: str) -> bytes:
    return blind_index("device", token)
