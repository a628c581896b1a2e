"""Template words: every sentence in the reader's language, every figure written as people write it."""

from datetime import date, datetime

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from lindung.access.middleware import seconds_left
from lindung.access.roles import Permission, duties_of
from lindung.engine import clock, state
from lindung.law.money import rupiah as in_rupiah
from lindung.law.months import day_label
from lindung.law.months import duration as months_long
from lindung.law.text import Text
from lindung.web import language
from lindung.web.form_problems import Problem, field_problems, form_problems
from lindung.web.glossary import glossary
from lindung.web.menu import Door, doors_of
from lindung.web.words import PROGRAMMES, WEEKDAYS

register = template.Library()

register.filter("said", language.said)
register.filter("number", language.counted)


@register.simple_tag
def say(indonesian: str, english: str, **values: object) -> SafeString:
    """The sentence in the reader's language, with its {placeholders} filled in and escaped.

    A literal in the template may hold markup; a variable is escaped.
    """
    wording = conditional_escape(language.said(Text(indonesian, english)))
    return format_html(wording, **values) if values else wording


@register.filter
def rupiah(amount: int) -> str:
    """Whole rupiah, written the Indonesian way in both languages: Rp72.508.800."""
    return in_rupiah(amount)


@register.filter
def day(on: date | datetime) -> str:
    """A date in words: 22 November 2026. A moment becomes the day it is in Jakarta."""
    local = localtime(on).date() if isinstance(on, datetime) else on
    return language.said(day_label(local))


@register.filter
def duration(months: int) -> str:
    """How long so many months are: 1 bulan, 1 month; 3 bulan, 3 months."""
    return language.said(months_long(months))


@register.filter
def weekday(on: date) -> str:
    """The name of the day of the week."""
    return language.said(WEEKDAYS[on.weekday()])


@register.filter
def clock_time(moment: datetime) -> str:
    """The time of day in Jakarta: 14.05 in Indonesian, 14:05 in English."""
    return localtime(moment).strftime("%H:%M" if language.reader_language() == "en" else "%H.%M")


@register.filter
def programme(code: str) -> str:
    """A programme by its legal letters and what it is for: JKK (kecelakaan kerja)."""
    text = PROGRAMMES.get(code.lower())
    return f"{code.upper()} ({language.said(text)})" if text else code.upper()


@register.simple_tag
def link(url_name: str, url_args: tuple[object, ...] = (), query: str = "") -> str:
    """The address of a page named by a read model. Raises NoReverseMatch when there is no such page."""
    return reverse(url_name, args=url_args) + (f"?{query}" if query else "")


@register.simple_tag
def icon(name: str) -> SafeString:
    """One picture of the page's own set (web/icons.html); it stands beside words, so it is not read out."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def demo_day() -> date | None:
    """The day a demonstration shows, or None where real people are kept."""
    return clock.today() if state.is_demo() else None


@register.simple_tag
def this_moment() -> datetime:
    """Now, in the day the house shows: for the heading of what is printed."""
    return clock.now()


@register.simple_tag(takes_context=True)
def post_held(context: Context) -> Text | None:
    """The role and the office of the one who reads, or None when nobody's appointment is in force."""
    standing = getattr(context.get("request"), "standing", None)
    held = standing.appointment if standing else None
    if held is None:
        return None
    label, place = duties_of(held.role).label, held.organisation.name
    return Text(f"{label.id}, {place}", f"{label.en}, {place}")


@register.simple_tag(takes_context=True)
def session_left(context: Context) -> int:
    """Seconds until the session ends at the latest, for the page that warns before."""
    request = context.get("request")
    return seconds_left(request.session) if request is not None else 0


@register.inclusion_tag("web/term.html", takes_context=True)
def term(context: Context, key: str, label: str = "") -> dict[str, object]:
    """A word of the field as a button that opens its meaning, under the ``label`` the sentence needs.

    Raises KeyError for a word the glossary has not.
    """
    # The lowest layer of a context is one for the page and everything it includes: no two buttons share an id.
    used = context.dicts[0].setdefault("terms_used", [])
    used.append(key)
    return {"term": glossary()[key], "label": label, "id": f"term-{key}-{len(used)}"}


@register.filter
def problems(form: BaseForm) -> tuple[Problem, ...]:
    """What is wrong in a form: each field's id and a sentence that says what to do."""
    return form_problems(form)


@register.filter
def faults(field: BoundField) -> tuple[Text, ...]:
    """What is wrong with one input, in words."""
    return field_problems(field)


@register.simple_tag(takes_context=True)
def menu(context: Context) -> tuple[Door, ...]:
    """The doors of the main menu that are open to the one who reads."""
    standing = getattr(context.get("request"), "standing", None)
    return doors_of(standing) if standing else ()


@register.simple_tag(takes_context=True)
def may(context: Context, permission: str) -> bool:
    """Whether the one who reads may do this; by the permission's code, such as "see_audit"."""
    standing = getattr(context.get("request"), "standing", None)
    return standing is not None and standing.may(Permission(permission))


@register.filter
def bare_svg(drawing: str) -> SafeString:
    """The QR drawing of the sign-in library without its XML heading, so that it can stand inside the page."""
    return mark_safe(drawing[drawing.index("<svg") :])  # noqa: S308 - drawn by the library from the secret
