"""The page "Hari ini": what needs the officer, who is protected, how long the money lasts, and the way in for lists."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.insight import today as insight
from lindung.law.text import Text
from lindung.web.funds import FundMonth, FundState, fund_months


class Wrong(NamedTuple):
    """Why the list sent for an agreement could not be taken."""

    agreement_id: int
    text: Text


class Card(NamedTuple):
    """One agreement on the page, with its bar, the signs the bar uses, and what was wrong with a list sent."""

    agreement: insight.AgreementToday
    months: tuple[FundMonth, ...]
    legend: tuple[FundState, ...]
    problem: Text | None


@require_safe
@never_cache
@require(Permission.SEE_TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """Show the day's page."""
    return shown(request)


def shown(request: HttpRequest, *, wrong: Wrong | None = None) -> HttpResponse:
    """The day's page; with `wrong`, the same page says at its agreement why the list was not taken (422)."""
    standing = standing_of(request)
    figures = insight.today(on=standing.on)
    context = {
        "page": "today",
        "today": figures,
        "cards": [_card(agreement, wrong) for agreement in figures.agreements],
        "may_upload": standing.may(Permission.UPLOAD_ROSTER),
        "may_see_rosters": standing.may(Permission.SEE_ROSTERS),
    }
    return render(request, "web/today.html", context, status=422 if wrong else 200)


def _card(agreement: insight.AgreementToday, wrong: Wrong | None) -> Card:
    months = fund_months(agreement)
    legend = tuple(dict.fromkeys(month.state for month in months))
    problem = wrong.text if wrong and wrong.agreement_id == agreement.id else None
    return Card(agreement, months, legend, problem)
