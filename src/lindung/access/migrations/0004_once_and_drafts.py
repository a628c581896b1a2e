"""Orders that take effect once, and what people typed and have not sent; each is its user's alone."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import protected

OWN = "user_id = lindung_actor()"
_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
_USER = models.ForeignKey(
    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_rights")]

    operations = [
        migrations.CreateModel(
            name="SentOnce",
            fields=[
                ("id", _ID.clone()),
                ("key", models.CharField(max_length=100)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("answer", models.BinaryField(null=True)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("user", _USER.clone()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="order_sent_once")]
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", _ID.clone()),
                ("page", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("kept_at", models.DateTimeField()),
                ("user", _USER.clone()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "page"), name="draft_once_per_page")]
            },
        ),
        # Whoever only reads (auditor, mayor) may send once and keep a draft too: these rows are her own.
        protected("access_sentonce", app="SELECT, INSERT, UPDATE (answer)", visible=OWN, adding=OWN),
        protected("access_draft", app="SELECT, INSERT, UPDATE, DELETE", visible=OWN, adding=OWN),
    ]
