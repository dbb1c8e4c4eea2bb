"""The words for rows as understood and for what was wrong: for pages and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.people.enums import Gender, Level
from patenwerk.people.kernel.columns import Field, column_of
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.kernel.problems import Code, RowProblem
from patenwerk.people.kernel.profile import DAYS, PARTS_OF_DAY, free_time_bit
from patenwerk.people.kernel.rows import Understood


def column_title(field: Field) -> str:
    """The column's usual header in the active language."""
    column = column_of(field)
    return column.german if _language() == "de" else column.english


def problem_sentence(
    problem: RowProblem,
    *,
    labels: Mapping[str, str] | None = None,
    title: Callable[[str], str] = lambda column: column_title(Field(column)),
) -> str:
    """What is wrong and what was expected, without row and column.

    ``labels`` maps codes of the programme's words to the words people know; ``title`` says what a
    column is called (those of people, where nothing is said).
    """
    values = {key: _in_words(key, value, labels or {}) for key, value in problem.values.items()}
    if problem.code is Code.REQUIRED and problem.column is not None:
        values["column"] = title(problem.column)
    sentence = _SENTENCES[problem.code]() % values
    if values.get("meant"):
        sentence += " " + _("Did you mean “%(meant)s”?") % values
    return sentence


def located_sentence(problem: RowProblem, *, labels: Mapping[str, str] | None = None) -> str:
    """The sentence with row and column in front."""
    sentence = problem_sentence(problem, labels=labels)
    column = problem.header or (column_title(Field(problem.column)) if problem.column else "")
    if not column:
        return _("Row %(row)s: %(sentence)s") % {"row": problem.row, "sentence": sentence}
    return _("Row %(row)s, column “%(column)s”: %(sentence)s") % {
        "row": problem.row,
        "column": column,
        "sentence": sentence,
    }


def value_in_words(
    field: Field, value: Understood, *, labels: Mapping[str, str] | None = None
) -> str:
    """A cell's value as understood, for the preview; empty where the cell is."""
    if value is None:
        return ""
    if field is Field.FREE_TIMES and isinstance(value, int):
        return free_times_in_words(value)
    if isinstance(value, bool):
        return yes_or_no(said=value)
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, dict | frozenset | tuple):
        return _several_in_words(field, value, labels or {})
    return _word(value, {})


def _several_in_words(
    field: Field,
    value: dict[str, Level] | frozenset[str] | frozenset[Gender] | tuple[object, ...],
    labels: Mapping[str, str],
) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{language_name(code, _language())} {level_in_words(level)}"
            for code, level in value.items()
        )
    if isinstance(value, frozenset):
        return ", ".join(sorted(_word(word, labels) for word in value))
    if field is Field.WISHED_AGE:
        return _ages_in_words(value)
    return ", ".join(str(word) for word in value)


def level_in_words(level: Level) -> str:
    """»B2« or »first language«."""
    return _("first language") if level is Level.NATIVE else level.name


def yes_or_no(*, said: bool) -> str:
    """»yes« or »no«."""
    return _("yes") if said else _("no")


def free_times_in_words(bits: int) -> str:
    """The week grid as »Mon afternoon, evening · Sat all day«."""
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    parts = (_("morning"), _("afternoon"), _("evening"))
    said = []
    for day in range(DAYS):
        free = [parts[p] for p in range(PARTS_OF_DAY) if bits & free_time_bit(day, p)]
        if free:
            when = _("all day") if len(free) == PARTS_OF_DAY else ", ".join(free)
            said.append(f"{days[day]} {when}")
    return " · ".join(said)


def _ages_in_words(ages: tuple[object, ...]) -> str:
    youngest, oldest = ages
    values = {"youngest": youngest, "oldest": oldest}
    if youngest is None and oldest is None:
        return _("no wish")
    if youngest is None:
        return _("up to %(oldest)s years") % values
    if oldest is None:
        return _("from %(youngest)s years") % values
    return _("%(youngest)s to %(oldest)s years") % values


def _word(value: object, labels: Mapping[str, str]) -> str:
    if isinstance(value, Gender):
        return _GENDERS[value]()
    if isinstance(value, Level):
        return level_in_words(value)
    return labels.get(str(value), str(value))


def _in_words(key: str, value: str | int, labels: Mapping[str, str]) -> str | int:
    if not isinstance(value, str):
        return value
    if key == "known":
        return ", ".join(labels.get(code, code) for code in value.split(", "))
    if key == "language":
        return language_name(value, _language())
    if key == "meant":
        return labels.get(value) or language_name(value, _language()) if value else ""
    if key in {"latest", "earliest"}:
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value


