"""Registers the room `partnership` with Django."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    name = "lindung.partnership"
    label = "partnership"
    default_auto_field = "django.db.models.BigAutoField"
