"""Django's settings: which rooms there are, what wraps a request, in which language and time it happens.

Importing this starts nothing and makes no file; addresses and keys are looked up at their first use.
"""

import os

from django.utils.functional import lazy

from lindung.engine import keys
from lindung.settings.safety import *  # noqa: F403 - hosts, cookies, headers, content security policy
from lindung.settings.signing_in import *  # noqa: F403 - passwords and the second factor
from lindung.settings.storing import *  # noqa: F403 - database and cache

SECRET_KEY = lazy(keys.django_secret_key, str)()
DEBUG = False

ROOMS = [
    "engine",
    "access",
    "documents",
    "notices",
    "ledger",
    "people",
    "partnership",
    "membership",
    "contributions",
    "claims",
    "insight",
    "jobs",
    "web",
    "api",
]

INSTALLED_APPS = [
    "django.contrib.auth",  # before access, which takes away its hook on signing in
    *(f"lindung.{room}" for room in ROOMS),
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "lindung.engine.probes.Probes",
    "django.middleware.gzip.GZipMiddleware",  # pads each answer at random, so its length tells no secret
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Other systems show a token; cookies, forms and a second factor are for browsers, and begin below.
    "lindung.api.entrance.ApiEntrance",
    "lindung.web.zero_bytes.ZeroBytes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lindung.web.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "lindung.access.parts.PartsOfPages",  # around whatever sends somebody to another page
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lindung.access.middleware.SessionLifeMiddleware",
    # The scope of a request: opens its one transaction and tells the database who asks. Everything above runs
    # outside of it (the session is saved after the transaction), everything below runs inside.
    "lindung.access.middleware.ScopeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lindung.access.middleware.SecondFactorMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "lindung.urls"
WSGI_APPLICATION = "lindung.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_USER_MODEL = "access.User"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
# Straight from the rooms' own folders: nothing to collect before a start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refusals": {"()": "lindung.engine.log_lines.RefusalsInOneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LINDUNG_LOG_LEVEL", "WARNING")},
    # Django's own handlers write nothing when DEBUG is off, except mail to administrators whom nobody named.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
