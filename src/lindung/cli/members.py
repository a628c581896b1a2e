"""What `member join`, `leave` and `wage` do and answer: one membership of one person, changed by a month."""

from datetime import date
from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.cli.acting import acting, agreement_of, segment_of
from lindung.cli.layout import show_facts
from lindung.cli.refusing import Refused
from lindung.engine import clock
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership import changes, joining
from lindung.membership.employment import LeaveReason
from lindung.membership.joining import Entry
from lindung.membership.models import Membership
from lindung.partnership.models import Agreement


class Changed(NamedTuple):
    """What was changed: for whom, under which agreement, as of which month; a death opens a claim."""

    change: str
    person: int
    agreement: str
    month: Month
    opens_claim: bool = False


def joined(
    entry: Entry,
    *,
    code: str,
    first_month: Month | None,
    segment: str,
    beside: bool,
    below_minimum: bool,
    high_wage: bool,
    income: int | None,
    savings: bool,
    username: str,
    wet: bool,
) -> Changed:
    """Let one person in as this user; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.CHANGE_MEMBERS, command="member join", wet=wet) as standing:
        agreement = agreement_of(code)
        came = joining.join(
            agreement_id=agreement.pk,
            entry=entry,
            first_month=first_month,
            segment_code=segment_of(agreement, segment),
            beside=beside,
            below_minimum=below_minimum,
            high_wage=high_wage,
            income=income,
            savings=savings,
            by=standing.actor,
            now=clock.now(),
        )
        return Changed("join", came.person_id, code, came.since)


def left(
    person: int,
    *,
    code: str,
    last_month: Month,
    reason: str,
    died_on: date | None,
    username: str,
    wet: bool,
) -> Changed:
    """Let one person leave as this user; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.CHANGE_MEMBERS, command="member leave", wet=wet) as standing:
        done = changes.leave(
            membership_id=_membership(person, agreement_of(code)),
            last_month=last_month,
            reason=LeaveReason(reason),
            died_on=died_on,
            by=standing.actor,
            now=clock.now(),
        )
        return Changed("leave", person, code, last_month, done.opens_claim)


def raised(
    person: int,
    *,
    code: str,
    since: Month,
    amount: int,
    basis: str,
    below_minimum: bool,
    high_wage: bool,
    username: str,
    wet: bool,
) -> Changed:
    """Give one person a new wage as this user; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.CHANGE_MEMBERS, command="member wage", wet=wet) as standing:
        changes.change_wage(
            membership_id=_membership(person, agreement_of(code)),
            since=since,
            basis=basis,
            amount=amount,
            below_minimum=below_minimum,
            high_wage=high_wage,
            by=standing.actor,
            now=clock.now(),
        )
        return Changed("wage", person, code, since)


def show(done: Changed) -> None:
    """Print what was changed, or would be."""
    show_facts(
        (
            (Text("Perubahan", "Change"), _KINDS[done.change].filled(month=done.month.label)),
            (Text("Orang", "Person"), done.person),
            (Text("Kerja sama", "Agreement"), done.agreement),
            *(((Text("Selanjutnya", "Next"), _CLAIM),) if done.opens_claim else ()),
        )
    )


_KINDS = {
    "join": Text("masuk mulai {month}", "joins from {month}"),
    "leave": Text("keluar setelah {month}", "leaves after {month}"),
    "wage": Text("upah baru mulai {month}", "new wage from {month}"),
}
_CLAIM = Text(
    "bantu keluarga mengurus santunan: ./lindung law evidence",
    "help the family claim: ./lindung law evidence",
)


def _membership(person: int, agreement: Agreement) -> int:
    """The person's newest membership under the agreement, in sight. Raises Refused."""
    members = Membership.objects.filter(person_id=person, agreement=agreement).order_by("-since", "-pk")
    found = members.values_list("pk", flat=True).first()
    if found is None:
        raise Refused(
            "member.unknown",
            Text(
                f"Orang {person} bukan peserta {agreement.code} dalam lingkup Anda. Periksa nomor dan kerja samanya.",
                f"Person {person} is no member of {agreement.code} in your sight. Check number and agreement.",
            ),
        )
    return int(found)
