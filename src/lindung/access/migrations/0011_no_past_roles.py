"""Nobody asks for a role, or any change of an account, from a day that is over: it would hold from another day."""

from django.db import migrations

CREATE = """
CREATE FUNCTION account_change_not_in_the_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.since < (NEW.requested_at AT TIME ZONE 'Asia/Jakarta')::date THEN
        RAISE EXCEPTION 'a change of an account holds from the day it is asked for at the earliest'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_change_not_in_the_past';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_change_not_in_the_past BEFORE INSERT ON access_accountchange
    FOR EACH ROW EXECUTE FUNCTION account_change_not_in_the_past();
"""
DROP = """
DROP TRIGGER account_change_not_in_the_past ON access_accountchange;
DROP FUNCTION account_change_not_in_the_past();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0010_sight")]

    operations = [migrations.RunSQL(CREATE, DROP)]
