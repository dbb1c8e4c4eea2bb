"""Rows of a list of consents as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from patenwerk.core.sheets.columns import header_words
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Row, Sheet
from patenwerk.core.sheets.words import header_key
from patenwerk.people.enums import ConsentPurpose, GivenBy, Side
from patenwerk.people.kernel.consent_rows import (
    CONSENT_COLUMNS,
    GIVEN_BY_WORDS,
    PURPOSE_WORDS,
    SIDE_WORDS,
    ConsentField,
    ConsentRow,
    parse_consents,
)
from patenwerk.people.kernel.listed import Who, several
from patenwerk.people.kernel.problems import Code

ON = date(2026, 11, 23)
GOOD = {
    "person": "Linde, Sara",
    "purpose": "Teilnahme",
    "version": "2026-11",
    "given_by": "Eltern",
    "guardians": "Eva Linde; Aue, Jan",
    "given_on": "02.11.2026",
}


def read(*, order: DateOrder | None = None, **changes: Any) -> ConsentRow:
    cells = {**GOOD, **changes}
    sheet = Sheet(
        name="",
        sheet_names=(),
        headers=tuple(cells),
        header_row=1,
        rows=(Row(2, tuple(cells.values())),),
        notices=(),
        asks_date_order=False,
    )
    mapping = {index: ConsentField(name) for index, name in enumerate(cells)}
    (row,) = parse_consents(sheet, mapping, on=ON, date_order=order)
    return row


def test_a_row_is_understood() -> None:
    row = read(person_id=7, side="Mentee", withdrawn_on=date(2026, 11, 3))
    assert row.ok
    assert row.who == Who("7", "Linde, Sara")
    assert [(each.first_name, each.last_name) for each in row.guardians] == [
        ("Eva", "Linde"),
        ("Jan", "Aue"),
    ]
    said = [row.text(field) for field in (ConsentField.PURPOSE, ConsentField.GIVEN_BY)]
    assert said == ["taking_part", "guardian"]
    assert row.day(ConsentField.GIVEN_ON) == date(2026, 11, 2)
    assert row.day(ConsentField.WITHDRAWN_ON) == date(2026, 11, 3)
    assert (read(guardians=None).guardians, read().day(ConsentField.WITHDRAWN_ON)) == ((), None)


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"person": None}, "person", Code.REQUIRED),
        ({"purpose": ""}, "purpose", Code.REQUIRED),
        ({"purpose": "Fotos"}, "purpose", Code.UNKNOWN_WORD),
        ({"version": None}, "version", Code.REQUIRED),
        ({"version": "v" * 21}, "version", Code.TOO_LONG),
        ({"given_by": None}, "given_by", Code.REQUIRED),
        ({"given_by": "Nachbar"}, "given_by", Code.UNKNOWN_WORD),
        ({"given_on": None}, "given_on", Code.REQUIRED),
        ({"given_on": "gestern"}, "given_on", Code.NO_DATE),
        ({"given_on": "24.11.2026"}, "given_on", Code.DATE_TOO_LATE),
        ({"given_on": "24.11.1926"}, "given_on", Code.DATE_TOO_EARLY),
        ({"given_on": "03/04/2026"}, "given_on", Code.AMBIGUOUS_DATE),
        ({"withdrawn_on": "01.11.2026"}, "withdrawn_on", Code.DATE_TOO_EARLY),
        ({"guardians": "Eva; Eva"}, "guardians", Code.GUARDIAN_TWICE),
        ({"guardians": "x" * 4_001}, "guardians", Code.TOO_LONG),
        ({"side": "links"}, "side", Code.UNKNOWN_WORD),
    ],
)
def test_what_a_row_lacks_is_said(changes: dict[str, Any], column: str, code: Code) -> None:
    row = read(**changes)
    assert [(each.column, each.code) for each in row.problems] == [(column, code)]
    assert not row.ok


def test_dates_are_read_in_the_order_that_was_said() -> None:
    row = read(given_on="03/04/2026", order=DateOrder.MONTH_FIRST)
    assert row.day(ConsentField.GIVEN_ON) == date(2026, 3, 4)


def test_every_word_is_understood_and_no_header_means_two_things() -> None:
    for field, words in (
        ("side", {side.value: SIDE_WORDS[side] for side in Side}),
        ("purpose", {purpose.value: PURPOSE_WORDS[purpose] for purpose in ConsentPurpose}),
        ("given_by", {giver.value: GIVEN_BY_WORDS[giver] for giver in GivenBy}),
    ):
        for code, several_words in words.items():
            for word in several_words.split(","):
                assert read(**{field: word}).values[ConsentField(field)] == code
    keys = [{header_key(header) for header in column.headers} for column in CONSENT_COLUMNS]
    assert sum(map(len, keys)) == len(header_words(CONSENT_COLUMNS))


def test_several_are_named_in_the_same_order() -> None:
    assert several("1; 2", "Eva; ; Jan") == (Who("1", "Eva"), Who("2", ""), Who("", "Jan"))
    assert several("", "") == ()
    assert [str(who) for who in several("1; 2", "Eva")] == ["Eva", "2"]
