"""What is in sight, as values: row security compares a row with them instead of asking a function about each row.

As in 0002, a setting that is absent or '' means "nothing".
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION lindung_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.sponsors', true), '') = '*';

CREATE FUNCTION lindung_seen_sponsors() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(current_setting('app.sponsors', true), '') IN ('', '*') THEN '{}'
    ELSE current_setting('app.sponsors', true)::bigint[] END;

CREATE FUNCTION lindung_sees_every_place() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.kelurahan', true), '') = '*';

CREATE FUNCTION lindung_seen_place() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(nullif(current_setting('app.kelurahan', true), ''), '*');
"""

DROP = """
DROP FUNCTION lindung_seen_place();
DROP FUNCTION lindung_sees_every_place();
DROP FUNCTION lindung_seen_sponsors();
DROP FUNCTION lindung_sees_all();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0009_first_administrators")]

    operations = [migrations.RunSQL(CREATE, DROP)]
