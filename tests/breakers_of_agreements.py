"""Those who try to break what the database promises of agreements, their papers, their budgets and their years."""

from collections.abc import Callable
from datetime import date

import agreed
import world
from breaking import AUGUST, BREAKERS, JULY, Stage, breaks, forge, officer, see_all, update, write
from database import execute
from lindung.access.models import Role
from lindung.contributions.models import Bill
from lindung.documents.models import Document
from lindung.partnership import agreements, budgets, year_papers
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.models import (
    Agreement,
    AgreementChange,
    Amendment,
    Budget,
    FundingSource,
    Paper,
    Segment,
    Signatory,
    YearPaper,
    YearTurn,
)

DRAFT = {"state": "draft", "revision": 1}


def _stopped_and_corrected_by_one(stage: Stage) -> None:
    made = world.agreement(stage.jambi, "stopped")
    for start, day in (("active", "2026-12-01"), ("terminated", "2027-01-01")):
        step(stage, "terminated", start=start, reason="x", agreement_id=made.pk, on=date.fromisoformat(day))


def step(
    stage: Stage,
    to: str,
    *,
    start: str = "active",
    role: Role = Role.CITY_OFFICER,
    reason: str = "",
    **more: object,
) -> None:
    """A step written by hand under the active agreement of Jambi, or under another one."""
    given = {"agreement_id": stage.agreement.pk, "on": world.TODAY, **more}
    with stage.jambi.acting(role) as actor:
        AgreementChange.objects.create(
            sponsor=stage.jambi.sponsor,
            from_state=start,
            to_state=to,
            by_id=actor.user_id or 0,
            at=world.at(world.TODAY),
            reason=reason,
            event_id=world.event(stage.jambi),
            **given,
        )


def draft(stage: Stage, *, kind: str = "sponsored") -> Agreement:
    """A draft of the officer of Jambi with one segment."""
    with stage.jambi.acting() as by:
        return agreements.draft_agreement(
            code=f"konsep-{kind}",
            sponsor_id=stage.jambi.sponsor.pk,
            branch_id=stage.jambi.branch.pk,
            terms=Terms(
                "Konsep", stage.jambi.office.pk, stage.agreement.funding_source_id, ("jkk",), date(2025, 6, 1)
            ),
            segments=(SegmentPlan("semua", "Semua", "Buruh", 3),),
            kind=kind,
            by=by,
            now=world.at(world.TODAY),
        )


def submitted(stage: Stage) -> Agreement:
    made = draft(stage)
    with stage.jambi.acting() as by:
        return agreements.submit(agreement_id=made.pk, by=by, now=world.at(world.TODAY))


def signed(stage: Stage) -> Agreement:
    made = submitted(stage)
    with stage.jambi.acting() as by:
        paper = agreed.pks("baru", world.TODAY)
        return agreements.record_signed(agreement_id=made.pk, paper=paper, by=by, now=world.at(world.TODAY))


def year_paper(stage: Stage, **more: object) -> YearPaper:
    given: dict[str, object] = {
        "kind": "sk",
        "year": 2028,
        "number": "SK/2028",
        "signed_on": date(2026, 11, 2),
    }
    with stage.jambi.acting() as by:
        return year_papers.record_year_paper(
            agreement_id=stage.agreement.pk, by=by, now=world.at(world.TODAY), **given | more,  # type: ignore[arg-type]  # what differs is the point
        )  # fmt: skip


