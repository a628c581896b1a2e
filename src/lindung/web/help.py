"""Help: what each page is for, taken from the pages themselves; first steps for each role; the words of the field."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.models import Role
from lindung.access.roles import duties_of
from lindung.access.standing import Standing, standing_of
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.web.glossary import glossary
from lindung.web.menu import Door, doors_of

_PURPOSE = re.compile(r'<p class="purpose">{% say "(?P<id>[^"]*)" "(?P<en>[^"]*)"')


class Screen(NamedTuple):
    """A door of the menu and the sentence that its page says of itself."""

    door: Door
    purpose: Text


class Steps(NamedTuple):
    """What somebody of a role does first, in order, and whom to call when it does not go on."""

    first: tuple[Text, ...]
    call: Text


@require_safe
@never_cache
def guide(request: HttpRequest) -> HttpResponse:
    """What each page of the reader's role is for, how to begin, whom to call, and the keys."""
    standing = standing_of(request)
    role = Role(standing.appointment.role) if standing.appointment else None
    context = {
        "page": "help",
        "label": duties_of(role).label if role else None,
        "screens": tuple(_screens(standing)),
        "steps": STEPS.get(role, _ELSE) if role else _ELSE,
    }
    return render(request, "web/help.html", context)


@require_safe
@never_cache
def terms(request: HttpRequest) -> HttpResponse:
    """Every term with its meaning, each under an address of its own (`/istilah/#sp2d`)."""
    return render(request, "web/terms.html", {"page": "terms", "terms": tuple(glossary().values())})


@cache
def purpose_of(template: str) -> Text | None:
    """The sentence a page says of itself under its heading; None when it has no such page or sentence."""
    source = files("lindung.web") / "templates" / template
    found = _PURPOSE.search(source.read_text(encoding="utf-8")) if source.is_file() else None
    return Text(found["id"], found["en"]) if found else None


def _screens(standing: Standing) -> Iterator[Screen]:
    for door in doors_of(standing):
        purpose = purpose_of(door.template)
        if purpose is not None:
            yield Screen(door, purpose.filled(day=day_label(standing.on)))


_OFFICE = Text(
    "Pengelola Lindung di kantor Anda: kata sandi, kode masuk, dan peran.",
    "The Lindung administrator of your office: passwords, sign-in codes and roles.",
)
_ELSE = Steps(
    (Text("Buka Hari ini; di sana tertulis yang menunggu Anda.", "Open Today; it says what waits for you."),),
    _OFFICE,
)
STEPS = {
    Role.CITY_OFFICER: Steps(
        (
            Text(
                "Unggah daftar pekerja dari Hari ini, apa adanya.",
                "Upload a list of workers from Today, as it is.",
            ),
            Text(
                "Perbaiki baris yang ditandai, lalu daftarkan yang siap.",
                "Mend the marked rows, then enrol the ready ones.",
            ),
            Text("Awal bulan, susun tagihan bulan itu.", "At the start of the month draw its bill."),
            Text(
                "Catat SP2D begitu terbit; bendahara mengesahkannya.",
                "Record the SP2D once issued; finance confirms it.",
            ),
        ),
        _OFFICE,
    ),
    Role.FINANCE_OFFICER: Steps(
        (
            Text(
                "Buka Hari ini: tagihan yang paling mendesak ada di atas.",
                "Open Today: the most urgent bill is on top.",
            ),
            Text(
                "Cocokkan SP2D dengan kertasnya, lalu sahkan.",
                "Compare the SP2D with its paper, then confirm.",
            ),
            Text("Perhatikan sampai bulan apa dana cukup.", "Watch until which month the money lasts."),
        ),
        _OFFICE,
    ),
    Role.KELURAHAN_OPERATOR: Steps(
        (
            Text(
                "Hari ini menunjukkan paling banyak 20 nama yang perlu diperbaiki.",
                "Today shows at most 20 names to mend.",
            ),
            Text(
                "Tanyakan kepada orangnya atau Ketua RT, lalu perbaiki.",
                "Ask the person or the RT head, then mend them.",
            ),
        ),
        Text("Petugas kota yang mengirim daftar.", "The city officer who sent the list."),
    ),
    Role.BRANCH_OFFICER: Steps(
        (
            Text(
                "Hari ini menunjukkan setiap kota yang dilayani cabang.",
                "Today shows every city the branch serves.",
            ),
            Text(
                "Buka daftar yang baru masuk, lalu jawab dengan berkas.",
                "Open the lists that came in, then answer by file.",
            ),
        ),
        Text("Petugas kota yang mengirim daftar.", "The city officer who sent the list."),
    ),
    Role.AUDITOR: Steps(
        (
            Text(
                "Hari ini menunjukkan uang dan pembukaan data terakhir.",
                "Today shows the latest money and looks at data.",
            ),
            Text(
                "Dari tagihan Anda sampai ke SP2D, orang dan pasalnya.",
                "A bill leads you to its SP2D, people and articles.",
            ),
        ),
        _OFFICE,
    ),
    Role.MAYOR: Steps(
        (
            Text(
                "Hari ini menunjukkan enam angka, masing-masing dengan penyebutnya.",
                "Today shows six figures, each with its denominator.",
            ),
        ),
        Text("Kepala Dinas Tenaga Kerja.", "The head of the manpower office."),
    ),
}
"""What to do first, by role; other roles are sent to Today."""
