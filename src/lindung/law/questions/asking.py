"""Every question that the law answers, by its name; its module is imported when it is asked."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from lindung.law.asking_back import Contradiction, MissingFacts
from lindung.law.decision import Decision
from lindung.law.parameter import in_force
from lindung.law.questions import answers
from lindung.law.questions.answers import Answer
from lindung.law.questions.fields import Fault, Given, Unanswerable
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate


class Subject(Protocol):
    """What the module of a question has: the fields it takes and who decides."""

    FIELDS: tuple[str, ...]

    def asked(self, given: Given, *, law: Law | None = None) -> Decision:
        """Decide. Raises Unanswerable, NoLawForDate."""


class Question(NamedTuple):
    """A question anybody may ask with named facts."""

    module: str
    line: Text
    date_field: str = "event_date"
    """The field to name when no law is stored for its date."""


QUESTIONS = {
    "contribution": Question(
        "contribution", Text("Iuran satu bulan.", "The contribution of a month."), "month"
    ),
    "benefit": Question("benefit", Text("Manfaat JKM, JKK, JHT, JP, JKP.", "Benefits of every programme.")),
    "evidence": Question(
        "evidence", Text("Berkas yang perlu dibawa keluarga ini.", "The papers this family needs.")
    ),
    "eligibility": Question(
        "eligibility", Text("Siapa boleh ikut program apa.", "Who may join which programme."), "on"
    ),
    "heirs": Question("heirs", Text("Urutan ahli waris.", "The order of heirs.")),
    "triage": Question("triage", Text("Apakah ini kecelakaan kerja?", "Whether it was an accident at work.")),
    "accident-report": Question(
        "accident_report", Text("Tenggat laporan kecelakaan.", "The clocks of an accident report.")
    ),
    "registration": Question(
        "registration",
        Text("Nomor, kartu dan mulai perlindungan.", "Number, card and when cover begins."),
        "form_complete_on",
    ),
    "deadline": Question("deadline", Text("Tenggat dan ganti rugi.", "Deadlines and compensation."), "from"),
    "sanction": Question("sanction", Text("Sanksi bagi penunggak.", "Sanctions for who does not pay."), "on"),
    "fine": Question("fine", Text("Denda keterlambatan.", "The fine for late payment."), "month"),
    "settlement": Question(
        "settlement", Text("Kurang atau lebih bayar.", "Over- and underpayment."), "month"
    ),
    "wage": Question("wage", Text("Upah dasar iuran.", "The wage that contributions are taken of."), "on"),
    "jht-balance": Question("jht_balance", Text("Saldo JHT.", "The balance of old-age savings."), "on"),
}


def subject(name: str) -> Subject:
    """The module of a question. Raises KeyError for a name that is no question."""
    return cast(Subject, import_module(f"lindung.law.questions.{QUESTIONS[name].module}"))


def called(name: str) -> str:
    """The question's own name, whether written with dashes or, as in a table of cases, with underscores."""
    return name.replace("_", "-")


def shape(name: str) -> Callable[[Decision], Answer]:
    """How answers to this question are written: as its module says, or as a benefit."""
    own = getattr(subject(name), "shape", None)
    return cast(Callable[[Decision], Answer], own) if own else answers.benefit


def decide(name: str, facts: object, *, law: Law | None = None) -> Decision:
    """The decision on the facts as parsed from JSON. Raises Unanswerable, naming the fields that stand in the way."""
    if not isinstance(facts, dict):
        raise Unanswerable(Fault("", "not_an_object", _NOT_AN_OBJECT))
    asked, given = subject(name), Given(facts)
    given.only(*dict.fromkeys(("known", *asked.FIELDS)))
    try:
        return asked.asked(given, law=law)
    except NoLawForDate as why:
        raise Unanswerable(Fault(_field_of(name, given, why), "no_law_for_date", why.text)) from why
    except MissingFacts as why:
        raise Unanswerable(*(given.missing(field) for field in why.fields)) from why
    except Contradiction as why:
        raise Unanswerable(given.fault(why.field, why.code, why.text)) from why


def _field_of(name: str, given: Given, why: NoLawForDate) -> str:
    """The field to blame: the day whose knowledge was replayed, where the law is there but came later."""
    dated = (QUESTIONS[name].date_field, "left_work_on", "paid_on")
    stored = in_force().parameters.get(why.id)
    if "known" in given and stored is not None and any(one.period.contains(why.on) for one in stored.values):
        return "known"
    return next((one for one in dated if one in given), dated[0])


def answer(name: str, facts: object, *, law: Law | None = None) -> Answer:
    """The answer as it goes out of the door; a fault is an answer too."""
    try:
        decision = decide(name, facts, law=law)
    except Unanswerable as why:
        return answers.fault(why.faults)
    return shape(name)(decision)


_NOT_AN_OBJECT = Text(
    'Tulis satu objek JSON, misalnya {"programme": "JKM"}.',
    'Write one JSON object, like {"programme": "JKM"}.',
)
