"""The reference of the columns of lists about tandems, made from their column lists."""

from __future__ import annotations

from collections.abc import Mapping

from patenwerk.people.kernel.reference import column_table
from patenwerk.tandems.kernel.columns import (
    CLOSING_COLUMNS,
    MEETING_COLUMNS,
    MEMBER_COLUMNS,
    TANDEM_COLUMNS,
    Field,
)
from patenwerk.tandems.kernel.rows import LONGEST, SHORTEST

_DAY = "a date, as in the lists of people"
SYNTAX: Mapping[str, tuple[str, str]] = {
    Field.FILE_ID: ("the list's own number of the tandem", "T-07"),
    Field.MENTOR: ("who accompanies; several with semicolons between them", "Yılmaz, Ayşe"),
    Field.MENTOR_ID: ("their numbers in the list of mentors, in the same order", "M-014"),
    Field.MENTEE: ("who is accompanied; several with semicolons", "Linde, Sara; Linde, Mo"),
    Field.MENTEE_ID: ("their numbers in the list of mentees, in the same order", "K-003; K-004"),
    Field.SUBSTITUTE: ("who stands in", "Birke, Lea"),
    Field.SUBSTITUTE_ID: ("their numbers in the list of mentors", "M-002"),
    Field.GROUP: ("what a group is called", "Familie Linde"),
    Field.PLACES: ("how many it takes; empty: those who are in it", "4"),
    Field.KIND: ("one of the programme's kinds; empty: the only one", "Chancenpatenschaft"),
    Field.FOCUS: ("one of the programme's foci; empty: the only one in force", "Bildung"),
    Field.FIELD: ("one of the fields of support; empty: the mentee's only one", "Schule"),
    Field.STATE: (
        "proposed, agreed, trial, active, paused or ended; empty: active, or ended where an end is "
        "given; of a stored tandem: as it is",
        "aktiv",
    ),
    Field.BEGAN_ON: (f"{_DAY}: since when the two are a tandem", "01.03.2026"),
    Field.EXPECTED_END_ON: (f"{_DAY}, up to ten years ahead", "01.03.2027"),
    Field.ENDED_ON: (f"{_DAY}; empty: it runs", "01.09.2026"),
    Field.END_REASON: ("one of the coded reasons; needed with an end", "Umzug"),
    Field.WHY: ("text", "beide lesen gern"),
    Field.HELD_ON: (_DAY, "08.03.2026"),
    Field.MINUTES: (
        f"from {SHORTEST} to {LONGEST} minutes, also as hours: 1:30, 1,5 h",
        "90",
    ),
    Field.PLACE: ("in person, online or phone; empty: in person", "vor Ort"),
    Field.TOPIC: ("text of at most 200 characters", "Mathe"),
    Field.CAME: (
        "numbers or names with semicolons between them; empty: everybody who took part that day",
        "M-014; K-003",
    ),
    Field.PERSON: ("whoever joined later or left before the end", "Linde, Mo"),
    Field.PERSON_ID: ("the person's number in the list of people", "K-004"),
    Field.ROLE: ("accompanies, is accompanied or stands in", "Mentee"),
    Field.JOINED_ON: (f"{_DAY}; empty: from the beginning", "01.05.2026"),
    Field.LEFT_ON: (f"{_DAY}; empty: still there, or there to the end", "01.08.2026"),
    Field.ANSWER: ("said yes, said no or not answered yet; empty: said yes", "ja"),
    Field.MEMBER_WHY: ("text", "Schwester von Sara"),
    Field.NOTE: ("text", "sie schreiben sich weiter"),
}
"""What a cell of each column may say, and an example."""


def lists_reference() -> str:
    """The part of `docs/reference/columns.md` about tandems and what belongs to them."""
    return f"""
## The list of tandems

A sheet »Tandems« or »Patenschaften«, one tandem per row.

{column_table(TANDEM_COLUMNS, SYNTAX)}
## Who joined and left

A sheet »Beitritte und Austritte«: one time somebody took part per row, where it was not the whole
time of the tandem. Who is there now, or was at the end, stands in the list of tandems, too. The
tandem is named by its number or by what the group is called.

{column_table(MEMBER_COLUMNS, SYNTAX)}
## The list of meetings

A sheet »Treffen«, one meeting per row. The tandem is named by its number, or by the two.

{column_table(MEETING_COLUMNS, SYNTAX)}
## The list of closings

A sheet »Abschlüsse«, one tandem per row. A tandem that runs ends by it, with all that stands in
the way on its own page; of one that has ended it brings the note.

{column_table(CLOSING_COLUMNS, SYNTAX)}"""
