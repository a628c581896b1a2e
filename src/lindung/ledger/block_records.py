"""Closed blocks of the book and of the trail: each holds the hash of its rows and of the block before it."""

from django.db import models
from django.db.models import Q

from lindung.access.models import TransactionIdField
from lindung.law.text import Text


class Chain(models.TextChoices):
    """What is chained: the book (instruction, entry and postings together), and the audit trail."""

    ENTRIES = "entries", "Jurnal"
    EVENTS = "events", "Jejak audit"


class Block(models.Model):
    """All rows that the transactions from `from_txid` up to, not with, `until_txid` have written.

    Nobody adds one but the function `lindung_close_block`, which computes what it says.
    """

    pk = models.CompositePrimaryKey("chain", "number")
    chain = models.CharField(max_length=10, choices=Chain)
    number = models.IntegerField(help_text="from 1 on, without gaps")
    from_txid = TransactionIdField(help_text="where the block before ends; 0 for the first")
    until_txid = TransactionIdField()
    rows = models.BigIntegerField()
    digest = models.BinaryField(help_text="sha256 over the rows")
    previous = models.BinaryField(help_text="hash of the block before; 32 zero bytes for the first")
    hash = models.BinaryField(help_text="sha256 over all the others")
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="block_chain_known", condition=Q(chain__in=Chain.values)),
            models.CheckConstraint(name="block_holds_rows", condition=Q(rows__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


_BROKEN = Text(
    "Blok tidak menyambung pada blok sebelumnya. Tidak ada yang ditutup; jalankan ./lindung verify.",
    "The block does not continue the one before it. Nothing was closed; run ./lindung verify.",
)
CONSTRAINT_MESSAGES = {
    "block_chain_known": Text("Rantai tidak dikenal.", "Unknown chain."),
    "block_holds_rows": Text("Blok kosong tidak dibuat.", "No block is made of nothing."),
    "block_goes_forward": _BROKEN,
    "block_begins_at_nothing": _BROKEN,
    "block_follows_the_one_before": _BROKEN,
    "block_hash_of_what_it_says": _BROKEN,
}
"""That a block ends before everything that still runs is said by the function that closes it."""
