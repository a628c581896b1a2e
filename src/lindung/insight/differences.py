"""The queue "Beda dengan BPJS": every place where our records and BPJS's word differ, with both values and their source."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from lindung.contributions.cover import ESTIMATE_BADGE, PAID_BADGE
from lindung.identity import kpj
from lindung.insight import difference_rows
from lindung.insight.difference_rows import Found
from lindung.law.money import counted, rupiah
from lindung.law.months import Month, day_label
from lindung.law.text import Text, joined
from lindung.membership.branch_records import BPJS_BADGE, HERE_BADGE, MemberNumber
from lindung.membership.branch_word import opened
from lindung.people.models import Person

PER_PAGE = 50
GROUPS = {
    "kpj": Text("Nomor peserta", "Member number"),
    "status": Text("Status aktif", "Active status"),
    "code": Text("Kode iuran", "Kode iuran"),
    "determination": Text("Penetapan manfaat", "Determination"),
    "balance": Text("Saldo JHT", "JHT balance"),
    "death": Text("Meninggal", "Died"),
}
STATES = {"open": Text("Terbuka", "Open"), "explained": Text("Sudah dijelaskan", "Explained")}
_TITLES = {
    "kpj_shared": Text("Satu KPJ untuk dua orang", "One KPJ for two people"),
    "kpj_several": Text("Satu orang punya dua KPJ", "One person has two KPJ"),
    "status_inactive": Text(
        "Nonaktif menurut BPJS, padahal iuran dibayar", "Inactive says BPJS, though paid"
    ),
    "status_active": Text(
        "Aktif menurut BPJS, padahal iuran tidak dibayar", "Active says BPJS, though unpaid"
    ),
    "code": Text("Kode iuran berbeda dari tagihan", "The kode iuran differs from the bill"),
    "code_names": Text(
        "Nama di balik kode iuran berbeda dari tagihan",
        "The names behind the kode iuran differ from the bill",
    ),
    "determination": Text("Penetapan berbeda dari perkiraan", "The determination differs from the estimate"),
    "balance": Text("Saldo JHT berbeda dari setoran", "The JHT balance differs from the deposits"),
    "death": Text(
        "Meninggal menurut BPJS, padahal masih terdaftar atau ditagih",
        "Died according to BPJS, but still enrolled or billed",
    ),
    "death_here": Text(
        "Meninggal menurut penetapan di sini, padahal masih terdaftar atau ditagih",
        "Died according to a determination made here, but still enrolled or billed",
    ),
    "kpj_ours": Text("KPJ yang kita beri berbeda dari kata BPJS", "The KPJ we gave differs from BPJS's"),
    "status_ours": Text(
        "Status yang kita tetapkan berbeda dari kata BPJS", "The status we set differs from BPJS's"
    ),
    "code_ours": Text("Kode iuran kita berbeda dari kata BPJS", "Our kode iuran differs from BPJS's"),
    "determination_ours": Text(
        "Penetapan kita berbeda dari penetapan BPJS", "Our determination differs from BPJS's"
    ),
    "balance_ours": Text("Saldo JHT dari kita berbeda dari kata BPJS", "Our JHT balance differs from BPJS's"),
}


class Value(NamedTuple):
    """What one side says, and the badge of who says so."""

    text: Text
    badge: Text


class Difference(NamedTuple):
    """One line of the queue; of somebody who died, the memberships whose leave is still to be recorded.

    ``import_id`` and ``line`` are None where it was decided here, and of names, which have a page under ``bill_id``.
    """

    key: str
    kind: str
    title: Text
    group: Text
    sponsor_id: int
    person_id: int | None
    person: str
    agreement_id: int | None
    agreement: str
    ours: Value
    theirs: Value
    said_on: date
    age_days: int
    import_id: int | None
    file: str
    line: int | None
    state: str
    state_label: Text
    note: str
    noted_by: str
    noted_at: datetime | None
    fingerprint: str
    estimate_id: int | None
    open_memberships: tuple[int, ...] = ()
    bill_id: int | None = None


class Page(NamedTuple):
    """One page of the queue, and how many there are by group and state."""

    rows: tuple[Difference, ...]
    number: int
    pages: int
    shown: int
    counts: Mapping[tuple[str, str], int]


def open_differences(*, on: date) -> int:
    """How many differences wait for an explanation, in the caller's sight, as known on the day."""
    return sum(count for (_, state), count in difference_rows.counts(on=on).items() if state == "open")


