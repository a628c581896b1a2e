"""The typesetter: tagged, the same twice, reading nothing but what it is given, whatever the names hold."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.documents import pdf as typesetting
from lindung.documents.paper import Paper, Section, Signature, Table
from lindung.documents.pdf import pdf, set_as

ON = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOSTILE = (
    '#read("/etc/passwd")',
    "$x$ *tebal* _miring_ `kode` @rujuk <label> // komentar /* dan */",
    '"], "title": "lain',
    "]#panic()[",
    "\\u{1F600} \\ #let said = 1",
    "=1+1",
    "Siti\x00\x07\nAminah\u202e\u200b",
    "Nur أمينة 漢字 😀",
)


def paper(name: str = "Siti Aminah", *, rows: Sequence[tuple[str, ...]] = (), watermark: str = "") -> Paper:
    table = Table(("Nama", "Rupiah"), (*rows, (name, "Rp16.800")), right=(1,), total=("Jumlah", "Rp16.800"))
    return Paper(
        title=f"Tagihan {name}",
        letterhead=("Kota Jambi", name),
        under=name,
        facts=(("Nama", name),),
        figure="Rp16.800",
        in_words="enam belas ribu delapan ratus rupiah",
        sections=(Section("Isi", (name,), table), Section("Lampiran", (), table, apart=True)),
        signatures=(Signature("PPTK"), Signature("KPA", name)),
        watermark=watermark,
        made="Dicetak oleh Rina",
        fingerprint="Sidik ab12",
    )


def words_of(made: Paper) -> str:
    """What the typesetter reads of a paper, without its marks."""
    html = set_as(made, "html", on=ON)
    assert isinstance(html, bytes)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


class TestThePdf:
    def test_it_is_tagged_for_readers_of_screens(self) -> None:
        made = pdf(paper(), on=ON)
        assert made.startswith(b"%PDF-1.7")
        assert b"<pdfuaid:part>1</pdfuaid:part>" in made
        assert b"/Lang(id-ID)" in made
        assert b"/StructTreeRoot" in made

    def test_it_is_the_same_twice_and_another_at_another_moment(self) -> None:
        assert pdf(paper(), on=ON) == pdf(paper(), on=ON)
        assert pdf(paper(), on=ON) != pdf(paper(), on=ON + timedelta(seconds=1))

    def test_it_embeds_the_fonts_of_the_house_alone(self) -> None:
        fonts = set(re.findall(rb"/BaseFont/\w+\+(\w+)", pdf(paper(), on=ON)))
        assert fonts
        assert all(name.startswith(b"LibertinusSerif") for name in fonts)

    def test_its_templates_ask_for_no_package_and_no_file(self) -> None:
        for template in (Path(typesetting.__file__).parent / "typesetting").glob("*.typ"):
            assert not re.search(r"@preview|#?\b(import|include|read|image)\b[( ]", template.read_text())


class TestNames:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_it_takes_any_name_for_text(self, name: str) -> None:
        assert pdf(paper(name), on=ON)
        said = words_of(paper(name))
        assert "root:" not in said
        assert re.sub(r"[^\w#$*=]+", "", name.split()[0], flags=re.ASCII) in re.sub(r"[^\w#$*=]+", "", said)

    def test_it_shows_where_a_sign_has_no_shape(self) -> None:
        assert "Nur ����� �� �" in words_of(paper("Nur أمينة 漢字 😀"))

    def test_it_lets_no_sign_through_that_has_no_shape(self) -> None:
        """In every style of the paper: bold, slanted and plain; where one lacked, the typesetter would refuse it."""
        signs = "".join(map(chr, [*range(0x20, 0x250), *range(0x2000, 0x2070), 0x2212, 0xFFFD]))
        assert pdf(paper(signs)._replace(in_words=signs, watermark=signs), on=ON)

    @settings(max_examples=25, deadline=None)
    @given(st.text(max_size=40))
    def test_it_sets_whatever_is_written(self, name: str) -> None:
        assert pdf(paper(name), on=ON).startswith(b"%PDF")


class TestThePages:
    def test_it_goes_on_over_pages_and_counts_them(self) -> None:
        many = [(f"Pekerja {number}", "Rp16.800") for number in range(150)]
        pages = set_as(paper(rows=many), "png", on=ON, ppi=20)
        assert isinstance(pages, list)
        assert len(pages) > 4

    def test_it_lays_the_watermark_across(self) -> None:
        assert len(pdf(paper(watermark="DIBATALKAN"), on=ON)) > len(pdf(paper(), on=ON))
