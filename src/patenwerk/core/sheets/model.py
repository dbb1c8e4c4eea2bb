"""What a spreadsheet is once it was read: rows of plain values and what was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

CHOICE_SHEETS = frozenset({"Auswahl", "Choices"})
"""What the hidden sheet of our own templates is called: nobody need be told that it is there."""


class Refused(StrEnum):
    """Why a file is not read at all."""

    NO_SPREADSHEET = "no_spreadsheet"
    OLD_FORMAT = "old_format"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    BOMB = "bomb"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    EMPTY = "empty"
    NO_HEADER = "no_header"
    NO_SUCH_SHEET = "no_such_sheet"
    QUOTATION_MARKS = "quotation_marks"


class SheetRefused(Exception):
    """The file is not read; nothing was taken from it.

    ``code`` says why, ``values`` holds what the sentence names (see ``messages``).
    """

    def __init__(self, code: Refused, **values: str | int) -> None:
        self.code = code
        self.values: Mapping[str, str | int] = values
        super().__init__(code.value, dict(values))


class Noticed(StrEnum):
    """What was read but deserves a look."""

    HIDDEN_SHEETS = "hidden_sheets"
    OTHER_SHEETS = "other_sheets"
    MACROS = "macros"
    MERGED_CELLS = "merged_cells"
    LINES_ABOVE_HEADER = "lines_above_header"
    SECOND_HEADER = "second_header"
    REPEATED_COLUMN = "repeated_column"
    COLUMN_WITHOUT_NAME = "column_without_name"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    FORMULAS = "formulas"
    FORMULAS_WITHOUT_VALUE = "formulas_without_value"
    ERROR_CELLS = "error_cells"
    MIXED_DATES = "mixed_dates"
    AMBIGUOUS_DATES = "ambiguous_dates"
    OLD_ENCODING = "old_encoding"


@dataclass(frozen=True, slots=True)
class Notice:
    """One finding: its code and the values its sentence names."""

    code: Noticed
    values: Mapping[str, str | int] = field(default_factory=dict)


class Flaw(StrEnum):
    """Why a cell has no value that could be taken."""

    FORMULA_WITHOUT_VALUE = "formula_without_value"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Flawed:
    """A cell whose value is missing or an error; ``shown`` is what it says instead."""

    flaw: Flaw
    shown: str

    def __str__(self) -> str:
        return self.shown


Value = str | int | float | bool | date | datetime | time | Flawed | None
"""A cell: None is empty, texts are stripped, dates are dates where the file says so."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``number`` is the one the spreadsheet program shows beside it."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table as read: every row has as many cells as there are headers.

    ``name`` is the sheet's own name (empty for text files), ``sheet_names`` all that can be
    chosen. ``asks_date_order`` is true where texts such as 03/04/2010 leave open which number is
    the day, so that the caller has to ask before reading dates.
    """

    name: str
    sheet_names: tuple[str, ...]
    headers: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]
    notices: tuple[Notice, ...]
    asks_date_order: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is read at most. Sizes in bytes; ``ratio`` is unpacked to packed size."""

    file_bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 150 * 1024 * 1024
    ratio: int = 250
    parts: int = 2_000
    rows: int = 20_000
    columns: int = 300
    cells: int = 2_000_000
    cell_characters: int = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The bare cells of one sheet before its header was found, with what was noticed.

    The first line is row 1 of the spreadsheet; lines may differ in length.
    """

    name: str
    sheet_names: tuple[str, ...]
    lines: list[list[Value]]
    notices: list[Notice]
