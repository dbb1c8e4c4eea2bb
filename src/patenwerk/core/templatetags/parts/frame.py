"""The frames' own parts: language, appearance, navigation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.template import Context
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from patenwerk.core.templatetags.parts.library import register


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
