"""Rows as an officer would read them: what is ready, what is to be fixed and in which cell, whom the law refuses."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.law import eligibility
from lindung.law.months import birthday
from lindung.membership import problems
from lindung.membership.columns import layout
from lindung.membership.judging import Cell, Judge, Judged, verdict
from lindung.membership.models import Verdict
from lindung.membership.problems import Problem, ProblemKind
from membership.rows import BUDI, HEADINGS, ON, SITI, STRANGER, judge, said


def nik_of(born: date, *, woman: bool = True) -> str:
    return f"157108{born.day + 40 * woman:02}{born:%m%y}9001"


def born_on(born: date, row: dict[str, str] = SITI) -> dict[str, str]:
    return row | {"NIK": nik_of(born, woman=row["L/P"] == "P"), "Tgl Lahir": f"{born:%d-%m-%Y}"}


@pytest.mark.parametrize("row", [SITI, BUDI, STRANGER], ids=["Ibu Siti", "Pak Budi", "a stranger"])
def test_it_finds_people_ready_who_are(row: dict[str, str]) -> None:
    judged = judge(row)
    assert (judged.verdict, judged.problems) == (Verdict.READY, ())
    assert judged.cells == tuple(row.values())


def test_it_reads_a_row_into_clean_facts() -> None:
    facts = judge(SITI | {"Nama": " SITI  AMINAH ", "NIK": "'1571085205749001", "L/P": "Perempuan"}).facts
    assert facts is not None
    assert facts._asdict() == {
        "nik": "1571085205749001",
        "name": "Siti Aminah",
        "name_key": "siti aminah",
        "birth_place": "Jambi",
        "birth_date": date(1974, 5, 12),
        "sex": "F",
        "kelurahan_code": "15.71.08.1005",
        "occupation": "street_cleaner",
        "sector": "other",
        "phone": "+6284012345678",
        "wage": None,
        "wage_basis": "",
    }


# One cell of Ibu Siti's row as an office wrote it, and what is to be said of it: verdict, column, code.
CELLS = [
    ("NIK", "", "to_fix", "nik.missing"),
    ("NIK", "157108520574900", "to_fix", "nik.length"),
    ("NIK", "15710852057490011", "to_fix", "nik.length"),
    ("NIK", "157108520574900I", "to_fix", "nik.not_digits"),
    ("NIK", "belum ada", "to_fix", "nik.not_digits"),
    ("NIK", "1,57109E+15", "to_fix", "nik.scientific"),
    ("NIK", "1571083905749001", "to_fix", "nik.date_impossible"),
    ("NIK", "1571085213749001", "to_fix", "nik.date_impossible"),
    ("NIK", "1571085205740000", "to_fix", "nik.serial_zero"),
    ("NIK", "9971085205749001", "to_fix", "nik.province_unknown"),
    ("NIK", "'1571085205749001", "ready", "nik.repaired"),
    ("NIK", "1571 0852 0574 9001", "ready", "nik.repaired"),
    ("NIK", "1571.0852.0574.9001", "ready", "nik.repaired"),
    ("NIK", "1571085105749001", "ready", "nik.birth_date_differs"),
    ("NIK", "1571081205749001", "ready", "nik.sex_differs"),
    ("Nama", "", "to_fix", "name.missing"),
    ("Nama", " - ", "to_fix", "name.missing"),
    ("Nama", "12/05/1974", "to_fix", "name.not_letters"),
    ("Nama", "=HYPERLINK(A1)", "to_fix", "name.not_letters"),
    ("Nama", "Siti " + "Aminah " * 40, "to_fix", "text.too_long"),
    ("Tgl Lahir", "", "to_fix", "birth.missing"),
    ("Tgl Lahir", "31-02-1974", "to_fix", "birth.unreadable"),
    ("Tgl Lahir", "12 Mei", "to_fix", "birth.unreadable"),
    ("Tgl Lahir", "23-05-2025", "to_fix", "birth.in_future"),
    ("Tgl Lahir", "1880-01-01", "to_fix", "birth.long_ago"),
    ("Tgl Lahir", "05-12-1974", "to_fix", "birth.day_and_month"),
    ("Tgl Lahir", "Jambi, 1974-12-05", "to_fix", "birth.day_and_month"),
    ("Tgl Lahir", "5 Desember 1974", "ready", "nik.birth_date_differs"),
    ("Tgl Lahir", "06-12-1974", "ready", "nik.birth_date_differs"),
    ("Tempat Lahir", "Jambi " * 20, "to_fix", "text.too_long"),
    ("L/P", "", "ready", "sex.missing"),
    ("L/P", "?", "ready", "sex.unreadable"),
    ("L/P", "L", "ready", "nik.sex_differs"),
    ("Kelurahan", "", "to_fix", "kelurahan.missing"),
    ("Kelurahan", "Payo Lebbar", "to_fix", "kelurahan.unknown"),
    ("Kelurahan", "Payo-Lebar", "ready", ""),
    ("Kelurahan", "Kel. PAYO LEBAR", "ready", ""),
    ("Kelurahan", "Tehok", "ready", "kelurahan.alias"),
    ("Kelurahan", "Kenali Kecil", "ready", "kelurahan.alias"),
    ("HP", "", "ready", ""),
    ("HP", "belum ada", "ready", "phone.unreadable"),
    ("Pekerjaan", "", "ready", ""),
]


@pytest.mark.parametrize(("heading", "text", "expected", "code"), CELLS)
def test_it_says_of_one_cell_what_is_wrong_with_it_and_nothing_else(
    heading: str, text: str, expected: str, code: str
) -> None:
    judged = judge(SITI | {heading: text})
    column = "NIK" if code.startswith("nik.") and heading == "NIK" else heading
    # The card says who she is: what differs from the number is shown where the reader would correct it.
    column = {"nik.birth_date_differs": "Tgl Lahir", "nik.sex_differs": "L/P"}.get(code, column)
    assert (judged.verdict, said(judged)) == (expected, {(column, code)} if code else set())


def test_it_names_every_fault_of_a_row_in_its_own_cell() -> None:
    judged = judge(
        SITI | {"NIK": "15710852", "Nama": "??", "Tgl Lahir": "", "Kelurahan": "Bandung", "HP": "x"}
    )
    assert judged.verdict == Verdict.TO_FIX
    assert said(judged) == {
        ("NIK", "nik.length"),
        ("Nama", "name.not_letters"),
        ("Tgl Lahir", "birth.missing"),
        ("Kelurahan", "kelurahan.unknown"),
        ("HP", "phone.unreadable"),
    }
    assert ("nik.length", "8") in {(code, detail) for _, code, detail in judged.problems}


def test_a_nik_in_a_number_cell_is_shown_and_refused_only_where_a_digit_may_be_lost() -> None:
    intact = judge(SITI, numeric=["NIK"])
    assert (intact.verdict, said(intact)) == (Verdict.READY, {("NIK", "nik.from_number")})
    rounded = judge(SITI | {"NIK": "1571085205749000"}, numeric=["NIK"])
    assert (rounded.verdict, said(rounded)) == (Verdict.TO_FIX, {("NIK", "nik.excel_rounded")})
    typed = judge(SITI | {"NIK": "1571085205749000"})
    assert typed.verdict == Verdict.READY, "as text the 0 was typed by somebody"
    by_program = judge(SITI | {"NIK": "1571085205749001.0"})
    assert (by_program.verdict, said(by_program)) == (Verdict.READY, {("NIK", "nik.repaired")})


@pytest.mark.parametrize(
    "text",
    [
        "12-05-1974",
        "12/05/1974",
        "12 Mei 1974",
        "1974-05-12",
        "12.5.1974",
        "12-05-74",
        "12 MEI 1974",
        "12051974",
    ],
)
def test_it_reads_every_order_of_a_date(text: str) -> None:
    for cell in (text, f"Jambi, {text}", f"Tgl. {text}"):
        facts = judge(SITI | {"Tgl Lahir": cell}).facts
        assert facts is not None
        assert facts.birth_date == date(1974, 5, 12)


def test_it_reads_a_date_that_the_sheet_holds_as_a_number_of_days() -> None:
    facts = judge(SITI | {"Tgl Lahir": "27161"}, numeric=["Tgl Lahir"]).facts
    assert facts is not None
    assert facts.birth_date == date(1974, 5, 12)


def test_it_takes_place_and_date_of_birth_out_of_one_cell() -> None:
    headings = ("Nama", "NIK", "TTL", "L/P", "Kelurahan")
    judged = judge(SITI | {"TTL": "Muara Bungo, 12-05-1974"}, headings=headings)
    assert judged.facts is not None
    assert (judged.facts.birth_place, judged.facts.birth_date) == ("Muara Bungo", date(1974, 5, 12))
    assert judged.verdict == Verdict.READY


@pytest.mark.parametrize("row", [SITI, BUDI], ids=["Ibu Siti", "Pak Budi"])
def test_it_refuses_who_has_not_reached_13_or_has_reached_65_to_the_day(row: dict[str, str]) -> None:
    thirteen, sixty_five = date(ON.year - 13, ON.month, ON.day), date(ON.year - 65, ON.month, ON.day)
    one = timedelta(days=1)
    expected = {
        thirteen + one: {("Tgl Lahir", "age.too_young")},
        thirteen: set(),
        thirteen - one: set(),
        sixty_five + one: set(),
        sixty_five: {("Tgl Lahir", "age.too_old")},
        sixty_five - one: {("Tgl Lahir", "age.too_old")},
    }
    for born, wrong in expected.items():
        judged = judge(born_on(born, row))
        assert (judged.verdict, said(judged)) == ("refused" if wrong else "ready", wrong), born


def test_who_was_born_on_29_february_ages_on_1_march() -> None:
    born = date(1960, 2, 29)
    assert judge(born_on(born), on=date(2025, 2, 28)).verdict == Verdict.READY
    assert judge(born_on(born), on=date(2025, 3, 1)).verdict == Verdict.REFUSED


@settings(deadline=None)
@given(
    born=st.dates(date(1900, 1, 1), date(2025, 5, 22)),
    on=st.dates(date(2019, 12, 2), date(2030, 1, 1)),
)
def test_it_judges_ages_as_the_law_decides_them(born: date, on: date) -> None:
    judged = judge(born_on(born), on=on)
    if born > on:
        assert ("Tgl Lahir", "birth.in_future") in said(judged)
        return
    decision = eligibility.bpu(birth_date=born, on=on)
    too_young = on < birthday(born, 13)
    refusal = set() if decision.granted else {"age.too_young" if too_young else "age.too_old"}
    assert {code for _, code in said(judged) if code.startswith("age.")} == refusal


def test_it_takes_the_sex_from_the_nik_when_the_row_does_not_say_it() -> None:
    for text, sex in (("", "F"), ("?", "F"), ("L", "M"), ("Perempuan", "F")):
        facts = judge(SITI | {"L/P": text}).facts
        assert facts is not None
        assert facts.sex == sex
    without_nik = judge(SITI | {"L/P": "", "NIK": ""}).facts
    assert without_nik is not None
    assert without_nik.sex == ""


def test_it_suggests_the_kelurahan_that_may_be_meant() -> None:
    [problem] = judge(SITI | {"Kelurahan": "Payo Lebbar"}).problems
    assert problem.detail.split(", ")[0] == "Payo Lebar"
    assert "Mungkin: Payo Lebar" in str(problems.suggestion(problem.code, problem.detail))
    [problem] = judge(SITI | {"Kelurahan": "Xyzzy"}).problems
    assert problem.code == "kelurahan.unknown"
    assert problems.suggestion(problem.code, problem.detail) is None, (
        "nothing comes near, so nothing is suggested"
    )


def test_it_shows_how_it_reads_another_name_of_a_kelurahan() -> None:
    [problem] = judge(SITI | {"Kelurahan": "Kenali Kecil"}).problems
    assert problems.message(problem.code, problem.detail).id == "Dibaca sebagai Kelurahan Aur Kenali."


def test_it_does_not_accept_a_kelurahan_of_another_kecamatan() -> None:
    headings = (*HEADINGS, "Kecamatan")
    assert judge(SITI | {"Kecamatan": "Jelutung"}, headings=headings).verdict == Verdict.READY
    assert judge(SITI | {"Kecamatan": "Telanaipura"}, headings=headings).verdict == Verdict.TO_FIX
    assert judge(SITI | {"Kecamatan": ""}, headings=headings).verdict == Verdict.READY


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("Jl. Merdeka No. 3 Kel. Payo Lebar", "15.71.08.1005"),
        ("Jl. Merdeka RT 05, Kelurahan Payo Lebar, Kec. Jelutung", "15.71.08.1005"),
        ("KEL PAYO LEBAR RT 05 RW 02", "15.71.08.1005"),
        ("Kel: Simpang IV Sipin Kec Telanaipura", "15.71.01.1001"),
        ("Alamat: kel. legok", "15.71.10.1003"),
        ("Jl. Merdeka No. 3", ""),
    ],
)
def test_it_reads_the_kelurahan_inside_the_address_where_it_has_no_column(address: str, code: str) -> None:
    headings = tuple(heading for heading in HEADINGS if heading != "Kelurahan")
    judged = judge(SITI | {"Alamat": address}, headings=headings)
    assert judged.facts is not None
    assert judged.facts.kelurahan_code == code
    assert [(problem.column, problem.code) for problem in judged.problems] == (
        [] if code else [(None, "kelurahan.missing")]
    )


@pytest.mark.parametrize(
    ("text", "key", "sector"),
    [
        ("Tukang Ojek", "motorcycle_taxi", "road_transport"),
        ("MARBOT", "mosque_keeper", "other"),
        ("", "day_labourer", "other"),
        ("-", "day_labourer", "other"),
        ("Pengrajin Batik", "pengrajin batik", "other"),
    ],
)
def test_it_reads_the_occupation_or_takes_that_of_the_list(text: str, key: str, sector: str) -> None:
    facts = judge(SITI | {"Pekerjaan": text}).facts
    assert facts is not None
    assert (facts.occupation, facts.sector) == (key, sector)


def test_a_nik_in_a_wrong_column_never_gets_into_a_fact_that_is_stored_in_clear() -> None:
    """One cell shifted to the left or right is an everyday accident."""
    verdicts = {}
    for heading in ("Nama", "Tempat Lahir", "Tgl Lahir", "L/P", "Kelurahan", "Pekerjaan"):
        for text in ("1571085205749001", "'1571085205749001 ", "NIK: 1571 0852 0574 9001"):
            judged = judge(SITI | {heading: text})
            assert judged.facts is not None
            verdicts[heading] = judged.verdict
            in_clear = repr(judged.facts._replace(nik="", phone=""))
            assert judged.verdict == Verdict.TO_FIX or not re.search("1571|0852|9001", in_clear), heading
    assert {heading for heading, found in verdicts.items() if found == Verdict.READY} == {
        "Tempat Lahir",
        "L/P",
        "Pekerjaan",
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({}, "row.blank"),
        ({"Alamat": "   "}, "row.blank"),
        ({"No": "17"}, "row.not_a_person"),
        ({"No": "JUMLAH : 3690 ORANG"}, "row.not_a_person"),
        ({"Nama": "TOTAL", "NIK": "3"}, "row.not_a_person"),
        ({"Kelurahan": "Jambi, 20 Mei 2025"}, "row.not_a_person"),
        ({"Nama": "Drs. CONTOH REKAAN, M.Si."}, "row.not_a_person"),
        ({"Nama": "KECAMATAN TELANAIPURA"}, "row.not_a_person"),
        ({heading: heading for heading in HEADINGS}, "row.not_a_person"),
        ({heading: f"({at})" for at, heading in enumerate(HEADINGS, start=1)}, "row.not_a_person"),
        ({heading: str(at) for at, heading in enumerate(HEADINGS, start=1)}, "row.not_a_person"),
    ],
    ids=[
        "nothing",
        "spaces",
        "number",
        "total",
        "sum",
        "date line",
        "signature",
        "section",
        "headings",
        "(1)",
        "1",
    ],
)
def test_it_leaves_out_what_is_no_person_and_says_so(row: dict[str, str], code: str) -> None:
    judged = judge(row)
    assert (judged.verdict, judged.facts) == (Verdict.IGNORED, None)
    assert judged.problems == (Problem(None, code),)


def test_a_person_of_whom_only_the_name_is_known_is_to_be_fixed_and_not_left_out() -> None:
    judged = judge({"No": "5", "Nama": "Siti Aminah"})
    assert judged.verdict == Verdict.TO_FIX
    assert said(judged) == {
        ("NIK", "nik.missing"),
        ("Tgl Lahir", "birth.missing"),
        ("Kelurahan", "kelurahan.missing"),
    }


def test_a_row_shorter_or_longer_than_the_headings_is_read_as_far_as_it_goes() -> None:
    seen = layout([(1, HEADINGS)])
    assert seen is not None
    judging = Judge(seen, on=ON, occupation="Buruh")
    cells = [Cell(text) for text in SITI.values()]
    short = judging.judge(7, cells[:5])
    assert said(short) == {("L/P", "sex.missing"), ("Kelurahan", "kelurahan.missing")}
    assert judging.judge(7, [*cells, Cell("x"), Cell("y")]).verdict == Verdict.READY


TEXTS = st.text(max_size=60) | st.sampled_from(
    [
        "1571085205749001",
        "12-05-1974",
        "Siti Aminah",
        "P",
        "Legok",
        "٣٢",
        "①" * 16,
        "9" * 5000,
        "\u202e",
        "-",
        "=1+1",
        "\ufffd",
    ]
)


@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=14), numeric=st.lists(st.booleans(), min_size=14, max_size=14))
def test_no_text_in_any_cell_makes_a_row_raise(texts: list[str], numeric: list[bool]) -> None:
    seen = layout([(1, (*HEADINGS, "Kecamatan", "RT"))])
    assert seen is not None
    cells = [Cell(*pair) for pair in zip(texts, numeric, strict=False)]
    judged = Judge(seen, on=ON, occupation="Buruh").judge(9, cells)
    assert judged.cells == tuple(texts)
    assert (judged.facts is None) is (judged.verdict == Verdict.IGNORED)
    if judged.verdict != Verdict.IGNORED:
        assert judged.verdict == verdict(judged.problems)
    _fits_the_register(judged)


def _fits_the_register(judged: Judged) -> None:
    """Nothing that is ready may be refused by a column of the database: it would hold up the whole list."""
    if judged.verdict != Verdict.READY or judged.facts is None:
        return
    facts = judged.facts
    assert len(facts.nik) == 16
    assert facts.nik.isascii()
    assert facts.nik.isdecimal()
    assert 0 < len(facts.name) <= 200
    assert len(facts.name_key) <= 200
    assert len(facts.birth_place) <= 100
    assert 0 < len(facts.occupation) <= 80
    assert facts.birth_date is not None
    assert facts.sex in {"M", "F"}
    assert facts.kelurahan_code


@settings(deadline=None)
@given(
    name=st.text(min_size=1, max_size=2_000),
    place=st.text(max_size=2_000),
    work=st.text(max_size=2_000),
)
def test_whoever_is_ready_fits_into_the_register_however_long_the_words(
    name: str, place: str, work: str
) -> None:
    _fits_the_register(judge(SITI | {"Nama": f"Siti {name}", "Tempat Lahir": place, "Pekerjaan": work}))


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(problems.catalogue())), max_size=6))
def test_the_verdict_follows_the_kinds_of_the_problems(codes: list[str]) -> None:
    kinds = {problems.kind(code) for code in codes}
    expected = Verdict.READY
    if ProblemKind.BLOCKS in kinds:
        expected = Verdict.TO_FIX
    if ProblemKind.REFUSES in kinds:
        expected = Verdict.REFUSED
    assert verdict([Problem(None, code) for code in codes]) == expected


def test_one_more_problem_is_judged_with_the_others() -> None:
    ready = judge(SITI)
    noted = ready.with_problem(Problem(1, "phone.unreadable"))
    blocked = noted.with_problem(Problem(2, "nik.length", "8"))
    refused = blocked.with_problem(Problem(3, "age.too_old"))
    verdicts = [
        row.verdict for row in (ready, noted, blocked, refused, refused.with_problem(noted.problems[0]))
    ]
    assert verdicts == ["ready", "ready", "to_fix", "refused", "refused"]
    assert [row.line for row in (ready, refused)] == [7, 7]
