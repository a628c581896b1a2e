"""To whom a notice goes: a name, where she lives, and the ways to reach her, given as plain values by the caller."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from lindung.access.models import Appointment, Organisation, Role
from lindung.law.text import Language
from lindung.notices.models import Channel


class Recipient(NamedTuple):
    """``ref`` names her in keys ("person:12", "user:3"); ``phone`` is in the international form, +62..."""

    ref: str
    name: str
    sponsor_id: int
    kelurahan_code: str = ""
    person_id: int | None = None
    email: str = ""
    phone: str = ""
    language: Language = "id"

    def address(self, channel: Channel) -> str:
        """Where she is reached by this channel; "" where she is not, and for a letter, which goes by kelurahan."""
        if channel == Channel.EMAIL:
            return self.email
        return self.phone if channel in (Channel.SMS, Channel.WHATSAPP) else ""

    def reached_by(self, channels: Sequence[str]) -> Channel | None:
        """The first of these channels that reaches her, or None."""
        for each in map(Channel, channels):
            if self.address(each) or each == Channel.LETTER and self.kelurahan_code:
                return each
        return None


def officers(*, sponsor_id: int, roles: Collection[Role], on: date) -> list[Recipient]:
    """Who holds one of these roles for a city on the day: at the city itself, its offices, or its branch.

    Call it in a system scope: in her own nobody sees who else is appointed.
    """
    city = Organisation.objects.get(pk=sponsor_id)
    held = Appointment.objects.filter(
        Q(organisation=city) | Q(organisation__parent=city) | Q(organisation=city.branch_id),
        Q(until__isnull=True) | Q(until__gt=on),
        role__in=roles,
        since__lte=on,
        user__is_active=True,
    )
    people = held.select_related("user").order_by("user_id")
    return [
        Recipient(f"user:{each.user_id}", each.user.name, sponsor_id, email=each.user.email)
        for each in people
    ]


def masked(channel: Channel, address: str) -> str:
    """An address as people may see it: +62812••••345, s•••@jambi.go.id."""
    if channel == Channel.LETTER:
        return ""
    if channel == Channel.EMAIL:
        name, _, host = address.rpartition("@")
        return f"{name[:1]}•••@{host}"[:80]
    return f"{address[:6]}••••{address[-3:]}"
