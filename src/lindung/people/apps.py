"""Registers the room `people` with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lindung.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
