"""Registers the access room with Django."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccessConfig(AppConfig):
    """Users, roles, scope, audit events, sealing and limits."""

    name = "lindung.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The last sign-in is written by `signing_in`, in the scope that may; Django would write it in none."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
