"""One spelling for names that people write in several ways."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NO_WORD = re.compile(r"[^0-9a-z]+")
_SAINT = re.compile(r"\bst\b(?= )")


def fold(text: str) -> str:
    """Lower case, umlauts written out, accents and punctuation gone, »St.« read as »Sankt«.

    »Köln«, »KOELN« and »koeln« become the same; words are separated by one space.
    """
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _SAINT.sub("sankt", _NO_WORD.sub(" ", plain).strip())
