"""The columns that lists of tandems and of their meetings may have."""

from __future__ import annotations

from enum import StrEnum

from patenwerk.core.sheets.columns import Column, words_of


class Field(StrEnum):
    """What a column is about."""

    FILE_ID = "file_id"
    MENTOR = "mentor"
    MENTOR_ID = "mentor_id"
    MENTEE = "mentee"
    MENTEE_ID = "mentee_id"
    SUBSTITUTE = "substitute"
    SUBSTITUTE_ID = "substitute_id"
    GROUP = "group"
    PLACES = "places"
    KIND = "kind"
    FOCUS = "focus"
    FIELD = "field"
    STATE = "state"
    BEGAN_ON = "began_on"
    EXPECTED_END_ON = "expected_end_on"
    ENDED_ON = "ended_on"
    END_REASON = "end_reason"
    WHY = "why"
    HELD_ON = "held_on"
    MINUTES = "minutes"
    PLACE = "place"
    TOPIC = "topic"
    CAME = "came"
    PERSON = "person"
    PERSON_ID = "person_id"
    ROLE = "role"
    JOINED_ON = "joined_on"
    LEFT_ON = "left_on"
    ANSWER = "answer"
    MEMBER_WHY = "member_why"
    NOTE = "note"


def _column(field: Field, german: str, english: str, synonyms: str = "") -> Column:
    return Column(field.value, german, english, words_of(synonyms))


_NUMBER = _column(
    Field.FILE_ID,
    "Tandem-Nr.",
    "Tandem ID",
    "Nr., Nummer, Lfd. Nr., Tandem, Patenschaft, Patenschafts-Nr., Tandemnummer, Kennung, ID, No.",
)
_PEOPLE = (
    _column(
        Field.MENTOR,
        "Mentor*in",
        "Mentor",
        "Mentor, Mentorin, Mentor:in, Mentor/in, Pate, Patin, Pat*in, Pat:in, Lotse, Lotsin, "
        "Name Mentor*in, Name Mentor, Name Pat*in, Ehrenamtliche, Mentor name",
    ),
    _column(
        Field.MENTOR_ID,
        "Nr. Mentor*in",
        "Mentor ID",
        "Mentor-Nr., Mentor*in Nr., Mentoren-Nr., Mentor-ID, Paten-Nr., Nr. Pat*in, Mentor no.",
    ),
    _column(
        Field.MENTEE,
        "Mentee",
        "Mentee",
        "Patenkind, Kind, Name Mentee, Name Patenkind, Name des Kindes, Schüler*in, Mentee name",
    ),
    _column(
        Field.MENTEE_ID,
        "Nr. Mentee",
        "Mentee ID",
        "Mentee-Nr., Mentee Nr., Patenkind-Nr., Nr. Patenkind, Mentee no.",
    ),
)

_GROUP = _column(
    Field.GROUP,
    "Name der Gruppe",
    "Name of the group",
    "Gruppe, Gruppenname, Familie, Klasse, Group, Family, Class",
)
_END = (
    _column(
        Field.ENDED_ON,
        "Beendet am",
        "Ended on",
        "Ende, Enddatum, beendet, abgeschlossen am, Abschluss, Ende der Patenschaft, End date, End",
    ),
    _column(
        Field.END_REASON,
        "Grund des Endes",
        "Reason for the end",
        "Grund, Beendigungsgrund, Abschlussgrund, Grund für das Ende, End reason, Reason",
    ),
)

