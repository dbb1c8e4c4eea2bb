"""Column charts, and the phases below them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from patenwerk.core.templatetags.parts.figures import HIDDEN_BAR_SHARE, share
from patenwerk.core.templatetags.parts.library import register
from patenwerk.core.templatetags.parts.numbers import Number
from patenwerk.core.templatetags.parts.tables import hidden_words

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
        "hidden": hidden_words(),
    }


@register.inclusion_tag("core/ui/spans.html")
def spans(rows: Sequence[tuple[str, int, int]], total: int) -> dict[str, Any]:
    """Phases below a column chart: (name, first column from 0, number of columns) of ``total``."""
    return {
        "height": len(rows) * 28,
        "rows": [
            {
                "name": name,
                "x": share(first, total),
                "width": share(length, total),
                "text_y": 15 + index * 28,
                "bar_y": 20 + index * 28,
            }
            for index, (name, first, length) in enumerate(rows)
        ],
    }
