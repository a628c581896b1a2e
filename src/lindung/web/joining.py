"""The page behind a link on paper: the invited, or whoever forgot a password, sets one; then signing in starts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access import guessing, joining
from lindung.access.joining import LinkSpent, Offer
from lindung.access.models import User
from lindung.engine import clock
from lindung.engine.refusals import explained
from lindung.law.text import Text
from lindung.web.fields import Faulty, spoken
from lindung.web.language import said

_NOT_THE_SAME = Text(
    "Dua isian kata sandi tidak sama. Ketik ulang keduanya.", "The two passwords differ. Type both again."
)
_STORED = Text(
    "Kata sandi tersimpan. Masuk dengan nama pengguna {username}.",
    "The password is stored. Sign in with the user name {username}.",
)
_TOO_MANY = Text(
    "Terlalu banyak tautan dibuka dari jaringan ini. Tunggu beberapa menit, lalu buka lagi.",
    "Too many links were opened from this network. Wait a few minutes, then open it again.",
)
_NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class PasswordForm(forms.Form):
    """A new password, twice."""

    kept_from_before = False

    password1 = forms.CharField(
        label=spoken(Text("Kata sandi baru", "New password")),
        help_text=spoken(
            Text(
                "Beberapa kata yang tidak berkaitan, paling sedikit 12 huruf; bukan nama kota atau kantor.",
                "Several words that have nothing in common, 12 letters at least; not the city or the office.",
            )
        ),
        widget=_NEW_PASSWORD,
        strip=False,
        max_length=200,
    )
    password2 = forms.CharField(
        label=spoken(Text("Ulangi kata sandi baru", "Repeat the new password")),
        widget=_NEW_PASSWORD,
        strip=False,
        max_length=200,
    )

    def __init__(self, data: Any = None, *, offer: Offer) -> None:
        super().__init__(data, label_suffix="")
        self.offer = offer

    def clean_password1(self) -> str:
        """A password that is not a common one, nor made of this person's name. Raises ValidationError."""
        password = str(self.cleaned_data["password1"])
        validate_password(password, User(username=self.offer.username, name=self.offer.name))
        return password

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", Faulty(_NOT_THE_SAME))
        return cleaned


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by the link, once; looking at the page uses nothing up."""
    now = clock.now()
    if not guessing.may_open_link(request.META.get("REMOTE_ADDR", ""), now=now):
        return _stopped(request, _TOO_MANY, status=429)
    try:
        offer = joining.opened(token, now=now)
        form = PasswordForm(request.POST if request.method == "POST" else None, offer=offer)
        if form.is_bound and form.is_valid() and _accepted(request, token, form):
            return redirect("account_login")
    except LinkSpent as spent:
        return _stopped(request, spent.text, status=410)
    return render(
        request, "web/join.html", {"form": form, "offer": offer}, status=422 if form.is_bound else 200
    )


def _accepted(request: HttpRequest, token: str, form: PasswordForm) -> bool:
    try:
        with transaction.atomic():
            user = joining.accept(
                token, password=form.cleaned_data["password1"], now=clock.now(), today=clock.today()
            )
    except IntegrityError as error:
        sentence = explained(error)
        if sentence is None:
            raise
        form.add_error(None, Faulty(sentence))
        return False
    messages.success(request, said(_STORED.filled(username=user.username)))
    return True


def _stopped(request: HttpRequest, text: Text, *, status: int) -> HttpResponse:
    return render(request, "web/join_stopped.html", {"text": text}, status=status)
