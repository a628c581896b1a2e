"""The words of the law that are chosen from a list: programmes, segments, payers, sectors, risk classes."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NoReturn

from lindung.law.text import Text


class UnknownTerm(ValueError):
    """Kata ini tidak dikenal: {word}. Pilih: {choices}. / This word is unknown: {word}. Choose: {choices}."""

    def __init__(self, word: object, choices: Iterable[str]) -> None:
        super().__init__(str(self.__doc__).format(word=word, choices=", ".join(choices)))


class Term(StrEnum):
    """A word with its label. Being a str, it is stored and compared as its English identifier.

    Asking for a word that is not in the list raises UnknownTerm.
    """

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        raise UnknownTerm(value, cls)

    @property
    def label(self) -> Text:
        """The word as people read it."""
        return _LABELS[self]


class Programme(Term):
    """An employment social security programme."""

    JKK = "jkk"
    JKM = "jkm"
    JHT = "jht"
    JP = "jp"
    JKP = "jkp"


class Segment(Term):
    """How a person is insured: wage earner (penerima upah) or not (bukan penerima upah), PP 44/2015 P4;
    casual construction work, PP 44/2015 P54; migrant work, Permenaker 4/2023."""

    PU = "pu"
    BPU = "bpu"
    CONSTRUCTION = "construction"
    MIGRANT = "migrant"


class Payer(Term):
    """Whose money pays the contribution. Only APBN and APBD lose the relief of PP 50/2025."""

    SELF = "self"
    EMPLOYER = "employer"
    APBN = "apbn"
    APBD = "apbd"
    VILLAGE = "village"
    BAZNAS = "baznas"
    CSR = "csr"
    OTHER = "other"


class Sector(Term):
    """The kind of work that a temporary relief may depend on."""

    ROAD_TRANSPORT = "road_transport"
    LABOUR_INTENSIVE = "labour_intensive"
    OTHER = "other"


class RiskClass(Term):
    """The risk class that BPJS gives an employer: PP 44/2015 P16."""

    VERY_LOW = "very_low"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


_LABELS: dict[Term, Text] = {
    Programme.JKK: Text("Jaminan Kecelakaan Kerja (JKK)", "Employment injury (JKK)"),
    Programme.JKM: Text("Jaminan Kematian (JKM)", "Death (JKM)"),
    Programme.JHT: Text("Jaminan Hari Tua (JHT)", "Old-age savings (JHT)"),
    Programme.JP: Text("Jaminan Pensiun (JP)", "Pension (JP)"),
    Programme.JKP: Text("Jaminan Kehilangan Pekerjaan (JKP)", "Job loss (JKP)"),
    Segment.PU: Text("penerima upah (PU)", "wage earner (PU)"),
    Segment.BPU: Text("bukan penerima upah (BPU)", "non-wage earner (BPU)"),
    Segment.CONSTRUCTION: Text("pekerja jasa konstruksi", "construction worker"),
    Segment.MIGRANT: Text("pekerja migran Indonesia", "Indonesian migrant worker"),
    Payer.SELF: Text("peserta sendiri", "the participant"),
    Payer.EMPLOYER: Text("pemberi kerja", "the employer"),
    Payer.APBN: Text("anggaran negara (APBN)", "the state budget (APBN)"),
    Payer.APBD: Text("anggaran daerah (APBD)", "the regional budget (APBD)"),
    Payer.VILLAGE: Text("dana desa", "village funds"),
    Payer.BAZNAS: Text("zakat (Baznas)", "zakat (Baznas)"),
    Payer.CSR: Text("dana sosial perusahaan (CSR)", "company social funds (CSR)"),
    Payer.OTHER: Text("pihak lain", "another party"),
    Sector.ROAD_TRANSPORT: Text("angkutan jalan", "road transport"),
    Sector.LABOUR_INTENSIVE: Text("industri padat karya", "labour-intensive industry"),
    Sector.OTHER: Text("bidang lain", "another sector"),
    RiskClass.VERY_LOW: Text("risiko sangat rendah", "very low risk"),
    RiskClass.LOW: Text("risiko rendah", "low risk"),
    RiskClass.MEDIUM: Text("risiko sedang", "medium risk"),
    RiskClass.HIGH: Text("risiko tinggi", "high risk"),
    RiskClass.VERY_HIGH: Text("risiko sangat tinggi", "very high risk"),
}
