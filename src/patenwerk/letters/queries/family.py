"""Who speaks for a child in its letters: the guardians who have custody, of minors only.

A letter has one sender, and guardians belong to their child's site: those of another site's child
are not named, and their line stays open. Everything here needs the people's ``guardians``
prefetched and asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from patenwerk.letters.enums import LetterKind
from patenwerk.letters.models import Letter, LetterRun
from patenwerk.people.enums import Side
from patenwerk.people.models import Guardian, Person
from patenwerk.tandems.queries.protection import is_minor


def is_under_custody(person: Person, on: date) -> bool:
    """Whether somebody else signs for a person on a day.

    Where the date of birth is not known: for a mentee, as protection has it, and for a mentor with
    guardians. Most mentors are of age.
    """
    if person.birth_date is None and person.side == Side.MENTOR:
        return bool(_entered(person))
    return is_minor(person, on)


def custodians(person: Person, site_id: int, on: date) -> list[Guardian]:
    """Who has custody of a minor of the site; nobody where the person is of age on the day."""
    if person.site_id != site_id or not is_under_custody(person, on):
        return []
    return _entered(person)


def signing_for(person: Person, site_id: int, on: date, *, all_sign: bool) -> list[str]:
    """What stands under the lines on which guardians sign for a minor; nothing for others.

    One line each where everybody with custody has to sign, else one with all their names. Where
    nobody is known the line leaves the name open.
    """
    if not is_under_custody(person, on):
        return []
    names = [one.full_name for one in custodians(person, site_id, on)]
    if not names:
        return [open_line(person.full_name)]
    if not all_sign:
        names = [get_text_list(names, _("or"))]
    words = _("for %(name)s: %(guardian)s")
    return [words % {"name": person.full_name, "guardian": name} for name in names]


def open_line(name: str) -> str:
    """What stands under a line for somebody with custody whose name is not known."""
    return _("for %(name)s: parent or guardian") % {"name": name}


def guardians_in_words(people: Iterable[Person], site_id: int, on: date) -> str:
    """The names of these people's guardians, each once; a dash where all are of age, and nothing
    where no name is known.
    """
    minors = [person for person in people if is_under_custody(person, on)]
    names = [one.full_name for person in minors for one in custodians(person, site_id, on)]
    return joined(list(dict.fromkeys(names))) if minors else "–"


def joined(names: list[str]) -> str:
    """Names within a sentence: »A, B und C«."""
    return get_text_list(names, _("and"))


def addressed(run: LetterRun, person: Person, on: date) -> list[Guardian]:
    """The guardians a letter is addressed to instead of the person: those of an invited minor."""
    if run.kind != LetterKind.INVITATION:
        return []
    return custodians(person, run.site_id, on)


def addresses_of(letter: Letter, run: LetterRun, on: date) -> list[str]:
    """Where an e-mail about a letter goes; nowhere where no address is known.

    An invitation of a minor goes to each guardian with an address; where none has one, to the
    address entered for the child.
    """
    if letter.person is None:
        return []
    of_guardians = [guardian.email for guardian in addressed(run, letter.person, on)]
    found = of_guardians if any(of_guardians) else [letter.person.email]
    return [address for address in dict.fromkeys(found) if address]


def _entered(person: Person) -> list[Guardian]:
    """Those with custody who were not taken off the page, in their order."""
    return [one for one in person.guardians.all() if one.decides and one.removed_on is None]
