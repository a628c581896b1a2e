"""What `bill paper` does and answers: a bill, or the proof that it is paid, in a file of its own."""

from pathlib import Path
from typing import Literal, NamedTuple

from lindung.access.roles import Permission
from lindung.access.standing import Standing
from lindung.cli.acting import acting, agreement_of
from lindung.cli.bills import bill_of
from lindung.cli.refusing import Refused
from lindung.cli.speaking import say, words
from lindung.contributions import bill_paper, bill_sheets, paid_paper, semester_paper
from lindung.contributions.bill_paper import Taken
from lindung.contributions.paper_facts import fingerprint, known_of
from lindung.engine import clock
from lindung.law.money import counted
from lindung.law.months import Month
from lindung.law.text import Text

What = Literal["bill", "proof", "semester"]


class Written(NamedTuple):
    """The file that was written, and its size."""

    file: str
    bytes: int


def written(*, code: str, month: Month, out: Path, what: What, username: str) -> Written:
    """Write the bill of a month to a new file. Raises Refused; then no file is there."""
    kind = out.suffix.lower()
    if kind not in (".pdf", ".xlsx") or (what != "bill" and kind != ".pdf"):
        raise Refused("bill.unknown_file", _WHICH)
    # Names that are taken out stay on the trail: what was written has left the house.
    with acting(username, Permission.SEE_BILLS, command="bill paper", wet=True) as standing:
        bill_id = bill_of(agreement_of(code), month).pk
        made = _made(bill_id, kind, standing, what=what)
        _keep(out, made)
    return Written(str(out), len(made))


def show(made: Written) -> None:
    """Say where the file is."""
    say(_WRITTEN.filled(file=made.file, n=counted(made.bytes)))


def _made(bill_id: int, kind: str, standing: Standing, *, what: What) -> bytes:
    taken = Taken(standing.actor.name, clock.now())
    if what == "proof":
        return paid_paper.paid_pdf(bill_id, on=standing.on, taken=taken, known=known_of(bill_id))
    if what == "semester":
        return semester_paper.semester_pdf(bill_id, taken=taken, fingerprint=fingerprint())
    if kind == ".pdf":
        return bill_paper.bill_pdf(bill_id, on=standing.on, taken=taken, known=known_of(bill_id))
    names = standing.may(Permission.SEE_WORKERS)
    return bill_sheets.workbook(
        bill_id, on=standing.on, taken=taken, by=standing.actor, names=names, said=words
    )


def _keep(out: Path, made: bytes) -> None:
    """For its owner's eyes alone, and never over another file."""
    try:
        with out.open("xb") as file:
            out.chmod(0o600)
            file.write(made)
    except FileExistsError as why:
        raise Refused("file.exists", _EXISTS.filled(file=str(out))) from why
    except OSError as why:
        raise Refused("file.not_written", _NOT_WRITTEN.filled(file=str(out))) from why


_WHICH = Text(
    "Berkas tujuan harus .pdf atau .xlsx; bukti lunas dan semester hanya .pdf.",
    "The file must be .pdf or .xlsx; a proof of payment and a half-year are .pdf only.",
)
_EXISTS = Text(
    "{file} sudah ada dan tidak ditimpa. Pilih nama lain.",
    "{file} is there already and is not written over. Choose another name.",
)
_NOT_WRITTEN = Text(
    "{file} tidak bisa ditulis. Periksa folder dan hak aksesnya.",
    "{file} cannot be written. Look at the folder and its rights.",
)
_WRITTEN = Text("Tertulis: {file} ({n} byte).", "Written: {file} ({n} bytes).")
