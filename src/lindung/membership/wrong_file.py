"""Tells when a corrected file is likely the wrong one: a download of another list, or most of the list is not in it."""

from collections.abc import Collection, Mapping

from django.db.models import QuerySet

from lindung.access.models import AuditEvent
from lindung.engine.refusals import Refusal
from lindung.law.money import counted
from lindung.law.text import Text
from lindung.membership.models import Roster


class OtherList(Refusal):
    """The file is a download of another list; ``roster_id`` says which."""

    code = "roster.download_of_another"

    def __init__(self, roster_id: int, name: str) -> None:
        super().__init__(_OTHER_LIST.filled(name=name), field="file")
        self.roster_id = roster_id


class MostVanish(Refusal):
    """Most rows of the list are not in the file: likely the wrong file, unless the officer says that it is so."""

    code = "roster.most_vanish"

    def __init__(self, gone: int, rows: int) -> None:
        super().__init__(_MOST_VANISH.filled(gone=counted(gone), rows=counted(rows)), field="vanish")


_OTHER_LIST = Text(
    "Berkas ini unduhan dari daftar lain: {name}. Buka daftar itu dan unggah perbaikannya di sana, atau pilih berkas"
    " daftar ini.",
    "This file was taken from another list: {name}. Open that list and upload the correction there, or choose the file"
    " of this list.",
)
_MOST_VANISH = Text(
    "{gone} dari {rows} baris daftar tidak ada di berkas ini. Periksa apakah berkasnya benar; kalau memang begitu,"
    " centang dulu.",
    "{gone} of the {rows} rows of the list are not in this file. Make sure it is the right file; if it is so, tick it"
    " first.",
)
_FEW = 3
"""Fewer rows may vanish without a question, whatever share of the list they are."""


def most_vanish(gone: int, rows: int) -> bool:
    """Whether more than half of the rows, and not just a few, are not in the file."""
    return gone >= _FEW and gone * 2 > rows


def downloads(roster_id: int, events: Collection[int]) -> QuerySet[AuditEvent]:
    """Those of these entries of the trail that are downloads of the list."""
    return AuditEvent.objects.filter(pk__in=events, action="roster.taken_out", subject=f"roster:{roster_id}")


def refuse_others(named: Mapping[int, Collection[int]], roster: Roster) -> None:
    """Raise OtherList for a download of a list in the caller's sight that is not this one."""
    for other in Roster.objects.select_related("document").filter(pk__in=named).exclude(pk=roster.pk):
        if downloads(other.pk, named[other.pk]).exists():
            raise OtherList(other.pk, other.document.name)
