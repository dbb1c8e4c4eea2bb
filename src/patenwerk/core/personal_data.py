"""The personal-data register: each model says about each field why it is kept and for how long.

The record of processing activities (Art. 30 GDPR), a subject's export (Art. 15, 20) and erasure
(Art. 17) run from it. A test fails for a model with text, dates or addresses that says nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import translation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Basis(StrEnum):
    """Legal basis in Art. 6 (1) GDPR."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_DUTY = "legal_duty"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTEREST = "legitimate_interest"


class Erasure(StrEnum):
    """What erasing the person does to the field."""

    DELETE_ROW = "delete_row"
    EMPTY = "empty"
    REPLACE = "replace"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said about one field. ``retention`` is in days after the matter ended; None: with
    the row.
    """

    purpose: StrOrPromise
    basis: Basis
    erasure: Erasure
    retention_days: int | None = None
    exported: bool = True


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A model's register: whose data it is and what is kept.

    ``subject`` is ``"self"``, the path to the person's row, or a column with an account's id or
    an address; several where a row tells of several people. ``beside`` names the fields that
    hold nothing about a person, each with its reason.
    """

    subject: str | tuple[str, ...]
    fields: Mapping[str, Entry]
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every path to a person."""
        return (self.subject,) if isinstance(self.subject, str) else self.subject


@dataclass(frozen=True, slots=True)
class NoPersonalData:
    """A model that holds none, with the reason."""

    reason: str


Said = PersonalData | NoPersonalData | None

#: Kinds of fields that may hold something about a person. Numbers, yes or no and keys to other
#: tables are named where they do.
TELLING = (
    models.BinaryField,
    models.CharField,
    models.DateField,
    models.FileField,
    models.GenericIPAddressField,
    models.JSONField,
    models.TextField,
    models.TimeField,
)


def register_of(model: type[models.Model]) -> Said:
    """What the model says in ``personal_data``; None when it says nothing."""
    said: Said = getattr(model, "personal_data", None)
    return said


def registered_models() -> list[tuple[type[models.Model], PersonalData]]:
    """Every table with personal data, in a stable order; another look at one is not another."""
    found = []
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        said = register_of(model)
        if isinstance(said, PersonalData):
            found.append((model, said))
    return sorted(found, key=lambda pair: pair[0]._meta.label)


def field_names(model: type[models.Model]) -> frozenset[str]:
    """The names under which a model's own fields can be registered, keys with their ``_id``."""
    own = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return frozenset(name for column in own for name in (column.name, column.attname))


def unnamed_fields(model: type[models.Model], said: PersonalData) -> list[str]:
    """Fields of a telling kind that the register neither names nor sets aside."""
    return [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, TELLING)
        and column.name not in said.fields
        and column.name not in said.beside
    ]


def leads_to(model: type[models.Model], path: str) -> type[models.Model] | None:
    """The model a subject's path ends at; None for a single word that is no relation: a column.

    Raises ``FieldDoesNotExist`` where a longer path leads nowhere. That columns exist is asked
    once, by a test over all models.
    """
    if path == "self":
        return model
    relations = {column.name for column in model._meta.get_fields() if column.is_relation}
    if "__" not in path and path not in relations:
        return None
    here: Any = model
    for step in path.split("__"):
        if here is None:
            raise LookupError(f"{model.__name__}: {path} goes on behind a plain column.")
        here = here._meta.get_field(step).related_model
    end: type[models.Model] | None = here
    return end


def told_about(thing: models.Model) -> dict[str, dict[str, Any]]:
    """Everything exported that is kept about one person or account, as plain JSON values.

    Model → ``why`` (per field: purpose, legal basis, days it is kept; Art. 15 (1) GDPR) and
    ``rows`` (per row: field → value). What a row says about other people stays out (Art. 15 (4)).
    """
    found: dict[str, dict[str, Any]] = {}
    for model, said in registered_models():
        names = [name for name, entry in said.fields.items() if entry.exported]
        rows = list(_rows_about(thing, model, said))
        if names and rows:
            found[model._meta.label] = {
                "why": {name: _why(said.fields[name]) for name in names},
                "rows": [{name: _value(row, name, thing) for name in names} for row in rows],
            }
    return found


