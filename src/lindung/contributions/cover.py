"""Says whether a person is covered on a day, by what, until when, and what happens if a month is not paid.

Cover is never stored. It follows from memberships, paid months, due dates and the law on arrears.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from lindung.access.sealing import unseal
from lindung.contributions.consequences import Behind, Consequence, consequences
from lindung.contributions.counters import Counter, counters
from lindung.contributions.dues import (
    due,
    lapses_after,
    months_at_risk,
    segment_of,
    unpaid_months,
)
from lindung.contributions.gaps import Missed, missed
from lindung.contributions.paid import Paid, paid_months, paid_through, skipped_months
from lindung.contributions.recorded import Known as Known
from lindung.contributions.recorded import endings_then, status_known
from lindung.contributions.states import ESTIMATE_BADGE as ESTIMATE_BADGE
from lindung.contributions.states import PAID_BADGE as PAID_BADGE
from lindung.contributions.states import CoverState as CoverState
from lindung.contributions.stations import Station, stations
from lindung.identity import nik, places
from lindung.law.months import Month, duration, months_from
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.membership import occupations
from lindung.membership.branch_records import BranchStatus
from lindung.membership.models import Membership
from lindung.partnership.models import AgreementKind, ArrearsBearer
from lindung.people.models import Person

_RANK = list(CoverState)


class MonthCover(NamedTuple):
    """One month of one work: paid (when, by which instruction, whole rupiah), due, unpaid, or yet to come."""

    month: Month
    state: str
    paid_on: date | None
    reference: str
    amount: int
    badge: Text
    recorded_on: date | None = None
    taken_back_on: date | None = None


class WorkCover(NamedTuple):
    """The cover of one work under one agreement.

    ``stations`` tell its way in words, ``counters`` the months that count toward the whole death benefit and the
    scholarship, ``missed`` the months that were left out or are owed, with what each would have cost.
    """

    state: CoverState
    work: str
    work_label: Text
    agreement_code: str
    agreement_title: str
    sponsor: str
    payer: Text
    arrears_borne_by: Text
    programmes: tuple[str, ...]
    registered_on: date
    since: date
    paid_until: Month | None
    arrears: int
    at_risk_from: date | None
    lapses_on: date | None
    months: tuple[MonthCover, ...]
    next_steps: tuple[Consequence, ...]
    membership_id: int = 0
    until: date | None = None
    wage_earner: bool = False
    pays_alone: bool = False
    stations: tuple[Station, ...] = ()
    counters: tuple[Counter, ...] = ()
    missed: tuple[Missed, ...] = ()
    end_recorded_on: date | None = None


class Cover(NamedTuple):
    """The answer for a person on a day: payments dated later do not count; ``known`` says by which knowledge."""

    person_id: int
    name: str
    nik_masked: str
    kelurahan: str
    on: date
    state: CoverState
    headline: Text
    badge: Text
    works: tuple[WorkCover, ...]
    known: Known = Known.NOW


def cover_of(person_id: int, *, on: date, known: Known = Known.NOW) -> Cover:
    """The cover of a person in the caller's scope. Raises Person.DoesNotExist when not in scope.

    1. Each membership that had been registered by the day is one work.
    2. Its paid months are those whose treasury order is dated on or before the day. Months paid ahead count as
       far as they follow without a gap.
    3. Unpaid are the months since cover last began whose due date has passed, skipped ones too, while the
       membership lasts.
    4. Before its first month, or with nothing paid: proposed. None unpaid: protected. Up to three in a row: at
       risk. More in a row, or ended: lapsed (PP 44/2015 Pasal 39 and 42).
    5. ``known`` then: a payment confirmed later, and a leave recorded later, do not count yet; a payment that went
       back later counts still.
    """
    person = Person.objects.get(pk=person_id)
    said = status_known(person_id, on=on, known=known)
    works = tuple(
        _work_cover(each, on, known, changed, said) for each, changed in _memberships(person, on, known)
    )
    state = min((work.state for work in works), key=_RANK.index, default=CoverState.NEVER)
    place = places.PLACES.get(person.kelurahan_code)
    number = unseal(bytes(person.nik_sealed), table="people_person", column="nik_sealed", row_id=person.pk)
    return Cover(
        person_id=person.pk,
        name=person.name,
        nik_masked=nik.masked(number),
        kelurahan=place.name if place else person.kelurahan_code,
        on=on,
        state=state,
        headline=_headline(person.name, state, works),
        badge=ESTIMATE_BADGE,
        works=works,
        known=known,
    )


def _memberships(person: Person, on: date, known: Known) -> Iterator[tuple[Membership, date | None]]:
    """Those registered by the day, each with its end as it is known, and when a later end was recorded."""
    found = list(
        Membership.objects.filter(person=person, registered_on__lte=on)
        .select_related(
            "agreement__paying_office",
            "agreement__funding_source",
            "segment__funding_source",
            "sponsor",
            "work",
        )
        .order_by("since", "pk")
    )
    endings = endings_then(found, on) if known is Known.THEN else {}
    for membership in found:
        changed = None
        if membership.pk in endings:
            membership.until, changed = endings[membership.pk]
        if membership.until is None or membership.until > membership.since:
            yield membership, changed


def state_of(
    *, paid_until: Month | None, owed: int, in_a_row: int, limit: int, begun: bool, ended: bool
) -> CoverState:
    """The state that follows from what is paid and what is not, between begin and end of the membership.

    ``in_a_row`` counts the unpaid months after the last paid one: only those end the cover, beyond the ``limit``.
    """
    if ended:
        return CoverState.LAPSED if paid_until else CoverState.NEVER
    if paid_until is None or not begun:
        return CoverState.PROPOSED
    if in_a_row > limit:
        return CoverState.LAPSED
    return CoverState.AT_RISK if owed else CoverState.PROTECTED


def _work_cover(
    membership: Membership, on: date, known: Known, changed: date | None, said: BranchStatus | None
) -> WorkCover:
    programmes, segment = tuple(membership.programmes), segment_of(membership.agreement)
    ends_after = lapses_after(programmes, on=on, segment=segment)
    paid = paid_months(membership, on, known=known)
    reached = paid_through(paid, current=Month.of(max(on, membership.since)))
    left_out = skipped_months(paid, reached=reached, limit=ends_after)
    skipped = [month for month in left_out if due(month, programmes, segment=segment) < on]
    in_a_row = _unpaid(membership, segment, reached, on) if reached else []
    owed = [*skipped, *in_a_row]
    begun = membership.since <= on
    ended = membership.until is not None and membership.until <= on
    behind = Behind(len(owed), len(in_a_row), months_at_risk(programmes, on=on, segment=segment))
    state = state_of(
        paid_until=reached,
        owed=behind.owed,
        in_a_row=behind.in_a_row,
        limit=ends_after,
        begun=begun,
        ended=ended,
    )
    paid_until = skipped[0].plus(-1) if skipped else reached
    at_risk_from, lapses_on = _if_nothing_more_is_paid(membership, segment, paid_until, reached, ends_after)
    return WorkCover(
        state=state,
        work=membership.work.occupation,
        work_label=occupations.label(membership.work.occupation),
        agreement_code=membership.agreement.code,
        agreement_title=membership.agreement.title,
        sponsor=membership.sponsor.name,
        payer=_payer(membership),
        arrears_borne_by=_arrears_borne_by(membership),
        programmes=programmes,
        registered_on=membership.registered_on,
        since=membership.since,
        paid_until=paid_until,
        arrears=len(owed),
        at_risk_from=at_risk_from,
        lapses_on=lapses_on,
        months=tuple(_months(membership, paid, owed, on)),
        next_steps=tuple(consequences(membership, state, paid, behind, on=on)),
        membership_id=membership.pk,
        until=membership.until,
        wage_earner=segment is Segment.PU,
        pays_alone=membership.agreement.kind == AgreementKind.INDEPENDENT,
        stations=stations(
            membership,
            state,
            paid_until=paid_until,
            at_risk_from=at_risk_from,
            lapses_on=lapses_on,
            said=said,
            on=on,
        ),
        counters=tuple(counters(membership, state, paid, segment=segment, limit=ends_after, on=on)),
        missed=missed(membership, paid, owed, reached=reached),
        end_recorded_on=changed,
    )


def _unpaid(membership: Membership, segment: Segment, paid_until: Month | None, on: date) -> list[Month]:
    unpaid = unpaid_months(
        paid_until=paid_until,
        first=Month.of(membership.since),
        on=on,
        programmes=membership.programmes,
        segment=segment,
    )
    return [month for month in unpaid if _lasts_into(membership, month)]


def _lasts_into(membership: Membership, month: Month) -> bool:
    """Whether the membership is still there when the month begins; only then is the month owed."""
    return membership.until is None or month.first_day() < membership.until


def _if_nothing_more_is_paid(
    membership: Membership,
    segment: Segment,
    paid_until: Month | None,
    reached: Month | None,
    ends_after: int,
) -> tuple[date | None, date | None]:
    """The first day of arrears and the first day without cover; none of both when nothing is paid yet.

    Whoever leaves before a month of his is overdue can have no arrears. Unpaid months never end the cover of a wage earner; only the end of the membership does.
    """
    if paid_until is None or reached is None:
        return None, None
    ends = [membership.until] if membership.until is not None else []
    if segment is not Segment.PU:
        ends.append(_day_after(due(reached.plus(ends_after + 1), membership.programmes, segment=segment)))
    behind_from = _day_after(due(paid_until.next(), membership.programmes, segment=segment))
    leaves_first = membership.until is not None and membership.until <= behind_from
    return None if leaves_first else behind_from, min(ends, default=None)


def _day_after(day: date) -> date:
    return day + timedelta(days=1)


def _months(
    membership: Membership, paid: Mapping[Month, Paid], unpaid: Sequence[Month], on: date
) -> list[MonthCover]:
    last = max([Month.of(on).next(), *paid])
    result = []
    for month in months_from(Month.of(membership.since), last):
        if not _lasts_into(membership, month):
            break
        if month in paid:
            each = paid[month]
            result.append(
                MonthCover(
                    month,
                    "paid",
                    each.on,
                    each.reference,
                    each.amount,
                    PAID_BADGE,
                    each.recorded_on,
                    each.taken_back_on,
                )
            )
        else:
            state = "unpaid" if month in unpaid else ("due" if month <= Month.of(on) else "future")
            result.append(MonthCover(month, state, None, "", 0, ESTIMATE_BADGE))
    return result


_BEARER = {
    ArrearsBearer.SPONSOR: Text(
        "Menurut PKS, tunggakan ditanggung pemerintah daerah.",
        "According to the PKS, the local government bears arrears.",
    ),
    ArrearsBearer.PARTICIPANT: Text(
        "Menurut PKS, tunggakan ditanggung peserta atau ahli warisnya.",
        "According to the PKS, the participant or the heirs bear arrears.",
    ),
    ArrearsBearer.UNSAID: Text(
        "PKS belum mengatur siapa yang menanggung tunggakan. Aturlah lewat adendum.",
        "The PKS does not say who bears arrears. Settle it by an addendum.",
    ),
}


_THEMSELVES = Text(
    "Peserta membayar sendiri; tunggakan ditanggung peserta atau ahli warisnya (PP 44/2015 Pasal 39 dan 42).",
    "The participant pays alone; arrears fall on the participant or the heirs (PP 44/2015 Articles 39 and 42).",
)
_PAYS_ALONE = Text("Peserta sendiri, lewat {group}", "The participant, through {group}")


def _arrears_borne_by(membership: Membership) -> Text:
    if membership.agreement.kind == AgreementKind.INDEPENDENT:
        return _THEMSELVES
    return _BEARER[ArrearsBearer(membership.agreement.arrears_borne_by)]


def _payer(membership: Membership) -> Text:
    agreement = membership.agreement
    if agreement.kind == AgreementKind.INDEPENDENT:
        return _PAYS_ALONE.filled(group=agreement.title)
    office = agreement.paying_office.name
    source = (membership.segment.funding_source or agreement.funding_source).name
    return Text(f"{office}, dari {source}", f"{office}, from {source}")


def _headline(name: str, state: CoverState, works: Sequence[WorkCover]) -> Text:
    best = next((work for work in works if work.state == state), None)
    if best is None or best.paid_until is None:
        return _UNPAID[state].filled(name=name)
    return _PAID[state].filled(
        name=name,
        programmes=" + ".join(programme.upper() for programme in best.programmes),
        until=best.paid_until.label,
        months=duration(best.arrears),
    )


_UNPAID = {
    CoverState.NEVER: Text(
        "{name} belum terdaftar dalam perlindungan.", "{name} is not enrolled for protection."
    ),
    CoverState.PROPOSED: Text(
        "{name} sudah didaftarkan, belum terlindungi: iuran pertama belum dibayar.",
        "{name} is enrolled but not yet protected: the first contribution is not paid.",
    ),
}
_PAID = {
    CoverState.PROPOSED: Text(
        "{name} sudah didaftarkan dan iuran lunas s.d. {until}, tetapi perlindungan {programmes} belum mulai.",
        "{name} is enrolled and paid until {until}, but protection by {programmes} has not begun.",
    ),
    CoverState.PROTECTED: Text(
        "{name} terlindungi {programmes} hari ini. Iuran lunas s.d. {until}.",
        "{name} is protected today by {programmes}. Paid until {until}.",
    ),
    CoverState.AT_RISK: Text(
        "{name} masih terlindungi {programmes}, tetapi iuran menunggak {months}. Iuran lunas s.d. {until}.",
        "{name} is still protected by {programmes}, but contributions are {months} behind. Paid until {until}.",
    ),
    CoverState.LAPSED: Text(
        "{name} tidak lagi terlindungi. Iuran terakhir lunas untuk {until}.",
        "{name} is no longer protected. The last paid month is {until}.",
    ),
}
