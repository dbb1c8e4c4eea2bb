"""The map of flows: arrows between tiles, with the same numbers in words."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from patenwerk.core.templatetags.parts.flows import PLACES, SIDE, WIDTHS, Flow
from patenwerk.core.templatetags.parts.laender import Tile

INSIDE: list[Tile] = [("BE", "Berlin", 41), ("BB", "Brandenburg", 0), ("SN", "Sachsen", None)]
FLOWS: list[Flow] = [
    ("BE", "BB", "von Berlin nach Brandenburg", 1200),
    ("BB", "BE", "von Brandenburg nach Berlin", 120),
    ("SN", "BE", "von Sachsen nach Berlin", None),
    ("BE", "SN", "von Berlin nach Sachsen", 0),
    ("", "BE", "von irgendwo nach Berlin", 9),
]


def drawn(flows: list[Flow] = FLOWS) -> str:
    template = Template('{% flowmap "map" inside flows "Paare zwischen Ländern" "Paare" %}')
    with translation.override("de"):
        return template.render(Context({"inside": INSIDE, "flows": flows}))


def test_only_numbers_that_are_shown_are_drawn_and_read_out() -> None:
    svg = drawn()
    titles = re.findall(r"<title>(.*?)</title>", svg)
    assert titles == [
        "von Berlin nach Brandenburg: 1.200 Paare",
        "von Brandenburg nach Berlin: 120 Paare",
    ]
    read = svg.split("<desc")[1].split("</desc>")[0]
    for words in (*titles, "Berlin: 41", "Brandenburg: 0", "Sachsen: verborgen"):
        assert words in read
    assert svg.count("data-hidden") == svg.count("data-empty") == 1
    assert 'aria-labelledby="map-title map-desc"' in svg


def test_the_more_the_wider_and_both_ways_apart() -> None:
    svg = drawn()
    assert re.findall(r'stroke-width="([\d.]+)"', svg) == ["8.0", "2.0"]
    there, back = re.findall(r'<path d="(.*?)" stroke', svg)
    assert there != back
    ends = [
        [float(number) for number in re.findall(r"-?[\d.]+", path)][1::2] for path in (there, back)
    ]
    middle = (PLACES["BE"][1] + 0.5) / 5 * SIDE
    assert all(abs(y - middle) < SIDE / 5 for path in ends for y in path)
    assert min(ends[0]) > max(ends[1])  # one bends below, the other one above


def test_it_is_a_picture_without_any_style_or_script() -> None:
    svg = drawn()
    assert svg.count("<g") == svg.count("</g>") == 3 + 2
    assert "style" not in svg
    assert "script" not in svg


@pytest.mark.parametrize("flows", [[], [("SN", "BE", "von Sachsen nach Berlin", None)]])
def test_without_flows_the_tiles_stand_alone(flows: list[Flow]) -> None:
    svg = drawn(flows)
    assert 'class="arc"' not in svg
    assert svg.count("<g") == 3


def test_every_arrow_stays_on_the_map() -> None:
    every = [(start, end, "x", 5) for start in PLACES for end in PLACES if start != end]
    svg = drawn(every)  # type: ignore[arg-type]
    for path in re.findall(r' d="(.*?)"', svg):
        points = [float(number) for number in re.findall(r"-?[\d.]+", path)]
        assert all(-60 <= number <= SIDE + 60 for number in points)
    assert svg.count('class="arc"') == 16 * 15
    assert str(WIDTHS[-1]) in svg
