"""Draws up what an agreement owes for a month: one tariff decision per set of facts, one line per worker."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from lindung.access import audit
from lindung.access.models import AuditEvent
from lindung.access.scope import Actor
from lindung.contributions import charges as charging
from lindung.contributions.dues import due, segment_of
from lindung.contributions.line_hash import lines_digest
from lindung.contributions.models import OVER, Bill, BillStatus, Programme, TariffAmount, TariffDecision
from lindung.contributions.rating import Rates, Rating
from lindung.engine.refusals import Refusal
from lindung.law import limits
from lindung.law.decision import Decision
from lindung.law.months import Month, duration
from lindung.law.text import Text
from lindung.ledger.posting import open_month
from lindung.partnership.models import Agreement, AgreementKind, Segment
from lindung.partnership.readiness import require_ready

# What the tariff of a member depends on: whose money (the segment's source, else the agreement's), sector, wage.
_RATED = """
  FROM membership_membership m
  JOIN membership_work w ON w.id = m.work_id
  JOIN partnership_segment s ON s.id = m.segment_id
  JOIN partnership_agreement g ON g.id = m.agreement_id
  JOIN partnership_fundingsource f ON f.id = coalesce(s.funding_source_id, g.funding_source_id)
"""

# A membership is billed for the months that begin within its period, by the wage that holds in the month.
_MEMBERS = f"""
{_RATED}
 CROSS JOIN LATERAL (SELECT CASE WHEN %(of_wages)s THEN (
        SELECT h.monthly FROM membership_wage h
         WHERE h.membership_id = m.id AND h.withdrawn_id IS NULL AND h.since <= %(month)s
         ORDER BY h.since DESC LIMIT 1) ELSE 0 END AS wage) p
"""  # noqa: S608 - put together from constants of this file

_IN_THE_MONTH = """
 WHERE m.agreement_id = ANY(%(agreements)s) AND m.since <= %(month)s AND (m.until IS NULL OR m.until > %(month)s)
"""

_COUNTED = f"""
SELECT m.agreement_id, f.kind, w.sector, p.wage, count(*) {_MEMBERS} {_IN_THE_MONTH}
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""

_CAME = f"""
SELECT f.kind, w.sector, p.wage, count(*) {_MEMBERS} WHERE m.agreement_id = %(agreement)s AND m.event_id = %(event)s
 GROUP BY 1, 2, 3
"""

_LINES = f"""
INSERT INTO contributions_billline
       (month, bill_id, work_id, person_id, membership_id, sponsor_id, tariff_id, amount)
SELECT %(month)s, %(bill)s, m.work_id, m.person_id, m.id, m.sponsor_id, t.tariff, t.amount
{_MEMBERS}
  JOIN unnest(%(payers)s::text[], %(sectors)s::text[], %(wages)s::bigint[], %(tariffs)s::bigint[],
              %(amounts)s::bigint[]) AS t(payer, sector, wage, tariff, amount)
    ON t.payer = f.kind AND t.sector = w.sector AND t.wage = p.wage
{_IN_THE_MONTH}
"""

