"""Reading a list of people from a file: the same reader, columns and sentences as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.cli.files import read_whole
from patenwerk.cli.problem import CannotDo
from patenwerk.core.sheets.messages import notice_sentence, refusal_sentence
from patenwerk.core.sheets.model import Sheet, SheetRefused
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.sheets.words import fold
from patenwerk.people.domain.row_problems import column_title, located_sentence
from patenwerk.people.enums import Side
from patenwerk.people.kernel.answers import read_words
from patenwerk.people.kernel.columns import (
    Confidence,
    Field,
    Suggestion,
    known_headers,
    mapping_of,
    missing_columns,
    suggest_mapping,
)
from patenwerk.people.kernel.problems import RowProblem
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.kernel.rows import ColumnMapping, Reading, parse_rows

WORD_COLUMNS = frozenset({Field.FIELDS, Field.INTERESTS, Field.DISLIKES})


@dataclass(frozen=True, slots=True)
class PeopleList:
    """The people of one file, and what deserves a look although it was read.

    ``spelling`` maps folded words to how somebody wrote them.
    """

    people: tuple[Profile, ...]
    remarks: tuple[str, ...]
    spelling: Mapping[str, str]


def read_list(path: Path, reading: Reading) -> PeopleList:
    """All people of a list. One row that cannot be taken refuses the whole file.

    Raises :class:`CannotDo` naming file, row, column and what was expected.
    """
    sheet = _sheet(path, reading.side)
    suggestions = suggest_mapping(sheet.headers, reading.side)
    mapping = mapping_of(suggestions)
    for field in missing_columns(mapping):
        sentence = _("%(file)s, row %(row)s: a column “%(column)s” was expected in the header.")
        raise CannotDo(
            sentence % {"file": path.name, "row": sheet.header_row, "column": column_title(field)}
        )
    rows = parse_rows(sheet, mapping, reading)
    problems = [problem for row in rows for problem in row.problems]
    if problems:
        raise CannotDo(_first_of(problems, path))
    remarks = [notice_sentence(notice) for notice in sheet.notices]
    remarks += [sentence for one in suggestions if (sentence := _remark(one))]
    return PeopleList(
        people=tuple(row.to_profile() for row in rows),
        remarks=tuple(f"{path.name}: {remark}" for remark in remarks),
        spelling=_spelling(sheet, mapping),
    )


def _spelling(sheet: Sheet, mapping: ColumnMapping) -> dict[str, str]:
    columns = [index for index, field in mapping.items() if field in WORD_COLUMNS]
    cells = [row.cells[index] for row in sheet.rows for index in columns]
    words = [word for cell in cells if isinstance(cell, str) for word in read_words(cell)]
    return {fold(word): word for word in reversed(words)}


def _sheet(path: Path, side: Side) -> Sheet:
    try:
        return read_sheet(read_whole(path), known_headers=known_headers(side).keys())
    except SheetRefused as refusal:
        raise CannotDo(f"{path.name}: {refusal_sentence(refusal)}") from refusal


def _first_of(problems: list[RowProblem], path: Path) -> str:
    first = f"{path.name}: {located_sentence(problems[0])}"
    further = len(problems) - 1
    if not further:
        return first
    more = ngettext("(%(count)s further problem)", "(%(count)s further problems)", further) % {
        "count": further
    }
    return f"{first} {more}"


def _remark(one: Suggestion) -> str:
    if one.field is None:
        return _("Column “%(column)s” was left out.") % {"column": one.header} if one.header else ""
    if one.confidence is Confidence.SIMILAR:
        values = {"column": one.header, "meaning": column_title(one.field)}
        return _("Column “%(column)s” was read as “%(meaning)s”.") % values
    return ""
