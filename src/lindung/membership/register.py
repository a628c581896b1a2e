"""Compares the ready rows of a sheet with the register: enrolled already, paid by somebody else, full quota."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from lindung.access.sealing import blind_index_many
from lindung.identity import names
from lindung.law import limits
from lindung.law.money import rupiah
from lindung.law.months import Month
from lindung.membership import occupations, wages
from lindung.membership.employment import EmployerUnit, MinimumWage
from lindung.membership.judging import Facts, Judged, verdict
from lindung.membership.models import Verdict, WorkKind
from lindung.membership.problems import Problem
from lindung.partnership.models import Agreement

_CHUNK = 5_000

# One row for each work of each known person, with the membership that protects it on the new one's first day or
# later, if any; a joining that was taken back protects nothing.
_KNOWN = """
SELECT p.nik_index, p.id, p.name, p.birth_date, w.occupation, w.kind, m.agreement_id, m.sponsor_id, a.title
  FROM people_person p
  LEFT JOIN membership_work w ON w.person_id = p.id
  LEFT JOIN membership_membership m ON m.work_id = w.id AND (m.until IS NULL OR m.until > greatest(m.since, %(since)s))
  LEFT JOIN partnership_agreement a ON a.id = m.agreement_id
 WHERE p.nik_index = ANY(%(indexes)s)
"""


class KnownWork(NamedTuple):
    """A work the register knows, and who pays for it from the first month asked about on (None: nobody)."""

    occupation: str
    kind: str
    agreement_id: int | None
    sponsor_id: int | None
    agreement: str


class KnownPerson(NamedTuple):
    """A person the register knows under the same NIK."""

    id: int
    name: str
    birth_date: date
    works: tuple[KnownWork, ...]


class Target(NamedTuple):
    """What a list is for: the agreement, who sponsors it, and the segment with its quota of people."""

    agreement_id: int
    sponsor_id: int
    segment_id: int
    quota: int


class Wages(NamedTuple):
    """What a list of wage earners is held against: the minimum wages of the unit's region by year."""

    minimums: dict[int, int]


class Compared(NamedTuple):
    """The rows after comparison, and which person each enrolled line belongs to."""

    rows: list[Judged]
    people: Mapping[int, int]


def compared(
    rows: Sequence[Judged],
    *,
    target: Target,
    on: date,
    nik_column: int | None,
    ready_elsewhere: int = 0,
    first_month: Month | None = None,
) -> Compared:
    """Judge the ready rows against the register. Needs a scope that sees every sponsor ("judging").

    Whose membership ends before ``first_month`` (not given: the first these people could have) is free by then: a new
    agreement takes over the people of an old one while the old one still pays.
    ``ready_elsewhere`` counts the ready rows of the same list that are not among these: they want a place, too.

    The officer learns *that* another sponsor pays, never who the person is or what he is called there.
    """
    since = _first_day(target.agreement_id, first_month, today=on)
    most_works, employer = limits.bpu_occupations(on=since), _wages_of(target.agreement_id)
    rows = _by_the_rule(rows, employer, on)
    known = people_of([row.facts for row in rows if row.verdict == Verdict.READY and row.facts], since=since)
    result, people = [], {}
    for row in rows:
        person = known.get(row.facts.nik) if row.facts and row.verdict == Verdict.READY else None
        if row.facts is None or person is None:
            result.append(row)
        elif _somebody_else(row.facts, person):
            result.append(row.with_problem(Problem(nik_column, "register.name_differs")))
        elif any(work.agreement_id == target.agreement_id for work in person.works):
            people[row.line] = person.id
            noted = (*row.problems, Problem(nik_column, "register.already_enrolled"))
            result.append(row._replace(verdict=Verdict.ENROLLED, problems=noted))
        elif employer is not None:
            result.append(_beside(row, person, nik_column))
        else:
            problem = _problem(row.facts, person, target, nik_column, most_works)
            result.append(row.with_problem(problem) if problem else row)
    taken = active_members(target.segment_id, on=since) + ready_elsewhere
    return Compared(within_quota(result, quota=target.quota, taken=taken), people)


def first_month(agreement_since: date, *, today: date) -> Month:
    """The first contribution month of people who come in today and for whom nobody names another.

    The month after today, or the agreement's first month when that comes later.
    """
    return max(Month.of(today).next(), Month.of(agreement_since))


def _first_day(agreement_id: int, named: Month | None, *, today: date) -> date:
    if named is not None:
        return named.first_day()
    since = Agreement.objects.values_list("since", flat=True).get(pk=agreement_id)
    return first_month(since, today=today).first_day()


def by_its_rule(rows: Sequence[Judged], *, agreement_id: int, on: date) -> Sequence[Judged]:
    """The rows by what holds for the agreement's people: the age limit is for BPU, the wage for wage earners.

    For a list that is not compared with the register; `compared` begins with the same.
    """
    return _by_the_rule(rows, _wages_of(agreement_id), on)


def _by_the_rule(rows: Sequence[Judged], employer: Wages | None, on: date) -> Sequence[Judged]:
    return rows if employer is None else [_with_wage(row, employer, on) for row in rows]


