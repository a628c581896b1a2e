"""What a family can say that decides which papers it needs, and how each of these facts is said aloud."""

from lindung.law.terms import Programme, Segment, Term
from lindung.law.text import Text

Said = str | int | bool


class Claim(Term):
    """What is claimed: the outcome of an accident, or the reason to draw savings, a pension or JKP."""

    DEATH = "death"
    TOTAL_DISABILITY = "total_disability"
    PARTIAL_ANATOMICAL = "partial_anatomical"
    PARTIAL_FUNCTIONAL = "partial_functional"
    RECOVERED = "recovered"
    RETIREMENT = "retirement"
    RESIGNATION = "resignation"
    DISMISSAL = "dismissal"
    CONTRACT_END = "contract_end"
    STOPPED_WORK = "stopped_work"
    LEAVING_COUNTRY = "leaving_country"
    PARTIAL_10 = "partial_10"
    PARTIAL_30 = "partial_30"


CLAIMS = {
    Programme.JKM: frozenset({Claim.DEATH}),
    Programme.JKK: frozenset(list(Claim)[:5]),
    Programme.JHT: frozenset({Claim.DEATH, Claim.TOTAL_DISABILITY, *list(Claim)[5:]}),
    Programme.JP: frozenset({Claim.DEATH, Claim.TOTAL_DISABILITY, Claim.RETIREMENT}),
    Programme.JKP: frozenset({Claim.DISMISSAL}),
}
"""What can be claimed from which programme."""
ONLY_CLAIM = {Programme.JKM: Claim.DEATH, Programme.JKP: Claim.DISMISSAL}
"""Programmes with one claim only: nobody has to name it."""


class PlaceOfDeath(Term):
    """Where the worker died: it decides who writes the first letter about it."""

    HOSPITAL = "hospital"
    HOME = "home"
    ABROAD = "abroad"
    ROAD = "road"


class Marriage(Term):
    """Whether the marriage stands in the civil register; unregistered is nikah siri."""

    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    DIVORCED = "divorced"
    NONE = "none"


class Heir(Term):
    """Who claims: PP 44/2015 P37(5); `other` is a relative the order does not name."""

    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    WILLED = "willed"
    OTHER = "other"


class Guardian(Term):
    """Who acts for a minor heir: the living parent, or somebody a court appointed."""

    PARENT = "parent"
    APPOINTED = "appointed"


class DeathCertificate(Term):
    """Whether the civil register has issued the death certificate (akta kematian)."""

    ISSUED = "issued"
    NOT_YET = "not_yet"


class Accident(Term):
    """What happened at work."""

    WORKPLACE = "workplace"
    ROAD = "road"
    DISEASE = "disease"
    VIOLENCE = "violence"


WORDS: dict[str, type[Term]] = {
    "segment": Segment,
    "place_of_death": PlaceOfDeath,
    "marriage": Marriage,
    "heir": Heir,
    "guardian": Guardian,
    "death_certificate": DeathCertificate,
    "accident": Accident,
}
FLAGS = (
    "has_heirs",
    "heir_is_minor",
    "several_spouses",
    "names_differ",
    "has_bank_account",
    "represented",
    "paid_by_family",
    "on_assignment",
)
COUNTS = ("heirs_count", "children_studying", "cash_month", "years_since_event")
ABOVE_LIMIT = "above_tax_limit"
"""Whether the sum is above the limit for which a tax number is asked; made of `amount`."""

FACTS = {
    "segment": Text("segmen kepesertaan", "the segment"),
    "place_of_death": Text("tempat meninggal", "the place of death"),
    "marriage": Text("status nikah", "the marriage"),
    "heir": Text("siapa ahli warisnya", "who the heir is"),
    "guardian": Text("siapa walinya", "who the guardian is"),
    "death_certificate": Text(
        "akta kematian sudah terbit atau belum", "whether the death certificate exists"
    ),
    "accident": Text("jenis kecelakaan", "the kind of accident"),
    "has_heirs": Text("ada ahli waris atau tidak", "whether there are heirs"),
    "heir_is_minor": Text("umur ahli waris", "whether the heir is a minor"),
    "several_spouses": Text("jumlah istri", "whether there are several wives"),
    "names_differ": Text("nama di semua berkas sama atau tidak", "whether the names agree"),
    "has_bank_account": Text("punya rekening atau tidak", "whether there is a bank account"),
    "represented": Text("diurus sendiri atau dikuasakan", "whether somebody else acts"),
    "paid_by_family": Text("siapa yang membayar biaya", "who paid the costs"),
    "on_assignment": Text("sedang tugas luar atau tidak", "whether it happened on an assignment"),
    "heirs_count": Text("jumlah ahli waris", "how many heirs there are"),
    "children_studying": Text("jumlah anak yang sekolah", "how many children study"),
    "cash_month": Text("bulan ke berapa yang diajukan", "which month is claimed"),
    ABOVE_LIMIT: Text("jumlah uangnya", "the amount"),
}
"""Every fact a paper may depend on, as it is asked for."""

