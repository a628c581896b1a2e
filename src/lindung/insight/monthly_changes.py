"""What a month changed in an agreement: who joins, who leaves, whose wage is new; fifty lines at a time."""

from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from lindung.access.sealing import unseal_many
from lindung.identity import nik, places
from lindung.law.money import rupiah
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import branch_word, occupations, wages
from lindung.membership.changes import SAID
from lindung.membership.employment import LeaveReason
from lindung.partnership.agreements import over_said
from lindung.partnership.models import Agreement, AgreementKind

PER_PAGE = 50

# A change may be taken back while it is the newest of its membership and no bill was drawn from it. Who came by a
# list has no change of his own. The day is the office's, not the machine's that wrote the row.
_LINES = """
WITH changed AS (
    SELECT 'join' AS kind, m.id AS membership, m.person_id, m.kelurahan_code, m.work_id, c.id AS change, '' AS reason,
           g.amount, coalesce(g.basis, '') AS basis, g.monthly, e.actor_name AS by,
           coalesce((c.at AT TIME ZONE 'Asia/Jakarta')::date, m.registered_on) AS on_day
      FROM membership_membership m
      JOIN access_auditevent e ON e.id = m.event_id
      LEFT JOIN membership_memberchange c ON c.membership_id = m.id AND c.kind = 'join'
      LEFT JOIN membership_wage g ON g.membership_id = m.id AND g.since = m.since AND g.withdrawn_id IS NULL
     WHERE m.agreement_id = %(agreement)s AND m.since = %(month)s AND (m.until IS NULL OR m.until > m.since)
    UNION ALL
    SELECT CASE WHEN c.kind = 'leave' AND m.until <= m.since THEN 'never' ELSE c.kind END,
           m.id, m.person_id, m.kelurahan_code, m.work_id, c.id, c.reason, g.amount, coalesce(g.basis, ''),
           g.monthly, coalesce(u.name, '–'), (c.at AT TIME ZONE 'Asia/Jakarta')::date
      FROM membership_memberchange c
      JOIN membership_membership m ON m.id = c.membership_id
      LEFT JOIN access_user u ON u.id = c.by_id
      LEFT JOIN membership_wage g ON g.id = c.wage_id
     WHERE m.agreement_id = %(agreement)s AND c.month = %(month)s AND c.kind IN ('leave', 'wage')
       AND NOT EXISTS (SELECT 1 FROM membership_memberchange z WHERE z.undoes_id = c.id)
)
SELECT h.kind, h.membership, h.person_id, p.name, p.nik_sealed, h.kelurahan_code, w.occupation, h.change, h.reason,
       h.amount, h.basis, h.monthly, h.by, h.on_day,
       h.change = (SELECT max(n.id) FROM membership_memberchange n WHERE n.membership_id = h.membership)
       AND NOT EXISTS (SELECT 1 FROM contributions_bill b
                        WHERE b.agreement_id = %(agreement)s AND b.status IN ('final', 'paid')
                          AND (b.membership_id IS NULL OR b.membership_id = h.membership)
                          AND b.month >= CASE h.kind WHEN 'leave' THEN %(after)s ELSE %(month)s END),
       count(*) OVER ()
  FROM changed h JOIN people_person p ON p.id = h.person_id JOIN membership_work w ON w.id = h.work_id
 ORDER BY h.kind, p.name, h.membership LIMIT %(limit)s OFFSET %(offset)s
"""

KINDS = {
    "join": Text("Masuk", "Joins"),
    "leave": Text("Keluar", "Leaves"),
    "never": Text("Tidak jadi masuk", "Does not join after all"),
    "wage": Text("Upah baru", "New wage"),
}


class ChangeLine(NamedTuple):
    """One change: who, what, why or how much, by whom and on which day; ``change_id`` when it may be taken back.

    NIK and KPJ are masked; the KPJ is empty where BPJS has given none yet.
    """

    kind: str
    label: Text
    membership_id: int
    person_id: int
    name: str
    nik_masked: str
    kpj_masked: str
    kelurahan: str
    occupation: Text
    told: Text
    died: bool
    by: str
    on: date
    change_id: int | None


