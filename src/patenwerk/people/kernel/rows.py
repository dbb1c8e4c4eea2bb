"""From a row of cells to a person as understood, with a reason for everything that was not."""

from __future__ import annotations

import calendar
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Row, Sheet, Value
from patenwerk.core.sheets.words import fold
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.answers import (
    read_ages,
    read_email,
    read_gender,
    read_known_words,
    read_number,
    read_postcode,
    read_wished_genders,
    read_words,
    read_yes_no,
    split_name,
)
from patenwerk.people.kernel.cells import read_day, said, short_text, written
from patenwerk.people.kernel.columns import GUARDIAN_FIELDS, Field
from patenwerk.people.kernel.free_times import read_free_times
from patenwerk.people.kernel.guardians import (
    LONGEST_CELL,
    GuardianSaid,
    MisreadCell,
    read_guardians,
)
from patenwerk.people.kernel.languages import read_languages, read_level
from patenwerk.people.kernel.problems import Code, Misread, RowProblem
from patenwerk.people.kernel.profile import Profile

Understood = (
    str
    | int
    | date
    | Gender
    | Level
    | dict[str, Level]
    | tuple[str, ...]
    | frozenset[str]
    | frozenset[Gender]
    | tuple[int | None, int | None]
    | None
)
"""A cell's value as understood; None is an empty cell."""

ColumnMapping = Mapping[int, Field]
"""Index of the column, counted from 0 → what it is about."""

