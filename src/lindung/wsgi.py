"""The door of the web server: Django as a WSGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
