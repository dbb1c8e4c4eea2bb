"""Rows of tandems and meetings as people write them."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from patenwerk.core.sheets.model import Flaw, Flawed, Row, Sheet
from patenwerk.people.kernel.answers import read_word
from patenwerk.people.kernel.listed import Who
from patenwerk.people.kernel.problems import Code, Misread
from patenwerk.tandems.enums import EndReason, MeetingPlace, State
from patenwerk.tandems.kernel.columns import Field
from patenwerk.tandems.kernel.rows import (
    END_REASON_WORDS,
    PLACE_WORDS,
    STATE_WORDS,
    ParsedRow,
    Reading,
    parse_meetings,
    parse_tandems,
    read_minutes,
)

ON = date(2026, 11, 23)
READING = Reading(
    on=ON,
    kinds={"chancenpatenschaft": "chance", "impulspatenschaft": "impulse"},
    focuses={"bildung": "education"},
    fields={"schule": "school", "sprache": "language"},
)
PAIR = {Field.MENTOR: "Lea Birke", Field.MENTEE: "Sara Linde", Field.BEGAN_ON: "01.03.2026"}
MET = {Field.FILE_ID: 7, Field.HELD_ON: date(2026, 3, 8), Field.MINUTES: "90"}


def sheet(cells: dict[Field, Any], headers: dict[Field, str] | None = None) -> Sheet:
    return Sheet(
        name="",
        sheet_names=(),
        headers=tuple((headers or {}).get(field, field.value) for field in cells),
        header_row=1,
        rows=(Row(2, tuple(cells.values())),),
        notices=(),
        asks_date_order=False,
    )


def tandem(**changes: Any) -> ParsedRow:
    cells = {**PAIR, **{Field(name): value for name, value in changes.items()}}
    (row,) = parse_tandems(sheet(cells), dict(enumerate(cells)), READING)
    return row


def meeting(header: str = "minutes", **changes: Any) -> ParsedRow:
    cells = {**MET, **{Field(name): value for name, value in changes.items()}}
    headers = {Field.MINUTES: header}
    (row,) = parse_meetings(sheet(cells, headers), dict(enumerate(cells)), READING)
    return row


def found(row: ParsedRow) -> list[tuple[str | None, Code]]:
    return [(problem.column, problem.code) for problem in row.problems]


def test_a_row_is_understood() -> None:
    row = tandem(
        file_id=12,
        mentor_id="M-1",
        mentee_id=None,
        kind="Impulspatenschaft",
        focus="Bildung",
        field="Schule",
        state="läuft",
        expected_end_on="31.12.2027",
        why="Beide\nlesen gern.",
    )
    assert row.ok
    assert (row.file_id, row.mentors) == ("12", (Who("M-1", "Lea Birke"),))
    (mentee,) = row.mentees
    assert (mentee, str(mentee), str(Who("K-1"))) == (Who("", "Sara Linde"), "Sara Linde", "K-1")
    said = [row.text(field) for field in (Field.KIND, Field.FOCUS, Field.FIELD, Field.STATE)]
    assert said == ["impulse", "education", "school", "active"]
    assert row.day(Field.BEGAN_ON) == date(2026, 3, 1)
    assert row.day(Field.EXPECTED_END_ON) == date(2027, 12, 31)
    assert (row.day(Field.ENDED_ON), row.text(Field.END_REASON)) == (None, "")
    assert row.text(Field.WHY) == "Beide\nlesen gern."
    assert not Who()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"mentor": None}, [("mentor", Code.REQUIRED)]),
        ({"mentor": None, "mentor_id": "M-1"}, []),
        ({"mentee": "k. A."}, [("mentee", Code.REQUIRED)]),
        ({"began_on": None}, [("began_on", Code.REQUIRED)]),
        ({"began_on": "24.11.2026"}, [("began_on", Code.DATE_TOO_LATE)]),
        ({"began_on": "01.01.1980"}, [("began_on", Code.DATE_TOO_EARLY)]),
        ({"began_on": "03/04/2026"}, [("began_on", Code.AMBIGUOUS_DATE)]),
        ({"began_on": "bald"}, [("began_on", Code.NO_DATE)]),
        ({"expected_end_on": "01.01.2040"}, [("expected_end_on", Code.DATE_TOO_LATE)]),
        ({"ended_on": "01.05.2026", "end_reason": "Umzug"}, []),
        ({"ended_on": "01.02.2026", "end_reason": "Umzug"}, [("ended_on", Code.DATE_TOO_EARLY)]),
        ({"ended_on": "01.05.2026"}, [("end_reason", Code.REQUIRED)]),
        ({"end_reason": "Umzug"}, [("ended_on", Code.REQUIRED)]),
        ({"state": "beendet"}, [("ended_on", Code.REQUIRED)]),
        ({"state": "unklar"}, [("state", Code.UNKNOWN_WORD)]),
        ({"kind": "Chancenpatenschaft, Impulspatenschaft"}, [("kind", Code.UNKNOWN_WORD)]),
        ({"file_id": "x" * 61}, [("file_id", Code.TOO_LONG)]),
        ({"why": Flawed(Flaw.ERROR, "#REF!")}, [("why", Code.ERROR_CELL)]),
        ({"why": Flawed(Flaw.FORMULA_WITHOUT_VALUE, "=A1")}, [("why", Code.FORMULA_WITHOUT_VALUE)]),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    changes: dict[str, Any], expected: list[tuple[str | None, Code]]
) -> None:
    assert found(tandem(**changes)) == expected


def test_a_meeting_is_understood() -> None:
    row = meeting(place="Video", topic="Mathe  geübt")
    assert row.ok
    assert (row.file_id, row.day(Field.HELD_ON)) == ("7", date(2026, 3, 8))
    assert (row.text(Field.MINUTES), row.text(Field.PLACE)) == ("90", MeetingPlace.ONLINE.value)
    assert row.text(Field.TOPIC) == "Mathe geübt"
    assert meeting("Stunden", minutes=1.5).text(Field.MINUTES) == "90"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"file_id": None}, [("mentor", Code.REQUIRED), ("mentee", Code.REQUIRED)]),
        ({"file_id": None, "mentor": "Lea", "mentee_id": "K-1"}, []),
        ({"held_on": None}, [("held_on", Code.REQUIRED)]),
        ({"minutes": None}, [("minutes", Code.REQUIRED)]),
        ({"minutes": "lange"}, [("minutes", Code.NUMBER)]),
        ({"held_on": "24.11.2026"}, [("held_on", Code.DATE_TOO_LATE)]),
        ({"place": "Mars"}, [("place", Code.UNKNOWN_WORD)]),
        ({"topic": "x" * 201}, [("topic", Code.TOO_LONG)]),
    ],
)
def test_what_a_meeting_lacks_is_said(
    changes: dict[str, Any], expected: list[tuple[str | None, Code]]
) -> None:
    assert found(meeting(**changes)) == expected


@pytest.mark.parametrize(
    ("value", "hours", "minutes"),
    [
        (90, False, 90),
        (90.0, False, 90),
        ("90 Min.", False, 90),
        ("ca. 45 Minuten", False, 45),
        ("1,5 h", False, 90),
        ("2 Std.", False, 120),
        ("1:30", False, 90),
        ("01:15:00", True, 75),
        (time(1, 30), False, 90),
        (2, True, 120),
        ("1,25", True, 75),
        ("90 min", True, 90),
        (5, False, 5),
        (1440, False, 1440),
    ],
)
def test_lengths_as_people_write_them(value: Any, hours: bool, minutes: int) -> None:
    assert read_minutes(value, hours=hours) == minutes


@pytest.mark.parametrize("value", [4, 1441, "0:04", "90 km", "eine Stunde", "-5"])
def test_lengths_that_are_none(value: Any) -> None:
    with pytest.raises(Misread) as misread:
        read_minutes(value, hours=False)
    assert misread.value.code is Code.NUMBER


def test_every_state_reason_and_place_has_words() -> None:
    assert STATE_WORDS.keys() == set(State)
    assert END_REASON_WORDS.keys() == set(EndReason)
    assert PLACE_WORDS.keys() == set(MeetingPlace)
    assert (
        tandem(ended_on="01.05.2026", end_reason="die vereinbarte Zeit ist vorbei").text(
            Field.END_REASON
        )
        == EndReason.TIME_OVER
    )
    assert tandem(ended_on="01.05.2026", end_reason="goal_reached").ok


def test_one_word_is_meant() -> None:
    known = {"schule": "school", "schule und sprache": "both"}
    assert read_word("Schule und Sprache", known) == "both"
    assert read_word(" schule ", known) == "school"
    with pytest.raises(Misread) as misread:
        read_word("schule, schule und sprache", known)
    assert misread.value.values["known"] == "both, school"


def test_a_known_word_is_found_among_others() -> None:
    known = {"schule": "school", "arbeit": "work"}
    assert read_word("Schule", known) == "school"
    assert read_word("Schule, Schule", known) == "school"
    for text in ("Schule, Arbeit", "Garten"):
        with pytest.raises(Misread):
            read_word(text, known)
