"""What gatherings do when something begins in a lower app."""

from __future__ import annotations

from typing import Any

from patenwerk.gatherings.domain.kind import begin_with
from patenwerk.organisations.models import Programme


def begin_with_kinds(instance: Programme, *, created: bool, raw: bool, **_kwargs: Any) -> None:
    """A new programme has the usual kinds; rows that are read from a file bring their own."""
    if created and not raw:
        begin_with(programme=instance)
