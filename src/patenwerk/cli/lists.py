"""Reading a list of people from a file: the same reader, columns and sentences as the pages."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.cli.files import read_whole
from patenwerk.cli.problem import CannotDo
from patenwerk.core.sheets.columns import Confidence
from patenwerk.core.sheets.dates import AmbiguousDate, NoDate, read_date
from patenwerk.core.sheets.messages import notice_sentence, refusal_sentence
from patenwerk.core.sheets.model import Row, Sheet, SheetRefused
from patenwerk.core.sheets.reading import read_sheet
from patenwerk.core.sheets.words import fold
from patenwerk.people.domain.row_problems import column_title, located_sentence
from patenwerk.people.enums import Level, Side
from patenwerk.people.kernel.answers import read_words
from patenwerk.people.kernel.columns import (
    Field,
    Suggestion,
    known_headers,
    mapping_of,
    missing_columns,
    suggest_mapping,
)
from patenwerk.people.kernel.problems import Code, RowProblem
from patenwerk.people.kernel.profile import Profile
from patenwerk.people.kernel.rows import ColumnMapping, ParsedRow, Reading, parse_rows

WORD_COLUMNS = frozenset({Field.FIELDS, Field.INTERESTS, Field.DISLIKES})
LEFT_HEADERS = frozenset(
    fold(word)
    for word in (
        "bis",
        "wartet bis",
        "gegangen am",
        "until",
        "waits until",
        "waiting until",
        "left on",
    )
)
"""Headers of the last day on which somebody waited. No column of people: only replays ask."""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """The people of one file, and what deserves a look although it was read.

    ``spelling`` maps folded words to how somebody wrote them; ``left`` ids to the last day on
    which the person waited, where the list says one.
    """

    people: tuple[Profile, ...]
    remarks: tuple[str, ...]
    spelling: Mapping[str, str]
    left: Mapping[str, date] = field(default_factory=dict)


def ask_how_to_read(parser: ArgumentParser) -> None:
    """The arguments that say what is not clear from a list itself."""
    parser.add_argument(
        "--date-order",
        choices=("day-first", "month-first"),
        help=_("what comes first in dates such as 03/04/2010"),
    )
    parser.add_argument(
        "--missing-level",
        choices=[level.name for level in Level],
        help=_("the level of languages that stand there without one"),
    )


def read_list(path: Path, reading: Reading, *, with_arrivals: bool = False) -> PeopleList:
    """All people of a list. One row that cannot be taken refuses the whole file.

    ``with_arrivals``: each row has to say since when the person waits, and may say until when.
    Raises :class:`CannotDo` naming file, row, column and what was expected.
    """
    sheet = _sheet(path, reading.side)
    end = _column_of_leaving(sheet.headers) if with_arrivals else None
    headers = ["" if index == end else header for index, header in enumerate(sheet.headers)]
    suggestions = suggest_mapping(headers, reading.side)
    mapping = mapping_of(suggestions)
    missing = missing_columns(mapping)
    if with_arrivals and Field.WAITING_SINCE not in mapping.values():
        missing = (*missing, Field.WAITING_SINCE)
    for expected in missing:
        sentence = _("%(file)s, row %(row)s: a column “%(column)s” was expected in the header.")
        values = {"file": path.name, "row": sheet.header_row, "column": column_title(expected)}
        raise CannotDo(sentence % values)
    rows = parse_rows(sheet, mapping, reading)
    problems = [problem for row in rows for problem in row.problems]
    if with_arrivals:
        problems += [
            RowProblem(row.number, Field.WAITING_SINCE.value, "", Code.REQUIRED, {})
            for row in rows
            if row.ok and row.values.get(Field.WAITING_SINCE) is None
        ]
    left: dict[str, date] = {}
    if end is not None and not problems:
        left, problems = _leaving(sheet, rows, end, reading)
    if problems:
        raise CannotDo(_first_of(problems, path))
    remarks = [notice_sentence(notice) for notice in sheet.notices]
    remarks += [sentence for one in suggestions if (sentence := _remark(one))]
    return PeopleList(
        people=tuple(row.to_profile() for row in rows),
        remarks=tuple(f"{path.name}: {remark}" for remark in remarks),
        spelling=_spelling(sheet, mapping),
        left=left,
    )


def _column_of_leaving(headers: Sequence[str]) -> int | None:
    return next((at for at, header in enumerate(headers) if fold(header) in LEFT_HEADERS), None)


def _leaving(
    sheet: Sheet, rows: Sequence[ParsedRow], column: int, reading: Reading
) -> tuple[dict[str, date], list[RowProblem]]:
    """The last days by id, and what was wrong with those that could not be read."""
    left: dict[str, date] = {}
    problems: list[RowProblem] = []
    header = sheet.headers[column]
    for line, row in zip(sheet.rows, rows, strict=True):
        given = line.cells[column]
        if given is None:
            continue
        try:
            left[row.id] = read_date(given, order=reading.date_order, latest=reading.on)
        except NoDate as error:
            code = Code.AMBIGUOUS_DATE if isinstance(error, AmbiguousDate) else Code.NO_DATE
            problems.append(RowProblem(line.number, None, header, code, {"given": str(given)}))
            continue
        problems += _left_too_early(line, row, header, left[row.id])
    return left, problems


def _left_too_early(line: Row, row: ParsedRow, header: str, day: date) -> Iterator[RowProblem]:
    since = row.values.get(Field.WAITING_SINCE)
    if isinstance(since, date) and day < since:
        values = {"given": day.isoformat(), "earliest": since.isoformat()}
        yield RowProblem(line.number, None, header, Code.DATE_TOO_EARLY, values)


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
