"""Draws the bills of people who pay for themselves: each person's month a bill of its own, for one or for a million.

The law is asked once for each set of facts: sector, income band and programmes. PP 50/2025 halves JKK and JKM for
whoever pays for himself, by sector and month; that the law decides, not this file.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.billing import NothingToBill, OutsideAgreement, TooFarAhead, due_on
from lindung.contributions.billing import _tariffs as stored_tariffs
from lindung.contributions.line_hash import lines_digest_of_all
from lindung.contributions.models import Bill, TariffDecision
from lindung.contributions.rating import Rates, Rating
from lindung.engine.refusals import Refusal
from lindung.law import contributions as law
from lindung.law import limits
from lindung.law.decision import Decision
from lindung.law.months import Month, months_from
from lindung.law.text import Text
from lindung.ledger.posting import open_month
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement, AgreementKind, PayerKind
from lindung.partnership.readiness import require_ready

PERIODS = (1, 2, 3, 6, 12)
"""How many months one person pays at once, in practice."""

# Whoever is a member of the month, and the lower bound of the band of the income declared for it. A month that
# somebody has been billed for, or that was paid for his work by anybody, is not billed again.
_OWING = """
 SELECT m.id, m.work_id, m.person_id, m.sponsor_id, w.sector, m.programmes,
        (%(bands)s::bigint[])[width_bucket(coalesce(i.monthly, 0), %(bands)s::bigint[])] AS income
   FROM membership_membership m
   JOIN membership_work w ON w.id = m.work_id
   LEFT JOIN LATERAL (SELECT h.monthly FROM membership_ownincome h
                       WHERE h.membership_id = m.id AND h.withdrawn_id IS NULL AND h.since <= %(month)s
                       ORDER BY h.since DESC LIMIT 1) i ON true
  WHERE m.agreement_id = %(agreement)s AND m.since <= %(month)s AND (m.until IS NULL OR m.until > %(month)s)
    AND (%(membership)s::bigint IS NULL OR m.id = %(membership)s)
    AND NOT EXISTS (SELECT 1 FROM contributions_bill b
                     WHERE b.membership_id = m.id AND b.month = %(month)s
                       AND b.status NOT IN ('cancelled', 'superseded'))
    AND NOT EXISTS (SELECT 1 FROM contributions_paidmonth p
                     WHERE p.month = %(month)s AND p.person_id = m.person_id AND p.work_id = m.work_id)
"""
_COUNTED = f"SELECT sector, income, programmes, count(*) FROM ({_OWING}) o GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"  # noqa: S608 - put together from constants of this file

_PRICED = f"""
 SELECT o.*, t.tariff, t.amount FROM ({_OWING}) o
   JOIN (SELECT sector, income, string_to_array(programmes, ' ')::varchar[] AS programmes, tariff, amount
           FROM unnest(%(sectors)s::text[], %(incomes)s::bigint[], %(programmes)s::text[], %(tariffs)s::bigint[],
                       %(amounts)s::bigint[]) AS t(sector, income, programmes, tariff, amount)) t
     ON t.sector = o.sector AND t.income = o.income AND t.programmes = o.programmes
"""  # noqa: S608 - put together from constants of this file

# Bills and lines in one statement: whoever owes is looked for once, and the database holds both together.
_DRAWN = f"""
WITH owing AS MATERIALIZED ({_PRICED}),
drawn AS (
    INSERT INTO contributions_bill
           (agreement_id, sponsor_id, membership_id, month, status, people, total, due_on, event_id)
    SELECT %(agreement)s, o.sponsor_id, o.id, %(month)s, 'final', 1, o.amount, %(due_on)s, %(event)s
      FROM owing o ORDER BY o.id
    RETURNING id, membership_id)
INSERT INTO contributions_billline
       (month, bill_id, work_id, person_id, membership_id, sponsor_id, tariff_id, amount)
SELECT %(month)s, d.id, o.work_id, o.person_id, o.id, o.sponsor_id, o.tariff, o.amount
  FROM drawn d JOIN owing o ON o.id = d.membership_id
