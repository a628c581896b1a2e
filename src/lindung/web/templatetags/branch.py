"""What BPJS says of a person, for the head of the worker's page."""

from datetime import date

from django import template

from lindung.membership.branch_word import WordOnPerson, word_on

register = template.Library()


@register.simple_tag
def branch_word(person_id: int, on: date) -> WordOnPerson:
    """The newest word of BPJS on a person, as known on the day."""
    return word_on(person_id, on=on)
