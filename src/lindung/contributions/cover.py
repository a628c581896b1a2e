"""Says whether a person is covered on a day, by what, until when, and what happens if a month is not paid.

Cover is never stored. It follows from memberships, paid months, due dates and the law on arrears.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count, Max, Sum

from lindung.access.sealing import unseal
from lindung.contributions.models import PaidMonth, Settlement
from lindung.identity import nik, places
from lindung.law import arrears, limits
from lindung.law import contributions as law
from lindung.law.decision import Citation
from lindung.law.money import rupiah
from lindung.law.months import Month, duration, months_from
from lindung.law.text import Text, joined
from lindung.membership import occupations
from lindung.membership.models import Membership
from lindung.partnership.models import ArrearsBearer
from lindung.people.models import Person


class CoverState(StrEnum):
    """How a person stands on a day; from best to worst in ``_RANK``."""

    PROTECTED = "protected"
    AT_RISK = "at_risk"
    PROPOSED = "proposed"
    LAPSED = "lapsed"
    NEVER = "never"


_RANK = list(CoverState)

PAID_BADGE = Text("Sudah dibayar", "Paid")
ESTIMATE_BADGE = Text("Perkiraan Lindung", "Lindung's estimate")


class MonthCover(NamedTuple):
    """One month of one work: paid (when, by which instruction, whole rupiah), due, unpaid, or yet to come."""

    month: Month
    state: str
    paid_on: date | None
    reference: str
    amount: int
    badge: Text


class Consequence(NamedTuple):
    """What happens if months stay unpaid, with its article; an amount wears the badge of who says so."""

    when: Text
    programme: str
    text: Text
    article: Text
    badge: Text | None = None


class WorkCover(NamedTuple):
    """The cover of one work under one agreement."""

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


class Cover(NamedTuple):
    """The answer for a person on a day, as known on that day: payments dated later do not count."""

    person_id: int
    name: str
    nik_masked: str
    kelurahan: str
    on: date
    state: CoverState
    headline: Text
    badge: Text
    works: tuple[WorkCover, ...]


def cover_of(person_id: int, *, on: date) -> Cover:
    """The cover of a person in the caller's scope. Raises Person.DoesNotExist when not in scope.

    1. Each membership that had been registered by the day is one work.
    2. Its paid months are those whose treasury order is dated on or before the day. Months paid ahead count as
       far as they follow without a gap.
    3. Unpaid are the months since cover last began whose due date has passed, skipped ones too, while the
       membership lasts.
    4. Before its first month, or with nothing paid: proposed. None unpaid: protected. Up to three in a row: at
       risk. More in a row, or ended: lapsed (PP 44/2015 Pasal 39 and 42).
    """
    person = Person.objects.get(pk=person_id)
    memberships = (
        Membership.objects.filter(person=person, registered_on__lte=on)
        .select_related("agreement__paying_office", "agreement__funding_source", "sponsor", "work")
        .order_by("since", "pk")
    )
    works = tuple(_work_cover(membership, on) for membership in memberships)
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
    )


def unpaid_months(
    *, paid_until: Month | None, first: Month, on: date, programmes: Sequence[str]
) -> list[Month]:
    """The months after ``paid_until`` (from ``first``, when none is paid) whose due date lies before the day."""
    start = paid_until.next() if paid_until else first
    return [month for month in months_from(start, Month.of(on)) if due(month, programmes) < on]


def due(month: Month, programmes: Sequence[str]) -> date:
    """The earliest due date of a month among the programmes (PP 44/2015 Pasal 24, PP 46/2015 Pasal 21)."""
    return min(law.due_date(segment="bpu", programme=name, month=month).on for name in programmes)


def paid_through(paid: Collection[Month], *, current: Month) -> Month | None:
    """The last paid month up to the current one, and on from there as far as months are paid without a gap.

    A month paid ahead beyond an unpaid one says nothing about today, so it does not count yet.
    """
    reached = max((month for month in paid if month <= current), default=None)
    while reached is not None and reached.next() in paid:
        reached = reached.next()
    return reached


def months_at_risk(programmes: Sequence[str], *, on: date) -> int:
    """How many unpaid months in a row the cover survives by the law of the day (PP 44/2015 Pasal 39 and 42)."""
    return limits.arrears_months(segment="bpu", programmes=programmes, on=on)


def skipped_months(paid: Collection[Month], *, reached: Month | None, limit: int) -> list[Month]:
    """The months left out between paid ones since cover last began: a later payment does not settle them.

    Cover begins with the first paid month, and anew with the first one after it had lapsed: after more unpaid
    months in a row than the ``limit``.
    """
    if reached is None:
        return []
    entry = reached
    for month in sorted((month for month in paid if month < reached), reverse=True):
        if month.months_until(entry) > limit + 1:
            break
        entry = month
    return [month for month in months_from(entry, reached) if month not in paid]


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


def _work_cover(membership: Membership, on: date) -> WorkCover:
    programmes = tuple(membership.programmes)
    limit = months_at_risk(programmes, on=on)
    paid = _paid(membership, on)
    reached = paid_through(paid, current=Month.of(max(on, membership.since)))
    left_out = skipped_months(paid, reached=reached, limit=limit)
    skipped = [month for month in left_out if due(month, programmes) < on]
    in_a_row = _unpaid(membership, reached, on) if reached else []
    owed = [*skipped, *in_a_row]
    begun = membership.since <= on
    ended = membership.until is not None and membership.until <= on
    behind = _Behind(owed=len(owed), in_a_row=len(in_a_row), limit=limit)
    state = state_of(paid_until=reached, **behind._asdict(), begun=begun, ended=ended)
    paid_until = skipped[0].plus(-1) if skipped else reached
    at_risk_from, lapses_on = _if_nothing_more_is_paid(membership, paid_until, reached, limit)
    return WorkCover(
        state=state,
        work=membership.work.occupation,
        work_label=occupations.label(membership.work.occupation),
        agreement_code=membership.agreement.code,
        agreement_title=membership.agreement.title,
        sponsor=membership.sponsor.name,
        payer=_payer(membership),
        arrears_borne_by=_BEARER[ArrearsBearer(membership.agreement.arrears_borne_by)],
        programmes=programmes,
        registered_on=membership.registered_on,
        since=membership.since,
        paid_until=paid_until,
        arrears=len(owed),
        at_risk_from=at_risk_from,
        lapses_on=lapses_on,
        months=tuple(_months(membership, paid, owed, on)),
        next_steps=tuple(_consequences(membership, state, paid, behind, on)),
    )


class _Behind(NamedTuple):
    """Unpaid months: all that are owed, those in a row after the last paid one, how many the law allows."""

    owed: int
    in_a_row: int
    limit: int


def _consequences(
    membership: Membership, state: CoverState, paid: Collection[Month], behind: _Behind, on: date
) -> Iterator[Consequence]:
    """What follows from here; who never had cover has none to lose, and one whose membership ended neither."""
    if membership.until is not None and membership.until <= on:
        return
    if state == CoverState.PROPOSED:
        yield _BEGINS
        return
    yield from _if_death_came(membership, state, paid, behind, on)
    # Skipped months beyond the law's limit do not end the cover; only months in a row do.
    unpaid = behind.owed if behind.owed <= behind.limit else behind.in_a_row
    yield from _next_steps(membership.programmes, unpaid=unpaid, limit=behind.limit, on=on)


_BEGINS = Consequence(
    Text("Kapan perlindungan mulai", "When cover begins"),
    "",
    Text(
        "Perlindungan mulai setelah nomor peserta terbit dan iuran pertama dibayar. Sebelum itu tidak ada manfaat.",
        "Cover begins once the member number is issued and the first contribution is paid. Before that there is "
        "no benefit.",
    ),
    Citation("PP 44/2015", "6", "2").text,
)


def _unpaid(membership: Membership, paid_until: Month | None, on: date) -> list[Month]:
    unpaid = unpaid_months(
        paid_until=paid_until,
        first=Month.of(membership.since),
        on=on,
        programmes=membership.programmes,
    )
    return [month for month in unpaid if _lasts_into(membership, month)]


def _lasts_into(membership: Membership, month: Month) -> bool:
    """Whether the membership is still there when the month begins; only then is the month owed."""
    return membership.until is None or month.first_day() < membership.until


def _if_nothing_more_is_paid(
    membership: Membership, paid_until: Month | None, reached: Month | None, limit: int
) -> tuple[date | None, date | None]:
    """The first day of arrears and the first day without cover; none of both when nothing is paid yet."""
    if paid_until is None or reached is None:
        return None, None
    programmes = membership.programmes
    lapses_on = _day_after(due(reached.plus(limit + 1), programmes))
    if membership.until is not None:
        lapses_on = min(lapses_on, membership.until)
    return min(_day_after(due(paid_until.next(), programmes)), lapses_on), lapses_on


class _PaidMonth(NamedTuple):
    on: date
    reference: str
    amount: int


def _paid(membership: Membership, on: date) -> dict[Month, _PaidMonth]:
    """Months in which every programme of the membership is paid, with date, order number and amount."""
    months = PaidMonth.objects.filter(
        person_id=membership.person_id,
        work_id=membership.work_id,
        programme__in=membership.programmes,
        month__gte=membership.since,
        paid_on__lte=on,
    )
    if membership.until is not None:
        months = months.filter(month__lt=membership.until)
    rows = months.values("month").annotate(
        programmes=Count("programme"),
        on=Max("paid_on"),
        amount=Sum("amount"),
        instruction=Max("instruction_id"),
    )
    whole = [row for row in rows.order_by("month") if row["programmes"] == len(membership.programmes)]
    orders = dict(
        Settlement.objects.filter(instruction_id__in=[row["instruction"] for row in whole]).values_list(
            "instruction_id", "payment__order_number"
        )
    )
    return {
        Month.of(row["month"]): _PaidMonth(row["on"], orders.get(row["instruction"], ""), row["amount"])
        for row in whole
    }


def _months(
    membership: Membership, paid: dict[Month, _PaidMonth], unpaid: Sequence[Month], on: date
) -> list[MonthCover]:
    last = max([Month.of(on).next(), *paid])
    result = []
    for month in months_from(Month.of(membership.since), last):
        if not _lasts_into(membership, month):
            break
        if month in paid:
            result.append(MonthCover(month, "paid", *paid[month], PAID_BADGE))
        else:
            state = "unpaid" if month in unpaid else ("due" if month <= Month.of(on) else "future")
            result.append(MonthCover(month, state, None, "", 0, ESTIMATE_BADGE))
    return result


def _next_steps(programmes: Sequence[str], *, unpaid: int, limit: int, on: date) -> list[Consequence]:
    """What holds now, after one more unpaid month, and beyond the limit of the law, for each programme."""
    steps = []
    for months in sorted({unpaid, unpaid + 1, max(unpaid, limit) + 1} - {0}):
        for programme in programmes:
            decision = arrears.consequence(segment="bpu", programme=programme, months_unpaid=months, on=on)
            when, said = _when(months, unpaid, limit), decision.steps[0].sentence
            steps.append(Consequence(when, programme, said, _articles(decision.citations)))
    return steps


def _if_death_came(
    membership: Membership, state: CoverState, paid: Collection[Month], behind: _Behind, on: date
) -> list[Consequence]:
    """The death benefit of this day by the waiting time of Permenaker 1/2025; BPJS has the last word.

    While months are unpaid, the funeral grant is paid at once and the rest after the arrears (PP 44/2015 Pasal 42).
    """
    if "jkm" not in membership.programmes or state not in (CoverState.PROTECTED, CoverState.AT_RISK):
        return []
    unpaid = behind.owed
    entered_on, months = _last_entry(membership, paid, behind.limit, on)
    decision = arrears.jkm_waiting(registered_on=entered_on, paid_months=months, on=on)
    now = decision.amount("jkm.funeral") if unpaid else decision.total
    text = (_PAID_AT_ONCE if now == decision.total else _PAID_IN_PARTS).filled(
        amount=rupiah(decision.total),
        now=rupiah(now),
        later=rupiah(decision.total - now),
        months=duration(unpaid),
        why=decision.steps[0].sentence,
    )
    cited = [*decision.citations]
    if unpaid:
        held = arrears.consequence(segment="bpu", programme="jkm", months_unpaid=unpaid, on=on)
        cited += [citation for citation in held.citations if citation not in cited]
    return [Consequence(_DEATH, "jkm", text, _articles(cited), ESTIMATE_BADGE)]


def _articles(citations: Sequence[Citation]) -> Text:
    return joined(tuple(citation.text for citation in citations), "; ")


def _last_entry(membership: Membership, paid: Collection[Month], limit: int, on: date) -> tuple[date, int]:
    """Since when, and for how many paid months, the person is in without having lapsed in between."""
    months = sorted(month for month in paid if month <= Month.of(on))
    for earlier, later in zip(months[-2::-1], months[:0:-1], strict=True):
        if earlier.months_until(later) > limit + 1:
            return max(membership.registered_on, later.first_day()), len(months) - months.index(later)
    return membership.registered_on, len(months)


_PAID_AT_ONCE = Text("Santunan JKM {amount}. {why}", "JKM benefit {amount}. {why}")
_PAID_IN_PARTS = Text(
    "Santunan JKM {amount}: {now} untuk pemakaman dibayar dulu, {later} setelah tunggakan {months} "
    "dilunasi. {why}",
    "JKM benefit {amount}: {now} for the funeral at once, {later} after the arrears of {months} are "
    "settled. {why}",
)
_DEATH = Text("Bila meninggal hari ini, bukan karena kerja", "In case of death today, not caused by work")


def _when(months: int, unpaid: int, limit: int) -> Text:
    if months == unpaid:
        return Text("Keadaan hari ini", "As it stands today")
    if months == unpaid + 1:
        return Text("Bila bulan berikutnya tidak dibayar", "If the next month is not paid")
    return _BEYOND_LIMIT.filled(limit=duration(limit))


_BEYOND_LIMIT = Text("Sesudah lebih dari {limit} tidak dibayar", "After more than {limit} unpaid")
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


def _payer(membership: Membership) -> Text:
    office, source = membership.agreement.paying_office.name, membership.agreement.funding_source.name
    return Text(f"{office}, dari {source}", f"{office}, from {source}")


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


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