TANDEM_COLUMNS: tuple[Column, ...] = (
    _NUMBER,
    *_PEOPLE,
    _column(
        Field.SUBSTITUTE,
        "Vertretung",
        "Stands in",
        "Vertretung durch, Ersatz, Ersatzpatin, Ersatzpate, Substitute",
    ),
    _column(
        Field.SUBSTITUTE_ID, "Nr. Vertretung", "Stands in ID", "Vertretungs-Nr., Substitute ID"
    ),
    _GROUP,
    _column(
        Field.PLACES,
        "Plätze",
        "Places",
        "Plätze in der Gruppe, Gruppengröße, Größe der Gruppe, Group size",
    ),
    _column(
        # »Kind« alone is a child in German lists.
        Field.KIND,
        "Art",
        "Kind of tandem",
        "Art der Patenschaft, Format, Tandemart, Angebot, Type, Format",
    ),
    _column(Field.FOCUS, "Schwerpunkt", "Focus", "Förderschwerpunkt, Programmschwerpunkt, Säule"),
    _column(
        Field.FIELD,
        "Bereich",
        "Field",
        "Lebensbereich, Themenfeld, Förderbereich, Thema, Field of support, Area",
    ),
    _column(Field.STATE, "Stand", "State", "Status, Zustand, Phase"),
    _column(
        Field.BEGAN_ON,
        "Beginn",
        "Began on",
        "Start, Startdatum, seit, Patenschaft seit, gestiftet am, vermittelt am, Beginn der "
        "Patenschaft, Zusammengebracht am, Gestartet am, Start date, Matched on, Since",
    ),
    _column(
        Field.EXPECTED_END_ON,
        "Voraussichtlich bis",
        "Expected until",
        "geplant bis, geplantes Ende, voraussichtliches Ende, vereinbart bis, Planned end",
    ),
    *_END,
    _column(
        Field.WHY,
        "Warum diese beiden",
        "Why these two",
        "Begründung, Anmerkung, Bemerkung, Notiz, Note, Remarks, Comment",
    ),
)

MEETING_COLUMNS: tuple[Column, ...] = (
    _NUMBER,
    *_PEOPLE,
    _column(
        Field.HELD_ON,
        "Datum",
        "Date",
        "Tag, Treffen am, Datum des Treffens, Termin, am, Day, Met on, Meeting date",
    ),
    _column(
        Field.MINUTES,
        "Dauer",
        "Length",
        "Minuten, Dauer in Minuten, Dauer (Minuten), Dauer (Min.), Stunden, Dauer in Stunden, "
        "Minutes, Duration, Hours",
    ),
    _column(Field.PLACE, "Ort", "Where", "Form, Wo, Art des Treffens, Format, Place, How"),
    _column(
        Field.TOPIC,
        "Was gemacht",
        "Topic",
        "Inhalt, Thema, Aktivität, Beschreibung, Was haben sie gemacht, Notiz, Activity, Notes",
    ),
    _column(
        Field.CAME,
        "Wer kam",
        "Who came",
        "dabei waren, dabei, anwesend, Anwesende, Anwesenheit, Teilnehmende, Present, Attendance",
    ),
)

MEMBER_COLUMNS: tuple[Column, ...] = (
    _NUMBER,
    _GROUP,
    _column(
        Field.PERSON,
        "Person",
        "Person",
        "Name, Mitglied, Vor- und Nachname, Mentee, Patenkind, Mentor*in, Mentor, Pat*in, Member, "
        "Full name",
    ),
    _column(
        Field.PERSON_ID,
        "Nr. Person",
        "Person ID",
        "Personen-Nr., Mitglieds-Nr., Mentee-Nr., Nr. Mentee, Mentor-Nr., Nr. Mentor*in, "
        "Person no.",
    ),
    _column(Field.ROLE, "Rolle", "Role", "Seite, als, Side"),
    _column(
        Field.JOINED_ON,
        "Dabei ab",
        "Joined on",
        "dabei seit, von, ab, Eintritt, dazugekommen am, Joined, From",
    ),
    _column(
        Field.LEFT_ON,
        "Dabei bis",
        "Left on",
        "bis, Austritt, ausgeschieden am, gegangen am, Left, Until",
    ),
    _column(Field.ANSWER, "Antwort", "Answer", "Zusage, Rückmeldung"),
    _column(
        Field.MEMBER_WHY,
        "Warum in dieser Gruppe",
        "Why in this group",
        "Begründung, Warum, Grund, Anmerkung, Bemerkung, Notiz, Note, Remarks",
    ),
)

CLOSING_COLUMNS: tuple[Column, ...] = (
    _NUMBER,
    *_PEOPLE,
    *_END,
    _column(
        Field.NOTE,
        "Notiz",
        "Note",
        "Anmerkung, Bemerkung, Kommentar, Abschlussnotiz, Wie es war, Remarks, Comment",
    ),
)

DATES = frozenset(
    {
        *(Field.BEGAN_ON, Field.EXPECTED_END_ON, Field.ENDED_ON, Field.HELD_ON),
        *(Field.JOINED_ON, Field.LEFT_ON),
    }
)
