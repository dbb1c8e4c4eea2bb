"""The kinds of gatherings a programme knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.gatherings.models import GatheringKind
from patenwerk.organisations.models import Programme

#: Code, German and English word of the kinds a new programme begins with.
DEFAULT_KINDS = (
    ("congress", "Fachkongress", "Congress"),
    ("network", "Vernetzungstreffen", "Network meeting"),
    ("workshop", "Workshop", "Workshop"),
    ("focus_group", "Fokusgruppe", "Focus group"),
    ("action_day", "Aktionstag", "Action day"),
    ("training", "Schulung am Standort", "Training at a site"),
)


class CannotSaveKind(Refusal):
    """The kind stays as it is, or was not made."""


def begin_with(*, programme: Programme) -> None:
    """Give a programme that was just created the usual kinds, as a part of its creation."""
    GatheringKind.objects.bulk_create(_missing(programme))


def add_default_kinds(*, programme: Programme, by: Actor, at: datetime) -> list[GatheringKind]:
    """Give a programme the usual kinds that it lacks, such as one older than gatherings."""
    made = GatheringKind.objects.bulk_create(_missing(programme))
    if made:
        record(by=by, at=at, action="gatherings.add_kinds", things=made)
    return made


def save_kind(
    *,
    programme: Programme,
    values: Mapping[str, Any],
    kind: GatheringKind | None = None,
    by: Actor,
    at: datetime,
) -> GatheringKind:
    """Add a kind, or change ``kind``; a code never changes, because addresses name it.

    Raises :class:`CannotSaveKind` when the code is taken.
    """
    if kind is None:
        if GatheringKind.objects.filter(programme=programme, code=values["code"]).exists():
            sentence = _("This code is in use already.")
            raise CannotSaveKind(Reason("code_taken", sentence, "code"))
        kind = GatheringKind(programme=programme, code=values["code"])
    for name in ("name_de", "name_en", "position", "is_active"):
        setattr(kind, name, values[name])
    kind.save()
    record(by=by, at=at, action="gatherings.save_kind", things=[kind])
    return kind


def _missing(programme: Programme) -> list[GatheringKind]:
    """The usual kinds that a programme does not have, not yet written."""
    known = set(GatheringKind.objects.filter(programme=programme).values_list("code", flat=True))
    return [
        GatheringKind(
            programme=programme, code=code, name_de=german, name_en=english, position=position
        )
        for position, (code, german, english) in enumerate(DEFAULT_KINDS, start=1)
        if code not in known
    ]
