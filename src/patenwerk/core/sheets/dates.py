"""Dates as people write them in spreadsheets."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from patenwerk.core.sheets.words import fold


class DateOrder(StrEnum):
    """What the first number of 03/04/2010 is; asked once per file."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class DateForm(StrEnum):
    """How a cell says its date."""

    CELL = "cell"
    SERIAL = "serial"
    DOTTED = "dotted"
    ISO = "iso"
    SLASHED = "slashed"
    WORDS = "words"


class NoDate(Exception):
    """The text is no date."""


class AmbiguousDate(NoDate):
    """Day and month could each be the other, and nobody said which comes first."""


_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "januar jänner january jan",
            "februar february feb",
            "märz march mrz mar",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        start=1,
    )
    for word in (fold(word) for word in words.split())
}
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_FORMS = (
    (DateForm.ISO, re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}")),
    (
        DateForm.DOTTED,
        re.compile(rf"(?P<d>\d{{1,2}})\. ?(?P<m>\d{{1,2}})\. ?(?P<y>\d{{4}}|\d{{2}}){_TIME}"),
    ),
    (
        DateForm.SLASHED,
        re.compile(rf"(?P<a>\d{{1,2}})([/-])(?P<b>\d{{1,2}})\2(?P<y>\d{{4}}|\d{{2}}){_TIME}"),
    ),
    (DateForm.WORDS, re.compile(r"(?P<d>\d{1,2})\.? ?(?P<w>[^\W\d]+)\.?,? (?P<y>\d{4})")),
    (
        DateForm.WORDS,
        re.compile(r"(?P<w>[^\W\d]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})"),
    ),
)
_SERIAL = range(10_000, 73_051)
"""Day numbers counted from 1899-12-30, here 1927 to 2099: a bare year is never taken for one."""
_SERIAL_TEXT = re.compile(r"\d{5}")


def date_form(value: object) -> DateForm | None:
    """How the cell would say a date, or None where it says none. Plain numbers are no date here."""
    if isinstance(value, date):
        return DateForm.CELL
    if not isinstance(value, str):
        return None
    return next((form for form, pattern in _FORMS if pattern.fullmatch(value)), None)


def is_ambiguous(value: object) -> bool:
    """Whether the cell is a text in which day and month could be exchanged, such as 03/04/2010."""
    if not isinstance(value, str):
        return False
    match = _FORMS[2][1].fullmatch(value)
    if match is None:
        return False
    return int(match["a"]) != int(match["b"]) and max(int(match["a"]), int(match["b"])) <= 12


def read_date(value: object, *, order: DateOrder | None, latest: date) -> date:
    """The date a cell says.

    ``order`` answers what the first number of 03/04/2010 is; None means that nobody answered.
    A year of two digits is the last such year that does not lie after ``latest``.
    Raises AmbiguousDate or NoDate.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(value)
    if isinstance(value, str):
        return _from_text(" ".join(value.split()), order, latest)
    raise NoDate


def _from_serial(number: float) -> date:
    if not _SERIAL.start <= number < _SERIAL.stop:
        raise NoDate
    return date(1899, 12, 30) + timedelta(days=int(number))


@lru_cache(maxsize=16384)
def _from_text(text: str, order: DateOrder | None, latest: date) -> date:
    for form, pattern in _FORMS:
        match = pattern.fullmatch(text)
        if match is not None:
            parts = match.groupdict()
            if form is DateForm.SLASHED:
                day, month = _day_and_month(int(parts["a"]), int(parts["b"]), order)
            elif form is DateForm.WORDS:
                day, month = int(parts["d"]), _MONTHS.get(fold(parts["w"]), 0)
            else:
                day, month = int(parts["d"]), int(parts["m"])
            return _checked(parts["y"], month, day, latest)
    if _SERIAL_TEXT.fullmatch(text):
        return _from_serial(int(text))
    raise NoDate


def _day_and_month(first: int, second: int, order: DateOrder | None) -> tuple[int, int]:
    if order is DateOrder.MONTH_FIRST:
        return second, first
    if order is DateOrder.DAY_FIRST or first == second or first > 12:
        return first, second
    if second > 12:
        return second, first
    raise AmbiguousDate


def _checked(year: str, month: int, day: int, latest: date) -> date:
    full = int(year)
    try:
        if len(year) == 2:
            full += latest.year - latest.year % 100
            if date(full, month, day) > latest:
                full -= 100
        return date(full, month, day)
    except ValueError:
        raise NoDate from None
