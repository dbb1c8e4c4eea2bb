"""The parts every page is made of, as template tags: ``{% load ui %}``.

A part takes plain values (numbers, words, pairs) and knows nothing of the field. Words that a
reader sees come from the page; only words that belong to the part itself (»hidden«, »page 2 of 7«)
are translated here. Small parts are put together below, larger ones in ``templates/core/ui/``.
All text alternatives are part of the part: a sign never stands without its words.
"""

# ruff: noqa: FBT001, FBT002 - a template hands these over by place or by name

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import lucide
from django import template
from django.conf import settings
from django.contrib.messages import constants as message_levels
from django.core.paginator import Page
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

register = template.Library()

Number = int | float | Decimal

HIDDEN_SIGN = "•"
"""Stands for every hidden cell, small or hidden with it: two would give the small one away."""

# ----------------------------------------------------------------- numbers and dates


@register.filter
def number(value: Number | None, digits: int = 0) -> str:
    """A number in the reader's language: 12.345 in German, 12,345 in English; nothing for None.

    Rounded half up to ``digits`` after the point (Django's own formatting only cuts off).
    """
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return formats.number_format(rounded, decimal_pos=digits, use_l10n=True, force_grouping=True)


@register.simple_tag
def day(value: date | datetime | None, form: str = "DATE_FORMAT") -> SafeString:
    """A date as a ``time`` element; ``form`` is a named or literal Django date format."""
    if value is None:
        return SafeString("")
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    machine = value.date() if isinstance(value, datetime) else value
    return format_html(
        '<time datetime="{}">{}</time>',
        machine.isoformat(),
        formats.date_format(value, form, use_l10n=True),
    )


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """Date and time of day as a ``time`` element, in the installation's time zone."""
    if value is None:
        return SafeString("")
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        formats.date_format(local, "DATETIME_FORMAT", use_l10n=True),
    )


# ----------------------------------------------------------------- signs


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
    """Two people's initials in the two halves; '?' or '' leaves a half open."""
    if state not in MARKS:
        raise KeyError(state)

    def half(initials: str) -> SafeString:
        if initials in ("", "?"):
            return SafeString("<span data-empty>?</span>")
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


# ----------------------------------------------------------------- figures and charts


def _share(part: Number, whole: Number) -> str:
    """A share in percent for an SVG attribute: always with a point, whatever the language."""
    return f"{float(part) / float(whole) * 100:.2f}%" if whole else "0%"


BAR_KINDS = ("a", "b", "rest", "over", "hidden")
HIDDEN_BAR_SHARE = 7
"""Width in percent of a hidden bar: its length says nothing."""


def _rect(kind: str, **measures: str) -> SafeString:
    return format_html(
        '<rect class="bar"{}{}/>',
        format_html(' data-kind="{}"', kind) if kind != "a" else "",
        format_html_join("", ' {}="{}"', measures.items()),
    )


@register.simple_tag
def bar(total: Number, **parts: Number | None) -> SafeString:
    """One horizontal bar: ``{% bar total a=new b=continued %}``, full width is ``total``.

    Parts in the order given: a, b, rest, over, hidden. A part that is None is hidden: then the
    whole bar is one hatched stub, so that no length can be measured. For the eye only, the numbers
    stand in the table beside it.
    """
    if unknown := set(parts) - set(BAR_KINDS):
        raise ValueError(f"unknown parts of a bar: {', '.join(sorted(unknown))}")
    if any(value is None for value in parts.values()) or parts.get("hidden"):
        inner = _rect("hidden", x="0%", width=f"{HIDDEN_BAR_SHARE}%", height="100%")
    else:
        inner = SafeString("")
        start: float = 0
        for kind, value in parts.items():
            if value:
                inner += _rect(
                    kind, x=_share(start, total), width=_share(value, total), height="100%"
                )
                start += float(value)
    return format_html(
        '<svg aria-hidden="true" width="100%" height="20">{}</svg>',
        inner,
    )


