"""Empty tables to be filled in: hints beside the cells, words to choose from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from patenwerk.core.sheets.writing import sheet_title

_ROWS = 5_000
"""So many rows below the header have hints and words."""

_WIDEST = 40
_HINT_TITLE, _HINT = 32, 255
"""Letters that spreadsheet programs show at most."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column: its header, a hint, the words it may hold. ``strict``: no others.

    ``required`` stands in bold.
    """

    title: str
    hint: str = ""
    words: tuple[str, ...] = ()
    strict: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class TemplateTable:
    """One sheet of a template."""

    title: str
    columns: Sequence[TemplateColumn]


def write_template(tables: Sequence[TemplateTable], *, choices: str, choose_one: str) -> bytes:
    """An XLSX file with a sheet for each table and a hidden one, ``choices``, with the words.

    ``choices`` is one of ``model.CHOICE_SHEETS``. ``choose_one`` is said where a column is strict
    and something else was typed.
    """
    book = Workbook()
    words = book.create_sheet(choices)
    for number, table in enumerate(tables):
        sheet = book.create_sheet(sheet_title(table.title), number)
        sheet.freeze_panes = "A2"
        for index, column in enumerate(table.columns, start=1):
            _write_column(sheet, words, index, column, choose_one)
    words.sheet_state = "hidden"
    del book["Sheet"]
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_column(
    sheet: Worksheet, words: Worksheet, index: int, column: TemplateColumn, choose_one: str
) -> None:
    letter = get_column_letter(index)
    header = sheet.cell(row=1, column=index, value=column.title)
    header.font = Font(bold=column.required, italic=not column.required)
    longest = max(map(len, (column.title, *column.words)))
    sheet.column_dimensions[letter].width = min(_WIDEST, longest + 4)
    if not column.hint and not column.words:
        return
    rule = DataValidation(
        type="list" if column.words else None,
        formula1=_listed(words, column) if column.words else None,
        allow_blank=True,
    )
    rule.showErrorMessage = column.strict
    rule.error = choose_one
    rule.showInputMessage = bool(column.hint)
    rule.promptTitle, rule.prompt = column.title[:_HINT_TITLE], column.hint[:_HINT]
    rule.add(f"{letter}2:{letter}{_ROWS + 1}")
    sheet.add_data_validation(rule)


def _listed(words: Worksheet, column: TemplateColumn) -> str:
    """Write the words into a column of their own; answers where they stand."""
    place = words.max_column + 1 if words.max_row > 1 or words["A1"].value else 1
    words.cell(row=1, column=place, value=column.title)
    for row, word in enumerate(column.words, start=2):
        words.cell(row=row, column=place, value=word)
    letter = get_column_letter(place)
    return f"'{words.title}'!${letter}$2:${letter}${len(column.words) + 1}"
