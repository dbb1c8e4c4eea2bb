"""The empty list of people: hints and words for its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.sheets.templates import TemplateColumn, TemplateTable
from patenwerk.organisations.models import Site, SupportField
from patenwerk.people.domain.row_problems import column_title, level_in_words, value_in_words
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.columns import Field, columns_of

_NEEDED = frozenset({Field.FIRST_NAME, Field.POSTCODE, Field.LANGUAGES})

_HINTS: Mapping[Field, Callable[[], str]] = {
    Field.FILE_ID: lambda: _(
        "A number or code of your own, once in the list. By it a later list finds the person again."
    ),
    Field.BIRTH_DATE: lambda: _("Like 24.05.2010"),
    Field.POSTCODE: lambda: _("Five digits"),
    Field.FURTHEST_KM: lambda: _("How far the person goes, in km"),
    Field.LANGUAGES: lambda: _(
        "Each with its level, like: German B2, Arabic first language. Levels are A1 to C2."
    ),
    Field.MINIMUM_LEVEL: lambda: _(
        "Only where the common language needs more or less than usual at your carrier"
    ),
    Field.FREE_TIMES: lambda: _("Like: Mon afternoons, Sat, Thu 15-18"),
    Field.FIELDS: lambda: _("One or several, with commas between them"),
    Field.INTERESTS: lambda: _("One or several, with commas between them"),
    Field.DISLIKES: lambda: _("One or several, with commas between them"),
    Field.WISHED_GENDERS: lambda: _("Empty means: no wish"),
    Field.WISHED_AGE: lambda: _("Like: 25-60, from 25, up to 60"),
    Field.EXPECTED_MONTHS: lambda: _("How many months the tandem is meant to last"),
    Field.CAPACITY: lambda: _("How many mentees at a time, 1 to 9"),
    Field.WAITING_SINCE: lambda: _("Like 24.05.2026; empty means: since today"),
    Field.RECORD_CHECK_DATE: lambda: _(
        "The date that stands on the certificate you have inspected"
    ),
}


def people_template(
    side: Side, site: Site, *, title: str, without: frozenset[Field]
) -> TemplateTable:
    """The empty list of one side; one query. ``without`` are columns that are not taken over."""
    words = _words(site)
    return TemplateTable(
        title,
        [
            TemplateColumn(
                column_title(column.field),
                hint=_HINTS[column.field]() if column.field in _HINTS else "",
                words=words.get(column.field, ()),
                strict=column.field is Field.GENDER,
                required=column.field in _NEEDED,
            )
            for column in columns_of(side)
            if column.field not in without and column.field is not Field.NAME
        ],
    )


def _words(site: Site) -> Mapping[Field, tuple[str, ...]]:
    genders = tuple(value_in_words(Field.GENDER, gender) for gender in Gender)
    language = get_language() or "de"
    fields = SupportField.objects.filter(programme=site.programme_id, is_active=True)
    return {
        Field.GENDER: genders,
        Field.WISHED_GENDERS: genders[:-1],
        Field.FIELDS: tuple(field.name_in(language) for field in fields),
        Field.MINIMUM_LEVEL: tuple(level_in_words(level) for level in Level),
    }
