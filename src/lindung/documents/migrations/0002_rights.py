"""Who may see a kept file: those who see the whole city. A kelurahan's operator does not see the city's list."""

from django.db import migrations

from lindung.access.row_security import append_only

# Sealed bytes do not compress; PostgreSQL need not try.
EXTERNAL = "ALTER TABLE documents_document ALTER COLUMN content SET STORAGE EXTERNAL"
AS_BEFORE = "ALTER TABLE documents_document ALTER COLUMN content SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("access", "0003_rights")]

    operations = [
        migrations.RunSQL(EXTERNAL, AS_BEFORE),
        append_only("documents_document", visible="lindung_sees(sponsor_id) AND lindung_sees_place('*')"),
    ]
