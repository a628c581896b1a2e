"""A payment run to be disturbed: many people who pay for themselves, one bank statement that pays them all.

    python -m faults.paying prepare PEOPLE     makes them, their bills and the statement, and begins the run
    python -m faults.paying outcome            says what became of it

Both print one line of JSON. Which database, LINDUNG_HOME says.
"""

import json
import sys
from typing import Any

import psycopg

from lindung.engine import addresses, provision

ACCOUNT = "1234567890"


def prepare(people: int) -> dict[str, Any]:
    """A group of that many self-payers with a bill each; a statement with one exact line for each bill; the run begun."""
    import selfpay
    import world
    from lindung.access.models import Role
    from lindung.contributions import match_runs, own_bills, statements
    from lindung.contributions.models import Bill
    from lindung.law.months import Month

    place = world.city()
    group = selfpay.independent(place, quota=people + 10)
    _crowd(group.pk, place.sponsor.pk, people)
    month, today = Month(2025, 7), world.TODAY
    with place.acting() as officer:
        drawn = own_bills.draw_all_own(agreement_id=group.pk, month=month, by=officer, today=today)
        bills = list(Bill.objects.order_by("pk").values_list("pk", "total"))
    with place.acting(Role.FINANCE_OFFICER) as treasurer:
        statements.receive(
            name="koran.csv", content=_statement(bills), sponsor_id=place.sponsor.pk, by=treasurer,
            now=world.at(today), told=statements.NOTHING_TOLD._replace(account=ACCOUNT, days="dmy"),
        )  # fmt: skip
    with place.acting(Role.FINANCE_OFFICER) as treasurer:
        run = match_runs.begin(sponsor_id=place.sponsor.pk, by=treasurer, now=world.at(today))
    return {"bills": drawn.drawn, "lines": run.lines_count, "run": run.pk, **_clerk(place)}


def _clerk(place: Any) -> dict[str, Any]:
    """Another system that records orders meanwhile: its key, and the bill of a city that it records them for."""
    import world
    from lindung.access import clients
    from lindung.access.models import Role
    from lindung.access.scope import Actor, SystemScope, system_scope
    from lindung.law.months import Month

    promised = world.agreement(place, quota=10)
    world.enrol(place, promised, world.SITI, world.BUDI)
    bill = world.bill(place, promised, Month(2025, 6))
    maker = world.administrator(place, "admin.jambi")
    with system_scope(SystemScope.DEMO, actor=Actor.of(maker)):
        key = clients.create(
            name="uji", user=place.users[Role.CITY_OFFICER], by=Actor.of(maker), now=world.at(world.TODAY)
        )
    return {"bill": bill.pk, "client_id": key.client_id, "secret": key.secret, "today": str(world.TODAY)}


def _statement(bills: list[tuple[int, int]]) -> bytes:
    from lindung.contributions.matching import pay_code

    rows = "".join(f"20/07/2025;SETORAN {pay_code(pk)};;{total}\n" for pk, total in bills)
    return f"Tanggal;Keterangan;Debit;Kredit\n{rows}".encode()


_CROWD = """
SET session_replication_role = replica;
CREATE TEMP TABLE crowd AS
SELECT nextval('people_person_id_seq') AS person, nextval('membership_work_id_seq') AS work, n
  FROM generate_series(1, %(people)s) AS n;
INSERT INTO people_person (id, name, name_key, birth_place, birth_date, sex, kelurahan_code, nik_sealed, nik_index,
                           event_id)
SELECT person, 'Orang ' || n, 'orang ' || n, '', date '1970-01-01' + (n %% 10000), 'M', '15.71.07.1001',
       sha256(int8send(person)), sha256(int8send(person)), %(event)s FROM crowd;
INSERT INTO people_personscope (person_id, sponsor_id, event_id) SELECT person, %(sponsor)s, %(event)s FROM crowd;
INSERT INTO membership_work (id, person_id, kind, occupation, sector, event_id)
SELECT work, person, 'bpu', 'ojek', 'other', %(event)s FROM crowd;
INSERT INTO membership_membership (person_id, work_id, agreement_id, segment_id, sponsor_id, kelurahan_code, programmes,
                                   registered_on, since, slot, event_id)
SELECT person, work, %(agreement)s, s.id, %(sponsor)s, '15.71.07.1001', '{jkk,jkm}', '2025-05-22', '2025-06-01', 1,
       %(event)s FROM crowd, partnership_segment s WHERE s.agreement_id = %(agreement)s;
INSERT INTO membership_owncode (membership_id, sponsor_id, code)
SELECT id, sponsor_id, own_code_new() FROM membership_membership WHERE agreement_id = %(agreement)s;
SET session_replication_role = origin;
"""


