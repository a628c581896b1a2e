"""The page "Jejak": who did what when with a record, or with anything in sight; who only looked stands in it too."""

import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.insight import trail as insight
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight


class Kind(NamedTuple):
    """A kind of record that has a trail: its name in the room, what it is called, the page of the record, and who may open that."""

    name: str
    label: Text
    page: str
    permission: Permission


KINDS = {
    "pekerja": Kind("person", Text("pekerja", "worker"), "web:worker", Permission.SEE_WORKERS),
    "kerja-sama": Kind(
        "agreement", Text("kerja sama", "agreement"), "web:agreement", Permission.SEE_AGREEMENTS
    ),
    "tagihan": Kind("bill", Text("tagihan", "bill"), "web:bill", Permission.SEE_BILLS),
    "daftar": Kind("roster", Text("daftar", "list"), "web:roster", Permission.SEE_ROSTERS),
    "pengguna": Kind("user", Text("pengguna", "user"), "web:user", Permission.MANAGE_USERS),
}
"""By the word in the address."""
_WORD_OF = {kind.name: word for word, kind in KINDS.items()}


class Line(NamedTuple):
    """An event, and the trail of the record it is about, when that has one."""

    event: insight.Event
    about: Text | None
    address: str


@require_safe
@never_cache
@require(Permission.SEE_AUDIT)
def trail(request: HttpRequest, word: str = "", id: int = 0) -> HttpResponse:
    """Show a page of events, the newest first."""
    if word and word not in KINDS:
        raise Http404("kind")
    standing, kind = standing_of(request), KINDS.get(word)
    sieve = _sieve(request)
    with missing_when_not_in_sight():
        found = insight.trail(kind=kind.name if kind else "", id=id, sieve=sieve)
    context = {
        "page": "trail",
        "kind": kind,
        "id": id,
        "record": reverse(kind.page, args=[id]) if kind and standing.may(kind.permission) else "",
        "found": found,
        "lines": [_line(event) for event in found.events],
        "sieve": sieve,
        "actors": insight.actors(standing.scope.sponsor_ids),
        "next": _address(sieve, found.before) if found.before else None,
    }
    return render(request, "web/trail_all.html", context)


def _sieve(request: HttpRequest) -> insight.Sieve:
    return insight.Sieve(
        actor_id=_number(request, "orang"),
        day=_day(request.GET.get("hari", "")),
        looks_only=request.GET.get("jenis") == "melihat",
        before=_number(request, "sebelum"),
    )


def _number(request: HttpRequest, name: str) -> int | None:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 18 else None


def _day(asked: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(asked)
    except ValueError:
        return None
    return day if 2015 <= day.year <= 2100 else None


def _line(event: insight.Event) -> Line:
    if event.subject is None or event.subject[0] not in _WORD_OF:
        return Line(event, None, "")
    name, number = event.subject
    label = KINDS[_WORD_OF[name]].label
    about = event.name or Text(f"{label.id} nomor {number}", f"{label.en} number {number}")
    return Line(event, about, reverse("web:trail", args=[_WORD_OF[name], number]))


def _address(sieve: insight.Sieve, before: int) -> str:
    asked = {
        "orang": sieve.actor_id,
        "hari": sieve.day.isoformat() if sieve.day else None,
        "jenis": "melihat" if sieve.looks_only else None,
        "sebelum": before,
    }
    return "?" + urlencode({name: value for name, value in asked.items() if value})
