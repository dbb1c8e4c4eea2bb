"""A list of consents: its columns, and a row of it as understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from patenwerk.core.sheets.columns import Column, words_of
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Row, Sheet, Value
from patenwerk.core.sheets.words import fold
from patenwerk.people.enums import ConsentPurpose, GivenBy, Side
from patenwerk.people.kernel.answers import read_word
from patenwerk.people.kernel.cells import read_day, said, short_text, written
from patenwerk.people.kernel.columns import Field as PersonField
from patenwerk.people.kernel.guardians import (
    LONGEST_CELL,
    GuardianSaid,
    MisreadCell,
    read_guardians,
)
from patenwerk.people.kernel.listed import Who, read_cells
from patenwerk.people.kernel.problems import Code, Misread, RowProblem

EARLIEST = date(1990, 1, 1)
"""Nothing a list says of a consent lies before."""


class ConsentField(StrEnum):
    """What a column is about. Where the consent's record has the same field, the names agree."""

    PERSON_ID = "person_id"
    PERSON = "person"
    SIDE = "side"
    PURPOSE = "purpose"
    VERSION = "version"
    GIVEN_BY = "given_by"
    GUARDIANS = "guardians"
    GIVEN_ON = "given_on"
    WITHDRAWN_ON = "withdrawn_on"


def _column(field: ConsentField, german: str, english: str, synonyms: str = "") -> Column:
    return Column(field.value, german, english, words_of(synonyms))


CONSENT_COLUMNS: tuple[Column, ...] = (
    _column(
        ConsentField.PERSON_ID,
        "Nr.",
        "ID",
        "Nummer, Personen-Nr., Nr. Person, Nr. Mentee, Mentee-Nr., Nr. Mentor*in, Mentor-Nr., "
        "Number, No., Person ID",
    ),
    _column(
        ConsentField.PERSON,
        "Person",
        "Person",
        "Name, Vor- und Nachname, Vollständiger Name, Mentee, Patenkind, Kind, Mentor*in, Mentor, "
        "Pat*in, Full name",
    ),
    _column(ConsentField.SIDE, "Seite", "Side", "Rolle, Liste, Role"),
    _column(ConsentField.PURPOSE, "Zweck", "Purpose", "Wozu, Einwilligung in, Consent to"),
    _column(ConsentField.VERSION, "Fassung", "Version", "Fassung des Textes, Version of the text"),
    _column(
        ConsentField.GIVEN_BY,
        "Eingewilligt hat",
        "Who consented",
        "Wer hat eingewilligt, durch wen, eingewilligt von, Given by",
    ),
    _column(
        ConsentField.GUARDIANS,
        "Erziehungsberechtigte",
        "Guardians",
        "Sorgeberechtigte, Eltern, Unterschrift von, Parents, Signed by",
    ),
    _column(
        ConsentField.GIVEN_ON,
        "Eingewilligt am",
        "Given on",
        "Einwilligung vom, Einwilligung am, Datum, unterschrieben am, Consent date, Date",
    ),
    _column(
        ConsentField.WITHDRAWN_ON,
        "Widerrufen am",
        "Withdrawn on",
        "zurückgenommen am, Widerruf am, Widerruf, Taken back on",
    ),
)
DATES = frozenset({ConsentField.GIVEN_ON.value, ConsentField.WITHDRAWN_ON.value})

SIDE_WORDS: Mapping[Side, str] = {
    Side.MENTOR: "begleitet, Mentor, Mentorin, Mentor*in, Pate, Patin, Pat*in, Lotse, "
    "accompanies, mentors",
    Side.MENTEE: "wird begleitet, Mentee, Mentees, Patenkind, Kind, is accompanied, mentee",
}
"""What may stand for a side; the first word is the usual one."""

PURPOSE_WORDS: Mapping[ConsentPurpose, str] = {
    ConsentPurpose.TAKING_PART: "am Programm teilnehmen, Teilnahme, Teilnahme am Programm, "
    "take part in the programme, taking part",
    ConsentPurpose.OTHER_CARRIERS: "auch für andere Träger zu finden sein, andere Träger, "
    "be found by other carriers too, be found by other carriers, other carriers",
    ConsentPurpose.MOVE_SITE: "an einen anderen Standort wechseln, Wechsel, "
    "move to another site, move",
}
GIVEN_BY_WORDS: Mapping[GivenBy, str] = {
    GivenBy.SELF: "die Person selbst, selbst, Person, the person, self",
    GivenBy.GUARDIAN: "eine sorgeberechtigte Person, Sorgeberechtigte, Eltern, Mutter, Vater, "
    "a guardian, guardian, parents",
}


