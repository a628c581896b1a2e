"""Every address of the site, by room."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("lindung.api.urls")),
    path("akun/", include("lindung.access.urls")),
    path("", include("lindung.web.urls")),
]
