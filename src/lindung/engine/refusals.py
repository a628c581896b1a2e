"""Turns a refusal of the database into the sentence the room that owns the constraint wrote for it."""

import re

from django.apps import apps
from django.db import IntegrityError

from lindung.law.text import Text


class Refusal(Exception):
    """What a room will not do, said so that the person knows what to do next; nothing was changed.

    A room derives one class for each reason: `code` is stable ("agreement.not_signed"), `text` the sentence, and
    `field` the name of the input at fault, when there is one. Every door says it in its own way.
    """

    code = "refused"

    def __init__(self, text: Text, *, field: str = "", code: str = "") -> None:
        super().__init__(text.en)
        self.text = text
        self.field = field
        self.code = code or type(self).code


class ChangedMeanwhile(Refusal):
    """Somebody else changed the record since it was shown."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "Data ini baru saja diubah orang lain. Lihat isinya yang sekarang, lalu ulangi perubahan Anda.",
                "Somebody else has just changed this. Look at what it says now, then make your change again.",
            )
        )


def explained(error: IntegrityError) -> Text | None:
    """What to tell the person whose change was refused; None when no room has a sentence for it."""
    return messages().get(constraint_of(error) or "")


def constraint_of(error: IntegrityError) -> str | None:
    """The name of the constraint that refused, as the room knows it; None when the database names none.

    In a table that is partitioned by month the database names the key of the partition, the month behind it.
    """
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return None if name is None else _MONTH.sub("", name)


_MONTH = re.compile(r"_[0-9]{4}_[0-9]{2}$")


def messages() -> dict[str, Text]:
    """Every constraint's sentence, gathered from the ``CONSTRAINT_MESSAGES`` beside each room's models."""
    found: dict[str, Text] = {}
    for room in apps.get_app_configs():
        found |= getattr(room.models_module, "CONSTRAINT_MESSAGES", {})
    return found
