"""The second factor: nobody works with a password alone, however the session came about."""

import time
from typing import NamedTuple

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from lindung.access.audit import record
from lindung.access.models import User
from lindung.access.scope import Actor
from lindung.access.sealing import seal, unseal

PASSED = "second_factor_of"
"""In the session: the id of the user whose second factor this very session has seen."""

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
        """Never by oneself: a lost telephone is the administrator's business (`reset`)."""
        return False


class Code(NamedTuple):
    """A sign-in code and the seconds it is good for."""

    digits: str
    seconds_left: int


def is_set_up(user: User) -> bool:
    """Whether the user has an app that makes codes."""
    found: bool = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
    return found


def note_passed(session: SessionBase, user: User) -> None:
    """Remember that this session has seen this user's second factor."""
    session[PASSED] = user.pk


def has_passed(session: SessionBase, user: User) -> bool:
    """Whether this session has seen this user's second factor."""
    return bool(session.get(PASSED) == user.pk)


def give(user: User) -> None:
    """Set up a new secret for a user whose codes the programme makes itself (the demo)."""
    TOTP.activate(user, generate_totp_secret())


def current_code(user: User) -> Code:
    """The code of this moment. Raises Authenticator.DoesNotExist when none is set up.

    By the machine's clock, as every authenticator app in the world: LINDUNG_NOW does not move it.
    """
    kept = Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP)
    step, past = divmod(int(time.time()), PERIOD_SECONDS)
    digits = format_hotp_value(hotp_value(MFAAdapter().decrypt(kept.data["secret"]), step))
    return Code(digits, PERIOD_SECONDS - past)


def reset(user: User, *, by: Actor) -> None:
    """Take away a lost second factor; at the next sign-in the user sets up a new one.

    Call it in the administrator's scope. Nobody resets his own: raises ValueError.
    """
    if by.user_id == user.pk:
        raise ValueError("Ask another administrator to reset your second factor.")
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        record("reset_second_factor", by=by, subject=f"user:{user.pk}", sponsor_id=None, detail={})