# Each spell of one wage within a membership, past and to come; a BPU has one spell without a wage. People are counted
# before it is asked whose money pays them: joined the other way round, the planner expects a handful and compares
# everybody with everybody.
_GROUPS = """
WITH spell AS (
    SELECT m.agreement_id, m.segment_id, m.work_id, 0::bigint AS wage, m.since, m.until, '{}'::varchar[] AS programmes
      FROM membership_membership m
     WHERE m.agreement_id = ANY(%(agreements)s) AND m.slot IS NOT NULL AND m.agreement_id <> ALL (ARRAY(
           SELECT a.id FROM partnership_agreement a WHERE a.id = ANY(%(agreements)s) AND a.kind = 'independent'))
    UNION ALL
    SELECT e.agreement_id, e.segment_id, e.work_id, d.monthly, greatest(e.since, d.since),
           least(e.until, lead(d.since) OVER (PARTITION BY e.id ORDER BY d.since)), '{}'
      FROM membership_wage d JOIN membership_membership e ON e.id = d.membership_id
     WHERE d.withdrawn_id IS NULL AND e.slot IS NULL AND e.agreement_id = ANY(%(agreements)s)
    UNION ALL
    SELECT o.agreement_id, o.segment_id, o.work_id, i.monthly, greatest(o.since, i.since),
           least(o.until, lead(i.since) OVER (PARTITION BY o.id ORDER BY i.since)), o.programmes
      FROM membership_ownincome i JOIN membership_membership o ON o.id = i.membership_id
     WHERE i.withdrawn_id IS NULL AND o.agreement_id = ANY(%(agreements)s)),
counted AS MATERIALIZED (
    SELECT s.agreement_id, s.segment_id, w.sector, s.wage, s.since, s.until, s.programmes, count(*) AS people
      FROM spell s JOIN membership_work w ON w.id = s.work_id
     GROUP BY 1, 2, 3, 4, 5, 6, 7)
SELECT c.agreement_id, f.id, f.kind, c.sector, c.wage, c.programmes, c.since, c.until, sum(c.people)::bigint
  FROM counted c
  JOIN partnership_segment s ON s.id = c.segment_id
  JOIN partnership_agreement g ON g.id = c.agreement_id
  JOIN partnership_fundingsource f ON f.id = coalesce(s.funding_source_id, g.funding_source_id)
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7
"""


class TooFarAhead(Refusal):
    """A bill reaches only so many months ahead."""

    code = "bill.too_far_ahead"

    def __init__(self, months: int) -> None:
        super().__init__(_TOO_FAR.filled(months=duration(months)), field="month")
        self.months = months


class OutsideAgreement(Refusal):
    """The month lies outside the period of the agreement."""

    code = "bill.outside_agreement"

    def __init__(self, agreement: Agreement, month: Month) -> None:
        super().__init__(_OUTSIDE.filled(month=month.label, code=agreement.code), field="month")


class PaidByThemselves(Refusal):
    """People who pay for themselves owe bills of their own (`own_bills`)."""

    code = "bill.of_its_people"

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(_THEMSELVES.filled(code=agreement.code))


class NothingToBill(Refusal):
    """Nobody is a member in the month."""

    code = "bill.nobody"

    def __init__(self, agreement: Agreement, month: Month) -> None:
        super().__init__(_NOBODY.filled(month=month.label, code=agreement.code), field="month")


_TOO_FAR = Text(
    "Tagihan paling jauh {months} ke depan. Periksa bulannya.",
    "A bill reaches at most {months} ahead. Check the month.",
)
_OUTSIDE = Text(
    "{month} di luar masa kerja sama {code}. Periksa bulannya, atau perpanjang lewat adendum.",
    "{month} lies outside the period of agreement {code}. Check the month, or extend it by an addendum.",
)
_THEMSELVES = Text(
    "Peserta {code} membayar sendiri: tagihannya dibuat untuk tiap orang, lewat halaman tagihan mandiri.",
    "Members of {code} pay for themselves: each has a bill of his own, on the page of own bills.",
)
_NOBODY = Text(
    "Tidak ada peserta {code} pada {month}. Daftarkan orang dulu.",
    "Nobody is a member of {code} in {month}. Enrol people first.",
)


class Drawn(NamedTuple):
    """A bill, and who drew it on which day (None: not in sight); ``was_there`` when that was before this call."""

    bill: Bill
    was_there: bool
    by: str
    on: date | None


def draw_up(*, agreement_id: int, month: Month, by: Actor, today: date) -> Bill:
    """The bill that `drawn` draws or finds. Raises what it raises."""
    return drawn(agreement_id=agreement_id, month=month, by=by, today=today).bill


