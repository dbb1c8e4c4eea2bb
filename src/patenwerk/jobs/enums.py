"""States and problems of a background job. Codes are stored, words are made above."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobProblem(StrEnum):
    """Why a job failed, where its handler gave no reason of its own."""

    CRASHED = "crashed"
    """The handler raised an error at every attempt; the log has it."""
    LOST = "lost"
    """The worker vanished at every attempt."""
    UNKNOWN = "unknown"
    """No installed app handles a job of this name."""
