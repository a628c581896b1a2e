"""Every address of the site, by room."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("akun/", include("allauth.urls")),
    path("bahasa/", include("django.conf.urls.i18n")),
]
if find_spec("lindung.web.urls"):
    urlpatterns.append(path("", include("lindung.web.urls")))
