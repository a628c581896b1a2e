"""Registers the room `claims` with Django."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Estimates and determinations."""

    name = "lindung.claims"
    label = "claims"
    default_auto_field = "django.db.models.BigAutoField"
