"""The city's offices as employers: how many people, what next month costs, and every worker with wage and check."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from lindung.access.sealing import unseal_many
from lindung.contributions import billing
from lindung.contributions.rating import Rates, Rating
from lindung.identity import nik
from lindung.law.months import Month
from lindung.law.terms import RiskClass
from lindung.law.text import Text
from lindung.membership import branch_word, occupations, wages
from lindung.membership.employment import EmployerUnit, MinimumWage, StaffKind, Wage
from lindung.membership.models import Membership
from lindung.membership.units import STAFF
from lindung.partnership.agreements import over_said
from lindung.partnership.models import AgreementState
from lindung.people.models import Person

PER_PAGE = 50
PRINTED = 5_000
"""Whoever prints the wages of a unit gets so many at once: more than any city employs in one."""


class Part(NamedTuple):
    """What one programme takes of a month, in whole rupiah; JHT stands in two parts, the employer's and the workers'."""

    programme: str
    label: Text
    amount: int


class UnitLine(NamedTuple):
    """One employer unit for a month: people, whole rupiah, how much of it is JHT, and who earns too little.

    ``in_force``: its agreement takes people in; ``over`` says so where it does no more.
    """

    id: int
    agreement_id: int
    title: str
    code: str
    office: str
    staff: Text
    risk: Text
    risk_basis: str
    npp: str
    region_code: str
    people: int
    monthly_cost: int
    jht: int
    below_minimum: int
    in_force: bool
    over: Text | None = None


class WorkerLine(NamedTuple):
    """A wage earner in a month: what was agreed, the month's wage, what it costs; `below` the minimum wage or not."""

    membership_id: int
    person_id: int
    name: str
    occupation: Text
    agreed: int
    basis: Text
    wage: int
    below: bool
    cost: int
    jht: int
    since: Month
    last: Month | None


class UnitPage(NamedTuple):
    """One unit with the workers of a month, fifty at a time or as many as are printed at once."""

    unit: UnitLine
    month: Month
    parts: tuple[Part, ...]
    minimum: MinimumWage | None
    workers: tuple[WorkerLine, ...]
    number: int
    pages: int
    per_page: int

    @property
    def skipped(self) -> int:
        """How many workers stand on the pages before this one."""
        return (self.number - 1) * self.per_page


class WageLine(NamedTuple):
    """A wage earner in a wage list, with both numbers masked; the KPJ is empty where BPJS has given none yet."""

    worker: WorkerLine
    nik_masked: str
    kpj_masked: str


def units(*, on: date) -> tuple[UnitLine, ...]:
    """Every employer unit in the caller's scope, for the month after the day."""
    month, found = Month.of(on).next(), list(_units())
    people = billing.rated_people(
        agreement_ids=[unit.agreement_id for unit in found], month=month, of_wages=True
    )
    minimums = _minimums(found, month)
    return tuple(_line(unit, people[unit.agreement_id], month, _minimum_of(unit, minimums)) for unit in found)


def wage_lines(found: UnitPage) -> tuple[WageLine, ...]:
    """The workers of a page with their numbers, as a wage list names them."""
    ids = [worker.person_id for worker in found.workers]
    people = Person.objects.filter(pk__in=ids).values_list("pk", "nik_sealed")
    sealed = [(pk, bytes(number)) for pk, number in people]
    opened = unseal_many(sealed, table="people_person", column="nik_sealed")
    niks = {pk: nik.masked(number) for (pk, _), number in zip(sealed, opened, strict=True)}
    kpjs = branch_word.numbers_of(ids)
    return tuple(
        WageLine(worker, niks.get(worker.person_id, ""), kpjs.get(worker.person_id, ""))
        for worker in found.workers
    )


