"""Keeping a file as it came, and taking it out again: sealed, hashed, and stored once."""

import hashlib
from datetime import datetime

from django.db import connection, transaction

from lindung.access.audit import record
from lindung.access.scope import Actor
from lindung.access.sealing import seal_bytes, unseal_bytes
from lindung.documents.models import Document

# Binary parameters (%b): the text form of bytes would be twice as long.
_INSERT = """
INSERT INTO documents_document
    (id, kind, name, sha256, size, content, sponsor_id, received_by_id, received_by_name, received_at)
VALUES (%(id)s, %(kind)s, %(name)s, %(sha256)s, %(size)s, %(content)b, %(sponsor_id)s, %(by_id)s, %(by_name)s, %(now)s)
ON CONFLICT ON CONSTRAINT document_once_per_sponsor_and_kind DO NOTHING
"""


class FileDamaged(Exception):
    """The kept file no longer is what was received; restore it from the backup."""


def digest(content: bytes) -> str:
    """The SHA-256 by which a file is recognised, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def keep(name: str, content: bytes, *, kind: str, by: Actor, sponsor_id: int, now: datetime) -> Document:
    """Keep these bytes for a city and return their document; received again, they are the first document.

    Whoever receives a file records the event; a second receipt of the same bytes changes nothing.
    """
    known = Document.objects.filter(sponsor_id=sponsor_id, kind=kind, sha256=digest(content))
    with transaction.atomic():
        found = known.first()
        if found is not None:
            return found
        _insert(name, content, kind=kind, by=by, sponsor_id=sponsor_id, now=now)
        # Ours, or that of somebody who kept the same bytes a moment before us.
        return known.get()


def fetch(document: Document, *, by: Actor) -> bytes:
    """The bytes as they were received; that they were opened, and by whom, goes on the trail.

    Raises SealBroken when the row's content is not its own, FileDamaged when it has another hash.
    """
    sealed = Document.objects.values_list("content", flat=True).get(pk=document.pk)
    content = unseal_bytes(sealed, table="documents_document", column="content", row_id=document.pk)
    if digest(content) != document.sha256:
        raise FileDamaged(f"document {document.pk}")
    record(
        "document.opened",
        by=by,
        subject=f"document:{document.pk}",
        sponsor_id=document.sponsor_id,
        detail={"kind": document.kind},
    )
    return content


def _insert(name: str, content: bytes, *, kind: str, by: Actor, sponsor_id: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('documents_document', 'id'))")
        row_id: int = cursor.fetchone()[0]
        cursor.execute(
            _INSERT,
            {
                "id": row_id,
                "kind": kind,
                "name": name,
                "sha256": digest(content),
                "size": len(content),
                "content": seal_bytes(content, table="documents_document", column="content", row_id=row_id),
                "sponsor_id": sponsor_id,
                "by_id": by.user_id,
                "by_name": by.name,
                "now": now,
            },
        )
