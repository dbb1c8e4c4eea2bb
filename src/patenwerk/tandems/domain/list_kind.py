"""What lists of tandems and of their meetings have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.sheets.columns import Column
from patenwerk.core.sheets.dates import DateOrder
from patenwerk.core.sheets.model import Sheet
from patenwerk.core.sheets.templates import TemplateColumn, TemplateTable
from patenwerk.imports.domain.kinds import (
    Problem,
)
from patenwerk.imports.domain.list_kind import ListOfColumns
from patenwerk.organisations.models import Programme, Site
from patenwerk.people.domain.row_problems import problem_sentence
from patenwerk.tandems.domain.list_words import ANSWERS, ROLES, Vocabulary, title_of
from patenwerk.tandems.kernel.columns import Field
from patenwerk.tandems.kernel.rows import (
    ParsedRow,
    Reading,
)
from patenwerk.tandems.models.meeting import PLACES
from patenwerk.tandems.models.tandem import END_REASONS, STATES


@dataclass(frozen=True, slots=True)
class ListKind(ListOfColumns):
    """What lists about tandems have in common: the words of a programme, and how rows are read."""

    parse: Callable[[Sheet, Mapping[int, Field], Reading], list[ParsedRow]]
    bold: frozenset[Field]
    heading: Callable[[], str]

    def template(self, site: Site) -> TemplateTable:
        """Three queries."""
        title = self.title(site.programme)
        return lists_template(title, self.column_list, self.bold, Vocabulary.of(site))

    def title(self, programme: Programme) -> str:
        return self.heading()

    def taken_url(self, site: Site) -> str:
        return f"{reverse('tandems:list')}?site={site.pk}"

    def understand(
        self,
        sheet: Sheet,
        mapping: Mapping[int, str],
        *,
        site: Site,
        on: date,
        date_order: DateOrder | None,
    ) -> Sequence[ParsedRow]:
        reading = Vocabulary.of(site).reading(on, date_order)
        fields = {index: Field(column) for index, column in mapping.items()}
        return self.parse(sheet, fields, reading)


_HINTS: Mapping[Field, Callable[[], str]] = {
    Field.FILE_ID: lambda: _(
        "A number or code of your own for the tandem. By it meetings and later lists find it."
    ),
    Field.MENTOR: lambda: _(
        "As in the list of those who accompany. Several: a semicolon between them"
    ),
    Field.MENTEE: lambda: _("As in the list of mentees. A group: a semicolon between them"),
    Field.SUBSTITUTE: lambda: _("Who stands in when nobody else can"),
    Field.SUBSTITUTE_ID: lambda: _("Only where the name is not enough"),
    Field.GROUP: lambda: _("Only for a family, a class or a group"),
    Field.PLACES: lambda: _("How many the group takes; empty: those who are in it"),
    Field.MENTOR_ID: lambda: _("Only where the name is not enough"),
    Field.MENTEE_ID: lambda: _("Only where the name is not enough"),
    Field.KIND: lambda: _("May be empty where the programme has only one"),
    Field.FOCUS: lambda: _("May be empty where only one was in force"),
    Field.FIELD: lambda: _("May be empty where the mentee has only one"),
    Field.STATE: lambda: _("Empty means: active, or ended where an end is given"),
    Field.BEGAN_ON: lambda: _("The day the two were brought together, like 24.05.2026"),
    Field.ENDED_ON: lambda: _("Like 24.05.2026; empty while the tandem runs"),
    Field.END_REASON: lambda: _("Needed where an end is given"),
    Field.HELD_ON: lambda: _("Like 24.05.2026"),
    Field.MINUTES: lambda: _("Like 90, 1:30 or 1.5 h"),
    Field.CAME: lambda: _("Only where somebody was missing: a semicolon between the names"),
    Field.PERSON: lambda: _(
        "As in the lists of people: whoever joined later, or left before the end"
    ),
    Field.PERSON_ID: lambda: _("Only where the name is not enough"),
    Field.JOINED_ON: lambda: _("Like 24.05.2026; empty means: from the beginning"),
    Field.LEFT_ON: lambda: _("Like 24.05.2026; empty means: to the end, or still there"),
    Field.ANSWER: lambda: _("Empty means: said yes"),
}


def _hint(field: Field, *, always: bool) -> str:
    if field is Field.ENDED_ON and always:
        return _("Like 24.05.2026")
    return _HINTS[field]() if field in _HINTS else ""


def lists_template(
    title: str, columns: Iterable[Column], bold: Collection[Field], vocabulary: Vocabulary
) -> TemplateTable:
    """An empty list about tandems; ``bold`` are the columns that say something in every row."""
    language = get_language() or "de"
    words: dict[Field, tuple[str, ...]] = {
        Field.KIND: tuple(word.name_in(language) for word in vocabulary.kinds.values()),
        Field.FOCUS: tuple(word.name_in(language) for word in vocabulary.focuses.values()),
        Field.FIELD: tuple(word.name_in(language) for word in vocabulary.fields.values()),
        Field.STATE: tuple(str(word) for _code, word in STATES),
        Field.END_REASON: tuple(str(word) for _code, word in END_REASONS),
        Field.PLACE: tuple(str(word) for _code, word in PLACES),
        Field.ROLE: tuple(str(word) for _code, word in ROLES),
        Field.ANSWER: tuple(str(word) for _code, word in ANSWERS),
    }
    return TemplateTable(
        title,
        [
            TemplateColumn(
                title_of(column.code),
                hint=_hint(field, always=field in bold),
                words=words.get(field, ()),
                strict=field in words,
                required=field in bold,
            )
            for column in columns
            for field in (Field(column.code),)
        ],
    )


def missing_titles(columns: Collection[str], needed: Iterable[Field]) -> list[str]:
    """Titles of what a list needs and these columns do not have."""
    return [title_of(field.value) for field in needed if field.value not in columns]


def _somebody(columns: Collection[str], name: Field, number: Field) -> list[Field]:
    return [] if {name.value, number.value} & set(columns) else [name]


def who_is_missing(columns: Collection[str]) -> list[Field]:
    """Whom of the two no column names, by name or number."""
    return [
        *_somebody(columns, Field.MENTOR, Field.MENTOR_ID),
        *_somebody(columns, Field.MENTEE, Field.MENTEE_ID),
    ]


def label_of(row: ParsedRow) -> str:
    """What a row is called in the preview: the two, else the tandem's number."""
    sides = (", ".join(map(str, side)) for side in (row.mentees, row.mentors))
    return " & ".join(side for side in sides if side) or row.file_id


def misread(row: ParsedRow, labels: Mapping[str, str]) -> tuple[Problem, ...]:
    """Why a row was not understood, in words."""
    return tuple(
        Problem(
            each.header or title_of(str(each.column)),
            problem_sentence(each, labels=labels, title=title_of),
        )
        for each in row.problems
    )


def in_words(row: ParsedRow, labels: Mapping[str, str]) -> dict[str, str]:
    """Each value as understood, by column."""
    return {
        field.value: date_format(value, "SHORT_DATE_FORMAT")
        if isinstance(value, date)
        else labels.get(str(value), str(value))
        for field, value in row.values.items()
        if value is not None
    }
