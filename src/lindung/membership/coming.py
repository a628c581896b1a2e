"""Who of a list would be enrolled now: what they cost, and whether their occupation is their own or that of the segment."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.timezone import localdate

from lindung.law import money
from lindung.law.text import Text
from lindung.membership import occupations, rosters, sealed_rows
from lindung.membership.columns import Field
from lindung.membership.models import Roster, RosterRow, Verdict
from lindung.membership.sealed_rows import Row

_NAMED = 8
"""As many columns or words are named; the rest is counted."""

_UNREAD_ONE = Text("Kolom {names} tidak dibaca.", "The column {names} is not read.")
_UNREAD = Text("Kolom {names} tidak dibaca.", "The columns {names} are not read.")
_SEGMENTS = Text(
    "Pekerjaan {n} orang akan dicatat '{work}', sebab daftar ini tidak menyebutnya.",
    "The occupation of {n} people will be recorded as '{work}', because the list does not name it.",
)
_SEGMENTS_LATER = Text(
    "Pekerjaan mereka akan dicatat '{work}', sebab tidak ada kolom pekerjaan yang dibaca.",
    "Their occupation will be recorded as '{work}', because no column of occupations is read.",
)
_OWN_WORDS = Text(
    "Pekerjaan {n} orang belum kami kenal dan dicatat dengan kata-kata daftar ini: {words}. Pekerjaan dapat menentukan"
    " besar iuran: bila ada yang salah tulis, betulkan selnya dulu.",
    "We do not know the occupation of {n} people and record it in the words of the list: {words}. An occupation may"
    " decide what is paid: if one is misspelt, mend the cell first.",
)
_AND = Text("{all} dan {last}", "{all} and {last}")
_MORE = Text("{n} lagi", "{n} more")
_COLUMN = Text("Kolom {n}", "Column {n}")


class Coming(NamedTuple):
    """The ready people of a list: how many of each sector (or month's wage), and what an officer should know first."""

    joining: dict[str | int, int]
    notices: tuple[Text, ...]


NOBODY = Coming({}, ())


def coming(roster_id: int) -> Coming:
    """What the ready rows of a list in the caller's sight would be enrolled as, each opened once."""
    roster = Roster.objects.select_related("segment").get(pk=roster_id)
    ready = RosterRow.objects.filter(roster=roster, verdict=Verdict.READY).values_list("number", "sealed")
    opened = sealed_rows.read_many(roster_id, [(line, bytes(sealed)) for line, sealed in ready])
    rows = [row for row in opened if row.facts]
    facts = [row.facts for row in rows if row.facts]
    on = localdate(roster.received_at)
    joining = rosters.joining_of(facts, agreement_id=roster.agreement_id, on=on) if facts else {}
    return Coming(joining, tuple(_notices(roster, rows)))


def _notices(roster: Roster, rows: Sequence[Row]) -> Iterable[Text]:
    unread = _unread(roster, rows)
    if unread:
        yield (_UNREAD if len(unread) > 1 else _UNREAD_ONE).filled(names=_listed(unread))
    column = roster.fields.index(Field.OCCUPATION) if Field.OCCUPATION in roster.fields else None
    silent = [row for row in rows if not _stated(row, column)]
    work = occupations.label(occupations.read(roster.segment.occupation).key)
    if silent:
        yield _SEGMENTS.filled(n=money.counted(len(silent)), work=work)
    elif not rows and column is None:
        yield _SEGMENTS_LATER.filled(work=work)
    stated = Counter(row.facts.occupation for row in rows if row.facts and _stated(row, column))
    own = Counter({key: count for key, count in stated.items() if not occupations.is_listed(key)})
    if own:
        words = [Text(key, key) for key, _ in own.most_common()]
        yield _OWN_WORDS.filled(n=money.counted(own.total()), words=_listed(words))


def _stated(row: Row, column: int | None) -> bool:
    """Whether the row itself names an occupation."""
    text = row.cells[column] if column is not None and column < len(row.cells) else ""
    return bool(occupations.read(text).key)


def _unread(roster: Roster, rows: Sequence[Row]) -> list[Text]:
    """The columns nobody reads; one without a heading only where something stands in it."""
    found = []
    for at, field in enumerate(roster.fields):
        heading = roster.headers[at].strip() if at < len(roster.headers) else ""
        filled = any(at < len(row.cells) and row.cells[at].strip() for row in rows)
        if field == Field.OTHER and (heading or filled):
            found.append(Text(heading, heading) if heading else _COLUMN.filled(n=at + 1))
    return found


def _listed(parts: Sequence[Text]) -> Text:
    """A, B and C; of many, the first ones and how many more."""
    shown = list(parts[:_NAMED])
    if len(parts) > _NAMED:
        shown.append(_MORE.filled(n=len(parts) - _NAMED))
    if len(shown) == 1:
        return shown[0]
    *most, last = shown
    every = Text(", ".join(text.id for text in most), ", ".join(text.en for text in most))
    return _AND.filled(all=every, last=last)
