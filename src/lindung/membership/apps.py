"""Registers the room `membership` with Django."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "lindung.membership"
    label = "membership"
    default_auto_field = "django.db.models.BigAutoField"
