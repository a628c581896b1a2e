"""Buttons without a form behind them: what they do is safe to do twice, and a refusal is said on the page they lead to."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lindung.engine.refusals import Refusal
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.language import said
from lindung.web.sending import Done


def done_or_back(request: HttpRequest, roster_id: int, act: Callable[[], Done]) -> HttpResponse:
    """Do it and say so; or, refused, go back to the list and say why."""
    try:
        with missing_when_not_in_sight(), transaction.atomic():
            done = act()
    except Refusal as refusal:
        messages.error(request, said(refusal.text))
        return redirect("web:roster", roster_id)
    messages.success(request, said(done.text))
    return redirect(done.to, *done.args)
