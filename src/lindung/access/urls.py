"""The addresses of signing in and of one's own account: of allauth's many, only those in use."""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("masuk/", views.login, name="account_login"),
    path("keluar/", views.logout, name="account_logout"),
    path("tidak-aktif/", views.account_inactive, name="account_inactive"),
    path("ulang/", views.reauthenticate, name="account_reauthenticate"),
    path("kata-sandi/", views.password_change, name="account_change_password"),
    path("pengaman/", include("allauth.mfa.urls")),
]
