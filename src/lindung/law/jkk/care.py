"""What BPJS pays for treatment, transport and aids after an accident at work: PP 44/2015 P25, Lampiran III."""

from typing import NamedTuple

from lindung.law.decision import Citation, Confidence, Fact, Step
from lindung.law.money import NotAnAmount, rupiah, share
from lindung.law.reading import Read, Reading
from lindung.law.terms import Term
from lindung.law.text import Text, joined


class CostKind(Term):
    """What a bill after an accident is for, in the order of PP 44/2015 P25(2)."""

    CARE = "care"
    HOMECARE = "homecare"
    TRANSPORT_LAND = "transport_land"
    TRANSPORT_SEA = "transport_sea"
    TRANSPORT_AIR = "transport_air"
    DENTURE = "denture"
    HEARING_AID = "hearing_aid"
    GLASSES = "glasses"
    PROSTHESIS = "prosthesis"
    REHABILITATION = "rehabilitation"

    @property
    def label(self) -> Text:
        """The kind of bill as people say it."""
        return _LABELS[self]


class Cost(NamedTuple):
    """One bill in whole rupiah; for a prosthesis, the price of the government rehabilitation hospital.

    `local_standard` is given only where the place has no cooperating hospital: the highest price of the
    cooperating hospitals nearby, up to which treatment is repaid (PP 44/2015 P33).
    """

    kind: CostKind
    amount: int
    local_standard: int | None = None


def steps(reading: Reading, costs: tuple[Cost, ...]) -> tuple[Step, ...]:
    """What BPJS pays of the bills, one step a kind, by the law of the day of the accident.

    Bills of one kind are added before the cap; each mode of transport has its own cap. What the law of that
    day does not give makes a step of 0 that says so. PP 44/2015 P25, PP 82/2019 P I, Lampiran III. Raises
    NotAnAmount for negative bills, NoLawForDate.
    """
    if any(cost.amount < 0 or (cost.local_standard or 0) < 0 for cost in costs):
        raise NotAnAmount(NotAnAmount.__doc__)
    billed = [(kind, [cost for cost in costs if cost.kind is kind]) for kind in CostKind]
    return tuple(step for kind, bills in billed if bills for step in _of_kind(reading, kind, bills))


def _of_kind(reading: Reading, kind: CostKind, bills: list[Cost]) -> tuple[Step, ...]:
    amount = sum(bill.amount for bill in bills)
    if kind is CostKind.CARE:
        return _treatment(reading, bills)
    if kind is CostKind.PROSTHESIS:
        return (_prosthesis(reading, amount),)
    return (_capped(reading, kind, amount),)


# Treatment by medical need, without a cap: PP 44/2015 P25(2)a; where nobody cooperates with BPJS: P33.


def _treatment(reading: Reading, bills: list[Cost]) -> tuple[Step, ...]:
    near = [bill for bill in bills if bill.local_standard is None]
    far = [bill for bill in bills if bill.local_standard is not None]
    paid = (_uncapped(reading, sum(bill.amount for bill in near)),) if near else ()
    return paid + tuple(_repaid(bill) for bill in far)


def _uncapped(reading: Reading, amount: int) -> Step:
    room = reading.whole("jkk.care.class")
    scope = {part: reading.amount_in("jkk.care.scope", part).value for part in _CARE_SCOPE}
    step = room.step("jkk.care", amount, working={"class": room.value, **scope})
    return _with(step, *(said for part, said in _CARE_SCOPE.items() if scope[part]))


def _repaid(bill: Cost) -> Step:
    """Paid first by the employer or the participant, repaid up to the local standard: PP 44/2015 P33."""
    standard = bill.local_standard or 0
    paid = min(bill.amount, standard)
    above = bill.amount - paid
    said = _REPAID.filled(amount=rupiah(paid), standard=rupiah(standard))
    if above:
        said = joined((said, _REST_REPAID.filled(above=rupiah(above))))
    return Step(
        key="jkk.care.repaid",
        label=CostKind.CARE.label,
        amount=paid,
        citation=NO_HOSPITAL,
        confidence=Confidence.READ_IN_LAW,
        sentence=said,
        working={"claimed": bill.amount, "standard": standard, "above": above},
    )


# Help with a cap: home care, transport by mode, denture, hearing aid, glasses, rehabilitation.


def _capped(reading: Reading, kind: CostKind, amount: int) -> Step:
    key = _KEYS[kind]
    cap = reading.whole(key)
    if not cap.value:
        return _with_scope(reading, kind, _not_given(cap, kind, amount))
    paid = min(amount, cap.value)
    working: dict[str, Fact] = {"claimed": amount, "cap": cap.value, "above": amount - paid}
    step = cap.step(key, paid, working=working)
    if amount > paid:
        step = _with(step, _ABOVE.filled(above=rupiah(amount - paid)))
    return _with_scope(reading, kind, step)


def _not_given(cap: Read[int], kind: CostKind, amount: int) -> Step:
    said = _NOT_GIVEN.filled(what=kind.label, amount=rupiah(amount))
    return cap.step(_KEYS[kind], 0, working={"claimed": amount, "above": amount})._replace(sentence=said)


