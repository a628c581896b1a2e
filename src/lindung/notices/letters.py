"""Paper for whom no wire reaches: one PDF for each kelurahan, printed, then handed over by name."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import typst
from django.db.models import Count, Q, QuerySet

from lindung.access.audit import record, without_numbers
from lindung.access.models import Organisation
from lindung.access.scope import Actor
from lindung.engine.refusals import Refusal
from lindung.identity.places import PLACES
from lindung.law.months import day_label
from lindung.law.text import Text
from lindung.notices.models import Channel, Notice, State

AT_ONCE = 500
"""Letters in one file: what one office printer takes in a morning."""

# Names and texts come in as data and are set as text: nothing in them is read as markup.
_PAGE = """
#set document(title: "Surat pemberitahuan", author: "Lindung")
#set page(paper: "a4", margin: (x: 2.5cm, y: 2.2cm))
#set text(lang: "id", size: 11.5pt)
#set par(leading: 0.75em, spacing: 1.1em)
#let told = json(bytes(sys.inputs.told))
#for (number, each) in told.letters.enumerate() {
  if number > 0 { pagebreak() }
  text(weight: "bold", size: 13pt, told.sponsor)
  line(length: 100%, stroke: 0.6pt)
  v(0.4em)
  [#told.place, #told.day]
  v(0.8em)
  [Kepada Yth.]
  linebreak()
  strong(each.name)
  linebreak()
  [Kelurahan #told.kelurahan]
  v(1em)
  heading(level: 1, outlined: false, text(size: 13pt, each.title))
  v(0.3em)
  for part in each.body { par(text(part)) }
  v(1.5em)
  text(size: 9pt, fill: luma(90))[Surat nomor #each.number. Bila nama atau isinya keliru, beri tahu kantor kelurahan.]
}
"""


class Place(NamedTuple):
    """The letters of one kelurahan, counted by how far they came."""

    sponsor_id: int
    sponsor: str
    kelurahan_code: str
    kelurahan: str
    waiting: int
    printed: int
    handed_over: int


class Printed(NamedTuple):
    """A file to print, and how many letters it holds."""

    name: str
    content: bytes
    letters: int


class NothingToPrint(Refusal):
    """No letter of this kelurahan waits."""

    code = "letters.none"


class NotHandedOver(Refusal):
    """It does not say to whom, or no printed letter is there."""

    code = "letters.not_handed_over"


def places() -> list[Place]:
    """Every kelurahan in sight with letters, those with waiting ones first."""
    letters = Notice.objects.filter(channel=Channel.LETTER).exclude(state=State.CANCELLED)
    counted = letters.values("sponsor_id", "sponsor__name", "kelurahan_code").annotate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        printed=Count("pk", filter=Q(state=State.PRINTED)),
        handed_over=Count("pk", filter=Q(state=State.HANDED_OVER)),
    )
    found = [
        Place(
            row["sponsor_id"],
            row["sponsor__name"],
            row["kelurahan_code"],
            name_of(row["kelurahan_code"]),
            row["waiting"],
            row["printed"],
            row["handed_over"],
        )
        for row in counted
    ]
    return sorted(found, key=lambda place: (not place.waiting, not place.printed, place.kelurahan))


def print_letters(
    *, sponsor_id: int, kelurahan_code: str, again: bool, by: Actor, now: datetime, on: date
) -> Printed:
    """One PDF of what waits there, marked printed in the same transaction; `again` prints what was printed once more.

    At most `AT_ONCE` letters, the oldest first; the next press takes the next ones. Raises NothingToPrint.
    """
    wanted = State.PRINTED if again else State.WAITING
    letters = list(
        _letters(sponsor_id, kelurahan_code, wanted).select_for_update(no_key=True).order_by("pk")[:AT_ONCE]
    )
    if not letters:
        raise NothingToPrint(_NOTHING)
    event_id = record(
        "letters.printed",
        by=by,
        subject=f"organisation:{sponsor_id}",
        sponsor_id=sponsor_id,
        detail={"kelurahan": kelurahan_code, "letters": len(letters), "again": again},
    )
    if not again:
        Notice.objects.filter(pk__in=[each.pk for each in letters]).update(
            state=State.PRINTED, printed_at=now, changed_event_id=event_id
        )
    name = f"surat-{name_of(kelurahan_code).lower().replace(' ', '-')}-{on}.pdf"
    return Printed(name, _pdf(letters, sponsor_id, kelurahan_code, on), len(letters))


def hand_over(*, sponsor_id: int, kelurahan_code: str, to: str, by: Actor, now: datetime) -> int:
    """All printed letters of a kelurahan were given to this person or office; how many. Raises NotHandedOver."""
    taker = " ".join(to.split())[:120]
    if not taker or without_numbers(taker) != taker:
        raise NotHandedOver(_TO_WHOM, field="to")
    printed = _letters(sponsor_id, kelurahan_code, State.PRINTED)
    count = printed.count()
    if not count:
        raise NotHandedOver(_NOTHING_PRINTED)
    event_id = record(
        "letters.handed_over",
        by=by,
        subject=f"organisation:{sponsor_id}",
        sponsor_id=sponsor_id,
        detail={"kelurahan": kelurahan_code, "letters": count, "to": taker},
    )
    return printed.update(
        state=State.HANDED_OVER,
        handed_over_at=now,
        handed_over_by_id=by.person_id,
        handed_over_to=taker,
        changed_event_id=event_id,
    )


def name_of(kelurahan_code: str) -> str:
    """A kelurahan by its name, by its code where the list does not have it."""
    place = PLACES.get(kelurahan_code)
    return place.name if place else kelurahan_code


def _letters(sponsor_id: int, kelurahan_code: str, state: State) -> QuerySet[Notice]:
    return Notice.objects.filter(
        channel=Channel.LETTER, sponsor_id=sponsor_id, kelurahan_code=kelurahan_code, state=state
    )


def _pdf(letters: Sequence[Notice], sponsor_id: int, kelurahan_code: str, on: date) -> bytes:
    sponsor = Organisation.objects.get(pk=sponsor_id).name
    told = {
        "sponsor": sponsor,
        "place": sponsor.removeprefix("Kota ").removeprefix("Kabupaten "),
        "day": day_label(on).id,
        "kelurahan": name_of(kelurahan_code),
        "letters": [
            {
                "number": str(each.pk),
                "name": each.to_name,
                "title": each.title,
                "body": [part.replace("\n", " ") for part in each.body.split("\n\n")],
            }
            for each in letters
        ],
    }
    made = typst.compile(_PAGE.encode(), sys_inputs={"told": json.dumps(told)})
    if not isinstance(made, bytes):
        raise TypeError("typst made no single file")
    return made


_NOTHING = Text("Tidak ada surat yang menunggu di kelurahan ini.", "No letter waits in this kelurahan.")
_NOTHING_PRINTED = Text(
    "Belum ada surat yang dicetak di kelurahan ini. Cetak dulu.",
    "No letter is printed here yet. Print first.",
)
_TO_WHOM = Text(
    "Tulis nama orang atau kantor yang menerima suratnya, tanpa NIK atau nomor telepon.",
    "Write the name of the person or office that took the letters, without NIK or telephone number.",
)
