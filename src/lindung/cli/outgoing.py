"""What the commands about notices do, and how they print it."""

from typing import NamedTuple

from lindung.access.roles import Permission
from lindung.cli.acting import acting
from lindung.cli.layout import show_facts, show_table
from lindung.cli.speaking import say
from lindung.engine import clock
from lindung.law.money import counted as number
from lindung.law.text import Text
from lindung.notices import delivering, listing, ways
from lindung.notices.models import STATE_NAMES, State


class Delivered(NamedTuple):
    """What was due in the user's sight, and what came of a round, which sends for every city of this machine."""

    due: int
    sent: int = 0
    failed: int = 0
    given_up: int = 0
    unknown: int = 0
    no_channel: int = 0


def counted(*, username: str) -> dict[str, int]:
    """How many notices in this user's sight stand in each state. Raises Refused."""
    with acting(username, Permission.SEE_NOTICES, command="notices list", wet=False):
        return listing.counts()


def delivered(*, username: str, wet: bool) -> Delivered:
    """Send what is due now; without `wet` only count it, for nobody takes back what was sent. Raises Refused."""
    with acting(username, Permission.SEND_NOTICES, command="notices deliver", wet=wet):
        due = listing.due(now=clock.now())
    if not wet:
        return Delivered(due)
    return Delivered(due, *delivering.deliver(ways=ways.ways(), now=clock.now))


def show(found: dict[str, int]) -> None:
    """Print the counts."""
    if not found:
        say(Text("Belum ada pemberitahuan.", "There is no notice yet."))
        return
    rows = [(STATE_NAMES[State(state)], number(count)) for state, count in sorted(found.items())]
    show_table((Text("Keadaan", "State"), Text("Jumlah", "Count")), rows, indent="  ")


def show_delivered(done: Delivered) -> None:
    """Print what a round did."""
    show_facts(
        (
            (Text("Sudah waktunya", "Due"), number(done.due)),
            (Text("Terkirim", "Sent"), number(done.sent)),
            (Text("Dicoba lagi nanti", "Tried again later"), number(done.failed)),
            (Text("Gagal", "Given up"), number(done.given_up)),
            (Text("Perlu dilihat", "To be looked at"), number(done.unknown)),
            (Text("Saluran belum disiapkan", "No channel set up"), number(done.no_channel)),
        )
    )
