"""How a person can stand, and the three badges that say whose word an amount or a status is."""

from enum import StrEnum

from lindung.law.text import Text


class CoverState(StrEnum):
    """How a person stands on a day; from best to worst in ``_RANK``."""

    PROTECTED = "protected"
    AT_RISK = "at_risk"
    PROPOSED = "proposed"
    LAPSED = "lapsed"
    NEVER = "never"


PAID_BADGE = Text("Sudah dibayar", "Paid")
ESTIMATE_BADGE = Text("Perkiraan Lindung", "Lindung's estimate")
