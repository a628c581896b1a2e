"""The first page: the day's, or for those who have no part in the day's work, their own."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from lindung.access.roles import Permission
from lindung.access.standing import standing_of
from lindung.web import today


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Show the day; lead an administrator to the users."""
    standing = standing_of(request)
    if standing.may(Permission.MANAGE_USERS) and not standing.may(Permission.SEE_TODAY):
        return redirect("web:users")
    return today.today(request)
