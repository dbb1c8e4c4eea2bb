"""Comparing words the way people search them: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_DIGRAPHS = re.compile(r"(?<![aeq])ue+|ae+|oe+")
_APART = re.compile(r"[\W_]+")

_ALIKE = 0.84
"""How alike two folded words must be (1 is equal) to be suggested as the same."""


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Words in the one form in which they are searched and compared.

    Lower case; no accents; ``ß`` is ``ss``; an umlaut and its spelling with ``e`` both become the
    plain vowel, so that Müller, Mueller and Muller are one; anything that is neither letter nor
    digit becomes one space. Folding twice changes nothing. An ``ue`` after ``a``, ``e`` or ``q``
    (Bauer, neue, Quelle) is no umlaut and stays.
    """
    lowered = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    bare = "".join(letter for letter in lowered if unicodedata.category(letter) != "Mn")
    plain = _APART.sub(" ", bare).strip()
    while True:
        shorter = _DIGRAPHS.sub(lambda match: match[0][0], plain)
        if shorter == plain:
            return plain
        plain = shorter


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known folded word that ``word`` most likely means, or None where none is close."""
    sought = fold(word)
    best, score = None, _ALIKE
    for candidate in known:
        alike = likeness(sought, candidate)
        if alike > score or (alike == score and best is None):
            best, score = candidate, alike
    return best


def likeness(one: str, other: str) -> float:
    """How alike two folded words are, from 0 to 1."""
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def folded_keys(words: Mapping[str, str]) -> dict[str, str]:
    """The same mapping with its keys folded; the first of two keys that fold alike stays."""
    folded: dict[str, str] = {}
    for word, meaning in words.items():
        folded.setdefault(fold(word), meaning)
    return folded


def header_key(text: str) -> str:
    """The form in which headers are compared: folded, without spaces (E-Mail is email)."""
    return fold(text).replace(" ", "")
