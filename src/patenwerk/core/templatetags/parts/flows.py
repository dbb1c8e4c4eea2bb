"""The map of flows: how many go from one Land to another, drawn between the tiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from django.utils.translation import gettext as _

from patenwerk.core.templatetags.parts.laender import Tile
from patenwerk.core.templatetags.parts.library import register
from patenwerk.core.templatetags.parts.numbers import Number, number
from patenwerk.core.templatetags.parts.tables import HIDDEN_SIGN

Flow = tuple[str, str, str, Number | None]
"""Code of the Land it comes from, of the one it goes to, both in words, its number."""

PLACES: Mapping[str, tuple[int, int]] = {
    "SH": (2, 0),
    "HB": (1, 1),
    "HH": (2, 1),
    "MV": (3, 1),
    "NW": (0, 2),
    "NI": (1, 2),
    "ST": (2, 2),
    "BE": (3, 2),
    "BB": (4, 2),
    "RP": (0, 3),
    "HE": (1, 3),
    "TH": (2, 3),
    "SN": (3, 3),
    "SL": (0, 4),
    "BW": (1, 4),
    "BY": (2, 4),
}
"""Column and row of each tile, as on the map of tiles."""

TILE, GAP = 54, 26
SIDE = 5 * TILE + 4 * GAP
NEAR_START, NEAR_END = 25, 34
"""So far from the tiles' centres an arc begins and ends: the words stay free."""
WIDTHS = (2, 3.5, 5, 6.5, 8)


@dataclass(frozen=True, slots=True)
class Arc:
    """One flow as it is drawn: a bend to the right of its way, so that both ways can be told."""

    path: str
    tip: str
    width: float
    words: str


@register.inclusion_tag("core/ui/flowmap.html")
def flowmap(
    name: str, inside: Iterable[Tile], flows: Iterable[Flow], label: str, unit: str = ""
) -> dict[str, Any]:
    """Arcs between the tiles of the Länder; a tile's number is what stays inside.

    ``name`` makes the ids on the page. A hidden number inside is hatched, a hidden flow is not
    drawn; a table with the same numbers belongs beside the map.
    """
    drawn = [flow for flow in flows if flow[3] and flow[0] in PLACES and flow[1] in PLACES]
    most = max((float(flow[3] or 0) for flow in drawn), default=1.0)
    return {
        "name": name,
        "label": label,
        "side": SIDE,
        "tile_side": TILE,
        "tiles": [_tile(*tile) for tile in inside if tile[0] in PLACES],
        "arcs": [_arc(flow, most, unit) for flow in drawn],
    }


def _tile(code: str, name: str, value: Number | None) -> dict[str, Any]:
    column, row = PLACES[code]
    x, y = column * (TILE + GAP), row * (TILE + GAP)
    return {
        "code": code,
        "x": x,
        "y": y,
        "middle": x + TILE // 2,
        "head": y + 23,
        "foot": y + 44,
        "is_hidden": value is None,
        "is_empty": value == 0,
        "shown": HIDDEN_SIGN if value is None else number(value),
        "words": f"{name}: {_('hidden') if value is None else number(value)}",
    }


def _arc(flow: Flow, most: float, unit: str) -> Arc:
    start, end, words, value = flow
    (x1, y1), (x2, y2) = (_middle(code) for code in (start, end))
    far = hypot(x2 - x1, y2 - y1)
    right, down = (x2 - x1) / far, (y2 - y1) / far
    bend = 12 + far * 0.14
    side = (-down * bend, right * bend)
    # Both ends lie a little to the side of the straight line: two flows between two Länder never
    # cover each other.
    offset = (-down * 9, right * 9)
    begin = (x1 + right * NEAR_START + offset[0], y1 + down * NEAR_START + offset[1])
    stop = (x2 - right * NEAR_END + offset[0], y2 - down * NEAR_END + offset[1])
    over = ((x1 + x2) / 2 + side[0], (y1 + y2) / 2 + side[1])
    amount = float(value or 0)
    width = WIDTHS[min(int(amount / most * len(WIDTHS)), len(WIDTHS) - 1)]
    return Arc(
        path=f"M{_at(begin)}Q{_at(over)} {_at(stop)}",
        tip=_tip(over, stop, width),
        width=width,
        words=" ".join(filter(None, (f"{words}: {number(amount)}", unit))),
    )


def _middle(code: str) -> tuple[float, float]:
    column, row = PLACES[code]
    return column * (TILE + GAP) + TILE / 2, row * (TILE + GAP) + TILE / 2


def _tip(before: Sequence[float], stop: Sequence[float], width: float) -> str:
    """The arrow's head, along the last part of the arc."""
    far = hypot(stop[0] - before[0], stop[1] - before[1])
    right, down = (stop[0] - before[0]) / far, (stop[1] - before[1]) / far
    long, wide = 7 + width, 4 + width * 0.7
    points = (
        (stop[0] + right * long, stop[1] + down * long),
        (stop[0] - down * wide, stop[1] + right * wide),
        (stop[0] + down * wide, stop[1] - right * wide),
    )
    return f"M{_at(points[0])}L{_at(points[1])} {_at(points[2])}z"


def _at(point: Sequence[float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
