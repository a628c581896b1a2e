"""The step of signing in that asks for the code: passed over on a known computer where it was given today."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from lindung.access import devices, second_factor
from lindung.engine import clock


class CodeStage(AuthenticateStage):  # type: ignore[misc]  # allauth ships no types
    """After the password: the code, unless this user gave it on this known computer today."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if not super()._should_handle(request):
            return False
        user = self.login.user
        if not devices.gave_code_today(request, user, now=clock.now(), today=clock.today()):
            return True
        second_factor.note_passed_earlier(request.session, user)
        return False