C = TypeVar("C", bound=StrEnum)


def _folded(words: Mapping[C, str]) -> dict[str, str]:
    return {fold(word): code.value for code, given in words.items() for word in words_of(given)}


_WORDS: Mapping[ConsentField, Mapping[str, str]] = {
    ConsentField.SIDE: _folded(SIDE_WORDS),
    ConsentField.PURPOSE: _folded(PURPOSE_WORDS),
    ConsentField.GIVEN_BY: _folded(GIVEN_BY_WORDS),
}
_LENGTHS = {ConsentField.PERSON_ID: 60, ConsentField.PERSON: 160, ConsentField.VERSION: 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One row as understood: ``values`` holds every mapped column; an empty cell is None."""

    number: int
    values: Mapping[ConsentField, object]
    problems: tuple[RowProblem, ...]

    @property
    def ok(self) -> bool:
        """Whether the row says all it has to."""
        return not self.problems

    @property
    def who(self) -> Who:
        """Whose consent it is."""
        return Who(self.text(ConsentField.PERSON_ID), self.text(ConsentField.PERSON))

    @property
    def guardians(self) -> tuple[GuardianSaid, ...]:
        """Who consented for a child."""
        found = self.values.get(ConsentField.GUARDIANS)
        return found if isinstance(found, tuple) else ()

    def text(self, field: ConsentField) -> str:
        """A text, empty where the row says nothing."""
        return str(self.values.get(field) or "")

    def day(self, field: ConsentField) -> date | None:
        """A day, None where the row says nothing."""
        value = self.values.get(field)
        return value if isinstance(value, date) else None


def parse_consents(
    sheet: Sheet,
    mapping: Mapping[int, ConsentField],
    *,
    on: date,
    date_order: DateOrder | None,
) -> list[ConsentRow]:
    """Every row of a list of consents as understood, in its order. Nothing lies after ``on``."""
    read = partial(_read, on, date_order)
    return [_parse(row, sheet.headers, mapping, read) for row in sheet.rows]


def _parse(
    row: Row, headers: Sequence[str], mapping: Mapping[int, ConsentField], read: partial[object]
) -> ConsentRow:
    values, problems = read_cells(row, headers, mapping, read, _lacking)
    return ConsentRow(number=row.number, values=values, problems=problems)


def _lacking(
    values: Mapping[ConsentField, object],
) -> list[tuple[ConsentField, Code, dict[str, str | int]]]:
    needed = (
        ConsentField.PURPOSE,
        ConsentField.VERSION,
        ConsentField.GIVEN_BY,
        ConsentField.GIVEN_ON,
    )
    found: list[tuple[ConsentField, Code, dict[str, str | int]]] = [
        (field, Code.REQUIRED, {}) for field in needed if not values.get(field)
    ]
    if not values.get(ConsentField.PERSON_ID) and not values.get(ConsentField.PERSON):
        found.insert(0, (ConsentField.PERSON, Code.REQUIRED, {}))
    given, withdrawn = values.get(ConsentField.GIVEN_ON), values.get(ConsentField.WITHDRAWN_ON)
    if isinstance(given, date) and isinstance(withdrawn, date) and withdrawn < given:
        said = {"given": withdrawn.isoformat(), "earliest": given.isoformat()}
        found.append((ConsentField.WITHDRAWN_ON, Code.DATE_TOO_EARLY, {**said}))
    return found


def _read(
    on: date,
    date_order: DateOrder | None,
    field: ConsentField,
    value: Value,
    _header: str,
) -> object:
    value = said(value)
    if value is None:
        return None
    if field.value in DATES:
        return read_day(value, order=date_order, earliest=EARLIEST, latest=on)
    text = written(value)
    if field is ConsentField.GUARDIANS:
        short_text(text, LONGEST_CELL)
        return _guardians(text)
    if field in _WORDS:
        return read_word(text, _WORDS[field])
    return short_text(text, _LENGTHS[field])


def _guardians(text: str) -> tuple[GuardianSaid, ...]:
    try:
        return read_guardians({PersonField.GUARDIANS: text})
    except MisreadCell as cell:
        raise Misread(cell.misread.code, **cell.misread.values) from None