def unit_page(
    unit_id: int, *, on: date, number: int = 1, month: Month | None = None, whole: bool = False
) -> UnitPage:
    """One unit in the caller's scope and the workers of its next month, or of the month asked for.

    With ``whole`` as many as are printed at once. Of a unit that is over, the last month it had when that has passed.
    Raises EmployerUnit.DoesNotExist out of scope. A number beyond the ends gives the nearest page.
    """
    per_page = PRINTED if whole else PER_PAGE
    unit = _units().get(pk=unit_id)
    month = month or _month_of(unit, on=on)
    ids = [unit.agreement_id]
    people = billing.rated_people(agreement_ids=ids, month=month, of_wages=True)[unit.agreement_id]
    minimum = _minimum_of(unit, _minimums([unit], month))
    rates = Rates(unit.agreement, unit=unit)
    pages = max(1, -(-sum(people.values()) // per_page))
    number = min(max(1, number), pages)
    shown = _workers(unit, month)[(number - 1) * per_page : number * per_page]
    return UnitPage(
        unit=_line(unit, people, month, minimum),
        month=month,
        parts=tuple(_parts(rates, people, month)),
        minimum=minimum,
        workers=tuple(_worker(member, rates, month, minimum) for member in shown),
        number=number,
        pages=pages,
        per_page=per_page,
    )


def _month_of(unit: EmployerUnit, *, on: date) -> Month:
    following = Month.of(on).next()
    until = unit.agreement.until
    if until is None or over_said(unit.agreement) is None:
        return following
    return min(following, Month.of(until - timedelta(days=1)))


def _units() -> "QuerySet[EmployerUnit]":
    return EmployerUnit.objects.select_related("agreement__funding_source", "office").order_by("pk")


def _minimums(found: Iterable[EmployerUnit], month: Month) -> list[MinimumWage]:
    regions = {unit.region_code for unit in found}
    known = MinimumWage.objects.filter(region_code__in=regions, year__lte=month.year)
    return list(known.order_by("year"))


def _minimum_of(unit: EmployerUnit, known: Iterable[MinimumWage]) -> MinimumWage | None:
    """The newest one of the unit's region: until a new decree comes, the last one is what there is."""
    own = [one for one in known if (one.sponsor_id, one.region_code) == (unit.sponsor_id, unit.region_code)]
    return own[-1] if own else None


def _line(
    unit: EmployerUnit, people: Mapping[Rating, int], month: Month, minimum: MinimumWage | None
) -> UnitLine:
    rates = Rates(unit.agreement, unit=unit)
    least = minimum.amount if minimum else 0
    return UnitLine(
        id=unit.pk,
        agreement_id=unit.agreement_id,
        title=unit.agreement.title,
        code=unit.agreement.code,
        office=unit.office.name,
        staff=STAFF[StaffKind(unit.staff_kind)],
        risk=RiskClass(unit.risk_class).label,
        risk_basis=unit.risk_basis,
        npp=unit.npp,
        region_code=unit.region_code,
        people=sum(people.values()),
        monthly_cost=rates.total(people.items(), month=month),
        jht=_sum(rates, people, month, "jht"),
        below_minimum=sum(count for rating, count in people.items() if rating.wage < least),
        in_force=unit.agreement.state == AgreementState.ACTIVE,
        over=over_said(unit.agreement),
    )


def _sum(rates: Rates, people: Mapping[Rating, int], month: Month, component: str) -> int:
    return sum(count * rates.price(rating, month=month).amount(component) for rating, count in people.items())


_PARTS = (
    ("jkk", Text("JKK, dibayar pemberi kerja", "JKK, paid by the employer")),
    ("jkm", Text("JKM, dibayar pemberi kerja", "JKM, paid by the employer")),
    ("jht.employer", Text("JHT, bagian pemberi kerja", "JHT, the employer's part")),
    ("jht.worker", Text("JHT, bagian pekerja", "JHT, the workers' part")),
)


def _parts(rates: Rates, people: Mapping[Rating, int], month: Month) -> Iterable[Part]:
    for component, label in _PARTS:
        amount = _sum(rates, people, month, component)
        if amount:
            yield Part(component, label, amount)


def _workers(unit: EmployerUnit, month: Month) -> "QuerySet[Membership]":
    first = month.first_day()
    newest = Wage.objects.filter(membership=OuterRef("pk"), withdrawn__isnull=True, since__lte=first)
    newest = newest.order_by("-since")
    return (
        Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=first), agreement=unit.agreement_id)
        .filter(since__lte=first)
        .select_related("person", "work", "segment__funding_source")
        .annotate(
            agreed=Subquery(newest.values("amount")[:1]),
            basis=Subquery(newest.values("basis")[:1]),
            monthly=Subquery(newest.values("monthly")[:1]),
            payer=F("segment__funding_source__kind"),
        )
        .order_by("person__name", "pk")
    )


def _worker(member: Membership, rates: Rates, month: Month, minimum: MinimumWage | None) -> WorkerLine:
    told = vars(member)
    payer = told["payer"] or rates.payer
    decision = rates.price(Rating(payer, member.work.sector, told["monthly"]), month=month)
    return WorkerLine(
        membership_id=member.pk,
        person_id=member.person_id,
        name=member.person.name,
        occupation=occupations.label(member.work.occupation),
        agreed=told["agreed"],
        basis=wages.LABELS[told["basis"]],
        wage=told["monthly"],
        below=minimum is not None and told["monthly"] < minimum.amount,
        cost=decision.total,
        jht=decision.amount("jht"),
        since=Month.of(member.since),
        last=Month.of(member.until).plus(-1) if member.until else None,
    )
