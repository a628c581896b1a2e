"""A city with one officer and one agreement, made for one measurement."""

import datetime as dt
from typing import NamedTuple

from lindung.access.appointing import appoint
from lindung.access.models import Organisation, Role, User
from lindung.access.scope import Actor, Scope, SystemScope, scope_of, system_scope
from lindung.partnership.models import Agreement, FundingSource, Segment

SYSTEM = Actor(None, "benchmark")
DAY = dt.date(2025, 5, 22)


class City(NamedTuple):
    """Who acts, what he sees, and for which agreement."""

    officer: Actor
    scope: Scope
    agreement_id: int
    segment_id: int
    sponsor_id: int

    @classmethod
    def new(cls, code: str) -> "City":
        """A city nobody else works in, so that no measurement meets the rows of another."""
        branch, _ = Organisation.objects.get_or_create(
            kind="branch", code="branch", defaults={"name": "Cabang"}
        )
        city = Organisation.objects.create(kind="city", code=code, name=code, branch=branch)
        office = Organisation.objects.create(kind="office", code=f"{code}-office", name=code, parent=city)
        user = User.objects.create_user(code, name=code)
        with system_scope(SystemScope.MAINTENANCE, actor=SYSTEM):
            appoint(
                user, role=Role.CITY_OFFICER, organisation=office, since=DAY, by=SYSTEM,
                now=dt.datetime.combine(DAY, dt.time(), dt.UTC),
            )  # fmt: skip
            source = FundingSource.objects.create(sponsor=city, kind="apbd", name="APBD")
            agreement = Agreement.objects.create(
                code=code, title=code, sponsor=city, paying_office=office, branch=branch, funding_source=source,
                programmes=["jkk", "jkm"], since=dt.date(2025, 6, 1),
            )  # fmt: skip
            segment = Segment.objects.create(
                agreement=agreement,
                sponsor=city,
                code="all",
                label="All",
                occupation="buruh",
                quota=1_000_000,
            )
        return cls(Actor.of(user), scope_of(user, DAY), agreement.pk, segment.pk, city.pk)
