"""Everything the database promises has a sentence for people and somebody here who really tries to break it.

The promises are read from the database itself: a new CHECK, UNIQUE or EXCLUDE, a foreign key over several columns
or a refusal raised by a trigger fails here until it has both.
"""

from datetime import date
from typing import Any

import psycopg
import pytest
from django.db.models import Model

import breakers_of_agreements  # noqa: F401 - it registers its breakers
import breaking_exports
import client_breakers
import code_lists
import employers
import employers_broken
import world
from access.breakers import BREAKERS as OF_ACCOUNTS
from breakers import bills as of_bills
from breakers import blocks as of_blocks
from breakers import branch_word, match_runs, notices, statements
from breakers import code_lists as of_code_lists
from breakers import payments as of_payments
from breakers import selfpay as selfpay_breakers
from breaking import (
    AUGUST,
    BREAKERS,
    JULY,
    JUNE,
    Stage,
    breaks,
    budi,
    copied,
    forge,
    load,
    officer,
    see_all,
    source,
    update,
    write,
)
from database import fetched, ours, promises, refused
from lindung.access.models import AuditEvent, Role
from lindung.contributions.models import (
    Bill,
    BillLine,
    PaidMonth,
    Payment,
    Settlement,
    TariffAmount,
    TariffDecision,
)
from lindung.documents.models import Document
from lindung.engine.refusals import messages
from lindung.ledger.models import Account, Entry, Instruction, Posting
from lindung.ledger.posting import open_month
from lindung.membership.models import Membership, Roster, RosterRow
from lindung.partnership.models import Agreement, Budget, FundingSource, Paper, Segment
from roster_breakers import OF_LISTS

BREAKERS |= OF_ACCOUNTS | client_breakers.breakers(lambda stage: stage.jambi)
BREAKERS |= OF_LISTS
BREAKERS |= notices.BREAKERS | match_runs.BREAKERS


@pytest.fixture
def stage(db: None) -> Stage:
    jambi = world.city()
    bungo = world.city("bungo", branch=jambi.branch)
    agreement = world.agreement(jambi, budgets={2025: 10**9})
    others = world.agreement(bungo)
    world.enrol(jambi, agreement, world.SITI, world.BUDI)
    world.enrol(bungo, others, world.STRANGER)
    june = world.pay(jambi, agreement, JUNE)
    with jambi.acting():
        Paper.objects.create(
            agreement=agreement,
            sponsor=jambi.sponsor,
            kind="pks",
            number="PKS/01/2025",
            signed_at="Jambi",
            signed_on=date(2025, 5, 19),
            recorded_on=date(2025, 5, 19),
            first_party="Dinas Tenaga Kerja",
            second_party="BPJS Ketenagakerjaan",
        )
        open_month(AUGUST, "contributions_billline", "ledger_posting", "contributions_paidmonth")
    world.words_of_every_kind(jambi, agreement, world.SITI, world.BUDI)
    code_lists.listed(jambi, june.bill, world.SITI, world.BUDI)
    employers.staffed(jambi)
    selfpay_breakers.staffed(jambi)
    statements.banked(jambi)
    notices.told(jambi)
    bills = world.bill(jambi, agreement, JULY), world.bill(bungo, others, JUNE)
    return Stage(jambi, bungo, agreement, june, *bills)


@pytest.mark.django_db
class TestEveryPromise:
    def test_it_is_looked_for_where_there_are_many(self) -> None:
        found = promises()
        assert len(found) > 100
        assert {
            "paid_month_not_negative",
            "membership_one_per_work_at_a_time",
            "bill_once_per_agreement_month",
            "bill_line_worth_its_tariff",
            "entry_sums_to_zero",
            "ledger_instruction_reference_key",
        } <= found

    def test_it_has_a_sentence_in_both_languages(self) -> None:
        said = messages()
        assert sorted(promises() - set(said)) == []
        assert [name for name, text in said.items() if not (text.id.strip() and text.en.strip())] == []
        assert [name for name, text in said.items() if text.id == text.en] == []

    def test_it_has_somebody_who_tries_to_break_it(self) -> None:
        assert sorted((promises() | set(messages())) - set(BREAKERS) - set(BEHIND_A_TRIGGER)) == []

    def test_it_is_broken_by_nobody(self, stage: Stage, subtests: pytest.Subtests) -> None:
        for name, breaker in BREAKERS.items():
            with subtests.test(name), refused(name):
                breaker(stage)

    def test_it_is_still_there_when_a_sentence_speaks_of_it(self) -> None:
        keys = "SELECT conname FROM pg_constraint WHERE contype = 'p' AND conrelid::regclass::text = ANY (%s)"
        primary = {name for (name,) in fetched(keys, ours())}
        assert sorted((set(messages()) | set(BREAKERS)) - promises() - primary) == []


