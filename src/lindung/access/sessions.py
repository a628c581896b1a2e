"""Sessions in the database, sealed: a secret being set up passes through its session and is nobody's to read."""

import base64
import binascii
import json
import logging
from typing import Any

from django.contrib.sessions.backends import db

from lindung.access.sealing import SealBroken, seal, unseal

log = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """Django's own store, with each session's content sealed and bound to its key."""

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
