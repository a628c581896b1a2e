"""The way of one work in words: proposed, paid until, active according to BPJS since, at risk from, lapsed on."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from lindung.contributions.states import ESTIMATE_BADGE, PAID_BADGE, CoverState
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.membership.branch_records import BADGES, BranchStatus
from lindung.membership.models import Membership
from lindung.partnership.deciders import Decider


class Station(NamedTuple):
    """One station, its sentence, the day it stands for (None where it is a month), and whose word it is."""

    key: str
    text: Text
    on: date | None
    badge: Text


def stations(
    membership: Membership,
    state: CoverState,
    *,
    paid_until: Month | None,
    at_risk_from: date | None,
    lapses_on: date | None,
    said: BranchStatus | None,
    on: date,
) -> tuple[Station, ...]:
    """The stations of a work in their order, those to come as what follows if nothing more is paid."""
    return tuple(_stations(membership, state, paid_until, at_risk_from, lapses_on, said, on))


def _stations(
    membership: Membership,
    state: CoverState,
    paid_until: Month | None,
    at_risk_from: date | None,
    lapses_on: date | None,
    said: BranchStatus | None,
    on: date,
) -> Iterator[Station]:
    since = Month.of(membership.since).label
    registered = membership.registered_on
    text = _PROPOSED.filled(day=day_label(registered), month=since)
    yield Station("proposed", text, registered, ESTIMATE_BADGE)
    if paid_until is not None:
        yield Station("paid", _PAID_UNTIL.filled(month=paid_until.label), None, PAID_BADGE)
    if said is not None:
        text = (_ACTIVE if said.active else _INACTIVE).filled(day=day_label(said.since))
        yield Station(
            "active" if said.active else "inactive", text, said.since, BADGES[Decider(said.decided_by)]
        )
    ended = membership.until is not None and membership.until <= on
    if at_risk_from is not None and not ended:
        text = _BEHIND if at_risk_from <= on else _BEHIND_IF
        yield Station("at_risk", text.filled(day=day_label(at_risk_from)), at_risk_from, ESTIMATE_BADGE)
    if lapses_on is not None and state is not CoverState.NEVER:
        text = _LAPSED if lapses_on <= on else _LEAVES if lapses_on == membership.until else _LAPSES_IF
        yield Station("lapsed", text.filled(day=day_label(lapses_on)), lapses_on, ESTIMATE_BADGE)


_PROPOSED = Text(
    "Diusulkan {day}, untuk iuran mulai {month}.", "Proposed on {day}, for contributions from {month}."
)
_PAID_UNTIL = Text("Iuran lunas sampai {month}.", "Paid until {month}.")
_ACTIVE = Text("Aktif menurut BPJS sejak {day}.", "Active according to BPJS since {day}.")
_INACTIVE = Text("Nonaktif menurut BPJS sejak {day}.", "Inactive according to BPJS since {day}.")
_BEHIND = Text("Menunggak sejak {day}.", "At risk since {day}.")
_BEHIND_IF = Text("Menunggak mulai {day} bila tidak dibayar.", "At risk from {day} if nothing more is paid.")
_LAPSED = Text("Lepas sejak {day}.", "Lapsed on {day}.")
_LAPSES_IF = Text("Lepas mulai {day} bila tidak dibayar lagi.", "Lapses on {day} if nothing more is paid.")
_LEAVES = Text("Berakhir {day} karena keluar.", "Ends on {day} by a leave.")
