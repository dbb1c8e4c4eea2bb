"""The usual texts are there for every letter, can be filled in and are in their language."""

from __future__ import annotations

import itertools

import pytest

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.kernel.defaults import TEXTS
from patenwerk.letters.kernel.markup import parsed
from patenwerk.letters.kernel.placeholders import faults, used_in, written
from patenwerk.organisations.enums import Language

ALL = list(itertools.product(LetterKind, Language))


def test_there_is_one_for_every_letter_in_every_language() -> None:
    assert set(TEXTS) == set(ALL)


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_a_usual_text_can_be_filled_in(kind: LetterKind, language: Language) -> None:
    wording = TEXTS[kind, language]
    text = f"{wording.title}\n{wording.body}"
    assert list(faults(text, kind)) == []
    assert all(written(each, language) in text for each in used_in(text)), "in its own language"
    assert len(parsed(wording.body)) >= 4
    assert "**" not in "".join(
        run.words for block in parsed(wording.body) for line in block.lines for run in line
    )


@pytest.mark.parametrize("kind", LetterKind)
def test_both_languages_leave_the_same_open(kind: LetterKind) -> None:
    german, english = (TEXTS[kind, language] for language in Language)
    assert used_in(german.title + german.body) == used_in(english.title + english.body)