def _rows_about(
    thing: models.Model, model: type[models.Model], said: PersonalData
) -> Iterator[models.Model]:
    wanted = models.Q(pk__in=())
    for path in said.subjects:
        if leads_to(model, path) is type(thing):
            # A subquery instead of a join: no row appears twice.
            one = {"pk": thing.pk} if path == "self" else {path: thing.pk}
            wanted |= models.Q(pk__in=model._default_manager.filter(**one).order_by().values("pk"))
    yield from model._default_manager.filter(wanted).order_by("pk")


def _why(entry: Entry) -> dict[str, Any]:
    return {
        "purpose": str(entry.purpose),
        "basis": entry.basis.value,
        "retention_days": entry.retention_days,
    }


def _value(row: models.Model, name: str, thing: models.Model) -> Any:
    column = row._meta.get_field(name)
    if column.many_to_many:
        related = getattr(row, name).all()
        said = register_of(related.model)
        if isinstance(said, PersonalData):
            own = [own.pk for own in _rows_about(thing, related.model, said)]
            related = related.filter(pk__in=own)
        return [str(one) for one in related]
    value = getattr(row, name)
    if isinstance(value, models.Model):
        value = value.pk
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


BASES: Mapping[Basis, str] = {
    Basis.CONSENT: "consent, Art. 6 (1) a",
    Basis.CONTRACT: "agreement, Art. 6 (1) b",
    Basis.LEGAL_DUTY: "legal duty, Art. 6 (1) c",
    Basis.PUBLIC_TASK: "public task, Art. 6 (1) e",
    Basis.LEGITIMATE_INTEREST: "legitimate interest, Art. 6 (1) f",
}
ERASURES: Mapping[Erasure, str] = {
    Erasure.DELETE_ROW: "the row is deleted",
    Erasure.EMPTY: "emptied",
    Erasure.REPLACE: "replaced by a sign",
    Erasure.KEEP: "stays, without a name",
}


def kept(entry: Entry) -> str:
    """How long a field is kept, in words."""
    if entry.retention_days is None:
        return "as long as the row"
    if entry.retention_days == 0:
        return "until the matter ends"
    return f"{entry.retention_days} days after the matter ended"


def record_of_processing() -> str:
    """The record of processing activities (Art. 30 GDPR) as a page of the docs, in English."""
    with translation.override("en"):
        return "\n".join(_record_lines()) + "\n"


def _record_lines() -> Iterator[str]:
    yield "# Record of processing"
    yield ""
    yield "Made from the register in the models (Art. 30 GDPR). Do not edit it: run"
    yield "`manage record_of_processing > docs/reference/record-of-processing.md`."
    yield "[How the register works](../explanation/personal-data.md)."
    for model, said in registered_models():
        paths = ", ".join(f"`{path}`" for path in said.subjects)
        yield from ("", f"## {model._meta.label}", "", f"About whom: {paths}.", "")
        yield "| field | purpose | legal basis | kept | erasure | in the export |"
        yield "|---|---|---|---|---|---|"
        for name, entry in said.fields.items():
            purpose = str(entry.purpose).rstrip(".")
            exported = "yes" if entry.exported else "no"
            yield (
                f"| `{name}` | {purpose} | {BASES[entry.basis]} | {kept(entry)} "
                f"| {ERASURES[entry.erasure]} | {exported} |"
            )
        if said.beside:
            beside = (f"`{name}` ({reason})" for name, reason in said.beside.items())
            yield from ("", f"Not about a person: {', '.join(beside)}.")
    yield from ("", "## Tables without personal data", "", "| table | why |", "|---|---|")
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        nothing = register_of(model)
        if isinstance(nothing, NoPersonalData):
            yield f"| {model._meta.label} | {nothing.reason.rstrip('.')} |"
