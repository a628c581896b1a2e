"""Who tries to break what is promised about authority, BPJS's word and our estimates."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

import world
from database import as_loader
from lindung.access.models import User
from lindung.access.scope import Actor, SystemScope, in_scope, scope_of, system_scope
from lindung.claims.models import Determination, Estimate
from lindung.contributions.branch_records import BranchBalance, ContributionCode
from lindung.membership.branch_records import (
    BranchImport,
    BranchLine,
    BranchStatus,
    DifferenceNote,
    MemberNumber,
)
from lindung.partnership.deciders import Authority, Function
from lindung.people.models import PersonScope

Breaker = Callable[[Any], object]
"""Takes the stage of tests/test_constraints.py."""


def another(model: type[Model], **changes: object) -> Model:
    """A new row like the oldest one in sight, but for the changes."""
    oldest = model._default_manager.order_by("pk")[0]
    fields = [
        field for field in model._meta.concrete_fields if not (field.primary_key and field.name == "id")
    ]
    return model(**{field.attname: getattr(oldest, field.attname) for field in fields} | changes)


def said(model: type[Model], **changes: object) -> Breaker:
    """Written with the rights of an import, which alone adds a word of BPJS; on a line that is free unless named."""

    def attempt(stage: Any) -> None:
        values = {name: value(stage) if callable(value) else value for name, value in changes.items()}
        with system_scope(SystemScope.BRANCH_WORD, actor=stage.jambi.actor()):
            row = another(model, **values)
            with as_loader():
                row.save(force_insert=True)

    return attempt


def written(model: type[Model], **changes: object) -> Breaker:
    """Written by the officer of Jambi."""

    def attempt(stage: Any) -> None:
        values = {name: value(stage) if callable(value) else value for name, value in changes.items()}
        with stage.jambi.acting():
            another(model, **values).save(force_insert=True)

    return attempt


def stranger(stage: Any) -> int:
    """Bungo's person: not of the sponsor of Jambi's rows."""
    with stage.bungo.acting():
        return world.person_id(world.STRANGER)


def of_every_said_table(model: type[Model], table: str) -> dict[str, Breaker]:
    """What every table of decided rows promises."""
    return {
        f"{table}_names_its_source": said(model, line=None),
        f"{table}_once_per_line": said(model),
        f"{table}_of_its_import": said(model, line=99, word_id=10**9),
    }


def proposed(stage: Any, **changes: object) -> tuple[Authority, User]:
    """A proposal as its proposer writes it, and the administrator who could approve it."""
    one = world.administrator(stage.jambi, "admin.satu")
    two = world.administrator(stage.jambi, "admin.bpjs", at_branch=True)
    world.authority(stage.jambi, Function.PAYOUT)
    with in_scope(scope_of(one, world.TODAY), actor=Actor.of(one)):
        plain = {"approved_by_id": None, "approved_at": None, "proposed_by_id": one.pk, "since": world.TODAY}
        row = another(Authority, **plain | changes)
        assert isinstance(row, Authority)
        row.save(force_insert=True)
    return row, two


def changed(stage: Any, row: Authority, by: User, **changes: object) -> None:
    """A proposal as somebody settles it."""
    with in_scope(scope_of(by, world.TODAY), actor=Actor.of(by)):
        Authority.objects.filter(pk=row.pk).update(**changes)


def _approve_ones_own(stage: Any) -> None:
    row, _ = proposed(stage)
    proposer = world.administrator(stage.jambi, "admin.satu")
    changed(stage, row, proposer, approved_by_id=proposer.pk, approved_at=world.at(world.TODAY))


def _approve_without_a_time(stage: Any) -> None:
    row, second = proposed(stage)
    changed(stage, row, second, approved_by_id=second.pk)


def _withdraw_without_a_time(stage: Any) -> None:
    row, second = proposed(stage)
    changed(stage, row, second, withdrawn_by_id=second.pk)


def _two_in_one_period(stage: Any) -> None:
    row, second = proposed(stage, since=world.APPOINTED)
    changed(stage, row, second, approved_by_id=second.pk, approved_at=world.at(world.TODAY))


def _approve_for_bpjs(stage: Any) -> None:
    row, _ = proposed(stage)
    third = world.administrator(stage.jambi, "admin.tiga")
    changed(stage, row, third, approved_by_id=third.pk, approved_at=world.at(world.TODAY))


def _give_a_number_twice(stage: Any) -> None:
    """Jambi's officer gives somebody of his city the number that another of them holds."""
    world.authority(stage.jambi, Function.MEMBER_NUMBER)
    with stage.jambi.acting():
        held = MemberNumber.objects.order_by("pk")[0]
        other = PersonScope.objects.exclude(person_id=held.person_id).order_by("pk")[0].person_id
    written(MemberNumber, person_id=other, decided_by="here", word_id=None, line=None)(stage)


