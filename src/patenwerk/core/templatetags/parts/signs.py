"""Icons, the two half-discs, and what is put together from them."""

# ruff: noqa: FBT001, FBT002 - a template hands these over by place or by name

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree as ET

import lucide
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from patenwerk.core.templatetags.parts.library import register


@lru_cache(maxsize=256)
def _icon_paths(name: str) -> SafeString:
    """The drawing of a Lucide icon without its frame, so that the stylesheet sets all strokes."""
    # The package offers its icons only ready-made for its own tags; this is what those call.
    svg = ET.fromstring(lucide._render_icon(name, size=None))  # noqa: S314, SLF001
    parts = (ET.tostring(part, encoding="unicode").strip() for part in svg)
    return mark_safe("".join(parts))  # noqa: S308 - drawings from the pinned icon package


@register.simple_tag
def icon(name: str, flip: bool = False) -> SafeString:
    """A Lucide icon, for the eye only; ``flip`` mirrors arrows where text runs right to left.

    An unknown name raises ``lucide.IconDoesNotExist``.
    """
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"{}>{}</svg>',
        SafeString(" data-flip") if flip else "",
        _icon_paths(name),
    )


_LEFT = '<path class="{}" d="M20 4a16 16 0 0 0 0 32z"{}/>'
_RIGHT = '<path class="{}" d="M20 4a16 16 0 0 1 0 32z"{}/>'


def _halves(
    a: tuple[float, float] = (0, 0),
    b: tuple[float, float] = (0, 0),
    *,
    a_class: str = "half-a",
    b_class: str = "half-b",
) -> SafeString:
    """Two half-discs, each moved by (right, down) in a field of 40 by 40."""

    def move(x: float, y: float) -> SafeString:
        return format_html(' transform="translate({} {})"', x, y) if x or y else SafeString("")

    return format_html(_LEFT, a_class, move(*a)) + format_html(_RIGHT, b_class, move(*b))


MARKS: Mapping[str, SafeString] = {
    "logo": _halves((0, -3.5), (0, 3.5)),
    "search": _halves((-2, 0), (2, 0), b_class="half-empty"),
    "offer": _halves((-2, 0), (2, 0), a_class="half-empty"),
    "proposed": _halves((-3, -3), (3, 3)),
    "agreed": _halves((-1, -3.2), (1, 3.2)),
    "trial": _halves((0, -3.5), (0, 3.5)),
    "active": _halves(),
    "paused": _halves((-2.5, 0), (2.5, 0)),
    "silent": _halves((-3, 0), (3, 0), b_class="half-empty"),
    "closed": SafeString(
        '<path class="half-a" d="M3 4a16 16 0 0 1 0 32z"/>'
        '<path class="half-b" d="M37 4a16 16 0 0 0 0 32z"/>'
    ),
    "group": SafeString(
        '<path class="half-a" d="M19 4.5a16 16 0 0 0-15 14.5h15zM4 21a16 16 0 0 0 15 14.5V21z"/>'
        '<path class="half-b" d="M20 4a16 16 0 0 1 0 32z" transform="translate(1.5 0)"/>'
    ),
    "none": _halves((-2, 0), (2, 0), a_class="half-empty", b_class="half-empty"),
}
"""How far the two halves are apart, by state."""


def _size(size: str) -> SafeString:
    return format_html(' data-size="{}"', size) if size else SafeString("")


@register.simple_tag
def mark(state: str, size: str = "") -> SafeString:
    """The two half-discs. ``state`` is a key of MARKS, ``size`` '', 'small' or 'large'.

    For the eye only: the word of the state stands beside it. Unknown states raise KeyError.
    """
    return format_html(
        '<svg class="mark"{} viewBox="0 0 40 40" aria-hidden="true">{}</svg>',
        _size(size),
        MARKS[state],
    )


@register.simple_tag
def pair(a: str, b: str, state: str = "active", size: str = "") -> SafeString:
    """Two people's initials in the two halves; '?' or '' leaves a half open, a number says how many
    they are and divides the half.
    """
    if state not in MARKS:
        raise KeyError(state)

    def half(initials: str) -> SafeString:
        if initials in ("", "?"):
            return SafeString("<span data-empty>?</span>")
        if initials.isdecimal():
            return format_html("<span data-many><span>{}</span><span></span></span>", initials)
        return format_html("<span>{}</span>", initials[:2])

    return format_html(
        '<span class="pair" data-state="{}"{} aria-hidden="true">{}{}</span>',
        state,
        _size(size),
        half(a),
        half(b),
    )


_draw_icon, _draw_mark = icon, mark  # for the parts whose own parameters carry these names


@register.simple_tag
def badge(text: str, tone: str = "", mark: str = "", icon: str = "") -> SafeString:
    """A state as word plus shape. ``tone``: '', good, warn, alarm, info."""
    sign = SafeString("")
    if mark:
        sign = _draw_mark(mark, "small")
    elif icon:
        sign = _draw_icon(icon)
    return format_html(
        '<span class="badge"{}>{}{}</span>',
        format_html(' data-tone="{}"', tone) if tone else "",
        sign,
        text,
    )
