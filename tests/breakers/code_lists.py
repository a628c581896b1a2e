"""Who tries to break what is promised about the branch's own list behind a kode iuran."""

from datetime import date

from breakers.branch_word import Breaker, said, stranger
from lindung.contributions.code_list_records import CodeLine, CodeList

_NEW = "f" * 64

BREAKERS: dict[str, Breaker] = {
    "code_list_once": said(CodeList),
    "code_list_month_is_a_first_day": said(CodeList, result=_NEW, month=date(2025, 6, 2)),
    "code_list_loses_no_line": said(CodeList, result=_NEW, lines=99),
    "code_list_has_all_its_lines": said(CodeList, result=_NEW),
    "code_list_of_its_file": said(CodeList, result=_NEW, sha256="0" * 64),
    "code_list_of_its_code": said(CodeList, result=_NEW, code="lain"),
    "code_list_of_its_sponsors_agreement": said(
        CodeList, result=_NEW, sponsor_id=lambda stage: stage.bungo.sponsor.pk
    ),
    "code_line_of_its_list": said(CodeLine, place=99, sponsor_id=lambda stage: stage.bungo.sponsor.pk),
    "code_line_of_its_sponsors_person": said(CodeLine, place=99, person_id=stranger),
    "code_line_says_who_or_why": said(CodeLine, place=99, person_id=None),
    "code_line_amount_not_negative": said(CodeLine, place=99, amount=-1),
}
