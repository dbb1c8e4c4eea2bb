"""Writing: what is written reads back, and nothing in it is a command."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patenwerk.core.sheets.cells import clean_text
from patenwerk.core.sheets.model import Flaw, Flawed, Row, Sheet
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.sheets.writing import write_bad_rows, write_csv, write_json, write_xlsx

DANGEROUS = ["=1+1", "+49 30 1", "-x", "@a", "\t=1", "\r=1", " =1", "＝1", "=cmd|' /C calc'!A0"]
DAY = date(2026, 5, 24)


def test_a_workbook_reads_back_as_it_was() -> None:
    rows = [["Müller", 5, -5, 1.5, DAY, True, None], ["Öz", 1, -2, 2.5, DAY, False, "a\nb"]]
    sheet = read_sheet(write_xlsx(["Name", "a", "b", "c", "d", "e", "f"], rows, title="Teil/1"))
    assert [list(row.cells) for row in sheet.rows] == rows
    assert sheet.name == "Teil 1"


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_and_all_read_back(text: str) -> None:
    book = write_xlsx(["Name", text], [["A", text]], title="")
    cell = openpyxl.load_workbook(io.BytesIO(book)).active["B2"]
    assert (cell.data_type, cell.quotePrefix, cell.value) == ("s", True, clean_text(text)) or (
        clean_text(text)[0] not in "=+-@" and cell.data_type == "s"
    )
    table = write_csv(["Name", text], [["A", text]])
    assert all(line.split(b";")[1].lstrip(b'"')[:1] == b"'" for line in table.splitlines())
    for written in (book, table):
        sheet = read_sheet(written)
        assert (sheet.headers[1], sheet.rows[0].cells[1]) == (clean_text(text), clean_text(text))


def test_numbers_and_dates_stay_plain_in_text_files() -> None:
    rows = [[-5, -5.5, "-5,3", "-7", DAY, datetime(2026, 5, 24, 8, 30), True, None]]  # noqa: DTZ001
    assert write_csv(list("abcdefgh"), rows).decode("utf-8-sig").splitlines()[1] == (
        "-5;-5.5;-5,3;-7;2026-05-24;2026-05-24T08:30:00;True;"
    )


def test_text_files_open_in_german_programs() -> None:
    table = write_csv(["Name"], [["Müller; Öz"]])
    assert table.startswith(b"\xef\xbb\xbf")
    assert table.decode("utf-8-sig") == 'Name\r\n"Müller; Öz"\r\n'


def test_bad_rows_come_back_as_they_were_with_the_reason_first() -> None:
    sheet = Sheet(
        name="Liste",
        sheet_names=("Liste",),
        headers=("Name", "PLZ"),
        header_row=1,
        rows=(
            Row(2, ("Gut", "04109")),
            Row(3, ("=x", Flawed(Flaw.ERROR, "#REF!"))),
            Row(4, ("B", None)),
        ),
        notices=(),
        asks_date_order=False,
    )
    back = read_sheet(write_bad_rows(sheet, {3: "kaputt", 4: "leer"}, reason_header="Grund"))
    assert back.headers == ("Grund", "Name", "PLZ")
    assert [row.cells for row in back.rows] == [("kaputt", "=x", "#REF!"), ("leer", "B", None)]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_survives_both_ways(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    expected = [clean_text(f"a{text}") for text in texts]
    for write in (write_xlsx, write_csv):
        sheet = read_sheet(write(["Name", "Text"], [["A", f"a{text}"] for text in texts]))
        assert [row.cells[1] for row in sheet.rows] == expected


def test_json_says_what_stands_in_the_columns() -> None:
    rows = [["a", date(2026, 5, 24), None], ["ü", 3, 1.5]]
    assert json.loads(write_json(["X", "Tag", "Z"], rows)) == [
        {"X": "a", "Tag": "2026-05-24", "Z": None},
        {"X": "ü", "Tag": 3, "Z": 1.5},
    ]
    assert json.loads(write_json(["X"], [])) == []
