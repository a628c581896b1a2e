"""What `roster enrol` does and answers: a file taken in, its ready people enrolled, the other rows left as found."""

from typing import NamedTuple

import click

from lindung.access.roles import Permission
from lindung.cli.acting import acting, agreement_of, segment_of
from lindung.cli.layout import show_facts
from lindung.cli.verdicts import VERDICTS, unreadable
from lindung.contributions import billing
from lindung.engine import clock
from lindung.formats.unreadable import Unreadable
from lindung.law.money import counted, rupiah
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import enrolling, intake, rosters
from lindung.membership.models import Roster, Verdict
from lindung.partnership.models import Agreement


class Outcome(NamedTuple):
    """What became of a file: people enrolled now, rows lost to another list, rows by verdict, rupiah a month."""

    roster: int
    enrolled: int
    lost: int
    first_month: Month
    monthly_cost: int
    verdicts: dict[str, int]


def enrolled(
    content: bytes,
    *,
    name: str,
    code: str,
    segment: str,
    username: str,
    first_month: Month | None,
    wet: bool,
) -> Outcome:
    """Receive, judge and enrol as this user, all or nothing; without `wet` it is taken back. Raises Refused."""
    now = clock.now()
    with acting(username, Permission.ENROL, command="roster enrol", wet=wet) as standing:
        agreement = agreement_of(code)
        month = first_month or enrolling.first_month(agreement, today=now.date())
        try:
            roster_id = intake.receive(
                name=name,
                content=content,
                agreement_id=agreement.pk,
                by=standing.actor,
                now=now,
                segment_code=segment_of(agreement, segment),
                first_month=first_month,
            )
        except Unreadable as why:
            raise unreadable(why) from why
        done = enrolling.enrol(roster_id=roster_id, by=standing.actor, now=now, first_month=first_month)
        return Outcome(
            roster=roster_id,
            enrolled=done.enrolled,
            lost=done.lost,
            first_month=month,
            monthly_cost=_cost(agreement, month, done.event_id),
            verdicts=rosters.counted(Roster.objects.get(pk=roster_id)),
        )


def show(outcome: Outcome) -> None:
    """Print what was done, or would be."""
    if outcome.enrolled:
        done = Text(
            "{n} orang didaftarkan, iuran mulai {month}.", "{n} people enrolled, paid for from {month}."
        )
    else:
        done = Text(
            "Tidak ada baris baru yang siap; tidak ada yang berubah.", "No new row is ready; nothing changes."
        )
    sentence = done.filled(n=counted(outcome.enrolled), month=outcome.first_month.label)
    show_facts(
        (
            (Text("Hasil", "Outcome"), sentence),
            (Text("Iuran mereka sebulan", "Their contributions a month"), rupiah(outcome.monthly_cost)),
            (Text("Kalah cepat dari daftar lain", "Lost to another list"), counted(outcome.lost)),
            *((VERDICTS[verdict], counted(outcome.verdicts[verdict])) for verdict in Verdict),
        )
    )
    click.echo("")


def _cost(agreement: Agreement, month: Month, event_id: int | None) -> int:
    """Whole rupiah a month for those whom this very run enrolled."""
    return billing.cost_of_event(agreement=agreement, month=month, event_id=event_id) if event_id else 0