"""  # noqa: S608 - put together from constants of this file


class NotIndependent(Refusal):
    """The people of this agreement do not pay for themselves."""

    code = "bill.not_of_its_people"

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(_NOT_INDEPENDENT.filled(code=agreement.code))


class NotAPeriod(Refusal):
    """One person pays for 1, 2, 3, 6 or 12 months at once."""

    code = "bill.not_a_period"

    def __init__(self) -> None:
        super().__init__(_NOT_A_PERIOD, field="months")


class OwnDrawn(NamedTuple):
    """What a run drew now, and what was there before: bills and whole rupiah."""

    drawn: int
    total: int
    before: int


def draw_own(*, membership_id: int, month: Month, by: Actor, today: date) -> Bill:
    """The bill of one self-paying member for a month; drawing it again returns the bill that is there.

    Raises Membership.DoesNotExist out of sight, NotIndependent, TooFarAhead, OutsideAgreement, and NothingToBill for
    a month in which he is no member or which somebody has paid already.
    """
    member = Membership.objects.get(pk=membership_id)
    with transaction.atomic():
        agreement = _held(member.agreement_id, month, today)
        bill = _live(membership_id, month)
        if bill is None:
            _draw(agreement, month, membership_id=membership_id, by=by, today=today)
            bill = _live(membership_id, month)
        if bill is None:
            raise NothingToBill(agreement, month)
        return bill


def draw_own_ahead(*, membership_id: int, first: Month, months: int, by: Actor, today: date) -> list[Bill]:
    """The bills of so many months in a row from `first` on, all or none. Raises NotAPeriod, and what `draw_own` does."""
    if months not in PERIODS:
        raise NotAPeriod
    with transaction.atomic():
        asked = months_from(first, first.plus(months - 1))
        return [draw_own(membership_id=membership_id, month=each, by=by, today=today) for each in asked]


def draw_all_own(*, agreement_id: int, month: Month, by: Actor, today: date) -> OwnDrawn:
    """The bills of everybody of an independent agreement who has none for the month, in one statement.

    Drawn again it bills only who has come since. Raises what `draw_own` raises but NothingToBill: it says nought.
    """
    with transaction.atomic():
        agreement = _held(agreement_id, month, today)
        live = Bill.objects.filter(agreement=agreement, month=month.first_day())
        before = live.exclude(status__in=("cancelled", "superseded")).count()
        people, total = _draw(agreement, month, membership_id=None, by=by, today=today)
        return OwnDrawn(people, total, before)


def price(*, sector: str, income: int, programmes: Sequence[str], month: Month) -> Decision:
    """What a month costs somebody who pays for himself, with steps and articles; income in whole rupiah."""
    return law.bpu(
        month=month, programmes=programmes, monthly_income=income, payer=PayerKind.SELF, sector=sector
    )


def _held(agreement_id: int, month: Month, today: date) -> Agreement:
    """The agreement, locked, so that two who draw at once get one bill of each person."""
    ahead = limits.months_ahead(on=today)
    if Month.of(today).months_until(month) > ahead:
        raise TooFarAhead(ahead)
    held = Agreement.objects.select_for_update(of=("self",), no_key=True).select_related("funding_source")
    agreement = held.get(pk=agreement_id)
    if agreement.kind != AgreementKind.INDEPENDENT:
        raise NotIndependent(agreement)
    if not agreement.covers(month.first_day()):
        raise OutsideAgreement(agreement, month)
    require_ready(agreement=agreement, month=month)
    return agreement


def _live(membership_id: int, month: Month) -> Bill | None:
    bills = Bill.objects.filter(membership_id=membership_id, month=month.first_day())
    return bills.exclude(status__in=("cancelled", "superseded")).first()


def _draw(
    agreement: Agreement, month: Month, *, membership_id: int | None, by: Actor, today: date
) -> tuple[int, int]:
    """How many bills were drawn, and whole rupiah together; one event stands behind all of them."""
    asked: dict[str, Any] = {
        "agreement": agreement.pk,
        "month": month.first_day(),
        "membership": membership_id,
        "bands": list(limits.bpu_bands(on=month.first_day())),
    }
    people = _counted(asked)
    if not people:
        return 0, 0
    open_month(month, "contributions_billline")
    rates = Rates(agreement)
    prices = {rating: rates.price(rating, month=month) for rating in people}
    tariffs = stored_tariffs(prices, month)
    total = sum(prices[rating].total * count for rating, count in people.items())
    count = sum(people.values())
    event = audit.reserved()
    due = due_on(agreement=agreement, month=month)
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, asked | _listed(tariffs) | {"due_on": due, "event": event})
    _note(event, agreement, month, count, total, membership_id, by=by, today=today)
    return count, total


def _counted(asked: Mapping[str, Any]) -> dict[Rating, int]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, asked)
        return {
            Rating(PayerKind.SELF.value, sector, int(income), tuple(programmes)): people
            for sector, income, programmes, people in cursor.fetchall()
        }


def _listed(tariffs: Mapping[Rating, TariffDecision]) -> dict[str, Any]:
    return {
        "sectors": [rating.sector for rating in tariffs],
        "incomes": [rating.wage for rating in tariffs],
        "programmes": [" ".join(rating.programmes) for rating in tariffs],
        "tariffs": [tariff.pk for tariff in tariffs.values()],
        "amounts": [tariff.total for tariff in tariffs.values()],
    }


def _note(
    event: int,
    agreement: Agreement,
    month: Month,
    people: int,
    total: int,
    membership_id: int | None,
    *,
    by: Actor,
    today: date,
) -> None:
    """The event says what was drawn, and by one hash which lines."""
    alone = membership_id is not None
    digest = lines_digest_of_all(event_id=event, agreement_id=agreement.pk, month=month.first_day())
    audit.record(
        "bill.own_drawn" if alone else "bill.all_own_drawn",
        by=by,
        subject=f"membership:{membership_id}" if alone else f"agreement:{agreement.pk}",
        sponsor_id=agreement.sponsor_id,
        detail={
            "month": str(month),
            "people": people,
            "total": total,
            "on": today.isoformat(),
            "lines_digest_of_all": digest,
        },
        reserved=event,
    )


_NOT_INDEPENDENT = Text(
    "Peserta {code} tidak membayar sendiri. Susun tagihan kerja samanya.",
    "Members of {code} do not pay for themselves. Draw the bill of the agreement.",
)
_NOT_A_PERIOD = Text(
    "Iuran dibayar tiap bulan, atau 2, 3, 6 atau 12 bulan sekaligus.",
    "Pay each month, or 2, 3, 6 or 12 months at once.",
)