BEHIND_A_TRIGGER = {
    "bill_status_known": (
        "ALTER TABLE contributions_bill DISABLE TRIGGER bill_step_allowed",
        (
            "INSERT INTO contributions_bill"
            " (agreement_id, sponsor_id, month, status, people, total, due_on, event_id)"
            " VALUES (1, 1, '2025-06-01', 'lost', 1, 1, '2025-06-16', 1)"
        ),
    ),
}
"""What a trigger refuses first, so that it can only be tried with the trigger put away, by the owner."""
BEHIND_A_TRIGGER |= of_blocks.BY_THE_OWNER
BEHIND_A_TRIGGER |= statements.BEHIND_A_TRIGGER


@pytest.mark.parametrize("name", BEHIND_A_TRIGGER)
def test_it_stands_behind_a_trigger_as_a_second_wall(as_owner: psycopg.Connection[Any], name: str) -> None:
    put_away, attempt = BEHIND_A_TRIGGER[name]
    with as_owner.transaction(force_rollback=True):
        as_owner.execute(put_away.encode())
        with pytest.raises(psycopg.errors.IntegrityError) as caught:
            as_owner.execute(attempt.encode())
    assert caught.value.diag.constraint_name == name


BREAKERS |= {
    # documents
    "document_once_per_sponsor_and_kind": write(Document),
    "document_hash_is_whole": write(Document, sha256="abc"),
    "document_size_not_negative": write(Document, size=-1),
    # partnership
    "funding_source_named_once": write(FundingSource),
    "funding_source_kind_known": write(FundingSource, name="Lain", kind="lottery"),
    "partnership_agreement_code_key": write(Agreement),
    "agreement_kind_known": write(Agreement, kind="gift"),
    "agreement_period_runs_forward": write(Agreement, until=JUNE.first_day()),
    "agreement_has_known_programmes": write(Agreement, programmes=["jkm"]),
    "agreement_income_not_negative": write(Agreement, monthly_income=-1),
    "agreement_arrears_bearer_known": write(Agreement, arrears_borne_by="nobody"),
    "agreement_paid_by_its_sponsors_source": forge(Agreement, code="forged"),
    "paper_number_once": write(Paper),
    "paper_kind_known": write(Paper, kind="letter"),
    "paper_of_two_parties_names_both": write(Paper, second_party=""),
    "paper_of_its_sponsors_agreement": forge(Paper, number="forged"),
    "segment_once_per_agreement": write(Segment),
    "segment_quota_not_negative": write(Segment, quota=-1),
    "segment_of_its_sponsors_agreement": forge(Segment, code="forged"),
    "segment_paid_by_its_sponsors_source": lambda stage: write(
        Segment, code="forged", funding_source_id=source(stage)
    )(stage),
    "budget_once_per_year": write(Budget),
    "budget_is_positive": write(Budget, amount=0),
    "budget_year_plausible": write(Budget, year=2014),
    "budget_of_its_sponsors_agreement": lambda stage: forge(
        Budget, year=2030, funding_source_id=source(stage)
    )(stage),
    "budget_from_its_sponsors_source": lambda stage: see_all(
        Budget, year=2030, funding_source_id=source(stage)
    )(stage),
    # membership
    "roster_file_once_per_segment": write(Roster),
    "roster_status_known": write(Roster, sha256="1" * 64, status="lost"),
    "roster_of_its_sponsors_segment": forge(Roster, sha256="1" * 64),
    "roster_row_verdict_known": write(RosterRow, number=99, verdict="maybe", person_id=None),
    "roster_row_enrolled_names_its_person": write(RosterRow, number=99, verdict="enrolled", person_id=None),
    "roster_row_of_its_sponsors_roster": forge(RosterRow, number=99),
    "membership_of_its_persons_work": lambda stage: load(
        Membership, since=date(2024, 1, 1), until=JUNE.first_day(), person_id=budi(stage)
    )(stage),
    "membership_of_its_sponsors_segment": forge(
        Membership, loader=True, since=date(2024, 1, 1), until=JUNE.first_day()
    ),
    # ledger
    "ledger_account_code_key": write(Account),
    "account_kind_known": write(Account, code="new", kind="purse"),
    "account_of_a_sponsor_names_him": write(Account, code="new", sponsor_id=None),
    "ledger_instruction_reference_key": write(Instruction),
    "instruction_kind_known": write(Instruction, reference="new", kind="gift"),
    "instruction_moves_something": write(Instruction, reference="new", amount=0),
    "instruction_has_one_entry": write(Instruction, reference="new"),
    "ledger_entry_instruction_id_key": write(Entry),
    "entry_sums_to_zero": write(Posting, line=9),
    "posting_is_not_zero": write(Posting, line=9, amount=0),
    "posting_month_is_a_first_day": write(Posting, month=date(2025, 6, 2)),
    "posting_of_its_entrys_sponsor": forge(Posting, line=9),
    "posting_in_its_entrys_month": write(Posting, line=9, month=AUGUST.first_day()),
    # contributions
    "contributions_tariffdecision_digest_key": write(TariffDecision),
    "tariff_month_is_a_first_day": write(TariffDecision, digest="new", month=date(2025, 6, 2)),
    "tariff_not_negative": write(TariffDecision, digest="new", total=-1),
    "tariff_equals_its_amounts": write(TariffAmount, programme="jht"),
    "tariff_programme_known": write(TariffAmount, programme="jp"),
    "tariff_amount_not_negative": write(TariffAmount, programme="jht", amount=-1),
    "bill_once_per_agreement_month": write(Bill, status="final"),
    "bill_month_is_a_first_day": write(Bill, status="final", month=date(2025, 8, 2)),
    "bill_asks_for_something": write(Bill, status="final", month=AUGUST.first_day(), people=0),
    "bill_equals_its_lines": write(Bill, status="final", month=AUGUST.first_day()),
    "bill_of_its_sponsors_agreement": forge(Bill, status="final", month=AUGUST.first_day()),
    "bill_of_its_agreements_membership": write(
        Bill, status="final", month=AUGUST.first_day(), membership_id=10**9
    ),
    "bill_step_allowed": lambda stage: update(stage, Bill, pk=stage.june.bill_id, status="final"),
    "bill_line_in_its_month": write(BillLine, month=AUGUST.first_day()),
    "bill_line_of_its_membership": write(BillLine, work_id=10**9),
    "payment_is_positive": lambda stage: _pay(stage, amount=0),
    "payment_source_known": lambda stage: _pay(stage, source="cash"),
    "payment_order_once_per_sponsor": lambda stage: [_pay(stage) for _ in range(2)],
    "payment_of_its_sponsors_agreement": forge(
        Payment, order_number="new", confirmed_by_id=None, confirmed_at=None
    ),
    "payment_of_its_agreements_membership": lambda stage: _pay(stage, membership_id=10**9),
    "payment_confirmed_by_a_second_person": lambda stage: update(
        stage, Payment, pk=_pay(stage).pk, confirmed_by=officer(stage), confirmed_at=world.at(JUNE.end())
    ),
    "settlement_is_positive": write(Settlement, amount=0),
    "paid_month_once": write(PaidMonth),
    "paid_month_is_a_first_day": write(PaidMonth, month=date(2025, 6, 2)),
    "paid_month_programme_known": write(PaidMonth, programme="jp"),
    "paid_month_not_negative": write(PaidMonth, programme="jht", amount=-1),
    "paid_month_of_its_sponsors_agreement": lambda stage: write(
        PaidMonth, programme="jht", agreement_id=stage.bungos.agreement_id
    )(stage),
    "paid_month_of_its_sponsors_settlement": lambda stage: write(
        PaidMonth, programme="jht", instruction_id=_instruction(stage, "settled nothing").pk
    )(stage),
    "paid_month_of_its_persons_work": lambda stage: write(PaidMonth, programme="jht", person_id=budi(stage))(
        stage
    ),
}


