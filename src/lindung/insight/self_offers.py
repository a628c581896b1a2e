"""What people whose sponsor stops are offered: to pay for themselves, at which price until when, and by which day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from lindung.contributions import handing_over, own_bills
from lindung.contributions.models import Bill, BillStatus, PaidMonth
from lindung.identity import places
from lindung.law.months import Month, months_from
from lindung.law.terms import Sector
from lindung.law.text import Text
from lindung.membership import occupations
from lindung.membership.employment import ChangeKind, LeaveReason
from lindung.membership.ending import last_month
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement, AgreementKind

PER_PAGE = 50
_AHEAD = 24
"""So many months are looked through for the end of a relief."""
_ASKED = (LeaveReason.AGREEMENT_OVER, LeaveReason.OTHER_SPONSOR)
"""Who died, moved away or stopped working is offered nothing."""


class Working(NamedTuple):
    """One step of the law in words, and its article."""

    sentence: Text
    article: Text


class Price(NamedTuple):
    """What a month costs whoever pays alone: whole rupiah ``now``, through ``until``, and ``later`` from then on.

    ``until`` is None, and ``later`` the same, where no change of the price is known.
    """

    sector: Text
    programmes: tuple[str, ...]
    month: Month
    now: int
    until: Month | None
    later: int
    steps: tuple[Working, ...]
    people: int = 0


class Offer(NamedTuple):
    """One person: paid until when, the first month to pay alone and by which day, and when cover ends without it.

    ``lost`` counts the months for which nobody would pay; ``accepted``: another membership of the work has come since.
    """

    membership_id: int
    person_id: int
    name: str
    kelurahan: str
    work: Text
    paid_until: Month | None
    first: Month
    pay_by: date
    lapses_on: date | None
    lost: int
    price: int
    accepted: bool


class Place(NamedTuple):
    """A kelurahan and how many of its people are offered to pay alone."""

    code: str
    name: str
    people: int


class Offers(NamedTuple):
    """One page of the people of an agreement; ``stops`` is the first month that it does not pay, None while it goes on.

    ``owed`` are months of the sponsor's that it has not paid, billed or not.
    """

    agreement: Agreement
    stops: Month | None
    owed: tuple[Month, ...]
    prices: tuple[Price, ...]
    rows: tuple[Offer, ...]
    places: tuple[Place, ...]
    people: int
    accepted: int
    number: int
    pages: int


def offers_of(
    agreement_id: int, *, on: date, kelurahan: str = "", number: int = 1, whole: bool = False
) -> Offers:
    """A page of the offers, by kelurahan and name; ``whole`` gives all of one kelurahan, to print.

    Raises Agreement.DoesNotExist out of sight, or where the sponsor does not pay for others.
    """
    agreement = Agreement.objects.get(pk=agreement_id, kind=AgreementKind.SPONSORED)
    everybody = _asked(agreement)
    asked = everybody.filter(kelurahan_code=kelurahan) if kelurahan else everybody
    people = asked.count()
    pages = 1 if whole and kelurahan else max(1, -(-people // PER_PAGE))
    number = min(max(1, number), pages)
    ordered = asked.select_related("person", "work", "agreement").order_by(
        "kelurahan_code", "person__name", "pk"
    )
    shown = list(ordered[(number - 1) * PER_PAGE : None if pages == 1 else number * PER_PAGE])
    known = _Known(agreement, on)
    return Offers(
        agreement=agreement,
        stops=last_month(agreement.until).next() if agreement.until else None,
        owed=_owed(agreement, on),
        prices=tuple(known.prices(asked)),
        rows=tuple(map(known.offer, shown)),
        places=_places(everybody),
        people=people,
        accepted=asked.filter(Exists(_later())).count(),
        number=number,
        pages=pages,
    )


def everybody_offered(agreement: Agreement, *, on: date) -> Iterable[Offer]:
    """Every offer of an agreement, in no order, to tell people of it; asked as it is read."""
    known = _Known(agreement, on)
    members = _asked(agreement).select_related("person", "work", "agreement").order_by("pk")
    return map(known.offer, members.iterator(chunk_size=PER_PAGE * 40))


def price_of(*, sector: str, income: int, programmes: Sequence[str], month: Month, people: int = 0) -> Price:
    """The price of a month, and from when on which other one holds."""
    held = own_bills.price(sector=sector, income=income, programmes=programmes, month=month)
    now = held.total
    until, later = None, now
    for ahead in range(1, _AHEAD):
        each = month.plus(ahead)
        later = own_bills.price(sector=sector, income=income, programmes=programmes, month=each).total
        if later != now:
            until = each.plus(-1)
            break
    return Price(
        sector=Sector(sector).label,
        programmes=tuple(programmes),
        month=month,
        now=now,
        until=until,
        later=later,
        steps=tuple(Working(step.sentence, step.citation.text) for step in held.steps),
        people=people,
    )


def _asked(agreement: Agreement) -> QuerySet[Membership]:
    """Whoever the agreement pays for, or paid for until it stopped or somebody else was to pay."""
    left = Q(changes__kind=ChangeKind.LEAVE, changes__reason__in=_ASKED, changes__undone_by__isnull=True)
    paid = PaidMonth.objects.filter(
        person=OuterRef("person"), work=OuterRef("work"), programme="jkk", agreement=agreement
    )
    last = paid.order_by().values("work").annotate(last=Max("month")).values("last")
    members = Membership.objects.filter(agreement=agreement).exclude(until__lte=F("since"))
    found = members.filter(Q(until__isnull=True) | left).distinct()
    return found.annotate(accepted=Exists(_later()), last_paid=Subquery(last))


def _later() -> QuerySet[Membership]:
    """Another membership of the same work that came after it."""
    later = Membership.objects.filter(work=OuterRef("work"), pk__gt=OuterRef("pk"))
    return later.exclude(until__lte=F("since"))


class _Known:
    """What is asked once for a page: when the agreement stops to pay, and the law's price of each set of facts."""

    def __init__(self, agreement: Agreement, on: date) -> None:
        self._on = on
        self._income = agreement.monthly_income or 0
        self._ends = _ends(agreement, on)
        self._asked: dict[tuple[str, tuple[str, ...], Month], Price] = {}

    def prices(self, asked: QuerySet[Membership]) -> Iterable[Price]:
        """What the people are offered together, most people first."""
        counted: Counter[tuple[str, tuple[str, ...]]] = Counter()
        alike = asked.order_by().values_list("work__sector", "programmes")
        for sector, programmes, people in alike.annotate(people=Count("pk", distinct=True)):
            counted[sector, tuple(programmes)] += people
        month = max(self._ends, Month.of(self._on))
        for (sector, programmes), people in counted.most_common():
            yield self._price(sector, programmes, month)._replace(people=people)

    def offer(self, member: Membership) -> Offer:
        """The offer to one person."""
        last: date | None = member.last_paid  # type: ignore[attr-defined]  # annotated by _asked
        accepted: bool = member.accepted  # type: ignore[attr-defined]  # annotated by _asked
        paid = Month.of(last) if last else None
        ends = Month.of(member.until) if member.until else self._ends
        programmes = tuple(member.programmes)
        start = handing_over.start_after(ends, programmes, paid, on=self._on)
        place = places.PLACES.get(member.kelurahan_code)
        return Offer(
            membership_id=member.pk,
            person_id=member.person_id,
            name=member.person.name,
            kelurahan=place.name if place else member.kelurahan_code,
            work=occupations.label(member.work.occupation),
            paid_until=paid,
            first=start.first,
            pay_by=handing_over.pays_by(programmes, start.first),
            lapses_on=handing_over.lapses_on(programmes, paid, on=self._on),
            lost=len(start.lost),
            price=self._price(member.work.sector, programmes, start.first).now,
            accepted=accepted,
        )

    def _price(self, sector: str, programmes: tuple[str, ...], month: Month) -> Price:
        key = (sector, programmes, month)
        if key not in self._asked:
            self._asked[key] = price_of(
                sector=sector, income=self._income, programmes=programmes, month=month
            )
        return self._asked[key]


