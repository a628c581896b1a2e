"""One hash over all lines of a bill, or of all bills of a drawing, for the event that is kept in the chained trail."""

from datetime import date

from django.db import connection


def lines_digest(*, bill_id: int, month: date) -> str:
    """Hexadecimal sha256 over the lines as they stand, in the order of their work; computed by the database.

    The lines come before the event that carries this: draw the event's id by ``audit.reserved`` first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT lindung_bill_lines_digest(%s, %s)", [bill_id, month])
        (digest,) = cursor.fetchone()
    return str(digest)


def lines_digest_of_all(*, event_id: int, agreement_id: int, month: date) -> str:
    """The same over the bills of an agreement's month that one event drew, by their hashes in the order of the bills."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lindung_drawing_lines_digest(%s, %s, %s)", [event_id, agreement_id, month])
        (digest,) = cursor.fetchone()
    return str(digest)
