"""What bills, payments and paid months promise, held by the database; and their partitions by month."""

from django.db import migrations

from lindung.access.row_security import WHOLE_CITY, protected

WHOLE_KEYS = """
CREATE UNIQUE INDEX bill_month_and_sponsor ON contributions_bill (id, month, sponsor_id);
CREATE UNIQUE INDEX tariff_and_total ON contributions_tariffdecision (id, total);
CREATE UNIQUE INDEX payment_and_sponsor ON contributions_payment (id, sponsor_id);
CREATE UNIQUE INDEX settlement_and_sponsor ON contributions_settlement (instruction_id, sponsor_id);
ALTER TABLE contributions_bill ADD CONSTRAINT bill_of_its_sponsors_agreement
    FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id);
ALTER TABLE contributions_payment ADD CONSTRAINT payment_of_its_sponsors_agreement
    FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id);
ALTER TABLE contributions_payment ADD CONSTRAINT payment_of_a_bill
    FOREIGN KEY (bill_id) REFERENCES contributions_bill (id);
ALTER TABLE contributions_settlement
    ADD CONSTRAINT settlement_of_its_sponsors_payment
        FOREIGN KEY (payment_id, sponsor_id) REFERENCES contributions_payment (id, sponsor_id),
    ADD CONSTRAINT settlement_of_a_bill FOREIGN KEY (bill_id) REFERENCES contributions_bill (id);
"""

UNDO_WHOLE_KEYS = """
ALTER TABLE contributions_settlement DROP CONSTRAINT settlement_of_a_bill,
    DROP CONSTRAINT settlement_of_its_sponsors_payment;
ALTER TABLE contributions_payment DROP CONSTRAINT payment_of_its_sponsors_agreement,
    DROP CONSTRAINT payment_of_a_bill;
ALTER TABLE contributions_bill DROP CONSTRAINT bill_of_its_sponsors_agreement;
ALTER TABLE contributions_paidmonth DROP CONSTRAINT paid_month_of_its_sponsors_agreement,
    DROP CONSTRAINT paid_month_of_its_sponsors_settlement,
    DROP CONSTRAINT paid_month_of_its_persons_work;
ALTER TABLE contributions_billline DROP CONSTRAINT bill_line_of_its_membership,
    DROP CONSTRAINT bill_line_in_its_month, DROP CONSTRAINT bill_line_worth_its_tariff;
DROP INDEX settlement_and_sponsor, payment_and_sponsor, tariff_and_total, bill_month_and_sponsor;
"""

LINES = """
DROP TABLE contributions_billline;
CREATE TABLE contributions_billline (
    month date NOT NULL,
    bill_id bigint NOT NULL,
    work_id bigint NOT NULL,
    person_id bigint NOT NULL,
    membership_id bigint NOT NULL,
    sponsor_id bigint NOT NULL,
    tariff_id bigint NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (month, bill_id, work_id),
    CONSTRAINT bill_line_in_its_month
        FOREIGN KEY (bill_id, month, sponsor_id) REFERENCES contributions_bill (id, month, sponsor_id),
    CONSTRAINT bill_line_of_its_membership
        FOREIGN KEY (membership_id, work_id, person_id, sponsor_id)
        REFERENCES membership_membership (id, work_id, person_id, sponsor_id),
    CONSTRAINT bill_line_worth_its_tariff
        FOREIGN KEY (tariff_id, amount) REFERENCES contributions_tariffdecision (id, total)
) PARTITION BY RANGE (month);
CREATE INDEX bill_lines_of_a_person ON contributions_billline (person_id, month);
"""

