"""Registers the room `insight` with Django."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "lindung.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
