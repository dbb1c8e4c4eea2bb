"""What kinds of lists with a fixed list of columns have in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from patenwerk.core.sheets.columns import SURE, Column, header_words, meanings, words_of
from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.kinds import ColumnChoice, Suggested


def title_in_words(column: Column) -> str:
    """The column's usual header in the active language."""
    return column.german if (get_language() or "de").startswith("de") else column.english


@dataclass(frozen=True, slots=True)
class ListOfColumns:
    """The part of a kind that its columns decide.

    ``sheets`` are words, with commas between them, that name a sheet of the kind; ``dates`` the
    codes of columns that hold dates.
    """

    name: str
    order: int
    permission: str
    column_list: tuple[Column, ...]
    sheets: str
    dates: frozenset[str]

    def sheet_words(self) -> Collection[str]:
        return frozenset(fold(word) for word in words_of(self.sheets))

    def columns(self) -> Sequence[ColumnChoice]:
        return [
            ColumnChoice(column.code, title_in_words(column), column.code in self.dates)
            for column in self.column_list
        ]

    def known_headers(self) -> Collection[str]:
        return header_words(self.column_list).keys()

    def suggest(self, headers: Sequence[str], remembered: Mapping[str, str]) -> Sequence[Suggested]:
        found = meanings(headers, header_words(self.column_list), remembered)
        return [Suggested(each.column or "", each.confidence in SURE) for each in found]
