"""Whoever has custody of a child, as the child's row names them: several in one cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from patenwerk.core.sheets.words import fold
from patenwerk.people.enums import Level, Relation
from patenwerk.people.kernel.answers import read_email, read_yes_no, split_name
from patenwerk.people.kernel.cells import short_text
from patenwerk.people.kernel.columns import Field
from patenwerk.people.kernel.languages import language_words, read_languages
from patenwerk.people.kernel.problems import Code, Misread

RELATION_WORDS: Mapping[Relation, str] = {
    Relation.MOTHER: "Mutter, Mama, Stiefmutter, Pflegemutter, mother, mum, mom",
    Relation.FATHER: "Vater, Papa, Stiefvater, Pflegevater, father, dad",
    Relation.COURT: "gerichtliche Vormundschaft, Vormund, Vormundin, Amtsvormund, "
    "guardian appointed by a court, legal guardian",
    Relation.YOUTH_OFFICE: "Jugendamt, youth welfare office",
    Relation.OTHER: "anderes Verhältnis, andere, anderer, Sonstige, other relation, other",
}
"""What may stand for what a guardian is to the child; the first word is the usual one."""

NOTHING = "–"
"""Stands where of several guardians one has none: no phone, no address, no language."""

LONGEST_CELL = 4_000
_NAME, _PHONE = 80, 40
_RELATIONS = {fold(w): each for each, words in RELATION_WORDS.items() for w in words.split(",")}
_BETWEEN_NAMES = (re.compile(r"\n"), re.compile(r";"), re.compile(r"\s/\s"))
_BETWEEN = (re.compile(r"\n"), re.compile(r";"))


@dataclass(frozen=True, slots=True)
class GuardianSaid:
    """One guardian as a row names them.

    ``said`` has, in the words of the guardian's record, what the row says besides the name; what
    the list has no column for is missing there.
    """

    first_name: str
    last_name: str
    said: Mapping[str, Any]


class MisreadCell(Exception):
    """What is wrong with one of the columns about guardians."""

    def __init__(self, field: Field, misread: Misread) -> None:
        self.field, self.misread = field, misread
        super().__init__(field.value)


def read_guardians(cells: Mapping[Field, str]) -> tuple[GuardianSaid, ...]:
    """The guardians whom a row names, in its order; ``cells`` are the columns the list has.

    Of several each stands on a line of its own or after a semicolon, in every column in the same
    order; a single one's cells are not divided. Raises MisreadCell.
    """
    names = _parts(cells.get(Field.GUARDIANS, ""), _BETWEEN_NAMES)
    said: list[dict[str, Any]] = [{} for _name in names]
    for field, (column, read) in _READERS.items():
        if field not in cells:
            continue
        try:
            told = _told(cells[field], len(names), read)
        except Misread as misread:
            raise MisreadCell(field, misread) from None
        for about, value in zip(said, told, strict=True):
            about[column] = value
    found = tuple(_named(name, about) for name, about in zip(names, said, strict=True))
    keys = [fold(f"{each.first_name} {each.last_name}") for each in found]
    for name, key in zip(names, keys, strict=True):
        if keys.count(key) > 1:
            raise MisreadCell(Field.GUARDIANS, Misread(Code.GUARDIAN_TWICE, name=name))
    return found


def _told(text: str, count: int, read: Callable[[str], Any]) -> list[Any]:
    """What a cell says about each of so many guardians; None where it says nothing."""
    parts = [text] if count == 1 else _parts(text, _BETWEEN)
    given = ["" if part == NOTHING else part for part in parts]
    if any(given) and not count:
        raise Misread(Code.NO_GUARDIAN_NAMED)
    if len(given) > count > 0:
        raise Misread(Code.MORE_THAN_GUARDIANS, count=count)
    wide = [*given, *[""] * count][:count]
    return [read(part) if part else None for part in wide]


def read_relation(text: str) -> Relation:
    """Raises Misread."""
    relation = _RELATIONS.get(fold(text))
    if relation is None:
        raise Misread(Code.RELATION, word=text)
    return relation


def _named(name: str, said: Mapping[str, Any]) -> GuardianSaid:
    first, last = split_name(name)
    try:
        for part in (first, last):
            short_text(part, _NAME)
    except Misread as misread:
        raise MisreadCell(Field.GUARDIANS, misread) from None
    return GuardianSaid(first, last, said)


def _parts(text: str, separators: tuple[re.Pattern[str], ...]) -> list[str]:
    """The parts between the first of the separators that stands in the text."""
    between = next((each for each in separators if each.search(text)), None)
    parts = between.split(text) if between else [text]
    tidied = [" ".join(part.split()) for part in parts]
    while tidied and not tidied[-1]:
        tidied.pop()
    return tidied


def _language(text: str) -> str:
    """One language by code or name. Raises Misread."""
    code = language_words().get(fold(text))
    if code is not None:
        return code
    spoken = read_languages(text, level_if_missing=Level.A1)
    if len(spoken) != 1:
        raise Misread(Code.ONE_LANGUAGE, word=text)
    return next(iter(spoken))


_READERS: Mapping[Field, tuple[str, Callable[[str], Any]]] = {
    Field.GUARDIAN_RELATIONS: ("relation", read_relation),
    Field.GUARDIAN_CUSTODY: ("decides", read_yes_no),
    Field.GUARDIAN_PHONES: ("phone", partial(short_text, limit=_PHONE)),
    Field.GUARDIAN_EMAILS: ("email", read_email),
    Field.GUARDIAN_LANGUAGES: ("language", _language),
}
