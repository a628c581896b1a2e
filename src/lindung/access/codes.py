"""The forms in which a code of the second factor is typed: guesses are counted, a code works once."""

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from lindung.access import devices, guessing, second_factor
from lindung.access.models import User
from lindung.access.trail import note_failure
from lindung.engine import clock


class _Guarded:
    """Wraps allauth's check of a code in our own limits, and remembers in the session that it was passed."""

    user: User

    def clean_code(self) -> str:
        """The right code, used for the first time."""
        now = timezone.now()
        if not guessing.may_try_code(self.user.pk, now=now):
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # allauth's form stands behind this class
        except ValidationError:
            note_failure("code_failed", self.user, context.request)
            raise
        if not guessing.is_first_use(self.user.pk, code, now=now):
            raise get_adapter().validation_error("incorrect_code")
        guessing.code_was_right(self.user.pk)
        second_factor.note_passed(context.request.session, self.user)
        devices.code_given(context.request, self.user, now=clock.now(), today=clock.today())
        return code


class AuthenticateForm(_Guarded, codes.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The code after the password."""


class ReauthenticateForm(_Guarded, codes.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The code before a weighty step."""


class ActivateForm(_Guarded, ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """The first code of a new authenticator app."""
