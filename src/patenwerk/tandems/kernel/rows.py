"""From a row of cells to a tandem or a meeting as understood, with a reason for what was not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import partial
from typing import TypeVar

from patenwerk.core.sheets.columns import words_of
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Row, Sheet, Value
from patenwerk.core.sheets.words import fold, header_key
from patenwerk.organisations.kernel.groups import LARGEST_GROUP
from patenwerk.people.kernel.answers import read_number, read_word
from patenwerk.people.kernel.cells import read_day, said, short_text, written
from patenwerk.people.kernel.listed import SEVERAL, Lacking, Who, read_cells, several
from patenwerk.people.kernel.problems import Code, Misread, RowProblem
from patenwerk.tandems.enums import Acceptance, EndReason, MeetingPlace, MemberRole, State
from patenwerk.tandems.kernel.columns import DATES, Field

C = TypeVar("C", bound=StrEnum)

ColumnMapping = Mapping[int, Field]
"""Index of the column, counted from 0 → what it is about."""

EARLIEST = date(1990, 1, 1)
"""Nothing a list says of a tandem lies before."""
YEARS_AHEAD = 10
SHORTEST, LONGEST = 5, 1440
"""Minutes a meeting can last."""

_NUMBER_LENGTH, _WHY_LENGTH, _TOPIC_LENGTH, _GROUP_LENGTH = 60, 10_000, 200, 80
_SEVERAL_LENGTH = LARGEST_GROUP * 160
"""Numbers and names of a whole group in one cell."""

STATE_WORDS: Mapping[State, str] = {
    State.PROPOSED: "vorgeschlagen, Vorschlag, proposed",
    State.AGREED: "vereinbart, zugesagt, beide einverstanden, agreed",
    State.TRIAL: "Schnupperphase, Probe, Probezeit, Kennenlernen, Kennenlernphase, trial",
    State.ACTIVE: "aktiv, laufend, läuft, active, running",
    State.PAUSED: "pausiert, Pause, ruht, paused",
    State.ENDED: "beendet, abgeschlossen, Ende, ended, closed, finished",
}
"""What may stand for a state; the first word is the usual one."""

END_REASON_WORDS: Mapping[EndReason, str] = {
    EndReason.GOAL_REACHED: "Ziel erreicht, das Ziel ist erreicht, goal reached, "
    "the goal is reached",
    EndReason.TIME_OVER: "Zeit vorbei, vereinbarte Zeit ist um, die vereinbarte Zeit ist um, "
    "die vereinbarte Zeit ist vorbei, regulär, planmäßig, time over, the agreed time is over",
    EndReason.DECLINED: "abgelehnt, eine Seite hat abgesagt, declined, one side said no",
    EndReason.MOVED_AWAY: "umgezogen, weggezogen, Umzug, moved away",
    EndReason.NO_TIME: "keine Zeit, keine Zeit mehr, no time, no time any more",
    EndReason.NO_CONTACT: "kein Kontakt, Kontaktabbruch, Kontakt abgebrochen, "
    "der Kontakt ist abgebrochen, no contact, contact broke off",
    EndReason.DID_NOT_FIT: "passte nicht, hat nicht gepasst, passten nicht zusammen, "
    "die beiden passten nicht, die beiden passten nicht zusammen, "
    "did not fit, the two did not fit",
    EndReason.BY_ORGANISATION: "durch den Träger, vom Träger beendet, von der Organisation beendet,"
    " by organisation, ended by the organisation",
    EndReason.OTHER: "ein anderer Grund, anderer Grund, sonstiges, anderes, another reason, other",
}

PLACE_WORDS: Mapping[MeetingPlace, str] = {
    MeetingPlace.IN_PERSON: "persönlich, vor Ort, Präsenz, in Präsenz, Treffen, in person",
    MeetingPlace.ONLINE: "online, Video, Videoanruf, digital, virtuell, video call",
    MeetingPlace.PHONE: "Telefon, telefonisch, am Telefon, Anruf, phone, by phone, call",
}


ROLE_WORDS: Mapping[MemberRole, str] = {
    MemberRole.MENTOR: "begleitet, Mentor, Mentorin, Mentor*in, Pate, Patin, Pat*in, Lotse, "
    "accompanies",
    MemberRole.MENTEE: "wird begleitet, Mentee, Patenkind, Kind, is accompanied",
    MemberRole.SUBSTITUTE: "vertritt, Vertretung, Ersatz, stands in",
}
"""What may stand for what somebody is in a tandem; the first word is the usual one."""

ANSWER_WORDS: Mapping[Acceptance, str] = {
    Acceptance.OPEN: "noch keine Antwort, offen, not answered yet",
    Acceptance.ACCEPTED: "hat zugesagt, ja, zugesagt, said yes, yes",
    Acceptance.DECLINED: "hat abgesagt, nein, abgesagt, said no, no",
}


def _folded(words: Mapping[C, str]) -> dict[str, str]:
    known = {fold(word): code.value for code, given in words.items() for word in words_of(given)}
    return known | {fold(code.value.replace("_", " ")): code.value for code in words}


_STATES = _folded(STATE_WORDS)
_END_REASONS = _folded(END_REASON_WORDS)
_PLACES = _folded(PLACE_WORDS)
_ROLES = _folded(ROLE_WORDS)
_ANSWERS = _folded(ANSWER_WORDS)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_LENGTH = re.compile(r"(?:ca\.?|about)?\s*(\d{1,4}(?:[.,]\d{1,2})?)\s*([^\W\d]*)\.?")
_MINUTE_UNITS = frozenset({"", "min", "mins", "minute", "minuten", "minutes"})
_HOUR_UNITS = frozenset({"h", "std", "stunde", "stunden", "hour", "hours"})
_HOUR_HEADERS = ("stunde", "hour")
_PLACE_UNITS = frozenset({"platz", "platze", "place", "places"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of one file are read.

    ``on``: the day it is read; ``date_order`` the answer to 03/04/2010. ``kinds``, ``focuses``
    and ``fields`` map folded words of the programme's vocabularies to their codes.
    """

    on: date
    date_order: DateOrder | None = None
    kinds: Mapping[str, str]
    focuses: Mapping[str, str]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRow:
    """One row as understood: ``values`` holds every mapped column; an empty cell is None."""

    number: int
    values: Mapping[Field, object]
    problems: tuple[RowProblem, ...]

    @property
    def ok(self) -> bool:
        """Whether the row says all it has to."""
        return not self.problems

    @property
    def file_id(self) -> str:
        """The tandem's number in the list; empty where it says none."""
        return str(self.values.get(Field.FILE_ID) or "")

    @property
    def mentors(self) -> tuple[Who, ...]:
        """Who accompanies, as the row says it; of several each stands after a semicolon."""
        return self._several(Field.MENTOR_ID, Field.MENTOR)

    @property
    def mentees(self) -> tuple[Who, ...]:
        """Who is accompanied, as the row says it; of several each stands after a semicolon."""
        return self._several(Field.MENTEE_ID, Field.MENTEE)

    @property
    def substitutes(self) -> tuple[Who, ...]:
        """Who stands in for the mentors."""
        return self._several(Field.SUBSTITUTE_ID, Field.SUBSTITUTE)

    @property
    def came(self) -> tuple[str, ...]:
        """Who came to a meeting, each by number or by name; empty: everybody who took part."""
        return tuple(filter(None, map(str.strip, self.text(Field.CAME).split(SEVERAL))))

    @property
    def person(self) -> Who:
        """The one person a row is about."""
        return Who(self.text(Field.PERSON_ID), self.text(Field.PERSON))

    def text(self, field: Field) -> str:
        """A text, empty where the row says nothing."""
        return str(self.values.get(field) or "")

    def day(self, field: Field) -> date | None:
        """A day, None where the row says nothing."""
        value = self.values.get(field)
        return value if isinstance(value, date) else None

    def _several(self, number: Field, name: Field) -> tuple[Who, ...]:
        return several(self.text(number), self.text(name))


