"""Registers the room `contributions` with Django."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "lindung.contributions"
    label = "contributions"
    default_auto_field = "django.db.models.BigAutoField"