BREAKERS |= branch_word.BREAKERS | selfpay_breakers.BREAKERS
BREAKERS |= branch_word.BREAKERS
BREAKERS |= statements.BREAKERS
BREAKERS |= branch_word.BREAKERS | of_payments.BREAKERS
BREAKERS |= branch_word.BREAKERS | of_bills.BREAKERS
BREAKERS |= branch_word.BREAKERS | of_code_lists.BREAKERS
BREAKERS |= breaking_exports.BREAKERS
BREAKERS |= employers_broken.breakers(write=write, load=load, forge=forge, copied=copied)


@breaks("audit_detail_without_nik")
def _write_a_nik_into_the_trail(stage: Stage) -> None:
    with stage.jambi.acting() as officer:
        AuditEvent.objects.create(
            actor_id=officer.user_id, actor_name=officer.name, action="peek", subject=world.SITI.nik
        )


@breaks("membership_within_quota")
def _one_more_than_the_quota(stage: Stage) -> None:
    world.set_quota(stage.jambi, stage.agreement, 2)
    world.enrol(stage.jambi, stage.agreement, *world.crowd(1), since=AUGUST)


@breaks("membership_before_the_bill")
def _enrol_for_a_month_that_is_billed(stage: Stage) -> None:
    world.enrol(stage.jambi, stage.agreement, *world.crowd(1), since=JULY)


