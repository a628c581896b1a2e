"""The page "Cakupan": how many people are protected where, on a map of tiles and in a table, with its denominator."""

import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import Standing, require, standing_of
from lindung.identity import places
from lindung.identity.tiles import TILES
from lindung.insight import coverage as insight
from lindung.insight.coverage import Area, Coverage, Denominator
from lindung.law.text import Text
from lindung.web.language import said

SHADES = (0, 25, 50, 75, 90)
"""From which percent each of the five shades is used; a shade has as many marks as its number."""
COLOURS = ("nobody", "few", "some", "half", "most", "nearly-all")
"""The class of each shade; the first is for a tile without anybody enrolled."""
SIDE = 100
"""Width and height of a tile in the drawing's own units."""
FEWEST_COLUMNS = 6
"""How many columns the drawing has at least."""
LETTERS_IN_A_TILE = 10
"""What a line of a tile holds in the small letters of its name."""


class TileView(NamedTuple):
    """A tile of the map: where it lies, its shade, its marks and its words."""

    x: int
    y: int
    colour: str
    marks: tuple[int, ...]
    percent: int | None
    label: str
    name: str

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The name in at most two lines of a tile, each with its height."""
        words = textwrap.wrap(self.name, LETTERS_IN_A_TILE, break_long_words=False)[:2]
        return [
            (self.y + (69 if len(words) == 1 else 62 + 15 * line), part) for line, part in enumerate(words)
        ]


class Shade(NamedTuple):
    """One line of the legend."""

    colour: str
    marks: tuple[int, ...]
    label: Text


class Row(NamedTuple):
    """One line of the table."""

    area: Area
    percent: int | None
    whole: int
    address: str


@require_safe
@never_cache
@require(Permission.SEE_COVERAGE)
def coverage(request: HttpRequest, within: str = "") -> HttpResponse:
    """Show the whole city, one kecamatan or one kelurahan; an operator sees her own kelurahan only."""
    standing = standing_of(request)
    within = _within(standing, within)
    found = insight.coverage(on=standing.on, within=within)
    denominator = _denominator(request)
    parts = found.kelurahan if within else found.kecamatan
    context = {
        "page": "coverage",
        "found": found,
        # Hari ini shows everything in sight: the whole city, or the operator's own kelurahan.
        "as_today": within == standing.scope.kelurahan_code,
        "within": within,
        "place": _name(within),
        "parent": _parent(within),
        "above": _above(standing, within),
        "denominator": insight.DENOMINATORS[denominator],
        "source": insight.SOURCES[denominator],
        "choices": [(each, text, each == denominator) for each, text in insight.DENOMINATORS.items()],
        "percent": found.total.percent(denominator),
        "whole": found.total.out_of(denominator),
        "rows": [_row(area, denominator) for area in parts],
        "tiles": [_tile(area, denominator) for area in found.kelurahan if area.code in TILES],
        "legend": _LEGEND,
        "frame": _frame(found.kelurahan),
        "copy": _copy(found, denominator),
        "may_see_workers": standing.may(Permission.SEE_WORKERS) and len(within) == _KELURAHAN,
        "export": _export(standing, within),
    }
    return render(request, "web/coverage.html", context)


_KELURAHAN = len("15.71.02.1004")


def _within(standing: Standing, asked: str) -> str:
    """What may be looked at alone. Raises Http404 for a place that is none, or not the operator's own."""
    own = standing.scope.kelurahan_code
    known = asked in places.PLACES or asked in {place.kecamatan_code for place in places.PLACES.values()}
    if asked and (not known or (own and asked != own)):
        raise Http404("place")
    return asked or own


def _denominator(request: HttpRequest) -> Denominator:
    asked = request.GET.get("pembanding", "")
    return Denominator(asked) if asked in set(Denominator) else Denominator.ENROLLED


