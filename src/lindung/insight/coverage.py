"""How many people of each kelurahan are protected on a day; every figure with its denominator, its date and source.

Quotas belong to agreements, not to places, so that only the whole city has one. How many people work in a kelurahan
nobody has told Lindung: that denominator is not offered, and nothing is guessed in its place.
"""

import enum
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, Sum

from lindung.contributions.many_standings import STATES, standing_of_members
from lindung.identity import places
from lindung.law.text import Text
from lindung.membership.models import RosterRow, Verdict
from lindung.partnership.models import Segment


class Denominator(enum.StrEnum):
    """What the protected are compared with."""

    ENROLLED = "enrolled"
    LISTED = "listed"


DENOMINATORS: dict[Denominator, Text] = {
    Denominator.ENROLLED: Text("orang terdaftar", "people enrolled"),
    Denominator.LISTED: Text("orang terdaftar dan yang masih di daftar", "people enrolled or still on lists"),
}
SOURCES: dict[Denominator, Text] = {
    Denominator.ENROLLED: Text(
        "Kepesertaan yang berjalan pada tanggal itu, tercatat di Lindung.",
        "Memberships that run on that day, recorded in Lindung.",
    ),
    Denominator.LISTED: Text(
        "Kepesertaan yang berjalan, ditambah baris daftar yang siap atau perlu diperbaiki, tercatat di Lindung.",
        "Memberships that run, and rows of lists that are ready or to be mended, recorded in Lindung.",
    ),
}


class Figures(NamedTuple):
    """People by how they stand, and rows of lists whose people are not enrolled yet."""

    protected: int = 0
    at_risk: int = 0
    proposed: int = 0
    lapsed: int = 0
    waiting: int = 0

    @property
    def enrolled(self) -> int:
        """People whose membership runs."""
        return self.protected + self.at_risk + self.proposed + self.lapsed

    def out_of(self, denominator: Denominator) -> int:
        """How many people the protected are compared with."""
        return self.enrolled + (self.waiting if denominator == Denominator.LISTED else 0)

    def percent(self, denominator: Denominator) -> int | None:
        """Whole percent protected or at risk, rounded down: 99 of 100 people are never all; None of nobody."""
        whole = self.out_of(denominator)
        return None if whole == 0 else (self.protected + self.at_risk) * 100 // whole


class Area(NamedTuple):
    """A kelurahan or kecamatan with its figures; `parent` is the code of the kecamatan of a kelurahan."""

    code: str
    name: str
    parent: str
    figures: Figures


class Coverage(NamedTuple):
    """The coverage of everything in the caller's scope on a day.

    `elsewhere` counts people of no kelurahan we know; `quota` is that of the agreements that run on the day, None for
    a part of the city.
    """

    on: date
    total: Figures
    kecamatan: tuple[Area, ...]
    kelurahan: tuple[Area, ...]
    elsewhere: Figures
    quota: int | None


def coverage(*, on: date, within: str = "") -> Coverage:
    """The coverage on a day; `within` is the code of a kecamatan or kelurahan to look at alone."""
    counted = {code: each for code, each in _counted(on).items() if code.startswith(within)}
    known = {code: place for code, place in places.PLACES.items() if code.startswith(within)}
    kelurahan = tuple(
        Area(code, place.name, place.kecamatan_code, counted.get(code, Figures()))
        for code, place in sorted(known.items())
    )
    elsewhere = [each for code, each in counted.items() if code not in known]
    return Coverage(
        on=on,
        total=_sum(counted.values()),
        kecamatan=_kecamatan(kelurahan),
        kelurahan=kelurahan,
        elsewhere=_sum(elsewhere),
        quota=None if within else _quota(on),
    )


_BY_PLACE = """
WITH {tables}
SELECT kelurahan_code, standing, count(*)
  FROM (SELECT min(kelurahan_code) AS kelurahan_code, min(standing) AS standing
          FROM standing GROUP BY person_id) person
 WHERE standing < {ended}
 GROUP BY 1, 2
"""


def _counted(on: date) -> dict[str, Figures]:
    asked = standing_of_members(on=on)
    by_place: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_PLACE.format(tables=asked.tables, ended=len(STATES)), asked.values)
        for code, standing, people in cursor.fetchall():
            by_place.setdefault(code, {})[STATES[standing].value] = people
    for code, rows in _waiting():
        by_place.setdefault(code, {})["waiting"] = rows
    return {code: Figures(**figures) for code, figures in by_place.items()}


def _waiting() -> Iterable[tuple[str, int]]:
    waiting = RosterRow.objects.filter(verdict__in=(Verdict.READY, Verdict.TO_FIX))
    return waiting.values_list("kelurahan_code").annotate(rows=Count("number"))


def _kecamatan(kelurahan: Iterable[Area]) -> tuple[Area, ...]:
    parts: dict[str, list[Figures]] = {}
    for area in kelurahan:
        parts.setdefault(area.parent, []).append(area.figures)
    names = {place.kecamatan_code: place.kecamatan for place in places.PLACES.values()}
    return tuple(Area(code, names[code], "", _sum(figures)) for code, figures in sorted(parts.items()))


def _sum(figures: Iterable[Figures]) -> Figures:
    rows = list(figures)
    return Figures(*(sum(column) for column in zip(*rows, strict=True))) if rows else Figures()


def _quota(on: date) -> int:
    running = Q(agreement__since__lte=on) & (Q(agreement__until__isnull=True) | Q(agreement__until__gt=on))
    return int(Segment.objects.filter(running).aggregate(whole=Sum("quota"))["whole"] or 0)
