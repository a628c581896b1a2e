"""The door of the web server: Django as a WSGI application, with its pages loaded before the first visitor comes."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.settings")

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

TEMPLATES = Path(__file__).parent / "web" / "templates"


def _load_pages() -> None:
    """Views and templates, so that the first officer of a process waits no longer than the next."""
    get_resolver().check()
    for path in sorted(TEMPLATES.rglob("*.html")):
        get_template(path.relative_to(TEMPLATES).as_posix())


application = get_wsgi_application()
_load_pages()
