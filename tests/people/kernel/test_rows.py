"""Rows become people, or say exactly why not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Flaw, Flawed, Sheet, Value
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.columns import Field
from patenwerk.people.kernel.problems import Code
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.kernel.rows import ParsedRow, Reading, parse_row, parse_rows
from tests.sheets import sheet_of

ON = date(2026, 5, 24)
MENTOR = Reading(side=Side.MENTOR, on=ON)
MENTEE = Reading(side=Side.MENTEE, on=ON)
GOOD: dict[Field, Value] = {
    Field.NAME: "Yılmaz, Ayşe",
    Field.POSTCODE: "04109",
    Field.LANGUAGES: "Deutsch B2",
}


def sheet_by_field(*rows: dict[Field, Value]) -> tuple[Sheet, dict[int, Field]]:
    """A sheet with a column for each field, and which column is which."""
    sheet = sheet_of(*({field.value: value for field, value in row.items()} for row in rows))
    return sheet, {at: Field(header) for at, header in enumerate(sheet.headers)}


def one(row: dict[Field, Value], reading: Reading = MENTOR) -> ParsedRow:
    sheet, mapping = sheet_by_field(row)
    return parse_row(sheet.rows[0], sheet.headers, mapping, reading)


def found(row: ParsedRow) -> list[tuple[str | None, Code]]:
    return [(problem.column, problem.code) for problem in row.problems]


FULL: dict[Field, Value] = {
    **GOOD,
    Field.FILE_ID: 14,
    Field.BIRTH_DATE: "24.05.1980",
    Field.GENDER: "w",
    Field.EMAIL: "a@beispiel.example",
    Field.PHONE: "0341  1",
    Field.FURTHEST_KM: "10 km",
    Field.FREE_TIMES: "Mo vormittags",
    Field.FIELDS: "Schule, Alltag",
    Field.INTERESTS: "Fußball, Kochen",
    Field.DISLIKES: "Kälte",
    Field.WISHED_GENDERS: "egal",
    Field.WISHED_AGE: "ab 10",
    Field.EXPECTED_MONTHS: 12.0,
    Field.CAPACITY: 2,
    Field.WAITING_SINCE: date(2026, 1, 2),
    Field.RECORD_CHECK_DATE: "29.02.2024",
    Field.NETWORK: "Ost",
    Field.NEVER_WITH: "K1, K2",
    Field.NOTE: "Zeile 1\nZeile 2",
}


def test_a_full_row_becomes_a_profile() -> None:
    assert one(FULL).to_profile() == Profile(
        id="14",
        side=Side.MENTOR,
        first_name="Ayşe",
        last_name="Yılmaz",
        birth_date=date(1980, 5, 24),
        gender=Gender.FEMALE,
        postcode="04109",
        furthest_km=10,
        languages={"de": Level.B2},
        free_times=1,
        fields=frozenset({"schule", "alltag"}),
        interests=frozenset({"fussball", "kochen"}),
        dislikes=frozenset({"kalte"}),
        wished_age_from=10,
        expected_months=12,
        open_places=2,
        waiting_since=date(2026, 1, 2),
        record_check_until=date(2029, 2, 28),
        network="Ost",
        never_with=frozenset({"K1", "K2"}),
    )


def test_a_full_row_becomes_plain_fields() -> None:
    assert one(FULL).fields() == {
        "file_id": "14",
        "first_name": "Ayşe",
        "last_name": "Yılmaz",
        "postcode": "04109",
        "languages": {"de": 4},
        "birth_date": date(1980, 5, 24),
        "gender": "female",
        "email": "a@beispiel.example",
        "phone": "0341 1",
        "furthest_km": 10,
        "free_times": 1,
        "fields": ["alltag", "schule"],
        "interests": ["Fußball", "Kochen"],
        "dislikes": ["Kälte"],
        "wished_genders": [],
        "wished_age_from": 10,
        "wished_age_to": None,
        "expected_months": 12,
        "capacity": 2,
        "waiting_since": date(2026, 1, 2),
        "record_check_date": date(2024, 2, 29),
        "network": "Ost",
        "never_with": ["K1", "K2"],
        "note": "Zeile 1\nZeile 2",
    }


def test_empty_cells_say_nothing_and_leave_defaults_alone() -> None:
    empty: dict[Field, Value] = {field: None for field in FULL if field not in GOOD}
    row = one({**GOOD, **empty, Field.MINIMUM_LEVEL: "-"}, MENTEE)
    assert row.fields() == {
        "first_name": "Ayşe",
        "last_name": "Yılmaz",
        "postcode": "04109",
        "languages": {"de": 4},
        "file_id": "",
        "birth_date": None,
        "gender": "unsaid",
        "email": "",
        "phone": "",
        "free_times": 0,
        "fields": [],
        "interests": [],
        "dislikes": [],
        "wished_genders": [],
        "wished_age_from": None,
        "wished_age_to": None,
        "expected_months": None,
        "record_check_date": None,
        "network": "",
        "never_with": [],
        "note": "",
        "minimum_level": None,
    }
    profile = row.to_profile()
    assert (profile.furthest_km, profile.open_places, profile.waiting_since) == (15, 1, ON)
    assert (profile.record_check_until, profile.gender) == (None, Gender.UNSAID)


def test_a_smallest_row_is_enough() -> None:
    assert one(GOOD).fields().keys() == {"first_name", "last_name", "postcode", "languages"}
    level = one({**GOOD, Field.MINIMUM_LEVEL: "A2"}, MENTEE)
    assert (level.fields()["minimum_level"], level.to_profile().minimum_level) == (2, Level.A2)
    wish = one({**GOOD, Field.WISHED_GENDERS: "w, d"})
    assert wish.fields()["wished_genders"] == ["diverse", "female"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({Field.FIRST_NAME: "Ayşe", Field.LAST_NAME: "Yılmaz"}, ("Ayşe", "Yılmaz")),
        ({Field.FIRST_NAME: "Ayşe", Field.NAME: "Yılmaz"}, ("Ayşe", "Yılmaz")),
        ({Field.LAST_NAME: "Yılmaz", Field.NAME: "Ayşe"}, ("Ayşe", "Yılmaz")),
        ({Field.LAST_NAME: "Yılmaz"}, ("Yılmaz", "")),
        ({Field.NAME: "Ayşe Yılmaz"}, ("Ayşe", "Yılmaz")),
    ],
)
def test_names_from_one_column_or_two(names: dict[Field, Value], expected: tuple[str, str]) -> None:
    profile = one({**names, Field.POSTCODE: "04109", Field.LANGUAGES: "de B1"}).to_profile()
    assert (profile.first_name, profile.last_name) == expected


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (Field.POSTCODE, None, Code.REQUIRED),
        (Field.POSTCODE, "123", Code.POSTCODE),
        (Field.LANGUAGES, None, Code.REQUIRED),
        (Field.LANGUAGES, "Deutsch keine", Code.REQUIRED),
        (Field.LANGUAGES, "Deutsch", Code.LEVEL_MISSING),
        (Field.NAME, None, Code.REQUIRED),
        (Field.NAME, "x" * 161, Code.TOO_LONG),
        (Field.NAME, Flawed(Flaw.FORMULA_WITHOUT_VALUE, "=A1"), Code.FORMULA_WITHOUT_VALUE),
        (Field.NAME, Flawed(Flaw.ERROR, "#REF!"), Code.ERROR_CELL),
        (Field.BIRTH_DATE, "2010", Code.NO_DATE),
        (Field.BIRTH_DATE, "03/04/2010", Code.AMBIGUOUS_DATE),
        (Field.BIRTH_DATE, "25.05.2026", Code.DATE_TOO_LATE),
        (Field.BIRTH_DATE, "01.01.1900", Code.DATE_TOO_EARLY),
        (Field.GENDER, "blau", Code.UNKNOWN_GENDER),
        (Field.EMAIL, "keine Mail", Code.EMAIL),
        (Field.FURTHEST_KM, True, Code.NUMBER),
        (Field.FURTHEST_KM, date(2026, 1, 1), Code.NUMBER),
        (Field.MINIMUM_LEVEL, "viel", Code.UNKNOWN_LEVEL),
        (Field.FREE_TIMES, "irgendwann", Code.UNKNOWN_FREE_TIME),
        (Field.WISHED_AGE, date(2026, 10, 5), Code.AGES),
        (Field.EXPECTED_MONTHS, 0, Code.NUMBER),
        (Field.CAPACITY, 10, Code.NUMBER),
        (Field.INTERESTS, "x" * 61, Code.TOO_LONG),
        (Field.RECORD_CHECK_UNTIL, "24.05.2050", Code.DATE_TOO_LATE),
    ],
)
def test_each_problem_is_named_with_its_column(field: Field, value: Value, code: Code) -> None:
    row = one({**GOOD, field: value})
    assert found(row) == [(field.value, code)]
    assert (row.ok, row.problems[0].row, row.problems[0].header) == (False, 2, field.value)
    for use in (row.fields, row.to_profile):
        with pytest.raises(ValueError, match="row 2"):
            use()


def test_all_problems_of_a_row_are_found_at_once() -> None:
    row = one({Field.FIRST_NAME: None, Field.GENDER: "blau"})
    assert found(row) == [
        ("gender", Code.UNKNOWN_GENDER),
        ("first_name", Code.REQUIRED),
        ("postcode", Code.REQUIRED),
        ("languages", Code.REQUIRED),
    ]
    assert found(one({Field.GENDER: "w"}))[0] == ("name", Code.REQUIRED)


def test_a_record_check_ends_after_it_began_and_its_end_may_be_said() -> None:
    dates: dict[Field, Value] = {Field.RECORD_CHECK_DATE: "01.02.2026"}
    until = Field.RECORD_CHECK_UNTIL
    assert found(one({**GOOD, **dates, until: "31.01.2026"})) == [
        ("record_check_until", Code.DATE_TOO_EARLY)
    ]
    said = one({**GOOD, **dates, until: "01.02.2029"}).to_profile()
    assert said.record_check_until == date(2029, 2, 1)
    three = Reading(side=Side.MENTOR, on=ON, record_check_years=3)
    assert one({**GOOD, **dates}, three).to_profile().record_check_until == date(2029, 2, 1)


def test_answers_for_the_whole_file_count() -> None:
    reading = Reading(
        side=Side.MENTOR,
        on=ON,
        date_order=DateOrder.MONTH_FIRST,
        level_if_missing=Level.B1,
        fields={"schule": "school"},
        furthest_km=30,
    )
    row: dict[Field, Value] = {
        **GOOD,
        Field.LANGUAGES: "Deutsch",
        Field.BIRTH_DATE: "03/04/2010",
        Field.FIELDS: "Schule",
    }
    profile = one(row, reading).to_profile()
    assert profile.birth_date == date(2010, 3, 4)
    assert (profile.languages, profile.fields) == ({"de": Level.B1}, {"school"})
    assert profile.furthest_km == 30
    assert found(one({**GOOD, Field.FIELDS: "Zirkus"}, reading)) == [("fields", Code.UNKNOWN_WORD)]


def test_who_has_an_entry_has_no_valid_record_check() -> None:
    check = {**GOOD, Field.RECORD_CHECK_DATE: date(2026, 1, 12)}
    assert one(check).to_profile().record_check_until is not None
    found = {**check, Field.RECORD_CHECK_ENTRY: "ja"}
    assert one(found).to_profile().record_check_until is None
    until = {**found, Field.RECORD_CHECK_UNTIL: date(2031, 1, 11)}
    assert one(until).to_profile().record_check_until is None


def test_numbers_are_read_as_they_would_be_typed() -> None:
    row = one({**GOOD, Field.FILE_ID: 7.0, Field.POSTCODE: 1067.0, Field.NOTE: 1.5})
    assert (row.id, row.values[Field.POSTCODE], row.values[Field.NOTE]) == ("7", "01067", "1.5")


def test_without_a_number_the_whole_row_identifies_whatever_the_order_of_columns() -> None:
    first, second = one(GOOD), one(dict(reversed(GOOD.items())))
    other = one({**GOOD, Field.POSTCODE: "04315"})
    assert first.id == second.id != other.id
    assert first.id.startswith("Ayşe Yılmaz #")


def test_identical_rows_count_once() -> None:
    sheet, mapping = sheet_by_field(GOOD, {**GOOD, Field.POSTCODE: "04315"}, GOOD)
    rows = parse_rows(sheet, mapping, MENTOR)
    assert [found(row) for row in rows] == [[], [], [(None, Code.IDENTICAL_ROW)]]
    assert rows[2].problems[0].values == {"row": 2}


def test_of_different_rows_with_one_number_none_is_taken() -> None:
    other: dict[Field, Value] = {**GOOD, Field.NAME: "Öz, Can", Field.FILE_ID: 1}
    sheet, mapping = sheet_by_field({**GOOD, Field.FILE_ID: 1}, {**GOOD, Field.FILE_ID: 2}, other)
    rows = parse_rows(sheet, mapping, MENTOR)
    assert [found(row) for row in rows] == [
        [("file_id", Code.DUPLICATE_ID)],
        [],
        [("file_id", Code.DUPLICATE_ID)],
    ]
    assert [row.problems[0].values["row"] for row in (rows[0], rows[2])] == [4, 2]
    assert rows[0].problems[0].header == "file_id"


VALUES = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.just(Flawed(Flaw.ERROR, "#N/A")),
)


@given(st.dictionaries(st.sampled_from(list(Field)), VALUES, min_size=1))
@settings(max_examples=300, deadline=None)
def test_any_cells_give_a_person_or_reasons(row: dict[Field, Value]) -> None:
    parsed = one({**GOOD, **row})
    if parsed.ok:
        assert parsed.to_profile().postcode
        assert parsed.fields()


def test_five_thousand_rows_are_understood() -> None:
    rows: list[dict[Field, Value]] = [
        {**FULL, Field.FILE_ID: n, Field.NAME: f"Person {n}", Field.POSTCODE: 4000 + n % 900}
        for n in range(5_000)
    ]
    sheet, mapping = sheet_by_field(*rows)
    assert all(row.ok for row in parse_rows(sheet, mapping, MENTOR))
