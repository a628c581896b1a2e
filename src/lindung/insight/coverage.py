"""How many people of each kelurahan are protected on a day; every figure with its denominator, its date and source.

Figures are of those the city pays for as a sponsor, each person once, however many works or agreements; its own wage
earners are told apart, as everywhere (`insight/apart.py`). Hari ini adds up agreements, as their quotas do: how far
that is more than people, `Coverage.repeated` says.

Quotas belong to agreements, not to places, so that only the whole city has one. How many people work in a kelurahan
nobody has told Lindung: that denominator is not offered, and nothing is guessed in its place.
"""

import enum
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, Sum

from lindung.contributions.many_standings import STATES, standing_of_members
from lindung.contributions.states import CoverState
from lindung.identity import places
from lindung.insight.agreement_today import NOT_BEGUN
from lindung.insight.waiting_rows import waiting_rows
from lindung.law.money import counted
from lindung.law.months import Month
from lindung.law.text import Text, joined
from lindung.partnership.models import AgreementKind, Segment


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
        "Kepesertaan yang berjalan pada tanggal itu dan iurannya ditanggung kota, tercatat di Lindung; pegawai kota sendiri dan peserta mandiri dihitung terpisah.",
        "Memberships that run on that day and are paid by the city as a sponsor, recorded in Lindung; its own wage earners and who pays alone are counted apart.",
    ),
    Denominator.LISTED: Text(
        "Kepesertaan yang berjalan dan iurannya ditanggung kota, ditambah orang di daftar yang siap atau perlu diperbaiki, masing-masing sekali; pegawai kota sendiri dan peserta mandiri dihitung terpisah.",
        "Memberships that run and are paid by the city as a sponsor, people of lists who are ready or to be mended, each once; its own wage earners and who pays alone are counted apart.",
    ),
}


class Figures(NamedTuple):
    """People by how they stand, and those of lists who are not enrolled yet (as Hari ini counts names that wait).

    ``paid_ahead`` are those of the proposed whose first month is paid: only its first day has not come.
    """

    protected: int = 0
    at_risk: int = 0
    proposed: int = 0
    lapsed: int = 0
    waiting: int = 0
    paid_ahead: int = 0

    @property
    def unpaid(self) -> int:
        """People who are proposed and have not been paid for."""
        return self.proposed - self.paid_ahead

    @property
    def covered(self) -> int:
        """People who are protected, in arrears or not."""
        return self.protected + self.at_risk

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
        return None if whole == 0 else self.covered * 100 // whole


class Area(NamedTuple):
    """A kelurahan or kecamatan with its figures; `parent` is the code of the kecamatan of a kelurahan."""

    code: str
    name: str
    parent: str
    figures: Figures


class Coverage(NamedTuple):
    """The coverage of everything in the caller's scope on a day.

    `elsewhere` counts people of no kelurahan we know; `quota` is that of the agreements that run on the day, None for
    a part of the city. `repeated` is how many more Hari ini counts as protected, because it adds up agreements;
    `employed` are the city's own wage earners who are protected, `alone` those who are and pay for themselves.
    """

    on: date
    total: Figures
    kecamatan: tuple[Area, ...]
    kelurahan: tuple[Area, ...]
    elsewhere: Figures
    quota: int | None
    repeated: int
    employed: int
    alone: int = 0

    @property
    def counted(self) -> Text:
        """Who is counted here, and what stands apart."""
        apart = ((_EMPLOYED, self.employed), (_ALONE, self.alone))
        said = (text.filled(n=counted(people)) for text, people in apart if people)
        return joined((_ALL_SPONSORED, *said))

    @property
    def as_today(self) -> Text:
        """How the protected of this page and of Hari ini, both of the same places, agree."""
        here = counted(self.total.covered)
        if not self.repeated:
            return _SAME.filled(here=here)
        there = counted(self.total.covered + self.repeated)
        return _ADDED_UP.filled(here=here, there=there, n=counted(self.repeated))


def coverage(*, on: date, within: str = "") -> Coverage:
    """The coverage on a day; `within` is the code of a kecamatan or kelurahan to look at alone."""
    found = _counted(on)
    figures = {code: each.figures for code, each in found.items() if code.startswith(within)}
    known = {code: place for code, place in places.PLACES.items() if code.startswith(within)}
    kelurahan = tuple(
        Area(code, place.name, place.kecamatan_code, figures.get(code, Figures()))
        for code, place in sorted(known.items())
    )
    within_it = [each for code, each in found.items() if code in figures]
    return Coverage(
        on=on,
        total=_sum(figures.values()),
        kecamatan=_kecamatan(kelurahan),
        kelurahan=kelurahan,
        elsewhere=_sum(each for code, each in figures.items() if code not in known),
        quota=None if within else _quota(on),
        repeated=sum(each.repeated for each in within_it),
        employed=sum(each.employed for each in within_it),
        alone=sum(each.alone for each in within_it),
    )


class _Counted(NamedTuple):
    """What is counted of one kelurahan."""

    figures: Figures = Figures()
    repeated: int = 0
    employed: int = 0
    alone: int = 0


class _Payer(enum.IntEnum):
    """Who pays: the city as a sponsor, the city as an employer, or the participant."""

    SPONSOR = 0
    EMPLOYER = 1
    ALONE = 2


