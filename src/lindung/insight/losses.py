"""Who loses what, on which day, if nothing more is paid: by day, by kecamatan and kelurahan, and in the words of the law."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from lindung.contributions.losing import Lost, losses_in_words
from lindung.contributions.many_ends import PER_PAGE, Ends, Named, ends_of, named_ends
from lindung.identity import places
from lindung.law.months import day_label
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.partnership.models import Agreement, AgreementKind, AgreementState

Groups = Sequence[tuple[Ends, int]]


class Stop(NamedTuple):
    """On one day, what happens to how many people; ``day`` None: it has happened, and since when is not one day."""

    day: date | None
    what: str
    people: int
    text: Text


class Area(NamedTuple):
    """A kecamatan or kelurahan: people covered, of them behind; the first day anybody loses the cover, and how many then."""

    code: str
    name: str
    parent: str
    covered: int
    behind: int
    lapsed: int
    first_day: date | None
    first_people: int


class Losses(NamedTuple):
    """The whole list of one agreement, or of everything in the caller's scope; each person counts once."""

    on: date
    agreement: Agreement | None
    covered: int
    behind: int
    lapsed: int
    first_day: date | None
    first_people: int
    stops: tuple[Stop, ...]
    kecamatan: tuple[Area, ...]
    kelurahan: tuple[Area, ...]
    words: tuple[Lost, ...]
    employed_words: tuple[Lost, ...]

    @property
    def stopped(self) -> bool:
        """Whether the sponsor has stopped: the agreement was terminated."""
        return self.agreement is not None and self.agreement.state == AgreementState.TERMINATED


class Names(NamedTuple):
    """A page of the people, who loses first standing first."""

    rows: tuple[tuple[Named, str], ...]
    number: int
    pages: int
    people: int


def losses(*, on: date, agreement_id: int | None = None) -> Losses:
    """Who loses what, as of the day; of one agreement when it is named.

    Raises Agreement.DoesNotExist when it is not in the caller's scope.
    """
    held = None if agreement_id is None else _held(agreement_id)
    groups = ends_of(on=on, agreement_id=agreement_id)
    kelurahan = _kelurahan(groups)
    first = _first_day(groups)
    return Losses(
        on=on,
        agreement=held,
        covered=_people(groups, covered=True),
        behind=sum(people for each, people in groups if each.covered and each.standing),
        lapsed=_people(groups, covered=False),
        first_day=first,
        first_people=sum(people for each, people in groups if each.covered and each.lapses_on == first)
        if first
        else 0,
        stops=_stops(groups, on),
        kecamatan=_kecamatan(groups),
        kelurahan=kelurahan,
        words=_words(held, groups, Segment.BPU, on),
        employed_words=_words(held, groups, Segment.PU, on),
    )


def names(*, on: date, agreement_id: int | None = None, number: int = 1) -> Names:
    """Fifty of the people with their kelurahan, for whoever may see workers. Raises Agreement.DoesNotExist."""
    if agreement_id is not None:
        _held(agreement_id)
    rows, people = named_ends(on=on, agreement_id=agreement_id, number=number)
    if not rows and number > 1:
        rows, people = named_ends(on=on, agreement_id=agreement_id)
        number = 1
    pages = max(1, -(-people // PER_PAGE))
    return Names(tuple((row, _place(row.ends.kelurahan_code)) for row in rows), number, pages, people)


def _held(agreement_id: int) -> Agreement:
    return Agreement.objects.select_related("sponsor", "paying_office").get(pk=agreement_id)


def _people(groups: Groups, *, covered: bool) -> int:
    return sum(people for each, people in groups if each.covered is covered)


def _first_day(groups: Groups) -> date | None:
    return min((each.lapses_on for each, _ in groups if each.covered and each.lapses_on), default=None)


def _stops(groups: Groups, on: date) -> tuple[Stop, ...]:
    """What happens on which day, what has happened first."""
    counted: Counter[tuple[date | None, str]] = Counter()
    for each, people in groups:
        for day, what in _of_group(each, on):
            counted[day, what] += people
    in_order = sorted(counted, key=lambda key: (key[0] is not None, key[0] or on, _ORDER.index(key[1])))
    return tuple(
        Stop(day, what, counted[day, what], _WHAT[what].filled(day=day_label(day) if day else ""))
        for day, what in in_order
    )


def _of_group(each: Ends, on: date) -> Iterable[tuple[date | None, str]]:
    if each.lapsed:
        yield each.lapses_on, "lapsed"
        return
    if each.standing:
        yield each.at_risk_from, "behind" if each.at_risk_from else "skipped"
    elif each.at_risk_from is not None:
        yield each.at_risk_from, "at_risk"
    if each.employer_from is not None and (each.lapses_on is None or each.employer_from < each.lapses_on):
        yield each.employer_from, "employer"
    if each.lapses_on is not None:
        yield each.lapses_on, "lapses"


_ORDER = ("skipped", "lapsed", "behind", "at_risk", "employer", "lapses")
_WHAT = {
    "lapsed": Text("Sudah lepas sejak {day}", "Lapsed since {day}"),
    "skipped": Text("Menunggak karena bulan yang terlewat", "Behind because of a month left out"),
    "behind": Text("Menunggak sejak {day}", "At risk since {day}"),
    "at_risk": Text("Mulai menunggak {day}", "At risk from {day}"),
    "employer": Text("Pemberi kerja membayar dulu mulai {day}", "The employer pays first from {day}"),
    "lapses": Text("Lepas mulai {day}", "Lapse on {day}"),
}


def _kelurahan(groups: Groups) -> tuple[Area, ...]:
    own = _by(groups, lambda code: code)
    return tuple(_area(code, _place(code), _parent(code), own[code]) for code in sorted(own))


def _kecamatan(groups: Groups) -> tuple[Area, ...]:
    own = _by(groups, _parent)
    return tuple(_area(code, _KECAMATAN.get(code, code), "", own[code]) for code in sorted(own))


def _by(groups: Groups, code_of: Callable[[str], str]) -> dict[str, list[tuple[Ends, int]]]:
    found: dict[str, list[tuple[Ends, int]]] = {}
    for each, people in groups:
        found.setdefault(code_of(each.kelurahan_code), []).append((each, people))
    return found


def _area(code: str, name: str, parent: str, own: Groups) -> Area:
    first = _first_day(own)
    return Area(
        code=code,
        name=name,
        parent=parent,
        covered=_people(own, covered=True),
        behind=sum(people for each, people in own if each.covered and each.standing),
        lapsed=_people(own, covered=False),
        first_day=first,
        first_people=sum(people for each, people in own if each.covered and each.lapses_on == first)
        if first
        else 0,
    )


def _place(code: str) -> str:
    place = places.PLACES.get(code)
    return place.name if place else code


def _parent(code: str) -> str:
    place = places.PLACES.get(code)
    return place.kecamatan_code if place else code


_KECAMATAN = {place.kecamatan_code: place.kecamatan for place in places.PLACES.values()}


def _words(held: Agreement | None, groups: Groups, segment: Segment, on: date) -> tuple[Lost, ...]:
    """For those there are; of an agreement without anybody yet, what its people would lose."""
    of_wages = segment is Segment.PU
    own = {programme for each, _ in groups if each.wage_earner is of_wages for programme in each.programmes}
    if not own and held is not None and (held.kind == AgreementKind.EMPLOYER) is of_wages:
        own = set(held.programmes)
    programmes = tuple(name for name in ("jkk", "jkm", "jht") if name in own)
    return losses_in_words(segment=segment, programmes=programmes, on=on) if programmes else ()