def _with_scope(reading: Reading, kind: CostKind, step: Step) -> Step:
    """The time limit of home care, and which trips transport is paid for."""
    if kind is CostKind.HOMECARE:
        longest = reading.whole("jkk.care.homecare.months")
        said = (longest.sentence.filled(value=longest.value),) if longest.value else ()
        return _with(step, *said)._replace(working={**step.working, "months": longest.value})
    if kind not in _MODES:
        return step
    trips = {part: reading.amount_in("jkk.transport.scope", part).value for part in _TRIPS}
    named = _with(step, *(said for part, said in _TRIPS.items() if trips[part]))
    return named._replace(working={**step.working, **trips})


# Prosthesis and orthosis: the price of the government rehabilitation hospital and a part on top.


def _prosthesis(reading: Reading, price: int) -> Step:
    top = reading.rate("jkk.care.prosthesis.added_rate")
    rate = 1 + top.value
    reading.rounded(price, rate)
    working: dict[str, Fact] = {
        "price": price,
        "added_rate": f"{top.value.numerator}/{top.value.denominator}",
        "rounding": reading.rounding().value,
    }
    paid = share(price, rate, reading.rounding())
    return top.step("jkk.care.prosthesis", paid, base=price, working=working)


def _with(step: Step, *said: Text) -> Step:
    return step._replace(sentence=joined((step.sentence, *said)))


NO_HOSPITAL = Citation("PP 44/2015", "33")

_MODES = (CostKind.TRANSPORT_LAND, CostKind.TRANSPORT_SEA, CostKind.TRANSPORT_AIR)
_KEYS = {
    CostKind.HOMECARE: "jkk.care.homecare",
    CostKind.TRANSPORT_LAND: "jkk.transport.land",
    CostKind.TRANSPORT_SEA: "jkk.transport.sea",
    CostKind.TRANSPORT_AIR: "jkk.transport.air",
    CostKind.DENTURE: "jkk.care.denture",
    CostKind.HEARING_AID: "jkk.care.hearing_aid",
    CostKind.GLASSES: "jkk.care.glasses",
    CostKind.REHABILITATION: "jkk.care.rehabilitation",
}
"""The key of the step and the id of its cap are the same words."""

_LABELS = {
    CostKind.CARE: Text("Perawatan", "Treatment"),
    CostKind.HOMECARE: Text("Perawatan di rumah", "Home care"),
    CostKind.TRANSPORT_LAND: Text("Angkutan darat, sungai atau danau", "Transport by land, river or lake"),
    CostKind.TRANSPORT_SEA: Text("Angkutan laut", "Transport by sea"),
    CostKind.TRANSPORT_AIR: Text("Angkutan udara", "Transport by air"),
    CostKind.DENTURE: Text("Gigi tiruan", "Denture"),
    CostKind.HEARING_AID: Text("Alat bantu dengar", "Hearing aid"),
    CostKind.GLASSES: Text("Kacamata", "Glasses"),
    CostKind.PROSTHESIS: Text("Alat ganti atau alat bantu gerak", "Prosthesis or orthosis"),
    CostKind.REHABILITATION: Text("Rehabilitasi medik", "Medical rehabilitation"),
}
_CARE_SCOPE = {
    "comorbidity": Text(
        "Penyakit penyerta dan komplikasi ikut dijamin.", "Comorbidity and complications are covered."
    ),
    "disease_diagnosis": Text(
        "Pemeriksaan untuk memastikan penyakit akibat kerja ikut dijamin.",
        "The examination that confirms an occupational disease is covered.",
    ),
}
_TRIPS = {
    "referral": Text("Rujukan ke rumah sakit lain ikut dihitung.", "Referral to another hospital counts."),
    "return_to_work": Text(
        "Perjalanan untuk program kembali bekerja ikut dihitung.",
        "Trips of the return-to-work programme count.",
    ),
}
_ABOVE = Text(
    "Selebihnya {above} tidak dibayar BPJS Ketenagakerjaan.",
    "The rest, {above}, is not paid by BPJS Ketenagakerjaan.",
)
_NOT_GIVEN = Text(
    "{what} {amount} tidak dibayar: pada hari kecelakaan bantuan ini belum ada dalam peraturan.",
    "{what} {amount} is not paid: on the day of the accident the law did not yet give it.",
)
_REPAID = Text(
    "Di tempat itu tidak ada rumah sakit yang bekerja sama: biaya dibayar dulu, lalu diganti {amount}, "
    "paling banyak {standard} menurut harga tertinggi rumah sakit kerja sama terdekat.",
    "No hospital of that place cooperates: the bill is paid first, then {amount} is repaid, at most "
    "{standard} by the highest price of the cooperating hospitals nearby.",
)
_REST_REPAID = Text(
    "Selebihnya {above} ditanggung pemberi kerja, atau peserta sendiri bila ia BPU.",
    "The rest, {above}, is borne by the employer, or by a non-wage earner alone.",
)
