"""Chosen rows of a list become the beginning of letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from patenwerk.core.policy import Actor
from patenwerk.letters.domain.run import choose_letters
from patenwerk.letters.enums import LetterKind


def begin(kind: LetterKind, actor: Actor, ids: Sequence[int], at: datetime) -> str:
    """Begin letters of a kind for these rows; answers the address where they are made."""
    run = choose_letters(kind=kind, ids=ids, by=actor, at=at)
    return reverse("letters:run", args=[run.pk])
