"""Registers the room `ledger` with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "lindung.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