def parse_tandems(sheet: Sheet, mapping: ColumnMapping, reading: Reading) -> list[ParsedRow]:
    """Every row of a list of tandems as understood, in its order."""
    return [_parse(row, sheet.headers, mapping, reading, _tandem_problems) for row in sheet.rows]


def parse_meetings(sheet: Sheet, mapping: ColumnMapping, reading: Reading) -> list[ParsedRow]:
    """Every row of a list of meetings as understood, in its order."""
    return [_parse(row, sheet.headers, mapping, reading, _meeting_problems) for row in sheet.rows]


def parse_members(sheet: Sheet, mapping: ColumnMapping, reading: Reading) -> list[ParsedRow]:
    """Every row of a list of who joined and left, as understood, in its order."""
    return [_parse(row, sheet.headers, mapping, reading, _member_problems) for row in sheet.rows]


def parse_closings(sheet: Sheet, mapping: ColumnMapping, reading: Reading) -> list[ParsedRow]:
    """Every row of a list of closings as understood, in its order."""
    return [_parse(row, sheet.headers, mapping, reading, _closing_problems) for row in sheet.rows]


def _parse(
    row: Row,
    headers: Sequence[str],
    mapping: ColumnMapping,
    reading: Reading,
    lacking: Lacking[Field],
) -> ParsedRow:
    values, problems = read_cells(row, headers, mapping, partial(_read, reading), lacking)
    return ParsedRow(number=row.number, values=values, problems=problems)


