"""Everything the database promises has a sentence for people and somebody here who really tries to break it.

The promises are read from the database itself: a new CHECK, UNIQUE or EXCLUDE, a foreign key over several columns
or a refusal raised by a trigger fails here until it has both.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db.models import Model

import world
from database import as_loader, fetched, ours, promises, refused
from lindung.access.models import (
    Appointment,
    AuditEvent,
    Draft,
    LimiterCounter,
    Organisation,
    Role,
    SentOnce,
    SignInLink,
    User,
)
from lindung.access.scope import SystemScope, system_scope
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
from lindung.law.months import Month
from lindung.ledger.models import Account, Entry, Instruction, Posting
from lindung.ledger.posting import open_month
from lindung.membership.models import Membership, Roster, RosterRow, Work
from lindung.partnership.models import Agreement, Budget, FundingSource, Paper, Segment
from lindung.people.models import Person

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)


class Stage(NamedTuple):
    """Kota Jambi has paid June and drawn July; Kota Bungo has drawn June. Every table has a row to start from."""

    jambi: world.City
    bungo: world.City
    agreement: Agreement
    june: Settlement
    july: Bill
    bungos: Bill


Breaker = Callable[[Stage], object]
BREAKERS: dict[str, Breaker] = {}


def breaks(constraint: str) -> Callable[[Breaker], Breaker]:
    """Register what tries to break a constraint."""

    def registered(breaker: Breaker) -> Breaker:
        BREAKERS[constraint] = breaker
        return breaker

    return registered


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
            first_party="Dinas Tenaga Kerja",
            second_party="BPJS Ketenagakerjaan",
        )
        open_month(AUGUST, "contributions_billline", "ledger_posting", "contributions_paidmonth")
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


@pytest.mark.parametrize("name", BEHIND_A_TRIGGER)
def test_it_stands_behind_a_trigger_as_a_second_wall(as_owner: psycopg.Connection[Any], name: str) -> None:
    put_away, attempt = BEHIND_A_TRIGGER[name]
    with as_owner.transaction(force_rollback=True):
        as_owner.execute(put_away.encode())
        with pytest.raises(psycopg.errors.IntegrityError) as caught:
            as_owner.execute(attempt.encode())
    assert caught.value.diag.constraint_name == name


# How most are broken: a row that is there is written once more, with one thing changed.


def copied(model: type[Model], **changes: object) -> Model:
    """A new row like the oldest one in sight, but for the changes."""
    oldest = model._default_manager.order_by("pk")[0]
    fields = [
        field for field in model._meta.concrete_fields if not (field.primary_key and field.name == "id")
    ]
    return model(**{field.attname: getattr(oldest, field.attname) for field in fields} | changes)


def write(model: type[Model], **changes: object) -> Breaker:
    """Written by the officer of Jambi."""

    def attempt(stage: Stage) -> None:
        with stage.jambi.acting():
            copied(model, **changes).save(force_insert=True)

    return attempt


def _sent_twice(stage: Stage, row: SentOnce | Draft) -> None:
    with stage.jambi.acting() as officer:
        for _ in range(2):
            row.pk, row.user_id = None, officer.user_id or 0
            row.save(force_insert=True)


def load(model: type[Model], **changes: object) -> Breaker:
    """Written with the rights of enrolment, which alone adds people, works and memberships."""

    def attempt(stage: Stage) -> None:
        with system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()):
            row = copied(model, **changes)
            with as_loader():
                row.save(force_insert=True)

    return attempt


def forge(model: type[Model], *, loader: bool = False, **changes: object) -> Breaker:
    """A row of Jambi written under the name of Bungo, with all the sight the system has."""

    def attempt(stage: Stage) -> None:
        given = {"sponsor_id": stage.bungo.sponsor.pk, **changes}
        (load if loader else see_all)(model, **given)(stage)

    return attempt


def see_all(model: type[Model], **changes: object) -> Breaker:
    """Written by the officer in a scope that sees every sponsor."""

    def attempt(stage: Stage) -> None:
        with system_scope(SystemScope.MAINTENANCE, actor=stage.jambi.actor()):
            copied(model, **changes).save(force_insert=True)

    return attempt


BREAKERS |= {
    # access
    "access_organisation_code_key": write(Organisation),
    "organisation_kind_is_known": write(Organisation, kind="village"),
    "organisation_office_has_a_city": write(Organisation, kind="office", parent_id=None),
    "organisation_only_a_city_has_a_branch": lambda stage: Organisation.objects.create(
        kind="branch", code="cabang-dua", name="Cabang Dua", branch=stage.jambi.branch
    ),
    "access_user_username_key": write(User),
    "user_name_is_lower_case": write(User, username="SITI"),
    "access_signinlink_token_hash_key": lambda stage: [
        SignInLink.objects.create(token_hash=b"1" * 32, user=_officer(stage), expires_at=world.at(JUNE.end()))
        for _ in range(2)
    ],
    "order_sent_once": lambda stage: _sent_twice(stage, SentOnce(key="k", fingerprint=b"1" * 32)),
    "draft_once_per_page": lambda stage: _sent_twice(
        stage, Draft(page="/", content=b"sealed", kept_at=world.at(world.TODAY))
    ),
    "appointment_one_at_a_time": write(Appointment),
    "appointment_ends_after_it_starts": write(Appointment, until=world.APPOINTED),
    "appointment_role_is_known": write(Appointment, role="king"),
    "appointment_operator_has_a_kelurahan": write(Appointment, role="mayor", kelurahan_code=world.LEGOK),
    "appointment_who_and_when_together": write(Appointment, granted_at=world.at(world.TODAY)),
    "appointment_not_by_oneself": lambda stage: Appointment.objects.create(
        user=_officer(stage),
        role="auditor",
        organisation=stage.jambi.sponsor,
        since=world.TODAY,
        granted_by=_officer(stage),
        granted_at=world.at(world.TODAY),
    ),
    "limiter_counts_from_one": lambda _: LimiterCounter.objects.create(
        key_hash=b"1" * 32, hits=0, ends_at=world.at(world.TODAY)
    ),
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
        Segment, code="forged", funding_source_id=_source(stage)
    )(stage),
    "budget_once_per_year": write(Budget),
    "budget_is_positive": write(Budget, amount=0),
    "budget_year_plausible": write(Budget, year=2014),
    "budget_of_its_sponsors_agreement": lambda stage: forge(
        Budget, year=2030, funding_source_id=_source(stage)
    )(stage),
    "budget_from_its_sponsors_source": lambda stage: see_all(
        Budget, year=2030, funding_source_id=_source(stage)
    )(stage),
    # people
    "people_person_nik_index_key": load(Person),
    "person_nik_index_is_a_blind_index": load(Person, nik_index=b"short"),
    "person_sex_is_known": load(Person, nik_index=b"2" * 32, sex="X"),
    "person_phone_sealed_with_its_index": load(Person, nik_index=b"2" * 32, phone_index=b"1" * 32),
    # membership
    "roster_file_once_per_agreement": write(Roster),
    "roster_status_known": write(Roster, sha256="1" * 64, status="lost"),
    "roster_of_its_sponsors_segment": forge(Roster, sha256="1" * 64),
    "roster_row_verdict_known": write(RosterRow, number=99, verdict="maybe", person_id=None),
    "roster_row_enrolled_names_its_person": write(RosterRow, number=99, verdict="enrolled", person_id=None),
    "roster_row_of_its_sponsors_roster": forge(RosterRow, number=99),
    "work_kind_known": load(Work, kind="hobby"),
    "work_bpu_at_most_two": load(Work, slot=3, occupation="farmer"),
    "work_slot_once_per_person": load(Work, occupation="farmer"),
    "work_occupation_once_per_person": load(Work, slot=2),
    "membership_period_runs_forward": load(Membership, until=JUNE.first_day()),
    "membership_has_known_programmes": load(Membership, programmes=["jkk", "jp"]),
    "membership_one_per_work_at_a_time": load(Membership, since=date(2026, 1, 1)),
    "membership_of_its_persons_work": lambda stage: load(
        Membership, since=date(2024, 1, 1), until=JUNE.first_day(), person_id=_budi(stage)
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
    "bill_step_allowed": lambda stage: _update(stage, Bill, pk=stage.june.bill_id, status="final"),
    "bill_line_in_its_month": write(BillLine, month=AUGUST.first_day()),
    "bill_line_of_its_membership": write(BillLine, work_id=10**9),
    "payment_is_positive": lambda stage: _pay(stage, amount=0),
    "payment_source_known": lambda stage: _pay(stage, source="cash"),
    "payment_order_once_per_sponsor": lambda stage: [_pay(stage) for _ in range(2)],
    "payment_of_its_sponsors_agreement": forge(
        Payment, order_number="new", confirmed_by_id=None, confirmed_at=None
    ),
    "payment_confirmed_by_a_second_person": lambda stage: _update(
        stage, Payment, pk=_pay(stage).pk, confirmed_by=_officer(stage), confirmed_at=world.at(JUNE.end())
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
    "paid_month_of_its_persons_work": lambda stage: write(PaidMonth, programme="jht", person_id=_budi(stage))(
        stage
    ),
}


@breaks("audit_detail_without_nik")
def _write_a_nik_into_the_trail(stage: Stage) -> None:
    with stage.jambi.acting() as officer:
        AuditEvent.objects.create(
            actor_id=officer.user_id, actor_name=officer.name, action="peek", subject=world.SITI.nik
        )


@breaks("membership_within_quota")
def _one_more_than_the_quota(stage: Stage) -> None:
    with stage.jambi.acting():
        stage.agreement.segments.update(quota=2)
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


def _officer(stage: Stage) -> User:
    return stage.jambi.users[Role.CITY_OFFICER]


def _budi(stage: Stage) -> int:
    with stage.jambi.acting():
        return world.person_id(world.BUDI)


def _source(stage: Stage) -> int:
    with stage.bungo.acting():
        return int(FundingSource.objects.get().pk)


def _update(stage: Stage, model: type[Model], *, pk: int, **changes: object) -> None:
    with stage.jambi.acting():
        model._default_manager.filter(pk=pk).update(**changes)


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
