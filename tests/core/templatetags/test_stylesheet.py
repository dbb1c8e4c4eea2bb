"""What the stylesheet promises: contrast in both modes, no left and right, no colour elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import patenwerk

SOURCE = Path(patenwerk.__file__).parent
CSS = (SOURCE / "core/static/core/patenwerk.css").read_text("utf-8")
PLAIN = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)

AAA, GRAPHIC = 7.0, 3.0

SURFACES = ("ground", "surface", "sunken")
TEXT_PAIRS = [
    *((text, surface) for text in ("text", "soft", "link") for surface in SURFACES),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("on-a", "a"),
    ("on-b", "b"),
    ("band-text", "band"),
    ("band-soft", "band"),
    *((f"on-{tone}", tone) for tone in ("good", "warn", "alarm", "info")),
    *((f"m{step}t", f"m{step}") for step in range(1, 6)),
]
LARGE_OR_GRAPHIC = [
    ("b", "band"),  # the large number on the band
    *((edge, surface) for edge in ("edge", "focus", "b-edge") for surface in SURFACES),
    *((f"{tone}-edge", tone) for tone in ("good", "warn", "alarm", "info")),
    ("a", "ground"),
    ("a", "surface"),
]


def blocks(selector: str) -> list[dict[str, str]]:
    """The custom properties of every rule with exactly this selector."""
    pattern = rf"(?:^|[}}{{;])\s*{re.escape(selector)}\s*\{{([^{{}}]*)\}}"
    return [
        dict(re.findall(r"--([\w-]+):\s*([^;]+);", body)) for body in re.findall(pattern, PLAIN)
    ]


(LIGHT,) = blocks(":root")
(DEVICE_DARK,) = blocks(':root:not([data-theme="light"])')
(CHOSEN_DARK,) = blocks(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    digits = colour.strip().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXT_PAIRS)
def test_text_reaches_aaa(mode: str, text: str, surface: str) -> None:
    tokens = LIGHT if mode == "light" else {**LIGHT, **CHOSEN_DARK}
    assert contrast(tokens[text], tokens[surface]) >= AAA


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("line", "surface"), LARGE_OR_GRAPHIC)
def test_lines_and_large_numbers_can_be_seen(mode: str, line: str, surface: str) -> None:
    tokens = LIGHT if mode == "light" else {**LIGHT, **CHOSEN_DARK}
    assert contrast(tokens[line], tokens[surface]) >= GRAPHIC


def test_every_text_token_is_in_a_pair() -> None:
    texts = {name for name in LIGHT if re.fullmatch(r"on-\w+|m\dt|text|soft|link|band-\w+", name)}
    assert {text for text, _surface in TEXT_PAIRS} == texts - {"band-line"}


def test_the_device_and_the_choice_give_the_same_dark() -> None:
    assert DEVICE_DARK == CHOSEN_DARK


def test_dark_changes_every_colour_and_nothing_else() -> None:
    colours = {name for name, value in LIGHT.items() if "#" in value or "rgb" in value}
    assert set(CHOSEN_DARK) == colours


def test_no_left_and_right() -> None:
    physical = re.compile(
        r"(?<![\w-])((?:margin|padding|border|inset)-(?:left|right|top|bottom)[\w-]*"
        r"|(?:min-|max-)?(?:width|height)|left|right|top|bottom)\s*:"
    )
    rules = re.sub(r"@(?:media|container)[^{]*", "", PLAIN)
    assert [found.group(0) for found in physical.finditer(rules)] == []
    assert re.findall(r"(?:text-align|float|clear)\s*:\s*(?:left|right)", rules) == []


def test_colours_are_tokens() -> None:
    """Outside tokens and print a colour value appears in two named places only."""
    parts = re.split(r"@layer (\w+) \{", PLAIN)
    layers = dict(zip(parts[1::2], parts[2::2], strict=True))
    found = {
        name: re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\([^)]*\)", body)
        for name, body in layers.items()
        if name not in {"tokens", "print"}
    }
    assert {name: values for name, values in found.items() if values} == {
        "shell": ["#f2b441", "#8fcdbc", "#f2b441"],  # the dark band sets its own tokens
        "components": ["rgb(10 20 18 / .55)"],  # behind a dialog
    }


def test_nothing_is_smaller_than_fourteen_pixels_but_initials() -> None:
    sizes = re.findall(r"font(?:-size)?:[^;]*?(\d*\.\d+|\d+)(rem|px)", PLAIN)
    small = [
        (size, unit) for size, unit in sizes if float(size) * (16 if unit == "rem" else 1) < 14
    ]
    # initials in the half-discs (for the eye only) and the axis of a line chart
    assert small == [("0.8125", "rem"), ("13", "px")]
