"""Who tries to break what the database promises of people, works, employers, wages, families and changes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Model

import world
from database import as_loader
from lindung.access.models import Role
from lindung.access.scope import SystemScope, system_scope
from lindung.law.months import Month
from lindung.membership import ending
from lindung.membership.employment import EmployerUnit, MemberChange, MinimumWage, Wage
from lindung.membership.models import Membership, Work
from lindung.partnership import agreements
from lindung.people.models import FamilyMember, Person, PersonCorrection

LATER = date(2026, 3, 10)
JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)
Writing = Callable[..., Callable[[Any], object]]


def breakers(
    *, write: Writing, load: Writing, forge: Writing, copied: Callable[..., Model]
) -> dict[str, Callable[[Any], object]]:
    """By constraint, with the ways of writing a changed row that tests/test_constraints.py has."""
    return _OF_CORRECTIONS | {
        "people_person_nik_index_key": load(Person),
        "person_nik_index_is_a_blind_index": load(Person, nik_index=b"short"),
        "person_sex_is_known": load(Person, nik_index=b"2" * 32, sex="X"),
        "person_phone_sealed_with_its_index": load(Person, nik_index=b"2" * 32, phone_index=b"1" * 32),
        "work_kind_known": load(Work, kind="hobby"),
        "work_occupation_once_per_person": load(Work),
        "membership_period_runs_forward": load(Membership, until=date(2025, 5, 1)),
        "membership_has_known_programmes": load(Membership, programmes=["jkk", "jp"]),
        "membership_one_per_work_at_a_time": load(Membership, since=date(2026, 1, 1)),
        "family_nik_once": lambda stage: [_relative(stage, copied) for _ in range(2)],
        "family_relation_known": write(FamilyMember, relation="cousin"),
        "family_member_has_a_name": write(FamilyMember, name=""),
        "family_nik_sealed_with_its_index": write(FamilyMember, nik_index=b"1" * 32),
        "work_of_an_employer_names_it": load(Work, kind="employer_unit"),
        "work_unit_once_per_person": lambda stage: _of_the_cleaner(stage, Work),
        "membership_slot_is_one_of_two": load(Membership, slot=3),
        "membership_two_works_at_a_time": load(Membership, since=date(2026, 1, 1), work_id=0, slot=1),
        "membership_fits_its_agreement": load(
            Membership, since=date(2024, 1, 1), until=JUNE.first_day(), slot=None
        ),
        "membership_has_its_wage": lambda stage: _of_the_cleaner(
            stage, Membership, since=date(2024, 1, 1), until=JUNE.first_day()
        ),
        "unit_of_its_sponsors_agreement": forge(EmployerUnit, agreement_id=0),
        "unit_of_an_employers_agreement": write(EmployerUnit, agreement_kind="sponsored"),
        "membership_employerunit_agreement_id_key": write(EmployerUnit),
        "unit_staff_kind_known": write(EmployerUnit, staff_kind="kings"),
        "unit_risk_class_known": write(EmployerUnit, risk_class="none"),
        "unit_risk_class_has_its_basis": write(EmployerUnit, risk_basis=""),
        "unit_npp_is_eight_digits": write(EmployerUnit, npp="123"),
        "minimum_wage_once_per_year": write(MinimumWage),
        "minimum_wage_is_positive": write(MinimumWage, year=2030, amount=0),
        "minimum_wage_names_its_decree": write(MinimumWage, year=2030, decree_number=""),
        "wage_once_per_month": load(Wage),
        "wage_month_is_a_first_day": load(Wage, since=date(2025, 9, 2)),
        "wage_is_positive": load(Wage, since=date(2025, 9, 1), amount=0, monthly=0),
        "wage_basis_known": load(Wage, since=date(2025, 9, 1), basis="yearly"),
        "wage_monthly_follows": load(Wage, since=date(2025, 9, 1), monthly=1),
        "wage_of_its_membership": forge(Wage, loader=True, since=date(2025, 9, 1)),
        "wage_before_the_bill": load(Wage, since=date(2025, 5, 1)),
        **_of_changes(load),
        "member_change_of_its_membership": forge(MemberChange, loader=True),
        "member_change_by_who_acts": lambda stage: load(
            MemberChange, by_id=stage.jambi.users[Role.FINANCE_OFFICER].pk
        )(stage),
        "membership_not_ended_before_its_bill": _end_before_what_is_billed,
        "membership_end_has_its_change": _end_without_a_word,
        "quota_not_below_its_members": lambda stage: world.set_quota(stage.jambi, stage.agreement, 1),
        "agreement_over_leaves_no_member": _terminate_over_the_heads_of_its_members,
        "membership_not_beyond_its_agreement": _open_again_what_is_over,
        "membership_memberchange_undoes_id_key": lambda stage: _undo_twice(stage, copied),
    }


def _of_changes(load: Writing) -> dict[str, Callable[[Any], object]]:
    """What every change of a membership promises about itself."""
    return {
        "member_change_kind_known": load(MemberChange, kind="rise"),
        "member_change_month_is_a_first_day": load(MemberChange, month=date(2025, 6, 2)),
        "member_change_leave_has_its_reason": load(MemberChange, kind="leave"),
        "member_change_death_has_its_day": load(MemberChange, kind="leave", reason="died"),
        "member_change_undo_names_what": load(MemberChange, kind="undo"),
    }


def _end_before_what_is_billed(stage: Any) -> None:
    with system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()), as_loader():
        Membership.objects.filter(agreement=stage.agreement).update(until=JULY.first_day())


def _end_without_a_word(stage: Any) -> None:
    with system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()), as_loader():
        Membership.objects.filter(agreement=stage.agreement).update(until=AUGUST.first_day())


def _terminate_over_the_heads_of_its_members(stage: Any) -> None:
    with stage.jambi.acting() as officer:
        agreements.terminate(
            agreement_id=stage.agreement.pk, on=LATER, reason="x", by=officer, now=world.at(LATER)
        )


def _open_again_what_is_over(stage: Any) -> None:
    with stage.jambi.acting() as officer:
        ending.terminate(
            agreement_id=stage.agreement.pk, on=LATER, reason="x", by=officer, now=world.at(LATER)
        )
    with system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()), as_loader():
        Membership.objects.filter(agreement=stage.agreement).update(until=None)


def _undo_twice(stage: Any, copied: Callable[..., Model]) -> None:
    with system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()):
        for _ in range(2):
            row = copied(MemberChange, kind="undo", undoes_id=MemberChange.objects.earliest("pk").pk)
            with as_loader():
                row.save(force_insert=True)


def _of_the_cleaner(stage: Any, model: type[Model], **changes: object) -> None:
    """One more row like that of the wage earner."""
    key = "unit__isnull" if model is Work else "work__unit__isnull"
    with system_scope(SystemScope.ENROLLING, actor=stage.jambi.actor()):
        row = model._default_manager.get(**{key: False})
        row.pk = None
        for name, value in changes.items():
            setattr(row, name, value)
        with as_loader():
            row.save(force_insert=True)


def _relative(stage: Any, copied: Callable[..., Model]) -> None:
    with stage.jambi.acting():
        copied(FamilyMember, nik_sealed=b"sealed", nik_index=b"1" * 32).save(force_insert=True)


_SAID = {"name": "Siti Aminah", "birth_place": "", "birth_date": "1984-03-12", "sex": "F"}


def _correction(stage: Any, **changes: Any) -> None:
    with stage.jambi.acting() as officer:
        person = Person.objects.get(name="Siti Aminah")
        values = {
            "person": person,
            "revision": 1,
            "before": _SAID,
            "after": {**_SAID, "name": "Siti Aminah Putri"},
            "reason": "Salah dibaca dari daftar",
            "corrected_by_id": officer.user_id,
            "corrected_by_name": officer.name,
            "corrected_at": person.event.at,
            "event_id": person.event_id,
        }
        PersonCorrection.objects.create(**{**values, **changes})


def _renamed_without_a_word(stage: Any) -> None:
    with stage.jambi.acting():
        assert Person.objects.filter(name="Siti Aminah").update(name="Buruh Harian") == 1


_OF_CORRECTIONS: dict[str, Callable[[Any], object]] = {
    "person_correction_once_per_revision": lambda stage: [_correction(stage) for _ in range(2)],
    "person_correction_has_a_reason": lambda stage: _correction(stage, reason=""),
    "person_correction_changes_something": lambda stage: _correction(stage, after=_SAID),
    "person_correction_is_kept": _renamed_without_a_word,
}
