"""The pages of money nobody has claimed: the queue with what each line may be for, and one line on its own."""

import re
from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.contributions import accepting, match_runs
from lindung.contributions import statement_pages as room
from lindung.contributions.accepting import Part
from lindung.contributions.statement_records import LineState
from lindung.engine import clock
from lindung.engine.refusals import Refusal, explained
from lindung.law.text import Text
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.fields import Day, Rupiah, Words, spoken
from lindung.web.language import counted, said
from lindung.web.paging import Pager, asked_page
from lindung.web.sending import Done, PageForm, carried_out, filled, status_of


class SearchForm(forms.Form):
    """Which lines to look at; sent in the address."""

    kept_from_before = None

    jumlah = Rupiah(required=False, label=spoken(Text("Jumlah (rupiah)", "Amount (rupiah)")))
    tanggal = Day(required=False, label=spoken(Text("Tanggal masuk", "Day it came")))


class AsideForm(PageForm):
    """Why a line is put out of the queue."""

    reason = Words(
        max_length=accepting.LONGEST_REASON,
        label=spoken(Text("Alasan", "Reason")),
        help_text=spoken(
            Text(
                "Misalnya: salah kirim, akan dikembalikan. Tanpa NIK.",
                "For example: sent by mistake, will be returned. No NIK.",
            )
        ),
    )


