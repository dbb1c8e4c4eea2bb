"""The doors for reading a spreadsheet file: one sheet of it, or every one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from patenwerk.core.sheets.dates import DateForm, date_form, is_ambiguous
from patenwerk.core.sheets.model import (
    Grid,
    Limits,
    Notice,
    Noticed,
    Refused,
    Row,
    Sheet,
    SheetRefused,
    Value,
)
from patenwerk.core.sheets.texts import read_text
from patenwerk.core.sheets.words import header_key
from patenwerk.core.sheets.workbooks import column_letters, read_every_sheet, read_workbook

_HEADER_WITHIN = 30
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAY_NUMBERS = range(10_000, 73_051)


def read_sheet(
    data: bytes,
    *,
    known_headers: Collection[str] = frozenset(),
    sheet: str | None = None,
    limits: Limits | None = None,
) -> Sheet:
    """Reads one table from the bytes of a CSV, XLSX, XLSM or ODS file.

    The kind of file is told by its content, never by its name. ``known_headers`` are header words
    in the form of ``words.header_key``; they help to find the header row below titles, and to
    choose the delimiter. ``sheet`` names the sheet of a workbook; without it the first visible one
    that holds anything is read. Raises SheetRefused; any input gives either a Sheet or that.
    """
    limits = limits or Limits()
    if _is_package(data, limits):
        grid = read_workbook(data, sheet=sheet, limits=limits)
    else:
        grid = read_text(data, known_headers=known_headers, limits=limits)
    return _table(grid, known_headers)


def read_sheets(
    data: bytes, *, known_headers: Collection[str] = frozenset(), limits: Limits | None = None
) -> list[Sheet]:
    """Reads every visible sheet of a file that holds a table; a text file is one sheet.

    ``known_headers`` as for ``read_sheet``, of all tables the file may hold. A sheet without a
    header row is no table and left out; raises SheetRefused where none is left, and as
    ``read_sheet`` does.
    """
    limits = limits or Limits()
    if not _is_package(data, limits):
        return [_table(read_text(data, known_headers=known_headers, limits=limits), known_headers)]
    found, refused = [], SheetRefused(Refused.EMPTY)
    for grid in read_every_sheet(data, limits=limits):
        try:
            found.append(_table(grid, known_headers))
        except SheetRefused as no_table:
            refused = no_table
    if not found:
        raise refused
    return found


def _is_package(data: bytes, limits: Limits) -> bool:
    """Whether the bytes are a workbook; otherwise they are text. Raises SheetRefused."""
    if len(data) > limits.file_bytes:
        raise SheetRefused(Refused.TOO_LARGE, limit=limits.file_bytes)
    if not data.strip():
        raise SheetRefused(Refused.EMPTY)
    if data.startswith(_OLE):
        raise SheetRefused(_kind_of_container(data))
    return data.startswith(b"PK")


def _kind_of_container(data: bytes) -> Refused:
    # Entries of the container's directory are names in UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Refused.ENCRYPTED
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return Refused.OLD_FORMAT
    return Refused.NO_SPREADSHEET


def _table(grid: Grid, known_headers: Collection[str]) -> Sheet:
    lines = grid.lines
    if not any(value is not None for line in lines for value in line):
        raise SheetRefused(Refused.EMPTY)
    header = _header_index(lines, known_headers)
    width = max(len(_trimmed(line)) for line in lines[header:])
    headers = tuple(" ".join(_text(v).split()) for v in _padded(lines[header], width))
    notices = list(grid.notices)
    above = sum(any(v is not None for v in line) for line in lines[:header])
    if above:
        notices.append(Notice(Noticed.LINES_ABOVE_HEADER, {"count": above, "row": header + 1}))
    rows = []
    for index, line in enumerate(lines[header + 1 :], start=header + 1):
        cells = _padded(line, width)
        if all(value is None for value in cells):
            continue
        if _is_second_header(cells, headers, known_headers, directly=index == header + 1):
            notices.append(Notice(Noticed.SECOND_HEADER, {"row": index + 1}))
            continue
        rows.append(Row(index + 1, cells))
    columns = _column_notices(headers, rows)
    notices += columns
    return Sheet(
        name=grid.name,
        sheet_names=grid.sheet_names,
        headers=headers,
        header_row=header + 1,
        rows=tuple(rows),
        notices=tuple(notices),
        asks_date_order=any(n.code is Noticed.AMBIGUOUS_DATES for n in columns),
    )


def _header_index(lines: list[list[Value]], known_headers: Collection[str]) -> int:
    known = [
        sum(isinstance(v, str) and header_key(v) in known_headers for v in line)
        for line in lines[:_HEADER_WITHIN]
    ]
    most = max(known)
    if most >= 2:
        return known.index(most)
    widest = max(len(_filled(line)) for line in lines)
    for index, line in enumerate(lines[:_HEADER_WITHIN]):
        filled = _filled(line)
        if len(filled) >= max(2, widest / 2) and all(isinstance(v, str) for v in filled):
            return index
    raise SheetRefused(Refused.NO_HEADER)


def _is_second_header(
    cells: tuple[Value, ...],
    headers: tuple[str, ...],
    known_headers: Collection[str],
    *,
    directly: bool,
) -> bool:
    """Whether a line repeats the header, or stands directly below it and holds header words."""
    pairs = [(v, h) for v, h in zip(cells, headers, strict=True) if v is not None]
    if len(pairs) >= 2 and all(header_key(_text(v)) == header_key(h) for v, h in pairs):
        return True
    known = sum(header_key(_text(v)) in known_headers for v, _h in pairs)
    return directly and known >= 2 and known * 2 >= len(pairs)


def _column_notices(headers: tuple[str, ...], rows: list[Row]) -> list[Notice]:
    notices: list[Notice] = []
    for key, often in Counter(header_key(h) for h in headers if h).items():
        if often > 1:
            name = next(h for h in headers if header_key(h) == key)
            notices.append(Notice(Noticed.REPEATED_COLUMN, {"column": name, "count": often}))
    for index, header in enumerate(headers):
        letters = column_letters(index)
        column = [(row.number, row.cells[index]) for row in rows if row.cells[index] is not None]
        if not header and column:
            notices.append(Notice(Noticed.COLUMN_WITHOUT_NAME, {"column": letters}))
        notices += _date_notices(header or letters, column)
    return notices


def _date_notices(header: str, column: list[tuple[int, Value]]) -> list[Notice]:
    forms = Counter(form for _row, value in column if (form := date_form(value)) is not None)
    if not forms or forms.total() * 2 < len(column):
        return []
    numbers = sum(isinstance(v, int | float) and v in _DAY_NUMBERS for _row, v in column)
    if numbers:
        forms[DateForm.SERIAL] = numbers
    notices = []
    if len(forms) > 1:
        notices.append(
            Notice(Noticed.MIXED_DATES, {"column": header, "forms": ", ".join(sorted(forms))})
        )
    open_ones = [(row, value) for row, value in column if is_ambiguous(value)]
    if open_ones:
        row, value = open_ones[0]
        values: dict[str, str | int] = {"column": header, "row": row, "value": _text(value)}
        notices.append(Notice(Noticed.AMBIGUOUS_DATES, {**values, "count": len(open_ones)}))
    return notices


def _filled(line: list[Value]) -> list[Value]:
    return [value for value in line if value is not None]


def _trimmed(line: list[Value]) -> list[Value]:
    end = len(line)
    while end and line[end - 1] is None:
        end -= 1
    return line[:end]


def _padded(line: list[Value], width: int) -> tuple[Value, ...]:
    return tuple(line[:width]) + (None,) * (width - len(line))


def _text(value: Value) -> str:
    return "" if value is None else str(value)
