"""The sums of the death benefit, and what several memberships add."""

from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Fact, Step
from lindung.law.jkm.facts import Facts
from lindung.law.money import rupiah
from lindung.law.reading import Reading
from lindung.law.text import Text

SEVERAL_JOBS = Citation("PP 44/2015", "15", "3")
ONE_COMPANY = Citation("PP 44/2015", "15", "2")


class Sums(NamedTuple):
    """The sums of all memberships together."""

    lump_sum: Step
    periodic: Step
    funeral: Step

    @property
    def whole(self) -> int:
        """All of it, in whole rupiah."""
        return sum(step.amount for step in self)


def sums_of(reading: Reading, facts: Facts) -> Sums:
    """The sums by the law of the day of death: PP 44/2015 P34, from 2 Dec 2019 PP 82/2019 P I number 3.

    Two paid memberships give two full benefits (P15(3)); since Permenaker 1/2025 the funeral grant is paid
    once. Raises NoLawForDate.
    """
    times, funerals = facts.paid_memberships, _funerals(reading, facts)
    return Sums(
        _times(reading, "lump_sum", times),
        _times(reading, "periodic", times),
        _times(reading, "funeral", funerals),
    )


def _times(reading: Reading, part: str, times: int) -> Step:
    one = reading.whole(f"jkm.{part}")
    if times == 1:
        return one.step(f"jkm.{part}", one.value)
    step = one.step(f"jkm.{part}", one.value * times, working={"each": one.value, "times": times})
    said = _TIMES.filled(what=one.label, times=times, each=one.shown, amount=rupiah(step.amount))
    return step._replace(sentence=said)


def _funerals(reading: Reading, facts: Facts) -> int:
    """One for each membership; since Permenaker 1/2025 no more than the rule says."""
    if facts.paid_memberships == 1 or not reading.exists("jkm.funeral_grants"):
        return facts.paid_memberships
    return reading.whole("jkm.funeral_grants").value


def told_of_memberships(reading: Reading, facts: Facts) -> tuple[Step, ...]:
    """Why the sums are paid once or more often; steps without money. PP 44/2015 P15(2)-(3)."""
    many, read_in_law = facts.paid_memberships, Confidence.READ_IN_LAW
    if facts.owner_of_companies:
        return (Step("jkm.memberships", _MEMBERSHIPS, 0, ONE_COMPANY, read_in_law, _ONE_COMPANY, {}),)
    if many == 1:
        return ()
    if many > 2:
        reading.note(_MORE_THAN_TWO)
    working: dict[str, Fact] = {"memberships": many}
    said = _EACH_MEMBERSHIP.filled(memberships=many)
    each = Step("jkm.memberships", _MEMBERSHIPS, 0, SEVERAL_JOBS, Confidence.SECONDARY, said, working)
    if not reading.exists("jkm.funeral_grants"):
        return (each,)
    once = reading.whole("jkm.funeral_grants")
    return (each, once.step("jkm.memberships.funeral", 0, working={"times": once.value}))


def told_of_start(reading: Reading) -> tuple[Step, ...]:
    """The first days of PP 82/2019, for which one branch page says otherwise: told, not followed."""
    if not reading.exists("jkm.start_disputed"):
        return ()
    days = reading.whole("jkm.start_disputed")
    return (days.step("jkm.start", 0, working={"days": days.value}),)


_MEMBERSHIPS = Text("Beberapa kepesertaan", "Several memberships")
_TIMES = Text("{what} {times} kali {each} adalah {amount}.", "{what}: {times} times {each} is {amount}.")
_ONE_COMPANY = Text(
    "Pemilik beberapa perusahaan ikut JKM pada satu perusahaan saja: santunan dibayar satu kali.",
    "Who owns several companies is in JKM in one company only: the benefit is paid once.",
)
_EACH_MEMBERSHIP = Text(
    "Ada {memberships} kepesertaan yang iurannya dibayar: santunan dibayar untuk tiap kepesertaan.",
    "There are {memberships} memberships with paid contributions: the benefit is paid for each.",
)
_MORE_THAN_TWO = Text(
    "Sumber yang dibaca hanya menyebut dua kepesertaan; untuk lebih banyak, aturan yang sama dipakai.",
    "The sources read speak of two memberships only; for more the same rule is used.",
)
