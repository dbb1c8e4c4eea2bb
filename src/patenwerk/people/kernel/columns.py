"""The fixed list of columns that the lists of mentors and mentees may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from patenwerk.core.sheets.columns import Confidence, meanings, words_of
from patenwerk.core.sheets.words import header_key
from patenwerk.people.enums import Side


class Field(StrEnum):
    """What a column is about. Where the person's record has the same field, the names agree."""

    FILE_ID = "file_id"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTH_DATE = "birth_date"
    GENDER = "gender"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    FURTHEST_KM = "furthest_km"
    LANGUAGES = "languages"
    MINIMUM_LEVEL = "minimum_level"
    FREE_TIMES = "free_times"
    FIELDS = "fields"
    INTERESTS = "interests"
    DISLIKES = "dislikes"
    WISHED_GENDERS = "wished_genders"
    WISHED_AGE = "wished_age"
    EXPECTED_MONTHS = "expected_months"
    CAPACITY = "capacity"
    WAITING_SINCE = "waiting_since"
    RECORD_CHECK_DATE = "record_check_date"
    RECORD_CHECK_ENTRY = "record_check_entry"
    RECORD_CHECK_UNTIL = "record_check_until"
    NETWORK = "network"
    NEVER_WITH = "never_with"
    NOTE = "note"
    ARCHIVED_ON = "archived_on"
    GUARDIANS = "guardians"
    GUARDIAN_RELATIONS = "guardian_relations"
    GUARDIAN_CUSTODY = "guardian_custody"
    GUARDIAN_PHONES = "guardian_phones"
    GUARDIAN_EMAILS = "guardian_emails"
    GUARDIAN_LANGUAGES = "guardian_languages"


GUARDIAN_FIELDS = (
    Field.GUARDIANS,
    Field.GUARDIAN_RELATIONS,
    Field.GUARDIAN_CUSTODY,
    Field.GUARDIAN_PHONES,
    Field.GUARDIAN_EMAILS,
    Field.GUARDIAN_LANGUAGES,
)
"""What is said about whoever has custody of a mentee or speaks for it, in the mentee's row."""

BOTH = frozenset(Side)
_MENTORS = frozenset({Side.MENTOR})
_MENTEES = frozenset({Side.MENTEE})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field, its usual header in German and English, further headers.

    ``sides`` says in which list it may stand. ``required`` columns need a value in every row.
    """

    field: Field
    german: str
    english: str
    synonyms: tuple[str, ...]
    sides: frozenset[Side] = BOTH
    required: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that means this column, the usual ones first."""
        return (self.german, self.english, *self.synonyms)


def _column(
    field: Field,
    german: str,
    english: str,
    synonyms: str,
    *,
    sides: frozenset[Side] = BOTH,
    required: bool = False,
) -> Column:
    return Column(field, german, english, words_of(synonyms), sides, required)


