"""Lists of people as spreadsheets: the import's own columns, so that a file can come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from patenwerk.core.web.lists import SheetColumn
from patenwerk.people.domain.row_problems import column_title, value_in_words
from patenwerk.people.enums import Gender, Level
from patenwerk.people.kernel.columns import Field
from patenwerk.people.models import Person
from patenwerk.people.queries.search import side_in_words

#: Everything a list may say, but nothing of record checks: what the law lets us keep for a time
#: (§ 72a (5) SGB VIII) shall not lie in files that nobody clears.
EXPORTED = (
    Field.FILE_ID,
    Field.FIRST_NAME,
    Field.LAST_NAME,
    Field.BIRTH_DATE,
    Field.GENDER,
    Field.EMAIL,
    Field.PHONE,
    Field.POSTCODE,
    Field.FURTHEST_KM,
    Field.LANGUAGES,
    Field.MINIMUM_LEVEL,
    Field.FREE_TIMES,
    Field.FIELDS,
    Field.INTERESTS,
    Field.DISLIKES,
    Field.WISHED_GENDERS,
    Field.WISHED_AGE,
    Field.EXPECTED_MONTHS,
    Field.CAPACITY,
    Field.WAITING_SINCE,
    Field.NOTE,
)


#: The column's header in the reader's language, not in that of the first who imports this.
_title = lazy(column_title, str)


def said_of(person: Person, field: Field) -> object:
    """What somebody says in a column, in words where the stored value is none."""
    made = _MADE.get(field)
    return made(person) if made is not None else getattr(person, field.value)


def _fields(person: Person) -> str:
    language = get_language() or "de"
    return ", ".join(field.name_in(language) for field in person.fields.all())


def _wished_age(person: Person) -> str:
    ages = (person.wished_age_from, person.wished_age_to)
    return "" if ages == (None, None) else value_in_words(Field.WISHED_AGE, ages)


def _languages(person: Person) -> str:
    levels = {code: Level(level) for code, level in person.languages.items()}
    return value_in_words(Field.LANGUAGES, levels)


def _minimum_level(person: Person) -> str:
    level = person.minimum_level
    return "" if level is None else value_in_words(Field.MINIMUM_LEVEL, Level(level))


def _wished_genders(person: Person) -> str:
    genders = frozenset(Gender(code) for code in person.wished_genders)
    return value_in_words(Field.WISHED_GENDERS, genders)


_MADE: Mapping[Field, Callable[[Person], object]] = {
    Field.GENDER: lambda person: value_in_words(Field.GENDER, Gender(person.gender)),
    Field.LANGUAGES: _languages,
    Field.MINIMUM_LEVEL: _minimum_level,
    Field.FREE_TIMES: lambda person: value_in_words(Field.FREE_TIMES, person.free_times),
    Field.FIELDS: _fields,
    Field.INTERESTS: lambda person: ", ".join(person.interests),
    Field.DISLIKES: lambda person: ", ".join(person.dislikes),
    Field.WISHED_GENDERS: _wished_genders,
    Field.WISHED_AGE: _wished_age,
}
"""What is said in words; everything else is written as it is stored."""

COLUMNS = (
    SheetColumn(_("Role"), side_in_words),
    SheetColumn(_("Site"), lambda person: person.site.name),
    *(SheetColumn(_title(field), partial(said_of, field=field)) for field in EXPORTED),
)
"""The columns of the file. A row needs ``programme``, ``site`` and the fields of support."""