class ChangesPage(NamedTuple):
    """The changes of one agreement in one month; ``over`` says so where nobody new comes in."""

    agreement_id: int
    title: str
    code: str
    sponsor: str
    office: str
    employer: bool
    month: Month
    total: int
    lines: tuple[ChangeLine, ...]
    number: int
    pages: int
    over: Text | None = None


def changes_page(agreement_id: int, *, month: Month, number: int = 1) -> ChangesPage:
    """The changes of a month in the caller's scope. Raises Agreement.DoesNotExist out of it."""
    agreement = Agreement.objects.select_related("sponsor", "paying_office").get(pk=agreement_id)
    rows = _rows(agreement_id, month, number)
    if not rows and number > 1:
        number = 1
        rows = _rows(agreement_id, month, number)
    total = rows[0][-1] if rows else 0
    return ChangesPage(
        agreement_id=agreement.pk,
        title=agreement.title,
        code=agreement.code,
        sponsor=agreement.sponsor.name,
        office=agreement.paying_office.name,
        employer=agreement.kind == AgreementKind.EMPLOYER,
        month=month,
        total=total,
        lines=_lines(rows),
        number=number,
        pages=max(1, -(-total // PER_PAGE)),
        over=over_said(agreement),
    )


def _rows(agreement_id: int, month: Month, number: int) -> list[tuple[Any, ...]]:
    values: dict[str, int | date] = {
        "agreement": agreement_id,
        "month": month.first_day(),
        "after": month.next().first_day(),
        "limit": PER_PAGE,
        "offset": (max(1, number) - 1) * PER_PAGE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values)
        return list(cursor.fetchall())


def _lines(rows: list[tuple[Any, ...]]) -> tuple[ChangeLine, ...]:
    """The lines with the numbers of their people: the NIK opened in one go, the newest KPJ of each in one question."""
    sealed = {row[2]: bytes(row[4]) for row in rows}
    niks = dict(
        zip(sealed, unseal_many(sealed.items(), table="people_person", column="nik_sealed"), strict=True)
    )
    numbers = branch_word.numbers_of(sealed)
    return tuple(
        _line(*row[:4], *row[5:-1], nik_masked=nik.masked(niks[row[2]]), kpj_masked=numbers.get(row[2], ""))
        for row in rows
    )


def _line(
    kind: str,
    membership: int,
    person: int,
    name: str,
    kelurahan: str,
    occupation: str,
    change: int | None,
    reason: str,
    amount: int | None,
    basis: str,
    monthly: int | None,
    by: str,
    on: date,
    newest: bool | None,
    *,
    nik_masked: str,
    kpj_masked: str,
) -> ChangeLine:
    place = places.PLACES.get(kelurahan)
    return ChangeLine(
        kind=kind,
        label=KINDS[kind],
        membership_id=membership,
        person_id=person,
        name=name,
        nik_masked=nik_masked,
        kpj_masked=kpj_masked,
        kelurahan=place.name if place else kelurahan,
        occupation=occupations.label(occupation),
        told=_told(reason, amount, basis, monthly),
        died=reason == LeaveReason.DIED,
        by=by,
        on=on,
        # What ended with its agreement is not opened again.
        change_id=change if newest and reason != LeaveReason.AGREEMENT_OVER else None,
    )


def _told(reason: str, amount: int | None, basis: str, monthly: int | None) -> Text:
    if reason:
        return SAID[LeaveReason(reason)]
    if amount is None:
        return Text("", "")
    if amount == monthly:
        return _A_MONTH.filled(amount=rupiah(amount))
    return _A_DAY.filled(amount=rupiah(amount), basis=wages.LABELS[basis], monthly=rupiah(monthly or 0))


_A_MONTH = Text("{amount} sebulan", "{amount} a month")
_A_DAY = Text("{amount} {basis}, {monthly} sebulan", "{amount} {basis}, {monthly} a month")
