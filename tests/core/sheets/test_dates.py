"""Dates as people write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from patenwerk.core.sheets.dates import (
    AmbiguousDate,
    DateForm,
    DateOrder,
    NoDate,
    date_form,
    is_ambiguous,
    read_date,
)

TODAY = date(2026, 5, 24)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("24.05.2010", date(2010, 5, 24)),
        ("3. 4. 2010", date(2010, 4, 3)),
        ("2010-05-24", date(2010, 5, 24)),
        ("2010-05-24T00:00:00", date(2010, 5, 24)),
        ("2010/05/24", date(2010, 5, 24)),
        ("24/05/2010", date(2010, 5, 24)),
        ("05/24/2010", date(2010, 5, 24)),
        ("24-05-2010", date(2010, 5, 24)),
        ("04/04/2010", date(2010, 4, 4)),
        ("24. Mai 2010", date(2010, 5, 24)),
        ("1. März 1999", date(1999, 3, 1)),
        ("May 24, 2010", date(2010, 5, 24)),
        ("24 Dec 2009", date(2009, 12, 24)),
        ("24.05.26", date(2026, 5, 24)),
        ("25.05.26", date(1926, 5, 25)),
        ("01.01.99", date(1999, 1, 1)),
        ("40322", date(2010, 5, 24)),
        (40322, date(2010, 5, 24)),
        (40322.75, date(2010, 5, 24)),
        (date(2010, 5, 24), date(2010, 5, 24)),
        (datetime(2010, 5, 24, 12, 0), date(2010, 5, 24)),  # noqa: DTZ001 - cells have no zone
    ],
)
def test_dates_are_read(written: object, meant: date) -> None:
    assert read_date(written, order=None, latest=TODAY) == meant


@pytest.mark.parametrize(
    "written",
    [
        *("", "2010", 2010, "31.02.2010", "29.02.23", "13/13/2010", "24. Foo 2010", "ja", True),
        *(None, float("nan"), float("inf"), 99_999, "03.2010", "2010-13-01"),
    ],
)
def test_anything_else_is_no_date(written: object) -> None:
    with pytest.raises(NoDate):
        read_date(written, order=None, latest=TODAY)


def test_an_open_order_is_asked_and_the_answer_counts() -> None:
    with pytest.raises(AmbiguousDate):
        read_date("03/04/2010", order=None, latest=TODAY)
    day_first, month_first = (
        read_date("03/04/2010", order=order, latest=TODAY)
        for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
    )
    assert (day_first, month_first) == (date(2010, 4, 3), date(2010, 3, 4))


def test_a_date_against_the_answer_is_no_date() -> None:
    with pytest.raises(NoDate):
        read_date("05/24/2010", order=DateOrder.DAY_FIRST, latest=TODAY)
    with pytest.raises(NoDate):
        read_date("24/05/2010", order=DateOrder.MONTH_FIRST, latest=TODAY)


def test_only_exchangeable_numbers_are_open() -> None:
    values = ("03/04/2010", "3-4-10", "04/04/2010", "24/05/2010", "03.04.2010", 3, None)
    assert [is_ambiguous(value) for value in values] == [True, True] + [False] * 5


def test_forms_are_told_apart() -> None:
    values = (TODAY, "1.2.2003", "2003-02-01", "01/02/2003", "1. Mai 2003", "Mo", 40322)
    assert [date_form(value) for value in values] == [
        DateForm.CELL,
        DateForm.DOTTED,
        DateForm.ISO,
        DateForm.SLASHED,
        DateForm.WORDS,
        None,
        None,
    ]
