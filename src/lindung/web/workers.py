"""The page of a worker: protected today or not, by what, until when, paid by whom, and what comes next."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.claims import determined
from lindung.claims.answered import answer_on
from lindung.insight import own_purses
from lindung.notices import listing
from lindung.people import families
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.months import answer_look, calendar_of

EARLIEST, LATEST = date(2015, 7, 1), date(2100, 12, 31)
"""Since PP 44/2015 there is law to answer by; beyond the next generation nobody needs an answer."""


@require_safe
@never_cache
@require(Permission.SEE_WORKERS)
def worker(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show the cover of one person, today or on another date (`?on=2026-03-01`)."""
    asked = request.GET.get("on", "")
    on = _date(asked)
    day = on or standing_of(request).on
    with missing_when_not_in_sight():
        answer = answer_on(person_id, on=day, today=standing_of(request).on)
    found = answer.cover
    context = {
        "page": "workers",
        "cover": found,
        "other": answer.other,
        "reasons": answer.reasons,
        "look": answer_look(found.state),
        "determined": answer.determined,
        "summed": determined.sums_of(answer.determined),
        "death": answer.death,
        "recorded_death": answer.recorded,
        "family": families.family_of(person_id),
        "calendars": [calendar_of(work) for work in found.works],
        "purses": own_purses.purses_of(
            [work.membership_id for work in found.works if work.pays_alone], on=day
        ),
        "notices": listing.of_person(person_id) if standing_of(request).may(Permission.SEE_NOTICES) else None,
        "wrong_date": bool(asked) and on is None,
        "may_change": standing_of(request).may(Permission.CHANGE_MEMBERS),
    }
    return render(request, "web/worker.html", context, status=422 if context["wrong_date"] else 200)


def _date(asked: str) -> date | None:
    try:
        on = date.fromisoformat(asked)
    except ValueError:
        return None
    return on if EARLIEST <= on <= LATEST else None
