"""Guardians in the rows of mentees: what a row says otherwise than is entered, and out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language

from patenwerk.core.sheets.words import fold
from patenwerk.imports.domain.kinds import Difference, Problem
from patenwerk.people.domain.guardian import GuardianValues, Told, values_of, wrong_values
from patenwerk.people.domain.row_problems import column_title, yes_or_no
from patenwerk.people.enums import Relation
from patenwerk.people.kernel.columns import GUARDIAN_FIELDS, Field
from patenwerk.people.kernel.guardians import NOTHING, GuardianSaid
from patenwerk.people.kernel.languages import language_name
from patenwerk.people.models import Guardian
from patenwerk.people.models.guardian import RELATIONS
from patenwerk.people.queries.guardian import named

_LABELS = dict(RELATIONS)


def told_of(said: Sequence[GuardianSaid], known: Sequence[Guardian]) -> tuple[Told, ...]:
    """What a row says of guardians otherwise than what is entered with the child.

    They are found by their folded names. Those whom the row does not name stay as they are: a list
    never takes a guardian away.
    """
    entered = {named(guardian): guardian for guardian in known}
    found = []
    for each in said:
        guardian = entered.get(fold(f"{each.first_name} {each.last_name}"))
        before = None if guardian is None else values_of(guardian)
        wanted = _values(each, before)
        if guardian is None or wanted != before:
            found.append(Told(None if guardian is None else guardian.pk, wanted))
    return tuple(found)


def guardian_problems(told: Sequence[Told]) -> tuple[Problem, ...]:
    """Why guardians cannot be taken over so."""
    return tuple(
        Problem(column_title(_COLUMNS[reason.field or ""]), str(reason.sentence))
        for each in told
        for reason in wrong_values(each.values)
    )


def guardian_differences(told: Sequence[Told], known: Sequence[Guardian]) -> Iterator[Difference]:
    """What changes, column by column, in the words of a list."""
    changed = {each.guardian_id: each.values for each in told if each.guardian_id is not None}
    before = [values_of(guardian) for guardian in known]
    after = [changed.get(guardian.pk) or values_of(guardian) for guardian in known]
    after += [each.values for each in told if each.guardian_id is None]
    for field in GUARDIAN_FIELDS:
        old, new = guardian_cell(field, before), guardian_cell(field, after)
        if old != new:
            yield Difference(column_title(field), old, new)


def guardian_cell(field: Field, guardians: Sequence[GuardianValues]) -> str:
    """One column about all guardians of a child: each on a line of its own, in their order."""
    words = [_WORDS[field](each) for each in guardians]
    if not any(words):
        return ""
    return words[0] if len(words) == 1 else "\n".join(word or NOTHING for word in words)


def _values(said: GuardianSaid, before: GuardianValues | None) -> GuardianValues:
    """What an empty cell says: no phone, address or language; of relation and custody nothing."""
    about: dict[str, Any] = {
        name: ("" if value is None else value)
        for name, value in said.said.items()
        if value is not None or name not in {"relation", "decides"}
    }
    if before is None:
        plain: dict[str, Any] = {"relation": Relation.OTHER.value, **about}
        return GuardianValues(
            first_name=said.first_name, last_name=said.last_name, **plain
        ).tidied()
    return replace(before, **about).tidied()


def name_in_list(first: str, last: str) -> str:
    """»last, first«; a semicolon would make two of one."""
    # One word is a first name to the reader, several are first and last.
    name = f"{last}, {first}" if last or " " in first else first
    return name.replace(";", " ")


def _language(values: GuardianValues) -> str:
    display = (get_language() or "de").partition("-")[0]
    return language_name(values.language, display) if values.language else ""


_WORDS: Mapping[Field, Callable[[GuardianValues], str]] = {
    Field.GUARDIANS: lambda values: name_in_list(values.first_name, values.last_name),
    Field.GUARDIAN_RELATIONS: lambda values: str(_LABELS[values.relation]),
    Field.GUARDIAN_CUSTODY: lambda values: yes_or_no(said=values.decides),
    Field.GUARDIAN_PHONES: lambda values: values.phone,
    Field.GUARDIAN_EMAILS: lambda values: values.email,
    Field.GUARDIAN_LANGUAGES: _language,
}
_COLUMNS: Mapping[str, Field] = {
    "first_name": Field.GUARDIANS,
    "last_name": Field.GUARDIANS,
    "relation": Field.GUARDIAN_RELATIONS,
    "phone": Field.GUARDIAN_PHONES,
    "email": Field.GUARDIAN_EMAILS,
    "language": Field.GUARDIAN_LANGUAGES,
}
