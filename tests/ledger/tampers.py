"""Ways to change the past, as somebody with every right in the database would: drawn at random, one after another.

Each is SQL that leaves the tables changed; triggers and keys are put away by whoever runs it.
"""

from collections.abc import Callable
from random import Random

Tamper = Callable[[Random], str]
EVENTS = "access_auditevent"
_OF_OURS = "subject LIKE 'thing:%'"


def _event(random: Random) -> str:
    return f"(SELECT id FROM {EVENTS} WHERE subject = 'thing:{random.randrange(120)}')"


def _entry(random: Random) -> str:
    return f"(SELECT e.id FROM ledger_entry e JOIN ledger_instruction i ON i.id = e.instruction_id WHERE i.reference = 'p{random.randrange(120)}')"


def edit(random: Random) -> str:
    """One value of one row."""
    event, entry = _event(random), _entry(random)
    instruction = f"(SELECT instruction_id FROM ledger_entry WHERE id = {entry})"
    return random.choice(
        [
            f"UPDATE {EVENTS} SET actor_name = 'Orang lain' WHERE id = {event}",
            f"UPDATE {EVENTS} SET actor_id = NULL WHERE id = {event}",
            f"UPDATE {EVENTS} SET action = 'payment.confirmed' WHERE id = {event}",
            f"UPDATE {EVENTS} SET detail = detail || '{{\"number\": 7000}}' WHERE id = {event}",
            f"UPDATE {EVENTS} SET at = at - interval '1 microsecond' WHERE id = {event}",
            f"UPDATE {EVENTS} SET sponsor_id = NULL WHERE id = {event}",
            f'UPDATE ledger_entry SET "on" = "on" + 1 WHERE id = {entry}',
            f"UPDATE ledger_entry SET reverses_id = id WHERE id = {entry}",
            f"UPDATE ledger_posting SET amount = amount * 2 WHERE entry_id = {entry}",
            f"UPDATE ledger_posting SET line = line + 1 WHERE entry_id = {entry} AND line = 2",
            f"UPDATE ledger_posting SET account_id = account_id + 100 WHERE entry_id = {entry} AND line = 2",
            f"UPDATE ledger_instruction SET amount = amount + 1 WHERE id = {instruction}",
            f"UPDATE ledger_instruction SET reference = reference || '/x' WHERE id = {instruction}",
            f"UPDATE ledger_instruction SET event_id = 1 WHERE id = {instruction}",
            f"UPDATE ledger_account SET code = code || random()::text WHERE id = {random.choice([1, 2])}",
        ]
    )


def delete(random: Random) -> str:
    """A row that was closed."""
    event, entry = _event(random), _entry(random)
    return random.choice(
        [
            f"DELETE FROM {EVENTS} WHERE id = {event}",
            f"DELETE FROM ledger_entry WHERE id = {entry}",
            f"DELETE FROM ledger_posting WHERE entry_id = {entry}",
            f"DELETE FROM ledger_instruction WHERE id = (SELECT instruction_id FROM ledger_entry WHERE id = {entry})",
        ]
    )


def insert(random: Random) -> str:
    """A row into a block that is closed."""
    event, entry = _event(random), _entry(random)
    if random.random() < 0.5:
        return f"INSERT INTO {EVENTS} SELECT (jsonb_populate_record(v, '{{\"id\": {random.randrange(5_000, 9_000)}}}')).* FROM {EVENTS} v WHERE id = {event}"
    return f"""
        WITH i AS (INSERT INTO ledger_instruction SELECT (jsonb_populate_record(i, '{{"id": 7777, "reference": "new"}}')).*
                     FROM ledger_instruction i JOIN ledger_entry e ON e.instruction_id = i.id WHERE e.id = {entry}),
             e AS (INSERT INTO ledger_entry SELECT (jsonb_populate_record(e, '{{"id": 7777, "instruction_id": 7777}}')).*
                     FROM ledger_entry e WHERE e.id = {entry})
        INSERT INTO ledger_posting SELECT (jsonb_populate_record(p, '{{"entry_id": 7777}}')).*
          FROM ledger_posting p WHERE p.entry_id = {entry}
    """


