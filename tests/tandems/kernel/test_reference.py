"""Every example of the reference is understood."""

from __future__ import annotations

from datetime import date

import pytest

from patenwerk.core.sheets.columns import Column
from patenwerk.core.sheets.model import Row, Sheet
from patenwerk.tandems.kernel.columns import (
    CLOSING_COLUMNS,
    MEETING_COLUMNS,
    MEMBER_COLUMNS,
    TANDEM_COLUMNS,
    Field,
)
from patenwerk.tandems.kernel.reference import SYNTAX
from patenwerk.tandems.kernel.rows import (
    Reading,
    parse_closings,
    parse_meetings,
    parse_members,
    parse_tandems,
)

READING = Reading(
    on=date(2026, 11, 23),
    kinds={"chancenpatenschaft": "chance"},
    focuses={"bildung": "education"},
    fields={"schule": "school"},
)


@pytest.mark.parametrize(
    ("columns", "parse"),
    [
        (TANDEM_COLUMNS, parse_tandems),
        (MEMBER_COLUMNS, parse_members),
        (MEETING_COLUMNS, parse_meetings),
        (CLOSING_COLUMNS, parse_closings),
    ],
)
def test_a_row_of_all_examples_is_understood(columns: tuple[Column, ...], parse: object) -> None:
    cells = tuple(SYNTAX[column.code][1] for column in columns)
    sheet = Sheet(
        name="",
        sheet_names=(),
        headers=tuple(column.german for column in columns),
        header_row=1,
        rows=(Row(2, cells),),
        notices=(),
        asks_date_order=False,
    )
    mapping = {index: Field(column.code) for index, column in enumerate(columns)}
    (row,) = parse(sheet, mapping, READING)  # type: ignore[operator]
    assert row.problems == ()
    assert all(value is not None for value in row.values.values())