def _give_a_code_twice(stage: Any) -> None:
    world.authority(stage.jambi, Function.CONTRIBUTION_CODE)
    written(ContributionCode, month=date(2025, 9, 1), decided_by="here", word_id=None, line=None)(stage)


def _decide_what_bpjs_decides(stage: Any) -> None:
    written(BranchStatus, decided_by="here", word_id=None, line=None)(stage)


def _determine_twice(stage: Any) -> None:
    world.authority(stage.jambi, Function.BENEFIT_DETERMINATION)
    for _ in range(2):
        written(Determination, decided_by="here", word_id=None, line=None)(stage)


BREAKERS: dict[str, Breaker] = {
    "authority_function_known": lambda stage: proposed(stage, function="weather"),
    "authority_decider_known": lambda stage: proposed(stage, decided_by="me"),
    "authority_names_its_instrument": lambda stage: proposed(stage, instrument_number=""),
    "authority_period_runs_forward": lambda stage: proposed(stage, until=world.TODAY),
    "authority_given_by_bpjs": _approve_for_bpjs,
    "authority_instrument_signed_by_then": lambda stage: proposed(
        stage, instrument_on=date(2090, 1, 1), since=date(2090, 1, 1), instrument_number="new"
    ),
    "authority_begins_with_its_instrument": lambda stage: proposed(
        stage, since=world.APPOINTED - timedelta(days=1)
    ),
    "authority_instrument_has_one_date": lambda stage: proposed(
        stage, instrument_on=world.APPOINTED - timedelta(days=1)
    ),
    "authority_approved_by_a_second_person": _approve_ones_own,
    "authority_approval_whole": _approve_without_a_time,
    "authority_withdrawal_whole": _withdraw_without_a_time,
    "authority_one_at_a_time": _two_in_one_period,
    "branch_import_once": said(BranchImport),
    "branch_import_kind_known": said(BranchImport, kind="rumour"),
    "branch_import_loses_no_line": said(BranchImport, lines=99),
    "branch_import_of_its_file": said(BranchImport, sha256="0" * 64),
    "branch_line_outcome_known": said(BranchLine, number=99, outcome="lost"),
    "branch_line_of_its_import": said(BranchLine, number=99, sponsor_id=lambda stage: stage.bungo.sponsor.pk),
    "member_number_index_is_a_blind_index": said(MemberNumber, line=99, kpj_index=b"short"),
    "member_number_of_its_sponsors_person": said(MemberNumber, line=99, person_id=stranger),
    "branch_status_of_its_sponsors_person": said(BranchStatus, line=99, person_id=stranger),
    "branch_balance_of_its_sponsors_person": said(BranchBalance, line=99, person_id=stranger),
    "branch_status_holds_by_its_word": said(BranchStatus, line=99, since=date(2031, 1, 1)),
    "branch_balance_stands_by_its_word": said(BranchBalance, line=99, as_of=date(2031, 1, 1)),
    "branch_balance_not_negative": said(BranchBalance, line=99, balance=-1),
    "contribution_code_month_is_a_first_day": said(ContributionCode, line=99, month=date(2025, 6, 2)),
    "contribution_code_asks_for_something": said(ContributionCode, line=99, amount=0),
    "contribution_code_of_its_sponsors_agreement": said(
        ContributionCode, line=99, agreement_id=lambda stage: stage.bungos.agreement_id
    ),
    "determination_programme_known": said(Determination, line=99, programme="bpk"),
    "determination_benefit_known": said(Determination, line=99, benefit="gift"),
    "determination_not_negative": said(Determination, line=99, amount=-1),
    "determination_has_number_and_date": said(Determination, line=99, number=""),
    "determination_here_once": _determine_twice,
    "determination_of_its_sponsors_person": said(Determination, line=99, person_id=stranger),
    "estimate_once": written(Estimate),
    "estimate_programme_known": written(Estimate, programme="bpk"),
    "estimate_after_its_event": written(Estimate, computed_on=date(2025, 1, 1)),
    "estimate_is_its_decision": written(Estimate, total=1),
    "estimate_of_its_sponsors_person": written(Estimate, person_id=stranger),
    "difference_note_state_known": written(DifferenceNote, state="maybe"),
    "difference_note_says_why": written(DifferenceNote, note="ok"),
    "difference_note_in_ones_own_name": written(DifferenceNote, noted_by_id=10**9),
    "decided_where_authority_is": _decide_what_bpjs_decides,
    "member_number_held_by_one": _give_a_number_twice,
    "contribution_code_for_one_bill": _give_a_code_twice,
}
for _model, _table in (
    (MemberNumber, "member_number"),
    (BranchStatus, "branch_status"),
    (ContributionCode, "contribution_code"),
    (BranchBalance, "branch_balance"),
    (Determination, "determination"),
):
    BREAKERS |= of_every_said_table(_model, _table)
