"""Names of places in the form in which they are compared."""

from __future__ import annotations

import re

from patenwerk.core.sheets.words import fold

_SAINT = re.compile(r"\bst\b(?= )")


def place_words(text: str) -> str:
    """Folded words of a place's name; »St. Ingbert« and »Sankt Ingbert« become the same."""
    return _SAINT.sub("sankt", fold(text))
