"""The reference of the columns as a document, made from the column list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from patenwerk.core.sheets.columns import Column as ListColumn
from patenwerk.people.enums import Side
from patenwerk.people.kernel.answers import GENDER_WORDS, NO_WISH_WORDS
from patenwerk.people.kernel.columns import COLUMNS, Column, Field
from patenwerk.people.kernel.consent_rows import CONSENT_COLUMNS, ConsentField
from patenwerk.people.kernel.free_times import PART_HOURS, SHORTEST
from patenwerk.people.kernel.languages import LANGUAGE_CODES, LEVEL_WORDS, language_name
from patenwerk.people.kernel.rows import KM, LONGEST_TEXT, MONTHS, PLACES

_DATE = "a date: 24.05.2010, 2010-05-24, 24. Mai 2010, 24/05/2010, or a date cell"
_SAME_ORDER = "in the order of the guardians; – where one has none"
SYNTAX: Mapping[Field, tuple[str, str]] = {
    Field.FILE_ID: (
        f"the list's own number, once per list, at most {LONGEST_TEXT[Field.FILE_ID]} characters",
        "M-014",
    ),
    Field.NAME: (
        "“last name, first name” or “first name last name”; needed where there is no "
        "column for the first name",
        "Yılmaz, Ayşe",
    ),
    Field.FIRST_NAME: ("text; beside it a column “Name” holds the last name", "Ayşe"),
    Field.LAST_NAME: ("text", "von der Heide"),
    Field.BIRTH_DATE: (_DATE, "24.05.2010"),
    Field.GENDER: ("one of the words for genders below", "weiblich"),
    Field.EMAIL: ("one address", "ayse@beispiel.example"),
    Field.PHONE: ("text", "0341 000000"),
    Field.POSTCODE: (
        "five digits; a number has its leading zeros restored; a place may follow",
        "04109 Leipzig",
    ),
    Field.FURTHEST_KM: (
        f"a whole number from {KM[0]} to {KM[1]}; empty: the carrier's setting",
        "10 km",
    ),
    Field.LANGUAGES: (
        "languages, each with its level, divided by commas, semicolons, slashes or “und”",
        "Deutsch B2, Arabisch Muttersprache",
    ),
    Field.MINIMUM_LEVEL: ("one level: what the common language needs at least", "A2"),
    Field.FREE_TIMES: ("days with parts of the day or clock times", "Mo nachmittags, Di 18-20 Uhr"),
    Field.FIELDS: ("the programme's fields of support, divided as in any list", "Schule, Freizeit"),
    Field.INTERESTS: ("words, divided by commas, semicolons or slashes", "Fußball, Kochen"),
    Field.DISLIKES: ("as interests", "Achterbahn"),
    Field.WISHED_GENDERS: ("words for genders, or “egal”; empty: no wish", "weiblich oder divers"),
    Field.WISHED_AGE: ("years; empty or “egal”: no wish", "25-60, ab 25, bis 60, 25+"),
    Field.EXPECTED_MONTHS: (f"a whole number from {MONTHS[0]} to {MONTHS[1]}", "12 Monate"),
    Field.CAPACITY: (f"partners at a time, {PLACES[0]} to {PLACES[1]}; empty: 1", "2"),
    Field.WAITING_SINCE: (f"{_DATE}; empty: the day the list is read", "01.03.2026"),
    Field.RECORD_CHECK_DATE: (f"{_DATE}; empty: none inspected", "12.01.2026"),
    Field.RECORD_CHECK_ENTRY: (
        "yes or no: whether a disqualifying conviction was found; empty: no",
        "nein",
    ),
    Field.RECORD_CHECK_UNTIL: (
        f"{_DATE}; empty: counted from the certificate's date",
        "11.01.2031",
    ),
    Field.NETWORK: (
        "text; the same word for everyone whose sites match together",
        "Leipzig Ost",
    ),
    Field.NEVER_WITH: ("numbers of people of the other list", "K-003, K-017"),
    Field.NOTE: ("text", "spielt Geige"),
    Field.ARCHIVED_ON: (f"{_DATE}; empty: takes part", "31.12.2025"),
    Field.GUARDIANS: (
        "names of whoever has custody or speaks for the child; several with semicolons or line "
        "breaks between them",
        "Linde, Eva; Linde, Jan",
    ),
    Field.GUARDIAN_RELATIONS: (f"{_SAME_ORDER}; empty: other", "Mutter; Vater"),
    Field.GUARDIAN_CUSTODY: (f"yes or no, {_SAME_ORDER}; empty: yes", "ja; nein"),
    Field.GUARDIAN_PHONES: (_SAME_ORDER, "0341 000001; 0341 000002"),
    Field.GUARDIAN_EMAILS: (_SAME_ORDER, "eva@beispiel.example"),
    Field.GUARDIAN_LANGUAGES: (f"one language each, {_SAME_ORDER}", "Arabisch; Deutsch"),
}
"""What a cell of each column may say, and an example."""

_INTRODUCTION = """# The columns of a list

A list is one sheet of a CSV, XLSX, XLSM or ODS file: a row of headers, below it one person per row.
Mentors and mentees are two lists; consents, tandems, who joined and left, meetings and closings are
further ones, each a file or a sheet of one. The order of columns is free. Headers are recognised in
German and English, whatever their case, spaces and punctuation, and umlauts may be written out;
what is not recognised can be given its column by hand. Two files to start from:
[mentoren.xlsx](examples/mentoren.xlsx) and [mentees.csv](examples/mentees.csv); their people are
invented.

