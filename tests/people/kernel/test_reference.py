"""The reference says what the code does, and its examples are read without a problem."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from patenwerk.core.sheets.reading import read_sheet
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.columns import (
    Confidence,
    Field,
    columns_of,
    known_headers,
    mapping_of,
    suggest_mapping,
)
from patenwerk.people.kernel.reference import SYNTAX, columns_reference
from patenwerk.people.kernel.rows import ParsedRow, Reading, parse_row, parse_rows
from patenwerk.tandems.kernel.reference import lists_reference

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
ON = date(2026, 5, 24)


def parsed(name: str, side: Side) -> list[ParsedRow]:
    data = (REFERENCE / "examples" / name).read_bytes()
    sheet = read_sheet(data, known_headers=known_headers(side))
    suggestions = suggest_mapping(sheet.headers, side)
    assert {s.confidence for s in suggestions} == {Confidence.EXACT}
    return parse_rows(sheet, mapping_of(suggestions), Reading(side=side, on=ON))


def test_the_page_is_what_the_code_says() -> None:
    page = (REFERENCE / "columns.md").read_text(encoding="utf-8")
    assert page == columns_reference() + lists_reference(), (
        "write columns_reference() and lists_reference() into docs/reference/columns.md"
    )


@pytest.mark.parametrize("side", Side)
def test_every_example_of_the_table_is_understood(side: Side) -> None:
    for column in columns_of(side):
        for example in (
            SYNTAX[column.field][1].split(", ")
            if column.field is Field.WISHED_AGE
            else [SYNTAX[column.field][1]]
        ):
            sheet = read_sheet(f'x;y\n"{example}";1\n'.encode())
            row = parse_row(
                sheet.rows[0], sheet.headers, {0: column.field}, Reading(side=side, on=ON)
            )
            assert row.values[column.field] is not None


@pytest.mark.parametrize(
    ("name", "side", "count"),
    [("mentoren.xlsx", Side.MENTOR, 30), ("mentees.csv", Side.MENTEE, 32)],
)
def test_the_example_lists_are_read_without_a_problem(name: str, side: Side, count: int) -> None:
    rows = parsed(name, side)
    assert [problem for row in rows for problem in row.problems] == []
    assert len({row.id for row in rows}) == count
    assert all(row.to_profile().free_times for row in rows)


def test_the_examples_mean_what_they_say() -> None:
    mentor = parsed("mentoren.xlsx", Side.MENTOR)[1].to_profile()
    assert (mentor.id, mentor.first_name, mentor.last_name) == ("M-002", "Cem", "Yılmaz")
    assert mentor.languages == {"de": Level.C2, "tr": Level.NATIVE}
    assert (mentor.postcode, mentor.furthest_km, mentor.open_places) == ("04315", 10, 1)
    assert (mentor.wished_age_from, mentor.wished_age_to) == (16, 27)
    assert mentor.record_check_until == date(2030, 12, 15)
    mentee = parsed("mentees.csv", Side.MENTEE)[4].to_profile()
    assert (mentee.birth_date, mentee.waiting_since) == (date(2013, 3, 30), date(2026, 2, 23))