def drawn(*, agreement_id: int, month: Month, by: Actor, today: date, as_draft: bool = False) -> Drawn:
    """Draw up the bill of an agreement for a month; drawing it again returns the bill that is there.

    A draft is no bill to be paid yet: it covers nothing, and its members may still change (`drafts.finalise`).

    1. Lock the agreement, so that two people who draw at once get one bill, and its segments, so that nobody
       is enrolled for the month while it is drawn: he would never be billed for it.
    2. Count the members by what the tariff depends on: whose money pays, the sector, and a wage earner's wage.
    3. The bill with what is charged for earlier months, and one stored decision of the law for each such set of facts.
    4. All lines in one statement; the database refuses a bill that is not the sum of its lines and charges.

    Raises TooFarAhead beyond the months that may be paid ahead, OutsideAgreement for a month the agreement does
    not cover, NothingToBill when the month has no members, NoLawForDate when the law knows no tariff for it,
    YearNotReady when papers of the month's budget year are missing.
    """
    ahead = limits.months_ahead(on=today)
    if Month.of(today).months_until(month) > ahead:
        raise TooFarAhead(ahead)
    with transaction.atomic():
        found = held_agreement(agreement_id)
        if found.kind == AgreementKind.INDEPENDENT:
            raise PaidByThemselves(found)
        bills = Bill.objects.filter(agreement=found, month=month.first_day(), membership__isnull=True)
        before = bills.exclude(status__in=OVER).first()
        if before is not None:
            return Drawn(before, True, *_who_drew(before))
        hold_members(found, month)
        return Drawn(draw(found, month, by=by, today=today, as_draft=as_draft), False, by.name, today)


def held_agreement(agreement_id: int) -> Agreement:
    """The agreement, locked, so that of two people who draw, replace or finalise its bills one waits."""
    held = Agreement.objects.select_for_update(of=("self",), no_key=True).select_related("funding_source")
    return held.get(pk=agreement_id)


def hold_members(agreement: Agreement, month: Month) -> None:
    """Let nobody join while the month is drawn. Raises OutsideAgreement and YearNotReady."""
    if not agreement.covers(month.first_day()):
        raise OutsideAgreement(agreement, month)
    require_ready(agreement=agreement, month=month)
    list(Segment.objects.select_for_update().filter(agreement=agreement).order_by("pk"))


def _who_drew(bill: Bill) -> tuple[str, date | None]:
    """Who, and the office's day, as the bill's event says."""
    event = AuditEvent.objects.filter(pk=bill.event_id).values_list("actor_name", "detail").first()
    name, detail = event or ("–", {})
    return name, date.fromisoformat(detail["on"]) if "on" in detail else None


class Group(NamedTuple):
    """Members of an agreement who are alike to the tariff, for a half-open period, and how many they are.

    ``source`` is the id of the funding source that pays them: their segment's, else the agreement's.
    """

    source: int
    rating: Rating
    since: date
    until: date | None
    people: int

    def holds(self, month: Month) -> bool:
        """Whether the month begins within the period."""
        first = month.first_day()
        return self.since <= first and (self.until is None or self.until > first)


def groups_of_members(agreement: Agreement) -> list[Group]:
    """The members of an agreement, past and to come, in as few groups as the tariff can tell apart."""
    return groups_by_agreement([agreement.pk])[agreement.pk]


def groups_by_agreement(agreement_ids: Sequence[int]) -> dict[int, list[Group]]:
    """The same for many agreements, in one query."""
    found: dict[int, list[Group]] = {pk: [] for pk in agreement_ids}
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"agreements": list(agreement_ids)})
        for pk, source, payer, sector, wage, programmes, since, until, people in cursor.fetchall():
            rating = Rating(payer, sector, int(wage), tuple(programmes))
            found[pk].append(Group(source, rating, since, until, people))
    return found


def expected(
    *,
    agreement: Agreement,
    month: Month,
    members: Sequence[Group] | None = None,
    rates: Rates | None = None,
) -> int:
    """Whole rupiah the month would cost with the members there are; nothing is stored.

    Who asks for many months passes ``members`` and ``rates`` along, so that they are counted and asked once.
    """
    groups = groups_of_members(agreement) if members is None else members
    people: Counter[Rating] = Counter()
    for group in groups:
        if group.holds(month):
            people[group.rating] += group.people
    return (rates or Rates(agreement)).total(people.items(), month=month)


