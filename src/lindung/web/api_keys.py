"""The pages about keys of other systems: which there are, asking for one, making it once, and taking it away."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access import clients, directory, key_requests
from lindung.access.key_requests import OPENS, Acting
from lindung.access.models import AccountChange, Organisation
from lindung.access.roles import Permission
from lindung.access.scope import Actor
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Faulty, Words, spoken
from lindung.web.language import said
from lindung.web.paging import Pager, asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

NEW_PARTNER, PARTNER, USER = "new", "partner:", "user:"

_ASKED = Text(
    "Usulan kunci tersimpan. Administrator lain menyetujuinya dalam 7 hari; setelah itu kuncinya dibuat.",
    "The request for a key is stored. Another administrator approves it within 7 days; then the key is made.",
)
_REVOKED = Text(
    "Kunci dicabut; tokennya berhenti saat itu juga.", "The key is revoked; its tokens stopped at once."
)
_NAME_IT = Text("Tulis nama sistem mitra yang baru.", "Write the name of the new partner's system.")


class KeyForm(PageForm):
    """A key: for which system, as whom, what it opens, and why."""

    name = Words(
        label=spoken(Text("Nama kunci", "Name of the key")),
        help_text=spoken(
            Text(
                "Sistem yang memakainya; misalnya Sistem kepegawaian.",
                "The system that uses it; for example Personnel.",
            )
        ),
        max_length=120,
    )
    holder = forms.ChoiceField(
        label=spoken(Text("Bertindak sebagai", "Acts as")),
        help_text=spoken(
            Text(
                "Sistem kantor sendiri bertindak sebagai satu pengguna. Sistem mitra hanya melihat kota ini.",
                "A system of your own office acts as one user. A partner's system sees this city only.",
            )
        ),
    )
    partner = Words(
        label=spoken(Text("Nama sistem mitra baru", "Name of the new partner's system")),
        help_text=spoken(
            Text("Hanya bila Anda memilih sistem mitra baru.", "Only when you chose a new partner's system.")
        ),
        max_length=120,
        required=False,
    )
    permissions = forms.MultipleChoiceField(
        label=spoken(Text("Yang boleh dilakukan", "What it may do")),
        help_text=spoken(
            Text(
                "Pilih yang diperlukan saja; tidak pernah lebih dari perannya.",
                "Choose only what is needed; it is never more than the role has.",
            )
        ),
        choices=[(each.value, spoken(label)) for each, label in OPENS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = Words(
        label=spoken(Text("Alasan", "Reason")),
        help_text=spoken(
            Text(
                "Orang kedua membacanya sebelum menyetujui. Sebut nota dinas atau perjanjiannya.",
                "The second person reads it before approving. Name the memo or the contract.",
            )
        ),
        max_length=300,
    )

    def __init__(
        self,
        *args: Any,
        people: list[Acting],
        partners: list[Organisation],
        city: Organisation | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"{USER}{each.user.pk}": each.user for each in people}
        self.partners = {f"{PARTNER}{each.pk}": each for each in partners}
        choices: list[tuple[str, Any]] = [("", spoken(Text("– pilih –", "– choose –")))]
        choices += [
            (f"{USER}{each.user.pk}", f"{each.user.name} ({said(each.role)}, {each.office})")
            for each in people
        ]
        choices += [
            (key, spoken(Text("Sistem mitra {name}", "Partner's system {name}").filled(name=each.name)))
            for key, each in self.partners.items()
        ]
        if city is not None:
            choices.append((NEW_PARTNER, spoken(Text("Sistem mitra baru", "A new partner's system"))))
        field = self.fields["holder"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A new partner has a name; of everybody else what was typed there means nothing."""
        cleaned = super().clean()
        if cleaned.get("holder") == NEW_PARTNER and not cleaned.get("partner"):
            self.add_error("partner", Faulty(_NAME_IT))
        return cleaned

    def opens(self) -> list[Permission]:
        """What was chosen."""
        return [Permission(each) for each in self.cleaned_data["permissions"]]

    def partner_organisation(self, *, city: Organisation | None, by: Actor) -> Organisation:
        """The chosen partner, or the new one of the name that was typed."""
        chosen = self.partners.get(self.cleaned_data["holder"])
        return chosen or key_requests.partner_named(self.cleaned_data["partner"], city=city, by=by)


