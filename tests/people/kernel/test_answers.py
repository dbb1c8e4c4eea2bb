"""Single answers as people write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from patenwerk.people.enums import Gender
from patenwerk.people.kernel.answers import (
    read_ages,
    read_email,
    read_gender,
    read_known_words,
    read_number,
    read_postcode,
    read_wished_genders,
    read_words,
    split_name,
)
from patenwerk.people.kernel.problems import Code, Misread


def km(value: str | float) -> int:
    return read_number(value, low=0, high=500, units=frozenset({"km"}))


def misread(read: Callable[[], object]) -> Misread:
    with pytest.raises(Misread) as caught:
        read()
    return caught.value


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ayşe Yılmaz", ("Ayşe", "Yılmaz")),
        ("Yılmaz, Ayşe", ("Ayşe", "Yılmaz")),
        ("von der Heide,  Jörg", ("Jörg", "von der Heide")),
        ("Jörg von der Heide", ("Jörg", "von der Heide")),
        ("Anna Lena Meier", ("Anna Lena", "Meier")),
        ("Von Meier", ("Von", "Meier")),
        ("Amira", ("Amira", "")),
        ("", ("", "")),
    ],
)
def test_names_are_split(text: str, names: tuple[str, str]) -> None:
    assert split_name(text) == names


@pytest.mark.parametrize(
    ("value", "postcode"),
    [
        ("04109", "04109"),
        ("4109", "04109"),
        (4109, "04109"),
        ("D-04109", "04109"),
        ("DE 04109", "04109"),
        ("04109 Leipzig", "04109"),
        ("04109, Leipzig", "04109"),
        ("4109.0", "04109"),
        ("99998", "99998"),
        ("٠٤١٠٩", "04109"),
    ],
)
def test_postcodes_get_their_zeros_back(value: str | int, postcode: str) -> None:
    assert read_postcode(value) == postcode


@pytest.mark.parametrize("value", ["", "410", "041091", "Leipzig", "99999", "00999", 1000, "4109x"])
def test_anything_else_is_no_postcode(value: str | int) -> None:
    assert misread(lambda: read_postcode(value)).code is Code.POSTCODE


def test_genders_and_wishes() -> None:
    words = ("W", "männlich", "Maennlich", "nicht-binär", "k.A.", "Frau")
    assert [read_gender(word) for word in words] == [
        Gender.FEMALE,
        Gender.MALE,
        Gender.MALE,
        Gender.DIVERSE,
        Gender.UNSAID,
        Gender.FEMALE,
    ]
    assert misread(lambda: read_gender("blau")).values == {"word": "blau"}
    assert read_wished_genders("weiblich oder divers") == {Gender.FEMALE, Gender.DIVERSE}
    assert read_wished_genders("w, m") == {Gender.FEMALE, Gender.MALE}
    assert read_wished_genders("egal") == read_wished_genders("unbekannt") == frozenset()
    assert misread(lambda: read_wished_genders("w/blau")).code is Code.UNKNOWN_GENDER


@pytest.mark.parametrize(
    ("value", "number"),
    [("10", 10), ("10 km", 10), ("bis 10 km", 10), ("10,0", 10), (10, 10), (10.0, 10), ("0", 0)],
)
def test_numbers_with_or_without_their_unit(value: str | float, number: int) -> None:
    assert km(value) == number


@pytest.mark.parametrize("value", ["10 Meilen", "x", "501", 501, -1, 1.5, float("nan"), "1,5"])
def test_other_numbers_do_not_fit(value: str | float) -> None:
    assert misread(lambda: km(value)).values == {"given": str(value), "low": 0, "high": 500}


@pytest.mark.parametrize(
    ("value", "ages"),
    [
        ("25-60", (25, 60)),
        ("25 bis 60 Jahre", (25, 60)),
        ("25–60", (25, 60)),
        ("ab 25", (25, None)),
        ("mind. 25 J.", (25, None)),
        ("25+", (25, None)),
        ("bis 60", (None, 60)),
        ("up to 60 years", (None, 60)),
        (30, (30, 30)),
        ("egal", (None, None)),
    ],
)
def test_wished_ages(value: str | int, ages: tuple[int | None, int | None]) -> None:
    assert read_ages(value) == ages


@pytest.mark.parametrize("value", ["60-25", "bis 130", "ab 130", "jung", "2010-05-24"])
def test_other_words_are_no_span_of_ages(value: str) -> None:
    assert misread(lambda: read_ages(value)).code is Code.AGES


def test_one_mail_address() -> None:
    assert read_email("a@beispiel.example") == "a@beispiel.example"
    for text in ("a@b", "a b@c.de", "a@c.de; b@c.de", f"{'a' * 250}@c.de"):
        assert misread(lambda text=text: read_email(text)).code is Code.EMAIL  # type: ignore[misc]


def test_free_words_stay_as_written_each_once() -> None:
    assert read_words("Fußball; Kochen, fussball /  Yoga  am Abend,,-") == (
        "Fußball",
        "Kochen",
        "Yoga am Abend",
    )


KNOWN = {"schule": "s", "ausbildung und beruf": "ab", "alltag behorden": "al", "sprache": "sp"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Schule", {"s"}),
        ("Schule, Ausbildung und Beruf", {"s", "ab"}),
        ("Schule und Sprache", {"s", "sp"}),
        ("Alltag, Behörden", {"al"}),
        ("Alltag/Behörden; Schule", {"al", "s"}),
        ("Schule/Sprache", {"s", "sp"}),
        ("Schule; ", {"s"}),
        (";", set()),
    ],
)
def test_known_words_may_hold_the_marks_that_divide_lists(text: str, codes: set[str]) -> None:
    assert read_known_words(text, KNOWN) == codes


def test_unknown_words_are_named_with_what_is_known() -> None:
    assert misread(lambda: read_known_words("Schule, Sprahce", KNOWN)).values == {
        "word": "Sprahce",
        "known": "ab, al, s, sp",
        "meant": "sp",
    }
    assert misread(lambda: read_known_words("Zirkus", KNOWN)).values["meant"] == ""