@breaks("settlement_of_an_open_bill")
def _settle_a_bill_that_is_paid(stage: Stage) -> None:
    with stage.jambi.acting():
        paid_bill = Bill.objects.get(pk=stage.june.bill_id)
    _settle(stage, _confirmed(stage), paid_bill, by=_instruction(stage, "one"))


@breaks("ledger_entry_reverses_id_key")
def _reverse_an_entry_twice(stage: Stage) -> None:
    with stage.jambi.acting():
        for reference in ("first reversal", "second reversal"):
            instruction = copied(Instruction, kind="reversal", reference=reference)
            instruction.save(force_insert=True)
            Entry.objects.create(
                instruction_id=instruction.pk,
                sponsor=stage.jambi.sponsor,
                month=JUNE.first_day(),
                on=world.TODAY,
                reverses=Entry.objects.get(instruction_id=stage.june.instruction_id),
            )


@breaks("bill_line_worth_its_tariff")
def _a_line_worth_one_rupiah(stage: Stage) -> None:
    with stage.jambi.acting():
        bill = copied(Bill, status="final", month=AUGUST.first_day(), people=1, total=1)
        bill.save(force_insert=True)
        copied(BillLine, bill_id=bill.pk, month=AUGUST.first_day(), amount=1).save(force_insert=True)


@breaks("payment_confirmation_whole")
def _confirm_without_a_time(stage: Stage) -> None:
    recorded = _pay(stage)
    with stage.jambi.acting(Role.FINANCE_OFFICER) as treasurer:
        Payment.objects.filter(pk=recorded.pk).update(confirmed_by_id=treasurer.user_id)


@breaks("payment_needs_confirmation_first")
def _settle_what_is_not_confirmed(stage: Stage) -> None:
    _settle(stage, _pay(stage), stage.july, by=_instruction(stage, "one"))


@breaks("settlement_of_one_agreement")
def _settle_the_bill_of_another_city(stage: Stage) -> None:
    _settle(stage, _confirmed(stage), stage.bungos, by=_instruction(stage, "one"))


@breaks("settlement_of_its_sponsors_payment")
def _settle_for_another_city(stage: Stage) -> None:
    changes = {"payment_id": _confirmed(stage).pk, "bill_id": stage.july.pk, "amount": 1}
    forge(Settlement, **changes, instruction_id=_instruction(stage, "one").pk)(stage)


@breaks("settlement_within_payment")
def _settle_two_bills_with_money_for_one(stage: Stage) -> None:
    paid = _confirmed(stage, amount=1)
    for reference, bill in (("one", stage.july), ("two", world.bill(stage.jambi, stage.agreement, AUGUST))):
        _settle(stage, paid, bill, by=_instruction(stage, reference))


@breaks("settlement_once_per_payment_and_bill")
def _settle_a_bill_twice_by_one_payment(stage: Stage) -> None:
    paid = _confirmed(stage)
    for reference in ("one", "two"):
        _settle(stage, paid, stage.july, by=_instruction(stage, reference))


@breaks("contributions_settlement_instruction_id_key")
def _settle_two_bills_by_one_instruction(stage: Stage) -> None:
    paid, instruction = _confirmed(stage), _instruction(stage, "one")
    for bill in (stage.july, world.bill(stage.jambi, stage.agreement, AUGUST)):
        _settle(stage, paid, bill, by=instruction)


def _pay(stage: Stage, **changes: object) -> Model:
    """A payment like the one for June, under another number and not confirmed."""
    with stage.jambi.acting():
        fresh = {"order_number": "SP2D/9", "bill_id": None, "confirmed_by_id": None, "confirmed_at": None}
        payment = copied(Payment, **fresh | changes)
        payment.save(force_insert=True)
    return payment


def _confirmed(stage: Stage, **changes: object) -> Model:
    recorded = _pay(stage, **changes)
    with stage.jambi.acting(Role.FINANCE_OFFICER) as treasurer:
        Payment.objects.filter(pk=recorded.pk).update(
            confirmed_by_id=treasurer.user_id, confirmed_at=world.at(JUNE.end())
        )
    return recorded


def _instruction(stage: Stage, reference: str) -> Instruction:
    with stage.jambi.acting():
        return world.instruction(stage.jambi, reference)


def _settle(stage: Stage, paid: Model, bill: Bill, *, by: Instruction) -> None:
    with stage.jambi.acting():
        copied(Settlement, payment_id=paid.pk, bill_id=bill.pk, amount=1, instruction_id=by.pk).save(
            force_insert=True
        )
