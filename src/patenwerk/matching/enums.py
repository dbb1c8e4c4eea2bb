"""States of rounds and suggestions, and why two people are never suggested again."""

from __future__ import annotations

from enum import StrEnum


class RoundState(StrEnum):
    """Where a round stands. A round is closed when nothing of it waits for a decision."""

    RUNNING = "running"
    READY = "ready"
    CLOSED = "closed"
    FAILED = "failed"


class SuggestionState(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """It lost its object: somebody has no place any more, or a newer round took over."""


class NeverReason(StrEnum):
    """Why two people shall never be suggested to each other again."""

    WISH = "wish"
    ENDED_BADLY = "ended_badly"
    KNOW_EACH_OTHER = "know_each_other"
    OTHER = "other"