def _ends(agreement: Agreement, on: date) -> Month:
    """The first month that is not paid; of an agreement that goes on, as if it stopped after the bills that are drawn."""
    if agreement.until is not None:
        return last_month(agreement.until).next()
    drawn = Bill.objects.filter(agreement=agreement).exclude(status__in=("cancelled", "superseded"))
    last = drawn.aggregate(last=Max("month"))["last"]
    return max(Month.of(on), Month.of(last) if last else Month.of(on)).next()


def _owed(agreement: Agreement, on: date) -> tuple[Month, ...]:
    """The months that the sponsor was to pay and has not: billed and open, or past the last paid one, up to its end."""
    bills = Bill.objects.filter(agreement=agreement, membership__isnull=True)
    by_status: dict[str, list[Month]] = {}
    for status, day in bills.order_by("month").values_list("status", "month"):
        by_status.setdefault(status, []).append(Month.of(day))
    paid, open_ = by_status.get(BillStatus.PAID, []), by_status.get(BillStatus.FINAL, [])
    ends = last_month(agreement.until).next() if agreement.until else Month.of(on)
    after = paid[-1].next() if paid else Month.of(agreement.since)
    late = months_from(after, min(ends, Month.of(on)).plus(-1))
    return tuple(sorted({*open_, *late}))


def _places(asked: QuerySet[Membership]) -> tuple[Place, ...]:
    counted = asked.order_by().values_list("kelurahan_code").annotate(people=Count("pk", distinct=True))
    named = (
        Place(code, places.PLACES[code].name if code in places.PLACES else code, people)
        for code, people in counted
    )
    return tuple(sorted(named, key=lambda place: place.name))
