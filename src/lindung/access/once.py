"""Carries an order out once, however often it is sent: a second press of a button, a repeated call of a machine.

The key is claimed in the transaction of the effect. Who comes second waits for the first to end, then gets the
first one's answer; when the first was rolled back, the second becomes the first.
"""

import hashlib
from collections.abc import Callable

from django.db import connection

from lindung.access.models import SentOnce
from lindung.access.sealing import seal, unseal
from lindung.engine.refusals import Refusal
from lindung.law.text import Text

_CLAIM = """
INSERT INTO access_sentonce (user_id, key, fingerprint) VALUES (%s, %s, %s)
ON CONFLICT ON CONSTRAINT order_sent_once DO NOTHING RETURNING id
"""
_PLACE = {"table": "access_sentonce", "column": "answer"}
LONGEST_KEY = 100


class SameKeyOtherOrder(Refusal):
    """The key was used for something else."""

    code = "idempotency.other_body"


_OTHER = Text(
    "Kunci ini sudah dipakai untuk perintah lain. Muat ulang halaman, atau kirim dengan kunci baru.",
    "This key was used for another order. Load the page again, or send it with a new key.",
)


def once(*, user_id: int, key: str, order: bytes, act: Callable[[], str]) -> tuple[str, bool]:
    """The answer of `act`, carried out now or, when the key was seen before, then; and whether it was now.

    Call it inside the transaction of the request, in the scope of that user; roll back when `act` raises. `order`
    is everything that makes the order what it is. Raises SameKeyOtherOrder for a key that was used for another.
    """
    fingerprint = hashlib.sha256(order).digest()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [user_id, key, fingerprint])
        claimed = cursor.fetchone()
    if claimed is None:
        return _answered(user_id, key, fingerprint), False
    (row_id,) = claimed
    answer = act()
    SentOnce.objects.filter(pk=row_id).update(answer=seal(answer, row_id=row_id, **_PLACE))
    return answer, True


def _answered(user_id: int, key: str, fingerprint: bytes) -> str:
    earlier = SentOnce.objects.get(user_id=user_id, key=key)
    if bytes(earlier.fingerprint) != fingerprint or earlier.answer is None:
        raise SameKeyOtherOrder(_OTHER)
    return unseal(bytes(earlier.answer), row_id=earlier.pk, **_PLACE)
