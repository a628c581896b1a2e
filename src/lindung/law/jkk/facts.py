"""What is known of one accident at work: who was hurt, when, how it ended, and what it cost."""

from datetime import date
from typing import NamedTuple

from lindung.law.decision import Fact
from lindung.law.jkk.care import Cost
from lindung.law.jkk.disability import Injury
from lindung.law.scholarship import Child
from lindung.law.terms import Segment, Term
from lindung.law.text import Text


class Ending(Term):
    """How an accident at work ended: PP 44/2015 P25(2)b."""

    DEATH = "death"
    TOTAL_DISABILITY = "total_disability"
    PARTIAL_ANATOMICAL = "partial_anatomical"
    PARTIAL_FUNCTIONAL = "partial_functional"
    RECOVERED = "recovered"

    @property
    def label(self) -> Text:
        """The ending as people read it."""
        return _ENDINGS[self]


_ENDINGS = {
    Ending.DEATH: Text("meninggal dunia", "death"),
    Ending.TOTAL_DISABILITY: Text("cacat total tetap", "permanent total disability"),
    Ending.PARTIAL_ANATOMICAL: Text("cacat sebagian anatomis", "partial anatomical disability"),
    Ending.PARTIAL_FUNCTIONAL: Text("cacat sebagian fungsi", "partial functional disability"),
    Ending.RECOVERED: Text("sembuh", "recovered"),
}


class WorkerKind(Term):
    """Who does the work. All but the worker are deemed to earn the lowest wage of the job: PP 44/2015 P28."""

    WORKER = "worker"
    INTERN = "intern"
    STUDENT = "student"
    HONORARY = "honorary"
    PRISONER = "prisoner"

    @property
    def label(self) -> Text:
        """The kind as people read it."""
        return _WORKERS[self]


_WORKERS = {
    WorkerKind.WORKER: Text("pekerja", "worker"),
    WorkerKind.INTERN: Text("magang", "intern"),
    WorkerKind.STUDENT: Text("siswa kerja praktik", "student in practical training"),
    WorkerKind.HONORARY: Text("tenaga honorer", "honorary staff"),
    WorkerKind.PRISONER: Text("narapidana yang bekerja", "working prisoner"),
}


class Absence(NamedTuple):
    """Days on which somebody cannot work: `since` is the first, `until` the first day of work again."""

    since: date
    until: date


class Facts(NamedTuple):
    """One accident at work. Money in whole rupiah a month; None means that nobody said.

    `ending` is None while the worker is still being treated, or where it does not matter. `wage` is the last monthly wage of a wage earner, `reported_wage` what his employer reported to BPJS;
    `base` is the band base of a non-wage earner, or `income` the income that chooses it. `lowest_wage` is the
    lowest wage of the same job, for those who are not workers. `registered` is False where the employer did
    not register the worker in JKK. `months_in_arrears` are consecutive unpaid months at the accident.
    """

    segment: Segment
    event_date: date
    ending: Ending | None = None
    wage: int | None = None
    reported_wage: int | None = None
    base: int | None = None
    income: int | None = None
    lowest_wage: int | None = None
    worker_kind: WorkerKind = WorkerKind.WORKER
    registered: bool = True
    member_since: date | None = None
    months_paid: int | None = None
    months_in_arrears: int | None = None
    injuries: tuple[Injury, ...] = ()
    left_handed: bool | None = None
    incapacity: tuple[Absence, ...] = ()
    costs: tuple[Cost, ...] = ()
    children: tuple[Child, ...] | None = None
    has_heirs: bool | None = None
    died_on: date | None = None
    diagnosed_on: date | None = None
    claimed_on: date | None = None

    @property
    def is_wage_earner(self) -> bool:
        """Whether an employer stands behind the worker; casual construction work is taken as such."""
        return self.segment in (Segment.PU, Segment.CONSTRUCTION)

    @property
    def needs_base(self) -> bool:
        """Whether any part of the benefit is taken of the wage base."""
        return self.ending not in (None, Ending.RECOVERED) or bool(self.incapacity)

    @property
    def is_partial(self) -> bool:
        """Whether a part of the body or of its function is lost, so that the injuries decide."""
        return self.ending in (Ending.PARTIAL_ANATOMICAL, Ending.PARTIAL_FUNCTIONAL)

    @property
    def gives_scholarship(self) -> bool:
        """Whether the children's school is paid for."""
        return self.ending in (Ending.DEATH, Ending.TOTAL_DISABILITY)


def written(facts: Facts, *, known: date | None) -> dict[str, Fact]:
    """All that was said, as a decision keeps it and by the names of the question."""
    said = facts._asdict() | {"known": known}
    said["outcome"] = said.pop("ending")
    plain = {name: _written(value) for name, value in said.items()}
    return {name: value for name, value in plain.items() if value is not None and value != ()}


def _written(value: object) -> Fact:
    if isinstance(value, tuple):
        return tuple(_line(one) for one in value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def _line(entry: object) -> str:
    """One entry of a list, its parts in order: 2026-01-05 2026-02-05, or right_thumb 1 1."""
    if isinstance(entry, tuple):
        return " ".join(_line(part) for part in entry if part is not None)
    return str(_written(entry))
