"""Free times as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.people.kernel.free_times import read_free_times
from patenwerk.people.kernel.problems import Code, Misread
from patenwerk.people.kernel.profile import free_time_bit

DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
PARTS = ("vormittags", "nachmittags", "abends")


def grid(cells: str) -> int:
    """»Mo1 Di2« as bits; »Mo*« is the whole day."""
    bits = 0
    for cell in cells.split():
        for part in range(3) if cell[2:] == "*" else [int(cell[2:])]:
            bits |= free_time_bit(DAYS.index(cell[:2]), part)
    return bits


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", ""),
        ("Mo nachmittags, Di abends", "Mo1 Di2"),
        ("Mo, Mi abends", "Mo2 Mi2"),
        ("Montag Nachmittag und Dienstagabend", "Mo1 Di2"),
        ("Mo vormittags und nachmittags", "Mo0 Mo1"),
        ("Mo-Mi vormittags", "Mo0 Di0 Mi0"),
        ("Mo bis Mi früh", "Mo0 Di0 Mi0"),
        ("Sa–Mo abends", "Sa2 So2 Mo2"),
        ("Mo - abends", None),
        ("Mo und Do", "Mo* Do*"),
        ("Sa; Di abends", "Sa* Di2"),
        ("Di abends\nSo", "Di2 So*"),
        ("Wochenende", "Sa* So*"),
        ("am Wochenende nachmittags", "Sa1 So1"),
        ("unter der Woche abends", "Mo2 Di2 Mi2 Do2 Fr2"),
        ("jeden Tag abends", "Mo2 Di2 Mi2 Do2 Fr2 Sa2 So2"),
        ("abends", "Mo2 Di2 Mi2 Do2 Fr2"),
        ("ab 18 Uhr", "Mo2 Di2 Mi2 Do2 Fr2"),
        ("jederzeit", "Mo* Di* Mi* Do* Fr* Sa* So*"),
        ("any time", "Mo* Di* Mi* Do* Fr* Sa* So*"),
        ("Monday mornings, Sat all day", "Mo0 Sa*"),
        ("Mo 14-18 Uhr", "Mo1"),
        ("Mo 14:30–18.30 Uhr", "Mo1"),
        ("Mo 17-19 Uhr", "Mo1 Mo2"),
        ("Mo 10-12 und 18-20 Uhr", "Mo0 Mo2"),
        ("Mo von 9 bis 12 Uhr", "Mo0"),
        ("Mo 14h-18h", "Mo1"),
        ("Mo ab 16 Uhr, Sa bis 12 Uhr", "Mo1 Mo2 Sa0"),
        ("Mon 2-6 pm", "Mo1"),
        ("Mon 10 am - 2 pm", "Mo0 Mo1"),
        ("Mon 9am to 12pm", "Mo0"),
        ("Mon 10-2 pm", "Mo0 Mo1"),
        ("Mo 0-24 Uhr", "Mo*"),
    ],
)
def test_free_times_are_read(text: str, cells: str | None) -> None:
    if cells is None:
        with pytest.raises(Misread):
            read_free_times(text)
    else:
        assert read_free_times(text) == grid(cells)


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("Xy abends", Code.UNKNOWN_FREE_TIME, {"word": "xy"}),
        ("nicht Mo", Code.UNKNOWN_FREE_TIME, {"word": "nicht"}),
        ("Mo außer Ferien", Code.UNKNOWN_FREE_TIME, {"word": "außer"}),
        ("Mo 14", Code.UNKNOWN_FREE_TIME, {"word": "14"}),
        ("2010-05-24", Code.UNKNOWN_FREE_TIME, None),
        ("Mo 18-14 Uhr", Code.CLOCK_TIME, None),
        ("Mo 14-25 Uhr", Code.CLOCK_TIME, None),
        ("Mo 14:75-18", Code.CLOCK_TIME, None),
        ("Mo 14-14:30", Code.FREE_TIME_TOO_SHORT, {"given": "14-14:30"}),
        ("Mo 23-24 Uhr", Code.FREE_TIME_TOO_SHORT, None),
    ],
)
def test_what_is_not_understood_is_said(
    text: str, code: Code, values: dict[str, str] | None
) -> None:
    with pytest.raises(Misread) as caught:
        read_free_times(text)
    assert caught.value.code is code
    assert values is None or caught.value.values == values


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 2))))
def test_every_grid_can_be_written_and_read(cells: set[tuple[int, int]]) -> None:
    text = ", ".join(f"{DAYS[day]} {PARTS[part]}" for day, part in sorted(cells))
    assert read_free_times(text) == sum(free_time_bit(day, part) for day, part in cells)


@given(st.text(max_size=60))
def test_any_text_is_read_or_misread(text: str) -> None:
    try:
        assert 0 <= read_free_times(text) < 1 << 21
    except Misread:
        return


@pytest.mark.parametrize(
    ("words", "day"),
    [("Tue", 1), ("tues", 1), ("Tuesday", 1), ("Tuesdays", 1), ("Thu", 3), ("Dienstag", 1)],
)
def test_days_are_read_in_both_languages(words: str, day: int) -> None:
    assert read_free_times(f"{words} all day") == sum(free_time_bit(day, part) for part in range(3))
