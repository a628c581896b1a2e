"""One violation for each proof, as whoever may do everything in the database would make it: triggers and keys put away."""


def unchecked(table: str) -> str:
    """Every CHECK, UNIQUE and EXCLUDE of a table away; a unique index of no constraint, too."""
    return f"""
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype IN ('c', 'u', 'x')
    LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I CASCADE', one.conname); END LOOP;
    FOR one IN SELECT indexrelid::regclass AS name FROM pg_index
                WHERE indrelid = '{table}'::regclass AND indisunique AND NOT indisprimary
    LOOP EXECUTE format('DROP INDEX %s CASCADE', one.name); END LOOP;
END $$;
"""


def copied(table: str, changes: str, where: str = "true") -> str:
    """One row once more, but for the changes (JSON)."""
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(x) || '{changes}')).*"
        f" FROM {table} x WHERE {where} LIMIT 1;"
    )


CLOSED = "SELECT lindung_close_block('entries'), lindung_close_block('events');"
PLANTED = {
    "ledger.one_entry_for_each_instruction": "DELETE FROM ledger_entry;",
    "ledger.references_are_unique": unchecked("ledger_instruction")
    + copied("ledger_instruction", '{"id": 9999}'),
    "ledger.entries_sum_to_zero": "UPDATE ledger_posting SET amount = amount - 7 WHERE line = 1;",
    "ledger.whole_book_sums_to_zero": "DELETE FROM ledger_posting WHERE line = 2;",
    "ledger.entries_are_worth_their_instruction": "UPDATE ledger_instruction SET amount = amount + 1;",
    "ledger.one_sponsor_throughout": "UPDATE ledger_posting SET sponsor_id = NULL WHERE line = 1;",
    "ledger.entries_fit_their_blocks": CLOSED + "UPDATE ledger_account SET code = code || 'x';",
    "ledger.events_fit_their_blocks": CLOSED
    + "UPDATE access_auditevent SET actor_name = 'Orang lain' WHERE id = 5;",
    "ledger.balances_are_sums": unchecked("ledger_balance")
    + "UPDATE ledger_balance SET amount = amount + 1;",
    "ledger.balances_within_bounds": unchecked("ledger_balance")
    + "UPDATE ledger_balance b SET amount = -1 FROM ledger_account a WHERE a.id = b.account_id AND a.kind = 'held';",
    "ledger.reversals_are_opposites": (
        "UPDATE ledger_entry SET reverses_id = (SELECT min(id) FROM ledger_entry)"
        " WHERE id = (SELECT max(id) FROM ledger_entry);"
    ),
    "money.payments_are_booked": (
        "UPDATE ledger_instruction SET reference = 'x' || reference WHERE reference ~ '^payment:[0-9]+$';"
    ),
    "money.no_month_of_undone_money": "UPDATE contributions_settlement SET reversed_by_id = instruction_id;",
    "money.undone_by_its_own_reversal": "UPDATE contributions_settlement SET reversed_by_id = instruction_id;",
    "money.held_is_what_is_left": unchecked("ledger_balance")
    + "UPDATE ledger_balance b SET amount = 5 FROM ledger_account a WHERE a.id = b.account_id AND a.kind = 'held';",
    "money.owed_is_what_was_carried": (
        unchecked("ledger_account")
        + "INSERT INTO ledger_account (id, code, kind) VALUES (9999, 'owed:agreement:9999', 'owed');"
        + "INSERT INTO ledger_balance (account_id, amount) VALUES (9999, -5);"
    ),
    "bills.once_for_each_month": unchecked("contributions_bill")
    + copied("contributions_bill", '{"id": 9999}'),
    "bills.lines_are_worth_their_tariff": "UPDATE contributions_billline SET amount = amount + 1;",
    "bills.lines_are_as_drawn": "UPDATE contributions_billline SET person_id = person_id + 1000;",
    "bills.state_follows_the_money": "UPDATE contributions_bill SET status = 'final' WHERE status = 'paid';",
    "bills.are_their_lines_and_charges": "UPDATE contributions_bill SET total = total + 1;",
    "bills.superseded_by_their_own_kind": unchecked("contributions_bill")
    + "UPDATE contributions_bill SET superseded_by_id = id;",
    "bills.lines_within_memberships": "UPDATE membership_membership SET since = since + 366;",
    "bills.nobody_after_death": unchecked("membership_memberchange")
    + (
        "UPDATE membership_memberchange SET died_on = '2025-05-01', event_id = 1,"
        " membership_id = (SELECT min(membership_id) FROM contributions_billline);"
    ),
    "months.paid_are_those_of_paid_bills": (
        "DELETE FROM contributions_paidmonth WHERE programme = 'jkm'"
        " AND person_id = (SELECT min(person_id) FROM contributions_paidmonth);"
    ),
    "months.paid_once": copied("contributions_paidmonth", '{"person_id": 9999}'),
    "months.paid_by_a_settlement_of_their_bill": "UPDATE contributions_paidmonth SET instruction_id = 9999;",
    "settlements.each_its_instruction": "DELETE FROM contributions_settlement;",
    "payments.reach_for_what_they_settled": "UPDATE contributions_payment SET amount = 1;",
    "payments.by_two_people": unchecked("contributions_payment")
    + "UPDATE contributions_payment SET confirmed_by_id = recorded_by_id;",
    "budgets.cover_what_is_spent": "UPDATE partnership_budget SET amount = 1;",
    "own.bills_are_of_their_payer": "UPDATE contributions_bill SET membership_id = 1;",
    "own.lines_are_of_their_member": "UPDATE contributions_bill SET membership_id = 999999;",
    "own.members_have_codes": "DELETE FROM membership_owncode;",
    "own.cover_goes_on_without_a_gap": unchecked("membership_membership")
    + "UPDATE membership_membership SET cover_since = since - 31 WHERE id = 1;",
    "statement.lines": unchecked("contributions_statement")
    + "UPDATE contributions_statement SET fresh = fresh + 1;",
    "statement.receipts": unchecked("contributions_statementline")
    + "UPDATE contributions_statementline SET amount = amount + 1;",
    "statement.receipts_have_lines": "DELETE FROM contributions_statementline;",
    "statement.unmatched": unchecked("contributions_statementline")
    + "UPDATE contributions_statementline SET amount = amount + 1 WHERE state = 'unmatched';",
    "statement.matches": unchecked("contributions_payment")
    + "UPDATE contributions_payment SET source = 'bank', confirmed_by_id = NULL;",
    "code_list.lines": unchecked("contributions_codelist")
    + "UPDATE contributions_codelist SET lines = lines + 1;",
    "memberships.do_not_overlap": unchecked("membership_membership")
    + copied("membership_membership", '{"id": 9999}'),
    "memberships.of_their_persons_work": "UPDATE membership_work SET person_id = person_id + 1000;",
    "rosters.files_once": unchecked("membership_roster") + copied("membership_roster", '{"id": 9999}'),
    "rosters.enrolled_rows_have_their_person": unchecked("membership_rosterrow")
    + "UPDATE membership_rosterrow SET person_id = NULL WHERE verdict = 'enrolled';",
    "imports.lines_add_up": unchecked("membership_branchimport")
    + "UPDATE membership_branchimport SET accepted = accepted + 1;",
    "exports.by_two_people": unchecked("membership_exportrequest")
    + "UPDATE membership_exportrequest SET approved_by_id = requested_by_id;",
    "agreements.came_step_by_step": unchecked("partnership_agreement")
    + "UPDATE partnership_agreement SET state = 'terminated' WHERE state = 'active';",
    "agreements.second_person_where_asked": (
        "UPDATE partnership_agreementchange c SET by_id = a.drafted_by_id FROM partnership_agreement a"
        " WHERE a.id = c.agreement_id AND c.to_state = 'active';"
    ),
    "authority.by_two_people": unchecked("partnership_authority")
    + "INSERT INTO partnership_authority (function, decided_by, instrument_kind, instrument_number, instrument_on, since,"
    " proposed_at, approved_at, event_id, proposed_by_id, approved_by_id, proposed_by_name, approved_by_name,"
    " withdrawn_by_name) VALUES ('uji', 'bpjs', 'x', 'x', '2025-01-01', '2025-01-01', now(), now(), 1, 1, 1, '', '', '');",
    "accounts.by_two_people": unchecked("access_accountchange")
    + "INSERT INTO access_accountchange (kind, reason, role, kelurahan_code, name, username, decision, requested_at,"
    " decided_in, permissions, requested_by_id, decided_by_id, since, organisation_id)"
    " VALUES ('activate', 'uji', '', '', '', '', 'approved', now(), '', '{}', 1, 1, '2025-01-01', 1);",
    "tasks.are_alive": (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('q', 't', '{}', 'doing');"
    ),
    "tables.without_nik": "UPDATE people_person SET birth_place = 'NIK 1571025203840001';",
    "tables.with_their_event": "UPDATE contributions_bill SET event_id = 99999;",
}
