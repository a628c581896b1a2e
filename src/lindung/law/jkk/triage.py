"""What an accident was: at work, on the road to work, a disease of the work, or none of them; and why."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from lindung.law.asking_back import MissingFacts
from lindung.law.decision import Citation, Confidence, Decision, Fact, Refusal, Step
from lindung.law.months import day_label, months_later
from lindung.law.parameter import in_force
from lindung.law.reading import Reading
from lindung.law.terms import Term
from lindung.law.text import Text, joined
from lindung.law.values import Law


class Kind(Term):
    """What happened, as it is reported."""

    ACCIDENT = "accident"
    DISEASE = "disease"
    SUDDEN_DEATH = "sudden_death"
    VIOLENCE = "violence"

    @property
    def label(self) -> Text:
        """The kind as people say it."""
        return _KINDS[self]


class Verdict(Term):
    """What it was in the eyes of the law."""

    WORK = "work"
    ROAD = "road"
    DISEASE = "disease"
    UNDECIDED = "undecided"
    NOT_WORK = "not_work"

    @property
    def label(self) -> Text:
        """The answer as people say it."""
        return _VERDICTS[self]


class Criterion(Term):
    """One criterion of Permenaker 5/2021 P7; the violence that Permenaker 1/2025 added is a Kind."""

    EXTERNAL_FORCE = "external_force"
    AT_WORKPLACE = "at_workplace"
    ON_USUAL_ROUTE = "on_usual_route"
    ON_ASSIGNMENT = "on_assignment"
    URGENT_NEED_WITH_PERMISSION = "urgent_need_with_permission"
    OCCUPATIONAL_DISEASE = "occupational_disease"
    SUDDEN_DEATH_AT_WORK = "sudden_death_at_work"

    @property
    def label(self) -> Text:
        """The criterion as a question answered with yes."""
        return _CRITERIA[self]


CIRCUMSTANCES = (
    Criterion.AT_WORKPLACE,
    Criterion.ON_ASSIGNMENT,
    Criterion.URGENT_NEED_WITH_PERMISSION,
    Criterion.ON_USUAL_ROUTE,
)
"""Where and why somebody was there; one of them is enough."""

WORKING = (Criterion.AT_WORKPLACE, Criterion.ON_ASSIGNMENT)
PRIVATE_DEFEATS = (Criterion.ON_ASSIGNMENT, Criterion.ON_USUAL_ROUTE)
DISPUTE = Citation("PP 44/2015", "45")


class Facts(NamedTuple):
    """What is known of one event; a criterion that nobody spoke of is not in `criteria`.

    `suspected` says that the facts are still being looked into. `police_letter` and `visum` belong to
    violence, `employment_ended_on` and `diagnosed_on` to a disease.
    """

    event_date: date
    kind: Kind
    criteria: Mapping[Criterion, bool]
    private_errand: bool | None = None
    police_letter: bool | None = None
    visum: bool | None = None
    suspected: bool = False
    employment_ended_on: date | None = None
    diagnosed_on: date | None = None


class _Found(NamedTuple):
    """The answer with the steps that lead to it, or the refusal."""

    verdict: Verdict
    steps: tuple[Step, ...]
    refusal: Refusal | None = None


def triage(facts: Facts, *, known: date | None = None, law: Law | None = None) -> Decision:
    """What the event was, as `working["verdict"]` of the first step: work, road, disease, undecided, not_work.

    1. An accident needs a force from outside and one of: workplace, assignment, urgent need with permission,
       usual route. A private errand defeats assignment and route.
    2. A disease of the work is found by a doctor; the right lasts 3 years after the employment (P48).
    3. Sudden death at work counts. Violence at work counts from 24 Feb 2025, with police letter and visum.
    4. While it is still looked into, treatment is guaranteed from 24 Feb 2025.

    Permenaker 5/2021 P7, Permenaker 1/2025, PP 44/2015 P45, P48. Raises MissingFacts, NoLawForDate.
    """
    reading = Reading(law or in_force(), on=facts.event_date, known=known)
    found = _suspected(reading) if facts.suspected else _BY_KIND[facts.kind](reading, facts)
    steps = (_verdict_step(found), *found.steps, *((_DISPUTE_STEP,) if found.refusal else ()))
    return reading.decision("triage", steps=steps, facts=_written(facts, known), refusal=found.refusal)


# An accident: a force from outside, and a circumstance that ties it to the work.


def _accident(reading: Reading, facts: Facts) -> _Found:
    reading.note(_COMBINED)
    force = _criterion(reading, facts, Criterion.EXTERNAL_FORCE)
    if not force.met:
        return _no((force,), _NO_FORCE, _PROVE_FORCE)
    said = _circumstances(reading, facts, CIRCUMSTANCES)
    met = [one.criterion for one in said if one.met]
    if not met:
        changed = _PERMISSION if facts.private_errand else _PROVE_PLACE
        return _no((force, *said), _NO_PLACE, changed)
    verdict = Verdict.ROAD if met == [Criterion.ON_USUAL_ROUTE] else Verdict.WORK
    if facts.private_errand is None and set(met) <= set(PRIVATE_DEFEATS):
        reading.assume(_NOT_PRIVATE)
    return _Found(verdict, tuple(one.step for one in (force, *said)))


def _circumstances(reading: Reading, facts: Facts, wanted: tuple[Criterion, ...]) -> tuple["_Criterion", ...]:
    """Every circumstance that was spoken of; all of them are needed where none is met."""
    if facts.private_errand:
        reading.note(_PRIVATE_UNREAD)
    spoken = [one for one in wanted if facts.criteria.get(one) is not None]
    met = [one for one in spoken if facts.criteria.get(one) and not _defeated(facts, one)]
    if not met and len(spoken) < len(wanted):
        raise MissingFacts(*(one.value for one in wanted if one not in spoken))
    return tuple(_criterion(reading, facts, one) for one in spoken)


def _defeated(facts: Facts, criterion: Criterion) -> bool:
    return facts.private_errand is True and criterion in PRIVATE_DEFEATS


# A disease that comes from the work: PP 44/2015 P48.


def _disease(reading: Reading, facts: Facts) -> _Found:
    disease = _criterion(reading, facts, Criterion.OCCUPATIONAL_DISEASE)
    if not disease.met:
        return _no((disease,), _NO_DISEASE, _PROVE_DISEASE)
    if facts.employment_ended_on is None:
        return _Found(Verdict.DISEASE, (disease.step,))
    months = reading.whole("jkk.disease.months_after_employment")
    last = months_later(facts.employment_ended_on, months.value)
    found_on = facts.diagnosed_on or facts.event_date
    step = months.step("jkk.triage.after_employment", 0, working={"months": months.value})
    words = {"ended": day_label(facts.employment_ended_on), "last": day_label(last)}
    in_time = found_on <= last
    said = (_IN_TIME if in_time else _TOO_LATE).filled(**words, found=day_label(found_on))
    steps = (disease.step, step._replace(sentence=said))
    if in_time:
        return _Found(Verdict.DISEASE, steps)
    return _Found(Verdict.DISEASE, steps, Refusal(months.citation, said, _EARLIER_DIAGNOSIS.filled(**words)))


# Sudden death at work.


def _sudden_death(reading: Reading, facts: Facts) -> _Found:
    death = _criterion(reading, facts, Criterion.SUDDEN_DEATH_AT_WORK)
    if not death.met:
        return _no((death,), _NO_SUDDEN_DEATH, _DEATH_IS_JKM)
    return _Found(Verdict.WORK, (death.step,))


# Violence at work, rape among it: Permenaker 1/2025; with the police letter and the visum.


def _violence(reading: Reading, facts: Facts) -> _Found:
    rule = reading.whole("jkk.triage.violence")
    if not rule.value:
        reading.note(_FORCE_BEFORE)
        return _Found(Verdict.NOT_WORK, (), Refusal(rule.citation, _NOT_NAMED_YET, _AS_ACCIDENT))
    reading.note(_EFFECTIVE)
    step = rule.step("jkk.triage.violence", 0, working={"met": True, "in_law": rule.value})
    said = _circumstances(reading, facts, WORKING)
    steps = (step, *(one.step for one in said))
    if not any(one.met for one in said):
        return _Found(Verdict.NOT_WORK, steps, Refusal(rule.citation, _NOT_AT_WORK, _PROVE_PLACE))
    papers = {"police_letter": facts.police_letter, "visum": facts.visum}
    lacking = [name for name, there in papers.items() if there is None]
    if lacking:
        raise MissingFacts(*lacking)
    if not all(papers.values()):
        return _Found(Verdict.UNDECIDED, steps, Refusal(rule.citation, _NO_PAPERS, _BRING_PAPERS))
    return _Found(Verdict.WORK, (*steps, step._replace(key="jkk.triage.papers", sentence=_PAPERS)))


# Still being looked into: Permenaker 1/2025 guarantees treatment until it is decided.


def _suspected(reading: Reading) -> _Found:
    rule = reading.whole("jkk.triage.suspected_care")
    if not rule.value:
        return _Found(Verdict.UNDECIDED, (), Refusal(rule.citation, _NOT_GUARANTEED, _AWAIT))
    reading.note(_EFFECTIVE)
    return _Found(Verdict.UNDECIDED, (rule.step("jkk.triage.care", 0, working={"in_law": rule.value}),))


_BY_KIND = {
    Kind.ACCIDENT: _accident,
    Kind.DISEASE: _disease,
    Kind.SUDDEN_DEATH: _sudden_death,
    Kind.VIOLENCE: _violence,
}


class _Criterion(NamedTuple):
    """One criterion with whether it is met and the step that says so."""

    criterion: Criterion
    met: bool
    step: Step


def _criterion(reading: Reading, facts: Facts, criterion: Criterion) -> _Criterion:
    said = facts.criteria.get(criterion)
    if said is None:
        raise MissingFacts(criterion.value)
    rule = reading.amount_in("jkk.triage.criteria", criterion)
    met = said and not _defeated(facts, criterion)
    sentence = (_MET if met else _DEFEATED if said else _NOT_MET).filled(criterion=criterion.label)
    step = rule.step(f"jkk.triage.{criterion}", 0, working={"met": met, "in_law": rule.value})
    return _Criterion(criterion, met, step._replace(label=criterion.label, sentence=sentence))


def _no(said: tuple[_Criterion, ...], fact: Text, change: Text) -> _Found:
    """Refused: the last criterion that failed names the article."""
    failed = next(one for one in reversed(said) if not one.met)
    return _Found(
        Verdict.NOT_WORK, tuple(one.step for one in said), Refusal(failed.step.citation, fact, change)
    )


def _verdict_step(found: _Found) -> Step:
    first = found.steps[0] if found.steps else None
    citation = found.refusal.citation if found.refusal else None
    return Step(
        key="jkk.triage",
        label=_JUDGED,
        amount=0,
        citation=citation or (first.citation if first else DISPUTE),
        confidence=first.confidence if first else Confidence.SECONDARY,
        sentence=joined((_SAYS.filled(verdict=found.verdict.label), _BPJS_DECIDES)),
        working={"verdict": found.verdict.value},
    )


def _written(facts: Facts, known: date | None) -> dict[str, Fact]:
    said: dict[str, Fact] = {"event_date": facts.event_date.isoformat(), "kind": facts.kind.value}
    flags: dict[str, bool | None] = {one.value: met for one, met in facts.criteria.items()}
    flags |= {"private_errand": facts.private_errand, "police_letter": facts.police_letter}
    flags |= {"visum": facts.visum, "suspected": facts.suspected or None}
    days = {
        "employment_ended_on": facts.employment_ended_on,
        "diagnosed_on": facts.diagnosed_on,
        "known": known,
    }
    said |= {name: flag for name, flag in flags.items() if flag is not None}
    return said | {name: day.isoformat() for name, day in days.items() if day}


_KINDS = {
    Kind.ACCIDENT: Text("kecelakaan", "accident"),
    Kind.DISEASE: Text("penyakit", "disease"),
    Kind.SUDDEN_DEATH: Text("meninggal mendadak", "sudden death"),
    Kind.VIOLENCE: Text("kekerasan fisik atau perkosaan", "physical violence or rape"),
}
_VERDICTS = {
    Verdict.WORK: Text("kecelakaan kerja", "an accident at work"),
    Verdict.ROAD: Text(
        "kecelakaan di jalan berangkat atau pulang kerja, termasuk kecelakaan kerja",
        "an accident on the way to or from work, which counts as an accident at work",
    ),
    Verdict.DISEASE: Text("penyakit akibat kerja", "an occupational disease"),
    Verdict.UNDECIDED: Text("belum diputuskan", "not yet decided"),
    Verdict.NOT_WORK: Text("bukan kecelakaan kerja", "not an accident at work"),
}
_CRITERIA = {
    Criterion.EXTERNAL_FORCE: Text(
        "Ada benturan, jatuh, atau kekerasan dari luar (ruda paksa)",
        "There was a blow, a fall or another force from outside",
    ),
    Criterion.AT_WORKPLACE: Text("Terjadi di tempat kerja", "It happened at the workplace"),
    Criterion.ON_USUAL_ROUTE: Text(
        "Terjadi di jalan yang biasa dilalui antara rumah dan tempat kerja",
        "It happened on the usual route between home and work",
    ),
    Criterion.ON_ASSIGNMENT: Text("Sedang menjalankan tugas", "It happened on an assignment"),
    Criterion.URGENT_NEED_WITH_PERMISSION: Text(
        "Ada keperluan mendesak pada jam kerja atau istirahat, dengan izin",
        "It was an urgent need in working or resting hours, with permission",
    ),
    Criterion.OCCUPATIONAL_DISEASE: Text(
        "Dokter menyatakan penyakit akibat kerja", "A doctor finds an occupational disease"
    ),
    Criterion.SUDDEN_DEATH_AT_WORK: Text("Meninggal mendadak di tempat kerja", "Sudden death at work"),
}
_JUDGED = Text("Penilaian kejadian", "What the event was")
_SAYS = Text("Menurut keterangan ini: {verdict}.", "By these facts: {verdict}.")
_BPJS_DECIDES = Text("BPJS Ketenagakerjaan yang memutuskan.", "BPJS Ketenagakerjaan decides.")
_MET = Text("{criterion}: ya.", "{criterion}: yes.")
_NOT_MET = Text("{criterion}: tidak.", "{criterion}: no.")
_DEFEATED = Text(
    "{criterion}: tidak dihitung, karena untuk urusan pribadi.",
    "{criterion}: does not count, because it was a private errand.",
)
_IN_TIME = Text(
    "Hubungan kerja berakhir {ended}. Penyakit diketahui {found}, masih dalam batas sampai {last}.",
    "The employment ended on {ended}. The disease was found on {found}, within the limit of {last}.",
)
_TOO_LATE = Text(
    "Hubungan kerja berakhir {ended}. Penyakit baru diketahui {found}, sesudah batas {last}.",
    "The employment ended on {ended}. The disease was found on {found}, after the limit of {last}.",
)
_EARLIER_DIAGNOSIS = Text(
    "Bila ada diagnosis dokter paling lambat {last}, bawalah buktinya.",
    "If a doctor's diagnosis of {last} or earlier exists, bring the proof.",
)
_NO_FORCE = Text(
    "Tidak ada ruda paksa dari luar yang mencederai.", "No force from outside caused the injury."
)
_PROVE_FORCE = Text(
    "Bila ada benturan, jatuh, atau kekerasan dari luar, bawalah keterangan saksi atau dokter.",
    "If there was a blow, a fall or a force from outside, bring what a witness or doctor says.",
)
_NO_PLACE = Text(
    "Kejadian ini tidak di tempat kerja, tidak dalam tugas, tidak di jalan yang biasa, dan tidak untuk "
    "keperluan mendesak dengan izin.",
    "It was not at the workplace, not on an assignment, not on the usual route, and no urgent need with "
    "permission.",
)
_PROVE_PLACE = Text(
    "Bila terjadi di tempat kerja atau saat bertugas, bawalah surat tugas, daftar hadir, atau saksi.",
    "If it happened at the workplace or on an assignment, bring the order, the attendance list or a witness.",
)
_PERMISSION = Text(
    "Urusan pribadi dihitung hanya bila mendesak dan dengan izin atasan. Bila ada izin, bawalah buktinya.",
    "A private errand counts only if it was urgent and permitted. If it was permitted, bring the proof.",
)
_NO_DISEASE = Text(
    "Belum ada dokter yang menyatakan penyakit ini akibat kerja.",
    "No doctor has found an occupational disease.",
)
_PROVE_DISEASE = Text(
    "Mintalah pemeriksaan dokter tentang penyakit akibat kerja.",
    "Ask for an examination by a doctor about an occupational disease.",
)
_NO_SUDDEN_DEATH = Text("Kematian ini tidak mendadak di tempat kerja.", "This was no sudden death at work.")
_DEATH_IS_JKM = Text(
    "Bila meninggal bukan karena kerja, mintalah Jaminan Kematian (JKM).",
    "For a death that was not by work, claim the death benefit (JKM).",
)
_NOT_NAMED_YET = Text(
    "Pada hari itu kekerasan belum disebut dalam peraturan sebagai kecelakaan kerja.",
    "On that day the law did not yet name violence as an accident at work.",
)
_AS_ACCIDENT = Text(
    "Laporkan sebagai kecelakaan dengan ruda paksa di tempat kerja; BPJS Ketenagakerjaan menilainya.",
    "Report it as an accident by force from outside at the workplace; BPJS Ketenagakerjaan judges it.",
)
_NOT_AT_WORK = Text(
    "Kekerasan ini tidak terjadi di tempat kerja atau saat bertugas.",
    "This violence did not happen at the workplace or on an assignment.",
)
_NO_PAPERS = Text(
    "Surat polisi dan visum belum lengkap.", "The police letter and the visum are not both there."
)
_BRING_PAPERS = Text(
    "Bawalah surat keterangan polisi dan visum dari dokter.",
    "Bring the police letter and the visum of a doctor.",
)
_PAPERS = Text("Surat polisi dan visum ada.", "The police letter and the visum are there.")
_NOT_GUARANTEED = Text(
    "Pada hari itu perawatan belum dijamin selama masih dugaan.",
    "On that day treatment was not yet guaranteed while it was suspected.",
)
_AWAIT = Text(
    "Simpan semua kuitansi; bila diputuskan kecelakaan kerja, mintalah penggantian.",
    "Keep every receipt; once it is decided to be an accident at work, ask to be repaid.",
)
_COMBINED = Text(
    "Bahwa kecelakaan perlu ruda paksa dari luar dan salah satu keadaan (tempat kerja, tugas, jalan biasa, "
    "keperluan mendesak dengan izin) disusun dari ringkasan; naskahnya belum dibaca.",
    "That an accident needs a force from outside and one of the circumstances (workplace, assignment, usual "
    "route, urgent need with permission) was put together from summaries; the text was not read.",
)
_PRIVATE_UNREAD = Text(
    "Bahwa urusan pribadi menggugurkan tugas dan jalan biasa belum diperiksa pada naskah.",
    "That a private errand defeats assignment and usual route is not verified against the text.",
)
_NOT_PRIVATE = Text(
    "Dianggap bukan untuk urusan pribadi, karena tidak disebut.",
    "Taken to be no private errand, since none was named.",
)
_FORCE_BEFORE = Text(
    "Apakah kekerasan sebelum 24 Februari 2025 dihitung sebagai ruda paksa belum diperiksa pada naskah.",
    "Whether violence before 24 February 2025 counted as force from outside is not verified against the text.",
)
_EFFECTIVE = Text(
    "Bahwa Permenaker 1/2025 berlaku sejak 24 Februari 2025 belum diperiksa pada naskah.",
    "That Permenaker 1/2025 is in force from 24 February 2025 is not verified against the text.",
)
_DISPUTE_STEP = Step(
    key="jkk.triage.dispute",
    label=Text("Bila tidak setuju", "If you disagree"),
    amount=0,
    citation=DISPUTE,
    confidence=Confidence.READ_IN_LAW,
    sentence=Text(
        "Bila tidak setuju, mintalah penetapan pengawas ketenagakerjaan, lalu Menteri; keputusan Menteri bersifat "
        "akhir.",
        "If you disagree, ask the labour inspector to decide, then the Minister, whose decision is final.",
    ),
    working={},
)
