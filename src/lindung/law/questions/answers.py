"""Writes a decision as the answer that goes out of the door: plain names, whole rupiah, articles, sentences.

Texts stand in Indonesian where a field holds one; `sentences` and `english` hold the other language too.
"""

from collections.abc import Iterable, Mapping

from lindung.law.decision import Alternative, Decision, Payment, Step
from lindung.law.questions.fields import Fault
from lindung.law.text import Text

Answer = dict[str, object]

AWAITING = Text("menunggu ketetapan", "awaiting determination")
SCHOLARSHIP = "scholarship"
TAX_OPEN = "tax_not_computed"
"""The last word of a step that says that tax is due whose amount the law here cannot tell."""


def benefit(decision: Decision) -> Answer:
    """The answer about a benefit: `total` is paid now, `schedule` later, `tax` is kept back, `net` reaches
    the hand. Tax and net are null where tax is due whose amount nobody here can tell."""
    later = [payment for payment in decision.schedule if payment.key == SCHOLARSHIP]
    others = [payment for payment in decision.schedule if payment.key != SCHOLARSHIP]
    tax_open = any(step.key.endswith(TAX_OPEN) for step in decision.steps)
    return {
        "decision": decision.outcome.value,
        "total": decision.total,
        "net": None if tax_open else decision.net,
        "tax": None if tax_open else decision.deducted,
        "components": components(decision.steps),
        "schedule": [_payment(payment) for payment in later],
        "scholarship_max": _scholarship_now(decision) + sum(payment.amount for payment in later),
        "later": [{"what": payment.key} | _payment(payment) for payment in others],
        "deductions": steps(decision.deductions),
        "refusal": _refusal(decision),
    } | told(decision)


def told(decision: Decision) -> Answer:
    """What every answer has: the steps with their articles, what they rest on, and the sentences."""
    return {
        "steps": steps(decision.steps),
        "sentences": both(decision.sentences),
        "what_would_change": [text.id for text in decision.what_would_change],
        "assumed": [text.id for text in decision.assumed],
        "unverified": [text.id for text in decision.unverified],
        "alternatives": [_alternative(other) for other in decision.alternatives],
        "articles": [citation.text.id for citation in decision.citations],
        "facts": dict(decision.facts),
        "english": _in_english(decision),
        "hash": decision.digest(),
    }


def fault(faults: Iterable[Fault]) -> Answer:
    """The answer to a question that cannot be answered: every field that stands in the way."""
    said = [
        {"field": fault.field, "code": fault.code, "message": fault.message._asdict()} for fault in faults
    ]
    return {"error": {"code": said[0]["code"], "fields": [one["field"] for one in said], "faults": said}}


def components(steps: Iterable[Step]) -> dict[str, int]:
    """What is paid by component, the second word of a step's key; a component that pays nothing is absent."""
    sums: dict[str, int] = {}
    for step in steps:
        component = step.key.split(".")[1] if "." in step.key else step.key
        sums[component] = sums.get(component, 0) + step.amount
    return {component: amount for component, amount in sums.items() if amount}


def steps(steps: Iterable[Step]) -> list[Answer]:
    """Every step: what, how much, its article, the sentence to read aloud and the numbers behind it."""
    return [
        {
            "key": step.key,
            "what": step.label.id,
            "amount": step.amount,
            "cite": step.citation.text.id,
            "confidence": step.confidence.value,
            "sentence": step.sentence.id,
            "working": dict(step.working),
        }
        for step in steps
    ]


def both(texts: Iterable[Text]) -> dict[str, list[str]]:
    """The texts by language."""
    said = tuple(texts)
    return {"id": [text.id for text in said], "en": [text.en for text in said]}


def _in_english(decision: Decision) -> Answer:
    said: Mapping[str, Iterable[Text]] = {
        "what": (step.label for step in decision.steps),
        "cite": (step.citation.text for step in decision.steps),
        "what_would_change": decision.what_would_change,
        "assumed": decision.assumed,
        "unverified": decision.unverified,
        "alternatives": (other.sentence for other in decision.alternatives),
        "refusal": (decision.refusal.fact, decision.refusal.would_change) if decision.refusal else (),
    }
    return {name: [text.en for text in texts] for name, texts in said.items()}


def _scholarship_now(decision: Decision) -> int:
    return components(decision.steps).get("scholarship_now", 0)


def _payment(payment: Payment) -> Answer:
    return {**payment.about, "amount": payment.amount}


def _refusal(decision: Decision) -> Answer | None:
    refused = decision.refusal
    if refused is None:
        return None
    return {
        "cite": refused.citation.text.id,
        "fact": refused.fact.id,
        "would_change": refused.would_change.id,
    }


def _alternative(other: Alternative) -> Answer:
    return {
        "total": other.total,
        "cite": other.citation.text.id,
        "status": AWAITING.id,
        "sentence": other.sentence.id,
    }