@require_safe
@never_cache
@require(Permission.MANAGE_USERS)
def api_keys(request: HttpRequest) -> HttpResponse:
    """List the keys of the administrator's house; a secret is never shown here."""
    found = clients.page(number=asked_page(request), on=standing_of(request).on)
    context = {
        "page": "users",
        "keys": found,
        "pager": Pager.of({}, number=found.number, pages=found.pages),
        "to_make": directory.keys_to_make(now=clock.now()),
        "waiting": directory.keys_waiting(now=clock.now()),
    }
    return render(request, "web/api_keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.MANAGE_USERS)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a key; another administrator approves it."""
    standing = standing_of(request)
    city = key_requests.city_among(standing.scope.organisation_ids)
    form = filled(
        request,
        KeyForm,
        people=[
            each
            for each in key_requests.users_for_keys(on=standing.on)
            if each.user.pk != standing.actor.user_id
        ],
        partners=key_requests.partners_of(city) if city else [],
        city=city,
    )
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _asked(request, form, city))
        if answer is not None:
            return answer
    context = {"page": "users", "form": form, "city": city}
    return render(request, "web/api_key_new.html", context, status=status_of(form))


@require_POST
@never_cache
@require(Permission.MANAGE_USERS)
@stepped_up
def make(request: HttpRequest, change_id: int) -> HttpResponse:
    """Make the key of an approved request and show its secret, this once."""
    now = clock.now()
    with missing_when_not_in_sight():
        found = directory.change_in_sight(change_id, now=now)
        context: dict[str, Any] = {"page": "users", "change": found}
        try:
            made = key_requests.make(change_id=change_id, by=standing_of(request).actor, now=now)
        except Refusal as refusal:
            return render(request, "web/api_key_made.html", {**context, "problem": refusal.text}, status=409)
    context |= {"made": made, "opens": key_requests.labels_of(made.permissions)}
    return render(request, "web/api_key_made.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.MANAGE_USERS)
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Show a key and take it away; protective, so one person is enough and it holds at once."""
    with missing_when_not_in_sight():
        found = clients.one(key_id, on=standing_of(request).on)
    form = filled(request, PageForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _revoked(request, found.client_id))
        if answer is not None:
            return answer
    context = {
        "page": "users",
        "form": form,
        "key": found,
        "opens": key_requests.labels_of(found.opens_now),
        "lost": key_requests.labels_of(each for each in found.permissions if each not in found.opens_now),
    }
    return render(request, "web/api_key.html", context, status=status_of(form))


def _asked(request: HttpRequest, form: KeyForm, city: Organisation | None) -> Done:
    return Done(_ASKED, "web:user_change", (_request(request, form, city).pk,))


def _request(request: HttpRequest, form: KeyForm, city: Organisation | None) -> AccountChange:
    given, by, now = form.cleaned_data, standing_of(request).actor, clock.now()
    user = form.people.get(given["holder"])
    if user is not None:
        return key_requests.ask_for_user(
            name=given["name"], user=user, permissions=form.opens(), reason=given["reason"], by=by, now=now
        )
    return key_requests.ask_for_partner(
        name=given["name"],
        partner=form.partner_organisation(city=city, by=by),
        city=city,
        permissions=form.opens(),
        reason=given["reason"],
        by=by,
        now=now,
    )


def _revoked(request: HttpRequest, client_id: str) -> Done:
    clients.revoke(client_id=client_id, by=standing_of(request).actor, now=clock.now())
    return Done(_REVOKED, "web:api_keys")