def _tandem_problems(
    values: Mapping[Field, object],
) -> list[tuple[Field, Code, dict[str, str | int]]]:
    found: list[tuple[Field, Code, dict[str, str | int]]] = []
    for name, number in ((Field.MENTOR, Field.MENTOR_ID), (Field.MENTEE, Field.MENTEE_ID)):
        if not values.get(name) and not values.get(number):
            found.append((name, Code.REQUIRED, {}))
    began, ended = values.get(Field.BEGAN_ON), values.get(Field.ENDED_ON)
    is_over = values.get(Field.STATE) == State.ENDED or bool(values.get(Field.END_REASON))
    if not isinstance(began, date):
        found.append((Field.BEGAN_ON, Code.REQUIRED, {}))
    elif isinstance(ended, date) and ended < began:
        given = {"given": ended.isoformat(), "earliest": began.isoformat()}
        found.append((Field.ENDED_ON, Code.DATE_TOO_EARLY, {**given}))
    if ended is None and is_over:
        found.append((Field.ENDED_ON, Code.REQUIRED, {}))
    if ended is not None and not values.get(Field.END_REASON):
        found.append((Field.END_REASON, Code.REQUIRED, {}))
    return found


def _meeting_problems(
    values: Mapping[Field, object],
) -> list[tuple[Field, Code, dict[str, str | int]]]:
    return _required(values, Field.HELD_ON, Field.MINUTES, *_which(values))


def _closing_problems(
    values: Mapping[Field, object],
) -> list[tuple[Field, Code, dict[str, str | int]]]:
    return _required(values, Field.ENDED_ON, Field.END_REASON, *_which(values))


def _member_problems(
    values: Mapping[Field, object],
) -> list[tuple[Field, Code, dict[str, str | int]]]:
    which = () if values.get(Field.GROUP) else (Field.FILE_ID,)
    who = () if values.get(Field.PERSON_ID) else (Field.PERSON,)
    found = _required(values, *which, *who, Field.ROLE)
    joined, left = values.get(Field.JOINED_ON), values.get(Field.LEFT_ON)
    if isinstance(joined, date) and isinstance(left, date) and left < joined:
        given = {"given": left.isoformat(), "earliest": joined.isoformat()}
        found.append((Field.LEFT_ON, Code.DATE_TOO_EARLY, {**given}))
    return found


