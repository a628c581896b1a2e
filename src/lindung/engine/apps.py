"""Names the engine to Django; it stores nothing of its own in models."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """The machine room: state folder, keys, database server and roles."""

    name = "lindung.engine"
    label = "engine"
    default_auto_field = "django.db.models.BigAutoField"
