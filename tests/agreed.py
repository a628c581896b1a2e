"""How tests bring an agreement into force and its budget years into order: through the real functions, in few lines."""

from datetime import date, datetime

from lindung.access.models import Organisation
from lindung.access.scope import Actor, Scope, in_scope
from lindung.partnership import agreements, budgets, year_papers
from lindung.partnership.agreements import SegmentPlan, Terms
from lindung.partnership.models import Agreement, FundingSource, PaperKind
from lindung.partnership.papers import PaperEntry, Signed

Standing = tuple[Actor, Scope]


def in_force(
    code: str,
    *,
    terms: Terms,
    segments: tuple[SegmentPlan, ...],
    sponsor: Organisation,
    branch: Organisation,
    writer: Standing,
    second: Standing,
    now: datetime,
    kind: str = "sponsored",
    pks_until: date | None = None,
) -> Agreement:
    """Drafted, submitted and signed by the writer, activated by the second person."""
    officer, scope = writer
    with in_scope(scope, actor=officer):
        made = agreements.draft_agreement(
            code=code,
            sponsor_id=sponsor.pk,
            branch_id=branch.pk,
            terms=terms,
            segments=segments,
            kind=kind,
            by=officer,
            now=now,
        )
    return brought_into_force(made, writer=writer, second=second, now=now, pks_until=pks_until)


def brought_into_force(
    draft: Agreement, *, writer: Standing, second: Standing, now: datetime, pks_until: date | None = None
) -> Agreement:
    """A draft submitted and signed by its writer, activated by the second person."""
    officer, scope = writer
    with in_scope(scope, actor=officer):
        agreements.submit(agreement_id=draft.pk, by=officer, now=now)
        paper = pks(draft.code, min(draft.since, now.date()), until=pks_until)
        agreements.record_signed(agreement_id=draft.pk, paper=paper, by=officer, now=now)
    colleague, scope = second
    with in_scope(scope, actor=colleague):
        agreements.activate(agreement_id=draft.pk, by=colleague, now=now)
        return Agreement.objects.select_related("funding_source", "paying_office", "sponsor").get(pk=draft.pk)


def another(
    like: Agreement, code: str, *, writer: Standing, second: Standing, now: datetime, since: date
) -> Agreement:
    """One more agreement in force, like one that is there but for its code and its first day."""
    with in_scope(writer[1], actor=writer[0]):
        held = Agreement.objects.select_related("sponsor", "branch").get(pk=like.pk)
        plans = tuple(
            SegmentPlan(each.code, each.label, each.occupation, each.quota) for each in held.segments.all()
        )
    terms = Terms(
        title=held.title,
        paying_office_id=held.paying_office_id,
        funding_source_id=held.funding_source_id,
        programmes=tuple(held.programmes),
        since=since,
    )
    return in_force(
        code,
        terms=terms,
        segments=plans,
        sponsor=held.sponsor,
        branch=held.branch,
        writer=writer,
        second=second,
        now=now,
    )


def pks(code: str, signed_on: date, *, until: date | None = None) -> PaperEntry:
    """The PKS of an agreement, signed by its office and the branch."""
    return PaperEntry(
        kind=PaperKind.PKS,
        number=f"PKS/{code}",
        signed_at="Jambi",
        signed_on=signed_on,
        first_party="Dinas Tenaga Kerja",
        second_party="BPJS Ketenagakerjaan",
        until=until,
        signatories=(
            Signed("Rina Marlina", "Kepala Dinas", "first"),
            Signed("Andi Wijaya", "Kepala Cabang", "second"),
        ),
    )


def ready_year(
    promised: Agreement, year: int, *, by: Actor, now: datetime, last_year: int | None = None
) -> None:
    """Record the SK and the DPA of a year, and a Perwal that holds until ``last_year``; call it in the writer's scope."""
    # Papers of a year are recorded once they are signed, in November of the year before.
    now = max(now, datetime(year - 1, 11, 5, 9, tzinfo=now.tzinfo))
    papers = (("sk", "SK", ""), ("dpa", "DPA", "2.07.03.2.01"))
    for kind, name, code in papers:
        year_papers.record_year_paper(
            agreement_id=promised.pk,
            kind=kind,
            year=year,
            number=f"{name}/{year}",
            signed_on=date(year - 1, 11, 5),
            budget_code=code,
            by=by,
            now=now,
        )
    if last_year is not None:
        year_papers.record_year_paper(
            agreement_id=promised.pk,
            kind="perwal",
            year=year,
            last_year=last_year,
            number=f"PERWAL/{year}",
            signed_on=date(year - 1, 11, 2),
            by=by,
            now=now,
        )


def ready_years(promised: Agreement, first: int, last: int, *, by: Actor, now: datetime) -> None:
    """Every year from the first to the last, under one Perwal."""
    for year in range(first, last + 1):
        ready_year(promised, year, by=by, now=now, last_year=last if year == first else None)


def budget(promised: Agreement, source: FundingSource, amounts: dict[int, int], *, by: Actor) -> None:
    """Whole rupiah by year from one source."""
    for year, amount in amounts.items():
        budgets.record_budget(
            agreement_id=promised.pk,
            funding_source_id=source.pk,
            year=year,
            amount=amount,
            by=by,
            today=date(year, 1, 1),
        )
