"""How a test tries to break what the database promises: the stage, the register of breakers, and ways to write a row."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Model

import world
from database import as_loader
from lindung.access.models import Role, User
from lindung.access.scope import SystemScope, system_scope
from lindung.contributions.models import Bill, Settlement
from lindung.law.months import Month
from lindung.partnership.models import Agreement, FundingSource

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)


class Stage(NamedTuple):
    """Kota Jambi has paid June and drawn July; Kota Bungo has drawn June. Every table has a row to start from."""

    jambi: world.City
    bungo: world.City
    agreement: Agreement
    june: Settlement
    july: Bill
    bungos: Bill


Breaker = Callable[[Stage], object]
BREAKERS: dict[str, Breaker] = {}


def breaks(constraint: str) -> Callable[[Breaker], Breaker]:
    """Register what tries to break a constraint."""

    def registered(breaker: Breaker) -> Breaker:
        BREAKERS[constraint] = breaker
        return breaker

    return registered


# How most are broken: a row that is there is written once more, with one thing changed.


def copied(model: type[Model], **changes: object) -> Model:
    """A new row like the oldest one in sight, but for the changes."""
    oldest = model._default_manager.order_by("pk")[0]
    fields = [
        field for field in model._meta.concrete_fields if not (field.primary_key and field.name == "id")
    ]
    return model(**{field.attname: getattr(oldest, field.attname) for field in fields} | changes)


def write(model: type[Model], **changes: object) -> Breaker:
    """Written by the officer of Jambi."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting():
            copied(model, **changes).save(force_insert=True)

    return attempt


def load(model: type[Model], **changes: object) -> Breaker:
    """Written with the rights of enrolment, which alone adds people, works and memberships."""

    def attempt(stage: Stage) -> None:
        with system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()):
            row = copied(model, **changes)
            with as_loader():
                row.save(force_insert=True)

    return attempt


def forge(model: type[Model], *, loader: bool = False, **changes: object) -> Breaker:
    """A row of Jambi written under the name of Bungo, with all the sight the system has."""

    def attempt(stage: Stage) -> None:
        given = {"sponsor_id": stage.bungo.sponsor.pk, **changes}
        (load if loader else see_all)(model, **given)(stage)

    return attempt


def see_all(model: type[Model], **changes: object) -> Breaker:
    """Written by the officer in a scope that sees every sponsor."""

    def attempt(stage: Stage) -> None:
        with system_scope(SystemScope.MAINTENANCE, actor=stage.jambi.actor()):
            copied(model, **changes).save(force_insert=True)

    return attempt


def officer(stage: Stage) -> User:
    return stage.jambi.users[Role.CITY_OFFICER]


def budi(stage: Stage) -> int:
    with stage.jambi.acting():
        return world.person_id(world.BUDI)


def source(stage: Stage) -> int:
    with stage.bungo.acting():
        return int(FundingSource.objects.get().pk)


def update(stage: Stage, model: type[Model], *, pk: int, **changes: object) -> None:
    with stage.jambi.acting():
        model._default_manager.filter(pk=pk).update(**changes)
