"""Whom the rows of lists that refer to people name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.kinds import (
    Beside,
    Problem,
)
from patenwerk.organisations.models import Site
from patenwerk.people.domain.importing import Entry as PersonEntry
from patenwerk.people.domain.person_values import PersonValues
from patenwerk.people.enums import Side
from patenwerk.people.kernel.answers import split_name
from patenwerk.people.kernel.listed import Who
from patenwerk.people.models import Person
from patenwerk.people.queries.duplicate import who_is_meant


class NotTaken(Exception):
    """Why a row is bad; ``problem`` says it."""

    def __init__(self, sentence: str, title: str = "") -> None:
        self.problem = Problem(title, sentence)
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a row can name. ``key`` is the same before and after they are stored."""

    key: str
    name: str
    pk: int | None
    is_archived: bool = False
    birth_date: date | None = None
    fields: frozenset[str] = frozenset()


class People:
    """Whom rows can name: the people of a site, and those the same file brings."""

    def __init__(self, site: Site, beside: Beside) -> None:
        """Two queries for any number of people."""
        self._by_number: dict[tuple[str, str], Named] = {}
        self._by_name: dict[tuple[str, tuple[str, ...]], list[Named]] = defaultdict(list)
        self.keys: dict[int, str] = {}
        self.by_key: dict[str, Named] = {}
        coming = [
            (side.value, line.entry.person_id, line.entry.values, line.entry.archived_on)
            for side in Side
            for line in beside.get(side.value, ())
            if isinstance(line.entry, PersonEntry) and line.entry.values is not None
        ]
        said = {pk: values for _side, pk, values, _left in coming}
        rows = Person.objects.filter(site=site).prefetch_related("fields").order_by("pk")
        # Whoever was entered twice is meant by the number and the name of both entries; what the
        # same file corrects is what its other lists go by.
        for entry, person in who_is_meant(rows):
            known = said.get(person.pk) or person
            named = _named(known, person)
            self.keys[person.pk] = named.key
            self._add(entry.side, known if entry.pk == person.pk else entry, named)
        for side, pk, values, left in coming:
            if pk is None:
                named = _named(values, None)
                self._add(side, values, replace(named, is_archived=left is not None))

    def find(self, side: Side, who: Who) -> list[Named]:
        """Whom the row means; several where the name leaves it open, none where nobody fits."""
        if who.number:
            found = self._by_number.get((side.value, who.number))
            return [] if found is None else [found]
        return self._by_name[side.value, _words(who.name)]

    def _add(self, side: str, said: Person | PersonValues, named: Named) -> None:
        self.by_key[named.key] = named
        if said.file_id:
            self._by_number.setdefault((side, said.file_id), named)
        namesakes = self._by_name[side, _words(_full_name(said))]
        if named.pk is None or all(each.pk != named.pk for each in namesakes):
            namesakes.append(named)


def _full_name(said: Person | PersonValues) -> str:
    return f"{said.first_name} {said.last_name}".strip()


def _named(said: Person | PersonValues, person: Person | None) -> Named:
    """Somebody as the lists of a file know them; ``person``: who is stored."""
    codes = (
        said.fields
        if isinstance(said, PersonValues)
        else frozenset(field.code for field in said.fields.all())
    )
    return Named(
        _key(said.file_id, _full_name(said), said.birth_date),
        _full_name(said),
        None if person is None else person.pk,
        is_archived=person is not None and person.archived_at is not None,
        birth_date=said.birth_date,
        fields=codes,
    )


def _key(number: str, name: str, born: date | None) -> str:
    return f"#{number}" if number else f"{' '.join(_words(name))} {born or ''}"


def _words(name: str) -> tuple[str, ...]:
    """The words of a name in one order: lists write last names first as well."""
    return tuple(sorted(fold(" ".join(split_name(name))).split()))


def all_of(people: People, side: Side, named: Iterable[Who], *, title: str) -> tuple[Named, ...]:
    """Everybody of a side whom a row names. Raises :class:`NotTaken`, also where one is twice."""
    found = tuple(one_of(people, side, who, title=title) for who in named)
    if len({each.key for each in found}) < len(found):
        raise NotTaken(_("Please name each person once."), title)
    return found


def key_of(people: Iterable[Named]) -> str:
    """Several by what stays the same, whatever their order."""
    return " + ".join(sorted(each.key for each in people))


def names_of(people: Iterable[Named]) -> str:
    """Several by name, for a sentence."""
    return get_text_list([each.name for each in people], _("and"))


def one_of(people: People, side: Side, who: Who, *, title: str) -> Named:
    """The one person a row names. Raises :class:`NotTaken` for nobody and for several."""
    nobody = _("“%(who)s” is neither at your site nor in this file. Please check name or number.")
    return the_only(people.find(side, who), who, title=title, nobody=nobody)


def the_only(found: Collection[Named], who: object, *, title: str, nobody: str) -> Named:
    """The one of those found who is meant. Raises :class:`NotTaken` for several, and for none with
    the sentence ``nobody``, which names ``who``.
    """
    if not found:
        raise NotTaken(nobody % {"who": who}, title)
    if len(found) > 1:
        raise NotTaken(
            _("Several people are called “%(who)s”. Please add the number.") % {"who": who}, title
        )
    return next(iter(found))
