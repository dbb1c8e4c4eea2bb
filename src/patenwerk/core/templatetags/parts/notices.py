"""What is said about a page's state: hints, empty lists, running work."""

# ruff: noqa: FBT001, FBT002 - a template hands these over by place or by name

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.messages import constants as message_levels
from django.utils.html import format_html
from django.utils.safestring import SafeString

from patenwerk.core.templatetags.parts.library import register
from patenwerk.core.templatetags.parts.signs import icon as draw_icon

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
        draw_icon(icon),
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