COLUMNS: tuple[Column, ...] = (
    _column(
        Field.FILE_ID,
        "Nr.",
        "ID",
        "Nummer, Lfd. Nr., laufende Nummer, Kennung, Kürzel, Personen-ID, Personennummer, "
        "Mentor-ID, Mentoren-Nr., Mentee-ID, Mentee-Nr., Paten-Nr., No., Number, Code",
    ),
    _column(
        Field.NAME,
        "Name",
        "Full name",
        "Vor- und Nachname, Vorname und Nachname, Vorname Nachname, Nachname Vorname, "
        "Name Vorname, Vollständiger Name, Mentor, Mentorin, Mentor*in, Mentor:in, Mentor/in, "
        "Pate, Patin, Pat*in, Pat:in, Lotse, Lotsin, Mentee, Patenkind",
    ),
    _column(Field.FIRST_NAME, "Vorname", "First name", "Rufname, Given name, Forename"),
    _column(Field.LAST_NAME, "Nachname", "Last name", "Familienname, Zuname, Surname, Family name"),
    _column(
        Field.BIRTH_DATE,
        "Geburtsdatum",
        "Date of birth",
        "geboren, geboren am, geb., geb. am, Geburtstag, Birth date, Birthday, Born, DOB",
    ),
    _column(Field.GENDER, "Geschlecht", "Gender", "m/w/d, w/m/d, Sex, Gender identity"),
    _column(
        Field.EMAIL, "E-Mail", "E-mail address", "Mail, Mailadresse, E-Mail-Adresse, Email address"
    ),
    _column(
        Field.PHONE,
        "Telefon",
        "Phone",
        "Tel., Telefonnummer, Telefonnr., Handy, Handynummer, Mobil, Mobilnummer, Mobiltelefon, "
        "Phone number, Telephone, Mobile, Mobile phone",
    ),
    _column(
        Field.POSTCODE,
        "PLZ",
        "Postcode",
        "Postleitzahl, PLZ Wohnort, PLZ Ort, PLZ/Ort, PLZ und Ort, Wohnort PLZ, Postal code, "
        "Zip, Zip code",
        required=True,
    ),
    _column(
        Field.FURTHEST_KM,
        "Entfernung km",
        "Furthest km",
        "Entfernung, max. Entfernung, maximale Entfernung, größte Entfernung, Umkreis, "
        "Umkreis km, Umkreis (km), km, max. km, Radius, Fahrweg, Distance, Max distance, "
        "Distance km, Max km",
    ),
    _column(
        Field.LANGUAGES,
        "Sprachen",
        "Languages",
        "Sprache, Sprachkenntnisse, gesprochene Sprachen, spricht, Sprachen und Niveau, "
        "Language, Spoken languages, Language skills",
        required=True,
    ),
    _column(
        Field.MINIMUM_LEVEL,
        "Mindestniveau",
        "Minimum level",
        "Sprachniveau mindestens, Mindestsprachniveau, Minimum language level",
        sides=_MENTEES,
    ),
    _column(
        Field.FREE_TIMES,
        "Freie Zeiten",
        "Free times",
        "Zeiten, freie Zeit, Zeit, Verfügbarkeit, verfügbar, Wann, Wochentage, Termine, "
        "Zeitfenster, hat Zeit, Availability, Available, Times, Time slots",
    ),
    _column(
        Field.FIELDS,
        "Lebensbereiche",
        "Fields of support",
        "Lebensbereich, Bereiche, Bereich, Unterstützung, Unterstützung bei, "
        "Unterstützungsbedarf, Hilfe bei, Themen, Bedarf, Anliegen, Fields, Support, "
        "Support needed, Needs, Topics",
    ),
    _column(
        Field.INTERESTS,
        "Interessen",
        "Interests",
        "Interesse, Hobbys, Hobbies, Hobby, mag, Freizeit, Likes",
    ),
    _column(
        Field.DISLIKES,
        "Abneigungen",
        "Dislikes",
        "Abneigung, mag nicht, was ich nicht mag, No-Gos, nicht gern, Does not like",
    ),
    _column(
        Field.WISHED_GENDERS,
        "Wunsch Geschlecht",
        "Wished gender",
        "Geschlecht Wunsch, gewünschtes Geschlecht, Wunschgeschlecht, Geschlechtswunsch, "
        "Wunsch (Geschlecht), Preferred gender, Gender wish, Gender preference",
    ),
    _column(
        Field.WISHED_AGE,
        "Wunsch Alter",
        "Wished age",
        "Alter Wunsch, gewünschtes Alter, Wunschalter, Alterswunsch, Wunsch (Alter), "
        "Altersspanne, Preferred age, Age wish, Age preference, Age range",
    ),
    _column(
        Field.EXPECTED_MONTHS,
        "Dauer Monate",
        "Expected months",
        "Dauer, Dauer in Monaten, Dauer (Monate), gewünschte Dauer, erwartete Dauer, Monate, "
        "Duration, Duration in months, Expected length, Months",
    ),
    _column(
        Field.CAPACITY,
        "Plätze",
        "Capacity",
        "Anzahl Mentees, Anzahl Patenschaften, Kapazität, freie Plätze, max. Mentees, wie viele, "
        "Places, Open places, Number of mentees",
        sides=_MENTORS,
    ),
    _column(
        Field.WAITING_SINCE,
        "Wartet seit",
        "Waiting since",
        "wartend seit, Warteliste seit, Anmeldung, Anmeldedatum, angemeldet am, Anmeldung am, "
        "Eingang, Eingangsdatum, Datum der Anmeldung, Registered on, Registration date, "
        "Date of registration, Sign-up date",
    ),
    _column(
        Field.RECORD_CHECK_DATE,
        "Führungszeugnis vom",
        "Record check of",
        "Führungszeugnis, eFZ, eFZ vom, erweitertes Führungszeugnis, "
        "erweitertes Führungszeugnis vom, eFZ Datum, eFZ eingesehen am, FZ, Record check, "
        "Record check date, Certificate date, Background check",
        sides=_MENTORS,
    ),
    _column(
        Field.RECORD_CHECK_ENTRY,
        "Eintrag im Führungszeugnis",
        "Entry on the record check",
        "einschlägiger Eintrag, Eintrag gefunden, einschlägige Verurteilung, "
        "Conviction found, Disqualifying entry",
        sides=_MENTORS,
    ),
    _column(
        Field.RECORD_CHECK_UNTIL,
        "Führungszeugnis gültig bis",
        "Record check valid until",
        "eFZ gültig bis, eFZ bis, Führungszeugnis bis, FZ gültig bis, FZ bis, "
        "Wiedervorlage Führungszeugnis, Wiedervorlage eFZ, Record check until",
        sides=_MENTORS,
    ),
    _column(
        Field.NETWORK,
        "Netzwerk",
        "Network",
        "Verbund, Netzwerkverbund",
    ),
    _column(
        Field.NEVER_WITH,
        "Nie mit",
        "Never with",
        "nicht mit, nicht wieder mit, ausgeschlossen mit, Not with, Never again with",
    ),
    _column(
        Field.NOTE,
        "Notiz",
        "Note",
        "Notizen, Bemerkung, Bemerkungen, Anmerkung, Anmerkungen, Kommentar, Sonstiges, Notes, "
        "Remarks, Comment, Comments",
    ),
    _column(
        Field.ARCHIVED_ON,
        "Im Archiv seit",
        "Archived since",
        "archiviert am, ausgeschieden am, ausgeschieden seit, inaktiv seit, nicht mehr dabei seit, "
        "Archived on, Inactive since",
    ),
    _column(
        Field.GUARDIANS,
        "Erziehungsberechtigte",
        "Guardians",
        "Erziehungsberechtigte*r, Erziehungsberechtigter, Sorgeberechtigte, Sorgeberechtigte*r, "
        "Eltern, Name der Eltern, Elternteil, Parents, Guardian, Parent",
        sides=_MENTEES,
    ),
    _column(
        Field.GUARDIAN_RELATIONS,
        "Verhältnis zum Kind",
        "Relation to the child",
        "Verhältnis, Beziehung zum Kind, Relation",
        sides=_MENTEES,
    ),
    _column(
        Field.GUARDIAN_CUSTODY,
        "Sorgerecht",
        "Custody",
        "hat Sorgerecht, sorgeberechtigt, Has custody",
        sides=_MENTEES,
    ),
    _column(
        Field.GUARDIAN_PHONES,
        "Telefon Eltern",
        "Guardians' phone",
        "Telefon Erziehungsberechtigte, Telefon der Eltern, Elterntelefon, Tel. Eltern, "
        "Handy Eltern, Mobil Eltern, Notfallnummer, Notfallkontakt, Parents' phone, Parent phone",
        sides=_MENTEES,
    ),
    _column(
        Field.GUARDIAN_EMAILS,
        "E-Mail Eltern",
        "Guardians' e-mail address",
        "E-Mail Erziehungsberechtigte, E-Mail der Eltern, Mail Eltern, Parents' e-mail, "
        "Parent email",
        sides=_MENTEES,
    ),
    _column(
        Field.GUARDIAN_LANGUAGES,
        "Sprache Eltern",
        "Guardians' language",
        "Sprache der Eltern, Sprache Erziehungsberechtigte, Parents' language",
        sides=_MENTEES,
    ),
)

