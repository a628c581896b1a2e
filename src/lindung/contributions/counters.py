"""Two counters of paid months: for the whole death benefit, and for the children's scholarship; how many lack, and until when."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from lindung.contributions.paid import last_entry
from lindung.contributions.states import CoverState
from lindung.law import arrears
from lindung.law.money import rupiah
from lindung.law.months import Month, day_label, duration, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Read, Reading
from lindung.law.terms import Segment
from lindung.law.text import Text
from lindung.membership.models import Membership


class Counter(NamedTuple):
    """Paid months against what the law asks for, in months.

    ``reached_in`` is the contribution month that completes them if everything goes on being paid, None once they are
    reached and where nobody can say. ``notes`` are what was not read in the regulation.
    """

    key: str
    label: Text
    needed: int
    paid: int
    reached_in: Month | None
    text: Text
    article: Text
    notes: tuple[Text, ...] = ()

    @property
    def lacking(self) -> int:
        """How many paid months lack."""
        return max(0, self.needed - self.paid)


def counters(
    membership: Membership,
    state: CoverState,
    paid: Collection[Month],
    *,
    segment: Segment,
    limit: int,
    on: date,
) -> Iterator[Counter]:
    """The waiting time of JKM (Permenaker 1/2025, for whoever has no employer) and the scholarship's (PP 82/2019).

    Both count from the last entry, as the law room does: after cover has lapsed they begin again; that they do was
    not read, and is said. Whoever has left, or has no JKM, has none.
    """
    ended = membership.until is not None and membership.until <= on
    if ended or "jkm" not in membership.programmes or state is CoverState.NEVER:
        return
    law = Reading(in_force(), on=on)
    entered_on, months = last_entry(membership, paid, limit, on)
    if state is CoverState.LAPSED:
        entered_on, months = on, 0
    until_now = [month for month in paid if month <= Month.of(on)]
    notes = (_ANEW,) if len(until_now) > months else ()
    last = max(until_now, default=Month.of(membership.since).plus(-1))
    done = _Counted(entered_on, months, last, state is not CoverState.LAPSED, notes)
    if segment is Segment.BPU:
        waiting = law.whole("jkm.bpu.waiting_months")
        if waiting.value:
            yield _waiting(waiting, done, on)
    yield _scholarship(law.whole("scholarship.jkm.months"), done)


class _Counted(NamedTuple):
    """Since when, how many paid months, the last of them, whether they go on counting, and what is doubtful."""

    entered_on: date
    months: int
    last: Month
    goes_on: bool
    notes: tuple[Text, ...]

    def completed_in(self, needed: int) -> Month | None:
        lacking = needed - self.months
        return self.last.plus(lacking) if lacking > 0 and self.goes_on else None


def _waiting(needed: Read[int], done: _Counted, on: date) -> Counter:
    """Two clocks: paid months and months of membership; the later one decides."""
    count = needed.value
    whole = arrears.jkm_waiting(registered_on=months_later(on, -count), paid_months=count, on=on).total
    before = arrears.jkm_waiting(registered_on=on, paid_months=1, on=on).total
    long_enough = months_later(done.entered_on, count)
    month = done.completed_in(count)
    if month is None and done.goes_on and long_enough > on:
        month = Month.of(long_enough)
    elif month is not None:
        month = max(month, Month.of(long_enough))
    day = max(long_enough, month.first_day()) if month else None
    said = _FULL if month is None and done.goes_on else _FULL_FROM if day else _FULL_ANEW
    text = said.filled(
        needed=duration(count),
        paid=duration(done.months),
        whole=rupiah(whole),
        before=rupiah(before),
        day=day_label(day) if day else "",
    )
    label = Text(f"Santunan JKM penuh ({rupiah(whole)})", f"Full JKM benefit ({rupiah(whole)})")
    return Counter("jkm", label, count, done.months, month, text, needed.citation.text, done.notes)


def _scholarship(needed: Read[int], done: _Counted) -> Counter:
    count, month = needed.value, done.completed_in(needed.value)
    said = _SCHOOL if done.months >= count else _SCHOOL_IN if month else _SCHOOL_ANEW
    text = said.filled(
        needed=duration(count),
        paid=duration(done.months),
        lacking=duration(max(0, count - done.months)),
        month=month.label if month else "",
    )
    label = Text("Beasiswa anak", "The children's scholarship")
    return Counter("scholarship", label, count, done.months, month, text, needed.citation.text, done.notes)


_FULL = Text(
    "Tercapai: {paid} lunas, syaratnya {needed} iuran dan {needed} kepesertaan.",
    "Reached: {paid} paid; {needed} of contributions and {needed} of membership are asked for.",
)
_FULL_FROM = Text(
    "Baru {paid} dari {needed} iuran. Penuh mulai {day} bila iuran terus dibayar; sebelum itu hanya {before}.",
    "Only {paid} of {needed} paid. Full from {day} if contributions go on being paid; before that {before} only.",
)
_FULL_ANEW = Text(
    "Perlu {needed} iuran lagi sejak iuran dibayar kembali; sebelum itu hanya {before}.",
    "{needed} of contributions are needed again once they are paid; before that {before} only.",
)
_SCHOOL = Text("Tercapai: {paid} lunas, syaratnya {needed}.", "Reached: {paid} paid, {needed} are asked for.")
_SCHOOL_IN = Text(
    "Baru {paid} dari {needed}; kurang {lacking}. Tercapai {month} bila iuran terus dibayar.",
    "Only {paid} of {needed}; {lacking} lack. Reached in {month} if contributions go on being paid.",
)
_SCHOOL_ANEW = Text(
    "Perlu {needed} iuran sejak iuran dibayar kembali.",
    "{needed} are needed once contributions are paid again.",
)
_ANEW = Text(
    "Dihitung sejak masuk kembali. Belum diperiksa pada naskah apakah hitungan mulai lagi setelah peserta aktif kembali.",
    "Counted since the last re-entry. Whether the count starts again after re-entry is not verified against the text.",
)
