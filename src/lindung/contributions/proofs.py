"""The invariants of this room."""

from lindung.contributions.bill_proofs import OF_BILLS, OF_MONEY
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (*OF_BILLS, *OF_MONEY)
