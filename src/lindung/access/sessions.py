"""Sessions in the database, sealed: a secret being set up passes through its session and is nobody's to read."""

import base64
import binascii
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection, transaction

from lindung.access.sealing import SealBroken, seal, unseal

log = logging.getLogger(__name__)


@contextmanager
def found_by_key(key: str | None) -> Iterator[None]:
    """Open a transaction in which the one session of this key can be read and written; all others stay hidden."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = _named(key or "")
        yield
        if nested and not connection.needs_rollback:
            _named(before)


def _named(key: str) -> str:
    """Name the session to the database; which one was named before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.session', true), '')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('app.session', %s, true)", [key])
    return str(before)


class SessionStore(db.SessionStore):
    """Django's own store, with each session's content sealed and bound to its key, and found by its key alone."""

    def _get_session_from_db(self) -> Any:
        if not (self.session_key or "").isalnum():
            self._session_key = None  # a cookie that was never ours; a NUL byte would break the query
            return None
        with found_by_key(self.session_key):
            return super()._get_session_from_db()  # type: ignore[misc]  # the stubs lack it

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this key."""
        with found_by_key(session_key):
            return super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        """Write the session under its key; a new one gets a key first."""
        if self.session_key is None:
            self.create()
            return
        with found_by_key(self.session_key):
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """Remove the session of this key; its cookie is worth nothing from now on."""
        with found_by_key(session_key or self.session_key):
            super().delete(session_key)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content as it lies in the database."""
        key: str = self._get_or_create_session_key()  # type: ignore[attr-defined]  # the stubs lack it
        sealed = seal(json.dumps(session_dict), table="django_session", column="session_data", row_id=key)
        return base64.b64encode(sealed).decode("ascii")

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The content of this key's session; what was moved here from another key counts as no session."""
        try:
            sealed = base64.b64decode(session_data, validate=True)
            text = unseal(
                sealed, table="django_session", column="session_data", row_id=self.session_key or ""
            )
        except (SealBroken, binascii.Error):
            log.warning("A session does not open under its key and is not used.")
            return {}
        content: dict[str, Any] = json.loads(text)
        return content
