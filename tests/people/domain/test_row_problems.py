"""Every problem and every value has its words."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from patenwerk.people.domain.row_problems import (
    column_title,
    located_sentence,
    problem_sentence,
    value_in_words,
)
from patenwerk.people.enums import Gender, Level
from patenwerk.people.kernel.columns import Field
from patenwerk.people.kernel.problems import Code, RowProblem
from patenwerk.people.kernel.rows import Understood

VALUES: dict[str, str | int] = {
    "shown": "=A1",
    "limit": 80,
    "given": "x",
    "word": "y",
    "meant": "",
    "language": "de",
    "latest": "2026-05-24",
    "earliest": "1906-05-24",
    "known": "s, ab",
    "low": 1,
    "high": 9,
    "id": "M-1",
    "row": 3,
    "count": 2,
    "name": "Eva",
}


@pytest.mark.parametrize("code", Code)
def test_each_problem_has_a_sentence(code: Code) -> None:
    with translation.override("en"):
        sentence = problem_sentence(RowProblem(2, "postcode", "PLZ", code, VALUES))
    assert sentence.endswith((".", ")."))
    assert "%(" not in sentence


def test_a_sentence_names_row_and_column_and_what_was_expected() -> None:
    with translation.override("en"):
        assert located_sentence(
            RowProblem(2, "postcode", "PLZ Ort", Code.POSTCODE, {"given": "12"})
        ) == ("Row 2, column “PLZ Ort”: “12” is no German postcode; expected are five digits.")
        assert located_sentence(RowProblem(9, None, "", Code.IDENTICAL_ROW, {"row": 3})) == (
            "Row 9: The row is identical to row 3."
        )
        assert located_sentence(RowProblem(2, "postcode", "", Code.REQUIRED)).startswith(
            "Row 2, column “Postcode”: “Postcode” is missing"
        )


def test_a_near_word_is_offered_by_its_name() -> None:
    languages = RowProblem(
        2, "languages", "", Code.UNKNOWN_LANGUAGE, {"word": "Deutsh", "meant": "de"}
    )
    words = {"word": "Schul", "known": "s, ab", "meant": "s"}
    fields = RowProblem(2, "fields", "", Code.UNKNOWN_WORD, words)
    with translation.override("en"):
        assert problem_sentence(languages).endswith("Did you mean “German”?")
        sentence = problem_sentence(fields, labels={"s": "School", "ab": "Work"})
    assert sentence == (
        "“Schul” is not on the list; expected is one of: School, Work. Did you mean “School”?"
    )


def test_columns_are_called_as_the_reader_expects() -> None:
    titles = []
    for language in ("de", "en"):
        with translation.override(language):
            titles.append(column_title(Field.POSTCODE))
    assert titles == ["PLZ", "Postcode"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (Field.NOTE, None, ""),
        (Field.NOTE, "x", "x"),
        (Field.FURTHEST_KM, 10, "10"),
        (Field.FREE_TIMES, 0b000_100_110, "Mon afternoon, evening · Tue evening"),
        (Field.FREE_TIMES, 0b111, "Mon all day"),
        (Field.WISHED_AGE, (None, None), "no wish"),
        (Field.WISHED_AGE, (25, None), "from 25 years"),
        (Field.WISHED_AGE, (None, 60), "up to 60 years"),
        (Field.WISHED_AGE, (25, 60), "25 to 60 years"),
        (
            Field.LANGUAGES,
            {"de": Level.B2, "ar": Level.NATIVE},
            "German B2, Arabic first language",
        ),
        (Field.MINIMUM_LEVEL, Level.A2, "A2"),
        (Field.GENDER, Gender.FEMALE, "female"),
        (Field.WISHED_GENDERS, frozenset({Gender.MALE, Gender.DIVERSE}), "diverse, male"),
        (Field.FIELDS, frozenset({"s", "zirkus"}), "School, zirkus"),
        (Field.INTERESTS, ("Fußball", "Yoga"), "Fußball, Yoga"),
    ],
)
def test_values_are_said_as_they_were_understood(
    field: Field, value: Understood, words: str
) -> None:
    with translation.override("en"):
        assert value_in_words(field, value, labels={"s": "School"}) == words


def test_dates_are_said_in_the_readers_form() -> None:
    with translation.override("de"):
        assert value_in_words(Field.BIRTH_DATE, date(2010, 5, 24)) == "24.05.2010"
