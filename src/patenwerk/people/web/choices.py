"""What can be chosen for languages, levels and times of the week."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.people.domain.row_problems import level_in_words
from patenwerk.people.enums import Level
from patenwerk.people.kernel.languages import LANGUAGE_CODES, language_name


def language_choices() -> list[tuple[str, str]]:
    """Every language by its name in the reader's language."""
    display = (get_language() or "de").partition("-")[0]
    named = [(code, language_name(code, display)) for code in LANGUAGE_CODES]
    return sorted(named, key=lambda pair: pair[1].casefold())


def level_choices() -> list[tuple[str, str]]:
    """The levels from first language down."""
    return [(str(int(level)), level_in_words(level)) for level in reversed(Level)]


def days() -> list[tuple[str, str]]:
    """The days of the week, short and long, Monday first."""
    return [
        (_("Mo"), _("Monday")),
        (_("Tu"), _("Tuesday")),
        (_("We"), _("Wednesday")),
        (_("Th"), _("Thursday")),
        (_("Fr"), _("Friday")),
        (_("Sa"), _("Saturday")),
        (_("Su"), _("Sunday")),
    ]


def parts_of_day() -> list[str]:
    """The parts of a day in the order of the grid."""
    return [_("morning"), _("afternoon"), _("evening")]
