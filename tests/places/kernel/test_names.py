from __future__ import annotations

import pytest

from patenwerk.places.kernel.names import place_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Ingbert", "Sankt Ingbert"),
        ("KÖLN", "Koeln"),
        ("Frankfurt (Oder)", "frankfurt oder"),
        ("Gießen", "Giessen"),
    ],
)
def test_spellings_of_one_place(one: str, other: str) -> None:
    assert place_words(one) == place_words(other)


def test_st_is_a_saint_only_as_a_word_before_another() -> None:
    assert place_words("Stade") == "stade"
    assert place_words("Ost") == "ost"
    assert place_words("St") == "st"