def page(*, on: date, group: str = "", state: str = "open", number: int = 1) -> Page:
    """A page of the queue in the caller's sight; the nearest one when ``number`` is beyond the ends."""
    counts = difference_rows.counts(on=on)
    shown = sum(
        count for (of, stands), count in counts.items() if group in ("", of) and state in ("", stands)
    )
    pages = max(1, -(-shown // PER_PAGE))
    number = min(max(1, number), pages)
    rows = difference_rows.found(on=on, group=group, state=state, most=PER_PAGE, skip=(number - 1) * PER_PAGE)
    return Page(_told(rows, on), number, pages, shown, counts)


def one(*, key: str, on: date) -> Difference | None:
    """The difference of this key in the caller's sight; None when both sides agree by now, or it is not in sight."""
    told = _told(difference_rows.found(on=on, key=key, most=1), on)
    return told[0] if told else None


def _told(rows: list[Found], on: date) -> tuple[Difference, ...]:
    """The rows in words; numbers and names they mention are looked up for the whole page at once."""
    numbers = _numbers(rows)
    names = _names(rows)
    return tuple(_difference(row, numbers, names, on) for row in rows)


def _difference(row: Found, numbers: Mapping[int, str], names: Mapping[int, str], on: date) -> Difference:
    ours, theirs = _VALUES[row.kind](row, numbers, names)
    return Difference(
        key=row.key,
        kind=row.kind,
        title=_TITLES[row.kind],
        group=GROUPS[row.kind.split("_")[0]],
        sponsor_id=row.sponsor_id,
        person_id=row.person_id,
        person=row.person or "",
        agreement_id=row.agreement_id,
        agreement=row.agreement or "",
        ours=ours,
        theirs=theirs,
        said_on=row.said_on,
        age_days=(on - row.said_on).days,
        import_id=row.word_id,
        file=row.file or "",
        line=row.line,
        state=row.state,
        state_label=STATES[row.state],
        note=row.note or "",
        noted_by=row.noted_by or "",
        noted_at=row.noted_at,
        fingerprint=row.fingerprint,
        estimate_id=row.ours.get("estimate"),
        open_memberships=tuple(row.ours.get("memberships") or ()),
        bill_id=row.ours["bill"] if row.kind == "code_names" else None,
    )


def _numbers(rows: Iterable[Found]) -> dict[int, str]:
    ids = {
        value["number"]
        for row in rows
        for value in (row.ours, row.theirs)
        if "number" in value and row.kind.startswith("kpj")
    }
    return {number.pk: kpj.masked(opened(number)) for number in MemberNumber.objects.filter(pk__in=ids)}


def _names(rows: Iterable[Found]) -> dict[int, str]:
    ids = {person for row in rows for person in row.ours.get("shared_by", ())}
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


_Pair = tuple[Value, Value]


def _shared(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    people = ", ".join(names.get(person, "?") for person in row.ours["shared_by"])
    ours = _TWO_PEOPLE.filled(n=len(row.ours["shared_by"]), people=people)
    return Value(ours, ESTIMATE_BADGE), Value(_NUMBER.filled(kpj=numbers[row.theirs["number"]]), BPJS_BADGE)


def _several(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    first, last = (_NUMBER.filled(kpj=numbers[value["number"]]) for value in (row.ours, row.theirs))
    return Value(joined((_EARLIER, first)), BPJS_BADGE), Value(joined((_NOW, last)), BPJS_BADGE)


def _status(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    until = row.ours["paid_until"]
    ours = _PAID.filled(month=_month(until).label) if until else _UNPAID
    return Value(ours, PAID_BADGE if until else ESTIMATE_BADGE), Value(_state(row.theirs), BPJS_BADGE)


def _state(value: Mapping[str, Any]) -> Text:
    since = day_label(date.fromisoformat(value["since"]))
    told = (_ACTIVE if value["active"] else _INACTIVE).filled(day=since)
    return joined((told, Text(value["reason"], value["reason"])), " — ") if value["reason"] else told


def _code(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    month = _month(row.ours["month"]).label
    ours = _sum(row.ours).filled(month=month) if row.ours["bill"] else _NO_BILL.filled(month=month)
    return Value(ours, ESTIMATE_BADGE), Value(_coded(row.theirs, month), BPJS_BADGE)


def _coded(value: Mapping[str, Any], month: Text) -> Text:
    return joined((Text(value["code"], value["code"]), _sum(value).filled(month=month)), ": ")


def _determination(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    event, decided = (date.fromisoformat(row.theirs[name]) for name in ("event_date", "decided_on"))
    theirs = _DETERMINED.filled(
        amount=rupiah(row.theirs["amount"]),
        number=row.theirs["number"],
        days=(decided - event).days,
        programme=row.theirs["programme"].upper(),
        event=day_label(event),
    )
    ours = _ESTIMATED.filled(amount=rupiah(row.ours["amount"]), programme=row.theirs["programme"].upper())
    return Value(ours, ESTIMATE_BADGE), Value(theirs, BPJS_BADGE)


def _balance(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    as_of = day_label(date.fromisoformat(row.theirs["as_of"]))
    ours = _DEPOSITS.filled(amount=rupiah(row.ours["amount"]))
    return Value(ours, PAID_BADGE), Value(
        _SAVED.filled(amount=rupiah(row.theirs["amount"]), day=as_of), BPJS_BADGE
    )


def _death(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    told = [_ENROLLED] if row.ours["memberships"] else []
    if row.ours["enrolled_to"] and not told:
        told.append(_ENROLLED_TO.filled(day=day_label(date.fromisoformat(row.ours["enrolled_to"]))))
    if row.ours["billed_until"]:
        month = _month(row.ours["billed_until"]).label
        told.append(_BILLED.filled(n=row.ours["months"], month=month))
    theirs = _DIED.filled(
        day=day_label(date.fromisoformat(row.theirs["event_date"])),
        programme=row.theirs["programme"].upper(),
        number=row.theirs["number"],
    )
    badge = BPJS_BADGE if row.kind == "death" else HERE_BADGE
    return Value(joined(tuple(told)), ESTIMATE_BADGE), Value(theirs, badge)


def _own_number(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    ours, theirs = (_NUMBER.filled(kpj=numbers[value["number"]]) for value in (row.ours, row.theirs))
    return Value(ours, HERE_BADGE), Value(theirs, BPJS_BADGE)


def _own_state(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    return Value(_state(row.ours), HERE_BADGE), Value(_state(row.theirs), BPJS_BADGE)


def _own_code(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    month = _month(row.ours["month"]).label
    return Value(_coded(row.ours, month), HERE_BADGE), Value(_coded(row.theirs, month), BPJS_BADGE)


def _own_determination(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    ours = _DETERMINED_HERE.filled(
        amount=rupiah(row.ours["amount"]),
        number=row.ours["number"],
        programme=row.theirs["programme"].upper(),
    )
    return Value(ours, HERE_BADGE), _determination(row, numbers, names)[1]


def _own_balance(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    day = day_label(date.fromisoformat(row.ours["as_of"]))
    ours, theirs = (
        _SAVED.filled(amount=rupiah(value["amount"]), day=day) for value in (row.ours, row.theirs)
    )
    return Value(ours, HERE_BADGE), Value(theirs, BPJS_BADGE)


def _by_name(row: Found, numbers: Mapping[int, str], names: Mapping[int, str]) -> _Pair:
    month = _month(row.ours["month"]).label
    ours = _ONLY_OURS.filled(
        n=counted(row.ours["only_ours"]), other=counted(row.ours["amounts"]), month=month
    )
    theirs = _ONLY_THEIRS.filled(n=counted(row.theirs["only_theirs"]), unknown=counted(row.theirs["unknown"]))
    return Value(ours, ESTIMATE_BADGE), Value(theirs, BPJS_BADGE)


def _sum(value: Mapping[str, Any]) -> Text:
    people = counted(value["people"])
    return Text(
        f"{rupiah(value['amount'])} untuk {people.id} orang, {{month}}",
        f"{rupiah(value['amount'])} for {people.en} people, {{month}}",
    )


def _month(day: str) -> Month:
    return Month.of(date.fromisoformat(day))


_VALUES = {
    "kpj_shared": _shared,
    "kpj_several": _several,
    "status_inactive": _status,
    "status_active": _status,
    "code": _code,
    "code_names": _by_name,
    "determination": _determination,
    "balance": _balance,
    "death": _death,
    "death_here": _death,
    "kpj_ours": _own_number,
    "status_ours": _own_state,
    "code_ours": _own_code,
    "determination_ours": _own_determination,
    "balance_ours": _own_balance,
}
_DETERMINED_HERE = Text("{programme} {amount}, nomor {number}", "{programme} {amount}, number {number}")
_TWO_PEOPLE = Text("{n} orang berbeda: {people}", "{n} different people: {people}")
_NUMBER = Text("KPJ {kpj}", "KPJ {kpj}")
_EARLIER, _NOW = Text("Lebih dulu:", "Earlier:"), Text("Sekarang:", "Now:")
_PAID = Text("Iuran lunas sampai {month}", "Paid until {month}")
_UNPAID = Text("Belum ada iuran yang dibayar", "No contribution is paid")
_ACTIVE = Text("Aktif sejak {day}", "Active since {day}")
_INACTIVE = Text("Nonaktif sejak {day}", "Inactive since {day}")
_NO_BILL = Text("Belum ada tagihan {month}", "No bill for {month} yet")
_ONLY_OURS = Text(
    "{month}: {n} orang hanya di tagihan kita, {other} dengan iuran lain",
    "{month}: {n} people only on our bill, {other} at another amount",
)
_ONLY_THEIRS = Text(
    "{n} orang hanya di daftar BPJS, {unknown} baris tidak dikenal",
    "{n} people only on BPJS's list, {unknown} lines not recognised",
)
_ESTIMATED = Text("{programme} {amount}", "{programme} {amount}")
_DETERMINED = Text(
    "{programme} {amount}, nomor {number}, ditetapkan {days} hari sesudah kejadian ({event})",
    "{programme} {amount}, number {number}, determined {days} days after the event ({event})",
)
_DEPOSITS = Text("Setoran JHT {amount}, tanpa hasil pengembangan", "JHT deposits {amount}, without yield")
_SAVED = Text("Saldo {amount} pada {day}", "Balance {amount} on {day}")
_ENROLLED = Text("Masih terdaftar.", "Still enrolled.")
_ENROLLED_TO = Text("Terdaftar sampai {day}.", "Enrolled until {day}.")
_BILLED = Text(
    "Ditagih untuk {n} bulan sesudah meninggal, terakhir {month}.",
    "Billed for {n} months after the death, the last {month}.",
)
_DIED = Text("Meninggal {day} ({programme}, nomor {number})", "Died on {day} ({programme}, number {number})")
