"""What may be wrong with a row of a list: codes with values, the sentences are made above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Why a cell or a row is not taken. The values each code carries stand in brackets."""

    REQUIRED = "required"
    FORMULA_WITHOUT_VALUE = "formula_without_value"  # shown
    ERROR_CELL = "error_cell"  # shown
    TOO_LONG = "too_long"  # limit
    TOO_MANY_WORDS = "too_many_words"  # limit
    POSTCODE = "postcode"  # given
    UNKNOWN_LANGUAGE = "unknown_language"  # word, meant
    LANGUAGE_TWICE = "language_twice"  # language
    LEVEL_MISSING = "level_missing"  # language
    UNKNOWN_LEVEL = "unknown_level"  # word
    UNKNOWN_FREE_TIME = "unknown_free_time"  # word
    CLOCK_TIME = "clock_time"  # given
    FREE_TIME_TOO_SHORT = "free_time_too_short"  # given
    NO_DATE = "no_date"  # given
    AMBIGUOUS_DATE = "ambiguous_date"  # given
    DATE_TOO_LATE = "date_too_late"  # given, latest
    DATE_TOO_EARLY = "date_too_early"  # given, earliest
    UNKNOWN_GENDER = "unknown_gender"  # word
    UNKNOWN_WORD = "unknown_word"  # word, known, meant
    NUMBER = "number"  # given, low, high
    AGES = "ages"  # given
    EMAIL = "email"  # given
    YES_NO = "yes_no"  # given
    RELATION = "relation"  # word
    ONE_LANGUAGE = "one_language"  # word
    NO_GUARDIAN_NAMED = "no_guardian_named"
    MORE_THAN_GUARDIANS = "more_than_guardians"  # count
    GUARDIAN_TWICE = "guardian_twice"  # name
    DUPLICATE_ID = "duplicate_id"  # id, row
    IDENTICAL_ROW = "identical_row"  # row


class Misread(Exception):
    """A cell says nothing that could be taken. Carries the code and its values."""

    def __init__(self, code: Code, **values: str | int) -> None:
        self.code = code
        self.values: Mapping[str, str | int] = values
        super().__init__(code.value, dict(values))


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One reason why a row is not taken.

    ``row`` is the number beside it in the spreadsheet, ``column`` the key of the column list
    (None: the whole row), ``header`` what the file calls the column.
    """

    row: int
    column: str | None
    header: str
    code: Code
    values: Mapping[str, str | int] = field(default_factory=dict)
