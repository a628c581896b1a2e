"""What documents stores: each file whole, sealed and hashed, under the city it belongs to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lindung.access.models import Organisation, User
from lindung.law.text import Text


class _WithoutContent(models.Manager["Document"]):
    """A list of documents must not carry every file through memory."""

    def get_queryset(self) -> models.QuerySet["Document"]:
        return super().get_queryset().defer("content")


class Document(models.Model):
    """A file exactly as it came. Added, never changed or removed by the app.

    `content` is sealed and bound to the id, so that two rows cannot swap their files unnoticed; `size` and
    `sha256` are of the clear bytes.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    content = models.BinaryField()
    sponsor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_by_name = models.CharField(max_length=120)
    received_at = models.DateTimeField()

    objects: ClassVar[_WithoutContent] = _WithoutContent()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            # Serves "was this file received before?" and makes the second receipt the first.
            models.UniqueConstraint(
                fields=["sponsor", "kind", "sha256"], name="document_once_per_sponsor_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_hash_is_whole"
            ),
            models.CheckConstraint(condition=Q(size__gte=0), name="document_size_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


CONSTRAINT_MESSAGES = {
    "document_once_per_sponsor_and_kind": Text(
        "Berkas ini sudah pernah diterima. Buka berkas itu.", "This file was received before. Open that one."
    ),
    "document_hash_is_whole": Text(
        "Sidik berkas rusak. Kirim ulang.", "The file's hash is damaged. Send it again."
    ),
    "document_size_not_negative": Text("Ukuran berkas rusak.", "The file's size is damaged."),
}
