"""Draws up what an agreement owes for a month: one tariff decision per set of facts, one line per worker."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count

from lindung.access import audit
from lindung.access.scope import Actor
from lindung.contributions.models import Bill, TariffAmount, TariffDecision
from lindung.law import contributions as law
from lindung.law import limits
from lindung.law.decision import Decision
from lindung.law.months import Month, duration
from lindung.ledger.posting import open_month
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement, Segment
from lindung.partnership.pricing import price

# A membership is billed for the months that begin within its period.
_MEMBERS = """
  FROM membership_membership m JOIN membership_work w ON w.id = m.work_id
 WHERE m.agreement_id = %(agreement)s AND m.since <= %(month)s AND (m.until IS NULL OR m.until > %(month)s)
"""

_LINES = f"""
INSERT INTO contributions_billline
       (month, bill_id, work_id, person_id, membership_id, sponsor_id, tariff_id, amount)
SELECT %(month)s, %(bill)s, m.work_id, m.person_id, m.id, m.sponsor_id, t.tariff, t.amount
{
    _MEMBERS.replace(
        "WHERE",
        "JOIN unnest(%(sectors)s::text[], %(tariffs)s::bigint[], %(amounts)s::bigint[])"
        " AS t(sector, tariff, amount) ON t.sector = w.sector WHERE",
    )
}
"""


class TooFarAhead(Exception):
    """Tagihan paling jauh {months.id} ke depan. / A bill reaches at most {months.en} ahead."""

    def __init__(self, months: int) -> None:
        super().__init__(str(self.__doc__).format(months=duration(months)))
        self.months = months


class OutsideAgreement(Exception):
    """Bulan ini di luar masa kerja sama. / This month lies outside the period of the agreement."""


class NothingToBill(Exception):
    """Tidak ada peserta pada bulan ini. / Nobody is a member in this month."""


def draw_up(*, agreement_id: int, month: Month, by: Actor, today: date) -> Bill:
    """Draw up the bill of an agreement for a month; drawing it again returns the bill that is there.

    1. Lock the agreement, so that two people who draw at once get one bill, and its segments, so that nobody
       is enrolled for the month while it is drawn: he would never be billed for it.
    2. Count the members by what the tariff depends on (the sector; payer and income are the agreement's).
    3. The bill, and one stored decision of the law for each such set of facts.
    4. All lines in one statement; the database refuses a bill that is not the sum of its lines.

    Raises TooFarAhead beyond the months that may be paid ahead, OutsideAgreement for a month the agreement does
    not cover, NothingToBill when the month has no members, NoLawForDate when the law knows no tariff for it.
    """
    ahead = limits.months_ahead(on=today)
    if Month.of(today).months_until(month) > ahead:
        raise TooFarAhead(ahead)
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(of=("self",), no_key=True).select_related(
            "funding_source"
        )
        found = agreement.get(pk=agreement_id)
        drawn = (
            Bill.objects.filter(agreement=found, month=month.first_day()).exclude(status="cancelled").first()
        )
        if drawn is not None:
            return drawn
        if not found.covers(month.first_day()):
            raise OutsideAgreement(OutsideAgreement.__doc__)
        list(Segment.objects.select_for_update().filter(agreement=found).order_by("pk"))
        return _draw(found, month, by=by, today=today)


class Group(NamedTuple):
    """Members of an agreement who are alike to the tariff: their sector, their half-open period, how many."""

    sector: str
    since: date
    until: date | None
    people: int


def groups_of_members(agreement: Agreement) -> list[Group]:
    """The members of an agreement, past and to come, in as few groups as the tariff can tell apart."""
    members = Membership.objects.filter(agreement=agreement).values_list("work__sector", "since", "until")
    return [Group(*row) for row in members.annotate(people=Count("pk")).order_by("work__sector", "since")]


def expected(*, agreement: Agreement, month: Month, members: Sequence[Group] | None = None) -> int:
    """Whole rupiah the month would cost with the members there are; nothing is stored.

    Who asks for many months passes ``members`` along, so that they are counted once.
    """
    groups = groups_of_members(agreement) if members is None else members
    first = month.first_day()
    by_sector: Counter[str] = Counter()
    for group in groups:
        if group.since <= first and (group.until is None or group.until > first):
            by_sector[group.sector] += group.people
    return sum(
        count * price(agreement, month=month, sector=sector).total for sector, count in by_sector.items()
    )


def due_on(*, agreement: Agreement, month: Month) -> date:
    """The day by which the month must be paid; of several programmes the earliest (PP 44/2015 Pasal 24)."""
    return min(
        law.due_date(segment="bpu", programme=programme, month=month).on for programme in agreement.programmes
    )


def _draw(agreement: Agreement, month: Month, *, by: Actor, today: date) -> Bill:
    members = _members_by_sector(agreement, month)
    if not members:
        raise NothingToBill(NothingToBill.__doc__)
    open_month(month, "contributions_billline")
    prices = {sector: price(agreement, month=month, sector=sector) for sector in members}
    total = sum(prices[sector].total * count for sector, count in members.items())
    event = audit.record(
        "bill.drawn",
        by=by,
        subject=f"agreement:{agreement.pk}",
        sponsor_id=agreement.sponsor_id,
        detail={
            "month": str(month),
            "people": sum(members.values()),
            "total": total,
            "on": today.isoformat(),
        },
    )
    bill = Bill.objects.create(
        agreement=agreement,
        sponsor_id=agreement.sponsor_id,
        month=month.first_day(),
        people=sum(members.values()),
        total=total,
        due_on=due_on(agreement=agreement, month=month),
        event_id=event,
    )
    _write_lines(bill, {sector: _tariff(decision, month) for sector, decision in prices.items()})
    return bill


def _members_by_sector(agreement: Agreement, month: Month) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT w.sector, count(*) {_MEMBERS} GROUP BY w.sector ORDER BY w.sector",
            {"agreement": agreement.pk, "month": month.first_day()},
        )
        return dict(cursor.fetchall())


def _tariff(decision: Decision, month: Month) -> TariffDecision:
    """The stored decision; the same facts under the same law are stored once."""
    stored, is_new = TariffDecision.objects.get_or_create(
        digest=decision.digest(),
        defaults={"month": month.first_day(), "total": decision.total, "decision": decision.to_json()},
    )
    if is_new:
        TariffAmount.objects.bulk_create(
            TariffAmount(tariff=stored, programme=programme, amount=decision.amount(programme))
            for programme in ("jkk", "jkm", "jht")
            if decision.amount(programme)
        )
    return stored


def _write_lines(bill: Bill, tariffs: Mapping[str, TariffDecision]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES,
            {
                "month": bill.month,
                "bill": bill.pk,
                "agreement": bill.agreement_id,
                "sectors": list(tariffs),
                "tariffs": [tariff.pk for tariff in tariffs.values()],
                "amounts": [tariff.total for tariff in tariffs.values()],
            },
        )
