"""The page "Cakupan": figures with their denominator, date and source, on a map whose colours do not speak alone."""

import re

import pytest

from lindung.access.models import Role
from lindung.identity.tiles import TILES
from web.conftest import SignIn
from web.village import Village

THE_HOK, JELUTUNG = "15.71.02.1004", "15.71.06"


def test_it_names_denominator_date_and_source(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.MAYOR).get("/cakupan/").content.decode()
    assert "100% masih terlindungi, dari 2 orang terdaftar" in page
    assert "10 November 2026" in page
    assert "Kepesertaan yang berjalan pada tanggal itu" in page
    assert "kuota kerja sama yang ditanggung kota" in page


def test_it_compares_with_the_lists_when_asked(village: Village, signed_in: SignIn) -> None:
    """Two are enrolled; of the faulty rows one can still be mended, the other is refused."""
    page = signed_in(Role.MAYOR).get("/cakupan/?pembanding=listed").content.decode()
    assert "66% masih terlindungi, dari 3 orang terdaftar dan yang masih di daftar" in page


def test_it_draws_a_tile_for_every_kelurahan_with_its_number(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.CITY_OFFICER).get("/cakupan/").content.decode()
    tiles = re.findall(r'<g class="([a-z-]+)"><title>([^<]+)</title>', page)
    assert len(tiles) == len(TILES) == 68
    (hok,) = [(colour, title) for colour, title in tiles if title.startswith("Thehok")]
    assert hok == ("nearly-all", "Thehok: 100% dari 2 orang")
    assert {colour for colour, _ in tiles} == {"nobody", "nearly-all"}


def test_it_goes_down_to_the_kelurahan_and_its_people(village: Village, signed_in: SignIn) -> None:
    officer = signed_in(Role.CITY_OFFICER)
    assert f"/cakupan/{THE_HOK[:8]}/" in officer.get("/cakupan/").content.decode()
    assert f"/cakupan/{THE_HOK}/" in officer.get(f"/cakupan/{THE_HOK[:8]}/").content.decode()
    page = officer.get(f"/cakupan/{THE_HOK}/").content.decode()
    assert f"/pekerja/?kelurahan={THE_HOK}" in page
    assert "kuota kerja sama yang ditanggung kota" not in page
    assert (
        f"/pekerja/?kelurahan={THE_HOK}"
        not in signed_in(Role.MAYOR).get(f"/cakupan/{THE_HOK}/").content.decode()
    )


def test_it_shows_an_operator_her_own_kelurahan_only(village: Village, signed_in: SignIn) -> None:
    operator = signed_in(Role.KELURAHAN_OPERATOR)
    page = operator.get("/cakupan/").content.decode()
    assert "Cakupan Thehok" in page
    assert "Jelutung" not in page
    assert operator.get(f"/cakupan/{JELUTUNG}/").status_code == 404
    assert operator.get(f"/cakupan/{THE_HOK}/").status_code == 200
    assert f'href="/cakupan/{THE_HOK[:8]}/"' not in page


def test_it_frames_the_map_around_the_place(village: Village, signed_in: SignIn) -> None:
    officer = signed_in(Role.CITY_OFFICER)
    frames = []
    for path in ("/cakupan/", f"/cakupan/{THE_HOK[:8]}/"):
        found = re.search(
            r'<svg class="map" viewBox="(\d+) (\d+) (\d+) (\d+)"', officer.get(path).content.decode()
        )
        assert found is not None
        frames.append(tuple(map(int, found.groups())))
    whole, part = frames
    assert whole[:2] == (0, 0)
    assert part[2] * part[3] < whole[2] * whole[3]
    assert part[1] + part[3] <= whole[3]


@pytest.mark.parametrize("code", ["15.71.99", "siapa", "15"])
def test_it_knows_no_other_place(village: Village, signed_in: SignIn, code: str) -> None:
    assert signed_in(Role.CITY_OFFICER).get(f"/cakupan/{code}/").status_code == 404


def test_it_gives_the_table_to_copy(village: Village, signed_in: SignIn) -> None:
    page = signed_in(Role.MAYOR).get("/cakupan/").content.decode()
    copied = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert copied is not None
    lines = [line.split("\t") for line in copied[1].splitlines()]
    assert lines[0][0] == "2026-11-10"
    assert [THE_HOK, "Thehok", "2", "0", "0", "0", "1", "2"] in lines
    assert len(lines) == 2 + 68


def test_it_says_what_to_do_first_where_nobody_is_enrolled(village: Village, signed_in: SignIn) -> None:
    page = signed_in(village.stranger).get("/cakupan/").content.decode()
    assert "Belum ada orang terdaftar" in page
    assert "Unggah daftar pekerja" in page
