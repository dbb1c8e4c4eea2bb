"""Tables and their cells, also the hidden ones; lists of features."""

# ruff: noqa: FBT001, FBT002 - a template hands these over by place or by name

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from patenwerk.core.templatetags.parts.library import register
from patenwerk.core.templatetags.parts.numbers import Number, number

HIDDEN_SIGN = "•"
"""Stands for every hidden cell, small or hidden with it: two would give the small one away."""


def hidden_words() -> SafeString:
    """What stands in the place of a number that is not shown, for eyes and ears."""
    return format_html(
        '<span aria-hidden="true">{}</span><span class="hush">{}</span>', HIDDEN_SIGN, _("hidden")
    )


@register.simple_tag
def hidden_cell(label: str = "") -> SafeString:
    """A table cell whose number is not shown. The same for every reason of hiding."""
    return format_html(
        '<td class="number" data-hidden{}>{}</td>',
        format_html(' data-label="{}"', label) if label else "",
        hidden_words(),
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


@register.inclusion_tag("core/ui/facts.html")
def facts(*pairs: Any) -> dict[str, Any]:
    """Word and value in turn; a value that is None or empty reads »not stated«."""
    return {"facts": list(zip(pairs[::2], pairs[1::2], strict=True))}
