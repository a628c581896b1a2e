"""The addresses of signing in and of one's own account: of allauth's many, only those in use."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.mfa.base import views as codes
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import include, path

from lindung.access import confirming
from lindung.access.scope import NOBODY, SystemScope, system_scope
from lindung.access.standing import signed_in_user


def _signing_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a visitor's name, password and code be looked up: in the system's own scope, and by nobody yet."""

    @wraps(view)
    def served(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if signed_in_user(request) is not None:
            return view(request, **kwargs)
        with system_scope(SystemScope.SIGNING_IN, actor=NOBODY):
            return view(request, **kwargs)

    return served


def password_change(request: HttpRequest) -> HttpResponseBase:
    """Change one's password; who signs in by a demo link has none, and finds no such page."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        raise Http404
    answer: HttpResponseBase = views.password_change(request)
    return answer


urlpatterns = [
    path("masuk/", _signing_in(views.login), name="account_login"),
    path("keluar/", views.logout, name="account_logout"),
    path("tidak-aktif/", views.account_inactive, name="account_inactive"),
    path("ulang/", views.reauthenticate, name="account_reauthenticate"),
    path("kata-sandi/", password_change, name="account_change_password"),
    path("kode/", confirming.confirm, name="account_step_up"),
    path("pengaman/authenticate/", _signing_in(codes.authenticate), name="mfa_authenticate"),
    path("pengaman/", include("allauth.mfa.urls")),
]
