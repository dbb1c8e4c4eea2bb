"""How far one has come, and where one can go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import Page
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.core.templatetags.parts.library import register
from patenwerk.core.templatetags.parts.numbers import number


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