def people_of(facts: Sequence[Facts], *, since: date) -> dict[str, KnownPerson]:
    """The known people behind these rows, by NIK, and who pays for their works from this day on."""
    niks = [fact.nik for fact in facts]
    by_index = dict(zip(blind_index_many("nik", niks), niks, strict=True))
    indexes = list(by_index)
    people: dict[str, KnownPerson] = {}
    for start in range(0, len(indexes), _CHUNK):
        for index, found, work in _known(indexes[start : start + _CHUNK], since):
            nik = by_index[index]
            person = people.get(nik, found)
            people[nik] = person._replace(works=(*person.works, work)) if work else person
    return people


def _known(indexes: list[bytes], since: date) -> Iterator[tuple[bytes, KnownPerson, KnownWork | None]]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"indexes": indexes, "since": since})
        for (
            index,
            person_id,
            name,
            birth_date,
            occupation,
            work_kind,
            agreement_id,
            sponsor_id,
            title,
        ) in cursor.fetchall():
            found = KnownWork(occupation, work_kind, agreement_id, sponsor_id, title or "")
            yield bytes(index), KnownPerson(person_id, name, birth_date, ()), found if occupation else None


def _wages_of(agreement_id: int) -> Wages | None:
    """What the wages of an employer's list are held against; None when the agreement is no employer's."""
    unit = EmployerUnit.objects.filter(agreement_id=agreement_id).first()
    if unit is None:
        return None
    known = MinimumWage.objects.filter(sponsor_id=unit.sponsor_id, region_code=unit.region_code)
    return Wages(dict(known.values_list("year", "amount")))


def _with_wage(row: Judged, employer: Wages, on: date) -> Judged:
    """The row of a wage earner: without a wage or with one like a slip, not ready; a low one counts as reported.

    The age at which a BPU may no longer join is no rule for whoever has an employer.
    """
    problems = tuple(problem for problem in row.problems if problem.code != "age.too_old")
    if problems != row.problems:
        row = row._replace(problems=problems, verdict=verdict(problems))
    if row.facts is None or row.verdict != Verdict.READY:
        return row
    if row.facts.wage is None:
        return row.with_problem(Problem(None, "wage.missing"))
    minimum = wages.minimum_on(employer.minimums, on)
    month = wages.month_wage(basis=row.facts.wage_basis, amount=row.facts.wage, on=on)
    doubted = wages.doubted(
        basis=row.facts.wage_basis, amount=row.facts.wage, monthly=month.monthly, minimum=minimum
    )
    if doubted is not None:
        return row.with_problem(Problem(None, f"wage.{doubted.value}", rupiah(month.monthly)))
    if minimum is None or month.monthly >= minimum:
        return row
    return row.with_problem(Problem(None, "wage.below_minimum", rupiah(minimum)))


def _beside(row: Judged, person: KnownPerson, column: int | None) -> Judged:
    """A wage earner may have any other work beside; it is said, and stops nothing."""
    paid = any(work.agreement_id is not None for work in person.works)
    return row.with_problem(Problem(column, "register.double_work")) if paid else row


def _somebody_else(facts: Facts, person: KnownPerson) -> bool:
    return person.birth_date != facts.birth_date and names.alike(person.name, facts.name) == "different"


def _problem(
    facts: Facts, person: KnownPerson, target: Target, column: int | None, most_works: int
) -> Problem | None:
    paid = [work for work in person.works if work.agreement_id is not None and work.kind == WorkKind.BPU]
    for work in paid:
        if work.occupation == facts.occupation:
            own = work.sponsor_id == target.sponsor_id
            return Problem(
                column, "register.other_sponsor", work.agreement if own else "sponsor lain / another sponsor"
            )
    if len({work.occupation for work in paid} - {facts.occupation}) >= most_works:
        return Problem(column, "register.third_work")
    return Problem(column, "register.second_work", _work_shown(paid[0], target)) if paid else None


def _work_shown(work: KnownWork, target: Target) -> str:
    """The other work in words; what another sponsor's officer typed himself may say who the person is."""
    own = work.sponsor_id == target.sponsor_id
    listed = own or occupations.is_listed(work.occupation)
    return occupations.label(work.occupation).id if listed else "di sponsor lain / at another sponsor"


def within_quota(rows: Sequence[Judged], *, quota: int, taken: int) -> list[Judged]:
    """Mark the ready rows that come after the quota of people is full; so many places are taken already."""
    left = quota - taken
    result = []
    for row in rows:
        if row.verdict == Verdict.READY:
            left -= 1
            if left < 0:
                row = row.with_problem(Problem(None, "quota.full", str(quota)))
        result.append(row)
    return result


def active_members(segment_id: int, *, on: date) -> int:
    """How many people hold a place of this segment on the day or later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM membership_membership"
            " WHERE segment_id = %s AND (until IS NULL OR until > greatest(since, %s))",
            [segment_id, on],
        )
        (count,) = cursor.fetchone()
    return int(count)
