"""The addresses of signing in and of one's own account: of allauth's many, only those in use."""

from allauth.account import views
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import include, path


def password_change(request: HttpRequest) -> HttpResponseBase:
    """Change one's password; who signs in by a demo link has none, and finds no such page."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        raise Http404
    answer: HttpResponseBase = views.password_change(request)
    return answer


urlpatterns = [
    path("masuk/", views.login, name="account_login"),
    path("keluar/", views.logout, name="account_logout"),
    path("tidak-aktif/", views.account_inactive, name="account_inactive"),
    path("ulang/", views.reauthenticate, name="account_reauthenticate"),
    path("kata-sandi/", password_change, name="account_change_password"),
    path("pengaman/", include("allauth.mfa.urls")),
]
