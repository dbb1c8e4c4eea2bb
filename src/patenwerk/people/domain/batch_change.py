"""What can be said of many people at once: only what makes sense for all of them alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from patenwerk.core.refusal import Reason
from patenwerk.people.domain.person_values import PersonValues, from_plain, problems

_ALONE = PersonValues(first_name="-", postcode="00000")
"""Somebody of whom nothing is said that could be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different afterwards; None and nothing leave it as it is.

    Fields of support are their codes. Names, notes and sites are one person's own and not here.
    """

    waiting_since: date | None = None
    furthest_km: int | None = None
    expected_months: int | None = None
    capacity: int | None = None
    added_fields: frozenset[str] = frozenset()
    removed_fields: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be different."""
        return self == Change()

    def applied(self, values: PersonValues) -> PersonValues:
        """What is said about somebody afterwards."""
        said = {name: value for name in _ONES if (value := getattr(self, name)) is not None}
        kept = values.fields - self.removed_fields
        return replace(values, **said, fields=kept | self.added_fields)

    def problems(self, *, on: date, known_fields: Collection[str]) -> list[Reason]:
        """Everything that speaks against it, whoever it is for."""
        found = problems(self.applied(_ALONE), on=on, known_fields=known_fields)
        if self.is_empty:
            found.append(Reason("nothing", _("Please say what is to be different.")))
        if self.added_fields & self.removed_fields:
            found.append(
                Reason(
                    "added_and_removed",
                    _("A field of support is either added or removed. Please choose one of both."),
                    "removed_fields",
                )
            )
        return found


_SETS = ("added_fields", "removed_fields")
_ONES = tuple(column.name for column in fields(Change) if column.name not in _SETS)


def wishes_of(change: Change) -> dict[str, Any]:
    """The change as JSON: only what is to be different."""
    said: dict[str, Any] = {}
    for column in fields(Change):
        value = getattr(change, column.name)
        if isinstance(value, frozenset):
            value = sorted(value) or None
        if value is not None:
            said[column.name] = value.isoformat() if isinstance(value, date) else value
    return said


def change_of(wishes: Mapping[str, Any]) -> Change:
    """The change that :func:`wishes_of` wrote."""
    said: dict[str, Any] = {
        name: frozenset(value) if name in _SETS else from_plain(name, value)
        for name, value in wishes.items()
    }
    return Change(**said)
