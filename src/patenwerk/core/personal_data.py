"""The personal-data register: each model says about each field why it is kept and for how long.

The record of processing activities (Art. 30 GDPR), a subject's export (Art. 15, 20) and erasure
(Art. 17) run from it. A test fails for a model with text, dates or addresses that says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

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
    """A model's register: whose data it is (path to the person's row) and its fields."""

    subject: str
    fields: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class NoPersonalData:
    """A model that holds none, with the reason."""

    reason: str


def register_of(model: type[models.Model]) -> PersonalData | NoPersonalData | None:
    """What the model says in ``personal_data``; None when it says nothing."""
    said: PersonalData | NoPersonalData | None = getattr(model, "personal_data", None)
    return said


def registered_models() -> list[tuple[type[models.Model], PersonalData]]:
    """Every model with personal data, in a stable order."""
    found = []
    for model in apps.get_models():
        said = register_of(model)
        if isinstance(said, PersonalData):
            found.append((model, said))
    return sorted(found, key=lambda pair: pair[0]._meta.label)
