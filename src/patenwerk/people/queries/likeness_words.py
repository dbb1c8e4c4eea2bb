"""Why two entries may be one person, in words. Values are never repeated here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _

from patenwerk.people.kernel.likeness import Evidence, How, What

_SENTENCES: Mapping[tuple[What, How], Callable[[], str]] = {
    (What.FIRST_NAME, How.EQUAL): lambda: _("the same first name"),
    (What.FIRST_NAME, How.ALIKE): lambda: _("the first names are two spellings of one"),
    (What.FIRST_NAME, How.NEAR): lambda: _("the first names differ by a slip"),
    (What.FIRST_NAME, How.CLOSE): lambda: _("the first names are close to each other"),
    (What.FIRST_NAME, How.PART): lambda: _("one first name is a part of the other"),
    (What.FIRST_NAME, How.DIFFERENT): lambda: _("different first names"),
    (What.LAST_NAME, How.EQUAL): lambda: _("the same last name"),
    (What.LAST_NAME, How.ALIKE): lambda: _("the last names are two spellings of one"),
    (What.LAST_NAME, How.NEAR): lambda: _("the last names differ by a slip"),
    (What.LAST_NAME, How.CLOSE): lambda: _("the last names are close to each other"),
    (What.LAST_NAME, How.PART): lambda: _("one last name is a part of the other"),
    (What.LAST_NAME, How.DIFFERENT): lambda: _("different last names"),
    (What.BIRTH_DATE, How.EQUAL): lambda: _("the same date of birth"),
    (What.BIRTH_DATE, How.SWAPPED): lambda: _("day and month of birth are swapped"),
    (What.BIRTH_DATE, How.NEAR): lambda: _("the dates of birth differ by one digit"),
    (What.BIRTH_DATE, How.PART): lambda: _("the same year of birth"),
    (What.BIRTH_DATE, How.DIFFERENT): lambda: _("different dates of birth"),
    (What.GENDER, How.EQUAL): lambda: _("the same gender"),
    (What.GENDER, How.DIFFERENT): lambda: _("different genders"),
    (What.PHONE, How.EQUAL): lambda: _("the same phone"),
    (What.PHONE, How.NEAR): lambda: _("the phone numbers differ by one digit"),
    (What.PHONE, How.DIFFERENT): lambda: _("different phones"),
    (What.EMAIL, How.EQUAL): lambda: _("the same e-mail address"),
    (What.EMAIL, How.DIFFERENT): lambda: _("different e-mail addresses"),
    (What.POSTCODE, How.EQUAL): lambda: _("the same postcode"),
    (What.POSTCODE, How.DIFFERENT): lambda: _("different postcodes"),
}


def speaks_for(evidence: Iterable[Evidence]) -> list[str]:
    """What speaks for one person, the strongest first."""
    return _said(each for each in evidence if each.points > 0)


def speaks_against(evidence: Iterable[Evidence]) -> list[str]:
    """What speaks against it, the strongest first."""
    return _said(each for each in evidence if each.points < 0)


def _said(evidence: Iterable[Evidence]) -> list[str]:
    strongest = sorted(evidence, key=lambda each: -abs(each.points))
    return [_SENTENCES[each.what, each.how]() for each in strongest]
