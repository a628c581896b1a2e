"""The page "Hari ini": for each role what only it can do, how far the money lasts, and the way in for lists."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.models import Role
from lindung.access.roles import Permission
from lindung.access.standing import Standing, require, standing_of
from lindung.insight import today as insight
from lindung.insight.agreement_today import AgreementToday
from lindung.insight.audit_desk import latest_looks, latest_money
from lindung.insight.branch_desk import cities_served, lists_in
from lindung.insight.city_figures import figures
from lindung.insight.coverage import Denominator, coverage
from lindung.insight.differences import open_differences
from lindung.insight.mending_desk import mending
from lindung.insight.needs import Need
from lindung.insight.paying_desk import money_waiting, to_pay
from lindung.law.text import Text
from lindung.web.funds import FundMonth, FundState, fund_months


class Wrong(NamedTuple):
    """Why the list sent for an agreement could not be taken."""

    agreement_id: int
    text: Text


class Card(NamedTuple):
    """One agreement on the page, with its bar, the signs the bar uses, and what was wrong with a list sent."""

    agreement: AgreementToday
    months: tuple[FundMonth, ...]
    legend: tuple[FundState, ...]
    problem: Text | None


class Desk(NamedTuple):
    """What the page shows a role: a part of its own, and which of the common parts.

    ``told`` are the kinds of needs that its own part tells already; without ``needs`` the list of them is left
    out while it is empty.
    """

    template: str = ""
    own: Callable[[insight.Today], dict[str, Any]] = lambda _: {}
    told: frozenset[str] = frozenset()
    needs: bool = True
    figures: bool = True
    agreements: bool = True


DESKS = {
    Role.FINANCE_OFFICER: Desk(
        "web/desk_paying.html",
        lambda day: {"to_pay": to_pay(day.agreements, on=day.on), "money": money_waiting()},
        told=frozenset({"unpaid", "due", "confirm"}),
        needs=False,
    ),
    Role.KELURAHAN_OPERATOR: Desk(
        "web/desk_mending.html",
        lambda day: {"mending": mending(day.agreements)},
        told=frozenset({"to_fix"}),
        needs=False,
        figures=False,
        agreements=False,
    ),
    Role.BRANCH_OFFICER: Desk(
        "web/desk_branch.html",
        lambda day: {
            "cities": cities_served(day.agreements),
            "lists": lists_in(),
            "differences": open_differences(on=day.on),
        },
        needs=False,
        figures=False,
        agreements=False,
    ),
    Role.AUDITOR: Desk(
        "web/desk_audit.html",
        lambda _: {"money": latest_money(), "looks": latest_looks()},
        needs=False,
        agreements=False,
    ),
    Role.MAYOR: Desk(
        "web/desk_city.html",
        lambda day: {"six": figures(day), **_by_kecamatan(day)},
        needs=False,
        figures=False,
    ),
}
DESKS[Role.BRANCH_HEAD] = DESKS[Role.BRANCH_OFFICER]
_OFFICERS_DESK = Desk()
"""The city officer's, and of whoever has no desk of his own."""


def _by_kecamatan(day: insight.Today) -> dict[str, Any]:
    """The coverage, and each kecamatan where anybody is enrolled with the percent that is protected."""
    found = coverage(on=day.on)
    areas = [area for area in found.kecamatan if area.figures.enrolled]
    return {
        "coverage": found,
        "kecamatan": [(area, area.figures.percent(Denominator.ENROLLED)) for area in areas],
    }


@require_safe
@never_cache
@require(Permission.SEE_TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """Show the day's page."""
    return shown(request)


def shown(request: HttpRequest, *, wrong: Wrong | None = None) -> HttpResponse:
    """The day's page; with `wrong`, the same page says at its agreement why the list was not taken (422)."""
    standing = standing_of(request)
    day = insight.today(on=standing.on)
    desk = _desk_of(standing)
    context = {
        "page": "today",
        "today": day,
        "desk": desk,
        "needs": [need for need in day.needs if need.kind not in desk.told and _is_for(standing, need)],
        "alarms": [
            each for each in day.alarms if standing.appointment and standing.appointment.role in each.whom
        ],
        "cards": [_card(agreement, wrong) for agreement in day.agreements],
        "may_upload": standing.may(Permission.UPLOAD_ROSTER),
        "may_see_rosters": standing.may(Permission.SEE_ROSTERS),
        "may_see_workers": standing.may(Permission.SEE_WORKERS),
        **desk.own(day),
    }
    return render(request, "web/today.html", context, status=422 if wrong else 200)


def _is_for(standing: Standing, need: Need) -> bool:
    return standing.may(need.permission) and standing.actor.user_id not in need.not_for


def _desk_of(standing: Standing) -> Desk:
    role = Role(standing.appointment.role) if standing.appointment else None
    return DESKS.get(role, _OFFICERS_DESK) if role else _OFFICERS_DESK


def _card(agreement: AgreementToday, wrong: Wrong | None) -> Card:
    months = fund_months(agreement)
    legend = tuple(dict.fromkeys(month.state for month in months))
    problem = wrong.text if wrong and wrong.agreement_id == agreement.id else None
    return Card(agreement, months, legend, problem)
