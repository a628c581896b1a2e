"""What the records of a trail are called: a person by name, a bill by month and agreement, a list by its file."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from lindung.access.models import AuditEvent, User
from lindung.contributions.models import Bill
from lindung.documents.models import Document
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.membership.models import Roster
from lindung.partnership.models import Agreement
from lindung.people.models import Person

Subject = tuple[str, int]
"""A kind of record and its number, such as ("person", 12)."""


def names_of(subjects: Iterable[Subject | None]) -> dict[Subject, Text]:
    """The name of each record in the caller's scope, one question for each kind; others are left out."""
    numbers = defaultdict(set)
    for kind, number in filter(None, subjects):
        numbers[kind].add(number)
    return {
        (kind, number): name
        for kind, ask in _ASK.items()
        if kind in numbers
        for number, name in ask(numbers[kind]).items()
    }


def subject_of(stored: str) -> Subject | None:
    """The record an event names, such as "bill:7"; None when it names none."""
    kind, _, number = stored.partition(":")
    return (kind, int(number)) if number.isascii() and number.isdigit() else None


def about(event: AuditEvent) -> Subject | None:
    """The record an event is about: what happened to a membership is about its person."""
    subject, person = subject_of(event.subject), event.detail.get("person")
    of_a_member = subject is not None and subject[0] == "membership" and isinstance(person, int)
    return ("person", person) if of_a_member else subject


def _people(ids: Collection[int]) -> Mapping[int, Text]:
    return {pk: Text(name, name) for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")}


def _users(ids: Collection[int]) -> Mapping[int, Text]:
    return {pk: Text(name, name) for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")}


def _agreements(ids: Collection[int]) -> Mapping[int, Text]:
    found = Agreement.objects.filter(pk__in=ids).values_list("pk", "title")
    return {pk: Text(title, title) for pk, title in found}


def _bills(ids: Collection[int]) -> Mapping[int, Text]:
    said = Text("Tagihan {month} · {title}", "Bill of {month} · {title}")
    found = Bill.objects.filter(pk__in=ids).values_list("pk", "month", "agreement__title")
    return {pk: said.filled(month=Month.of(month).label, title=title) for pk, month, title in found}


def _rosters(ids: Collection[int]) -> Mapping[int, Text]:
    found = Roster.objects.filter(pk__in=ids).values_list("pk", "document__name", "agreement__title")
    return {pk: Text(f"{file} · {title}", f"{file} · {title}") for pk, file, title in found}


def _documents(ids: Collection[int]) -> Mapping[int, Text]:
    return {
        pk: Text(name, name) for pk, name in Document.objects.filter(pk__in=ids).values_list("pk", "name")
    }


_ASK: dict[str, Callable[[Collection[int]], Mapping[int, Text]]] = {
    "person": _people,
    "agreement": _agreements,
    "bill": _bills,
    "roster": _rosters,
    "user": _users,
    "document": _documents,
}
KINDS = frozenset(_ASK) - {"document"}
"""The kinds of record that have a name and a trail."""
