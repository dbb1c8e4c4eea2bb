"""Lists of columns that a table may have, and what a file's headers most likely mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from patenwerk.core.sheets.words import header_key, likeness


class Confidence(StrEnum):
    """Why a header was given its column."""

    REMEMBERED = "remembered"
    EXACT = "exact"
    SIMILAR = "similar"
    UNKNOWN = "unknown"


SURE = frozenset({Confidence.REMEMBERED, Confidence.EXACT})
"""Where nobody has to look."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its code, its usual header in German and English, further headers."""

    code: str
    german: str
    english: str
    synonyms: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that means this column, the usual ones first."""
        return (self.german, self.english, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Meant:
    """What one header of a file most likely means; ``index`` counts the columns from 0.

    ``column`` None: not taken. REMEMBERED with None: somebody decided to leave it out.
    """

    index: int
    header: str
    column: str | None
    confidence: Confidence


def words_of(text: str) -> tuple[str, ...]:
    """Words that are separated by commas, as column lists write their synonyms."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def header_words(columns: Iterable[Column]) -> dict[str, str]:
    """Every header word in the form of ``header_key``, to the code of its column."""
    return {header_key(header): column.code for column in columns for header in column.headers}


def meanings(
    headers: Sequence[str], known: Mapping[str, str], remembered: Mapping[str, str]
) -> tuple[Meant, ...]:
    """What each header means, one answer per header in their order.

    ``known`` is what ``header_words`` gives. ``remembered`` maps ``header_key`` of earlier files
    to a column's code, or to the empty text where the column was left out. It beats a known
    header, which beats a similar one. Each column is given once; where two headers fit, the
    better and then the left one gets it.
    """
    allowed = set(known.values())
    ranked: list[tuple[float, int, str | None, Confidence]] = []
    for index, header in enumerate(headers):
        key = header_key(header)
        if key in remembered:
            column = remembered[key] if remembered[key] in allowed else None
            ranked.append((0.0, index, column, Confidence.REMEMBERED))
        elif key in known:
            ranked.append((1.0, index, known[key], Confidence.EXACT))
        elif key and (found := _similar(key, known)) is not None:
            ranked.append((2.0 - found[0], index, found[1], Confidence.SIMILAR))
    chosen: dict[int, tuple[str | None, Confidence]] = {}
    taken: set[str] = set()
    for _rank, index, column, confidence in sorted(ranked, key=lambda entry: entry[:2]):
        if column is None or column not in taken:
            chosen[index] = column, confidence
            taken |= {column} if column else set()
    return tuple(
        Meant(index, header, *chosen.get(index, (None, Confidence.UNKNOWN)))
        for index, header in enumerate(headers)
    )


def _similar(key: str, known: Mapping[str, str]) -> tuple[float, str] | None:
    best = max(known, key=lambda word: (likeness(key, word), word))
    alike = likeness(key, best)
    return (alike, known[best]) if alike > 0 and len(key) > 3 else None
