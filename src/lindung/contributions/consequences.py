"""What happens to a worker's cover if months stay unpaid, by the law on arrears and on a death today."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from lindung.contributions.dues import segment_of
from lindung.contributions.paid import last_entry
from lindung.contributions.states import ESTIMATE_BADGE, CoverState
from lindung.law import arrears, jkm
from lindung.law.decision import Citation
from lindung.law.money import rupiah
from lindung.law.months import Month, duration
from lindung.law.terms import Segment
from lindung.law.text import Text, joined
from lindung.membership.models import Membership


class Consequence(NamedTuple):
    """What happens if months stay unpaid, with its article; an amount wears the badge of who says so."""

    when: Text
    programme: str
    text: Text
    article: Text
    badge: Text | None = None


class Behind(NamedTuple):
    """Unpaid months: all that are owed, those in a row after the last paid one, how many the law allows."""

    owed: int
    in_a_row: int
    limit: int


def consequences(
    membership: Membership, state: CoverState, paid: Collection[Month], behind: Behind, *, on: date
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
    yield from _next_steps(membership, unpaid=unpaid, limit=behind.limit, on=on)


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


def _next_steps(membership: Membership, *, unpaid: int, limit: int, on: date) -> list[Consequence]:
    """What holds now, after one more unpaid month, and beyond the limit of the law, for each programme."""
    steps, segment = [], segment_of(membership.agreement)
    for months in sorted({unpaid, unpaid + 1, max(unpaid, limit) + 1} - {0}):
        for programme in membership.programmes:
            decision = arrears.consequence(segment=segment, programme=programme, months_unpaid=months, on=on)
            when, said = _when(months, unpaid, limit), decision.steps[0].sentence
            steps.append(Consequence(when, programme, said, _articles(decision.citations)))
    return steps


def _if_death_came(
    membership: Membership, state: CoverState, paid: Collection[Month], behind: Behind, on: date
) -> list[Consequence]:
    """The death benefit of this day by the waiting time of Permenaker 1/2025; BPJS has the last word.

    While months are unpaid, the funeral grant is paid at once and the rest after the arrears (PP 44/2015 Pasal 42).
    """
    if "jkm" not in membership.programmes or state not in (CoverState.PROTECTED, CoverState.AT_RISK):
        return []
    if segment_of(membership.agreement) is Segment.PU:
        return [_if_a_wage_earner_died(membership, paid, behind, on)]
    unpaid = behind.owed
    entered_on, months = last_entry(membership, paid, behind.limit, on)
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


def _if_a_wage_earner_died(
    membership: Membership, paid: Collection[Month], behind: Behind, on: date
) -> Consequence:
    """The death benefit of a wage earner: no waiting time, and arrears only change who pays first (Pasal 41)."""
    decision = jkm.benefit(
        jkm.Facts(
            segment=Segment.PU,
            event_date=on,
            member_since=min(membership.registered_on, membership.since),
            months_paid=sum(month <= Month.of(on) for month in paid),
            months_in_arrears=0,
            memberships=1,
            has_heirs=True,
            cause=jkm.Cause.NOT_WORK,
            still_active=True,
        )
    )
    held = arrears.consequence(segment=Segment.PU, programme="jkm", months_unpaid=behind.in_a_row, on=on)
    text = _PAID_AT_ONCE.filled(amount=rupiah(decision.total), why=held.steps[0].sentence)
    cited = [*decision.citations]
    cited += [citation for citation in held.citations if citation not in cited]
    return Consequence(_DEATH, "jkm", text, _articles(cited), ESTIMATE_BADGE)


def _articles(citations: Sequence[Citation]) -> Text:
    return joined(tuple(citation.text for citation in citations), "; ")


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
