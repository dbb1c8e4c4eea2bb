"""Single cells of any list: what is nothing, what is broken, days and texts within limits."""

from __future__ import annotations

from datetime import date, datetime, time

from patenwerk.core.sheets.dates import AmbiguousDate, DateOrder, NoDate, read_date
from patenwerk.core.sheets.model import Flaw, Flawed, Value
from patenwerk.core.sheets.words import fold
from patenwerk.people.kernel.problems import Code, Misread

_NOTHING = frozenset({"", "k a", "n a", "na"})


def said(value: Value) -> Value:
    """The cell's value, or None where it says nothing. Raises Misread for a broken cell."""
    if isinstance(value, Flawed):
        without = value.flaw is Flaw.FORMULA_WITHOUT_VALUE
        code = Code.FORMULA_WITHOUT_VALUE if without else Code.ERROR_CELL
        raise Misread(code, shown=value.shown)
    if isinstance(value, str) and fold(value) in _NOTHING:
        return None
    return value


def written(value: Value) -> str:
    """A cell as somebody would have typed it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def short_text(text: str, limit: int, *, lines: bool = False) -> str:
    """A text of at most ``limit`` characters, in one line unless ``lines``. Raises Misread."""
    if len(text) > limit:
        raise Misread(Code.TOO_LONG, limit=limit)
    return text if lines else " ".join(text.split())


def read_day(value: Value, *, order: DateOrder | None, earliest: date, latest: date) -> date:
    """A day within the limits, both included. ``order`` None: nobody said what 03/04/2010 is.

    Raises Misread.
    """
    try:
        day = read_date(value, order=order, latest=latest)
    except AmbiguousDate:
        raise Misread(Code.AMBIGUOUS_DATE, given=written(value)) from None
    except NoDate:
        raise Misread(Code.NO_DATE, given=written(value)) from None
    given = day.isoformat()
    if day > latest:
        raise Misread(Code.DATE_TOO_LATE, given=given, latest=latest.isoformat())
    if day < earliest:
        raise Misread(Code.DATE_TOO_EARLY, given=given, earliest=earliest.isoformat())
    return day
