"""What an administrator fills in: an invitation, another role, or a reason for a change of an account."""

from datetime import date
from typing import Any

from django import forms

from lindung.access.appointing import PLACES
from lindung.access.models import Organisation, OrganisationKind, Role
from lindung.access.roles import ROLES
from lindung.identity.places import PLACES as KELURAHAN
from lindung.law.text import Text
from lindung.web.fields import Day, Faulty, Words, spoken
from lindung.web.sending import PageForm

_NO_PLACE = Text("Pilih kelurahan tempat operator ini bekerja.", "Choose the kelurahan of this operator.")
_ODD_NAME = Text(
    "Nama pengguna hanya huruf kecil, angka, titik dan garis; misalnya siti.disnaker.",
    "A user name has lower-case letters, digits, dots and dashes only; for example siti.disnaker.",
)
_EMPTY = ("", spoken(Text("– pilih –", "– choose –")))


class ReasonForm(PageForm):
    """A change without a role: from when, and why."""

    since = Day(
        label=spoken(Text("Berlaku mulai", "Holds from")),
    )
    reason = Words(
        label=spoken(Text("Alasan", "Reason")),
        help_text=spoken(
            Text(
                "Orang kedua membacanya sebelum menyetujui. Sebut nota dinas atau suratnya.",
                "The second person reads it before approving. Name the memo or letter.",
            )
        ),
        max_length=300,
    )


class RoleForm(ReasonForm):
    """A role: which, where, from when until when, and why."""

    role = forms.ChoiceField(label=spoken(Text("Peran", "Role")))
    organisation = forms.TypedChoiceField(label=spoken(Text("Kantor", "Office")), coerce=int)
    kelurahan = forms.ChoiceField(
        label=spoken(Text("Kelurahan", "Kelurahan")),
        help_text=spoken(Text("Hanya untuk operator kelurahan.", "For a kelurahan operator only.")),
        required=False,
    )
    until = Day(
        label=spoken(Text("Sampai sebelum tanggal", "Until before")),
        help_text=spoken(Text("Kosongkan bila belum tahu.", "Leave empty when not known.")),
        required=False,
    )

    field_order = ("name", "username", "role", "organisation", "kelurahan", "since", "until", "reason")

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = {office.pk: office for office in organisations}
        self.offices = offices
        roles = _roles({OrganisationKind(office.kind) for office in organisations})
        self._offer("role", roles)
        self._offer("organisation", [(str(pk), office.name) for pk, office in offices.items()])
        if Role.KELURAHAN_OPERATOR in (role for role, _ in roles):
            self._offer("kelurahan", _places())
        else:
            del self.fields["kelurahan"]  # nobody here works in a kelurahan

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [_EMPTY, *choices]

    def clean(self) -> dict[str, Any]:
        """An operator has a kelurahan; for everybody else what was chosen there means nothing."""
        cleaned = super().clean()
        is_operator = cleaned.get("role") == Role.KELURAHAN_OPERATOR
        if is_operator and not cleaned.get("kelurahan"):
            self.add_error("kelurahan", Faulty(_NO_PLACE))
        cleaned["kelurahan"] = cleaned.get("kelurahan", "") if is_operator else ""
        return cleaned

    def office(self) -> Organisation:
        """The chosen office."""
        return self.offices[self.cleaned_data["organisation"]]


class InvitationForm(RoleForm):
    """A new user: who, and the role she is to hold."""

    name = Words(label=spoken(Text("Nama lengkap", "Full name")), max_length=120)
    username = Words(
        label=spoken(Text("Nama pengguna", "User name")),
        help_text=spoken(
            Text(
                "Dipakai untuk masuk; misalnya siti.disnaker.", "To sign in with; for example siti.disnaker."
            )
        ),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_username(self) -> str:
        """In lower case, without signs that are easily mistyped. Raises Faulty."""
        name = str(self.cleaned_data["username"]).lower()
        if (
            not name[:1].isalnum()
            or not all(sign.isalnum() or sign in "._-" for sign in name)
            or not name.isascii()
        ):
            raise Faulty(_ODD_NAME)
        return name


def starting(on: date) -> dict[str, Any]:
    """What stands in these forms when they are opened."""
    return {"since": on}


def _roles(kinds: set[OrganisationKind]) -> list[tuple[str, Any]]:
    """The roles of people that can be held at one of these offices; a partner's system is given a key."""
    fitting = (role for role, duties in ROLES.items() if duties.may and PLACES[role] & kinds)
    return [(role.value, spoken(ROLES[role].label)) for role in fitting if role != Role.INTEGRATOR]


def _places() -> list[tuple[str, str]]:
    ordered = sorted(KELURAHAN.values(), key=lambda place: place.name)
    return [(place.code, f"{place.name} ({place.kecamatan})") for place in ordered]
