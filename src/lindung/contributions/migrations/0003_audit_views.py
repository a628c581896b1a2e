"""What an auditor reads by SQL, without a name or a number of anybody: stable views in the schema audit_v.

The views belong to the owner, whose policies see every row; the role lindung_auditor reads them and nothing else.
"""

from django.db import migrations

VIEWS = """
CREATE SCHEMA IF NOT EXISTS audit_v;
REVOKE ALL ON SCHEMA audit_v FROM PUBLIC;

CREATE VIEW audit_v.instructions AS
SELECT i.id, i.kind, i.reference, i.amount, i.sponsor_id, i.event_id, e.id AS entry_id, e."on" AS value_date
  FROM ledger_instruction i LEFT JOIN ledger_entry e ON e.instruction_id = i.id;

CREATE VIEW audit_v.postings AS
SELECT p.month, p.entry_id, p.line, a.code AS account, p.sponsor_id, p.amount
  FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id;

CREATE VIEW audit_v.balances AS
SELECT a.code AS account, coalesce(sum(p.amount), 0)::bigint AS balance
  FROM ledger_account a LEFT JOIN ledger_posting p ON p.account_id = a.id GROUP BY a.code;

CREATE VIEW audit_v.bills AS
SELECT b.id, g.code AS agreement, b.sponsor_id, b.month, b.status, b.people, b.total, b.due_on, b.event_id
  FROM contributions_bill b JOIN partnership_agreement g ON g.id = b.agreement_id;

CREATE VIEW audit_v.bill_lines AS
SELECT month, bill_id, work_id, person_id, membership_id, sponsor_id, tariff_id, amount FROM contributions_billline;

CREATE VIEW audit_v.tariffs AS
SELECT id, digest, month, total, decision FROM contributions_tariffdecision;

CREATE VIEW audit_v.payments AS
SELECT p.id, p.order_number, p.ordered_on, p.amount, p.recorded_by_id, p.confirmed_by_id, s.bill_id,
       s.amount AS settled, s.instruction_id
  FROM contributions_payment p LEFT JOIN contributions_settlement s ON s.payment_id = p.id;

CREATE VIEW audit_v.paid_months AS
SELECT month, person_id, work_id, programme, agreement_id, sponsor_id, instruction_id, amount, paid_on
  FROM contributions_paidmonth;

CREATE VIEW audit_v.memberships AS
SELECT id, person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code, programmes, registered_on,
       since, until, event_id
  FROM membership_membership;

CREATE VIEW audit_v.rosters AS
SELECT r.id, g.code AS agreement, r.sha256, r.status, r.received_at, r.received_by_id, w.verdict, count(w.number)
  FROM membership_roster r JOIN partnership_agreement g ON g.id = r.agreement_id
  LEFT JOIN membership_rosterrow w ON w.roster_id = r.id
 GROUP BY r.id, g.code, w.verdict;

CREATE VIEW audit_v.events AS
SELECT id, at, actor_id, actor_name, action, subject, sponsor_id, detail, txid FROM access_auditevent;

GRANT USAGE ON SCHEMA audit_v TO lindung_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA audit_v TO lindung_auditor;
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0002_proofs")]

    operations = [migrations.RunSQL(VIEWS, "DROP SCHEMA audit_v CASCADE")]
