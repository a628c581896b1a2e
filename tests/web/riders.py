"""A group of ojek riders of the village who pay for themselves, built through the real functions."""

from typing import NamedTuple

import agreed
from lindung.access.models import Organisation, Role
from lindung.access.scope import Actor, in_scope
from lindung.contributions import own_bills
from lindung.law.months import Month
from lindung.membership import joining
from lindung.membership.joining import Entry, Joined
from lindung.partnership.agreements import SegmentPlan, Terms, own_source
from lindung.partnership.models import AgreementKind
from web.village import NOW, Village, acting

DECEMBER = Month(2026, 12)
NAMES = ("Anto Wijaya", "Eko Prasetyo", "Joko Susilo", "Slamet Riyadi")


class Riders(NamedTuple):
    """The agreement of the group, and those who joined, in order."""

    agreement_id: int
    members: tuple[Joined, ...]


def riders(village: Village, *, members: int = 1, billed: bool = False) -> Riders:
    """Riders who joined in November for December; ``billed``: with their bills of December."""
    officer, scope = acting(village.users[Role.CITY_OFFICER], NOW.date())
    with in_scope(scope, actor=officer):
        city = Organisation.objects.get(code="jambi")
        source = own_source(sponsor_id=city.pk, by=officer)
        terms = Terms(
            title="Wadah ojek Jambi",
            paying_office_id=city.pk,
            funding_source_id=source.pk,
            programmes=("jkk", "jkm", "jht"),
            since=Month(2026, 6).first_day(),
        )
    promised = agreed.in_force(
        "jambi-ojek-mandiri",
        terms=terms,
        segments=(SegmentPlan("ojek", "Tukang ojek", "Tukang ojek", 500),),
        sponsor=city,
        branch=Organisation.objects.get(code="cabang"),
        writer=(officer, scope),
        second=acting(village.users[Role.BRANCH_OFFICER], NOW.date()),
        now=NOW,
        kind=AgreementKind.INDEPENDENT,
    )
    with in_scope(scope, actor=officer):
        joined = tuple(came(promised.pk, number, officer) for number in range(members))
        if billed:
            own_bills.draw_all_own(agreement_id=promised.pk, month=DECEMBER, by=officer, today=NOW.date())
    return Riders(promised.pk, joined)


def came(agreement_id: int, number: int, officer: Actor) -> Joined:
    """One more rider joins."""
    rider = Entry(
        name=NAMES[number % len(NAMES)] + " " + "ABCDEFGH"[number // len(NAMES)],
        nik=f"157102120384{number + 700:04}",
        birth="1984-03-12",
        birth_place="Jambi",
        sex="L",
        kelurahan="The Hok",
        occupation="Tukang ojek",
    )
    return joining.join(agreement_id=agreement_id, entry=rider, first_month=DECEMBER, by=officer, now=NOW)
