"""One cell's value, cleaned the same way whatever file it comes from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from patenwerk.core.sheets.model import Limits, Refused, SheetRefused, Value

_INVISIBLE = dict.fromkeys([*range(32), 127, 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF])
_INVISIBLE.update({ord("\t"): " ", ord("\n"): "\n", ord("\r"): "\n", 0xA0: " ", 0x202F: " "})


def clean_text(text: str) -> str:
    """The text without invisible characters and without space around it."""
    return text.replace("\r\n", "\n").translate(_INVISIBLE).strip()


def clean_value(value: object, limits: Limits) -> Value:
    """A cell's value: empty is None, whole numbers are int, midnight is a date.

    Raises SheetRefused where the text is longer than ``limits`` allow.
    """
    if isinstance(value, str):
        if len(value) > limits.cell_characters:
            raise SheetRefused(Refused.TOO_LARGE, limit=limits.cell_characters)
        return clean_text(value) or None
    if isinstance(value, float):
        return _clean_number(value)
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, timedelta):
        return str(value)
    return value if isinstance(value, bool | int | date | time) else None


def _clean_number(number: float) -> Value:
    if number != number or number in {float("inf"), float("-inf")}:  # noqa: PLR0124 - not a number
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