def cost_of_event(*, agreement: Agreement, month: Month, event_id: int) -> int:
    """Whole rupiah a month for those whom one run enrolled, by the event that their memberships carry."""
    rates = Rates(agreement)
    values: dict[str, int | date | bool] = {
        "agreement": agreement.pk,
        "month": month.first_day(),
        "event": event_id,
        "of_wages": rates.of_wages,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CAME, values)
        people = [
            (Rating(payer, sector, int(wage)), count) for payer, sector, wage, count in cursor.fetchall()
        ]
    return rates.total(people, month=month)


def due_on(*, agreement: Agreement, month: Month) -> date:
    """The day by which the month must be paid; of several programmes the earliest, for PU or for BPU."""
    return due(month, agreement.programmes, segment=segment_of(agreement))


def draw(
    agreement: Agreement,
    month: Month,
    *,
    by: Actor,
    today: date,
    as_draft: bool = False,
    pk: int | None = None,
) -> Bill:
    """The bill itself, inside the locks of `drawn`; under the id ``pk`` where another bill names it already."""
    rates = Rates(agreement)
    members = rated_people(agreement_ids=[agreement.pk], month=month, of_wages=rates.of_wages)[agreement.pk]
    if not members:
        raise NothingToBill(agreement, month)
    open_month(month, "contributions_billline")
    prices = {rating: rates.price(rating, month=month) for rating in members}
    extra = charging.due_on_bill(agreement=agreement, membership_id=None, month=month)
    total = sum(prices[rating].total * count for rating, count in members.items()) + sum(
        charge.amount for charge in extra
    )
    people = sum(members.values())
    event = audit.reserved()
    bill = Bill.objects.create(
        pk=pk,
        agreement=agreement,
        sponsor_id=agreement.sponsor_id,
        month=month.first_day(),
        status=BillStatus.DRAFT if as_draft else BillStatus.FINAL,
        people=people,
        total=total,
        due_on=due_on(agreement=agreement, month=month),
        event_id=event,
    )
    charging.write(bill, extra)
    _write_lines(bill, _tariffs(prices, month), of_wages=rates.of_wages)
    audit.record(
        "bill.drafted" if as_draft else "bill.drawn",
        by=by,
        subject=f"agreement:{agreement.pk}",
        sponsor_id=agreement.sponsor_id,
        detail={
            "month": str(month),
            "people": bill.people,
            "total": total,
            "on": today.isoformat(),
            "lines_digest": lines_digest(bill_id=bill.pk, month=bill.month),
        },
        reserved=event,
    )
    return bill


def rated_people(
    *, agreement_ids: Sequence[int], month: Month, of_wages: bool
) -> dict[int, dict[Rating, int]]:
    """How many members of each rating the month has, by agreement; all of wage earners, or all of BPU."""
    values: dict[str, list[int] | date | bool] = {
        "agreements": list(agreement_ids),
        "month": month.first_day(),
        "of_wages": of_wages,
    }
    found: dict[int, dict[Rating, int]] = {agreement_id: {} for agreement_id in agreement_ids}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, values)
        for agreement_id, payer, sector, wage, people in cursor.fetchall():
            found[agreement_id][Rating(payer, sector, int(wage))] = people
    return found


