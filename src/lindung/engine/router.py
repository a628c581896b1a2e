"""Keeps schema changes on the owner's connection; everything else goes through the app role by default."""

from typing import Any

OWNER_CONNECTION = "owner"


class OnlyTheOwnerMigrates:
    """Reads and writes are left to Django's default, the app role; only the owner role may change the schema."""

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        """Both connections lead to one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Only on the owner's connection."""
        return db == OWNER_CONNECTION
