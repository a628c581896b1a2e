"""How a page takes what somebody sends: filled in again after a fault, carried out once, never lost on the way.

A view with a form reads:

    form = filled(request, RecordForm, initial={...})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _stored(form.cleaned_data, ...))
        if answer is not None:
            return answer
    return render(request, "web/leave.html", {"form": form}, status=status_of(form))
"""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from lindung.access import drafts
from lindung.access.once import LONGEST_KEY, once
from lindung.access.standing import standing_of
from lindung.engine.refusals import Refusal, explained
from lindung.law.text import Text
from lindung.web.fields import Faulty
from lindung.web.language import said

ONCE, REVISION = "once", "revision"

_STALE = Text(
    "Halaman ini sudah lama terbuka. Periksa isiannya, lalu kirim lagi.",
    "This page was open for long. Check what it says and send it again.",
)


class PageForm(forms.Form):
    """A form of ours: it is carried out once for each time its page was opened, whatever is pressed twice."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_KEY, required=False)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, label_suffix="", **kwargs)
        self.fields[ONCE].initial = secrets.token_urlsafe(18)
        self.kept_from_before = False

    def clean(self) -> dict[str, Any]:
        """A page sent without its token would not be safe against a second press."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get(ONCE):
            raise Faulty(_STALE)
        return cleaned


F = TypeVar("F", bound=PageForm)


class Done(NamedTuple):
    """What was done, in a sentence, and the page to go to next."""

    text: Text
    to: str
    args: tuple[object, ...] = ()


def filled(
    request: HttpRequest, kind: type[F], *, initial: Mapping[str, Any] | None = None, **more: Any
) -> F:
    """The form with what was sent; or, when the page is opened, with what was typed before and not sent."""
    if request.method == "POST":
        return kind(request.POST, request.FILES, initial=initial, **more)
    typed = _kept(request)
    form = kind(initial={**(initial or {}), **typed}, **more)
    form.kept_from_before = bool(typed)
    return form


def carried_out(request: HttpRequest, form: PageForm, act: Callable[[], Done]) -> HttpResponse | None:
    """Do it once, then go to the next page with the sentence; None when it was refused: the form then says why."""
    user = standing_of(request).user
    if user is None:
        raise Http404("nobody acts")
    order = json.dumps([request.path, sorted(request.POST.lists()), _files(request)]).encode()
    try:
        with transaction.atomic():
            answer, _ = once(
                user_id=user.pk,
                key=f"page:{form.cleaned_data[ONCE]}"[:LONGEST_KEY],
                order=order,
                act=lambda: _told(act()),
            )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, Faulty(refusal.text))
        return None
    except IntegrityError as error:
        sentence = explained(error)
        if sentence is None:
            raise
        form.add_error(None, Faulty(sentence))
        return None
    except ObjectDoesNotExist as error:
        raise Http404(type(error).__qualname__) from error
    forget_draft(request)
    told = json.loads(answer)
    messages.success(request, said(Text(*told["text"])))
    return redirect(told["to"])


def status_of(form: PageForm) -> int:
    """422 for a page that comes back with a fault, 200 for one that was opened."""
    return 422 if form.is_bound else 200


def keep_draft(request: HttpRequest, *, page: str, now: Any) -> bool:
    """Keep what a page holds and was not sent; files and secrets are not kept."""
    user = standing_of(request).user
    return user is not None and drafts.keep(
        user_id=user.pk, page=page, fields=drafts.typed(request.POST), now=now
    )


def forget_draft(request: HttpRequest) -> None:
    """What the page held was sent: nothing of it is kept any more."""
    user = standing_of(request).user
    if user is not None:
        drafts.forget(user_id=user.pk, page=request.path)


def _kept(request: HttpRequest) -> dict[str, Any]:
    user = standing_of(request).user
    if user is None:
        return {}
    fields = drafts.kept(user_id=user.pk, page=request.path)
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _files(request: HttpRequest) -> list[tuple[str, int]]:
    sent = [(name, file) for name in request.FILES for file in request.FILES.getlist(name)]
    return sorted((name, file.size or 0) for name, file in sent)


def _told(done: Done) -> str:
    return json.dumps({"text": [done.text.id, done.text.en], "to": resolve_url(done.to, *done.args)})