PAID = """
DROP TABLE contributions_paidmonth;
CREATE TABLE contributions_paidmonth (
    month date NOT NULL CONSTRAINT paid_month_is_a_first_day CHECK (extract(day FROM month) = 1),
    person_id bigint NOT NULL,
    work_id bigint NOT NULL,
    programme varchar(3) NOT NULL CONSTRAINT paid_month_programme_known CHECK (programme IN ('jkk', 'jkm', 'jht')),
    agreement_id bigint NOT NULL,
    sponsor_id bigint NOT NULL,
    instruction_id bigint NOT NULL,
    amount bigint NOT NULL CONSTRAINT paid_month_not_negative CHECK (amount >= 0),
    paid_on date NOT NULL,
    CONSTRAINT paid_month_once PRIMARY KEY (month, person_id, work_id, programme),
    CONSTRAINT paid_month_of_its_persons_work
        FOREIGN KEY (work_id, person_id) REFERENCES membership_work (id, person_id),
    -- No month is paid but by money that a second person confirmed: a settlement of the same sponsor.
    CONSTRAINT paid_month_of_its_sponsors_settlement
        FOREIGN KEY (instruction_id, sponsor_id)
        REFERENCES contributions_settlement (instruction_id, sponsor_id),
    CONSTRAINT paid_month_of_its_sponsors_agreement
        FOREIGN KEY (agreement_id, sponsor_id) REFERENCES partnership_agreement (id, sponsor_id)
) PARTITION BY RANGE (month);
CREATE INDEX paid_months_of_a_person ON contributions_paidmonth (person_id, month);
CREATE INDEX paid_months_of_an_agreement ON contributions_paidmonth (agreement_id, programme, month);
"""

TARIFFS = """
CREATE FUNCTION tariff_equals_its_amounts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE tariff bigint := CASE TG_TABLE_NAME WHEN 'contributions_tariffdecision' THEN (to_jsonb(NEW)->>'id')::bigint
                              ELSE (to_jsonb(NEW)->>'tariff_id')::bigint END;
BEGIN
    IF (SELECT t.total FROM contributions_tariffdecision t WHERE t.id = tariff)
       <> coalesce((SELECT sum(a.amount) FROM contributions_tariffamount a WHERE a.tariff_id = tariff), 0) THEN
        RAISE EXCEPTION 'the tariff does not equal its amounts'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tariff_equals_its_amounts';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tariff_equals_its_amounts AFTER INSERT ON contributions_tariffdecision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tariff_equals_its_amounts();
CREATE CONSTRAINT TRIGGER tariff_amount_equals AFTER INSERT ON contributions_tariffamount
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tariff_equals_its_amounts();
"""

BILLS = """
-- Lines come with their bill in one statement and make its total; a line added later breaks the sum.
CREATE FUNCTION bill_lines_make_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM contributions_bill b
         WHERE b.id IN (SELECT bill_id FROM added)
           AND (b.total, b.people) <> (SELECT coalesce(sum(l.amount), 0)::bigint, count(*)::int
                                         FROM contributions_billline l
                                        WHERE l.bill_id = b.id AND l.month = b.month)) THEN
        RAISE EXCEPTION 'the bill does not equal its lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_equals_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bill_lines_make_the_bill AFTER INSERT ON contributions_billline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bill_lines_make_the_bill();

CREATE FUNCTION bill_has_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM contributions_billline l WHERE l.bill_id = NEW.id AND l.month = NEW.month) THEN
        RAISE EXCEPTION 'the bill has no lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_equals_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bill_has_lines AFTER INSERT ON contributions_bill
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bill_has_lines();

-- final -> paid when settlements make the total; final -> cancelled; nothing else, and nothing begins paid.
CREATE FUNCTION bill_step_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status = 'final' THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = NEW.status THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'final' AND NEW.status = 'cancelled'
       AND NOT EXISTS (SELECT 1 FROM contributions_settlement s WHERE s.bill_id = NEW.id) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'final' AND NEW.status = 'paid' AND NEW.total =
       (SELECT coalesce(sum(s.amount), 0) FROM contributions_settlement s WHERE s.bill_id = NEW.id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this step of the bill is not allowed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_step_allowed';
END $$;
CREATE TRIGGER bill_step_allowed BEFORE INSERT OR UPDATE ON contributions_bill
    FOR EACH ROW EXECUTE FUNCTION bill_step_allowed();
"""

JOINING = """
-- Who is enrolled for a month whose bill is drawn would never be billed for it, and so never be covered.
CREATE FUNCTION membership_before_the_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM contributions_bill b
                 JOIN (SELECT DISTINCT agreement_id, since, until FROM added) a ON a.agreement_id = b.agreement_id
                WHERE b.status <> 'cancelled' AND b.month >= a.since AND (a.until IS NULL OR b.month < a.until)) THEN
        RAISE EXCEPTION 'the bill of this month is drawn already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_before_the_bill';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_before_the_bill AFTER INSERT ON membership_membership
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION membership_before_the_bill();
"""

