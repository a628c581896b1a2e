"""Registers the access room with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Users, roles, scope, audit events, sealing and limits."""

    name = "lindung.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
