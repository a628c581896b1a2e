"""The question for the balance of old-age savings (JHT): contributions by month, and yearly yields."""

from collections.abc import Mapping
from fractions import Fraction

from lindung.law.decision import Decision
from lindung.law.jht import account as jht_account
from lindung.law.jht.account import Contribution
from lindung.law.months import Month
from lindung.law.questions.fields import Given, no_law
from lindung.law.text import Text
from lindung.law.values import Law, NoLawForDate

FIELDS = ("contributions", "yields", "on")


def asked(given: Given, *, law: Law | None = None) -> Decision:
    """The balance on the day, year by year. Raises Unanswerable, naming the fields, such as yields.2017."""
    given.require("contributions", "on")
    contributions = _contributions(given)
    yields = given.within("yields")
    facts = jht_account.Facts(contributions, _yields(yields), given.day("on"))
    yields.require(*(str(year) for year in jht_account.years_with_yield(facts)))
    known = given.maybe.day("known")
    try:
        return jht_account.balance(facts, known=known, law=law)
    except NoLawForDate as why:
        early = why.on < facts.on
        raise no_law(why, field="contributions" if early else "on") from why


def _contributions(given: Given) -> tuple[Contribution, ...]:
    """Every month's money; none may lie after the day that is asked about."""
    last = Month.of(given.day("on"))
    read = []
    for one in given.entries("contributions", "month", "amount"):
        one.require("month", "amount")
        if one.month("month") > last:
            one.refuse("month", "after_the_day", _TOO_LATE)
        read.append(Contribution(one.month("month"), one.amount("amount")))
    if not read:
        given.refuse("contributions", "missing_fact", _NONE)
    return tuple(read)


def _yields(given: Given) -> Mapping[int, Fraction]:
    years = {str(year) for year in range(1900, 2201)}
    for name in given.facts:
        if name not in years:
            given.refuse(name, "not_a_year", _NOT_A_YEAR)
    return {int(name): given.fraction(name) for name in given.facts if name in given}


_TOO_LATE = Text(
    "{field}: bulan iuran ini sesudah hari yang ditanyakan. Periksa keduanya.",
    "{field}: this month is after the day asked about. Check both.",
)
_NONE = Text(
    "{field} kosong. Tulis iuran tiap bulan.", "{field} is empty. Write the contribution of each month."
)
_NOT_A_YEAR = Text('{field}: tulis tahunnya seperti "2016".', '{field}: write the year such as "2016".')
