"""The page that shows a whole NIK once, after its reader said why she needs it."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.engine import clock
from lindung.insight import workers
from lindung.law.text import Text
from lindung.people import revealing
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Faulty, Words, spoken
from lindung.web.sending import PageForm, filled, forget_draft, status_of


class RevealForm(PageForm):
    """Why the number is needed."""

    reason = forms.ChoiceField(
        label=spoken(Text("Untuk apa NIK lengkap diperlukan?", "What is the whole NIK needed for?")),
        choices=[(reason.value, spoken(text)) for reason, text in revealing.REASONS.items()],
        widget=forms.RadioSelect,
    )
    words = Words(
        label=spoken(Text("Penjelasan", "Explanation")),
        help_text=spoken(Text("Tanpa NIK dan nomor telepon.", "Without NIK and telephone numbers.")),
        max_length=revealing.LONGEST_WORDS,
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.REVEAL_NIK)
@stepped_up
def reveal(request: HttpRequest, person_id: int) -> HttpResponse:
    """Ask why and for a fresh code; then show the number on this answer only. Each showing counts and is on the trail."""
    person = next(iter(workers.rows_of([person_id], on=standing_of(request).on)), None)
    if person is None:
        raise Http404("person")
    form = filled(request, RevealForm)
    revealed = _revealed(request, form, person_id) if request.method == "POST" and form.is_valid() else None
    if revealed:
        forget_draft(request)
    context = {"page": "workers", "person": person, "form": form, "revealed": revealed}
    context["most"] = revealing.MOST_A_DAY
    return render(request, "web/reveal.html", context, status=200 if revealed else status_of(form))


def _revealed(request: HttpRequest, form: RevealForm, person_id: int) -> revealing.Revealed | None:
    try:
        with missing_when_not_in_sight():
            return revealing.reveal(
                person_id=person_id,
                reason=revealing.Reason(form.cleaned_data["reason"]),
                words=form.cleaned_data["words"],
                by=standing_of(request).actor,
                now=clock.now(),
            )
    except revealing.NotRevealed as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, Faulty(refusal.text))
        return None
