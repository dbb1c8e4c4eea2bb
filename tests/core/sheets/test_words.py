"""Folding: what people search alike is alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.core.sheets.words import fold, folded_keys, header_key, likeness, nearest


@pytest.mark.parametrize(
    ("alike", "folded"),
    [
        (("Müller", "Mueller", "muller", "MÜLLER", "MUELLER"), "muller"),
        (("Großmann", "GROSSMANN", "grossmann"), "grossmann"),
        (("Jörg", "Joerg", "jorg"), "jorg"),
        (("Schäfer", "Schaefer"), "schafer"),
        (("Bäuerin", "Baeuerin"), "bauerin"),
        (("Élodie", "elodie"), "elodie"),
        (("İbrahim", "ibrahim"), "ibrahim"),
        (("Łukasz", "lukasz"), "lukasz"),
        (("Anna-Lena", " anna  lena!"), "anna lena"),
        (("Bauer",), "bauer"),
        (("neue",), "neue"),
        (("Quelle",), "quelle"),
        (("", " - "), ""),
    ],
)
def test_what_is_searched_alike_folds_alike(alike: tuple[str, ...], folded: str) -> None:
    assert {fold(word) for word in alike} == {folded}


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_the_nearest_word_is_found_or_none() -> None:
    known = {"deutsch", "danisch", "dansk"}
    assert nearest("Deutsh", known) == "deutsch"
    assert nearest("Klingonisch", known) is None
    assert likeness("same", "same") == 1.0
    assert likeness("abc", "xyz") == 0.0


def test_headers_ignore_spaces_and_punctuation() -> None:
    assert header_key("E-Mail") == header_key("email") == header_key("E Mail:")


def test_of_keys_that_fold_alike_the_first_stays() -> None:
    assert folded_keys({"Müll": "a", "Muell": "b", "Rat": "c"}) == {"mull": "a", "rat": "c"}
