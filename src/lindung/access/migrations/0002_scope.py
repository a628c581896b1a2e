"""The database functions that row-level security asks: what is in sight, who acts, who may write.

Each reads a setting of the running transaction and survives its absence and the '' that a finished
transaction leaves behind: both mean "nothing". The bodies are single expressions, so that the planner
inlines them.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION lindung_sees(sponsor bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE coalesce(current_setting('app.sponsors', true), '')
    WHEN '' THEN false
    WHEN '*' THEN true
    ELSE coalesce(sponsor = ANY (current_setting('app.sponsors', true)::bigint[]), false)
END;

CREATE FUNCTION lindung_sees_place(kelurahan text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE coalesce(current_setting('app.kelurahan', true), '')
    WHEN '' THEN false
    WHEN '*' THEN true
    ELSE coalesce(kelurahan = current_setting('app.kelurahan', true), false)
END;

CREATE FUNCTION lindung_actor() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.actor', true), '')::bigint;

CREATE FUNCTION lindung_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.scope', true), '');

-- Who only reads (mayor, auditor) and who sees nothing can add and change nothing.
CREATE FUNCTION lindung_writes() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('app.scope', true), '') NOT IN ('', 'reading');
"""

DROP = """
DROP FUNCTION lindung_writes();
DROP FUNCTION lindung_scope();
DROP FUNCTION lindung_actor();
DROP FUNCTION lindung_sees_place(text);
DROP FUNCTION lindung_sees(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
