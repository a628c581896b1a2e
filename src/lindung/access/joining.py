"""The link on paper: made after an approval, good once within 72 hours, for joining or for a new password.

Only its hash is kept. A new password never steps around the second factor, and a new link makes the last one void.
"""

import datetime
import secrets
from typing import NamedTuple

from django.db import transaction

from lindung.access import open_sessions
from lindung.access.account_models import LINK_VALID_FOR, WITH_A_LINK, Decision
from lindung.access.audit import record
from lindung.access.changing import detail_of
from lindung.access.models import AccountChange, Appointment, OneTimeLink, User
from lindung.access.scope import NOBODY, Actor, SystemScope, system_scope
from lindung.access.sealing import blind_index
from lindung.engine.refusals import Refusal
from lindung.law.text import Text


class Issued(NamedTuple):
    """A link's token, which is shown this once, and until when it works."""

    token: str
    expires_at: datetime.datetime


class Offer(NamedTuple):
    """What a link that works leads to: joining, or a new password of somebody who is here."""

    link_id: int
    change: AccountChange
    user: User | None
    name: str
    username: str

    @property
    def is_invitation(self) -> bool:
        """Whether it makes a user; an invitation alone names nobody who is here."""
        return self.user is None


class LinkSpent(Refusal):
    """A link that is used, too old, revoked or was never made."""

    code = "link.spent"


class LinkNotDue(Refusal):
    """There is nothing to make a link for."""

    code = "link.not_due"


_USED = Text(
    "Tautan ini sudah dipakai. Masuk dengan nama pengguna dan kata sandi Anda.",
    "This link was used. Sign in with your user name and password.",
)
_OLD = Text(
    "Tautan ini lewat 72 jam. Minta pengelola Lindung di kantor Anda mencetak yang baru.",
    "This link is older than 72 hours. Ask the Lindung administrator of your office to print a new one.",
)
_REVOKED = Text(
    "Tautan ini diganti dengan yang lebih baru atau dibatalkan. Pakai lembar terakhir, atau minta yang baru.",
    "This link was replaced by a newer one or revoked. Use the latest sheet, or ask for a new one.",
)
_UNKNOWN = Text(
    "Tautan ini tidak lengkap. Salin seluruhnya dari lembar yang Anda terima.",
    "This link is not complete. Copy all of it from the sheet you were given.",
)
_NOT_DUE = Text(
    "Tautan dibuat setelah orang kedua menyetujui, dan hanya selama belum dipakai.",
    "A link is made after a second person has approved, and only while none was used.",
)


def issue(*, change_id: int, by: Actor, now: datetime.datetime) -> Issued:
    """Make the link of an approved change; an earlier one stops working. Raises LinkNotDue, AccountChange.DoesNotExist."""
    change = AccountChange.objects.select_related("organisation", "user").get(pk=change_id)
    links = OneTimeLink.objects.filter(change=change)
    due = change.decision == Decision.APPROVED and change.kind in WITH_A_LINK
    if not due or links.filter(used_at__isnull=False).exists():
        raise LinkNotDue(_NOT_DUE)
    token, expires_at = secrets.token_urlsafe(32), now + LINK_VALID_FOR
    with transaction.atomic():
        links.filter(used_at=None, revoked_at=None).update(revoked_at=now)
        OneTimeLink.objects.create(
            change=change,
            token_hash=hashed(token),
            issued_by_id=by.person_id,
            issued_at=now,
            expires_at=expires_at,
        )
        _note("issue_link", change, by=by)
    return Issued(token, expires_at)


def revoke(*, change_id: int, by: Actor, now: datetime.datetime) -> int:
    """Let the open link of a change stop working; how many there were. Raises AccountChange.DoesNotExist."""
    change = AccountChange.objects.select_related("organisation", "user").get(pk=change_id)
    with transaction.atomic():
        revoked = OneTimeLink.objects.filter(change=change, used_at=None, revoked_at=None).update(
            revoked_at=now
        )
        _note("revoke_link", change, by=by)
    return revoked


def opened(token: str, *, now: datetime.datetime) -> Offer:
    """What the link leads to. Raises LinkSpent with what to do."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        links = OneTimeLink.objects.select_related("change__organisation", "change__user")
        link = _unspent(links.filter(token_hash=hashed(token)).first(), now)
    change = link.change
    user = change.user
    name, username = (change.name, change.username) if user is None else (user.name, user.username)
    return Offer(link.pk, change, user, name, username)


def accept(token: str, *, password: str, now: datetime.datetime, today: datetime.date) -> User:
    """Use the link up: join with this password, or take it as the new one. Raises LinkSpent.

    The password must have passed the checks already. Of two at the same moment one waits, and then is refused.
    """
    offer = opened(token, now=now)
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        unused = OneTimeLink.objects.filter(pk=offer.link_id, used_at=None, revoked_at=None)
        if unused.update(used_at=now) != 1:
            raise LinkSpent(_USED)
        if offer.user is None:
            return _joined(offer, password, today)
        return _renewed(offer.user, offer.change, password, now)


def _unspent(link: OneTimeLink | None, now: datetime.datetime) -> OneTimeLink:
    if link is None:
        raise LinkSpent(_UNKNOWN)
    if link.used_at is not None:
        raise LinkSpent(_USED)
    if link.revoked_at is not None:
        raise LinkSpent(_REVOKED)
    if link.expires_at <= now:
        raise LinkSpent(_OLD)
    return link


def _joined(offer: Offer, password: str, today: datetime.date) -> User:
    change = offer.change
    user = User.objects.create_user(offer.username, name=offer.name, password=password)
    Appointment.objects.create(
        user=user,
        role=change.role,
        organisation=change.organisation,
        kelurahan_code=change.kelurahan_code,
        since=max(change.since, today),
        until=change.until,
        granted_by_id=change.decided_by_id,
        # The first administrators are appointed by nobody; when, stands on their invitation.
        granted_at=change.decided_at if change.decided_by_id else None,
    )
    _note_by_herself("join", user, change)
    return user


def _renewed(user: User, change: AccountChange, password: str, now: datetime.datetime) -> User:
    user.set_password(password)
    user.save(update_fields=["password"])
    sponsor_id = change.organisation.sponsor_id
    with system_scope(SystemScope.SIGNING_IN, actor=Actor.of(user)):
        open_sessions.end_all(of_user=user.pk, by=Actor.of(user), sponsor_id=sponsor_id, now=now)
    _note_by_herself("renew_password", user, change)
    return user


def _note_by_herself(action: str, user: User, change: AccountChange) -> None:
    with system_scope(SystemScope.SIGNING_IN, actor=Actor.of(user)):
        record(
            action,
            by=Actor.of(user),
            subject=f"user:{user.pk}",
            sponsor_id=change.organisation.sponsor_id,
            detail={"account_change": change.pk},
        )


def _note(action: str, change: AccountChange, *, by: Actor) -> None:
    sponsor_id = change.organisation.sponsor_id
    record(
        action, by=by, subject=f"account_change:{change.pk}", sponsor_id=sponsor_id, detail=detail_of(change)
    )


def hashed(token: str) -> bytes:
    """What is kept of a token."""
    return blind_index("one_time_link", token)