BREAKERS |= {
    "funding_source_origin_is_its_payers": write(FundingSource, name="Lain", kind="csr", origin="apbd"),
    "agreement_state_known": write(Agreement, code="new", state="lost"),
    "agreement_over_has_an_end": write(Agreement, code="new", state="ended"),
    "agreement_begins_as_a_draft": write(Agreement, code="new", state="active"),
    "agreement_terms_change_by_addendum": lambda stage: update(
        stage, Agreement, pk=stage.agreement.pk, title="Diganti"
    ),
    "segment_terms_change_by_addendum": write(Segment, code="new"),
    "agreement_change_between_known_states": lambda stage: step(stage, "lost"),
    "agreement_change_of_its_sponsors_agreement": forge(AgreementChange),
    "agreement_step_allowed": lambda stage: step(stage, "signed"),
    "agreement_step_with_its_reason": lambda stage: step(stage, "terminated"),
    "agreement_step_by_a_second_person": lambda stage: step(
        stage, "active", start="signed", agreement_id=signed(stage).pk
    ),
    "agreement_stop_corrected_by_another": _stopped_and_corrected_by_one,
    "agreement_signed_with_its_pks": lambda stage: step(
        stage, "signed", start="in_review", agreement_id=submitted(stage).pk
    ),
    "agreement_ends_when_its_period_is_over": lambda stage: step(stage, "ended"),
    "agreement_not_ended_before_its_bills": lambda stage: step(
        stage, "terminated", reason="Dana dialihkan", on=JULY.first_day()
    ),
    "budget_raised_once_by_a_paper": lambda stage: _twice(_raise, stage),
    "budget_raise_names_its_paper": write(Budget, raises=True, number=""),
    "budget_not_below_zero": lambda stage: _cut(stage, year=2026, set_aside=1_000),
    "budget_covers_its_bills": lambda stage: _cut(stage, year=2025),
    "budget_withdrawal_whole": lambda stage: update(
        stage, Budget, pk=_budget(stage).pk, withdrawn_by=officer(stage)
    ),
    "budget_raise_follows_a_budget": write(
        Budget, raises=True, number="DPPA/1", signed_on=world.TODAY, year=2031
    ),
    "year_paper_number_once": lambda stage: [year_paper(stage) for _ in range(2)],
    "year_paper_kind_known": lambda stage: year_paper(stage, kind="letter"),
    "year_paper_years_plausible": lambda stage: year_paper(stage, year=2014),
    "year_paper_of_one_year_only": lambda stage: year_paper(stage, last_year=2031),
    "year_paper_dpa_has_its_code": lambda stage: year_paper(stage, kind="dpa"),
    "year_paper_withdrawal_whole": lambda stage: update(
        stage, YearPaper, pk=year_paper(stage).pk, withdrawn_by=officer(stage)
    ),
    "year_paper_of_its_sponsors_agreement": forge(YearPaper, number="forged"),
    "year_paper_document_of_its_sponsor": lambda stage: see_all(
        YearPaper, number="forged", document_id=_bungos_document(stage)
    )(stage),
    "year_turn_of_a_known_paper": lambda stage: _turn(stage, kind="letter"),
    "year_turn_at_a_known_desk": lambda stage: _turn(stage, turn="cleaner"),
    "year_turn_of_its_sponsors_agreement": lambda stage: _forged_turn(stage),
    "signatory_once_per_paper": write(Signatory),
    "signatory_party_known": write(Signatory, name="Lain", party="third"),
    "signatory_is_named": write(Signatory, name=""),
    "signatory_of_its_sponsors_paper": forge(Signatory, name="Lain"),
    "paper_document_of_its_sponsor": lambda stage: see_all(
        Paper, number="forged", document_id=_bungos_document(stage)
    )(stage),
    "paper_period_runs_forward": write(Paper, number="new", until=date(2010, 1, 1)),
    "paper_signed_when_recorded": write(Paper, number="new", signed_on=date(2090, 1, 1)),
    "paper_date_plausible": write(Paper, number="new", signed_on=date(2013, 12, 31)),
    "year_paper_signed_when_recorded": write(YearPaper, number="new", signed_on=date(2090, 1, 1)),
    "year_paper_date_plausible": write(YearPaper, number="new", signed_on=date(1900, 1, 1)),
    "mou_number_has_one_date": lambda stage: [
        write(Paper, kind="mou", number="MoU/1", signed_on=on, recorded_on=on, agreement_id=agreement_id)(
            stage
        )
        for on, agreement_id in (
            (date(2025, 5, 28), stage.agreement.pk),
            (date(2025, 5, 29), draft(stage).pk),
        )
    ],
    "amendment_of_one_term": lambda stage: _amended(stage, until_is=world.TODAY),
    "amendment_once_per_paper": lambda stage: _twice(_amended, stage),
    "amendment_by_an_addendum": lambda stage: _amended(stage, by="pks"),
    "amendment_of_what_holds": lambda stage: _amended(stage, quota_was=1),
    "amendment_of_its_sponsors_paper": lambda stage: _forged_amendment(stage),
    "amendment_of_its_sponsors_segment": lambda stage: _amended(stage, segment_id=_bungos_segment(stage)),
    "membership_of_an_active_agreement": lambda stage: world.enrol(
        stage.jambi, draft(stage), *world.crowd(1), since=AUGUST
    ),
    "bill_of_an_active_agreement": lambda stage: write(
        Bill, status="final", agreement_id=draft(stage).pk, month=AUGUST.first_day()
    )(stage),
    "bill_in_a_ready_year": write(Bill, status="final", month=date(2031, 1, 1)),
}


