"""The baseline of a month of money: the same rows in the same tables, by plain set-based SQL from known values."""

from typing import Any

import psycopg

from benchmarks.city import City
from lindung.engine import addresses
from lindung.law.months import Month

SETTINGS = ("app.actor", "app.actor_name", "app.scope", "app.sponsors", "app.kelurahan")
_BILL = """
INSERT INTO contributions_bill (agreement_id, sponsor_id, month, status, people, total, due_on, event_id)
SELECT %(agreement)s, %(sponsor)s, %(month)s, 'final', count(*), count(*) * 16800, %(month)s, %(event)s
  FROM membership_membership WHERE agreement_id = %(agreement)s RETURNING id, total
"""
_LINES = """
INSERT INTO contributions_billline
       (month, bill_id, work_id, person_id, membership_id, sponsor_id, tariff_id, amount)
SELECT %(month)s, %(bill)s, work_id, person_id, id, sponsor_id, %(tariff)s, 16800
  FROM membership_membership WHERE agreement_id = %(agreement)s
"""
_MONTHS = """
INSERT INTO contributions_paidmonth
       (month, person_id, work_id, programme, agreement_id, sponsor_id, instruction_id, amount, paid_on)
SELECT %(month)s, person_id, work_id, p.programme, %(agreement)s, sponsor_id, %(instruction)s, p.amount, %(month)s
  FROM membership_membership
 CROSS JOIN (VALUES ('jkk', 10000), ('jkm', 6800)) AS p(programme, amount)
 WHERE agreement_id = %(agreement)s
"""


def through_bare_sql(city: City, month: Month) -> None:
    """Everything a month writes, in two transactions: the bill, then the payment by two people."""
    values: dict[str, Any] = {
        "agreement": city.agreement_id, "sponsor": city.sponsor_id, "month": month.first_day(),
        "order": f"SP2D/bare/{month}", "officer": city.officer.user_id, "colleague": city.colleague.user_id,
    }  # fmt: skip
    with psycopg.connect(**addresses.as_role(addresses.APP)) as connection, connection.cursor() as cursor:
        _act(cursor, city.officer.user_id, city.officer.name)
        cursor.execute(
            "SELECT lindung_open_month(%(month)s, 'contributions_billline', 'contributions_paidmonth',"
            " 'ledger_posting')",
            values,
        )
        values["tariff"] = _one(cursor, "SELECT min(id) FROM contributions_tariffdecision", values)
        values["event"] = _event(cursor, values, "bill.drawn")
        values["bill"], values["total"] = cursor.execute(_BILL, values).fetchone() or (0, 0)
        cursor.execute(_LINES, values)
        connection.commit()
        _act(cursor, city.officer.user_id, city.officer.name)
        values["payment"] = _one(
            cursor,
            "INSERT INTO contributions_payment (agreement_id, sponsor_id, bill_id, source, order_number, ordered_on,"
            " amount, recorded_by_id, recorded_at, event_id, more_bills, rejection_reason, reversal_reason)"
            " VALUES (%(agreement)s, %(sponsor)s, %(bill)s, 'sp2d', %(order)s, %(month)s, %(total)s, %(officer)s, now(),"
            " %(event)s, '{}', '', '') RETURNING id",
            values,
        )
        connection.commit()
        _act(cursor, city.colleague.user_id, city.colleague.name)
        _paid(cursor, values)


def _paid(cursor: psycopg.Cursor[Any], values: dict[str, Any]) -> None:
    cursor.execute(
        "UPDATE contributions_payment SET confirmed_by_id = %(colleague)s, confirmed_at = now() WHERE id = %(payment)s",
        values,
    )
    values["event"] = _event(cursor, values, "payment.confirmed", actor="colleague")
    held = "'held:agreement:' || %(agreement)s::text"
    _booked(
        cursor,
        values | {"kind": "payment", "reference": f"payment:{values['payment']}"},
        f"(1, 'sponsor:' || %(sponsor)s::text, -%(total)s::bigint), (2, {held}, %(total)s::bigint)",
    )
    values["instruction"] = _booked(
        cursor,
        values | {"kind": "settlement", "reference": f"payment:{values['payment']}/bill:{values['bill']}"},
        f"(1, {held}, -%(total)s::bigint), (2, 'fund:jkk', %(total)s::bigint / 168 * 100),"
        " (3, 'fund:jkm', %(total)s::bigint / 168 * 68)",
    )
    cursor.execute(
        "INSERT INTO contributions_settlement (payment_id, bill_id, sponsor_id, amount, instruction_id, event_id)"
        " VALUES (%(payment)s, %(bill)s, %(sponsor)s, %(total)s, %(instruction)s, %(event)s)",
        values,
    )
    cursor.execute(_MONTHS, values)
    cursor.execute("UPDATE contributions_bill SET status = 'paid' WHERE id = %(bill)s", values)


def _booked(cursor: psycopg.Cursor[Any], values: dict[str, Any], lines: str) -> int:
    """One instruction with its entry and postings; its id."""
    instruction = _one(
        cursor,
        "INSERT INTO ledger_instruction (kind, reference, amount, sponsor_id, event_id)"
        " VALUES (%(kind)s, %(reference)s, %(total)s, %(sponsor)s, %(event)s) RETURNING id",
        values,
    )
    entry = _one(
        cursor,
        'INSERT INTO ledger_entry (instruction_id, sponsor_id, month, "on")'
        " VALUES (%(instruction)s, %(sponsor)s, %(month)s, %(month)s) RETURNING id",
        values | {"instruction": instruction},
    )
    cursor.execute(
        "INSERT INTO ledger_posting (month, entry_id, line, account_id, sponsor_id, amount)"
        " SELECT %(month)s, %(entry)s, n, a.id, %(sponsor)s, t.amount"
        f" FROM (VALUES {lines}) AS t(n, code, amount) JOIN ledger_account a USING (code)",
        values | {"entry": entry},
    )
    return instruction


def _act(cursor: psycopg.Cursor[Any], user_id: int | None, name: str) -> None:
    for setting, value in zip(SETTINGS, (str(user_id), name, "system:settling", "*", "*"), strict=True):
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])


def _one(cursor: psycopg.Cursor[Any], query: str, values: dict[str, Any]) -> int:
    found = cursor.execute(query, values).fetchone()
    return int(found[0]) if found else 0


def _event(
    cursor: psycopg.Cursor[Any], values: dict[str, Any], action: str, *, actor: str = "officer"
) -> int:
    return _one(
        cursor,
        "INSERT INTO access_auditevent (actor_id, actor_name, action, subject, sponsor_id, detail)"
        " SELECT id, name, %(action)s, 'bare', %(sponsor)s, '{}' FROM access_user WHERE id = %(who)s RETURNING id",
        values | {"action": action, "who": values[actor]},
    )
