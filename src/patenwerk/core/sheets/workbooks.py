"""Reading XLSX, XLSM and ODS: the values by calamine, what else stands there by an own look."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from patenwerk.core.sheets.cells import clean_text, clean_value
from patenwerk.core.sheets.markup import listen, local
from patenwerk.core.sheets.model import (
    CHOICE_SHEETS,
    Flaw,
    Flawed,
    Grid,
    Limits,
    Notice,
    Noticed,
    Refused,
    SheetRefused,
    Value,
)
from patenwerk.core.sheets.packages import Package

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_SHOWN = 80


@dataclass(slots=True)
class Look:
    """What stands in one sheet besides its values. Rows and columns count from 0."""

    limits: Limits
    filled_rows: int = 0
    filled_columns: int = 0
    flawed: dict[tuple[int, int], Flawed] = field(default_factory=dict)
    formulas: int = 0
    merged: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0

    def fill(self, row: int, column: int) -> None:
        """Remembers that the cell holds something. Raises SheetRefused beyond the limits."""
        self.filled_rows = max(self.filled_rows, row + 1)
        self.filled_columns = max(self.filled_columns, column + 1)
        if self.filled_rows > self.limits.rows:
            raise SheetRefused(Refused.TOO_MANY_ROWS, limit=self.limits.rows)
        if self.filled_columns > self.limits.columns:
            raise SheetRefused(Refused.TOO_MANY_COLUMNS, limit=self.limits.columns)
        if self.filled_rows * self.filled_columns > self.limits.cells:
            raise SheetRefused(Refused.TOO_MANY_ROWS, limit=self.limits.cells)

    def notices(self) -> list[Notice]:
        """The findings, in a fixed order."""
        missing = [c for c in self.flawed.values() if c.flaw is Flaw.FORMULA_WITHOUT_VALUE]
        broken = len(self.flawed) - len(missing)
        found: list[tuple[Noticed, int, dict[str, str | int]]] = [
            (Noticed.MERGED_CELLS, len(self.merged), {"where": ", ".join(self.merged[:5])}),
            (Noticed.FORMULAS, self.formulas, {}),
            (Noticed.FORMULAS_WITHOUT_VALUE, len(missing), {}),
            (Noticed.ERROR_CELLS, broken, {}),
            (Noticed.HIDDEN_ROWS, self.hidden_rows, {}),
            (Noticed.HIDDEN_COLUMNS, self.hidden_columns, {}),
        ]
        return [Notice(code, {"count": count, **more}) for code, count, more in found if count]


class _Workbook:
    """Hears xl/workbook.xml: the sheets in order, each with the id of its part."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), local(attributes, "id") or ""))

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Relations:
    """Hears a .rels part: where the part of an id lies."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _OfficeSheet:
    """Hears xl/worksheets/*.xml."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.row = -1
        self.column = -1
        self.kind = ""
        self.formula: str | None = None
        self.value = ""
        self.heard: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name in {"v", "t", "f"}:
            self.heard = name
            if name == "f":
                self.formula = ""
        elif name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            self.look.hidden_rows += attributes.get("hidden") in {"1", "true"}
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.look.hidden_columns += last - first + 1
        elif name == "mergeCell":
            self.look.merged.append(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            self.row, self.column = _place(reference)
        self.kind = attributes.get("t", "")
        self.formula, self.value = None, ""

    def text(self, text: str) -> None:
        if self.heard == "f":
            self.formula = (self.formula or "") + text
        elif self.heard is not None:
            self.value += text

    def end(self, name: str) -> None:
        if name in {"v", "t", "f"}:
            self.heard = None
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        place = (self.row, self.column)
        self.look.formulas += self.formula is not None
        if self.kind == "e":
            self.look.flawed[place] = Flawed(Flaw.ERROR, clean_text(self.value)[:_SHOWN])
        elif self.formula is not None and not self.value and self.kind != "str":
            # A formula whose stored result is the empty text says so by its kind.
            shown = clean_text(f"={self.formula}")[:_SHOWN]
            self.look.flawed[place] = Flawed(Flaw.FORMULA_WITHOUT_VALUE, shown)
        elif not self.value:
            return
        self.look.fill(*place)


class _OpenDocument:
    """Hears content.xml: one look per table. Repeated rows and cells are counted as often."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.looks: dict[str, Look] = {}
        self.look = Look(limits)
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.cell: dict[str, str] | None = None
        self.value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.look = self.looks[attributes.get("table:name", "")] = Look(self.limits)
            self.row = 0
        elif name == "table-row":
            self.column, self.rows = 0, int(attributes.get("table:number-rows-repeated", 1))
            if attributes.get("table:visibility") in {"collapse", "filter"}:
                self.look.hidden_rows += self.rows
        elif name in {"table-cell", "covered-table-cell"}:
            self.cell, self.value = attributes, ""
            self.columns = int(attributes.get("table:number-columns-repeated", 1))
        elif name == "table-column" and attributes.get("table:visibility") == "collapse":
            self.look.hidden_columns += int(attributes.get("table:number-columns-repeated", 1))

    def text(self, text: str) -> None:
        if self.cell is not None:
            self.value += text

    def end(self, name: str) -> None:
        if name == "table-row":
            self.row += self.rows
        elif name in {"table-cell", "covered-table-cell"} and self.cell is not None:
            self._end_cell(self.cell)
            self.column += self.columns
            self.cell = None

    def _end_cell(self, cell: dict[str, str]) -> None:
        formula, kind = cell.get("table:formula"), cell.get("office:value-type")
        value = self.value.strip()
        spans = (cell.get("table:number-columns-spanned"), cell.get("table:number-rows-spanned"))
        if any(span not in {None, "1"} for span in spans):
            self.look.merged.append(f"{column_letters(self.column)}{self.row + 1}")
        if not (formula or kind or value):
            return
        self.look.formulas += formula is not None
        self.look.fill(self.row + self.rows - 1, self.column + self.columns - 1)
        if cell.get("calcext:value-type") == "error" or (formula and kind is None):
            self.look.flawed[self.row, self.column] = (
                Flawed(Flaw.ERROR, clean_text(value)[:_SHOWN])
                if value
                else Flawed(Flaw.FORMULA_WITHOUT_VALUE, clean_text(formula or "")[:_SHOWN])
            )


def read_workbook(data: bytes, *, sheet: str | None, limits: Limits) -> Grid:
    """The chosen sheet of a workbook, else its first visible one that holds anything.

    Raises SheetRefused.
    """
    package, looks = _looked_at(data, limits)
    with _opened(package) as workbook:
        return _chosen(workbook, looks, package, sheet, limits)


def read_every_sheet(data: bytes, *, limits: Limits) -> list[Grid]:
    """Every visible sheet of a workbook that holds anything, in the order of the workbook.

    The limits hold for each sheet. Raises SheetRefused.
    """
    package, looks = _looked_at(data, limits)
    with _opened(package) as workbook:
        names, _hidden, filled = _sheets(workbook, looks)
        if not filled:
            raise SheetRefused(Refused.EMPTY)
        return [
            Grid(
                name=name,
                sheet_names=names,
                lines=_lines(workbook, name, looks[name], limits),
                notices=looks[name].notices(),
            )
            for name in filled
        ]


def _looked_at(data: bytes, limits: Limits) -> tuple[Package, dict[str, Look]]:
    package = Package(data, limits)
    if "xl/workbook.xml" in package.parts:
        return package, _office_looks(package, limits)
    if package.parts.get("mimetype", b"").strip() == _ODS_TYPE:
        return package, _open_document_looks(package, limits)
    if "xl/workbook.bin" in package.names:
        raise SheetRefused(Refused.OLD_FORMAT)
    raise SheetRefused(Refused.NO_SPREADSHEET)


def _office_looks(package: Package, limits: Limits) -> dict[str, Look]:
    workbook, relations = _Workbook(), _Relations()
    listen(package.parts["xl/workbook.xml"], workbook)
    listen(package.parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), relations)
    looks = {}
    for name, part in workbook.sheets:
        target = posixpath.normpath(posixpath.join("/xl", relations.targets.get(part, "")))
        content = package.parts.get(target.lstrip("/"))
        if content is not None and "worksheets/" in target:
            looks[name] = Look(limits)
            listen(content, _OfficeSheet(looks[name]))
    return looks


def _open_document_looks(package: Package, limits: Limits) -> dict[str, Look]:
    if b"encryption-data" in package.parts.get("META-INF/manifest.xml", b""):
        raise SheetRefused(Refused.ENCRYPTED)
    document = _OpenDocument(limits)
    listen(package.parts.get("content.xml", b""), document)
    return document.looks


def _opened(package: Package) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(package.repacked()))
    except BaseException as error:  # noqa: BLE001 - a panic in the reader is no Exception
        raise _damaged(error) from None


def _damaged(error: BaseException) -> BaseException:
    # A panic in the reader arrives as a BaseException of its own; it means a broken file as well.
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return SheetRefused(Refused.DAMAGED)
    return error


def _chosen(
    workbook: CalamineWorkbook,
    looks: Mapping[str, Look],
    package: Package,
    sheet: str | None,
    limits: Limits,
) -> Grid:
    names, hidden, filled = _sheets(workbook, looks)
    if sheet is not None and sheet not in names:
        raise SheetRefused(Refused.NO_SUCH_SHEET, sheet=sheet, sheets=", ".join(names))
    if sheet is None and not filled:
        raise SheetRefused(Refused.EMPTY)
    name = filled[0] if sheet is None else sheet
    notices = _workbook_notices(package, hidden, [other for other in filled if other != name])
    return Grid(
        name=name,
        sheet_names=names,
        lines=_lines(workbook, name, looks[name], limits),
        notices=[*notices, *looks[name].notices()],
    )


def _sheets(
    workbook: CalamineWorkbook, looks: Mapping[str, Look]
) -> tuple[tuple[str, ...], list[str], list[str]]:
    """The names of all sheets, of the hidden ones, and of the visible ones that hold anything."""
    names = tuple(name for name in workbook.sheet_names if name in looks)
    hidden = [
        meta.name
        for meta in workbook.sheets_metadata
        if meta.visible is not SheetVisibleEnum.Visible and meta.name in looks
    ]
    filled = [name for name in names if looks[name].filled_rows and name not in hidden]
    return names, hidden, filled


def _workbook_notices(package: Package, hidden: list[str], others: list[str]) -> list[Notice]:
    notices = []
    if others_hidden := [name for name in hidden if name not in CHOICE_SHEETS]:
        notices.append(Notice(Noticed.HIDDEN_SHEETS, {"sheets": ", ".join(others_hidden)}))
    if others:
        notices.append(Notice(Noticed.OTHER_SHEETS, {"sheets": ", ".join(others)}))
    if any(n.endswith("vbaProject.bin") or n.startswith("Basic/") for n in package.names):
        notices.append(Notice(Noticed.MACROS))
    return notices


def _lines(workbook: CalamineWorkbook, name: str, look: Look, limits: Limits) -> list[list[Value]]:
    try:
        raw = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except BaseException as error:  # noqa: BLE001 - a panic in the reader is no Exception
        raise _damaged(error) from None
    lines = [[clean_value(value, limits) for value in line] for line in raw]
    for (row, column), flawed in look.flawed.items():
        lines.extend([] for _ in range(row + 1 - len(lines)))
        lines[row].extend([None] * (column + 1 - len(lines[row])))
        lines[row][column] = flawed
    return lines


def _place(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None or match[2].strip("0") == "":
        raise SheetRefused(Refused.DAMAGED)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def column_letters(column: int) -> str:
    """The letters over a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
