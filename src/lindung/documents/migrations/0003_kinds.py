"""A paper that names a file names one of its own city: other rooms' foreign keys take both columns together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_rights")]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX document_and_sponsor ON documents_document (id, sponsor_id)",
            "DROP INDEX document_and_sponsor",
        ),
    ]
