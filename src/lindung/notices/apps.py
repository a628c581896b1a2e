"""Registers the room `notices` with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What people are told."""

    name = "lindung.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