class SplitForm(PageForm):
    """A line's money over several bills, each on a line of its own."""

    parts = forms.CharField(
        label=spoken(Text("Kode tagihan dan jumlah", "Bill codes and amounts")),
        help_text=spoken(
            Text(
                "Satu tagihan per baris, misalnya LND000012 33.600. Jumlah semuanya harus sama dengan uang baris ini.",
                "One bill on each line, such as LND000012 33.600. Together they must be the money of this line.",
            )
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
    )


_PART = re.compile(
    r"\s*(LND[0-9]{6,12})\s+(?:Rp\.?\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,15})\s*", re.IGNORECASE
)
_UNREAD = Text(
    "Baris {text} tidak terbaca. Tulis kode tagihan, spasi, lalu rupiah bulat.",
    "The line {text} cannot be read. Write the code of a bill, a space, then whole rupiah.",
)
_UNKNOWN = Text("Tidak ada tagihan {code}. Periksa kodenya.", "There is no bill {code}. Check the code.")
_MATCHED = Text(
    "Uangnya masuk ke kantong yang dipilih; {n} tagihan lunas.",
    "The money is in its purse; {n} bills are paid.",
)
_LINKED = Text(
    "Uang ini dicatat sebagai SP2D yang sudah ada; tidak dihitung dua kali.",
    "This money is the SP2D recorded before; it is counted once.",
)
_ALL = Text(
    "{n} baris dicocokkan, {left} dilewati karena sudah berubah.",
    "{n} lines are matched, {left} were passed over because they changed.",
)
_BEGUN = Text(
    "{n} baris sedang dicocokkan. Halaman ini boleh ditutup.",
    "{n} lines are being matched. You may close this page.",
)
_ASIDE = Text("Baris disisihkan dengan alasannya.", "The line is set aside with its reason.")
_BACK = Text("Baris menunggu lagi.", "The line waits again.")


class Unread(Refusal):
    """What was typed names no bill and amount."""

    code = "line.parts_unread"


@require_safe
@never_cache
@require(Permission.SEE_MONEY)
def queue(request: HttpRequest) -> HttpResponse:
    """Show the money nobody has claimed, oldest first, each line with what it may be for."""
    form = SearchForm(request.GET or None, label_suffix="")
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    aside = request.GET.get("keadaan") == "disisihkan"
    found = room.queue(
        amount=asked.get("jumlah"), on=asked.get("tanggal"), aside=aside, number=asked_page(request)
    )
    kept = {name: request.GET.get(name, "")[:40] for name in ("jumlah", "tanggal", "keadaan")}
    context = {
        "page": "unmatched",
        "found": found,
        "search": form,
        "aside": aside,
        "searched": any(asked.values()),
        "some_exact": found.exact is None or found.exact > 0,
        "pager": Pager.of(kept, number=found.number, pages=found.pages),
        "may_match": standing_of(request).may(Permission.MATCH_MONEY),
    }
    return render(request, "web/unmatched.html", context | _runs(match_runs.newest()))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEE_MONEY)
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Show one line with all it may be for; take how its money is split over bills."""
    with missing_when_not_in_sight():
        shown = room.line_of(line_id)
    standing = standing_of(request)
    may_match = standing.may(Permission.MATCH_MONEY)
    form = filled(request, SplitForm)
    if request.method == "POST" and may_match and form.is_valid():
        answer = carried_out(request, form, lambda: _split(request, line_id, form.cleaned_data["parts"]))
        if answer is not None:
            return answer
    context = {
        "page": "unmatched",
        "shown": shown,
        "line": shown.line,
        "form": form,
        "payments": room.payments_of(line_id),
        "waits": shown.line.state == LineState.UNMATCHED,
        "may_match": may_match,
    }
    return render(request, "web/bank_line.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.MATCH_MONEY)
def set_aside(request: HttpRequest, line_id: int) -> HttpResponse:
    """Put a line out of the queue, with the reason."""
    with missing_when_not_in_sight():
        shown = room.line_of(line_id)
    form = filled(request, AsideForm)
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _put_aside(request, line_id, form.cleaned_data["reason"]))
        if answer is not None:
            return answer
    context = {"page": "unmatched", "line": shown.line, "form": form}
    return render(request, "web/bank_line_aside.html", context, status=status_of(form))


@require_POST
@never_cache
@require(Permission.MATCH_MONEY)
def accept(request: HttpRequest, line_id: int) -> HttpResponse:
    """Accept the proposal of the pressed button; pressed twice, it is told what became of the line."""
    key = room.read_key(request.POST.get("usul", ""))

    def act() -> Done:
        done = accepting.matched_by(
            line_id=line_id, key=key, bills=(), by=standing_of(request).actor, now=clock.now()
        )
        linked = key is not None and key.payment_id is not None
        return Done(_LINKED if linked else _MATCHED.filled(n=counted(done.bills_paid)), "web:unmatched")

    return _pressed(request, act)


@require_POST
@never_cache
@require(Permission.MATCH_MONEY)
def accept_exact(request: HttpRequest) -> HttpResponse:
    """Accept all exact proposals that stand alone: few of them at once, many beside the page, which shows how far it is."""

    def act() -> Done:
        standing = standing_of(request)
        runs = match_runs.accept_all(
            sponsor_ids=standing.scope.sponsor_ids, by=standing.actor, now=clock.now()
        )
        if any(run.finished_at is None for run in runs):
            lines = sum(run.lines_count for run in runs)
            return Done(_BEGUN.filled(n=counted(lines)), "web:unmatched")
        accepted, left = sum(run.accepted for run in runs), sum(run.passed_over for run in runs)
        return Done(_ALL.filled(n=counted(accepted), left=counted(left)), "web:unmatched")

    return _pressed(request, act)


@require_safe
@never_cache
@require(Permission.SEE_MONEY)
def accept_progress(request: HttpRequest) -> HttpResponse:
    """The part of the queue that shows how far the runs are, asked every other second; the whole page once they end."""
    if not request.headers.get("HX-Request"):
        return redirect("web:unmatched")
    runs = match_runs.newest()
    answer = render(request, "web/match_run_state.html", _runs(runs))
    if not any(run.on_its_way for run in runs):
        answer.headers["HX-Refresh"] = "true"
    return answer


def _runs(runs: Sequence[match_runs.Progress]) -> dict[str, object]:
    return {"runs": runs, "on_its_way": any(run.on_its_way for run in runs), "several": len(runs) > 1}


@require_POST
@never_cache
@require(Permission.MATCH_MONEY)
def take_back(request: HttpRequest, line_id: int) -> HttpResponse:
    """Put a line that was set aside into the queue again."""

    def act() -> Done:
        accepting.take_back(line_id=line_id, by=standing_of(request).actor, now=clock.now())
        return Done(_BACK, "web:bank_line", (line_id,))

    return _pressed(request, act)


def _pressed(request: HttpRequest, act: Callable[[], Done]) -> HttpResponse:
    """Do it and say so; or, refused, go back to the queue and say why."""
    try:
        with missing_when_not_in_sight(), transaction.atomic():
            done = act()
    except Refusal as refusal:
        messages.error(request, said(refusal.text))
        return redirect("web:unmatched")
    except IntegrityError as error:
        sentence = explained(error)
        if sentence is None:
            raise
        messages.error(request, said(sentence))
        return redirect("web:unmatched")
    messages.success(request, said(done.text))
    return redirect(done.to, *done.args)


def _put_aside(request: HttpRequest, line_id: int, reason: str) -> Done:
    accepting.set_aside(line_id=line_id, reason=reason, by=standing_of(request).actor, now=clock.now())
    return Done(_ASIDE, "web:unmatched")


def _split(request: HttpRequest, line_id: int, typed: str) -> Done:
    done = accepting.split(
        line_id=line_id, parts=_parts(typed), by=standing_of(request).actor, now=clock.now()
    )
    return Done(_MATCHED.filled(n=counted(done.bills_paid)), "web:unmatched")


def _parts(typed: str) -> list[Part]:
    """What was typed, each line as a part. Raises Unread."""
    read: list[tuple[str, int]] = []
    for text in filter(str.strip, typed.splitlines()):
        found = _PART.fullmatch(text)
        if found is None:
            raise Unread(_UNREAD.filled(text=text.strip()[:40]), field="parts")
        read.append((found[1].upper(), int(found[2].replace(".", ""))))
    bills = room.bills_named([code for code, _ in read])
    missing = next((code for code, _ in read if code not in bills), None)
    if missing is not None:
        raise Unread(_UNKNOWN.filled(code=missing), field="parts")
    return [
        Part(bills[code].agreement_id, bills[code].membership_id, (bills[code].pk,), amount)
        for code, amount in read
    ]
