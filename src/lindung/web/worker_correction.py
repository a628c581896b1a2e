"""The page on which an officer puts right the name, birth or sex of a worker, and sees what was put right before."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.engine import clock
from lindung.law.text import Text
from lindung.people import correcting, families
from lindung.people.models import Person, Sex
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, Words, spoken
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_SEXES = {Sex.FEMALE: Text("Perempuan", "Female"), Sex.MALE: Text("Laki-laki", "Male")}


class CorrectionForm(PageForm):
    """A worker's identity as it should be, and why it is changed."""

    name = Words(
        label=spoken(Text("Nama seperti di KTP", "Name as on the identity card")),
        max_length=correcting.LONGEST_NAME,
    )
    birth_place = Words(
        label=spoken(Text("Tempat lahir", "Birth place")), required=False, max_length=correcting.LONGEST_PLACE
    )
    birth_date = Day(label=spoken(Text("Tanggal lahir", "Date of birth")))
    card_seen = forms.BooleanField(
        label=spoken(
            Text(
                "Saya sudah melihat KTP atau KK: tanggal lahirnya memang begini, walau lain dari NIK",
                "I have seen the identity or family card: it says this birth date, though the NIK says another",
            )
        ),
        required=False,
    )
    sex = forms.ChoiceField(
        label=spoken(Text("Jenis kelamin", "Sex")),
        choices=[(sex.value, spoken(label)) for sex, label in _SEXES.items()],
    )
    reason = Words(
        label=spoken(Text("Alasan pembetulan", "Reason of the correction")),
        help_text=spoken(Text("Tanpa NIK dan nomor telepon.", "Without NIK and telephone numbers.")),
        max_length=correcting.LONGEST_REASON,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def correct(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show what the register says of a worker, and put it right."""
    with missing_when_not_in_sight():
        person = Person.objects.get(pk=person_id)
    now = correcting.identity_of(person)._asdict()
    initial = {**now, "revision": correcting.revision_of(person_id)}
    form = filled(request, CorrectionForm, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _corrected(request, person_id, form.cleaned_data))
        if answer is not None:
            return answer
    context = {
        "page": "workers",
        "person": person,
        "nik_masked": families.masked_nik_of(person),
        "corrections": correcting.corrections_of(person_id),
        "form": form,
    }
    return render(request, "web/worker_correct.html", context, status=status_of(form))


def _corrected(request: HttpRequest, person_id: int, given: dict[str, Any]) -> Done:
    standing = standing_of(request)
    correcting.correct(
        person_id=person_id,
        to=correcting.Identity(given["name"], given["birth_place"], given["birth_date"], given["sex"]),
        reason=given["reason"],
        revision=given["revision"],
        by=standing.actor,
        now=clock.now(),
        on=standing.on,
        card_seen=given["card_seen"],
    )
    return Done(_CORRECTED, "web:worker", (person_id,))


_CORRECTED = Text(
    "Data pekerja dibetulkan. Yang lama tetap tercatat.",
    "The worker's data are put right. What they were stays on record.",
)
