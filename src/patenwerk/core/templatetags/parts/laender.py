"""The map of tiles: the sixteen Länder."""

# ruff: noqa: FBT001, FBT002 - a template hands these over by place or by name

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from patenwerk.core.templatetags.parts.library import register
from patenwerk.core.templatetags.parts.numbers import Number, number
from patenwerk.core.templatetags.parts.tables import hidden_words

Tile = tuple[str, str, Number | None]
"""Code of the Land (SH, HB, …), its name, its number; None is hidden."""


def _step(value: Number | None, thresholds: Sequence[Number]) -> str:
    if value is None:
        return "x"
    return str(1 + sum(value >= threshold for threshold in thresholds))


@register.inclusion_tag("core/ui/tilemap.html")
def tilemap(
    values: Iterable[Tile], thresholds: Sequence[Number], label: str, unit: str = ""
) -> dict[str, Any]:
    """The sixteen Länder as tiles. ``thresholds`` are four rising numbers: five shades.

    ``unit`` is the word read out after a number.
    """
    return {
        "label": label,
        "unit": unit,
        "hidden": hidden_words(),
        "tiles": [
            {"code": code, "name": name, "value": value, "step": _step(value, thresholds)}
            for code, name, value in values
        ],
    }


@register.inclusion_tag("core/ui/landtable.html")
def landtable(values: Iterable[Tile], caption: str, unit: str) -> dict[str, Any]:
    """The same numbers as a table that opens on request, by name."""
    rows = sorted(((name, value) for _code, name, value in values), key=lambda row: row[0])
    return {"caption": caption, "unit": unit, "rows": rows}


@register.simple_tag
def scale(thresholds: Sequence[Number], hidden: bool = False) -> SafeString:
    """What the shades of a tile map mean."""
    words = [_("below {number}").format(number=number(thresholds[0]))]
    words += [
        number(low)
        if int(high) - 1 <= low
        else _("{first} to {last}").format(first=number(low), last=number(int(high) - 1))
        for low, high in pairwise(thresholds)
    ]
    words.append(_("from {number}").format(number=number(thresholds[-1])))
    steps = [(str(index), word) for index, word in enumerate(words, start=1)]
    if hidden:
        steps.append(("x", _("hidden")))
    items = format_html_join("", '<li><i data-step="{}"></i>{}</li>', steps)
    return format_html('<ul class="scale" aria-label="{}">{}</ul>', _("Shades"), items)
