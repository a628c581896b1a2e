"""The life of an agreement: each step by whoever may take it, in the order of the table, and never twice."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import agreed
import world
from database import at_once, refused
from lindung.access import audit
from lindung.access.models import AuditEvent, Role
from lindung.engine.refusals import ChangedMeanwhile, Refusal, constraint_of
from lindung.law.months import Month
from lindung.membership import ending
from lindung.partnership import agreements
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.models import (
    Agreement,
    AgreementChange,
    AgreementState,
    AgreementStep,
    FundingSource,
    SourceOrigin,
)

NOW = world.at(date(2025, 5, 12))
JUNE = Month(2025, 6)


@pytest.fixture
def jambi(db: None) -> world.City:
    return world.city()


def terms(place: world.City, *, title: str = "Pekerja sawit") -> Terms:
    with place.acting() as by:
        source = FundingSource.objects.first() or agreements.add_source(
            sponsor_id=place.sponsor.pk, origin=SourceOrigin.DBH_PALM, name="DBH sawit", by=by
        )
    return Terms(title, place.office.pk, source.pk, ("jkk", "jkm"), JUNE.first_day())


def drafted(place: world.City, code: str = "sawit") -> Agreement:
    wanted = terms(place)
    with place.acting() as by:
        return agreements.draft_agreement(
            code=code,
            sponsor_id=place.sponsor.pk,
            branch_id=place.branch.pk,
            terms=wanted,
            segments=(SegmentPlan("sawit", "Pekerja sawit", "Buruh tani", 50),),
            by=by,
            now=NOW,
        )


def signed(place: world.City) -> Agreement:
    made = drafted(place)
    with place.acting() as by:
        agreements.submit(agreement_id=made.pk, by=by, now=NOW)
        return agreements.record_signed(
            agreement_id=made.pk, paper=agreed.pks("sawit", NOW.date()), by=by, now=NOW
        )


def state(place: world.City, made: Agreement) -> str:
    with place.acting():
        return Agreement.objects.get(pk=made.pk).state


class TestTheWay:
    def test_it_goes_from_draft_to_force_by_two_people(self, jambi: world.City) -> None:
        made = signed(jambi)
        with jambi.acting(Role.FINANCE_OFFICER) as treasurer:
            agreements.activate(agreement_id=made.pk, by=treasurer, now=NOW)
            told = AgreementChange.objects.filter(agreement=made).order_by("pk")
            assert [(each.from_state, each.to_state, each.by.username) for each in told] == [
                ("draft", "draft", "city_officer.jambi"),
                ("draft", "in_review", "city_officer.jambi"),
                ("in_review", "signed", "city_officer.jambi"),
                ("signed", "active", "finance_officer.jambi"),
            ]
            actions = AuditEvent.objects.filter(pk__in=told.values("event")).order_by("pk")
            assert [each.action.split(".")[1] for each in actions] == [
                "drafted",
                "submitted",
                "signed",
                "activated",
            ]

    def test_it_takes_nobody_in_before(self, jambi: world.City) -> None:
        with refused("membership_of_an_active_agreement"):
            world.enrol(jambi, signed(jambi), world.SITI)

    def test_it_comes_back_with_a_reason_and_is_submitted_again(self, jambi: world.City) -> None:
        made = drafted(jambi)
        with jambi.acting() as by:
            agreements.submit(agreement_id=made.pk, by=by, now=NOW)
        with jambi.acting(Role.BRANCH_OFFICER) as branch:
            with pytest.raises(agreements.NoReason):
                agreements.send_back(agreement_id=made.pk, reason="  ", by=branch, now=NOW)
            agreements.send_back(agreement_id=made.pk, reason="Kuota belum benar", by=branch, now=NOW)
        with jambi.acting() as by:
            assert agreements.submit(agreement_id=made.pk, by=by, now=NOW).state == "in_review"
        with jambi.acting(Role.BRANCH_OFFICER) as branch:
            assert not agreements.wrote(made, by=branch), "who sent it back did not write it"

    def test_it_says_what_a_draft_without_segments_needs(self, jambi: world.City) -> None:
        wanted = terms(jambi)
        with jambi.acting() as by:
            made = agreements.draft_agreement(
                code="kosong", sponsor_id=jambi.sponsor.pk, branch_id=jambi.branch.pk, terms=wanted, by=by, now=NOW
            )  # fmt: skip
            with pytest.raises(agreements.NoSegment):
                agreements.submit(agreement_id=made.pk, by=by, now=NOW)

    def test_it_takes_no_office_or_money_of_another_city(self, jambi: world.City) -> None:
        bungo = world.city("bungo", branch=jambi.branch)
        theirs = terms(bungo)
        for foreign in (terms(jambi)._replace(paying_office_id=bungo.office.pk), theirs):
            with jambi.acting() as by, pytest.raises(agreements.NotThisCitys):
                agreements.draft_agreement(
                    code="asing", sponsor_id=jambi.sponsor.pk, branch_id=jambi.branch.pk, terms=foreign, by=by, now=NOW
                )  # fmt: skip


class TestTheSecondPerson:
    def test_whoever_wrote_it_cannot_activate_it(self, jambi: world.City) -> None:
        made = signed(jambi)
        with jambi.acting() as by, pytest.raises(agreements.SecondPersonNeeded):
            agreements.activate(agreement_id=made.pk, by=by, now=NOW)
        assert state(jambi, made) == "signed"

    def test_whoever_only_mended_the_draft_cannot_either(self, jambi: world.City) -> None:
        made, wanted = drafted(jambi), terms(jambi, title="Diperbaiki")
        with jambi.acting(Role.FINANCE_OFFICER) as helper:
            agreements.edit_draft(agreement_id=made.pk, revision=1, terms=wanted, by=helper, now=NOW)
        with jambi.acting() as by:
            agreements.submit(agreement_id=made.pk, by=by, now=NOW)
            agreements.record_signed(agreement_id=made.pk, paper=agreed.pks("x", NOW.date()), by=by, now=NOW)
        with jambi.acting(Role.FINANCE_OFFICER) as helper, pytest.raises(agreements.SecondPersonNeeded):
            agreements.activate(agreement_id=made.pk, by=helper, now=NOW)
        with jambi.acting(Role.BRANCH_OFFICER) as branch:
            assert agreements.activate(agreement_id=made.pk, by=branch, now=NOW).state == "active"

    def test_the_database_knows_who_acts_whatever_name_is_passed_along(self, jambi: world.City) -> None:
        made = signed(jambi)
        with jambi.acting() as by, pytest.raises(Exception, match="row-level security"):
            AgreementChange.objects.create(
                agreement=made,
                sponsor=jambi.sponsor,
                from_state="signed",
                to_state="active",
                by=jambi.users[Role.FINANCE_OFFICER],
                at=NOW,
                on=NOW.date(),
                event_id=audit.record("x.y", by=by, subject="x:1", sponsor_id=jambi.sponsor.pk, detail={}),
            )

    def test_of_two_who_activate_at_once_one_does(self, fresh_database: str) -> None:
        jambi = world.city()
        made = signed(jambi)

        def by(role: Role) -> Callable[[], Agreement]:
            def act() -> Agreement:
                with jambi.acting(role) as actor:
                    return agreements.activate(agreement_id=made.pk, by=actor, now=NOW)

            return act

        answers = at_once(by(Role.FINANCE_OFFICER), by(Role.BRANCH_OFFICER))
        assert sorted(type(answer).__name__ for answer in answers) == ["Agreement", "StepNotPossible"]
        with jambi.acting():
            assert made.changes.filter(to_state="active").count() == 1


class TestEditing:
    def test_a_stale_page_does_not_overwrite_what_a_colleague_wrote(self, jambi: world.City) -> None:
        made = drafted(jambi)
        first, second = terms(jambi, title="Pertama"), terms(jambi, title="Kedua")
        with jambi.acting() as by:
            assert (
                agreements.edit_draft(agreement_id=made.pk, revision=1, terms=first, by=by, now=NOW).revision
                == 2
            )
            with pytest.raises(ChangedMeanwhile):
                agreements.edit_draft(agreement_id=made.pk, revision=1, terms=second, by=by, now=NOW)
            assert Agreement.objects.get(pk=made.pk).title == "Pertama"

    def test_a_submitted_one_is_a_draft_no_more(self, jambi: world.City) -> None:
        made, wanted = drafted(jambi), terms(jambi)
        with jambi.acting() as by:
            agreements.submit(agreement_id=made.pk, by=by, now=NOW)
            with pytest.raises(agreements.StepNotPossible):
                agreements.edit_draft(agreement_id=made.pk, revision=1, terms=wanted, by=by, now=NOW)


class TestTheEnd:
    def test_it_ends_when_its_period_is_over_and_its_last_month_is_still_billed(
        self, jambi: world.City
    ) -> None:
        promised = world.agreement(jambi)
        world.enrol(jambi, promised, world.SITI)
        world.set_end(jambi, promised, date(2025, 8, 1))
        with jambi.acting() as by:
            with pytest.raises(agreements.PeriodNotOver):
                agreements.end(agreement_id=promised.pk, by=by, now=world.at(date(2025, 7, 31)))
            over = ending.end(agreement_id=promised.pk, by=by, now=world.at(date(2025, 8, 1)))
        assert over.agreement.state == "ended"
        with refused("membership_of_an_active_agreement"):
            world.enrol(jambi, promised, world.BUDI, since=Month(2025, 7))
        assert world.bill(jambi, promised, Month(2025, 7)).people == 1

    def test_it_is_terminated_with_a_reason_from_a_day_on(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        with jambi.acting() as by:
            with pytest.raises(agreements.NoReason):
                agreements.terminate(agreement_id=promised.pk, on=date(2025, 9, 1), reason="", by=by, now=NOW)
            gone = agreements.terminate(
                agreement_id=promised.pk, on=date(2025, 9, 1), reason="Dana dialihkan", by=by, now=NOW
            )
        assert (gone.state, gone.until) == ("terminated", date(2025, 9, 1))

    def test_it_is_not_terminated_under_months_that_are_billed(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        world.enrol(jambi, promised, world.SITI)
        world.bill(jambi, promised, JUNE)
        with jambi.acting() as by:
            with pytest.raises(IntegrityError) as refusal:
                agreements.terminate(
                    agreement_id=promised.pk, on=date(2025, 6, 1), reason="x", by=by, now=NOW
                )
            assert constraint_of(refusal.value) in (
                "agreement_not_ended_before_its_bills",
                "agreement_period_runs_forward",
            )

    def test_it_leaves_no_trace_when_it_is_refused(self, jambi: world.City) -> None:
        promised = world.agreement(jambi)
        world.enrol(jambi, promised, world.SITI)
        world.bill(jambi, promised, Month(2025, 7))
        with jambi.acting() as by:
            before = (AuditEvent.objects.count(), promised.changes.count())
            with refused("agreement_not_ended_before_its_bills"):
                agreements.terminate(
                    agreement_id=promised.pk, on=date(2025, 7, 1), reason="x", by=by, now=NOW
                )
            assert (AuditEvent.objects.count(), promised.changes.count()) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.sampled_from(sorted(AgreementState.values)), max_size=8))
def test_any_sequence_of_steps_is_a_path_of_the_table(jambi: world.City, wanted: list[str]) -> None:
    """Whatever is tried in whatever order, what is left in the history is a walk through the table."""
    Agreements = Agreement.objects
    with jambi.acting():
        number = Agreements.count()
    made = drafted(jambi, f"jalan-{number}")
    for to in wanted:
        _try(jambi, made, to)
    with jambi.acting():
        steps = set(AgreementStep.objects.values_list("from_state", "to_state"))
        walked = list(made.changes.order_by("pk").values_list("from_state", "to_state"))
        assert set(walked) <= steps
        assert all(one[1] == other[0] for one, other in zip(walked, walked[1:], strict=False))
        assert Agreements.get(pk=made.pk).state == walked[-1][1]


def _try(place: world.City, made: Agreement, to: str) -> None:
    acts = {
        "draft": lambda by: agreements.send_back(agreement_id=made.pk, reason="x", by=by, now=NOW),
        "in_review": lambda by: agreements.submit(agreement_id=made.pk, by=by, now=NOW),
        "signed": lambda by: agreements.record_signed(
            agreement_id=made.pk, paper=agreed.pks(f"{made.pk}", NOW.date()), by=by, now=NOW
        ),
        "active": lambda by: agreements.activate(agreement_id=made.pk, by=by, now=NOW),
        "ended": lambda by: agreements.end(agreement_id=made.pk, by=by, now=NOW),
        "terminated": lambda by: agreements.terminate(
            agreement_id=made.pk, on=date(2025, 9, 1), reason="x", by=by, now=NOW
        ),
    }
    role = Role.FINANCE_OFFICER if to == "active" else Role.CITY_OFFICER
    try:
        with place.acting(role) as actor:
            acts[to](actor)
    except Refusal:
        return