LONGEST_TEXT = {
    Field.FILE_ID: 60,
    Field.NAME: 160,
    Field.FIRST_NAME: 80,
    Field.LAST_NAME: 80,
    Field.PHONE: 40,
    Field.NETWORK: 80,
    Field.NOTE: 10_000,
    **dict.fromkeys(GUARDIAN_FIELDS, LONGEST_CELL),
}
LONGEST_WORD = 60
WORDS_AT_MOST = 30
KM = (1, 300)
MONTHS = (1, 120)
PLACES = (1, 9)
_KM_UNITS = frozenset({"km", "kilometer", "kilometre", "kilometers"})
_MONTH_UNITS = frozenset({"monat", "monate", "monaten", "mon", "m", "month", "months"})
_PLACE_UNITS = frozenset({"platz", "platze", "mentee", "mentees", "person", "personen", "places"})
_OLDEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of one file are read.

    ``side`` which list it is; ``on`` the day it is read (nothing lies after it but the end of a
    record check); ``date_order`` the answer to 03/04/2010, None while nobody gave one; ``fields``
    folded words of the programme's fields of support → their codes, None takes any word;
    ``level_if_missing`` for languages named without level, None makes that a problem;
    ``furthest_km`` where a row says none; ``record_check_years`` how long an inspected record
    check lasts where the list says no end.
    """

    side: Side
    on: date
    date_order: DateOrder | None = None
    fields: Mapping[str, str] | None = None
    level_if_missing: Level | None = None
    furthest_km: int = 15
    record_check_years: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRow:
    """One row as understood.

    ``id`` identifies the person within the file: the id column, else name and a digest of the
    whole row, whatever the order of rows and columns. ``values`` holds every mapped column that
    was understood; an empty cell is None. ``guardians`` are those the row names; None where the
    list has no column for them. ``fields()`` and ``to_profile()`` need ``ok``.
    """

    number: int
    id: str
    cells: tuple[Value, ...]
    values: Mapping[Field, Understood]
    problems: tuple[RowProblem, ...]
    reading: Reading
    guardians: tuple[GuardianSaid, ...] | None = None

    @property
    def ok(self) -> bool:
        """Whether the row can be taken."""
        return not self.problems

    def fields(self) -> dict[str, object]:
        """Plain values by the names of the person's fields, for the columns of the file alone.

        A name in one column is split; wished ages are two; levels are numbers, genders texts,
        lists are lists. What an empty cell leaves to the person's default is left out.
        ``record_check_date``, ``record_check_entry``, ``record_check_until``, ``network``,
        ``never_with`` and ``archived_on`` are no fields of the person itself, and of guardians the
        row has ``guardians``. Raises ValueError where the row has problems.
        """
        if self.problems:
            raise ValueError(f"row {self.number} has problems")
        plain: dict[str, object] = {}
        for field, value in self.values.items():
            if field not in GUARDIAN_FIELDS:
                plain.update(_plain(field, value))
        plain.update(zip(("first_name", "last_name"), self._names(), strict=True))
        return plain

    def to_profile(self) -> Profile:
        """The person for matching. Raises ValueError where the row has problems."""
        fields = self.fields()
        first, last = self._names()
        values: dict[str, object] = {
            "id": self.id,
            "side": self.reading.side,
            "first_name": first,
            "last_name": last,
            "birth_date": self.values.get(Field.BIRTH_DATE),
            "gender": self.values.get(Field.GENDER) or Gender.UNSAID,
            "postcode": self.values[Field.POSTCODE],
            "furthest_km": fields.get("furthest_km", self.reading.furthest_km),
            "languages": self.values[Field.LANGUAGES],
            "minimum_level": self.values.get(Field.MINIMUM_LEVEL),
            "free_times": self.values.get(Field.FREE_TIMES) or 0,
            "fields": self.values.get(Field.FIELDS) or frozenset(),
            "interests": self._folded(Field.INTERESTS),
            "dislikes": self._folded(Field.DISLIKES),
            "wished_genders": self.values.get(Field.WISHED_GENDERS) or frozenset(),
            "wished_age_from": fields.get("wished_age_from"),
            "wished_age_to": fields.get("wished_age_to"),
            "expected_months": self.values.get(Field.EXPECTED_MONTHS),
            "open_places": self._open_places(),
            "waiting_since": self.values.get(Field.WAITING_SINCE) or self.reading.on,
            "record_check_until": self._record_check_until(),
            "network": self.values.get(Field.NETWORK) or "",
            "never_with": frozenset(_words_of(self.values.get(Field.NEVER_WITH))),
        }
        return Profile(**values)  # type: ignore[arg-type]  # each reader gives its field's type

    def _names(self) -> tuple[str, str]:
        return _names(self.values)

    def _open_places(self) -> int:
        """None for somebody who takes part no longer."""
        places = self.values.get(Field.CAPACITY) or 1
        is_archived = self.values.get(Field.ARCHIVED_ON) is not None
        return 0 if is_archived or not isinstance(places, int) else places

    def _folded(self, field: Field) -> frozenset[str]:
        return frozenset(fold(word) for word in _words_of(self.values.get(field)))

    def _record_check_until(self) -> date | None:
        until, since = (
            self.values.get(field) for field in (Field.RECORD_CHECK_UNTIL, Field.RECORD_CHECK_DATE)
        )
        if self.values.get(Field.RECORD_CHECK_ENTRY):
            return None
        if isinstance(until, date):
            return until
        if isinstance(since, date):
            return _years_later(since, self.reading.record_check_years)
        return None


def parse_rows(sheet: Sheet, mapping: ColumnMapping, reading: Reading) -> list[ParsedRow]:
    """Every row of the sheet as understood, in its order.

    Beside what ``parse_row`` finds: of rows that are identical all but the first have a problem;
    rows that share an id and differ all have one.
    """
    parsed = [parse_row(row, sheet.headers, mapping, reading) for row in sheet.rows]
    by_id: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(parsed):
        by_id[row.id].append(index)
    for shared in by_id.values():
        if len(shared) > 1:
            _mark_duplicates(parsed, shared, sheet.headers, mapping)
    return parsed


def parse_row(
    row: Row, headers: Sequence[str], mapping: ColumnMapping, reading: Reading
) -> ParsedRow:
    """One row as understood. ``mapping`` is index of the column → field, see ``columns``."""
    values: dict[Field, Understood] = {}
    problems: list[RowProblem] = []

    def problem(field: Field, code: Code, given: Mapping[str, str | int]) -> None:
        header = next((headers[i] for i, at in mapping.items() if at is field), "")
        problems.append(RowProblem(row.number, field.value, header, code, given))

    for index, field in sorted(mapping.items()):
        try:
            values[field] = _read(field, row.cells[index], reading)
        except Misread as misread:
            problem(field, misread.code, misread.values)
    troubled = {p.column for p in problems}
    for field in _unfilled(values, mapping):
        if field.value not in troubled:
            problem(field, Code.REQUIRED, {})
    since, until = values.get(Field.RECORD_CHECK_DATE), values.get(Field.RECORD_CHECK_UNTIL)
    if isinstance(since, date) and isinstance(until, date) and until < since:
        given = {"given": until.isoformat(), "earliest": since.isoformat()}
        problem(Field.RECORD_CHECK_UNTIL, Code.DATE_TOO_EARLY, given)
    if values.get(Field.RECORD_CHECK_ENTRY) and since is None:
        problem(Field.RECORD_CHECK_DATE, Code.REQUIRED, {})
    guardians = None
    if not troubled & set(GUARDIAN_FIELDS):
        cells = {field: str(values[field] or "") for field in GUARDIAN_FIELDS if field in values}
        try:
            guardians = read_guardians(cells) if cells else None
        except MisreadCell as cell:
            problem(cell.field, cell.misread.code, cell.misread.values)
    return ParsedRow(
        number=row.number,
        id=_identity(row, headers, values),
        cells=row.cells,
        values=values,
        problems=tuple(problems),
        reading=reading,
        guardians=guardians,
    )


def _unfilled(values: Mapping[Field, Understood], mapping: ColumnMapping) -> list[Field]:
    unfilled = [field for field in (Field.POSTCODE, Field.LANGUAGES) if not values.get(field)]
    if not _names(values)[0]:
        mapped = [
            f for f in (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME) if f in mapping.values()
        ]
        unfilled.insert(0, mapped[0] if mapped else Field.NAME)
    return unfilled


def _names(values: Mapping[Field, Understood]) -> tuple[str, str]:
    first, last, name = (
        str(values.get(field) or "") for field in (Field.FIRST_NAME, Field.LAST_NAME, Field.NAME)
    )
    if not first and not last:
        return split_name(name)
    # Beside a column for the first name, »Name« is the last name.
    return (first, last or name) if first else (name or last, last if name else "")


def _identity(row: Row, headers: Sequence[str], values: Mapping[Field, Understood]) -> str:
    if given := values.get(Field.FILE_ID):
        return str(given)
    filled = sorted(
        f"{fold(header)}={cell!r}"
        for header, cell in zip(headers, row.cells, strict=True)
        if cell is not None
    )
    digest = hashlib.sha256("\n".join(filled).encode()).hexdigest()[:12]
    return f"{' '.join(_names(values)).strip()} #{digest}".strip()


def _mark_duplicates(
    parsed: list[ParsedRow], shared: list[int], headers: Sequence[str], mapping: ColumnMapping
) -> None:
    first = parsed[shared[0]]
    differing = any(parsed[index].cells != first.cells for index in shared)
    header = next((headers[i] for i, field in mapping.items() if field is Field.FILE_ID), "")
    for index in shared:
        row = parsed[index]
        if differing:
            other = first if row is not first else parsed[shared[1]]
            values: dict[str, str | int] = {"id": row.id, "row": other.number}
            column = Field.FILE_ID.value
            problem = RowProblem(row.number, column, header, Code.DUPLICATE_ID, values)
        elif row is not first:
            values = {"row": first.number}
            problem = RowProblem(row.number, None, "", Code.IDENTICAL_ROW, values)
        else:
            continue
        parsed[index] = replace(row, problems=(*row.problems, problem))


def _read(field: Field, value: Value, reading: Reading) -> Understood:
    value = said(value)
    if value is None:
        return None
    if field in _DATES:
        return _date(field, value, reading)
    if field in _NUMBERS:
        (low, high), units = _NUMBERS[field]
        plain = value if isinstance(value, str | float) else _whole(value)
        return read_number(plain, low=low, high=high, units=units)
    return _read_text(field, written(value), reading)


def _read_text(field: Field, text: str, reading: Reading) -> Understood:
    if field in _TEXTS:
        return _TEXTS[field](text)
    if field is Field.LANGUAGES:
        return read_languages(text, level_if_missing=reading.level_if_missing)
    if field is Field.FIELDS and reading.fields is not None:
        return read_known_words(text, reading.fields)
    if field is Field.FIELDS:
        return frozenset(fold(word) for word in read_words(text))
    return _short_text(field, text)


def _whole(value: Value) -> float | str:
    return value if isinstance(value, int) and not isinstance(value, bool) else written(value)


def _short_text(field: Field, text: str) -> str:
    lines = field is Field.NOTE or field in GUARDIAN_FIELDS
    return short_text(text, LONGEST_TEXT[field], lines=lines)


def _words(text: str) -> tuple[str, ...]:
    words = read_words(text)
    if any(len(word) > LONGEST_WORD for word in words):
        raise Misread(Code.TOO_LONG, limit=LONGEST_WORD)
    if len(words) > WORDS_AT_MOST:
        raise Misread(Code.TOO_MANY_WORDS, limit=WORDS_AT_MOST)
    return words


def _date(field: Field, value: Value, reading: Reading) -> date:
    future = field is Field.RECORD_CHECK_UNTIL
    latest = _years_later(reading.on, 20) if future else reading.on
    earliest = _years_later(reading.on, -_OLDEST)
    return read_day(value, order=reading.date_order, earliest=earliest, latest=latest)


def _years_later(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _words_of(value: Understood) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()  # type: ignore[return-value]


_DATES = frozenset(
    {
        Field.BIRTH_DATE,
        Field.WAITING_SINCE,
        Field.RECORD_CHECK_DATE,
        Field.RECORD_CHECK_UNTIL,
        Field.ARCHIVED_ON,
    }
)
_NUMBERS = {
    Field.FURTHEST_KM: (KM, _KM_UNITS),
    Field.EXPECTED_MONTHS: (MONTHS, _MONTH_UNITS),
    Field.CAPACITY: (PLACES, _PLACE_UNITS),
}
_TEXTS: Mapping[Field, Callable[[str], Understood]] = {
    Field.POSTCODE: read_postcode,
    Field.GENDER: read_gender,
    Field.EMAIL: read_email,
    Field.MINIMUM_LEVEL: read_level,
    Field.FREE_TIMES: read_free_times,
    Field.WISHED_GENDERS: read_wished_genders,
    Field.WISHED_AGE: read_ages,
    Field.INTERESTS: _words,
    Field.DISLIKES: _words,
    Field.NEVER_WITH: _words,
    Field.RECORD_CHECK_ENTRY: read_yes_no,
}
_LEFT_TO_DEFAULT = frozenset(
    {Field.FURTHEST_KM, Field.CAPACITY, Field.WAITING_SINCE, Field.RECORD_CHECK_ENTRY}
)
_NULLABLE = frozenset({Field.MINIMUM_LEVEL, Field.EXPECTED_MONTHS}) | _DATES
_LISTS = frozenset(
    {Field.FIELDS, Field.INTERESTS, Field.DISLIKES, Field.WISHED_GENDERS, Field.NEVER_WITH}
)


def _plain(field: Field, value: Understood) -> dict[str, object]:
    if field in {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME}:
        return {}
    if field is Field.WISHED_AGE:
        ages = value if isinstance(value, tuple) else (None, None)
        return dict(zip(("wished_age_from", "wished_age_to"), ages, strict=True))
    if value is None:
        return _plain_nothing(field)
    return {field.value: _bare(value)}


def _bare(value: Understood) -> object:
    if isinstance(value, dict):
        return {code: int(level) for code, level in value.items()}
    if isinstance(value, frozenset):
        return sorted(str(word) for word in value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Gender):
        return value.value
    return int(value) if isinstance(value, Level) else value


def _plain_nothing(field: Field) -> dict[str, object]:
    if field in _LEFT_TO_DEFAULT:
        return {}
    if field in _NULLABLE:
        return {field.value: None}
    if field in _LISTS:
        return {field.value: []}
    if field is Field.GENDER:
        return {field.value: Gender.UNSAID.value}
    return {field.value: 0 if field is Field.FREE_TIMES else ""}