def _crowd(agreement_id: int, sponsor_id: int, people: int) -> None:
    """Members written at once: they are what the run starts from, not what it is about."""
    with psycopg.connect(**addresses.as_administrator(), autocommit=True) as connection:
        [(event,)] = connection.execute("SELECT max(id) FROM access_auditevent").fetchall()
        values = {"people": people, "event": event, "sponsor": sponsor_id, "agreement": agreement_id}
        psycopg.ClientCursor(connection).execute(_CROWD, values)
        connection.execute("VACUUM ANALYZE")


_OUTCOME = {
    "run_lines": "SELECT lines_count FROM contributions_matchrun",
    "accepted": "SELECT accepted FROM contributions_matchrun",
    "passed_over": "SELECT passed_over FROM contributions_matchrun",
    "finished": "SELECT count(*) FROM contributions_matchrun WHERE finished_at IS NOT NULL",
    "lines_matched": "SELECT count(*) FROM contributions_statementline WHERE state = 'matched'",
    "bills_paid": "SELECT count(*) FROM contributions_bill WHERE status = 'paid'",
    "payments": "SELECT count(*) FROM contributions_payment WHERE source = 'bank'",
    "settlements": "SELECT count(*) FROM contributions_settlement WHERE reversed_by_id IS NULL",
    "settled_twice": "SELECT count(*) - count(DISTINCT bill_id) FROM contributions_settlement WHERE reversed_by_id IS NULL",
    "instructions": "SELECT count(*) FROM ledger_instruction WHERE kind IN ('payment', 'settlement')",
    "entries": "SELECT count(*) FROM ledger_entry e JOIN ledger_instruction i ON i.id = e.instruction_id"
    " WHERE i.kind IN ('payment', 'settlement')",
    "people_paid_for": "SELECT count(DISTINCT (person_id, month)) FROM contributions_paidmonth",
    "months_paid": "SELECT count(*) FROM contributions_paidmonth",
    "book_sum": "SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting",
    "unmatched": "SELECT coalesce(sum(b.amount), 0)::bigint FROM ledger_balance b JOIN ledger_account a"
    " ON a.id = b.account_id WHERE a.kind = 'unmatched'",
    "held": "SELECT coalesce(sum(b.amount), 0)::bigint FROM ledger_balance b JOIN ledger_account a"
    " ON a.id = b.account_id WHERE a.kind = 'held'",
}


def outcome() -> dict[str, Any]:
    """What the tables hold, counted by the administrator."""
    with psycopg.connect(**addresses.as_administrator(), autocommit=True) as connection:
        found = {name: connection.execute(query).fetchall()[0][0] for name, query in _OUTCOME.items()}  # type: ignore[call-overload]  # constants
        orders = connection.execute("SELECT order_number FROM contributions_payment WHERE source = 'sp2d'")
        return found | {"orders": [number for (number,) in orders.fetchall()]}


if __name__ == "__main__":
    provision.ready()
    verb, *numbers = sys.argv[1:]
    done: dict[str, Any] = prepare(int(numbers[0])) if verb == "prepare" else outcome()
    sys.stdout.write(json.dumps(done) + "\n")
