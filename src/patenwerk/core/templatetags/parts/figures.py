"""Large numbers and bars."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from patenwerk.core.templatetags.parts.library import register
from patenwerk.core.templatetags.parts.numbers import Number, number
from patenwerk.core.templatetags.parts.tables import hidden_words


def share(part: Number, whole: Number) -> str:
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
                    kind, x=share(start, total), width=share(value, total), height="100%"
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
        hidden_words() if value is None else number(value, digits),
        label,
        format_html("<small>{}</small>", note) if note else "",
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
