"""What the branch says in the example: who decides what, the member numbers of both lists, and one determination.

City and branch run the example together, so all is decided here but the KPJ: those come from the branch's core
system, by file, through the same import as anywhere. Numbers and persons are invented.
"""

import datetime as dt
from collections.abc import Iterator

from lindung.access.models import Organisation
from lindung.access.scope import in_scope
from lindung.access.sealing import unseal_many
from lindung.claims import branch_word
from lindung.cli.demo.actors import acting, at
from lindung.formats.sheets import Sheet, to_xlsx
from lindung.identity import kpj
from lindung.law.months import day_label
from lindung.membership.branch_records import WordKind
from lindung.partnership import authority
from lindung.partnership.authority import Proposal
from lindung.partnership.deciders import Decider, Function
from lindung.partnership.models import Agreement
from lindung.people.models import Person

GRANTED, NUMBERED, ANSWERED = dt.date(2025, 5, 22), dt.date(2025, 6, 16), dt.date(2026, 10, 26)
DIED, DETERMINED = dt.date(2026, 9, 14), dt.date(2026, 10, 12)
PROPOSER, APPROVER, OFFICER = "admin", "admin.bpjs", "cabang.jambi"
INSTRUMENT = ("Kesepakatan uji coba bersama", "KSB/BPJS-JAMBI/05/2025")
FIRST_NUMBER = 2_500_417_300
"""The first ten digits of the first KPJ; the eleventh is its check digit."""


def speak(*, agreements: tuple[str, ...]) -> int:
    """Record who decides what, bring the branch's files in; how many people have their KPJ."""
    _authority()
    numbered = sum(_numbers(code, place) for place, code in enumerate(agreements))
    _determination(agreements[0])
    return numbered


def _authority() -> None:
    for function in Function:
        if function == Function.MEMBER_NUMBER:
            continue
        proposal = Proposal(function, Decider.HERE, *INSTRUMENT, dt.date(2025, 5, 19), GRANTED)
        by, scope = acting(PROPOSER, GRANTED)
        with in_scope(scope, actor=by):
            proposed = authority.propose(proposal=proposal, by=by, now=at(GRANTED, 9))
        by, scope = acting(APPROVER, GRANTED)
        with in_scope(scope, actor=by):
            authority.approve(authority_id=proposed.pk, by=by, now=at(GRANTED, 11))


def _numbers(code: str, place: int) -> int:
    """The member numbers of one list, in a workbook such as the branch's core system writes, and their import."""
    by, scope = acting(OFFICER, NUMBERED)
    with in_scope(scope, actor=by):
        agreement = Agreement.objects.get(code=code)
        content = to_xlsx([_workbook(agreement, FIRST_NUMBER + 10_000 * place)])
        word = branch_word.receive(
            kind=WordKind.MEMBER_NUMBER,
            name=f"kpj-{code}.xlsx",
            content=content,
            sponsor_id=agreement.sponsor_id,
            said_on=NUMBERED,
            by=by,
            now=at(NUMBERED, 10),
        )
    return word.accepted


def _workbook(agreement: Agreement, first: int) -> Sheet:
    people = Person.objects.filter(memberships__agreement=agreement).order_by("pk").distinct()
    known = list(people.values_list("pk", "nik_sealed", "name", "birth_date"))
    niks = unseal_many(
        ((pk, bytes(sealed)) for pk, sealed, *_ in known), table="people_person", column="nik_sealed"
    )
    rows = [
        (str(line), number, nik, name, born.strftime("%d-%m-%Y"))
        for line, (number, nik, (_, _, name, born)) in enumerate(
            zip(_from(first), niks, known, strict=False), start=1
        )
    ]
    return Sheet("DATA TK", ("NO", "KPJ", "NIK", "NAMA LENGKAP", "TANGGAL LAHIR"), rows)


def _from(first: int) -> Iterator[str]:
    """Member numbers one after the other, each with the check digit that fits."""
    while True:
        yield next(number for digit in range(10) if not kpj.looks_mistyped(number := f"{first:010}{digit}"))
        first += 1


def _determination(code: str) -> None:
    """One death, determined by BPJS for the funeral grant alone: our estimate differs, so somebody has to ask."""
    by, scope = acting(OFFICER, ANSWERED)
    with in_scope(scope, actor=by):
        agreement = Agreement.objects.get(code=code)
        sponsor = Organisation.objects.get(pk=agreement.sponsor_id)
        person = Person.objects.filter(memberships__agreement=agreement).order_by("pk")[0]
        ((nik,)) = unseal_many(
            [(person.pk, bytes(person.nik_sealed))], table="people_person", column="nik_sealed"
        )
        row = (nik, person.name, "JKM", _day(DIED), "10.000.000", "PJ/0412/102026", _day(DETERMINED))
        headings = ("NIK", "NAMA", "PROGRAM", "TGL MENINGGAL", "JUMLAH", "NOMOR PENETAPAN", "TGL PENETAPAN")
        branch_word.receive(
            kind=WordKind.DETERMINATION,
            name="penetapan-jkm-oktober-2026.xlsx",
            content=to_xlsx([Sheet("PENETAPAN", headings, [row])]),
            sponsor_id=sponsor.pk,
            said_on=ANSWERED,
            by=by,
            now=at(ANSWERED, 10),
        )


def _day(day: dt.date) -> str:
    return day_label(day).id