# At most two works of a person are sponsored at a time (membership_slot_is_one_of_two), so that the least and the
# greatest of their agreements are all of them. Whoever pays alone is no person of the city's money.
_BY_PLACE = """
WITH {tables}
SELECT kelurahan_code, payer, standing, count(*), count(*) FILTER (WHERE least_agreement < greatest_agreement),
       count(*) FILTER (WHERE paid_ahead)
  FROM (SELECT min(kelurahan_code) AS kelurahan_code, {payer} AS payer, min(standing) AS standing,
               min(agreement_id) FILTER (WHERE standing < {covered}) AS least_agreement,
               max(agreement_id) FILTER (WHERE standing < {covered}) AS greatest_agreement,
               bool_or(CASE WHEN standing = {proposed} AND since > %(on)s THEN {first_month_paid} END) AS paid_ahead
          FROM standing x GROUP BY person_id, payer) person
 WHERE standing < {ended}
 GROUP BY 1, 2, 3
"""
# Asked only of those who begin later; the months before are left out, so that few partitions are opened.
_FIRST_MONTH_PAID = """(SELECT count(*) = cardinality(x.programmes) FROM contributions_paidmonth p
                         WHERE p.person_id = x.person_id AND p.work_id = x.work_id AND p.programme = ANY (x.programmes)
                           AND p.month = date_trunc('month', x.since)::date AND p.month >= %(current)s
                           AND p.paid_on <= %(on)s)"""
# The few agreements of people who pay for themselves are looked up once.
_PAYER = """CASE WHEN pu THEN 1
              WHEN x.agreement_id = ANY (ARRAY(SELECT a.id FROM partnership_agreement a WHERE a.kind = %(alone)s)) THEN 2
              ELSE 0 END"""
_COVERED = STATES.index(CoverState.AT_RISK) + 1


def _counted(on: date) -> dict[str, _Counted]:
    asked = standing_of_members(on=on)
    found: dict[str, _Counted] = defaultdict(_Counted)
    query = _BY_PLACE.format(
        tables=asked.tables,
        ended=len(STATES),
        covered=_COVERED,
        proposed=STATES.index(CoverState.PROPOSED),
        first_month_paid=_FIRST_MONTH_PAID,
        payer=_PAYER,
    )
    values = asked.values | {
        "current": Month.of(on).first_day(),
        "alone": AgreementKind.INDEPENDENT.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        for code, payer, standing, people, twice, ahead in cursor.fetchall():
            found[code] = _with(found[code], STATES[standing], people, twice, ahead, payer=_Payer(payer))
    for code, names in _waiting():
        found[code] = found[code]._replace(figures=found[code].figures._replace(waiting=names))
    return found


def _with(
    place: _Counted, state: CoverState, people: int, twice: int, ahead: int, *, payer: _Payer
) -> _Counted:
    if payer is _Payer.SPONSOR:
        told = {state.value: people} | ({"paid_ahead": ahead} if state == CoverState.PROPOSED else {})
        figures = place.figures._replace(**told)
        return place._replace(figures=figures, repeated=place.repeated + twice)
    covered = people if STATES.index(state) < _COVERED else 0
    if payer is _Payer.ALONE:
        return place._replace(alone=place.alone + covered)
    return place._replace(employed=place.employed + covered)


# As on Hari ini: whoever waits in the lists of those the city pays for.
_WAITING = """
WITH {tables}
SELECT w.kelurahan_code, count(*)::int
  FROM waiting w JOIN partnership_agreement a ON a.id = w.agreement_id
 WHERE a.kind = %(sponsored)s AND a.state <> ALL (%(not_begun)s) AND w.verdict IN ('to_fix', 'ready')
 GROUP BY 1
"""


def _waiting() -> Iterable[tuple[str, int]]:
    asked = waiting_rows()
    values = asked.values | {
        "not_begun": [state.value for state in NOT_BEGUN],
        "sponsored": AgreementKind.SPONSORED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING.format(tables=asked.tables), values)
        return list(cursor.fetchall())


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
    ours = Segment.objects.filter(running, agreement__kind=AgreementKind.SPONSORED)
    return int(ours.exclude(agreement__state__in=NOT_BEGUN).aggregate(whole=Sum("quota"))["whole"] or 0)


_ALL_SPONSORED = Text(
    "Dihitung: orang yang iurannya ditanggung kota (bukan penerima upah), tiap orang sekali.",
    "Counted: people whose contributions the city pays as a sponsor (not wage earners), each person once.",
)
_EMPLOYED = Text(
    "Di luar itu, {n} pegawai kota sendiri terlindungi (penerima upah).",
    "Apart from these, {n} of the city's own wage earners are protected.",
)
_ALONE = Text(
    "Di luar itu, {n} peserta mandiri terlindungi; mereka membayar sendiri.",
    "Apart from these, {n} independent members are protected; they pay for themselves.",
)
_SAME = Text(
    "Terlindungi dan menunggak bersama: {here} orang, sama dengan Hari ini.",
    "Protected and in arrears together: {here} people, the same as on Today.",
)
_ADDED_UP = Text(
    "Terlindungi dan menunggak bersama: {here} orang. Hari ini menulis {there}, sebab menjumlahkan kerja sama: "
    "{n} orang terlindungi di dua kerja sama.",
    "Protected and in arrears together: {here} people. Today says {there}, for it adds up agreements: "
    "{n} are protected under two.",
)
