"""Sheets as the reader hands them to lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patenwerk.core.sheets.model import Row, Sheet


def sheet_of(*rows: Mapping[str, Any]) -> Sheet:
    """Rows by column, the headers being all columns that any of them names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return Sheet(
        name="",
        sheet_names=(),
        headers=tuple(names),
        header_row=1,
        rows=tuple(
            Row(number, tuple(row.get(name) for name in names))
            for number, row in enumerate(rows, start=2)
        ),
        notices=(),
        asks_date_order=False,
    )
