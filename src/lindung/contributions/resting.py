"""Which billed months rest on a paper of a budget year, and its withdrawal once none does."""

from datetime import datetime

from django.db import transaction

from lindung.access.scope import Actor
from lindung.contributions.models import ASKED, Bill
from lindung.engine.refusals import Refusal
from lindung.law.months import Month
from lindung.law.text import Text
from lindung.partnership import year_papers
from lindung.partnership.models import YearPaper


class MonthsRestOnIt(Refusal):
    """Months are billed or paid on this paper, and no other one of its kind carries them."""

    code = "year_paper.months_rest_on_it"

    def __init__(self, months: list[Month]) -> None:
        years = ", ".join(str(year) for year in sorted({month.year for month in months}))
        super().__init__(_RESTING.filled(first=months[0].label, last=months[-1].label, years=years))


_RESTING = Text(
    "Iuran {first} sampai {last} sudah ditagih atau dibayar atas dasar surat ini. Catat dulu surat yang benar untuk "
    "tahun {years}; sesudah itu yang salah bisa ditarik.",
    "Contributions of {first} to {last} are billed or paid on this paper. First record the right paper for {years}; "
    "then the wrong one can be withdrawn.",
)


def withdraw(*, year_paper_id: int, reason: str, by: Actor, now: datetime) -> YearPaper:
    """Take back a paper that was recorded by mistake. Raises MonthsRestOnIt, and what `withdraw_year_paper` raises."""
    with transaction.atomic():
        paper = YearPaper.objects.select_for_update(no_key=True).get(pk=year_paper_id)
        months = resting_months(paper)
        if months:
            raise MonthsRestOnIt(months)
        return year_papers.withdraw_year_paper(year_paper_id=year_paper_id, reason=reason, by=by, now=now)


def resting_months(paper: YearPaper) -> list[Month]:
    """The billed months of its years that no other paper of its kind carries, in order."""
    if paper.withdrawn_by_id is not None:
        return []
    others = YearPaper.objects.filter(
        agreement=paper.agreement_id, kind=paper.kind, withdrawn_by__isnull=True
    ).exclude(pk=paper.pk)
    carried = {year for other in others for year in range(other.year, other.last_year + 1)}
    bills = Bill.objects.filter(
        agreement=paper.agreement_id,
        month__year__gte=paper.year,
        month__year__lte=paper.last_year,
        status__in=ASKED,
    )
    months = {Month.of(day) for day in bills.values_list("month", flat=True)}
    return sorted(month for month in months if month.year not in carried)
