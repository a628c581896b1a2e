"""What `branch import` and `branch differences` do and answer."""

from datetime import date
from typing import NamedTuple

from lindung.access.models import Organisation, OrganisationKind
from lindung.access.roles import Permission
from lindung.access.standing import Standing
from lindung.claims import branch_word
from lindung.cli.acting import acting
from lindung.cli.layout import show_facts, show_table
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say
from lindung.engine import clock
from lindung.engine.refusals import Refusal
from lindung.formats.unreadable import Unreadable
from lindung.insight import differences
from lindung.insight.differences import Difference
from lindung.law.money import counted
from lindung.law.text import Text
from lindung.membership import branch_import, problems
from lindung.membership.branch_records import BranchImport, WordKind

MOST_SHOWN = 1_000


class LineLeft(NamedTuple):
    """A line that was not taken, and why."""

    line: int
    outcome: str
    reason: Text


class Came(NamedTuple):
    """What came of a file: its lines, and the first fifty that were not taken."""

    kind: str
    city: str
    said_on: date
    lines: int
    accepted: int
    unknown: int
    faulty: int
    left: tuple[LineLeft, ...]


def brought_in(
    *, kind: str, name: str, content: bytes, said_on: date, city: str, username: str, wet: bool
) -> Came:
    """Bring a file in as this user; without `wet` it is taken back. Raises Refused."""
    with acting(username, Permission.IMPORT_BRANCH_WORD, command="branch import", wet=wet) as standing:
        sponsor = _city(standing, city)
        try:
            word = branch_word.receive(
                kind=WordKind(kind),
                name=name,
                content=content,
                sponsor_id=sponsor.pk,
                said_on=said_on,
                by=standing.actor,
                now=clock.now(),
            )
        except Unreadable as why:
            raise Refused(why.code, problems.message(why.code, why.where)) from why
        except Refusal as why:
            raise Refused(why.code, why.text) from why
        return _came(word, sponsor)


def differences_of(*, username: str, everything: bool) -> list[Difference]:
    """The differences in this user's sight, the open ones or all, at most a thousand. Raises Refused."""
    with acting(username, Permission.SEE_DIFFERENCES, command="branch differences", wet=False) as standing:
        found: list[Difference] = []
        state = "" if everything else "open"
        for number in range(1, MOST_SHOWN // differences.PER_PAGE + 1):
            page = differences.page(on=standing.on, state=state, number=number)
            found += page.rows
            if number >= page.pages:
                break
        return found


def show(came: Came) -> None:
    """Print what came of a file."""
    show_facts(
        (
            (Text("Isi", "Says"), branch_word.KINDS[WordKind(came.kind)]),
            (Text("Untuk", "For"), came.city),
            (Text("Baris", "Lines"), counted(came.lines)),
            (Text("Masuk", "Taken"), counted(came.accepted)),
            (Text("Tidak dikenal", "Unknown"), counted(came.unknown)),
            (Text("Rusak", "Faulty"), counted(came.faulty)),
        )
    )
    if came.left:
        headings = (Text("Baris", "Line"), Text("Alasan", "Reason"))
        show_table(headings, [(str(left.line), left.reason) for left in came.left], indent="  ")


def show_differences(found: list[Difference]) -> None:
    """Print the queue."""
    if not found:
        say(Text("Tidak ada perbedaan yang terbuka.", "No difference is open."))
        return
    headings = (Text("Perbedaan", "Difference"), Text("Catatan kita", "Ours"), Text("BPJS", "BPJS"))
    show_table(headings, [(row.title, row.ours.text, row.theirs.text) for row in found], indent="  ")


def _came(word: BranchImport, sponsor: Organisation) -> Came:
    left = tuple(
        LineLeft(row.number, row.outcome, row.reason) for row in branch_import.left_lines(word, number=1)
    )
    return Came(
        word.kind, sponsor.name, word.said_on, word.lines, word.accepted, word.unknown, word.faulty, left
    )


def _city(standing: Standing, code: str) -> Organisation:
    """The city that is meant: the one of this code, or the only one in sight. Raises Refused."""
    cities = Organisation.objects.filter(pk__in=standing.scope.sponsor_ids, kind=OrganisationKind.CITY)
    chosen = list(cities.filter(code=code) if code else cities.order_by("code"))
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(cities.order_by("code").values_list("code", flat=True)) or "-"
    raise Refused("city.unknown", _WHICH.filled(known=known))


_WHICH = Text(
    "Sebut kotanya dengan --city. Yang Anda urus: {known}.", "Name the city by --city. Yours: {known}."
)
