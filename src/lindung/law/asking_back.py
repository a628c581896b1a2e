"""How a rule asks back: which facts it still needs, or which fact cannot be true beside the others.

The door turns both into faults of their fields.
"""

from lindung.law.text import Text


class MissingFacts(LookupError):
    """Keterangan yang menentukan belum ada. / Facts that decide are missing."""

    def __init__(self, *fields: str) -> None:
        super().__init__(f"{self.__doc__} ({', '.join(fields)})")
        self.fields = fields


class Contradiction(ValueError):
    """Dua keterangan bertentangan. / Two facts contradict each other."""

    def __init__(self, field: str, text: Text, *, code: str = "contradiction") -> None:
        super().__init__(f"{self.__doc__} ({field}: {text.id})")
        self.field = field
        self.text = text
        self.code = code
