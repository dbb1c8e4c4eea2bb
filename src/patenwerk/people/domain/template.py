"""The empty list of people, with hints and words for its columns; and the filled one, going out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.batches import BATCH
from patenwerk.core.clock import day_of
from patenwerk.core.sheets.templates import TemplateColumn, TemplateTable
from patenwerk.organisations.models import Site, SupportField
from patenwerk.people.domain.guardian import values_of
from patenwerk.people.domain.guardian_list import guardian_cell
from patenwerk.people.domain.row_problems import (
    column_title,
    free_times_in_words,
    level_in_words,
    value_in_words,
    yes_or_no,
)
from patenwerk.people.enums import Gender, Level, Side
from patenwerk.people.kernel.columns import GUARDIAN_FIELDS, Column, Field, columns_of
from patenwerk.people.models import Guardian, Person
from patenwerk.people.models.guardian import RELATIONS

_STRICT = frozenset({Field.GENDER, Field.RECORD_CHECK_ENTRY})
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
    Field.ARCHIVED_ON: lambda: _("Only for those who take part no longer; like 24.05.2026"),
    Field.RECORD_CHECK_DATE: lambda: _(
        "The date that stands on the certificate you have inspected"
    ),
    Field.RECORD_CHECK_ENTRY: lambda: _("Whether a disqualifying conviction was found"),
    Field.GUARDIANS: lambda: _(
        "Who has custody or speaks for the child. Several: a semicolon between them"
    ),
    Field.GUARDIAN_RELATIONS: lambda: _in_order(),
    Field.GUARDIAN_CUSTODY: lambda: _("Empty means: yes") + ". " + _in_order(),
    Field.GUARDIAN_PHONES: lambda: _in_order(),
    Field.GUARDIAN_EMAILS: lambda: _in_order(),
    Field.GUARDIAN_LANGUAGES: lambda: _("The language they read") + ". " + _in_order(),
}


def _in_order() -> str:
    return _("Several: in the same order, a semicolon between them, – where one has none")


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
                strict=column.field in _STRICT,
                required=column.field in _NEEDED,
            )
            for column in template_columns(side, without)
        ],
    )


def template_columns(side: Side, without: frozenset[Field]) -> list[Column]:
    """The columns of the template in their order; first and last name have one each."""
    return [
        column
        for column in columns_of(side)
        if column.field not in without and column.field is not Field.NAME
    ]


def people_rows(side: Side, site: Site, *, without: frozenset[Field]) -> Iterator[Sequence[object]]:
    """Every person of one side in the columns of the template, as the reader understands them.

    Whoever has no number in the site's own list gets one: other lists refer to people by it.
    """
    language = get_language() or "de"
    fields = SupportField.objects.filter(programme=site.programme_id)
    labels = {field.code: field.name_in(language) for field in fields}
    wanted = [column.field for column in template_columns(side, without)]
    people = Person.objects.filter(site=site, side=side, merged_into__isnull=True)
    rows = people.select_related("record_check").prefetch_related("fields").order_by("pk")
    if side is Side.MENTEE:
        there = Guardian.objects.filter(removed_on__isnull=True).order_by("position", "pk")
        rows = rows.prefetch_related(Prefetch("guardians", queryset=there))
    for person in rows.iterator(chunk_size=BATCH):
        yield [_cell(person, field, labels) for field in wanted]


def number_of(person: Person) -> str:
    """The number by which lists of this installation name a person."""
    return str(person.file_id or f"P{person.pk}")


def _cell(person: Person, field: Field, labels: Mapping[str, str]) -> object:
    if field is Field.FIELDS:
        # A field of support may itself have commas in its name.
        return "; ".join(sorted(labels[each.code] for each in person.fields.all()))
    if field in GUARDIAN_FIELDS:
        return guardian_cell(field, [values_of(each) for each in person.guardians.all()])
    if field in _SAID:
        return _SAID[field](person)
    value = getattr(person, field.value)
    return ", ".join(value) if isinstance(value, list) else value


def _checked_on(person: Person) -> object:
    check = getattr(person, "record_check", None)
    return None if check is None else check.certificate_date


def _entry_found(person: Person) -> str:
    check = getattr(person, "record_check", None)
    return "" if check is None else yes_or_no(said=check.conviction_found)


def _wished_age(person: Person) -> str:
    ages = person.wished_age_from, person.wished_age_to
    return "" if ages == (None, None) else value_in_words(Field.WISHED_AGE, ages)


def _languages(person: Person) -> str:
    # The best first, whatever order the database keeps them in.
    ranked = sorted(person.languages.items(), key=lambda pair: (-pair[1], pair[0]))
    return value_in_words(Field.LANGUAGES, {code: Level(level) for code, level in ranked})


def _minimum_level(person: Person) -> str:
    return "" if person.minimum_level is None else level_in_words(Level(person.minimum_level))


_SAID: Mapping[Field, Callable[[Person], object]] = {
    Field.FILE_ID: number_of,
    Field.RECORD_CHECK_DATE: _checked_on,
    Field.RECORD_CHECK_ENTRY: _entry_found,
    Field.WISHED_AGE: _wished_age,
    Field.GENDER: lambda person: value_in_words(Field.GENDER, Gender(person.gender)),
    Field.LANGUAGES: _languages,
    Field.MINIMUM_LEVEL: _minimum_level,
    Field.WISHED_GENDERS: lambda person: value_in_words(
        Field.WISHED_GENDERS, frozenset(map(Gender, person.wished_genders))
    ),
    Field.ARCHIVED_ON: lambda person: (
        None if person.archived_at is None else day_of(person.archived_at)
    ),
    # The reader separates days by semicolons.
    Field.FREE_TIMES: lambda person: free_times_in_words(person.free_times).replace(" ·", ";"),
}


def _words(site: Site) -> Mapping[Field, tuple[str, ...]]:
    genders = tuple(value_in_words(Field.GENDER, gender) for gender in Gender)
    language = get_language() or "de"
    fields = SupportField.objects.filter(programme=site.programme_id, is_active=True)
    return {
        Field.GENDER: genders,
        Field.WISHED_GENDERS: genders[:-1],
        Field.FIELDS: tuple(field.name_in(language) for field in fields),
        Field.MINIMUM_LEVEL: tuple(level_in_words(level) for level in Level),
        Field.RECORD_CHECK_ENTRY: (yes_or_no(said=True), yes_or_no(said=False)),
        Field.GUARDIAN_RELATIONS: tuple(str(word) for _code, word in RELATIONS),
        Field.GUARDIAN_CUSTODY: (yes_or_no(said=True), yes_or_no(said=False)),
    }
