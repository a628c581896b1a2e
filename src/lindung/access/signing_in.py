"""Signing in and out through allauth: attempts are counted before a password is looked at, all is on the trail."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

from lindung.access import guessing, open_sessions, second_factor
from lindung.access.models import User
from lindung.access.scope import NOBODY, Actor, SystemScope, system_scope
from lindung.access.standing import signed_in_user
from lindung.access.trail import note_failure, note_visit, sponsor_of
from lindung.engine import clock


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """What allauth asks us while somebody signs in or out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: users are made by an administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt. Past the limit the password is not looked at, be it right or wrong."""
        username, address = str(credentials.get("username", "")), self.get_client_ip(request)
        if not guessing.may_try_password(username, address, now=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user of this name and password, or None. Call it in the scope in which people sign in."""
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            guessing.password_was_right(str(credentials.get("username", "")), self.get_client_ip(request))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password goes on the trail of the user whose name was given."""
        with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
            named = User.objects.filter(username=str(credentials.get("username", "")).lower()).first()
        note_failure("sign_in_failed", named, request)

    def get_login_stages(self) -> list[str]:
        """allauth's own, with our step for the code in place of theirs."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "lindung.access.stages.CodeStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def login(self, request: HttpRequest, user: User) -> None:
        """All stages are passed: the session is the user's."""
        with system_scope(SystemScope.SIGNING_IN, actor=Actor.of(user)):
            super().login(request, user)
            User.objects.filter(pk=user.pk).update(last_login=timezone.now())
        note_visit("sign_in", user, request)

    def logout(self, request: HttpRequest) -> None:
        """The session is over; its cookie is worth nothing from now on."""
        user = signed_in_user(request)
        if user is not None:
            note_visit("sign_out", user, request)
            open_sessions.ended(request.session, now=timezone.now())
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """Change the password and nothing else: the app's role may not write every column of a user.

        Every other session of the user ends now, and is told so: left alone it would end without a word.
        """
        user.set_password(password)
        user.save(update_fields=["password"])
        note_visit("change_password", user, self.request)
        with system_scope(SystemScope.SIGNING_IN, actor=Actor.of(user)):
            open_sessions.end_all(
                of_user=user.pk,
                by=Actor.of(user),
                sponsor_id=sponsor_of(user, clock.today()),
                now=timezone.now(),
                but=self.request.session,
            )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for setting up the first second factor right after the password was given."""
        user = signed_in_user(self.request)
        fresh = user is not None and not second_factor.is_set_up(user) and self._gave_password_just_now(user)
        if fresh and app == "allauth.mfa":
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def _gave_password_just_now(self, user: User) -> bool:
        given = [
            entry["at"]
            for entry in get_authentication_records(self.request, user)
            if entry["method"] == "password"
        ]
        return bool(given) and time.time() - given[-1] < app_settings.REAUTHENTICATION_TIMEOUT