@breaks("year_paper_withdrawn_once")
def _withdraw_twice(stage: Stage) -> None:
    made = year_paper(stage)
    with stage.jambi.acting() as by:
        year_papers.withdraw_year_paper(
            year_paper_id=made.pk, reason="Salah tahun", by=by, now=world.at(world.TODAY)
        )
        execute("UPDATE partnership_yearpaper SET withdrawn_because = 'lain' WHERE id = %s", made.pk)


@breaks("budget_withdrawn_once")
def _withdraw_a_budget_twice(stage: Stage) -> None:
    _raise(stage)
    with stage.jambi.acting() as by:
        made = Budget.objects.get(number="DPPA/2025")
        budgets.withdraw_budget(budget_id=made.pk, reason="Salah", by=by, now=world.at(world.TODAY))
        execute("UPDATE partnership_budget SET withdrawn_because = 'lain' WHERE id = %s", made.pk)


def _budget(stage: Stage) -> Budget:
    with stage.jambi.acting():
        return Budget.objects.filter(agreement=stage.agreement).order_by("pk")[0]


def _cut(stage: Stage, *, year: int, set_aside: int = 0) -> None:
    """A rupiah more than was set aside, or all but one of it where bills take some."""
    given = {
        "agreement_id": stage.agreement.pk, "funding_source_id": stage.agreement.funding_source_id, "year": year,
        "number": "DPPA/1", "signed_on": date(2025, 9, 1), "today": world.TODAY,
    }  # fmt: skip
    with stage.jambi.acting() as by:
        if set_aside:
            budgets.record_budget(amount=set_aside, by=by, **given)  # type: ignore[arg-type]  # as given above
        amount = set_aside + 1 if set_aside else 10**9 - 1
        budgets.cut_budget(amount=amount, by=by, **given)  # type: ignore[arg-type]  # as given above


def _twice(act: Callable[[Stage], None], stage: Stage) -> None:
    act(stage)
    act(stage)


def _raise(stage: Stage) -> None:
    with stage.jambi.acting() as by:
        budgets.raise_budget(
            agreement_id=stage.agreement.pk,
            funding_source_id=stage.agreement.funding_source_id,
            year=2025,
            amount=1_000_000,
            number="DPPA/2025",
            signed_on=date(2025, 9, 1),
            by=by,
            today=world.TODAY,
        )


def _turn(stage: Stage, **more: object) -> None:
    given = {"kind": "sk", "year": 2030, "turn": "legal", "agreement_id": stage.agreement.pk} | more
    with stage.jambi.acting() as by:
        event = world.event(stage.jambi)
        YearTurn.objects.create(
            sponsor=stage.jambi.sponsor, by_id=by.user_id or 0, since=world.TODAY, event_id=event, **given
        )


def _forged_turn(stage: Stage) -> None:
    _turn(stage)
    forge(YearTurn)(stage)


def _bungos_document(stage: Stage) -> int:
    with stage.bungo.acting():
        return int(Document.objects.earliest("pk").pk)


def _bungos_segment(stage: Stage) -> int:
    with stage.bungo.acting():
        return int(Segment.objects.get().pk)


def _amended(stage: Stage, *, by: str = "addendum", **changes: object) -> None:
    """The quota of the one segment raised by one, written by hand under a paper, with something changed."""
    with stage.jambi.acting():
        segment = stage.agreement.segments.get()
        row = Amendment(
            paper=_addendum(stage) if by == "addendum" else stage.agreement.papers.filter(kind=by)[0],
            agreement=stage.agreement,
            sponsor=stage.jambi.sponsor,
            event_id=world.event(stage.jambi),
            term="quota",
            segment=segment,
            quota_was=segment.quota,
            quota_is=segment.quota + 1,
        )
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def _addendum(stage: Stage) -> Paper:
    """An addendum that changes nothing yet; the same one when asked again."""
    made, _ = Paper.objects.get_or_create(
        agreement=stage.agreement,
        sponsor=stage.jambi.sponsor,
        kind="addendum",
        number="ADD/1",
        defaults={
            "signed_at": "Jambi", "signed_on": world.TODAY, "recorded_on": world.TODAY,
            "first_party": "Disnaker", "second_party": "BPJS",
        },
    )  # fmt: skip
    return made


def _forged_amendment(stage: Stage) -> None:
    _amended(stage)
    write(Amendment, paper_id=10**9)(stage)