def reorder(random: Random) -> str:
    """Two rows change places."""
    one, other = random.sample(range(120), 2)
    column = random.choice(["subject", "detail", "id"])
    swapped = f"""
        UPDATE {EVENTS} a SET {column} = b.{column} FROM {EVENTS} b
         WHERE a.subject = 'thing:{one}' AND b.subject = 'thing:{other}'
            OR a.subject = 'thing:{other}' AND b.subject = 'thing:{one}'
    """
    if column == "id":
        return f"ALTER TABLE {EVENTS} DROP CONSTRAINT access_auditevent_pkey CASCADE;" + swapped
    if random.random() < 0.5:
        return f"""
            UPDATE ledger_posting p SET amount = o.amount FROM ledger_posting o, ledger_entry e, ledger_entry f
             WHERE p.line = o.line AND e.id = p.entry_id AND f.id = o.entry_id AND e.id <> f.id
               AND e.instruction_id IN (SELECT id FROM ledger_instruction WHERE reference IN ('p{one}', 'p{other}'))
               AND f.instruction_id IN (SELECT id FROM ledger_instruction WHERE reference IN ('p{one}', 'p{other}'))
        """
    return swapped


def cut(random: Random) -> str:
    """The tail: the newest rows of a chain, with the blocks that held them or without."""
    table, chain = random.choice([(EVENTS, "events"), ("ledger_entry", "entries")])
    if random.random() < 0.5:
        return f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY id DESC LIMIT {random.randrange(1, 20)})"
    kept = random.randrange(1, 4)
    ends = f"(SELECT until_txid FROM ledger_block WHERE chain = '{chain}' AND number = {kept})"
    return (
        f"DELETE FROM {table} WHERE txid >= {ends};"
        f"DELETE FROM ledger_block WHERE chain = '{chain}' AND number > {kept}"
    )


def rewrite(random: Random) -> str:
    """A row edited, left out or put in, and every block computed anew: the database agrees with itself."""
    return random.choice([edit, delete, insert, reorder])(random) + ";" + REBUILT


def backup(random: Random) -> str:
    """All of it as it was at the end of an earlier block."""
    kept = random.randrange(1, 4)
    parts = [
        f"DELETE FROM {table} WHERE txid >= (SELECT until_txid FROM ledger_block WHERE chain = '{chain}' AND number = {kept})"
        for table, chain in ((EVENTS, "events"), ("ledger_entry", "entries"))
    ]
    orphans = (
        "DELETE FROM ledger_posting p WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = p.entry_id)",
        "DELETE FROM ledger_instruction i WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.instruction_id = i.id)",
    )
    return ";".join([*parts, *orphans, f"DELETE FROM ledger_block WHERE number > {kept}"])


REBUILT = """
DO $$ DECLARE b ledger_block; before bytea; d record; BEGIN
    FOR b IN SELECT * FROM ledger_block ORDER BY chain, number LOOP
        before := CASE WHEN b.number = 1 THEN decode(repeat('00', 32), 'hex')
                       ELSE (SELECT hash FROM ledger_block WHERE chain = b.chain AND number = b.number - 1) END;
        SELECT * INTO d FROM lindung_block_digest(b.chain, b.from_txid, b.until_txid);
        UPDATE ledger_block SET rows = d.rows, digest = d.digest, previous = before,
               hash = sha256(convert_to(jsonb_build_array(
                   b.chain, b.number, b.from_txid::text, b.until_txid::text, d.rows, encode(d.digest, 'hex'),
                   encode(before, 'hex'), (extract(epoch FROM b.closed_at) * 1000000)::bigint)::text, 'UTF8'))
         WHERE chain = b.chain AND number = b.number;
    END LOOP;
END $$
"""
KINDS: dict[str, Tamper] = {
    "edit": edit,
    "delete": delete,
    "insert": insert,
    "reorder": reorder,
    "tail cut": cut,
    "rewritten chain": rewrite,
    "old backup": backup,
}
