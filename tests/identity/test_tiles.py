"""The tile map: every kelurahan has one tile, and what lies north or east lies so on the map."""

from itertools import combinations

from lindung.identity.places import PLACES
from lindung.identity.tiles import COLUMNS, ROWS, TILES

FAR = 0.04
"""Degrees; some four and a half kilometres."""


def test_it_has_one_tile_for_each_kelurahan() -> None:
    assert set(TILES) == set(PLACES)
    assert len(set(TILES.values())) == len(TILES) <= COLUMNS * ROWS


def test_it_keeps_north_above_south_and_west_before_east() -> None:
    for first, second in combinations(PLACES.values(), 2):
        a, b = TILES[first.code], TILES[second.code]
        if float(first.latitude) - float(second.latitude) > FAR:
            assert a.row < b.row, (first.name, second.name)
        if float(second.longitude) - float(first.longitude) > FAR:
            assert a.column < b.column, (first.name, second.name)
