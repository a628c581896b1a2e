"""The roles, written so that a manager can read what each may do."""

import datetime
import enum
from typing import ClassVar

from lindung.access.models import Appointment, Role, User
from lindung.access.scope import appointment_of
from lindung.law.text import Text


class Permission(enum.StrEnum):
    """Everything a role can be allowed to do."""

    SEE_TODAY = "see_today"
    SEE_ROSTERS = "see_rosters"
    UPLOAD_ROSTER = "upload_roster"
    ENROL = "enrol"
    SEE_WORKERS = "see_workers"
    REVEAL_NIK = "reveal_nik"
    SEE_BILLS = "see_bills"
    DRAW_BILL = "draw_bill"
    RECORD_PAYMENT = "record_payment"
    CONFIRM_PAYMENT = "confirm_payment"
    REVERSE_PAYMENT = "reverse_payment"
    SEE_AUDIT = "see_audit"
    MANAGE_USERS = "manage_users"
    SEE_AGREEMENTS = "see_agreements"
    WRITE_AGREEMENT = "write_agreement"
    APPROVE_AGREEMENT = "approve_agreement"
    RECORD_BUDGET = "record_budget"
    MEND_ROSTER = "mend_roster"
    CHANGE_MEMBERS = "change_members"
    SEE_EMPLOYERS = "see_employers"
    WRITE_EMPLOYER = "write_employer"
    SEE_COVERAGE = "see_coverage"
    EXPORT = "export"
    SEE_AUTHORITY = "see_authority"
    SET_AUTHORITY = "set_authority"
    IMPORT_BRANCH_WORD = "import_branch_word"
    SEE_DIFFERENCES = "see_differences"
    DECIDE_HERE = "decide_here"
    DETERMINE_HERE = "determine_here"
    SEE_MONEY = "see_money"
    IMPORT_STATEMENT = "import_statement"
    MATCH_MONEY = "match_money"
    SEE_NOTICES = "see_notices"
    SEND_NOTICES = "send_notices"
    SEE_JOBS = "see_jobs"


class Duties:
    """What is written about one role: its code, its name on screen, and what it may do."""

    code: ClassVar[Role]
    label: ClassVar[Text]
    may: ClassVar[frozenset[Permission]] = frozenset()


class CityOfficer(Duties):
    """Hands over lists, enrols, draws the monthly bill and records the payment (Disnaker, Kesra)."""

    code = Role.CITY_OFFICER
    label = Text("Petugas kota", "City officer")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_ROSTERS,
            Permission.UPLOAD_ROSTER,
            Permission.ENROL,
            Permission.SEE_WORKERS,
            Permission.REVEAL_NIK,
            Permission.SEE_BILLS,
            Permission.DRAW_BILL,
            Permission.RECORD_PAYMENT,
            Permission.SEE_AGREEMENTS,
            Permission.WRITE_AGREEMENT,
            Permission.RECORD_BUDGET,
            Permission.MEND_ROSTER,
            Permission.CHANGE_MEMBERS,
            Permission.SEE_EMPLOYERS,
            Permission.WRITE_EMPLOYER,
            Permission.SEE_COVERAGE,
            Permission.EXPORT,
            Permission.SEE_AUTHORITY,
            Permission.IMPORT_BRANCH_WORD,
            Permission.SEE_DIFFERENCES,
            Permission.SEE_NOTICES,
            Permission.SEND_NOTICES,
        }
    )


class KelurahanOperator(Duties):
    """Mends the list of one kelurahan; sees nobody of another."""

    code = Role.KELURAHAN_OPERATOR
    label = Text("Operator kelurahan", "Kelurahan operator")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_ROSTERS,
            Permission.SEE_WORKERS,
            Permission.MEND_ROSTER,
            Permission.SEE_COVERAGE,
        }
    )


class BranchOfficer(Duties):
    """Receives the lists of the cities the branch serves and answers them; decides what is decided here, but benefits."""

    code = Role.BRANCH_OFFICER
    label = Text("Petugas cabang", "Branch officer")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_ROSTERS,
            Permission.SEE_WORKERS,
            Permission.REVEAL_NIK,
            Permission.SEE_BILLS,
            Permission.SEE_AGREEMENTS,
            Permission.APPROVE_AGREEMENT,
            Permission.SEE_EMPLOYERS,
            Permission.SEE_COVERAGE,
            Permission.EXPORT,
            Permission.SEE_AUTHORITY,
            Permission.IMPORT_BRANCH_WORD,
            Permission.SEE_DIFFERENCES,
            Permission.DECIDE_HERE,
            Permission.SEE_MONEY,
            Permission.SEE_NOTICES,
        }
    )


class ClaimsApprover(Duties):
    """Determines benefits where this house decides; gives the second signature under a claim."""

    code = Role.CLAIMS_APPROVER
    label = Text("Pemeriksa klaim", "Claims approver")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_WORKERS,
            Permission.REVEAL_NIK,
            Permission.SEE_DIFFERENCES,
            Permission.DETERMINE_HERE,
        }
    )


