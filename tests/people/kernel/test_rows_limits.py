"""What a list may say is what a person may have: the domain takes its limits from here."""

from __future__ import annotations

import pytest

from patenwerk.people.kernel.problems import Code, Misread
from patenwerk.people.kernel.rows import WORDS_AT_MOST, _words


def test_thirty_words_fit_and_one_more_does_not() -> None:
    words = [f"wort{number}" for number in range(WORDS_AT_MOST + 1)]
    assert len(_words(", ".join(words[:-1]))) == WORDS_AT_MOST
    with pytest.raises(Misread) as refused:
        _words(", ".join(words))
    assert (refused.value.code, refused.value.values) == (
        Code.TOO_MANY_WORDS,
        {"limit": WORDS_AT_MOST},
    )
