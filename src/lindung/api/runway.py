"""The money to come over the API: how long it lasts, the gap at the start of a year, and the alarms of the day."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from lindung.access.roles import Permission
from lindung.api.endpoint import caller, endpoint
from lindung.api.shapes import LARGEST, Answer, AskedDay, MonthText, TextAnswer
from lindung.insight.runway import outlook
from lindung.law.text import Text

router = Router(tags=["runway"])


class ReachAnswer(Answer):
    """How far money reaches in its budget year, in whole rupiah; `needed_by` is the due day of the `short` month."""

    key: str
    name: str
    detail: str
    budget: int
    cost: int
    paid_in_full: MonthText | None
    short: MonthText | None
    shortfall: int
    needed_by: date | None
    lacking: int


class GapAnswer(Answer):
    """The first months of a year that cannot be paid while its papers are missing."""

    agreement_id: int
    title: str
    year: int
    months: list[MonthText]
    people: int
    cost: int
    papers: TextAnswer
    needed_by: date
    at_risk_from: date
    lapses_on: date | None


class AlarmAnswer(Answer):
    """What threatens how many people on which day; `key` stays the same until the next step of 60, 30 and 7 days."""

    key: str
    why: str
    step: int
    days: int
    day: date
    agreement_id: int
    code: str
    people: int
    sentence: TextAnswer
    article: TextAnswer
    whom: list[str]


class RunwayAnswer(Answer):
    """The money of the day's year: by agreement, funding source and paying office, with gaps and alarms."""

    on: date
    year: int
    budget: int
    cost: int
    lacking: int
    agreements: list[ReachAnswer]
    sources: list[ReachAnswer]
    offices: list[ReachAnswer]
    gaps: list[GapAnswer]
    alarms: list[AlarmAnswer]


@endpoint(
    router,
    "GET",
    "/runway",
    permission=Permission.SEE_AGREEMENTS,
    summary=Text("Sampai kapan dana cukup", "How long the money lasts"),
    names=True,
)
def read_runway(
    request: HttpRequest,
    on: AskedDay | None = None,
    agreement: Annotated[int, Field(ge=1, le=LARGEST)] | None = None,
) -> RunwayAnswer:
    """How long the money lasts on a day (today when none is named), of everything in sight or of one agreement."""
    day = on or caller(request).standing.on
    return RunwayAnswer.model_validate(outlook(on=day, agreement_id=agreement).told())