def _which(values: Mapping[Field, object]) -> list[Field]:
    """Of which of the two a row says nothing, where it names no tandem by its number."""
    if values.get(Field.FILE_ID):
        return []
    both = ((Field.MENTOR, Field.MENTOR_ID), (Field.MENTEE, Field.MENTEE_ID))
    return [name for name, number in both if not values.get(name) and not values.get(number)]


def _required(
    values: Mapping[Field, object], *fields: Field
) -> list[tuple[Field, Code, dict[str, str | int]]]:
    return [(field, Code.REQUIRED, {}) for field in fields if values.get(field) is None]


def _read(reading: Reading, field: Field, value: Value, header: str) -> object:
    value = said(value)
    if value is None:
        return None
    if field in _DAYS:
        ahead = field is Field.EXPECTED_END_ON
        latest = reading.on.replace(year=reading.on.year + YEARS_AHEAD, day=1)
        return read_day(
            value,
            order=reading.date_order,
            earliest=EARLIEST,
            latest=latest if ahead else reading.on,
        )
    if field is Field.MINUTES:
        return read_minutes(value, hours=any(word in header_key(header) for word in _HOUR_HEADERS))
    if field is Field.PLACES:
        return read_number(written(value), low=1, high=LARGEST_GROUP, units=_PLACE_UNITS)
    words: Mapping[Field, Mapping[str, str]] = {
        Field.KIND: reading.kinds,
        Field.FOCUS: reading.focuses,
        Field.FIELD: reading.fields,
        Field.STATE: _STATES,
        Field.END_REASON: _END_REASONS,
        Field.PLACE: _PLACES,
        Field.ROLE: _ROLES,
        Field.ANSWER: _ANSWERS,
    }
    if field in words:
        return read_word(written(value), words[field])
    return _TEXTS[field](written(value))


def read_minutes(value: Value, *, hours: bool) -> int:
    """»90«, »90 min«, »1,5 h«, »1:30« as minutes. ``hours``: bare numbers are hours.

    Raises Misread outside of 5 minutes to 24 hours.
    """
    minutes = _minutes(value, hours=hours)
    if minutes is None or not SHORTEST <= minutes <= LONGEST:
        raise Misread(Code.NUMBER, given=written(value), low=SHORTEST, high=LONGEST)
    return minutes


def _minutes(value: Value, *, hours: bool) -> int | None:
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    text = written(value).strip().casefold()
    span = _SPAN.fullmatch(text)
    if span is not None:
        return int(span[1]) * 60 + int(span[2])
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    number, unit = float(match[1].replace(",", ".")), fold(match[2])
    if unit in _HOUR_UNITS or (hours and not unit):
        return round(number * 60)
    return round(number) if unit in _MINUTE_UNITS else None


_DAYS = DATES
_WHO = (
    *(Field.MENTOR, Field.MENTOR_ID, Field.MENTEE, Field.MENTEE_ID),
    *(Field.SUBSTITUTE, Field.SUBSTITUTE_ID, Field.PERSON, Field.PERSON_ID, Field.CAME),
)
_TEXTS: Mapping[Field, Callable[[str], str]] = {
    Field.FILE_ID: partial(short_text, limit=_NUMBER_LENGTH),
    Field.GROUP: partial(short_text, limit=_GROUP_LENGTH),
    **dict.fromkeys(_WHO, partial(short_text, limit=_SEVERAL_LENGTH)),
    **dict.fromkeys(
        (Field.WHY, Field.MEMBER_WHY, Field.NOTE),
        partial(short_text, limit=_WHY_LENGTH, lines=True),
    ),
    Field.TOPIC: partial(short_text, limit=_TOPIC_LENGTH),
}