PAYMENTS = """
-- The recorder and the confirmer are whoever acts, never a name passed along; a confirmation is final.
CREATE FUNCTION payment_by_two_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.confirmed_by_id IS NULL AND NEW.recorded_by_id = lindung_actor() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.confirmed_by_id IS NULL AND NEW.confirmed_by_id = lindung_actor() THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a payment is recorded and confirmed by the two people themselves'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_confirmed_by_a_second_person';
END $$;
CREATE TRIGGER payment_by_two_people BEFORE INSERT OR UPDATE ON contributions_payment
    FOR EACH ROW EXECUTE FUNCTION payment_by_two_people();

CREATE FUNCTION settlement_allowed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    paid contributions_payment;
    owed contributions_bill;
BEGIN
    SELECT * INTO owed FROM contributions_bill b WHERE b.id = NEW.bill_id FOR UPDATE;
    SELECT * INTO paid FROM contributions_payment p WHERE p.id = NEW.payment_id FOR UPDATE;
    IF paid.confirmed_by_id IS NULL THEN
        RAISE EXCEPTION 'the payment is not confirmed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_needs_confirmation_first';
    END IF;
    IF paid.agreement_id IS DISTINCT FROM owed.agreement_id OR paid.bill_id <> owed.id THEN
        RAISE EXCEPTION 'the payment is for another agreement'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_of_one_agreement';
    END IF;
    IF paid.amount < (SELECT sum(s.amount) FROM contributions_settlement s
                       WHERE s.payment_id = NEW.payment_id) THEN
        RAISE EXCEPTION 'the payment does not reach'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_within_payment';
    END IF;
    IF owed.status <> 'final' OR owed.total < (
        SELECT sum(s.amount) FROM contributions_settlement s WHERE s.bill_id = NEW.bill_id) THEN
        RAISE EXCEPTION 'the bill is not open, or owes less'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_of_an_open_bill';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_allowed AFTER INSERT ON contributions_settlement
    FOR EACH ROW EXECUTE FUNCTION settlement_allowed();
"""

UNDO = """
DROP TRIGGER settlement_allowed ON contributions_settlement;
DROP TRIGGER membership_before_the_bill ON membership_membership;
DROP FUNCTION membership_before_the_bill();
DROP TRIGGER payment_by_two_people ON contributions_payment;
DROP TRIGGER bill_step_allowed ON contributions_bill;
DROP TRIGGER bill_has_lines ON contributions_bill;
DROP TRIGGER bill_lines_make_the_bill ON contributions_billline;
DROP TRIGGER tariff_amount_equals ON contributions_tariffamount;
DROP TRIGGER tariff_equals_its_amounts ON contributions_tariffdecision;
DROP FUNCTION settlement_allowed();
DROP FUNCTION payment_by_two_people();
DROP FUNCTION bill_step_allowed();
DROP FUNCTION bill_has_lines();
DROP FUNCTION bill_lines_make_the_bill();
DROP FUNCTION tariff_equals_its_amounts();
"""


# What a month asks of a person is seen by whoever sees the person; in a whole city that needs no look-up.
OF_A_PERSON = """
    lindung_sees(sponsor_id)
    AND (lindung_sees_place('*') OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0001_tables"),
        ("ledger", "0002_proofs"),
        ("membership", "0002_rights"),
    ]

    operations = [
        # The way back leaves partitioned tables that Django drops as it would its own.
        migrations.RunSQL(WHOLE_KEYS, UNDO_WHOLE_KEYS),
        migrations.RunSQL(LINES, migrations.RunSQL.noop),
        migrations.RunSQL(PAID, migrations.RunSQL.noop),
        migrations.RunSQL(TARIFFS + BILLS + JOINING + PAYMENTS, UNDO),
        protected("contributions_tariffdecision", app="SELECT, INSERT", visible="true"),
        protected("contributions_tariffamount", app="SELECT, INSERT", visible="true"),
        protected("contributions_bill", app="SELECT, INSERT, UPDATE (status)", adding=WHOLE_CITY),
        protected("contributions_billline", app="SELECT, INSERT", visible=OF_A_PERSON, adding=WHOLE_CITY),
        protected(
            "contributions_payment",
            app="SELECT, INSERT, UPDATE (confirmed_by_id, confirmed_at)",
            adding=WHOLE_CITY,
        ),
        protected("contributions_settlement", app="SELECT, INSERT", adding=WHOLE_CITY),
        protected("contributions_paidmonth", app="SELECT, INSERT", visible=OF_A_PERSON, adding=WHOLE_CITY),
    ]
