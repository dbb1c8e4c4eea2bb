"""Numbers and dates in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from patenwerk.core.templatetags.parts.library import register

Number = int | float | Decimal


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
    """A date as a ``time`` element; ``form`` is a named or literal Django date format.

    ``LONG_DATE_FORMAT``, which Django does not know, has the weekday in front.
    """
    if value is None:
        return SafeString("")
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    machine = value.date() if isinstance(value, datetime) else value
    if form == "LONG_DATE_FORMAT":
        form = f"l, {formats.get_format('DATE_FORMAT')}"
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
