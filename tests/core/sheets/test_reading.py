"""Reading files: what is read, what is pointed out, what is refused; never a crash."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patenwerk.core.sheets import workbooks
from patenwerk.core.sheets.cells import clean_value
from patenwerk.core.sheets.model import Flaw, Flawed, Limits, Noticed, Refused, Sheet, SheetRefused
from patenwerk.core.sheets.packages import Package
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.sheets.workbooks import column_letters

KNOWN = frozenset({"name", "vorname", "plz", "geburtsdatum", "sprachen"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def xlsx(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_xlsx(*rows: list[object]) -> bytes:
    return xlsx(lambda book: [book.active.append(row) for row in rows])


def changed(
    data: bytes, change: Callable[[dict[str, bytes]], object], *, packed: bool = True
) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else 0) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet_xml(cells: str, rest: str = "") -> bytes:
    part = f"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>{rest}"
    xml = f"{part}<sheetData>{cells}</sheetData></worksheet>".encode()
    plain = rows_xlsx(["Name", "PLZ"])
    return changed(plain, lambda parts: parts.update({"xl/worksheets/sheet1.xml": xml}))


def ods(table: str, **more: bytes) -> bytes:
    spaces = "".join(
        f" xmlns:{short}='urn:oasis:names:tc:opendocument:xmlns:{long}:1.0'"
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    calc = " xmlns:calcext='urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0'"
    content = (
        f"<office:document-content{spaces}{calc}><office:body><office:spreadsheet>{table}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", more.get("manifest", b"<manifest/>"))
        for name in ("Basic/script.xml",) if "macro" in more else ():
            archive.writestr(name, "<x/>")
    return out.getvalue()


def text_cell(text: str, more: str = "") -> str:
    begin = f"<table:table-cell office:value-type='string'{more}>"
    return f"{begin}<text:p>{text}</text:p></table:table-cell>"


def codes(sheet: Sheet) -> set[Noticed]:
    return {notice.code for notice in sheet.notices}


def refusal(data: bytes, **options: object) -> Refused:
    with pytest.raises(SheetRefused) as caught:
        read_sheet(data, **options)  # type: ignore[arg-type]
    return caught.value.code


TABLE = "Name{d}PLZ{d}Ort\nMüller{d}04109{d}Großröhrsdorf\nÖz{d}01067{d}Weiß\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_usual_encodings_and_delimiters_give_the_same_table(encoding: str, delimiter: str) -> None:
    sheet = read_sheet(TABLE.format(d=delimiter).encode(encoding))
    assert sheet.headers == ("Name", "PLZ", "Ort")
    assert [row.cells for row in sheet.rows] == [
        ("Müller", "04109", "Großröhrsdorf"),
        ("Öz", "01067", "Weiß"),
    ]
    assert codes(sheet) == ({Noticed.OLD_ENCODING} if encoding == "cp1252" else set())


def test_known_headers_decide_between_delimiters() -> None:
    text = "Name;Sprachen\nA, B;C 1, D 2\nE, F;G 1, H 2\n"
    assert read_sheet(text.encode(), known_headers=KNOWN).headers == ("Name", "Sprachen")


def test_the_separator_line_of_spreadsheet_programs_is_followed() -> None:
    sheet = read_sheet(b"sep=|\r\nName|PLZ\r\nA;B|04109\r\n")
    assert (sheet.headers, sheet.header_row) == (("Name", "PLZ"), 2)
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, ("A;B", "04109"))]


def test_cells_of_text_files_are_cleaned() -> None:
    text = 'Name;PLZ;Zeit\n \u200bA\u00a0B ;="01067";\'=1+1\n'
    assert read_sheet(text.encode()).rows[0].cells == ("A B", "01067", "=1+1")
    assert read_sheet(b'Name;PLZ\n"A\nB";1\n').rows[0].cells == ("A\nB", "1")


def test_workbook_cells_keep_their_kind() -> None:
    data = rows_xlsx(
        ["Name", "PLZ", "Tag", "Faktor", "Ja"], ["A", 1067, date(2010, 4, 3), 1.5, True]
    )
    sheet = read_sheet(data)
    assert sheet.rows[0].cells == ("A", 1067, date(2010, 4, 3), 1.5, True)
    assert (sheet.name, sheet.sheet_names, sheet.notices) == ("Sheet", ("Sheet",), ())


def test_titles_above_the_header_are_left_out_and_numbers_agree_with_the_program() -> None:
    data = rows_xlsx(["Liste 2026"], [], ["Name", "PLZ"], [], ["A", "04109"])
    sheet = read_sheet(data)
    assert (sheet.header_row, [row.number for row in sheet.rows]) == (3, [5])
    assert codes(sheet) == {Noticed.LINES_ABOVE_HEADER}


def test_known_words_beat_the_shape_when_the_header_is_sought() -> None:
    data = rows_xlsx(["Person", None, "Wünsche"], ["Vorname", "Name", "x"], ["A", "B", "C"])
    assert read_sheet(data, known_headers=KNOWN).header_row == 2


def test_a_second_header_below_and_a_repeated_one_are_left_out() -> None:
    text = "Name;PLZ\nVorname;Sprachen\nA;1\nName;PLZ\nB;2\n"
    sheet = read_sheet(text.encode(), known_headers=KNOWN | {"x"})
    assert [row.cells[0] for row in sheet.rows] == ["A", "B"]
    assert [n.values["row"] for n in sheet.notices if n.code is Noticed.SECOND_HEADER] == [2, 4]


def test_columns_with_one_name_or_none_are_pointed_out() -> None:
    sheet = read_sheet(b"Name;Name;;PLZ\nA;B;C;D\n")
    assert {(n.code, n.values["column"]) for n in sheet.notices} == {
        (Noticed.REPEATED_COLUMN, "Name"),
        (Noticed.COLUMN_WITHOUT_NAME, "C"),
    }
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_hidden_and_further_sheets_are_pointed_out_and_not_read() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for title, hidden in (("Geheim", True), ("Liste", False), ("Mehr", False)):
            sheet = book.create_sheet(title)
            sheet.sheet_state = "hidden" if hidden else "visible"
            sheet.append(["Name", "PLZ"])
            sheet.append([title, "04109"])

    sheet = read_sheet(xlsx(fill))
    assert [row.cells[0] for row in sheet.rows] == ["Liste"]
    assert {n.code: n.values["sheets"] for n in sheet.notices} == {
        Noticed.HIDDEN_SHEETS: "Geheim",
        Noticed.OTHER_SHEETS: "Mehr",
    }
    assert read_sheet(xlsx(fill), sheet="Mehr").rows[0].cells[0] == "Mehr"
    assert refusal(xlsx(fill), sheet="Nirgends") is Refused.NO_SUCH_SHEET


def test_merged_cells_and_hidden_rows_and_columns_are_pointed_out() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        for row in (["Name", "PLZ"], ["A", "1"], ["B", "2"]):
            sheet.append(row)
        sheet.merge_cells("A2:A3")
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    sheet = read_sheet(xlsx(fill))
    assert codes(sheet) == {Noticed.MERGED_CELLS, Noticed.HIDDEN_ROWS, Noticed.HIDDEN_COLUMNS}
    assert [row.cells for row in sheet.rows] == [("A", "1"), (None, "2")]


def test_macros_are_pointed_out_and_not_even_unpacked() -> None:
    data = changed(
        rows_xlsx(["Name", "PLZ"], ["A", "1"]),
        lambda parts: parts.update({"xl/vbaProject.bin": b"Sub Auto_Open()"}),
    )
    assert codes(read_sheet(data)) == {Noticed.MACROS}
    assert "xl/vbaProject.bin" not in Package(data, Limits()).parts


def test_formulas_give_their_stored_value_and_without_one_a_flaw() -> None:
    cells = (
        "<row r='1'><c r='A1' t='str'><v>Name</v></c><c r='B1' t='str'><v>PLZ</v></c>"
        "<c r='C1' t='str'><v>x</v></c><c r='D1' t='str'><v>y</v></c></row>"
        "<row><c t='str'><f>A1</f><v>stored</v></c><c><f>1+1</f></c>"
        "<c t='e'><f>1/0</f><v>#DIV/0!</v></c><c t='str'><f>T(9)</f><v></v></c></row>"
    )
    sheet = read_sheet(sheet_xml(cells))
    assert sheet.rows[0].cells == (
        "stored",
        Flawed(Flaw.FORMULA_WITHOUT_VALUE, "=1+1"),
        Flawed(Flaw.ERROR, "#DIV/0!"),
        None,
    )
    assert {n.code: n.values["count"] for n in sheet.notices} == {
        Noticed.FORMULAS: 4,
        Noticed.FORMULAS_WITHOUT_VALUE: 1,
        Noticed.ERROR_CELLS: 1,
    }


def test_mixed_and_open_dates_are_pointed_out_and_asked() -> None:
    text = "Name;Geburtsdatum\nA;24.05.2010\nB;2010-05-24\nC;03/04/2010\nD;\n"
    sheet = read_sheet(text.encode())
    assert sheet.asks_date_order
    values = {n.code: n.values for n in sheet.notices}
    assert values[Noticed.MIXED_DATES]["forms"] == "dotted, iso, slashed"
    assert values[Noticed.AMBIGUOUS_DATES] == {
        "column": "Geburtsdatum",
        "row": 4,
        "value": "03/04/2010",
        "count": 1,
    }


def test_day_numbers_among_dates_are_mixed_and_single_slashes_in_texts_are_not_dates() -> None:
    data = rows_xlsx(
        ["Name", "Tag"], ["A", date(2010, 1, 1)], ["B", date(2011, 1, 1)], ["C", 40322]
    )
    assert codes(read_sheet(data)) == {Noticed.MIXED_DATES}
    quiet = read_sheet(b"Name;Notiz\nA;03/04/2010\nB;x\nC;y\n")
    assert (quiet.notices, quiet.asks_date_order) == ((), False)


def test_open_document_tables_are_read_with_what_stands_beside() -> None:
    table = (
        "<table:table table:name='T'><table:table-column table:visibility='collapse'/>"
        f"<table:table-row>{text_cell('Name')}{text_cell('PLZ')}{text_cell('x')}</table:table-row>"
        "<table:table-row table:visibility='filter'>"
        + text_cell("A", " table:number-columns-spanned='2'")
        + "<table:covered-table-cell/>"
        + "<table:table-cell table:formula='of:=1+1'/></table:table-row>"
        "<table:table-row table:number-rows-repeated='2'>"
        + text_cell("B")
        + text_cell("#REF!", " calcext:value-type='error'")
        + "</table:table-row>"
        "<table:table-row table:number-rows-repeated='1048000'><table:table-cell "
        "table:number-columns-repeated='1024'/></table:table-row></table:table>"
    )
    sheet = read_sheet(ods(table, macro=b""))
    assert [row.cells for row in sheet.rows][:2] == [
        ("A", None, Flawed(Flaw.FORMULA_WITHOUT_VALUE, "of:=1+1")),
        ("B", Flawed(Flaw.ERROR, "#REF!"), None),
    ]
    assert len(sheet.rows) == 3
    assert codes(sheet) == {
        Noticed.MACROS,
        Noticed.MERGED_CELLS,
        Noticed.FORMULAS,
        Noticed.FORMULAS_WITHOUT_VALUE,
        Noticed.ERROR_CELLS,
        Noticed.HIDDEN_ROWS,
        Noticed.HIDDEN_COLUMNS,
    }


def _bomb(parts: dict[str, bytes]) -> None:
    parts["xl/worksheets/sheet1.xml"] = b"<a>" + b" " * (30 << 20) + b"</a>"


def _entities(parts: dict[str, bytes]) -> None:
    parts["xl/workbook.xml"] = b'<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'


def _twice() -> bytes:
    out = io.BytesIO(rows_xlsx(["Name", "PLZ"]))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", "<a/>")
    return out.getvalue()


def _flagged() -> bytes:
    data = bytearray(rows_xlsx(["Name", "PLZ"]))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


SMALL = rows_xlsx(["Name", "PLZ"], ["A", "1"])
REPEATED = (
    f"<table:table-row table:number-rows-repeated='900000'>{text_cell('A')}</table:table-row>"
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Refused.EMPTY),
        (b" \n\n", Refused.EMPTY),
        (b";;\n;;\n", Refused.EMPTY),
        (rows_xlsx(), Refused.EMPTY),
        (b"just one line of words", Refused.NO_HEADER),
        (b"1;2;3\n4;5;6\n", None),
        (rows_xlsx([1, 2, 3], [4, 5, 6]), Refused.NO_HEADER),
        (b"%PDF-1.7 a;b\nc;d", Refused.NO_SPREADSHEET),
        (b"<html><table><tr><td>Name</td></tr></table>", Refused.NO_SPREADSHEET),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Refused.NO_SPREADSHEET),
        (b"Name;PLZ\n\x81\x8d;1\n", Refused.NO_SPREADSHEET),
        (b"\xff\xfeN", Refused.NO_SPREADSHEET),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Refused.ENCRYPTED),
        (OLE + "Workbook".encode("utf-16-le"), Refused.OLD_FORMAT),
        (OLE, Refused.NO_SPREADSHEET),
        (b"PK\x03\x04 nothing behind", Refused.DAMAGED),
        (SMALL[: len(SMALL) // 2], Refused.DAMAGED),
        (changed(SMALL, lambda p: p.pop("xl/workbook.xml")), Refused.NO_SPREADSHEET),
        (
            changed(SMALL, lambda p: p.update({"xl/workbook.bin": p.pop("xl/workbook.xml")})),
            Refused.OLD_FORMAT,
        ),
        (changed(SMALL, lambda p: p.update({"xl/workbook.xml": b"<broken"})), Refused.DAMAGED),
        (changed(SMALL, lambda p: p.update({"xl/styles.xml": b"<broken"})), Refused.DAMAGED),
        (sheet_xml("<row><c r='1A'><v>1</v></c></row>"), Refused.DAMAGED),
        (sheet_xml("<row><c r='A0'><v>1</v></c></row>"), Refused.DAMAGED),
        (sheet_xml("<row r='x'/>"), Refused.DAMAGED),
        (
            changed(SMALL, lambda p: p.update({"xl/workbook.xml": b"<w><sheet name='A'/></w>"})),
            Refused.DAMAGED,
        ),
        (_flagged(), Refused.ENCRYPTED),
        (ods("", manifest=b"<m><encryption-data/></m>"), Refused.ENCRYPTED),
        (changed(SMALL, _bomb), Refused.BOMB),
        (changed(SMALL, _entities), Refused.BOMB),
        (_twice(), Refused.BOMB),
        (sheet_xml("<row><c r='A1048576'><v>1</v></c></row>"), Refused.TOO_MANY_ROWS),
        (sheet_xml("<row><c r='XFD1'><v>1</v></c></row>"), Refused.TOO_MANY_COLUMNS),
        (sheet_xml("<row><c r='KN20000'><v>1</v></c></row>"), Refused.TOO_MANY_ROWS),
        (ods(f"<table:table table:name='T'>{REPEATED}</table:table>"), Refused.TOO_MANY_ROWS),
        (b"a;b\n" * 20_001, Refused.TOO_MANY_ROWS),
        (b"a;" * 400, Refused.TOO_MANY_COLUMNS),
        (b'Name;PLZ\n"A;1\nB;2\n', Refused.QUOTATION_MARKS),
        (b"Name;PLZ\n" + b"x" * 40_000 + b";1\n", Refused.TOO_LARGE),
        (b"x" * (21 << 20), Refused.TOO_LARGE),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: Refused | None) -> None:
    if code is None:
        assert read_sheet(data).headers == ("1", "2", "3")  # texts all through: a header, too
    else:
        assert refusal(data) is code


def test_sizes_are_measured_where_they_come_out_not_as_they_are_claimed() -> None:
    data = bytearray(changed(SMALL, _bomb))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = 0
        while (at := data.find(mark, at)) >= 0:
            data[at + offset : at + offset + 4] = (100).to_bytes(4, "little")
            at += 4
    assert refusal(bytes(data)) in {Refused.BOMB, Refused.DAMAGED}


def test_unpacked_parts_together_stay_within_the_limit() -> None:
    limits = Limits(unpacked_bytes=2_000)
    assert refusal(SMALL, limits=limits) is Refused.BOMB
    assert refusal(SMALL, limits=Limits(parts=3)) is Refused.BOMB


def _survives(data: bytes) -> None:
    try:
        sheet = read_sheet(data, known_headers=KNOWN, limits=Limits(rows=200, columns=50))
    except SheetRefused:
        return
    assert all(len(row.cells) == len(sheet.headers) for row in sheet.rows)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode()))
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_table_or_a_refusal(data: bytes) -> None:
    _survives(data)


@given(
    st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, len(SMALL)),
)
@settings(max_examples=150, deadline=None)
def test_damaged_workbooks_give_a_table_or_a_refusal(
    changes: list[tuple[int, int]], length: int
) -> None:
    data = bytearray(SMALL)
    for at, byte in changes:
        data[at] = byte
    _survives(bytes(data))
    _survives(bytes(data[:length]))


PARTS = sorted(zipfile.ZipFile(io.BytesIO(SMALL)).namelist())


@given(
    st.sampled_from(PARTS),
    st.integers(0, 2_000),
    st.sampled_from([b"", b"<", b"</c>", b"<c r='ZZZ9'>", b"\xff", b"1e999", b"<v>9</v>", b"&x;"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_workbooks_with_damaged_parts_give_a_table_or_a_refusal(
    part: str, at: int, piece: bytes
) -> None:
    def damage(parts: dict[str, bytes]) -> None:
        parts[part] = parts[part][:at] + piece + parts[part][at + len(piece) :]

    _survives(changed(SMALL, damage, packed=False))


MEASURE = """
import resource, sys
from pathlib import Path
from patenwerk.core.sheets.reading import read_sheet
rows = len(read_sheet(sys.stdin.buffer.read()).rows)
# The most it ever held. What getrusage says survives exec, so that a large parent would count.
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
print(rows, *peaks or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])
print(*(name for name in sys.modules if name == "django"))
"""


def test_five_thousand_rows_are_read_small_and_without_django() -> None:
    row = ["Müller, Anna", date(1980, 4, 3), 4109, "Deutsch B2, Arabisch A1"] * 4
    data = rows_xlsx([f"Spalte {n}" for n in range(17)], *([n, *row] for n in range(5_000)))
    run = [sys.executable, "-c", MEASURE]
    source = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    said = subprocess.run(run, input=data, capture_output=True, check=True, env=source)
    figures, django = said.stdout.decode().splitlines()
    rows, kilobytes = (int(figure) for figure in figures.split())
    assert (rows, django) == (5_000, "")
    assert kilobytes < 300 * 1024


def test_a_panic_in_the_reader_is_a_damaged_file_and_an_interruption_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panic = type("PanicException", (BaseException,), {})
    for raised, expected in ((panic, SheetRefused), (KeyboardInterrupt, KeyboardInterrupt)):

        def fail(*_given: object, raised: type[BaseException] = raised) -> NoReturn:
            raise raised

        monkeypatch.setattr(workbooks.CalamineWorkbook, "from_filelike", fail)
        with pytest.raises(expected):
            read_sheet(SMALL)


class _Stubborn:
    def get_sheet_by_name(self, name: str) -> NoReturn:
        raise ValueError(name)


def test_a_sheet_that_cannot_be_read_is_a_damaged_file() -> None:
    with pytest.raises(SheetRefused) as caught:
        workbooks._lines(_Stubborn(), "x", workbooks.Look(Limits()), Limits())  # type: ignore[arg-type]
    assert caught.value.code is Refused.DAMAGED


def test_cells_of_every_kind_are_cleaned() -> None:
    moment = datetime(2026, 5, 24, 8, 30)  # noqa: DTZ001 - cells have no zone
    cases: list[tuple[object, object]] = [
        (timedelta(hours=30), "1 day, 6:00:00"),
        (float("nan"), None),
        (float("inf"), None),
        (1e300, 1e300),
        (2.0, 2),
        (moment, moment),
        (datetime(2026, 5, 24), date(2026, 5, 24)),  # noqa: DTZ001 - the same
        (object(), None),
        (" \x00 ", None),
    ]
    assert [clean_value(value, Limits()) for value, _clean in cases] == [c for _v, c in cases]


def test_an_overlong_quotation_is_refused_not_guessed() -> None:
    assert refusal(b'"' + b"x" * 140_000) is Refused.QUOTATION_MARKS


def test_parts_are_counted_together_as_they_come_out() -> None:
    total = sum(len(part) for part in Package(SMALL, Limits()).parts.values())
    package = Package.__new__(Package)
    package.parts = {"before": bytes(total)}
    with zipfile.ZipFile(io.BytesIO(SMALL)) as archive, pytest.raises(SheetRefused) as caught:
        package._unpack(archive, archive.infolist()[0], Limits(unpacked_bytes=total))
    assert caught.value.code is Refused.BOMB
