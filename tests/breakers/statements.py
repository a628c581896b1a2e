"""Who tries to break what is promised about bank statements, their lines and their matches."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

import world
from breaking import copied, forge, see_all, write
from formats.statements import Wire, mt940
from lindung.access.models import Role
from lindung.contributions import accepting, matching, statements
from lindung.contributions.matching_records import LineMatch
from lindung.contributions.models import Payment
from lindung.contributions.statement_records import RepeatedLine, Statement, StatementFormat, StatementLine
from lindung.formats import mt940 as reader
from lindung.formats.statement import believed

Breaker = Callable[[Any], object]
NOW = world.at(world.TODAY)


def banked(place: world.City) -> None:
    """Two statements that overlap, and a line of them matched to a treasury order that is paid already."""
    with place.acting():
        order = Payment.objects.filter(sponsor=place.sponsor).order_by("pk")[0]
    money = Wire(date(2026, 11, 20), order.amount, f"SP2D {order.order_number}", bank="A")
    fee = Wire(date(2026, 11, 20), -6_500, "BIAYA", bank="B")
    other = Wire(date(2026, 11, 21), 5_000, "SETORAN", bank="C")
    with place.acting(Role.FINANCE_OFFICER) as by:
        for lines in ((money, fee), (fee, other)):
            content = mt940(lines)
            statements.take(
                found=believed(reader.read(content)), format=StatementFormat.MT940, name="a.sta", content=content,
                sponsor_id=place.sponsor.pk, by=by, now=NOW,
            )  # fmt: skip
        line = StatementLine.objects.get(amount=order.amount)
        each = matching.proposals([line.pk])[line.pk][0]
        accepting.accept(
            line_id=line.pk, agreement_id=each.agreement_id, membership_id=each.membership_id,
            bill_ids=each.bill_ids, payment_id=each.payment_id, by=by, now=NOW,
        )  # fmt: skip


def _line(**changes: object) -> Breaker:
    """One more line beside the oldest one."""
    return write(StatementLine, **{"number": 99, "fingerprint": "f" * 64, "state": "debit", **changes})


def _at_once(act: Breaker) -> Breaker:
    """What the database looks at only in the end, asked for now."""

    def attempt(stage: Any) -> None:
        with stage.jambi.acting(Role.FINANCE_OFFICER), transaction.atomic():
            act(stage)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return attempt


def _changed(model: type[Model], chosen: dict[str, object], **changes: object) -> Breaker:
    def attempt(stage: Any) -> None:
        with stage.jambi.acting(Role.FINANCE_OFFICER):
            model._default_manager.filter(**chosen).update(**changes)

    return attempt


def _undone_twice(stage: Any) -> None:
    with stage.jambi.acting():
        event = world.event(stage.jambi)
        LineMatch.objects.update(undone_event=event)
        LineMatch.objects.update(undone_event=None)


def _unbooked(stage: Any) -> None:
    """A statement that has its line, and no receipt for it."""
    document = _document(stage)
    made = copied(
        Statement,
        sha256=document.sha256,
        document_id=document.pk,
        fresh=1,
        known=0,
        debit=0,
        lines_count=1,
        total=7,
    )
    made.save(force_insert=True)
    copied(
        StatementLine, statement_id=made.pk, fingerprint="e" * 64, state="unmatched", amount=7, credit=True
    ).save(force_insert=True)


def _document(stage: Any) -> Any:
    from lindung.documents import keeping

    return keeping.keep(
        "b.sta",
        b"other",
        kind="bank_statement",
        by=stage.jambi.actor(),
        sponsor_id=stage.jambi.sponsor.pk,
        now=NOW,
    )


def _with_document(**changes: object) -> Breaker:
    def attempt(stage: Any) -> None:
        document = _document(stage)
        copied(Statement, document_id=document.pk, sha256=document.sha256, **changes).save(force_insert=True)

    return _at_once(attempt)


BREAKERS: dict[str, Breaker] = {
    "statement_file_once_per_sponsor": write(Statement),
    "statement_format_known": write(Statement, sha256="1" * 64, format="pdf"),
    "statement_counts_every_line": write(Statement, sha256="1" * 64, lines_count=9),
    "statement_days_run_forward": write(Statement, sha256="1" * 64, last_day=date(2020, 1, 1)),
    "statement_of_its_sponsors_document": forge(Statement),
    "statement_equals_its_lines": _with_document(),
    "statement_books_its_lines": _at_once(_unbooked),
    "statement_line_counts_once": write(StatementLine, number=99, state="debit"),
    "statement_line_once_in_its_file": _line(number=1),
    "statement_line_not_negative": _line(amount=-1),
    "statement_line_of_whole_rupiah": _line(state="unmatched", cents=5),
    "statement_line_says_why": _line(state="faulty"),
    "statement_line_step_allowed": _changed(StatementLine, {"state": "debit"}, state="matched"),
    "statement_line_of_its_sponsors_statement": see_all(
        StatementLine, number=99, fingerprint="f" * 64, state="debit", statement_id=10**9
    ),
    "repeated_line_once_in_its_file": write(RepeatedLine),
    "repeated_line_of_its_sponsors_statement": see_all(RepeatedLine, number=99, statement_id=10**9),
    "repeated_line_of_its_sponsors_line": see_all(RepeatedLine, number=99, line_id=10**9),
    "line_matched_once_to_a_payment": write(LineMatch),
    "match_is_positive": write(LineMatch, payment_id=10**9, amount=0),
    "match_kind_known": write(LineMatch, payment_id=10**9, kind="gift"),
    "match_makes_the_line": _at_once(_changed(StatementLine, {"state": "matched"}, state="unmatched")),
    "match_undone_once": _undone_twice,
    "match_of_its_sponsors_line": see_all(LineMatch, line_id=10**9),
    "match_of_its_sponsors_payment": see_all(LineMatch, payment_id=10**9),
}
"""By the constraint each of them breaks; ``statement_line_state_known`` stands behind the trigger of the steps."""

BEHIND_A_TRIGGER = {
    "statement_line_state_known": (
        "ALTER TABLE contributions_statementline DISABLE TRIGGER statement_line_step_allowed",
        (
            "INSERT INTO contributions_statementline (statement_id, sponsor_id, number, fingerprint, booked_on,"
            " valued_on, amount, cents, credit, currency, sealed, masked, words, state, reason, event_id)"
            " VALUES (1, 1, 1, 'x', '2026-11-20', '2026-11-20', 1, 0, true, 'IDR', '', '', '{}', 'lost', '', 1)"
        ),
    ),
}
