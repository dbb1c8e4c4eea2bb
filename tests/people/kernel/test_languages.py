"""Languages with levels as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.people.enums import Level
from patenwerk.people.kernel.languages import (
    LANGUAGE_CODES,
    language_name,
    language_words,
    read_languages,
    read_level,
)
from patenwerk.people.kernel.problems import Code, Misread

B1, B2, NATIVE = Level.B1, Level.B2, Level.NATIVE


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("", {}),
        ("Deutsch B2, Arabisch Muttersprache", {"de": B2, "ar": NATIVE}),
        ("de B2; ar native", {"de": B2, "ar": NATIVE}),
        ("German b2 and Arabic first language", {"de": B2, "ar": NATIVE}),
        ("Deutsch (B2) / Türkisch: Muttersprache", {"de": B2, "tr": NATIVE}),
        ("Muttersprache Arabisch, B1 Deutsch", {"ar": NATIVE, "de": B1}),
        ("Muttersprache: Arabisch Niveau B1: Deutsch", {"ar": NATIVE, "de": B1}),
        ("Deutsch B2 Arabisch Muttersprache", {"de": B2, "ar": NATIVE}),
        ("Deutsch B1-B2, Polnisch C1/C2", {"de": B1, "pl": Level.C1}),
        ("Deutsch B 2", {"de": B2}),
        ("Deutsch B1+", {"de": B1}),
        ("Deutsch Niveau B2", {"de": B2}),
        ("Deutsch sehr gut, Englisch fließend", {"de": B2, "en": Level.C1}),
        ("Deutsch keine, Dari Muttersprache", {"fa": NATIVE}),
        ("Deutsch B2, Deutsch B2", {"de": B2}),
        ("Brasilianisches Portugiesisch C1", {"pt": Level.C1}),
    ],
)
def test_languages_are_read(text: str, spoken: dict[str, Level]) -> None:
    assert read_languages(text, level_if_missing=None) == spoken


@pytest.mark.parametrize(
    ("text", "code", "values"),
    [
        ("Deutsh B2", Code.UNKNOWN_LANGUAGE, {"word": "Deutsh", "meant": "de"}),
        ("Klingonisch C1", Code.UNKNOWN_LANGUAGE, {"word": "Klingonisch", "meant": ""}),
        ("Deutsch Türkich", Code.UNKNOWN_LANGUAGE, {"word": "Türkich", "meant": "tr"}),
        ("Deutsch supi", Code.UNKNOWN_LEVEL, {"word": "supi"}),
        ("Deutsch", Code.LEVEL_MISSING, {"language": "de"}),
        ("Deutsch B1, Deutsch B2", Code.LANGUAGE_TWICE, {"language": "de"}),
        ("B2", Code.UNKNOWN_LANGUAGE, {"word": "B2", "meant": ""}),
        ("keine", Code.UNKNOWN_LANGUAGE, {"word": "keine", "meant": ""}),
    ],
)
def test_what_is_not_understood_is_said(text: str, code: Code, values: dict[str, str]) -> None:
    with pytest.raises(Misread) as caught:
        read_languages(text, level_if_missing=None)
    assert (caught.value.code, dict(caught.value.values)) == (code, values)


def test_a_missing_level_may_be_answered_for_the_whole_file() -> None:
    assert read_languages("Deutsch, Türkisch C1", level_if_missing=B1) == {"de": B1, "tr": Level.C1}


def test_one_level_by_itself() -> None:
    assert read_level("b 1") is B1
    for text in ("B7", "keine"):
        with pytest.raises(Misread):
            read_level(text)


def test_every_language_is_known_by_code_and_by_both_names() -> None:
    assert len(LANGUAGE_CODES) >= 60
    for code in LANGUAGE_CODES:
        for name in (code, language_name(code, "de"), language_name(code, "en")):
            assert read_languages(f"{name} B1", level_if_missing=None) == {code: B1}
    assert language_name("xx", "de") == "xx"
    assert language_words()["farsi"] == language_words()["dari"] == "fa"


@given(st.text(max_size=60))
def test_any_text_is_read_or_misread(text: str) -> None:
    try:
        assert set(read_languages(text, level_if_missing=B1)) <= set(LANGUAGE_CODES)
    except Misread:
        return
