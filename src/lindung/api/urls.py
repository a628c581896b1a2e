"""The addresses of version 1 of the API."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from lindung.api.assembly import api
from lindung.api.document import docs, openapi

# Known to the entrance alone; should it ever be taken away, the pages' own guards still know these as open.
urlpatterns = [
    path("openapi.json", login_not_required(openapi), name="api_openapi"),
    path("docs", login_not_required(docs), name="api_docs"),
    path("", api.urls),
]
