"""What a letter's text may leave open: a fixed set, filled in for each letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from patenwerk.letters.enums import LetterKind


class Placeholder(StrEnum):
    """What can be filled in."""

    PROGRAMME = "programme"
    CARRIER = "carrier"
    SITE = "site"
    ADDRESS = "address"
    CONTACT = "contact"
    TODAY = "today"
    ROLE = "role"
    NAME = "name"
    FIRST_NAME = "first_name"
    BIRTH_DATE = "birth_date"
    ADDRESSEE = "addressee"
    GUARDIANS = "guardians"
    APPOINTMENT = "appointment"
    MENTOR = "mentor"
    MENTEE = "mentee"
    TANDEM_KIND = "kind"
    FIELD = "field"
    FOCUS = "focus"
    FIRST_MEETING = "first_meeting"
    UNTIL = "until"
    PERIOD = "period"
    MEETINGS = "meetings"
    HOURS = "hours"


#: How each is written, in German and in English. Both are understood in every text. A name that is
#: in use stays: texts that were saved hold it.
NAMES: Mapping[Placeholder, tuple[str, str]] = {
    Placeholder.PROGRAMME: ("Programm", "programme"),
    Placeholder.CARRIER: ("Träger", "carrier"),
    Placeholder.SITE: ("Standort", "site"),
    Placeholder.ADDRESS: ("Anschrift", "address"),
    Placeholder.CONTACT: ("Kontakt", "contact"),
    Placeholder.TODAY: ("Heute", "today"),
    Placeholder.ROLE: ("Rolle", "role"),
    Placeholder.NAME: ("Name", "name"),
    Placeholder.FIRST_NAME: ("Vorname", "first name"),
    Placeholder.BIRTH_DATE: ("Geburtsdatum", "date of birth"),
    Placeholder.ADDRESSEE: ("Angeschriebene", "addressee"),
    Placeholder.GUARDIANS: ("Sorgeberechtigte", "guardians"),
    Placeholder.APPOINTMENT: ("Termin", "appointment"),
    Placeholder.MENTOR: ("Mentor", "mentor"),
    Placeholder.MENTEE: ("Mentee", "mentee"),
    Placeholder.TANDEM_KIND: ("Art", "kind"),
    Placeholder.FIELD: ("Lebensbereich", "field"),
    Placeholder.FOCUS: ("Schwerpunkt", "focus"),
    Placeholder.FIRST_MEETING: ("Erstes Treffen", "first meeting"),
    Placeholder.UNTIL: ("Bis", "until"),
    Placeholder.PERIOD: ("Zeitraum", "period"),
    Placeholder.MEETINGS: ("Anzahl Treffen", "number of meetings"),
    Placeholder.HOURS: ("Stunden", "hours"),
}
_EVERYWHERE = (
    Placeholder.PROGRAMME,
    Placeholder.CARRIER,
    Placeholder.SITE,
    Placeholder.ADDRESS,
    Placeholder.CONTACT,
    Placeholder.TODAY,
    Placeholder.ROLE,
)
#: What each letter knows. A certificate names no mentee: whom somebody accompanied is nobody
#: else's business.
OF_KIND: Mapping[LetterKind, tuple[Placeholder, ...]] = {
    LetterKind.AGREEMENT: (
        Placeholder.MENTEE,
        Placeholder.MENTOR,
        Placeholder.GUARDIANS,
        Placeholder.TANDEM_KIND,
        Placeholder.FIELD,
        Placeholder.FOCUS,
        Placeholder.FIRST_MEETING,
        Placeholder.UNTIL,
        *_EVERYWHERE,
    ),
    LetterKind.CERTIFICATE: (
        Placeholder.NAME,
        Placeholder.FIRST_NAME,
        Placeholder.PERIOD,
        Placeholder.MEETINGS,
        Placeholder.HOURS,
        Placeholder.FIELD,
        Placeholder.FOCUS,
        *_EVERYWHERE,
    ),
    LetterKind.INVITATION: (
        Placeholder.ADDRESSEE,
        Placeholder.NAME,
        Placeholder.FIRST_NAME,
        Placeholder.GUARDIANS,
        Placeholder.APPOINTMENT,
        *_EVERYWHERE,
    ),
    LetterKind.MESSAGE: (
        Placeholder.NAME,
        Placeholder.FIRST_NAME,
        Placeholder.GUARDIANS,
        *_EVERYWHERE,
    ),
    LetterKind.RECORD_CHECK: (
        Placeholder.NAME,
        Placeholder.FIRST_NAME,
        Placeholder.BIRTH_DATE,
        *_EVERYWHERE,
    ),
}
BLANK = "_" * 20
"""What stands where nothing is known: a line to write on."""

_OPEN = re.compile(r"\{([^{}\n]*)\}")
_BRACKET = re.compile(r"[{}]")
_AROUND = 12
"""So many signs before and after a lost bracket are quoted."""


class Wrong(StrEnum):
    """What can be wrong with a placeholder."""

    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, the words it is about, and what was probably meant."""

    wrong: Wrong
    words: str
    meant: Placeholder | None = None


def written(placeholder: Placeholder, language: str) -> str:
    """How a placeholder is written in a language: »{Vorname}«."""
    german, english = NAMES[placeholder]
    return f"{{{german if language.startswith('de') else english}}}"


def named(words: str) -> Placeholder | None:
    """The placeholder somebody means, whatever the case and the spaces."""
    return _BY_NAME.get(_folded(words))


def used_in(text: str) -> frozenset[Placeholder]:
    """The placeholders of a text."""
    found = (named(match[1]) for match in _OPEN.finditer(text))
    return frozenset(placeholder for placeholder in found if placeholder is not None)


def faults(text: str, kind: LetterKind) -> Iterator[Fault]:
    """What is wrong with a text for a kind of letter, in its order; a bracket left alone last."""
    for match in _OPEN.finditer(text):
        placeholder = named(match[1])
        if placeholder is None:
            yield Fault(Wrong.UNKNOWN, match[0], _meant(match[1], kind))
        elif placeholder not in OF_KIND[kind]:
            yield Fault(Wrong.ELSEWHERE, match[0])
    rest = _OPEN.sub(lambda match: " " * len(match[0]), text)
    for match in _BRACKET.finditer(rest):
        around = text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
        yield Fault(Wrong.BRACKET, " ".join(around.split()))


def filled(words: str, values: Mapping[Placeholder, str]) -> str:
    """The words with everything filled in; a line to write on where a value is empty or missing."""

    def value(match: re.Match[str]) -> str:
        placeholder = named(match[1])
        return (values.get(placeholder) if placeholder else None) or BLANK

    return _OPEN.sub(value, words)


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").split())


def _meant(words: str, kind: LetterKind) -> Placeholder | None:
    possible = {name: each for name, each in _BY_NAME.items() if each in OF_KIND[kind]}
    close = get_close_matches(_folded(words), possible, n=1, cutoff=0.6)
    return possible[close[0]] if close else None


_BY_NAME = {_folded(name): placeholder for placeholder, names in NAMES.items() for name in names}
