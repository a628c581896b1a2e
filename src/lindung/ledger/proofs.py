"""The invariants of this room."""

from lindung.law.text import Text
from lindung.ledger.balance_proofs import OF_BALANCES
from lindung.ledger.blocks import misfits
from lindung.ledger.entry_proofs import OF_ENTRIES
from lindung.ledger.models import Chain
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (
    *OF_ENTRIES,
    *OF_BALANCES,
    Proof(
        "ledger.entries_fit_their_blocks",
        Text(
            "Buku sama dengan saat ditutup dalam blok.",
            "The book is as it was when it was closed in blocks.",
        ),
        misfits(Chain.ENTRIES),
    ),
    Proof(
        "ledger.events_fit_their_blocks",
        Text(
            "Jejak audit sama dengan saat ditutup dalam blok.",
            "The audit trail is as it was when it was closed in blocks.",
        ),
        misfits(Chain.EVENTS),
    ),
)