_BY_FIELD = {column.field: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one header of a file most likely means; ``index`` counts the columns from 0.

    ``field`` None: not taken. REMEMBERED with None: somebody decided to leave it out.
    """

    index: int
    header: str
    field: Field | None
    confidence: Confidence


def column_of(field: Field) -> Column:
    """The entry of the column list."""
    return _BY_FIELD[field]


def columns_of(side: Side) -> tuple[Column, ...]:
    """The columns a list of this side may have, in their usual order."""
    return tuple(column for column in COLUMNS if side in column.sides)


@cache
def known_headers(side: Side) -> Mapping[str, Field]:
    """Every header word of a side in the form of ``header_key``, to its column."""
    return {
        header_key(header): column.field for column in columns_of(side) for header in column.headers
    }


def suggest_mapping(
    headers: Sequence[str], side: Side, *, remembered: Mapping[str, str] | None = None
) -> tuple[Suggestion, ...]:
    """What each header means, one suggestion per header in their order.

    ``remembered`` maps ``header_key`` of earlier files to a field's value, or to the empty text
    where the column was left out; see ``core.sheets.columns.meanings``.
    """
    return tuple(
        Suggestion(
            each.index, each.header, Field(each.column) if each.column else None, each.confidence
        )
        for each in meanings(headers, known_headers(side), remembered or {})
    )


def mapping_of(suggestions: Sequence[Suggestion]) -> dict[int, Field]:
    """The mapping as ``parse_rows`` takes it: index of the column → field."""
    return {s.index: s.field for s in suggestions if s.field is not None}


def missing_columns(mapping: Mapping[int, Field]) -> tuple[Field, ...]:
    """The required columns that no header was given. A name may be one column or two."""
    mapped = set(mapping.values())
    missing = [c.field for c in COLUMNS if c.required and c.field not in mapped]
    if not mapped & {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME}:
        missing.insert(0, Field.NAME)
    return tuple(missing)
