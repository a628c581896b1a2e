"""The page of background tasks: what waits, runs and failed, the calendar of the house, and what to do about a failure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.engine import clock
from lindung.jobs import calendar, closing, waiting
from lindung.law.text import Text
from lindung.web.fields import Words, spoken
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of


class ClosingForm(PageForm):
    """Why a failed task need not be done any more."""

    reason = Words(
        label=spoken(Text("Alasan", "Reason")),
        help_text=spoken(Text("Tanpa NIK dan nomor telepon.", "Without NIK and telephone numbers.")),
        max_length=200,
    )


@require_safe
@never_cache
@require(Permission.SEE_JOBS)
def tasks(request: HttpRequest) -> HttpResponse:
    """Show what failed, what runs and waits, and what comes next."""
    return _listed(request)


@require_POST
@never_cache
@require(Permission.SEE_JOBS)
def task_again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Put a failed task back into the queue."""
    form = PageForm(request.POST)
    if form.is_valid():
        answer = carried_out(request, form, lambda: _again(request, job_id))
        if answer is not None:
            return answer
    return _listed(request, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEE_JOBS)
def task_close(request: HttpRequest, job_id: int) -> HttpResponse:
    """Close a failed task with a reason."""
    form = filled(request, ClosingForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _closed(request, job_id, form.cleaned_data["reason"]))
        if answer is not None:
            return answer
    context = {
        "page": "tasks",
        "form": form,
        "task": next((each for each in waiting.failed() if each.id == job_id), None),
    }
    return render(request, "web/task_close.html", context, status=status_of(form))


def _listed(request: HttpRequest, *, form: PageForm | None = None) -> HttpResponse:
    context = {
        "page": "tasks",
        "failed": waiting.failed(),
        "waiting": waiting.waiting(),
        "by_itself": calendar.by_itself(now=clock.now()),
        "of_the_month": calendar.of_the_month(on=standing_of(request).on),
        "form": form or PageForm(),
        "refused": form is not None,
    }
    return render(request, "web/tasks.html", context, status=200 if form is None else 409)


def _again(request: HttpRequest, job_id: int) -> Done:
    closing.try_again(job_id=job_id, by=standing_of(request).actor, now=clock.now())
    return Done(Text("Pekerjaan menunggu lagi.", "The task waits again."), "web:tasks")


def _closed(request: HttpRequest, job_id: int, reason: str) -> Done:
    closing.close(job_id=job_id, reason=reason, by=standing_of(request).actor, now=clock.now())
    return Done(Text("Pekerjaan ditutup.", "The task is closed."), "web:tasks")
