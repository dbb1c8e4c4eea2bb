"""Headers find their columns."""

from __future__ import annotations

import pytest

from patenwerk.core.sheets.words import header_key
from patenwerk.people.enums import Side
from patenwerk.people.kernel.columns import (
    COLUMNS,
    Confidence,
    Field,
    column_of,
    columns_of,
    known_headers,
    mapping_of,
    missing_columns,
    suggest_mapping,
)


def suggested(headers: list[str], side: Side = Side.MENTOR, **remembered: str) -> list[object]:
    suggestions = suggest_mapping(headers, side, remembered=remembered)
    assert [s.header for s in suggestions] == headers
    return [(s.field, s.confidence.value) for s in suggestions]


def test_no_header_means_two_columns() -> None:
    for side in Side:
        keys = [header_key(h) for column in columns_of(side) for h in set(column.headers)]
        meanings = {
            key: {c.field for c in columns_of(side) if key in map(header_key, c.headers)}
            for key in keys
        }
        assert {key: fields for key, fields in meanings.items() if len(fields) > 1} == {}
    assert {column.field for column in COLUMNS} == set(Field)


@pytest.mark.parametrize("side", Side)
def test_every_usual_header_and_synonym_is_exact(side: Side) -> None:
    for column in columns_of(side):
        for header in column.headers:
            assert suggested([header.upper()], side) == [(column.field, "exact")]


def test_headers_in_other_spellings() -> None:
    headers = ["GESCHLECHT:", "Fuehrungszeugnis", "e mail", "Geburts-\ndatum", "PLZ"]
    assert [field for field, _sure in suggested(headers)] == [  # type: ignore[misc]
        Field.GENDER,
        Field.RECORD_CHECK_DATE,
        Field.EMAIL,
        Field.BIRTH_DATE,
        Field.POSTCODE,
    ]


def test_similar_headers_are_only_suggested_as_such() -> None:
    assert suggested(["Postleitzhal", "Sprachenn", "Lieblingsfarbe", "", "xyz"]) == [
        (Field.POSTCODE, "similar"),
        (Field.LANGUAGES, "similar"),
        (None, "unknown"),
        (None, "unknown"),
        (None, "unknown"),
    ]


def test_each_column_is_given_once_to_the_better_then_to_the_left() -> None:
    assert suggested(["Postleitzhal", "PLZ", "Postcode"]) == [
        (None, "unknown"),
        (Field.POSTCODE, "exact"),
        (None, "unknown"),
    ]


def test_what_was_remembered_beats_what_is_known() -> None:
    assert suggested(["Ort", "PLZ", "Notiz"], ort="postcode", notiz="", plz="gone") == [
        (Field.POSTCODE, "remembered"),
        (None, "remembered"),
        (None, "remembered"),
    ]


def test_columns_of_the_other_side_are_not_known() -> None:
    assert suggested(["Führungszeugnis vom"], Side.MENTEE) == [(None, "unknown")]
    assert suggested(["Mindestniveau"], Side.MENTOR) == [(None, "unknown")]
    assert header_key("Mindestniveau") in known_headers(Side.MENTEE)


def test_missing_columns_name_what_every_row_needs() -> None:
    assert missing_columns({}) == (Field.NAME, Field.POSTCODE, Field.LANGUAGES)
    assert missing_columns({0: Field.FIRST_NAME, 1: Field.POSTCODE}) == (Field.LANGUAGES,)
    mapping = mapping_of(suggest_mapping(["Name", "?", "PLZ", "Sprachen"], Side.MENTEE))
    assert mapping == {0: Field.NAME, 2: Field.POSTCODE, 3: Field.LANGUAGES}
    assert missing_columns(mapping) == ()
    assert column_of(Field.POSTCODE).required
    assert Confidence("exact") is Confidence.EXACT
