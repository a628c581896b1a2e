"""The pages on which this house decides what elsewhere BPJS decides: numbers, states, balances, kode iuran, benefits."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lindung.access.roles import Permission
from lindung.access.standing import require, standing_of
from lindung.access.step_up import stepped_up
from lindung.claims import branch_word as benefits
from lindung.claims import determined
from lindung.claims.models import Programme
from lindung.contributions import branch_word as money
from lindung.contributions.models import Bill
from lindung.engine import clock
from lindung.insight import workers
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text
from lindung.membership import branch_word as members
from lindung.membership.own_letters import Letter
from lindung.partnership import authority
from lindung.partnership.deciders import Function
from lindung.web.agreement_forms import sent_file
from lindung.web.decision_forms import (
    BalanceForm,
    CodeForm,
    DecisionForm,
    DeterminationForm,
    NumberForm,
    StatusForm,
)
from lindung.web.errors import missing_when_not_in_sight
from lindung.web.sending import Done, carried_out, filled, status_of


class Word(NamedTuple):
    """What was said before, and whose word it is."""

    text: Text
    badge: Text


class About(NamedTuple):
    """Of whom or what it is decided: the name, what stands beside it, and the page to go back to."""

    name: Text
    note: str
    page: str
    back: str
    back_args: tuple[int, ...]


class Place(NamedTuple):
    """A page of this kind: which function it is, of what, what was said before, and how it is carried out."""

    function: Function
    about: About
    words: list[Word]
    act: Callable[[DecisionForm], object]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DECIDE_HERE)
def number(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a person a member number."""
    place = Place(
        Function.MEMBER_NUMBER,
        _person(request, person_id),
        _numbers(request, person_id),
        lambda form: members.give_number(
            person_id=person_id,
            number=form.cleaned_data["number"],
            letter=_letter(form),
            **_by(request, form),
        ),
    )
    return _page(request, NumberForm, place)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DECIDE_HERE)
def status(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say that a person is active or not."""
    place = Place(
        Function.ACTIVE_STATUS,
        _person(request, person_id),
        _states(request, person_id),
        lambda form: members.set_status(
            person_id=person_id,
            active=form.cleaned_data["state"] == "active",
            since=form.cleaned_data["since"],
            reason=form.cleaned_data["why"],
            letter=_letter(form),
            **_by(request, form),
        ),
    )
    return _page(request, StatusForm, place)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DECIDE_HERE)
def balance(request: HttpRequest, person_id: int) -> HttpResponse:
    """State a person's JHT balance."""
    place = Place(
        Function.JHT_BALANCE,
        _person(request, person_id),
        [
            Word(
                _AMOUNT_AS_OF.filled(amount=rupiah(each.balance), day=day_label(each.as_of)),
                each.badge,
            )
            for each in money.balances_of(person_id, on=standing_of(request).on)
        ],
        lambda form: money.state_balance(
            person_id=person_id,
            balance=form.cleaned_data["balance"],
            as_of=form.cleaned_data["as_of"],
            letter=_letter(form),
            **_by(request, form),
        ),
    )
    return _page(request, BalanceForm, place)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.SEE_BILLS)