def _language() -> str:
    return (get_language() or "de").partition("-")[0]


_GENDERS: Mapping[Gender, Callable[[], str]] = {
    Gender.FEMALE: lambda: _("female"),
    Gender.MALE: lambda: _("male"),
    Gender.DIVERSE: lambda: _("diverse"),
    Gender.UNSAID: lambda: _("not said"),
}
_SENTENCES: Mapping[Code, Callable[[], str]] = {
    Code.REQUIRED: lambda: _("“%(column)s” is missing; every row needs it."),
    Code.FORMULA_WITHOUT_VALUE: lambda: _(
        "The formula %(shown)s has no stored value. Please save the file in your spreadsheet "
        "program, or write the value."
    ),
    Code.ERROR_CELL: lambda: _("The cell shows the error %(shown)s instead of a value."),
    Code.TOO_MANY_WORDS: lambda: _("Please name at most %(limit)s."),
    Code.TOO_LONG: lambda: _("The text is too long; at most %(limit)s characters are possible."),
    Code.POSTCODE: lambda: _("“%(given)s” is no German postcode; expected are five digits."),
    Code.UNKNOWN_LANGUAGE: lambda: _(
        "The language “%(word)s” is not known; expected is something like “German B2, Arabic "
        "first language”."
    ),
    Code.LANGUAGE_TWICE: lambda: _(
        "%(language)s stands there twice with different levels; expected is one level."
    ),
    Code.LEVEL_MISSING: lambda: _(
        "%(language)s has no level; expected is A1 to C2 or “first language” behind it."
    ),
    Code.UNKNOWN_LEVEL: lambda: _(
        "The level “%(word)s” is not known; expected is A1 to C2 or “first language”."
    ),
    Code.UNKNOWN_FREE_TIME: lambda: _(
        "“%(word)s” was not understood; expected is something like “Mon afternoons” or “Mon 14-18”."
    ),
    Code.CLOCK_TIME: lambda: _(
        "“%(given)s” is no span of time; expected is something like “14-18” or “14:30-18:00”."
    ),
    Code.FREE_TIME_TOO_SHORT: lambda: _(
        "“%(given)s” leaves less than an hour of a morning, afternoon or evening (8 to 22 o’clock)."
    ),
    Code.NO_DATE: lambda: _("“%(given)s” is no date; expected is something like 24.05.2010."),
    Code.AMBIGUOUS_DATE: lambda: _(
        "“%(given)s” can mean two dates; please say whether the day or the month comes first."
    ),
    Code.DATE_TOO_LATE: lambda: _("The date may not lie after %(latest)s."),
    Code.DATE_TOO_EARLY: lambda: _("The date may not lie before %(earliest)s."),
    Code.UNKNOWN_GENDER: lambda: _(
        "“%(word)s” was not understood; expected is female, male, diverse or not said."
    ),
    Code.UNKNOWN_WORD: lambda: _("“%(word)s” is not on the list; expected is one of: %(known)s."),
    Code.NUMBER: lambda: _(
        "“%(given)s” does not fit; expected is a whole number from %(low)s to %(high)s."
    ),
    Code.AGES: lambda: _(
        "“%(given)s” is no span of ages; expected is something like 25-60, “from 25” or “up to 60”."
    ),
    Code.EMAIL: lambda: _("“%(given)s” is no e-mail address."),
    Code.YES_NO: lambda: _("“%(given)s” was not understood; expected is yes or no."),
    Code.RELATION: lambda: _(
        "“%(word)s” was not understood; expected is mother, father, guardian appointed by a court, "
        "youth welfare office or other relation."
    ),
    Code.ONE_LANGUAGE: lambda: _("“%(word)s” is not one language; please name one for each."),
    Code.NO_GUARDIAN_NAMED: lambda: _(
        "Please say whose this is: there is no guardian’s name in the row."
    ),
    Code.MORE_THAN_GUARDIANS: lambda: _(
        "There are more entries than guardians (%(count)s). Please write them in the same order."
    ),
    Code.GUARDIAN_TWICE: lambda: _(
        "“%(name)s” stands there twice. Please name each guardian once."
    ),
    Code.DUPLICATE_ID: lambda: _("The number “%(id)s” is also in row %(row)s, for other data."),
    Code.IDENTICAL_ROW: lambda: _("The row is identical to row %(row)s."),
}
