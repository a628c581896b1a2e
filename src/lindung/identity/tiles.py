"""Where each kelurahan of Kota Jambi lies on a map of equal tiles.

place_tiles.csv was made once from the coordinates of places.csv: every kelurahan got the free tile that moves all of
them least, on a grid where half the distance is that on the ground and half the order from west to east and from
north to south, so that the crowded centre has room.

>>> len(TILES), TILES["15.71.02.1004"]
(68, Tile(column=7, row=6))
"""

import csv
from importlib.resources import files
from typing import NamedTuple


class Tile(NamedTuple):
    """A place on the grid, counted from 0 at the north-west corner."""

    column: int
    row: int


def _read() -> dict[str, Tile]:
    text = (files("lindung.identity") / "place_tiles.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Tile(int(row["column"]), int(row["row"])) for row in csv.DictReader(text.splitlines())
    }


TILES = _read()
COLUMNS = 1 + max(tile.column for tile in TILES.values())
ROWS = 1 + max(tile.row for tile in TILES.values())
