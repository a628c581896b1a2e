"""Brings the embedded database server back when it dies while Lindung is serving."""

import logging
import threading

from lindung.engine import addresses, postgres
from lindung.engine.troubles import Trouble

EVERY = 1.0
"""Seconds between two looks."""

log = logging.getLogger(__name__)


def keep_up(enough: threading.Event) -> None:
    """Look every second until `enough` is set; a server that someone stopped on purpose stays stopped."""
    while not enough.wait(EVERY):
        if (
            addresses.external_url() is None
            and postgres.health() == "down"
            and not postgres.stopped_on_purpose()
        ):
            _bring_back()


def _bring_back() -> None:
    log.warning("the database server is gone; starting it again")
    try:
        postgres.ensure()
    except Trouble:
        # The next look tries again; until then the pages answer that the database is down.
        log.exception("the database server does not come back")
