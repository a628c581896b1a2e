"""What the app's role may do with the queue: the queue's own functions run with the rights of whoever calls them.

A task carries ids and nothing else, so its tables hold nobody's data and need no row security.
"""

from django.db import migrations

from lindung.access.row_security import unprotected

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


class Migration(migrations.Migration):
    dependencies = [("access", "0003_rights"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        unprotected("procrastinate_jobs", app=EVERYTHING),
        unprotected("procrastinate_events", app=EVERYTHING),
        unprotected("procrastinate_periodic_defers", app=EVERYTHING),
        unprotected("procrastinate_workers", app=EVERYTHING),
    ]
