"""The pages of notices: where each stands, what to do about one that went wrong, letters on paper, the switch."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import Standing, require, standing_of
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.identity.places import PLACES
from lindung.law.text import Text
from lindung.notices import letters, listing, outbox, switching
from lindung.notices.models import CHANNEL_NAMES, STATE_NAMES, Channel, State
from lindung.notices.set_up import NotReadable
from lindung.notices.ways import ways
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Words, spoken
from lindung.web.paging import Pager, asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of

_LOOK = {
    State.WAITING: ("is-note", "wait"),
    State.NO_CHANNEL: ("is-fix", "fix"),
    State.SENDING: ("is-note", "wait"),
    State.SENT: ("is-good", "good"),
    State.FAILED: ("is-fix", "wait"),
    State.UNKNOWN: ("is-fix", "eye"),
    State.GIVEN_UP: ("is-stop", "stop"),
    State.CANCELLED: ("soft", "skip"),
    State.PRINTED: ("is-note", "list"),
    State.HANDED_OVER: ("is-good", "good"),
}
_STEPS = {
    State.WAITING: Text("Kirim lagi", "Send again"),
    State.SENT: Text("Sudah sampai", "It has arrived"),
    State.CANCELLED: Text("Batalkan", "Cancel"),
}


class Tab(NamedTuple):
    """One state with how many stand in it."""

    label: Text
    rows: int
    address: str
    chosen: bool


class Shown(NamedTuple):
    """A notice with the colour and the picture of its state."""

    line: listing.Line
    colour: str
    icon: str


class DecisionForm(PageForm):
    """What becomes of a notice; all but sending it again needs a reason."""

    step = forms.ChoiceField(label=spoken(Text("Keputusan", "Decision")), widget=forms.RadioSelect)
    reason = Words(
        label=spoken(Text("Alasan", "Reason")),
        help_text=spoken(
            Text(
                "Tidak perlu untuk mengirim lagi. Tanpa NIK dan nomor telepon.",
                "Not needed for sending again. Without NIK and telephone numbers.",
            )
        ),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, steps: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(state.value, spoken(label)) for state, label in _STEPS.items() if state in steps]
        self.fields["step"].choices = offered  # type: ignore[attr-defined]  # a choice field, as declared above


class SettingForm(PageForm):
    """Whether people are told, by which channels, and in which hours nothing leaves."""

    is_on = forms.ChoiceField(
        label=spoken(Text("Pemberitahuan", "Notices")),
        choices=[
            ("no", spoken(Text("Mati: tidak ada yang diberi tahu", "Off: nobody is told"))),
            ("yes", spoken(Text("Nyala", "On"))),
        ],
        widget=forms.RadioSelect,
    )
    channels = forms.MultipleChoiceField(
        label=spoken(Text("Saluran", "Channels")),
        help_text=spoken(
            Text(
                "Dicoba dari atas ke bawah: yang pertama bisa dipakai untuk orang itu.",
                "From top to bottom: the first that reaches the person is used.",
            )
        ),
        choices=[
            (channel, spoken(CHANNEL_NAMES[Channel(channel)])) for channel in switching.Setting().channels
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    quiet_from = forms.TypedChoiceField(label=spoken(Text("Jam tenang mulai", "Quiet from")), coerce=int)
    quiet_until = forms.TypedChoiceField(label=spoken(Text("Jam tenang sampai", "Quiet until")), coerce=int)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("quiet_from", "quiet_until"):
            hours = [(hour, f"{hour:02}.00") for hour in range(24)]
            self.fields[name].choices = hours  # type: ignore[attr-defined]  # a choice field, as declared above


class HandOverForm(PageForm):
    """Who took the printed letters of a kelurahan."""

    to = Words(
        label=spoken(Text("Diserahkan kepada", "Handed over to")),
        help_text=spoken(
            Text("Nama orang atau kantornya, tanpa NIK.", "Name of person or office, without NIK.")
        ),
        max_length=120,
    )


@require_safe
@never_cache
@require(Permission.SEE_NOTICES)
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices by state, newest first."""
    return _listed(request)