@require(Permission.DECIDE_HERE)
def code(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Give a bill its kode iuran."""
    with missing_when_not_in_sight():
        bill = Bill.objects.select_related("agreement").get(pk=bill_id)
    month = Month.of(bill.month)
    name = _BILL.filled(month=month.label, title=bill.agreement.title)
    note = f"{rupiah(bill.total)} · {bill.agreement.code}"
    place = Place(
        Function.CONTRIBUTION_CODE,
        About(name, note, "bills", "web:bill", (bill_id,)),
        [
            Word(
                _CODE.filled(
                    code=each.code,
                    amount=rupiah(each.amount),
                    n=counted(each.people),
                    day=day_label(each.said_on),
                ),
                each.badge,
            )
            for each in money.codes_of(bill)
        ],
        lambda form: money.give_code(
            bill_id=bill_id, code=form.cleaned_data["code"], letter=_letter(form), **_by(request, form)
        ),
    )
    return _page(request, CodeForm, place)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@require(Permission.DETERMINE_HERE)
@stepped_up
def determination(request: HttpRequest, person_id: int) -> HttpResponse:
    """Determine a benefit, with a fresh code."""
    place = Place(
        Function.BENEFIT_DETERMINATION,
        _person(request, person_id),
        [
            Word(
                _BENEFIT.filled(
                    programme=each.programme.upper(),
                    amount=rupiah(each.amount),
                    day=day_label(each.event_date),
                    number=each.number,
                ),
                each.badge,
            )
            for each in determined.of_person(person_id, on=standing_of(request).on)[:10]
        ],
        lambda form: benefits.determine(
            person_id=person_id,
            programme=Programme(form.cleaned_data["programme"]),
            event_date=form.cleaned_data["event_date"],
            amount=form.cleaned_data["amount"],
            number=form.cleaned_data["letter"],
            file=sent_file(form),
            **_by(request, form),
        ),
    )
    return _page(request, DeterminationForm, place)


def _page(request: HttpRequest, kind: type[DecisionForm], place: Place) -> HttpResponse:
    """The form where it is ours to decide; elsewhere who decides, and what to do instead."""
    standing = standing_of(request)
    granted = authority.instrument(function=place.function, on=standing.on)
    context: dict[str, Any] = {
        "page": place.about.page,
        "label": authority.FUNCTIONS[place.function],
        "about": place.about,
        "back": resolve_url(place.about.back, *place.about.back_args),
        "words": place.words,
        "granted": granted,
        "may_import": standing.may(Permission.IMPORT_BRANCH_WORD),
        "may_see_authority": standing.may(Permission.SEE_AUTHORITY),
    }
    if granted is None:
        refused = request.method == "POST"
        return render(request, "web/own_decision.html", context, status=409 if refused else 200)
    form = filled(request, kind, initial={"on": standing.on})
    if request.method == "POST" and form.is_valid():
        answer = carried_out(request, form, lambda: _done(place, form))
        if answer is not None:
            return answer
    return render(request, "web/own_decision.html", {**context, "form": form}, status=status_of(form))


def _done(place: Place, form: DecisionForm) -> Done:
    place.act(form)
    return Done(
        _DECIDED.filled(what=authority.FUNCTIONS[place.function]), place.about.back, place.about.back_args
    )


def _letter(form: DecisionForm) -> Letter:
    return Letter(form.cleaned_data["letter"], sent_file(form))


def _by(request: HttpRequest, form: DecisionForm) -> dict[str, Any]:
    return {"by": standing_of(request).actor, "on": form.cleaned_data["on"], "now": clock.now()}


def _person(request: HttpRequest, person_id: int) -> About:
    found = next(iter(workers.rows_of([person_id], on=standing_of(request).on)), None)
    if found is None:
        raise Http404("person")
    note = f"{found.nik_masked} · {found.kelurahan}"
    return About(Text(found.name, found.name), note, "workers", "web:worker", (person_id,))


def _numbers(request: HttpRequest, person_id: int) -> list[Word]:
    said = members.word_on(person_id, on=standing_of(request).on)
    return [Word(Text(said.kpj_masked, said.kpj_masked), said.kpj_badge)] if said.kpj_masked else []


def _states(request: HttpRequest, person_id: int) -> list[Word]:
    said = members.word_on(person_id, on=standing_of(request).on)
    if said.since is None:
        return []
    text = (_ACTIVE if said.active else _INACTIVE).filled(day=day_label(said.since))
    return [Word(text, said.status_badge)]


_DECIDED = Text("{what}: keputusan tersimpan.", "{what}: the decision is stored.")
_BILL = Text("Tagihan {month}, {title}", "Bill of {month}, {title}")
_ACTIVE = Text("Aktif sejak {day}", "Active since {day}")
_INACTIVE = Text("Nonaktif sejak {day}", "Inactive since {day}")
_CODE = Text(
    "{code} · {amount} untuk {n} orang, menurut surat {day}",
    "{code} · {amount} for {n} people, by the letter of {day}",
)
_AMOUNT_AS_OF = Text("{amount} per {day}", "{amount} as of {day}")
_BENEFIT = Text(
    "{programme} {amount}, kejadian {day}, nomor {number}",
    "{programme} {amount}, event of {day}, number {number}",
)
