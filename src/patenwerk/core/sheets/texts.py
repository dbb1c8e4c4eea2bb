"""Reading text tables: the usual German encodings and delimiters."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice

from patenwerk.core.sheets.cells import clean_value
from patenwerk.core.sheets.model import (
    Grid,
    Limits,
    Notice,
    Noticed,
    Refused,
    SheetRefused,
    Value,
)
from patenwerk.core.sheets.words import header_key

DELIMITERS = (";", "\t", ",", "|")
_LOOKED_AT = 60
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
_OTHER_KINDS = ("%pdf", "{\\rtf", "<html", "<!doctype", "<?xml")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_GUARDED = re.compile(r"'[=+\-@＝＋－＠]")


def read_text(data: bytes, *, known_headers: Collection[str], limits: Limits) -> Grid:
    """The table in a text file.

    UTF-16 and UTF-8 are told by their marks or by being valid, anything else is read as cp1252.
    The delimiter is the one under which most ``known_headers`` appear, then the one that cuts the
    lines most evenly. Raises SheetRefused.
    """
    text, notices = _decoded(data)
    if _NO_TEXT.search(text) or text.lstrip()[:9].casefold().startswith(_OTHER_KINDS):
        raise SheetRefused(Refused.NO_SPREADSHEET)
    separator = _SEPARATOR_LINE.match(text)
    if separator is None:
        delimiter = max(DELIMITERS, key=lambda mark: _fitness(text, mark, known_headers))
        lines = list(_records(text, delimiter, limits))
    else:
        # The line is row 1 of the file; it stays as an empty one so that row numbers agree.
        lines = [[], *_records(text[separator.end() :], separator[1], limits)]
    return Grid(name="", sheet_names=(), lines=lines, notices=notices)


def _decoded(data: bytes) -> tuple[str, list[Notice]]:
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        old = encoding == "cp1252"
        return text, [Notice(Noticed.OLD_ENCODING)] if old else []
    raise SheetRefused(Refused.NO_SPREADSHEET)


def _fitness(text: str, delimiter: str, known_headers: Collection[str]) -> tuple[int, float]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [line for line in islice(reader, _LOOKED_AT) if any(line)]
    except csv.Error:
        return 0, 0.0
    known = max((sum(header_key(c) in known_headers for c in line) for line in lines), default=0)
    widths = Counter(len(line) for line in lines if len(line) > 1)
    if not widths:
        return known, 0.0
    width, often = widths.most_common(1)[0]
    return known, often / len(lines) + min(width, 50) / 100


def _records(text: str, delimiter: str, limits: Limits) -> Iterator[list[Value]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    cells = 0
    try:
        for number, record in enumerate(reader, start=1):
            cells += len(record)
            if number > limits.rows or cells > limits.cells:
                raise SheetRefused(Refused.TOO_MANY_ROWS, limit=limits.rows)
            if len(record) > limits.columns:
                raise SheetRefused(Refused.TOO_MANY_COLUMNS, limit=limits.columns)
            yield [_value(cell, limits) for cell in record]
    except csv.Error:
        raise SheetRefused(Refused.QUOTATION_MARKS, row=reader.line_num) from None


def _value(cell: str, limits: Limits) -> Value:
    value = clean_value(cell, limits)
    if not isinstance(value, str):
        return value
    quoted = _QUOTED_FORMULA.fullmatch(value)
    if quoted is not None:  # the way to keep leading zeros in text files for spreadsheet programs
        return clean_value(quoted[1], limits)
    return value[1:] if _GUARDED.match(value) else value