@require_POST
@never_cache
@require(Permission.SEND_NOTICES)
def notices_again(request: HttpRequest) -> HttpResponse:
    """Send once more everything that was given up, after the cause is mended."""
    form = PageForm(request.POST)
    if form.is_valid():
        answer = carried_out(request, form, lambda: _all_again(request))
        if answer is not None:
            return answer
    return _listed(request, form=form)


@require_safe
@never_cache
@require(Permission.SEE_NOTICES)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show one notice: what it says, to whom, how far it came."""
    with missing_when_not_in_sight():
        line = listing.one(notice_id)
    return render(request, "web/notice.html", {"page": "notices", "shown": _shown(line)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEND_NOTICES)
def notice_decide(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Decide what becomes of one that waits, failed, or whose end nobody knows."""
    with missing_when_not_in_sight():
        line = listing.one(notice_id)
    form = filled(request, DecisionForm, steps=line.steps)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _decided(request, notice_id, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"page": "notices", "shown": _shown(line), "form": form}
    return render(request, "web/notice_decide.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEND_NOTICES)
def notices_setting(request: HttpRequest) -> HttpResponse:
    """Switch notices on or off, and say how they go."""
    held = switching.setting_of(_city(request))
    initial = {**held._asdict(), "is_on": "yes" if held.is_on else "no"}
    form = filled(request, SettingForm, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _switched(request, form.cleaned_data))
        if answer is not None:
            return answer
    context = {"page": "notices", "form": form, "held": held, **_not_set_up(held)}
    return render(request, "web/notices_setting.html", context, status=status_of(form))


@require_safe
@never_cache
@require(Permission.SEE_NOTICES)
def notice_letters(request: HttpRequest) -> HttpResponse:
    """Show the letters by kelurahan."""
    return _letters(request)


@require_POST
@never_cache
@require(Permission.SEND_NOTICES)
def letters_print(request: HttpRequest, within: str) -> HttpResponseBase:
    """Hand out one file with the letters that wait in a kelurahan (`lagi=1`: those printed before)."""
    standing = standing_of(request)
    try:
        made = letters.print_letters(
            sponsor_id=_city(request),
            kelurahan_code=_known(within),
            again=request.POST.get("lagi") == "1",
            by=standing.actor,
            now=clock.now(),
            on=standing.on,
        )
    except Refusal as refusal:
        return _letters(request, wrong=refusal.text)
    return FileResponse(
        iter([made.content]), as_attachment=True, filename=made.name, content_type="application/pdf"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEND_NOTICES)
def letters_hand_over(request: HttpRequest, within: str) -> HttpResponse:
    """Record who took the printed letters of a kelurahan."""
    code = _known(within)
    form = filled(request, HandOverForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _handed_over(request, code, form.cleaned_data["to"]))
        if answer is not None:
            return answer
    context = {"page": "notices", "form": form, "kelurahan": letters.name_of(code)}
    return render(request, "web/letters_hand_over.html", context, status=status_of(form))


def _listed(request: HttpRequest, *, form: PageForm | None = None) -> HttpResponse:
    standing, state = standing_of(request), request.GET.get("keadaan", "")
    counted = listing.counts()
    state = state if state in State.values else ""
    there = counted.get(state, 0) if state else sum(counted.values())
    page = listing.listed(state=state, number=asked_page(request), there=there)
    may_send = standing.may(Permission.SEND_NOTICES)
    context = {
        "page": "notices",
        "tabs": list(_tabs(counted, state)),
        "found": [_shown(line) for line in page.lines],
        "pager": Pager.of({"keadaan": state}, number=page.number, pages=page.pages),
        "chosen": state,
        "given_up": counted.get(State.GIVEN_UP, 0) if may_send else 0,
        "form": form or PageForm(),
        "refused": form is not None,
        "setting": switching.setting_of(_city(request)) if may_send else None,
    }
    return render(request, "web/notices.html", context, status=200 if form is None else 409)


def _tabs(counted: dict[str, int], chosen: str) -> list[Tab]:
    found = [Tab(Text("Semua", "All"), sum(counted.values()), "?", not chosen)]
    for state, label in STATE_NAMES.items():
        if state in counted or state == chosen:
            address = "?" + urlencode({"keadaan": state.value})
            found.append(Tab(label, counted.get(state, 0), address, state == chosen))
    return found


def _letters(request: HttpRequest, *, wrong: Text | None = None) -> HttpResponse:
    context = {
        "page": "notices",
        "places": letters.places(),
        "may_send": standing_of(request).may(Permission.SEND_NOTICES),
        "wrong": wrong,
    }
    return render(request, "web/notice_letters.html", context, status=409 if wrong else 200)


def _shown(line: listing.Line) -> Shown:
    return Shown(line, *_LOOK[State(line.notice.state)])


def _all_again(request: HttpRequest) -> Done:
    count = outbox.try_all_again(by=standing_of(request).actor, now=clock.now(), sponsor_id=_city(request))
    return Done(
        Text("{n} pemberitahuan dikirim lagi.", "{n} notices are sent again.").filled(n=count), "web:notices"
    )


def _decided(request: HttpRequest, notice_id: int, given: dict[str, Any]) -> Done:
    by, now = standing_of(request).actor, clock.now()
    if given["step"] == State.WAITING:
        outbox.try_again(notice_id=notice_id, by=by, now=now)
    elif given["step"] == State.CANCELLED:
        outbox.cancel(notice_id=notice_id, reason=given["reason"], by=by, now=now)
    else:
        outbox.arrived(notice_id=notice_id, reason=given["reason"], by=by, now=now)
    return Done(Text("Keputusan tercatat.", "The decision is recorded."), "web:notice", (notice_id,))


def _switched(request: HttpRequest, given: dict[str, Any]) -> Done:
    is_on = given["is_on"] == "yes"
    switching.switch(
        sponsor_id=_city(request),
        is_on=is_on,
        channels=given["channels"],
        quiet_from=given["quiet_from"],
        quiet_until=given["quiet_until"],
        revision=given["revision"],
        by=standing_of(request).actor,
        now=clock.now(),
    )
    return Done(_ON if is_on else _OFF, "web:notices")


def _handed_over(request: HttpRequest, code: str, to: str) -> Done:
    count = letters.hand_over(
        sponsor_id=_city(request),
        kelurahan_code=code,
        to=to,
        by=standing_of(request).actor,
        now=clock.now(),
    )
    return Done(
        Text("{n} surat tercatat diserahkan.", "{n} letters are recorded as handed over.").filled(n=count),
        "web:notice_letters",
    )


def _not_set_up(held: switching.Setting) -> dict[str, Any]:
    """The channels that are chosen and not there; or what is wrong with the setting of the server."""
    try:
        there = {*ways(), Channel.LETTER}
    except NotReadable as trouble:
        return {"missing": [], "broken": trouble.text}
    missing = [CHANNEL_NAMES[Channel(each)] for each in held.channels if each not in there]
    return {"missing": missing, "broken": None}


def _city(request: HttpRequest) -> int:
    """The one city for which the officer works."""
    standing: Standing = standing_of(request)
    if len(standing.scope.sponsor_ids) != 1:
        raise Http404("city")
    return standing.scope.sponsor_ids[0]


def _known(within: str) -> str:
    if within not in PLACES:
        raise Http404("kelurahan")
    return within


_ON = Text("Pemberitahuan menyala.", "Notices are on.")
_OFF = Text(
    "Pemberitahuan mati. Yang menunggu ditahan sampai dinyalakan lagi.",
    "Notices are off. What waits is held until they are on again.",
)
