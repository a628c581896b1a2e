"""Which key each door asks for, written down by hand; that it opens to its keys alone is what test_matrix.py asks."""

import pytest

from lindung.access.models import Role
from lindung.access.roles import ROLES, Permission
from web.conftest import SignIn
from web.doors import guarded

DOORS = {
    Permission.SEE_MONEY: "statements statement unmatched lines_accept_progress bank_line",
    Permission.IMPORT_STATEMENT: "statement_bring_in",
    Permission.MATCH_MONEY: "line_accept lines_accept_exact line_set_aside line_take_back",
    Permission.SEE_AGREEMENTS: "agreements agreement agreement_year agreement_document runway",
    Permission.WRITE_AGREEMENT: """
        agreement_new agreement_edit agreement_submit agreement_signed agreement_end
        agreement_terminate agreement_paper agreement_addendum agreement_segment
        agreement_year_paper agreement_year_turn agreement_year_withdraw""",
    Permission.APPROVE_AGREEMENT: "agreement_send_back agreement_activate agreement_correct_stop",
    Permission.RECORD_BUDGET: "agreement_budget agreement_budget_withdraw agreement_source agreement_dpa source_new",
    Permission.UPLOAD_ROSTER: """
        roster_upload roster_cancel roster_resume roster_columns roster_recheck roster_download
        roster_correct roster_correction roster_row_aside roster_row_back
        roster_withdraw""",
    Permission.SEE_ROSTERS: "rosters roster roster_progress roster_row",
    Permission.MEND_ROSTER: "roster_cell",
    Permission.ENROL: "roster_enrol roster_row_keep",
    Permission.SEE_WORKERS: """
        bill_by_name bill_by_name_sheet selfpay_offers worker member_changes form_f1a bill_people workers worker_search
        losses_people losses_people_of refunds_file""",
    Permission.MANAGE_USERS: """
        users user_invite user user_ask user_end_sessions user_change user_link user_revoke_link
        api_keys api_key_new api_key_revoke api_key_make""",
    Permission.DECIDE_HERE: "own_number own_status own_balance own_code",
    Permission.DETERMINE_HERE: "own_determination",
    Permission.SEE_EMPLOYERS: "employers employer form_f1 wage_list",
    Permission.WRITE_EMPLOYER: "employer_new minimum_wage employer_number",
    Permission.SEE_BILLS: (
        "bills bill bill_people bill_annex bill_paper bill_proof bill_semester bill_by_name bill_by_name_file"
        " bill_by_name_sheet own_code purse payment selfpay_bills bill_period refunds refunds_file"
    ),
    Permission.DRAW_BILL: """
        bill_draw bill_cancel bill_ahead bill_finalise bill_period_finalise bill_supersede
        bill_runs bill_run bill_run_progress bill_run_again selfpay_draw selfpay_ahead""",
    Permission.RECORD_PAYMENT: "bill_pay money_record payment_reject",
    Permission.CONFIRM_PAYMENT: "bill_confirm bill_shortfall money_settle payment_confirm",
    Permission.REVERSE_PAYMENT: "payment_ask_reversal payment_reverse",
    Permission.CHANGE_MEMBERS: (
        "member_join member_leave member_wage member_undo family worker_correct"
        " selfpay_accept selfpay_take_over selfpay_income"
    ),
    Permission.REVEAL_NIK: "reveal",
    Permission.SEE_COVERAGE: """
        coverage coverage_of losses losses_of losses_people losses_people_of losses_file losses_file_of""",
    Permission.SEE_AUDIT: "trail_all trail",
    Permission.EXPORT: "exports export_new export_approve export_fetch",
    Permission.SEE_AUTHORITY: "authority",
    Permission.SET_AUTHORITY: "authority_propose authority_decide",
    Permission.SEE_DIFFERENCES: (
        "branch_imports branch_import differences difference bill_by_name bill_by_name_sheet"
    ),
    Permission.IMPORT_BRANCH_WORD: "branch_bring_in bill_by_name_file",
    Permission.SEE_NOTICES: "notices notice notice_letters",
    Permission.SEND_NOTICES: "selfpay_tell notices_again notices_setting notice_decide letters_print letters_hand_over",
    Permission.SEE_JOBS: "tasks task_again task_close",
}
"""By permission, the names of the addresses that ask for it."""


def test_each_door_asks_for_the_key_that_was_meant() -> None:
    """The matrix believes the door: one that asks for a lesser key than was meant is noticed here."""
    meant = {(f"web:{name}", key) for key, names in DOORS.items() for name in names.split()}
    assert {(door.name, key) for door in guarded() for key in door.keys} == meant


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_is_for_those_whose_sheet_names_it(signed_in: SignIn, role: Role) -> None:
    status = 302 if role == Role.ADMINISTRATOR else 200 if Permission.SEE_TODAY in ROLES[role].may else 403
    assert signed_in(role).get("/").status_code == status


def test_it_leads_an_administrator_to_the_users(signed_in: SignIn) -> None:
    answer = signed_in(Role.ADMINISTRATOR).get("/", follow=True)
    assert answer.redirect_chain == [("/pengguna/", 302)]
    assert "Menunggu persetujuan" in answer.content.decode()


def test_it_tells_one_who_may_not_what_to_do(signed_in: SignIn) -> None:
    answer = signed_in(Role.CITY_OFFICER).get("/pengguna/")
    assert answer.status_code == 403
    assert "Peran Anda tidak boleh membuka ini" in answer.content.decode()
