"""The invariants of this room."""

from lindung.contributions import own_proofs, statement_proofs
from lindung.contributions.bill_proofs import OF_BILLS, OF_MONEY
from lindung.contributions.code_list_proofs import OF_LISTS
from lindung.contributions.purse_proofs import OF_PURSES
from lindung.ledger.proof import Proof

PROOFS: tuple[Proof, ...] = (
    *OF_BILLS,
    *OF_MONEY,
    *OF_PURSES,
    *own_proofs.PROOFS,
    *statement_proofs.PROOFS,
    *OF_LISTS,
)
