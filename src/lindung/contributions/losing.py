"""What people lose when months stay unpaid, in rupiah and in the words of the law, with the article."""

from datetime import date
from typing import NamedTuple

from lindung.contributions.dues import months_at_risk
from lindung.law import arrears
from lindung.law.money import rupiah
from lindung.law.months import duration, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Segment
from lindung.law.text import Text, joined

_LONG_A_MEMBER = 120
"""Months of membership and of payments that fulfil every waiting time."""


class Lost(NamedTuple):
    """What holds for one programme at one stage: ``behind`` (up to the limit) or ``beyond`` it."""

    stage: str
    programme: str
    text: Text
    article: Text


def losses_in_words(*, segment: Segment, programmes: tuple[str, ...], on: date) -> tuple[Lost, ...]:
    """The arrears matrix of the law for these programmes (PP 44/2015 Pasal 38, 39, 41, 42), with the sums of JKM.

    For whoever has no employer also what a death pays in the first months after coming back (Permenaker 1/2025).
    """
    limit = months_at_risk(programmes, on=on, segment=segment)
    found = [
        _stage(stage, programme, segment, months, on)
        for stage, months in (("behind", limit), ("beyond", limit + 1))
        for programme in programmes
    ]
    waiting = Reading(in_force(), on=on).whole("jkm.bpu.waiting_months").value
    if segment is Segment.BPU and "jkm" in programmes and waiting:
        found.append(_coming_back(waiting, on))
    return tuple(found)


def _stage(stage: str, programme: str, segment: Segment, months: int, on: date) -> Lost:
    decision = arrears.consequence(segment=segment, programme=programme, months_unpaid=months, on=on)
    articles = joined(tuple(citation.text for citation in decision.citations), "; ")
    said = decision.steps[0].sentence
    if programme == "jkm" and segment is Segment.BPU:
        whole, funeral = jkm_sums(on)
        sums = _HELD if stage == "behind" else _GONE
        said = joined((said, sums.filled(whole=rupiah(whole), funeral=rupiah(funeral))))
    return Lost(stage, programme, said, articles)


def jkm_sums(on: date) -> tuple[int, int]:
    """The whole death benefit of whoever waits for nothing, and its funeral grant, in whole rupiah."""
    decision = arrears.jkm_waiting(
        registered_on=months_later(on, -_LONG_A_MEMBER), paid_months=_LONG_A_MEMBER, on=on
    )
    return decision.total, decision.amount("jkm.funeral")


def _coming_back(waiting: int, on: date) -> Lost:
    """A death right after coming back: the waiting time as the law room counts it."""
    decision = arrears.jkm_waiting(registered_on=on, paid_months=1, on=on)
    whole, _ = jkm_sums(on)
    text = _COMING_BACK.filled(months=duration(waiting), now=rupiah(decision.total), whole=rupiah(whole))
    articles = joined(tuple(citation.text for citation in decision.citations), "; ")
    return Lost("back", "jkm", text, articles)


_HELD = Text(
    "Dari {whole}: {funeral} dulu, sisanya ditahan.", "Of {whole}: {funeral} first, the rest is held."
)
_GONE = Text("Keluarga kehilangan {whole}.", "The family loses {whole}.")
_COMING_BACK = Text(
    "Bila iuran dibayar kembali: dalam {months} pertama hanya {now}, bukan {whole}. Belum diperiksa pada naskah apakah masa "
    "tunggu mulai lagi.",
    "Once contributions are paid again: {now} only during the first {months}, not {whole}. Whether the waiting time starts "
    "again is not verified against the text.",
)
