"""Every address of the site, by room."""

from django.urls import include, path

urlpatterns = [
    path("akun/", include("lindung.access.urls")),
    path("", include("lindung.web.urls")),
]