@register.simple_tag
def meter(label: str, value: Number, total: Number, kind: str = "a") -> SafeString:
    """How much of a given total is used: label, »38 of 45« and a bar."""
    over = max(float(value) - float(total), 0)
    whole = max(float(value), float(total))
    return format_html(
        '<div class="meter"><div><b>{}</b><span class="number">{}</span></div>{}</div>',
        label,
        _("{value} of {total}").format(value=number(value), total=number(total)),
        bar(whole, **{kind: float(value) - over, "over": over}),
    )


@register.simple_tag
def figure(value: Number | None, label: str, note: str = "", digits: int = 0) -> SafeString:
    """One large number with its sentence; None shows the sign for hidden."""
    return format_html(
        '<div class="figure"><b>{}</b><span>{}</span>{}</div>',
        _hidden_words() if value is None else number(value, digits),
        label,
        format_html("<small>{}</small>", note) if note else "",
    )


def _hidden_words() -> SafeString:
    return format_html(
        '<span aria-hidden="true">{}</span><span class="hush">{}</span>', HIDDEN_SIGN, _("hidden")
    )


@register.simple_tag
def hidden_cell(label: str = "") -> SafeString:
    """A table cell whose number is not shown. The same for every reason of hiding."""
    return format_html(
        '<td class="number" data-hidden{}>{}</td>',
        format_html(' data-label="{}"', label) if label else "",
        _hidden_words(),
    )


@register.simple_tag
def number_cell(value: Number | None, label: str = "", digits: int = 0) -> SafeString:
    """A table cell with a number, or the hidden cell for None; ``label`` shows on a phone."""
    if value is None:
        return hidden_cell(label)
    return format_html(
        '<td class="number"{}>{}</td>',
        format_html(' data-label="{}"', label) if label else "",
        number(value, digits),
    )


@register.simple_tag
def hidden_legend(minimum: int = 5) -> SafeString:
    """The sentence that explains the sign; stands under every table that may hide cells."""
    return format_html(
        '<p class="fine media" data-align="start"><span class="hatch" aria-hidden="true">{}</span>'
        "<span>{}</span></p>",
        HIDDEN_SIGN,
        _(
            "Hidden so that nobody can be recognised: the number is below {minimum}, or another "
            "number below {minimum} could be worked out from it."
        ).format(minimum=number(minimum)),
    )


@register.simple_tag
def legend(**parts: str | bool) -> SafeString:
    """What the colours of a bar mean: ``{% legend a=_("new") b=_("continued") hidden=True %}``."""
    words = {
        kind: _("hidden, the length says nothing") if kind == "hidden" else str(word)
        for kind, word in parts.items()
        if word
    }
    items = format_html_join(
        "",
        '<li><svg aria-hidden="true">{}</svg>{}</li>',
        ((_rect(kind, width="100%", height="100%"), word) for kind, word in words.items()),
    )
    return format_html('<ul class="legend">{}</ul>', items)


