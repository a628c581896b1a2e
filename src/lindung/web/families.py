"""The worker's form F1A with his family: to print, and to add a member of the family."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.identity import places
from lindung.law.text import Text
from lindung.membership import occupations
from lindung.membership.models import Membership
from lindung.people import families
from lindung.people.models import Person, Relation
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, Words, spoken
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of


class RelativeForm(PageForm):
    """One member of the family."""

    relation = forms.ChoiceField(
        label=spoken(Text("Hubungan", "Relation")),
        choices=[(relation.value, spoken(label)) for relation, label in families.LABELS.items()],
    )
    relative_name = Words(label=spoken(Text("Nama lengkap", "Full name")), max_length=200)
    relative_birth_date = Day(label=spoken(Text("Tanggal lahir", "Date of birth")))
    relative_nik = Words(label=spoken(Text("NIK", "NIK")), required=False, max_length=40)


@require_safe
@never_cache
@require(Permission.SEE_WORKERS)
def worker_form(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Form F1A of one worker, to print: the NIK stays masked, the worker writes it on the paper himself."""
    with missing_when_not_in_sight():
        member = Membership.objects.select_related(
            "person", "work", "agreement__sponsor", "agreement__branch", "agreement__paying_office"
        ).get(pk=membership_id)
    person = member.person
    place = places.PLACES.get(person.kelurahan_code)
    context = {
        "member": member,
        "nik_masked": families.masked_nik_of(person),
        "kelurahan": place.name if place else person.kelurahan_code,
        "occupation": occupations.label(member.work.occupation),
        "wage": member.wages.filter(withdrawn__isnull=True).order_by("-since").first(),
        "unit": getattr(member.agreement, "unit", None),
        "family": families.family_of(person.pk),
        "may_change": standing_of(request).may(Permission.CHANGE_MEMBERS),
    }
    return render(request, "web/worker_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.CHANGE_MEMBERS)
def add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Add a member to a worker's family."""
    with missing_when_not_in_sight():
        person = Person.objects.get(pk=person_id)
    form = filled(request, RelativeForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _added(request, person, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"form": form, "person": person, "family": families.family_of(person.pk)}
    return render(request, "web/family.html", context, status=status_of(form))


def _added(request: HttpRequest, person: Person, given: dict[str, Any]) -> Done:
    standing = standing_of(request)
    families.add_member(
        person_id=person.pk,
        relation=Relation(given["relation"]),
        name=given["relative_name"],
        birth_date=given["relative_birth_date"],
        number=given["relative_nik"],
        sponsor_id=standing.scope.sponsor_ids[0],
        by=standing.actor,
        on=standing.on,
    )
    said = Text("{name} dicatat dalam keluarga.", "{name} is recorded in the family.")
    return Done(said.filled(name=given["relative_name"]), "web:family", (person.pk,))
