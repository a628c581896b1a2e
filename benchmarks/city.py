"""A city with one officer and one agreement, made for one measurement."""

import datetime as dt
from typing import NamedTuple

from lindung.access.appointing import appoint
from lindung.access.models import Organisation, Role, User
from lindung.access.scope import Actor, Scope, SystemScope, in_scope, scope_of, system_scope
from lindung.partnership import agreements, year_papers
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.models import Agreement, SourceOrigin
from lindung.partnership.papers import PaperEntry

SYSTEM = Actor(None, "benchmark")
DAY = dt.date(2025, 5, 22)
NOW = dt.datetime.combine(DAY, dt.time(), dt.UTC)


class City(NamedTuple):
    """Who acts, what he sees, and for which agreement."""

    officer: Actor
    scope: Scope
    agreement_id: int
    segment_id: int
    sponsor_id: int
    colleague: Actor

    @classmethod
    def new(cls, code: str, *, quota: int = 1_000_000) -> "City":
        """A city nobody else works in, so that no measurement meets the rows of another."""
        with system_scope(SystemScope.MAINTENANCE, actor=SYSTEM):
            branch, _ = Organisation.objects.get_or_create(
                kind="branch", code="branch", defaults={"name": "Cabang"}
            )
            city = Organisation.objects.create(kind="city", code=code, name=code, branch=branch)
            office = Organisation.objects.create(kind="office", code=f"{code}-office", name=code, parent=city)
            user = User.objects.create_user(code, name=code)
            colleague = User.objects.create_user(f"{code}-second", name=code)
            for person, role in ((user, Role.CITY_OFFICER), (colleague, Role.FINANCE_OFFICER)):
                appoint(person, role=role, organisation=office, since=DAY, by=SYSTEM, now=NOW)
        agreement = _agreement(code, city, office, branch, user, colleague, quota)
        with in_scope(scope_of(user, DAY), actor=Actor.of(user)):
            segment = agreement.segments.get()
        return cls(
            Actor.of(user), scope_of(user, DAY), agreement.pk, segment.pk, city.pk, Actor.of(colleague)
        )


def _agreement(
    code: str,
    city: Organisation,
    office: Organisation,
    branch: Organisation,
    user: User,
    colleague: User,
    quota: int,
) -> Agreement:
    """In force, written by the one and activated by the other, with the papers of 2025 to 2027."""
    officer = Actor.of(user)
    with in_scope(scope_of(user, DAY), actor=officer):
        source = agreements.add_source(sponsor_id=city.pk, origin=SourceOrigin.APBD, name="APBD", by=officer)
        made = agreements.draft_agreement(
            code=code,
            sponsor_id=city.pk,
            branch_id=branch.pk,
            terms=Terms(code, office.pk, source.pk, ("jkk", "jkm"), dt.date(2025, 6, 1)),
            segments=(SegmentPlan("all", "All", "buruh", quota),),
            by=officer,
            now=NOW,
        )
        agreements.submit(agreement_id=made.pk, by=officer, now=NOW)
        agreements.record_signed(agreement_id=made.pk, paper=_PKS, by=officer, now=NOW)
    with in_scope(scope_of(colleague, DAY), actor=Actor.of(colleague)):
        agreements.activate(agreement_id=made.pk, by=Actor.of(colleague), now=NOW)
    with in_scope(scope_of(user, DAY), actor=officer):
        for kind, year, last, budget_code in (
            ("perwal", 2025, 2027, ""),
            *(("sk", year, year, "") for year in (2025, 2026, 2027)),
            *(("dpa", year, year, "2.07.03") for year in (2025, 2026, 2027)),
        ):
            year_papers.record_year_paper(
                agreement_id=made.pk, kind=kind, year=year, last_year=last, number=f"{kind}/{year}",
                signed_on=DAY, budget_code=budget_code, by=officer, now=NOW,
            )  # fmt: skip
    return made


_PKS = PaperEntry(
    kind="pks", number="PKS", signed_at="Jambi", signed_on=DAY, first_party="Disnaker", second_party="BPJS"
)