def _tariffs(prices: Mapping[Rating, Decision], month: Month) -> dict[Rating, TariffDecision]:
    """The stored decisions; the same facts under the same law are stored once, and they name nobody."""
    digests = {rating: decision.digest() for rating, decision in prices.items()}
    decisions = {digests[rating]: decision for rating, decision in prices.items()}
    known = set(TariffDecision.objects.filter(digest__in=decisions).values_list("digest", flat=True))
    TariffDecision.objects.bulk_create(
        (
            TariffDecision(
                digest=digest, month=month.first_day(), total=decision.total, decision=decision.to_json()
            )
            for digest, decision in decisions.items()
            if digest not in known
        ),
        ignore_conflicts=True,
    )
    stored = {each.digest: each for each in TariffDecision.objects.filter(digest__in=decisions)}
    TariffAmount.objects.bulk_create(
        (
            TariffAmount(tariff=stored[digest], programme=programme, amount=decision.amount(programme))
            for digest, decision in decisions.items()
            if digest not in known
            for programme in Programme.values
            if decision.amount(programme)
        ),
        ignore_conflicts=True,
    )
    return {rating: stored[digest] for rating, digest in digests.items()}


_CHANGED = f"""
SELECT c.how, count(*)::int, (array_agg(coalesce(h.name, '–') ORDER BY c.person_id))[1:%(named)s]
  FROM (SELECT coalesce(l.person_id, n.person_id) AS person_id,
               CASE WHEN l.membership_id IS NULL THEN 'joined' WHEN n.membership_id IS NULL THEN 'left'
                    ELSE 'price' END AS how
          FROM (SELECT membership_id, person_id, tariff_id FROM contributions_billline
                 WHERE bill_id = %(bill)s AND month = %(month)s) l
          FULL JOIN (SELECT m.id AS membership_id, m.person_id, coalesce(t.tariff, 0) AS tariff_id
                       {_MEMBERS}
                       LEFT JOIN unnest(%(payers)s::text[], %(sectors)s::text[], %(wages)s::bigint[],
                                        %(tariffs)s::bigint[]) AS t(payer, sector, wage, tariff)
                         ON t.payer = f.kind AND t.sector = w.sector AND t.wage = p.wage
                     {_IN_THE_MONTH}) n ON n.membership_id = l.membership_id
         WHERE (l.membership_id, l.tariff_id) IS DISTINCT FROM (n.membership_id, n.tariff_id)) c
  LEFT JOIN people_person h ON h.id = c.person_id
 GROUP BY c.how ORDER BY c.how
"""  # noqa: S608 - put together from constants of this file


class Changed(NamedTuple):
    """People whom a bill would have otherwise if it were drawn now: joined, left or price; how many, and the first names."""

    how: str
    people: int
    names: tuple[str, ...]


def changed_since(bill: Bill, *, named: int) -> list[Changed]:
    """Whom and what a drawn bill does not say as it is now: who joined or left, whose contribution changed."""
    month, rates = Month.of(bill.month), Rates(bill.agreement)
    members = rated_people(agreement_ids=[bill.agreement_id], month=month, of_wages=rates.of_wages)
    digests = {rating: rates.price(rating, month=month).digest() for rating in members[bill.agreement_id]}
    stored = dict(TariffDecision.objects.filter(digest__in=digests.values()).values_list("digest", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGED,
            {
                "month": bill.month,
                "bill": bill.pk,
                "named": named,
                "agreements": [bill.agreement_id],
                "of_wages": rates.of_wages,
                "payers": [rating.payer for rating in digests],
                "sectors": [rating.sector for rating in digests],
                "wages": [rating.wage for rating in digests],
                "tariffs": [stored.get(digest, 0) for digest in digests.values()],
            },
        )
        return [Changed(how, people, tuple(names)) for how, people, names in cursor.fetchall()]


def _write_lines(bill: Bill, tariffs: Mapping[Rating, TariffDecision], *, of_wages: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES,
            {
                "month": bill.month,
                "bill": bill.pk,
                "agreements": [bill.agreement_id],
                "of_wages": of_wages,
                "payers": [rating.payer for rating in tariffs],
                "sectors": [rating.sector for rating in tariffs],
                "wages": [rating.wage for rating in tariffs],
                "tariffs": [tariff.pk for tariff in tariffs.values()],
                "amounts": [tariff.total for tariff in tariffs.values()],
            },
        )
