"""The sessions somebody is signed in with, and the computers of a kelurahan that are known."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from lindung.access.row_security import protected

OWN_OR_MANAGED = """user_id = lindung_actor() OR lindung_serves_accounts() OR EXISTS (
    SELECT FROM access_appointment a WHERE a.user_id = access_opensession.user_id AND lindung_manages(a.organisation_id))"""
OF_THE_KELURAHAN = """lindung_serves_accounts() OR lindung_manages(organisation_id)
    OR lindung_knows(organisation_id) AND lindung_sees_place(kelurahan_code) AND lindung_writes()"""
ONLY_SIGNING_IN = "lindung_serves_accounts()"


class Migration(migrations.Migration):
    dependencies = [("access", "0006_invitations")]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("kelurahan_code", models.CharField(max_length=13)),
                ("registered_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DevicePass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passes", to="access.device"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_hash", models.BinaryField(max_length=32, unique=True)),
                ("key_sealed", models.BinaryField()),
                ("device", models.CharField(max_length=80)),
                ("place", models.CharField(max_length=60)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_at__gt", models.F("registered_at")),
                    (
                        "expires_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("registered_at"), "+", models.Value(datetime.timedelta(days=90))
                        ),
                    ),
                ),
                name="device_known_for_ninety_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="device_revoked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(("kelurahan_code__gt", ""), ("name__gt", "")),
                name="device_stands_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="devicepass",
            constraint=models.UniqueConstraint(
                fields=("device", "user", "day"), name="device_pass_once_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="opensession",
            index=models.Index(fields=["user", "-seen_at"], name="open_session_of_user"),
        ),
        protected(
            "access_opensession",
            app="SELECT, INSERT, UPDATE (key_hash, key_sealed, seen_at, ended_at), DELETE",
            visible=OWN_OR_MANAGED,
            adding=OWN_OR_MANAGED,
        ),
        protected(
            "access_device",
            app="SELECT, INSERT, UPDATE (revoked_by_id, revoked_at)",
            visible=OF_THE_KELURAHAN,
            adding=OF_THE_KELURAHAN,
        ),
        protected(
            "access_devicepass", app="SELECT, INSERT, DELETE", visible=ONLY_SIGNING_IN, adding=ONLY_SIGNING_IN
        ),
    ]