BECAUSE = {
    "segment=pu": Text("pekerjanya penerima upah", "the worker is a wage earner"),
    "segment=construction": Text("pekerjanya di jasa konstruksi", "the worker is in construction"),
    "segment=migrant": Text("pekerjanya pekerja migran", "the worker is a migrant worker"),
    "place_of_death=hospital": Text("meninggal di rumah sakit", "the death was in a hospital"),
    "place_of_death=home": Text("meninggal di rumah", "the death was at home"),
    "place_of_death=abroad": Text("meninggal di luar negeri", "the death was abroad"),
    "place_of_death=road": Text("meninggal di jalan", "the death was on the road"),
    "marriage=registered": Text("nikahnya tercatat", "the marriage is registered"),
    "marriage=unregistered": Text("nikahnya tidak tercatat", "the marriage is not registered"),
    "marriage=divorced": Text("sudah bercerai", "they were divorced"),
    "heir=spouse": Text("ahli warisnya istri atau suami", "the heir is the spouse"),
    "heir=child": Text("ahli warisnya anak", "the heir is a child"),
    "heir=parent": Text("ahli warisnya orang tua", "the heir is a parent"),
    "heir=sibling": Text("ahli warisnya saudara", "the heir is a sibling"),
    "heir=willed": Text("penerimanya ditunjuk dalam wasiat", "the heir is named in a will"),
    "heir=other": Text(
        "ahli warisnya tidak disebut dalam peraturan", "the heir is not named by the regulation"
    ),
    "guardian=appointed": Text("walinya bukan orang tuanya", "the guardian is not a parent"),
    "death_certificate=issued": Text("akta kematian sudah terbit", "the death certificate is issued"),
    "death_certificate=not_yet": Text(
        "akta kematian belum terbit", "the death certificate is not yet issued"
    ),
    "accident=workplace": Text("kecelakaan di tempat kerja", "the accident was at the workplace"),
    "accident=road": Text("kecelakaan di jalan", "the accident was on the road"),
    "accident=disease": Text("penyakit akibat kerja", "it is an occupational disease"),
    "accident=violence": Text("kekerasan di tempat kerja", "it was violence at work"),
    "has_heirs=true": Text("ada ahli waris", "there are heirs"),
    "has_heirs=false": Text("tidak ada ahli waris", "there are no heirs"),
    "heir_is_minor=true": Text("ahli warisnya belum dewasa", "the heir is a minor"),
    "several_spouses=true": Text("istrinya lebih dari satu", "there are several wives"),
    "names_differ=true": Text("nama di berkas tidak sama", "the names on the papers differ"),
    "has_bank_account=true": Text("sudah punya rekening", "there is a bank account"),
    "has_bank_account=false": Text("belum punya rekening", "there is no bank account yet"),
    "represented=true": Text("diurus orang lain", "somebody else acts"),
    "paid_by_family=true": Text("biayanya dibayar keluarga", "the family paid the costs"),
    "on_assignment=true": Text("sedang tugas luar", "it happened on an assignment"),
    "heirs_count=2+": Text("ahli warisnya lebih dari satu", "there are several heirs"),
    "children_studying=1+": Text("ada anak yang masih sekolah", "a child still studies"),
    "cash_month=2+": Text("yang diajukan bukan bulan pertama", "it is not the first month"),
    f"{ABOVE_LIMIT}=true": Text("jumlahnya di atas {limit}", "the amount is above {limit}"),
}
"""Every condition that a paper may have, as its reason is said. `{limit}` is a stored value of the law."""
