"""The door of the web server: Django as a WSGI application, with its pages loaded before the first visitor comes."""

import gc
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.settings")

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import get_resolver

from lindung.law.parameter import in_force

TEMPLATES = Path(__file__).parent / "web" / "templates"


def _load_pages() -> None:
    """Views, templates and law, so that the first officer of a process waits no longer than the next.

    They stay for good: whoever collects garbage need not look at them, which would make a request wait now and then.
    """
    in_force()
    get_resolver().check()
    for path in sorted(TEMPLATES.rglob("*.html")):
        get_template(path.relative_to(TEMPLATES).as_posix())
    gc.collect()
    gc.freeze()


application = get_wsgi_application()
_load_pages()
