from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.places.enums import Land
from patenwerk.places.kernel.distance import Point
from patenwerk.places.kernel.geonames import (
    LONGEST_LINE,
    Expected,
    MalformedLine,
    PostcodePlace,
    read_postcodes,
)

CELLS = ["DE", "01067", "Dresden", "Sachsen", "SN", "", "", "Dresden", "14612", "51.06", "13.71"]


def line(**changes: str) -> bytes:
    cells = list(CELLS)
    for column, value in changes.items():
        cells[int(column.removeprefix("c")) - 1] = value
    return "\t".join([*cells, "6"]).encode() + b"\n"


def only(raw: bytes) -> PostcodePlace | None:
    (place,) = read_postcodes([raw])
    return place


def failure(*raw: bytes) -> tuple[int, int, Expected, str]:
    with pytest.raises(MalformedLine) as caught:
        list(read_postcodes(raw))
    error = caught.value
    return error.line, error.column, error.expected, error.found


def test_one_place() -> None:
    assert only(line()) == PostcodePlace("01067", "Dresden", Land.SN, Point(51.06, 13.71))


def test_accuracy_may_be_missing_and_lines_may_end_like_on_windows() -> None:
    raw = "\t".join(CELLS).encode() + b"\r\n"
    assert only(raw) == only(line())


def test_byte_order_mark_only_at_the_start() -> None:
    assert only(b"\xef\xbb\xbf" + line()) == only(line())


@pytest.mark.parametrize(
    ("name", "code", "land"),
    [
        ("Saxony", "", Land.SN),
        ("", "SN", Land.SN),
        ("Land der Träume", "TH", Land.TH),
        ("Bavaria", "XX", Land.BY),
    ],
)
def test_land_by_german_or_english_name_or_code(name: str, code: str, land: Land) -> None:
    place = only(line(c4=name, c5=code))
    assert place is not None
    assert place.land is land


def test_other_countries_and_empty_lines_are_passed_over() -> None:
    assert list(read_postcodes([line(c1="AT", c2="1010"), b"\n", b" \r\n", line()])) == [
        None,
        None,
        None,
        only(line()),
    ]


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (line(c2="1067"), (1, 2, Expected.POSTCODE, "1067")),
        (line(c2=""), (1, 2, Expected.POSTCODE, "")),
        (line(c3=" "), (1, 3, Expected.NAME, " ")),
        (line(c3="x" * 201), (1, 3, Expected.NAME, "x" * 201)),
        (line(c4="Tirol", c5=""), (1, 4, Expected.LAND, "Tirol")),
        (line(c4="", c5="07"), (1, 4, Expected.LAND, "07")),
        (line(c10="north"), (1, 10, Expected.LATITUDE, "north")),
        (line(c10="nan"), (1, 10, Expected.LATITUDE, "nan")),
        (line(c10="46.9"), (1, 10, Expected.LATITUDE, "46.9")),
        (line(c11="51,06"), (1, 11, Expected.LONGITUDE, "51,06")),
        (line(c11="inf"), (1, 11, Expected.LONGITUDE, "inf")),
        (b"DE;01067;Dresden\n", (1, 1, Expected.COLUMNS, "1")),
        (b"DE\t01067\tDresden\n", (1, 3, Expected.COLUMNS, "3")),
        (b"PK\x03\x04rest\n", (1, 1, Expected.TEXT, "")),
        (b"DE\t\0\n", (1, 1, Expected.TEXT, "")),
        (b"x" * (LONGEST_LINE + 1), (1, 1, Expected.TEXT, "")),
        (b"DE\t01067\tD\xfcren\n", (1, 3, Expected.UTF8, "")),
    ],
)
def test_what_is_wrong_is_named(raw: bytes, where: tuple[int, int, Expected, str]) -> None:
    assert failure(raw) == where


def test_line_numbers_count_every_line() -> None:
    assert failure(line(), b"\n", line(c1="AT"), line(c2="x"))[:2] == (4, 2)


@given(st.lists(st.binary(max_size=80)))
def test_any_bytes_are_read_or_refused(lines: list[bytes]) -> None:
    broken: list[MalformedLine] = []
    answers = []
    try:
        answers = list(read_postcodes(lines))
    except MalformedLine as error:
        broken.append(error)
    assert len(answers) == len(lines) or broken
    assert all(1 <= error.line <= len(lines) and error.column >= 1 for error in broken)
