"""Where Django keeps data: two connections to one database, and a cache that all workers share."""

DATABASES = {
    name: {
        "ENGINE": "lindung.engine.backend",
        "USER": role,
        # The app's transactions are opened by the scope middleware, which also closes them after rendering.
        "ATOMIC_REQUESTS": False,
        # A new connection for each request would cost ten times as much as the request.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TIME_ZONE": "Asia/Jakarta",
    }
    for name, role in (("default", "lindung_app"), ("owner", "lindung_owner"))
}
DATABASE_ROUTERS = ["lindung.engine.router.OnlyTheOwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, because rate limits in a cache of each process would be void with several workers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "lindung_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
