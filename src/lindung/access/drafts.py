"""Keeps what a person types before she sends it, so that neither a lost line nor the end of a session costs it."""

import datetime
import json
from collections.abc import Mapping

from django.db import connection
from django.http import QueryDict

from lindung.access.models import Draft
from lindung.access.sealing import seal_bytes, unseal_bytes

KEPT_FOR = datetime.timedelta(days=7)
LARGEST = 100_000
"""Bytes of one page's fields; more is not kept."""
LONGEST_PAGE = 200
"""Characters of a page's address."""
NOT_KEPT = frozenset(
    {"once", "revision", "csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"}
)
"""Fields of which no draft is made: secrets, and what belongs to one opening of a page."""

_PLACE = {"table": "access_draft", "column": "content"}
_KEEP = """
INSERT INTO access_draft (user_id, page, content, kept_at) VALUES (%(user)s, %(page)s, %(content)s, %(now)s)
ON CONFLICT ON CONSTRAINT draft_once_per_page DO UPDATE SET content = excluded.content, kept_at = excluded.kept_at
"""


def typed(sent: QueryDict) -> dict[str, list[str]]:
    """What of a page's fields is kept; files are not."""
    return {name: [str(value) for value in values] for name, values in sent.lists() if name not in NOT_KEPT}


def keep(*, user_id: int, page: str, fields: Mapping[str, list[str]], now: datetime.datetime) -> bool:
    """Keep the fields of a page in place of what was kept before; False when they are too large."""
    content = json.dumps(dict(fields), ensure_ascii=False).encode(errors="replace")
    if len(content) > LARGEST or len(page) > LONGEST_PAGE:
        return False
    Draft.objects.filter(user_id=user_id, kept_at__lt=now - KEPT_FOR).delete()
    sealed = seal_bytes(content, row_id=_row(user_id, page), **_PLACE)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"user": user_id, "page": page, "content": sealed, "now": now})
    return True


def kept(*, user_id: int, page: str) -> dict[str, list[str]]:
    """The fields kept for this page; empty when there are none."""
    found = Draft.objects.filter(user_id=user_id, page=page).first()
    if found is None:
        return {}
    fields: dict[str, list[str]] = json.loads(
        unseal_bytes(bytes(found.content), row_id=_row(user_id, page), **_PLACE)
    )
    return fields


def forget(*, user_id: int, page: str) -> None:
    """The page was sent: nothing is kept any more."""
    Draft.objects.filter(user_id=user_id, page=page).delete()


def _row(user_id: int, page: str) -> str:
    return f"{user_id}|{page}"