def _name(code: str) -> str:
    if code in places.PLACES:
        return places.PLACES[code].name
    return next((place.kecamatan for place in places.PLACES.values() if place.kecamatan_code == code), "")


def _parent(code: str) -> str:
    return places.PLACES[code].kecamatan_code if code in places.PLACES else ""


def _above(standing: Standing, code: str) -> str | None:
    """Where the way up leads from a place: None from the whole city and from an operator's own kelurahan."""
    if not code or standing.scope.kelurahan_code:
        return None
    parent = _parent(code)
    return reverse("web:coverage_of", args=[parent]) if parent else reverse("web:coverage")


def _frame(areas: Iterable[Area]) -> str:
    """The part of the map these tiles lie in, as an SVG view box; of a few tiles none grows larger than its name needs."""
    tiles = [TILES[area.code] for area in areas if area.code in TILES] or list(TILES.values())
    left, top = min(tile.column for tile in tiles), min(tile.row for tile in tiles)
    columns = max(FEWEST_COLUMNS, 1 + max(tile.column for tile in tiles) - left)
    rows = 1 + max(tile.row for tile in tiles) - top
    return f"{left * SIDE} {top * SIDE} {columns * SIDE} {rows * SIDE}"


def _row(area: Area, denominator: Denominator) -> Row:
    percent, whole = area.figures.percent(denominator), area.figures.out_of(denominator)
    return Row(area, percent, whole, reverse("web:coverage_of", args=[area.code]))


def _tile(area: Area, denominator: Denominator) -> TileView:
    place, percent = TILES[area.code], area.figures.percent(denominator)
    shade = _shade(percent)
    label = said(_NOBODY if percent is None else _SO_MANY).format(
        name=area.name, percent=percent, whole=area.figures.out_of(denominator)
    )
    x, y = place.column * SIDE, place.row * SIDE
    return TileView(x, y, COLOURS[shade], _marks(shade), percent, label, area.name)


def _shade(percent: int | None) -> int:
    return 0 if percent is None else sum(percent >= least for least in SHADES)


def _marks(shade: int) -> tuple[int, ...]:
    """Where the marks of a shade lie: colour does not speak alone."""
    return tuple(14 + 15 * number for number in range(shade))


_NOBODY = Text("{name}: belum ada orang terdaftar", "{name}: nobody is enrolled")
_SO_MANY = Text("{name}: {percent}% dari {whole} orang", "{name}: {percent}% of {whole} people")

_LEGEND = [
    Shade(COLOURS[0], (), Text("belum ada orang", "nobody yet")),
    *(
        Shade(
            COLOURS[number],
            _marks(number),
            Text(f"{least}–{last}%", f"{least}–{last}%"),
        )
        for number, (least, last) in enumerate(zip(SHADES, (24, 49, 74, 89, 100), strict=True), start=1)
    ),
]


def _copy(found: Coverage, denominator: Denominator) -> str:
    """The table as text with tabs, ready to be pasted into a sheet; the date and the denominator go with it."""
    head = said(_COPY_HEAD).split("|")
    lines = [[f"{found.on.isoformat()}", said(insight.DENOMINATORS[denominator])], head]
    for area in found.kelurahan:
        figures = area.figures
        numbers = [
            figures.protected,
            figures.at_risk,
            figures.lapsed,
            figures.proposed,
            figures.waiting,
            figures.out_of(denominator),
        ]
        lines.append([area.code, area.name, *map(str, numbers)])
    return "\n".join("\t".join(line) for line in lines)


_COPY_HEAD = Text(
    "Kode|Kelurahan|Terlindungi|Menunggak|Lepas|Diusulkan|Belum didaftarkan|Pembanding",
    "Code|Kelurahan|Protected|In arrears|Lapsed|Proposed|Not enrolled yet|Denominator",
)


def _export(standing: Standing, within: str) -> str | None:
    return "?" + urlencode({"isi": "coverage"}) if standing.may(Permission.EXPORT) and not within else None
