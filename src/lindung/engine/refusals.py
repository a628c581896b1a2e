"""Turns a refusal of the database into the sentence the room that owns the constraint wrote for it."""

import re

from django.apps import apps
from django.db import IntegrityError

from lindung.law.text import Text


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
