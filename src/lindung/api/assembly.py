"""Puts the endpoints together into version 1 of the API."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lindung.api import agreements, bills, members, rosters, runway, statements, tokens
from lindung.api.problems import said
from lindung.api.refusing import problem_of, will_pass
from lindung.law.text import Text

ABOUT = Text(
    "Kerja sama, daftar pekerja, peserta, perlindungan dan tagihan untuk sistem lain. Rupiah bilangan bulat, tanggal "
    "2026-11-22, bulan 2026-11, kalimat dalam dua bahasa.",
    "Agreements, rosters, members, cover and bills for other systems. Rupiah as integers, days as 2026-11-22, months "
    "as 2026-11, sentences in two languages.",
)
api = NinjaAPI(
    title="Lindung API",
    version="1",
    description=f"{ABOUT.id} / {ABOUT.en}",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)
for room in (tokens, agreements, rosters, members, bills, statements, runway):
    api.add_router("", room.router)


def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """Every exception becomes its problem; what will pass goes up, to be tried again in a new transaction."""
    if will_pass(error):
        raise error
    return said(request, problem_of(error))


for kind in (
    Exception,
    Http404,
    HttpError,
    ValidationError,
):  # the four for which the framework has words of its own
    api.add_exception_handler(kind, refused)
