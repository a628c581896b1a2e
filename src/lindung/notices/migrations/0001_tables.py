"""The tables of notices, their states and each city's setting."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0013_cut_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeStep",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "from_state",
                        "to_state",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("from_state", models.CharField(max_length=11)),
                ("to_state", models.CharField(max_length=11)),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=160, unique=True)),
                ("kind", models.CharField(max_length=40)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "Surel"),
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("letter", "Surat"),
                        ],
                        max_length=8,
                    ),
                ),
                ("kelurahan_code", models.CharField(blank=True, max_length=13)),
                ("person_id", models.BigIntegerField(null=True)),
                ("to_name", models.CharField(max_length=200)),
                ("address_sealed", models.BinaryField(null=True)),
                ("address_masked", models.CharField(blank=True, max_length=80)),
                ("title", models.CharField(max_length=120)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Menunggu"),
                            ("no_channel", "Tidak ada saluran"),
                            ("sending", "Sedang dikirim"),
                            ("sent", "Terkirim"),
                            ("failed", "Gagal, akan dicoba lagi"),
                            ("unknown", "Perlu dilihat"),
                            ("given_up", "Gagal"),
                            ("cancelled", "Dibatalkan"),
                            ("printed", "Dicetak"),
                            ("handed_over", "Diserahkan"),
                        ],
                        default="waiting",
                        max_length=11,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.IntegerField(default=0)),
                (
                    "attempt",
                    models.UUIDField(help_text="drawn anew each time it is taken up to be sent", null=True),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="how the other side calls it", max_length=120),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("printed_at", models.DateTimeField(null=True)),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("handed_over_to", models.CharField(blank=True, max_length=120)),
                (
                    "changed_event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.auditevent",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.auditevent",
                    ),
                ),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["waiting", "failed"]),
                            models.Q(("channel", "letter"), _negated=True),
                        ),
                        fields=["not_before", "id"],
                        name="notice_due",
                    ),
                    models.Index(
                        condition=models.Q(("person_id__isnull", False)),
                        fields=["person_id"],
                        name="notice_of_a_person",
                    ),
                    models.Index(fields=["sponsor", "state", "-id"], name="notice_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__regex", "^[a-z]+\\.[a-z0-9_]+$")), name="notice_kind_named"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "whatsapp", "letter"])),
                        name="notice_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "waiting",
                                    "no_channel",
                                    "sending",
                                    "sent",
                                    "failed",
                                    "unknown",
                                    "given_up",
                                    "cancelled",
                                    "printed",
                                    "handed_over",
                                ],
                            )
                        ),
                        name="notice_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("address_sealed__isnull", True),
                                ("channel", "letter"),
                                ("kelurahan_code__gt", ""),
                            ),
                            models.Q(
                                models.Q(("channel", "letter"), _negated=True),
                                ("address_masked__gt", ""),
                                ("address_sealed__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="notice_has_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key__regex", "(^|[^0-9])[0-9]{16}([^0-9]|$)"), _negated=True),
                            models.Q(("to_name__regex", "(^|[^0-9])[0-9]{16}([^0-9]|$)"), _negated=True),
                            models.Q(("title__regex", "(^|[^0-9])[0-9]{16}([^0-9]|$)"), _negated=True),
                            models.Q(("body__regex", "(^|[^0-9])[0-9]{16}([^0-9]|$)"), _negated=True),
                            models.Q(("reason__regex", "(^|[^0-9])[0-9]{16}([^0-9]|$)"), _negated=True),
                        ),
                        name="notice_without_nik",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("channel", "letter"),
                                models.Q(
                                    (
                                        "state__in",
                                        ("no_channel", "sending", "sent", "failed", "unknown", "given_up"),
                                    ),
                                    _negated=True,
                                ),
                            ),
                            models.Q(
                                models.Q(("channel", "letter"), _negated=True),
                                models.Q(("state__in", ("printed", "handed_over")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_letter_goes_on_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("attempt__isnull", False),
                                ("lease_until__isnull", False),
                                ("state", "sending"),
                            ),
                            models.Q(
                                models.Q(("state", "sending"), _negated=True), ("lease_until__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="notice_sending_under_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="notice_sent_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("failed", "unknown", "given_up", "cancelled")), _negated=True
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="notice_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("handed_over_at__isnull", False),
                                ("handed_over_by__isnull", False),
                                ("state", "handed_over"),
                                models.Q(("handed_over_to", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "handed_over"), _negated=True),
                                ("handed_over_at__isnull", True),
                                ("handed_over_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_handed_over_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.IntegerField()),
                ("is_on", models.BooleanField()),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), size=None
                    ),
                ),
                ("quiet_from", models.SmallIntegerField()),
                ("quiet_until", models.SmallIntegerField()),
                ("set_at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.auditevent",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sponsor", "revision"), name="notice_setting_once_per_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channels__contained_by", ["email", "sms", "whatsapp", "letter"]),
                            ("channels__len__gt", 0),
                        ),
                        name="notice_setting_of_known_channels",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quiet_from__gte", 0),
                            ("quiet_from__lte", 23),
                            ("quiet_until__gte", 0),
                            ("quiet_until__lte", 23),
                            models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                        ),
                        name="notice_setting_hours_of_a_day",
                    ),
                ],
            },
        ),
    ]
