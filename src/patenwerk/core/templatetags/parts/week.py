"""The free time of two people."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from patenwerk.core.templatetags.parts.library import register

DAYS = 7
PARTS = 3
_NOBODY = SafeString('<circle class="dot" cx="10" cy="10" r="1.5"/>')
_HALF_A = SafeString('<path class="half-a" d="M10 2a8 8 0 0 0 0 16z"/>')
_HALF_B = SafeString('<path class="half-b" d="M10 2a8 8 0 0 1 0 16z"/>')
_HALF_A_FILL = SafeString('<path class="half-a" d="M10 2a8 8 0 0 1 0 16z"/>')
_HALF_B_FILL = SafeString('<path class="half-b" d="M10 2a8 8 0 0 0 0 16z"/>')


@register.inclusion_tag("core/ui/week.html")
def week(
    a_bits: int, b_bits: int, a_name: str = "", b_name: str = "", caption: str = ""
) -> dict[str, Any]:
    """Seven days by three parts of the day, for two people or one.

    ``a_bits`` and ``b_bits`` have bit ``day * 3 + part`` set where the person is free, Monday and
    morning first. The left half of a disc is A, the right half B, a full disc both. Without
    ``b_name`` the grid shows one person: free or not.
    """
    only_a = _("only {name}").format(name=a_name) if b_name else _("free")
    only_b = _("only {name}").format(name=b_name) if a_name else _("free")
    faces = {
        (False, False): (_("nobody") if a_name and b_name else _("not free"), _NOBODY),
        (True, False): (only_a, _HALF_A if b_name else _HALF_A + _HALF_A_FILL),
        (False, True): (only_b, _HALF_B if a_name else _HALF_B + _HALF_B_FILL),
        (True, True): (_("both"), _HALF_A + _HALF_B),
    }

    def face(day_index: int, part: int) -> tuple[str, SafeString]:
        bit = 1 << (day_index * PARTS + part)
        return faces[bool(a_bits & bit), bool(b_bits & bit)]

    names = (_("morning"), _("afternoon"), _("evening"))
    return {
        "caption": caption,
        "days": [
            (_("Mo"), _("Monday")),
            (_("Tu"), _("Tuesday")),
            (_("We"), _("Wednesday")),
            (_("Th"), _("Thursday")),
            (_("Fr"), _("Friday")),
            (_("Sa"), _("Saturday")),
            (_("Su"), _("Sunday")),
        ],
        "rows": [
            (name, [face(day_index, part) for day_index in range(DAYS)])
            for part, name in enumerate(names)
        ],
    }


@register.simple_tag
def week_legend(a_name: str, b_name: str) -> SafeString:
    """What the discs of the week grid mean, for two people."""
    signs = (
        (_HALF_A, _("only {name} is free").format(name=a_name)),
        (_HALF_B, _("only {name} is free").format(name=b_name)),
        (_HALF_A + _HALF_B, _("both are free")),
    )
    items = format_html_join(
        "", '<li><svg viewBox="0 0 20 20" aria-hidden="true">{}</svg>{}</li>', signs
    )
    return format_html('<ul class="legend">{}</ul>', items)
