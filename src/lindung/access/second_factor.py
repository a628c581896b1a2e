"""The second factor: nobody works with a password alone, however the session came about."""

import time
from typing import NamedTuple

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.backends.base import SessionBase

from lindung.access.models import User
from lindung.access.scope import NOBODY, Actor, SystemScope, system_scope
from lindung.access.sealing import seal, unseal

PASSED = "second_factor_of"
"""In the session: the id of the user whose second factor this very session has seen."""
PASSED_AT = "second_factor_at"
"""In the session: when that was, in seconds by the machine's clock."""

PERIOD_SECONDS = 30
_PLACE = {"table": "mfa_authenticator", "column": "data"}


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth keeps TOTP secrets and recovery seeds in clear unless told otherwise; here they are sealed."""

    def encrypt(self, text: str) -> str:
        """The secret as it lies in the database. allauth seals before the row has an id: the bind is to the column."""
        return seal(text, row_id="", **_PLACE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret itself."""
        return unseal(bytes.fromhex(encrypted_text), row_id="", **_PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Never by oneself: a lost telephone is the administrators' business (`changing`)."""
        return False


class Code(NamedTuple):
    """A sign-in code and the seconds it is good for."""

    digits: str
    seconds_left: int


def is_set_up(user: User) -> bool:
    """Whether the user has an app that makes codes."""
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        found: bool = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
    return found


def note_passed(session: SessionBase, user: User) -> None:
    """Remember that this session has seen this user's second factor, and that it was just now."""
    session[PASSED] = user.pk
    session[PASSED_AT] = int(time.time())


def note_passed_earlier(session: SessionBase, user: User) -> None:
    """The code was given on this known computer earlier today: enough to sign in, too old for a weighty step."""
    session[PASSED] = user.pk
    session.pop(PASSED_AT, None)


def has_passed(session: SessionBase, user: User) -> bool:
    """Whether this session has seen this user's second factor."""
    return bool(session.get(PASSED) == user.pk)


def seconds_since(session: SessionBase, user: User) -> int | None:
    """How long ago this session saw this user's second factor; None when it never did."""
    at = session.get(PASSED_AT)
    return int(time.time()) - at if at is not None and has_passed(session, user) else None


def give(user: User) -> None:
    """Set up a new secret for a user whose codes the programme makes itself (the demo)."""
    with system_scope(SystemScope.SIGNING_IN, actor=Actor.of(user)):
        TOTP.activate(user, generate_totp_secret())


def current_code(user: User) -> Code:
    """The code of this moment. Raises Authenticator.DoesNotExist when none is set up.

    By the machine's clock, as every authenticator app in the world: LINDUNG_NOW does not move it.
    """
    with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
        kept = Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP)
    step, past = divmod(int(time.time()), PERIOD_SECONDS)
    digits = format_hotp_value(hotp_value(MFAAdapter().decrypt(kept.data["secret"]), step))
    return Code(digits, PERIOD_SECONDS - past)


def reset(user: User) -> None:
    """Take away a lost second factor; at the next sign-in the user gives the password and sets up a new one.

    The database lets it happen only while an approved request for it is carried out (`changing.decide`).
    """
    Authenticator.objects.filter(user_id=user.pk).delete()