class BranchHead(Duties):
    """Oversees the branch and its trail."""

    code = Role.BRANCH_HEAD
    label = Text("Kepala cabang", "Branch head")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_ROSTERS,
            Permission.SEE_WORKERS,
            Permission.SEE_BILLS,
            Permission.SEE_AUDIT,
            Permission.SEE_AGREEMENTS,
            Permission.SEE_EMPLOYERS,
            Permission.SEE_COVERAGE,
            Permission.SEE_AUTHORITY,
            Permission.SEE_DIFFERENCES,
            Permission.SEE_MONEY,
            Permission.SEE_NOTICES,
            Permission.SEE_JOBS,
        }
    )


class FinanceOfficer(Duties):
    """Pays: records a payment, confirms one that somebody else recorded, and takes one back with a second person."""

    code = Role.FINANCE_OFFICER
    label = Text("Bendahara", "Finance officer")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_BILLS,
            Permission.RECORD_PAYMENT,
            Permission.CONFIRM_PAYMENT,
            Permission.REVERSE_PAYMENT,
            Permission.SEE_AGREEMENTS,
            Permission.APPROVE_AGREEMENT,
            Permission.RECORD_BUDGET,
            Permission.SEE_EMPLOYERS,
            Permission.SEE_COVERAGE,
            Permission.SEE_AUTHORITY,
            Permission.SEE_MONEY,
            Permission.IMPORT_STATEMENT,
            Permission.MATCH_MONEY,
        }
    )


class Auditor(Duties):
    """Follows any rupiah back to its paper; changes nothing."""

    code = Role.AUDITOR
    label = Text("Auditor", "Auditor")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_ROSTERS,
            Permission.SEE_WORKERS,
            Permission.SEE_BILLS,
            Permission.SEE_AUDIT,
            Permission.SEE_AGREEMENTS,
            Permission.SEE_EMPLOYERS,
            Permission.SEE_COVERAGE,
            Permission.EXPORT,
            Permission.SEE_AUTHORITY,
            Permission.SEE_DIFFERENCES,
            Permission.SEE_MONEY,
            Permission.SEE_NOTICES,
        }
    )


class Administrator(Duties):
    """Gives and ends appointments; sees no person and no money."""

    code = Role.ADMINISTRATOR
    label = Text("Administrator", "Administrator")
    may = frozenset(
        {
            Permission.MANAGE_USERS,
            Permission.SEE_AUDIT,
            Permission.SEE_AUTHORITY,
            Permission.SET_AUTHORITY,
            Permission.SEE_JOBS,
        }
    )


class Mayor(Duties):
    """Sees the city on one page."""

    code = Role.MAYOR
    label = Text("Wali kota", "Mayor")
    may = frozenset(
        {
            Permission.SEE_TODAY,
            Permission.SEE_AGREEMENTS,
            Permission.SEE_COVERAGE,
        }
    )


class RtHead(Duties):
    """Has no account yet; will confirm names by a one-time link."""

    code = Role.RT_HEAD
    label = Text("Ketua RT", "RT head")


class Agent(Duties):
    """Will enrol in the field."""

    code = Role.AGENT
    label = Text("Agen Perisai", "Perisai agent")


class Hospital(Duties):
    """Will ask whether a patient is covered today."""

    code = Role.HOSPITAL
    label = Text("Rumah sakit", "Hospital")


class Integrator(Duties):
    """A partner's system: reads what the cities it serves hold, and hands their lists over, through the API."""

    code = Role.INTEGRATOR
    label = Text("Sistem mitra", "Integrator")
    may = frozenset(
        {
            Permission.SEE_AGREEMENTS,
            Permission.SEE_ROSTERS,
            Permission.SEE_WORKERS,
            Permission.SEE_BILLS,
            Permission.UPLOAD_ROSTER,
        }
    )


ROLES: dict[Role, type[Duties]] = {
    duties.code: duties
    for duties in (
        CityOfficer,
        KelurahanOperator,
        BranchOfficer,
        ClaimsApprover,
        BranchHead,
        FinanceOfficer,
        Auditor,
        Administrator,
        Mayor,
        RtHead,
        Agent,
        Hospital,
        Integrator,
    )
}


def duties_of(role: str) -> type[Duties]:
    """What is written about the role of this code. Raises ValueError for an unknown code."""
    return ROLES[Role(role)]


def may(holder: User | Appointment | None, permission: Permission, *, on: datetime.date) -> bool:
    """Whether this person, by the appointment in force on this day, is allowed to do this.

    Nobody, a person who is not active, and an appointment that is over may do nothing.
    """
    appointment = _appointment(holder, on)
    return appointment is not None and permission in duties_of(appointment.role).may


def _appointment(holder: User | Appointment | None, on: datetime.date) -> Appointment | None:
    if isinstance(holder, User):
        return appointment_of(holder, on) if holder.is_active else None
    return holder if holder is not None and holder.holds(on) else None