_YEAR = re.compile(r"(19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart over years, as its template needs it.

    A phone has no room for the ``century`` of a year's label.
    """

    century: str
    label: str
    value: Number | None
    top: str
    height: str
    kind: str
    key: bool


def _key_columns(values: Sequence[Number | None]) -> set[int]:
    """First, last, highest and lowest; a neighbour of a chosen one would not find room."""
    known = [index for index, value in enumerate(values) if value is not None]
    keys = {0, len(values) - 1} if values else set()
    for choose in (max, min):
        if known:
            index = choose(known, key=lambda i: float(values[i] or 0))
            if all(abs(index - key) > 1 for key in keys):
                keys.add(index)
    return keys


@register.inclusion_tag("core/ui/columns.html")
def columns(
    values: Iterable[tuple[str | int, Number | None]], label: str, highlight: str | int = ""
) -> dict[str, Any]:
    """A column chart as a list: ``values`` are (name, number) pairs, None is hidden.

    The column named ``highlight`` is marigold. On a phone only the first, the last, the highest
    and the lowest column show their number; all have it for those who listen.
    """
    pairs = [(str(name), value) for name, value in values]
    top = max((float(value) for _name, value in pairs if value is not None), default=0)
    keys = _key_columns([value for _name, value in pairs])

    def column(index: int, name: str, value: Number | None) -> Column:
        share = HIDDEN_BAR_SHARE if value is None else (float(value) / top * 100 if top else 0)
        kind = "hidden" if value is None else "b" if name == str(highlight) else "a"
        century, label = (name[:2], name[2:]) if _YEAR.fullmatch(name) else ("", name)
        height = f"{share:.1f}%"
        return Column(century, label, value, f"{100 - share:.1f}%", height, kind, index in keys)

    return {
        "label": label,
        "columns": [column(index, *each) for index, each in enumerate(pairs)],
        "hidden": _hidden_words(),
    }


@register.inclusion_tag("core/ui/spans.html")
def spans(rows: Sequence[tuple[str, int, int]], total: int) -> dict[str, Any]:
    """Phases below a column chart: (name, first column from 0, number of columns) of ``total``."""
    return {
        "height": len(rows) * 28,
        "rows": [
            {
                "name": name,
                "x": _share(first, total),
                "width": _share(length, total),
                "text_y": 15 + index * 28,
                "bar_y": 20 + index * 28,
            }
            for index, (name, first, length) in enumerate(rows)
        ],
    }


# ----------------------------------------------------------------- the map of tiles

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
        "hidden": _hidden_words(),
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


# ----------------------------------------------------------------- free time of two people

DAYS = 7
PARTS = 3

_NOBODY = SafeString('<circle class="dot" cx="10" cy="10" r="1.5"/>')
_HALF_A = SafeString('<path class="half-a" d="M10 2a8 8 0 0 0 0 16z"/>')
_HALF_B = SafeString('<path class="half-b" d="M10 2a8 8 0 0 1 0 16z"/>')


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


_HALF_A_FILL = SafeString('<path class="half-a" d="M10 2a8 8 0 0 1 0 16z"/>')
_HALF_B_FILL = SafeString('<path class="half-b" d="M10 2a8 8 0 0 0 0 16z"/>')


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


# ----------------------------------------------------------------- ways and steps


@register.inclusion_tag("core/ui/lifeline.html")
def lifeline(steps: Iterable[tuple[str, str, str, str]], label: str = "") -> dict[str, Any]:
    """How the two halves come together: (mark, word, note, 'done' | 'current' | '') per step."""
    return {"steps": list(steps), "label": label}


@register.simple_tag
def steps(labels: Sequence[str], current: int) -> SafeString:
    """The steps of a longer form; ``current`` counts from 1."""

    def state(index: int) -> SafeString:
        if index < current:
            return SafeString(" data-done")
        return SafeString(' aria-current="step"') if index == current else SafeString("")

    items = format_html_join(
        "",
        "<li{}><span>{}</span></li>",
        ((state(index), label) for index, label in enumerate(labels, start=1)),
    )
    return format_html(
        '<ol class="steps" aria-label="{}">{}</ol>',
        _("Step {step} of {total}").format(step=current, total=len(labels)),
        items,
    )


@register.inclusion_tag("core/ui/crumbs.html")
def crumbs(*path: str) -> dict[str, Any]:
    """The way here: word and address in turn, the last word alone is this page."""
    *way, here = path
    return {"way": list(zip(way[::2], way[1::2], strict=True)), "here": here}


@register.inclusion_tag("core/ui/facts.html")
def facts(*pairs: Any) -> dict[str, Any]:
    """Word and value in turn; a value that is None or empty reads »not stated«."""
    return {"facts": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("core/ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Earlier and later pages of a list; keeps the other parameters of the address."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None

    def link(target: int) -> str:
        if query is None:
            return f"?{parameter}={target}"
        query[parameter] = str(target)
        return f"?{query.urlencode()}"

    count = page.paginator.count
    return {
        "page": page,
        "count": ngettext("{count} entry", "{count} entries", count).format(count=number(count)),
        "earlier": link(page.previous_page_number()) if page.has_previous() else "",
        "later": link(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("core/ui/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", action: str = "", mark: str = "none"
) -> dict[str, Any]:
    """A list without entries: what is missing, and what one can do about it."""
    return {"title": title, "text": text, "url": url, "action": action, "mark": mark}


@register.inclusion_tag("core/ui/progress.html")
def progress(
    done: int | None, total: int | None, text: str, url: str = "", finished: bool = False
) -> dict[str, Any]:
    """How far a piece of background work has come.

    Asks ``url`` for itself again every two seconds while it is not finished; that address answers
    with this part alone. Without scripts the page reloads: put ``{% refresh %}`` into its head.
    ``done`` or ``total`` None: running, nobody knows how long.
    """
    return {
        "done": done,
        "total": total,
        "known": done is not None and bool(total),
        "text": text,
        "url": "" if finished else url,
        "finished": finished,
    }


@register.simple_tag
def refresh(seconds: int = 5) -> SafeString:
    """Reloads a page with running work where there are no scripts; belongs into the head."""
    return format_html(
        '<noscript><meta http-equiv="refresh" content="{}"></noscript>', int(seconds)
    )


# ----------------------------------------------------------------- tables


@register.inclusion_tag("core/ui/table.html")
def table(
    caption: str,
    head: Sequence[str | tuple[str, str]],
    rows: Iterable[Sequence[Any]],
    foot: Sequence[Any] = (),
    fold: bool = True,
) -> dict[str, Any]:
    """A table from plain values that becomes paragraphs on a phone.

    ``head``: a word per column, or (word, 'number'). The first value of a row names the row.
    Numbers are formatted, None in a number column is hidden.
    """
    columns = [(each, "") if isinstance(each, str) else each for each in head]

    def cells(row: Sequence[Any]) -> list[tuple[Any, str, str]]:
        return [(value, word, kind) for value, (word, kind) in zip(row, columns, strict=True)]

    return {
        "caption": caption,
        "columns": columns,
        "rows": [cells(row) for row in rows],
        "foot": cells(foot) if foot else [],
        "fold": fold,
    }


@register.simple_block_tag(end_name="endcell")
def cell(content: str, label: str = "", kind: str = "") -> SafeString:
    """A table cell with free content: ``{% cell _("Valid until") %}…{% endcell %}``.

    On a phone ``label`` stands before the content.
    """
    return format_html(
        "<td{}{}>{}</td>",
        format_html(' class="{}"', kind) if kind else "",
        format_html(' data-label="{}"', label) if label else "",
        content,
    )


# ----------------------------------------------------------------- notices, language, theme

_TONES = {
    message_levels.SUCCESS: ("good", "check"),
    message_levels.WARNING: ("warn", "triangle-alert"),
    message_levels.ERROR: ("alarm", "circle-alert"),
}


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, tone: str = "", icon: str = "info") -> SafeString:
    """A framed hint with free content. ``tone``: '' (info), good, warn, alarm."""
    return format_html(
        '<div class="notice"{}>{}<div>{}</div></div>',
        format_html(' data-tone="{}"', tone) if tone else "",
        _draw_icon(icon),
        content,
    )


@register.inclusion_tag("core/ui/notices.html")
def notices(messages: Iterable[Any] | None) -> dict[str, Any]:
    """What the last action said (``django.contrib.messages``)."""
    return {
        "notices": [
            (*_TONES.get(each.level, ("", "info")), each.level, str(each))
            for each in messages or ()
        ],
        "error": message_levels.ERROR,
    }


@register.inclusion_tag("core/ui/languages.html", takes_context=True)
def language_switch(context: Context, after: str = "") -> dict[str, Any]:
    """One button per language of the installation; works without scripts.

    Leads back to the same page, or to ``after``: the page »not found« must not repeat its address.
    """
    request = context.get("request")
    current = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return {
        "languages": [
            (code, get_language_info(code), code.split("-")[0] == current)
            for code, _name in settings.LANGUAGES
        ],
        "here": after or (request.get_full_path() if request is not None else ""),
    }


@register.inclusion_tag("core/ui/themes.html", takes_context=True)
def theme_switch(context: Context) -> dict[str, Any]:
    """Light, dark or as the device says, kept with the account; absent where no route keeps it."""
    request = context.get("request")
    return {
        "themes": (("", _("as the device")), ("light", _("light")), ("dark", _("dark"))),
        "theme": context.get("theme", ""),
        "here": request.get_full_path() if request is not None else "",
    }


@register.simple_tag
def off_phone(navigation: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entries of the navigation that the bar on a phone keeps behind »More«."""
    return [item for item in navigation if not item["phone"]]
