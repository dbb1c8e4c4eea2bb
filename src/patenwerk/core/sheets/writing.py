"""Writing spreadsheets that no program takes for commands."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from patenwerk.core.sheets.cells import clean_text
from patenwerk.core.sheets.model import Flawed, Sheet

_DANGEROUS = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_NEGATIVE = re.compile(r"-\d{1,15}([.,]\d+)?")
_TITLE = re.compile(r"[\[\]:*?/\\']")
_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet to be written: its title, the header row, the rows below."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


def write_xlsx(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = ""
) -> bytes:
    """An XLSX file with one sheet, as :func:`write_book` writes it."""
    return write_book([Table(title, columns, rows)])


def write_book(tables: Iterable[Table]) -> bytes:
    """An XLSX file with a sheet for each table: header row, then the rows.

    Numbers, dates and truth values stay what they are, everything else becomes text; a text that
    begins like a formula is stored as text and marked so that it stays text when edited. Rows are
    written as they come; only the first are looked at for the widths.
    """
    out = io.BytesIO()
    write_book_to(out, tables)
    return out.getvalue()


def write_book_to(out: IO[bytes], tables: Iterable[Table]) -> None:
    """The same into an open file: however many rows there are, few are in memory."""
    book = Workbook(write_only=True)
    for number, table in enumerate(tables, start=1):
        _write_sheet(book, table, number)
    book.save(out)


def _write_sheet(book: Workbook, table: Table, number: int) -> None:
    sheet = book.create_sheet(sheet_title(table.title) or str(number))
    sheet.freeze_panes = "A2"
    rows = iter(table.rows)
    first = list(islice(rows, _SAMPLE))
    for index, column in enumerate(table.columns):
        longest = max((len(str(row[index])) for row in first), default=0)
        letter = get_column_letter(index + 1)
        sheet.column_dimensions[letter].width = min(60, max(10, len(column), longest) + 2)
    sheet.append([_header_cell(sheet, column) for column in table.columns])
    for row in chain(first, rows):
        sheet.append([_cell(sheet, value) for value in row])


def sheet_title(text: str) -> str:
    """What a sheet may be called: at most 31 characters, some of them not allowed."""
    return plain_title(text)[:31].strip()


def plain_title(text: str) -> str:
    """A title without the signs that sheets and files may not have in their names."""
    return _TITLE.sub(" ", text).strip()


def write_json(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A list of objects by the names of the columns, in UTF-8. Days are written as 2026-05-24."""
    return b"".join(json_rows(columns, rows)) + b"\n"


def json_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The same piece by piece: however many rows there are, one is in memory."""
    yield b"["
    for number, row in enumerate(rows):
        named = dict(zip(columns, row, strict=True))
        line = json.dumps(named, ensure_ascii=False, default=_as_text)
        yield f"{',' if number else ''}\n{line}".encode()
    yield b"]"


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A text table as German spreadsheet programs open it: UTF-8 with mark, semicolons.

    A text that begins like a formula gets an apostrophe in front, which the reader takes off
    again; negative numbers stay numbers. Dates are written as 2026-05-24.
    """
    return b"".join(csv_lines(columns, rows))


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The same line by line, for tables of any length."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    encoding = "utf-8-sig"  # the mark stands at the very beginning alone
    for line in _guarded_lines(columns, rows):
        writer.writerow(line)
        yield out.getvalue().encode(encoding)
        out.seek(0)
        out.truncate()
        encoding = "utf-8"


def write_bad_rows(sheet: Sheet, reasons: Mapping[int, str], *, reason_header: str) -> bytes:
    """An XLSX file of the rows named by number in ``reasons``, as they came, the reason first."""
    rows = [(reasons[row.number], *row.cells) for row in sheet.rows if row.number in reasons]
    return write_xlsx([reason_header, *sheet.headers], rows, title=sheet.name)


def _guarded_lines(
    columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[list[object]]:
    yield [_guarded(column) for column in columns]
    for row in rows:
        yield [_guarded(value) for value in row]


def _guarded(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = _text(value)
        if _DANGEROUS.match(text) and not _NEGATIVE.fullmatch(text):
            return f"'{clean_text(text)}"
        return text
    return value


def _cell(sheet: object, value: object) -> object:
    if value is None or isinstance(value, int | float | date):
        return value
    text = _text(value)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if _DANGEROUS.match(text):
        cell.quotePrefix = True
    if "\n" in text:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _header_cell(sheet: object, column: str) -> object:
    cell = WriteOnlyCell(sheet, value=_text(column))
    cell.data_type = "s"
    cell.font = Font(bold=True)
    return cell


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Flawed):
        return clean_text(value.shown)
    return clean_text(str(value))
