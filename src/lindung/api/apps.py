"""Registers the room `api` with Django; it stores nothing."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "lindung.api"
    label = "api"