This page is made from the code; a test compares the two.
"""
CONSENT_SYNTAX: Mapping[str, tuple[str, str]] = {
    ConsentField.PERSON_ID: ("the person's number in the list of people", "K-003"),
    ConsentField.PERSON: ("the person's name; needed where there is no number", "Linde, Sara"),
    ConsentField.SIDE: ("accompanies or is accompanied; empty: whom name or number fit", "Mentee"),
    ConsentField.PURPOSE: ("one of the purposes in the template", "Teilnahme"),
    ConsentField.VERSION: ("the version of our text that was read out or signed", "2026-11"),
    ConsentField.GIVEN_BY: ("the person or a guardian", "Sorgeberechtigte"),
    ConsentField.GUARDIANS: ("who consented for a child, as in the list of mentees", "Linde, Eva"),
    ConsentField.GIVEN_ON: (_DATE, "02.11.2026"),
    ConsentField.WITHDRAWN_ON: (f"{_DATE}; empty: in force", "20.11.2026"),
}
"""What a cell of each column of a list of consents may say, and an example."""


def column_table(columns: Iterable[ListColumn], syntax: Mapping[str, tuple[str, str]]) -> str:
    """The table of one list's columns; ``syntax`` says what a cell holds, with an example."""
    lines = ["| column | a cell says | example | further headers |", "|---|---|---|---|"]
    for column in columns:
        says, example = syntax[column.code]
        cells = (
            f"{column.german} / {column.english}",
            says,
            f"`{example}`",
            ", ".join(column.synonyms),
        )
        lines.append(f"| {' | '.join(cells)} |".replace("*in", r"\*in").replace("*r,", r"\*r,"))
    return "\n".join([*lines, ""])


def _consents_part() -> str:
    return f"""## The list of consents

A sheet »Einwilligungen«, one consent per row. The version has to be one that the programme has a
text for: a consent to other words proves nothing about ours.

{column_table(CONSENT_COLUMNS, CONSENT_SYNTAX)}"""


_READING = """## How a file is read

- Text files may be UTF-8, UTF-16 or Windows-1252, divided by semicolons, commas, tabs or bars.
- Lines above the header and repeated headers are left out and pointed out.
- Hidden sheets are not read, macros never run, merged cells count for their first cell.
- Of a formula the stored value is read; a row with a formula without value is not taken.
- A date such as 03/04/2010 is asked: day or month first. A year of two digits is the last one that
  has already been.
- The number identifies a person. Without that column the whole row does; a row that stands there
  twice is not taken twice, and two different rows with one number are both not taken.
- A text that begins with an apostrophe before `=`, `+`, `-` or `@` is read without the apostrophe.
"""


def columns_reference() -> str:
    """The page `docs/reference/columns.md` but for the lists of tandems, which stand above."""
    parts = (
        _INTRODUCTION,
        _columns_part(),
        _consents_part(),
        _READING,
        _times_part(),
        _words_part(),
        _languages_part(),
    )
    return "\n".join(parts)


def _columns_part() -> str:
    lines = ["## The columns", "", "Bold: every row needs it.", ""]
    lines += [
        "| column | list | a cell says | example | further headers |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_column_line(column) for column in COLUMNS), ""])


def _column_line(column: Column) -> str:
    lists = {Side.MENTOR: "mentors", Side.MENTEE: "mentees"}
    title = f"{column.german} / {column.english}"
    says, example = SYNTAX[column.field]
    cells = (
        f"**{title}**" if column.required or column.field is Field.NAME else title,
        ", ".join(lists[side] for side in (Side.MENTOR, Side.MENTEE) if side in column.sides),
        says,
        f"`{example}`",
        ", ".join(column.synonyms),
    )
    return f"| {' | '.join(cells)} |".replace("*in", r"\*in").replace("*r,", r"\*r,")


def _times_part() -> str:
    hours = ", ".join(f"{begin // 60} to {end // 60}" for begin, end in PART_HOURS)
    return f"""## Free times

Days: Mo, Montag, montags, Mon, Monday; spans (Mo-Fr), täglich, werktags, Wochenende. Parts of the
day: vormittags, nachmittags, abends, ganztags, and the same in English; `jederzeit` is the whole
week. Days before a part share it (`Mo, Mi abends`); a day without part is free all day; a part
without day means Monday to Friday; a semicolon or new line begins afresh. Clock times: `14-18 Uhr`,
`14:30-18`, `ab 16 Uhr`, `bis 12 Uhr`, `2-6 pm`. Morning, afternoon and evening are {hours} o'clock;
one of them counts as free where at least {SHORTEST} minutes of it are.
"""


def _words_part() -> str:
    genders = "\n".join(f"- {gender.value}: {words}" for gender, words in GENDER_WORDS.items())
    levels = "\n".join(f"- {level.name}: {words}" for level, words in LEVEL_WORDS.items())
    return f"""## Words for genders and levels

{genders}
- no wish: {NO_WISH_WORDS}

{levels}

Of `B1-B2` the lower level counts; `Deutsch keine` is no language. A language without level is
asked.
"""


def _languages_part() -> str:
    lines = ["## Languages", "", "Each by its code, its German or its English name.", ""]
    lines += ["| code | German | English |", "|---|---|---|"]
    for code in sorted(LANGUAGE_CODES):
        lines.append(f"| {code} | {language_name(code, 'de')} | {language_name(code, 'en')} |")
    return "\n".join([*lines, ""])
