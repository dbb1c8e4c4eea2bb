"""Jobs that exist for the tests only: what their handlers do is said by each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from patenwerk.jobs.domain import handlers
from patenwerk.jobs.domain.handlers import Handle, JobContext, job_handler, job_name
from patenwerk.jobs.kernel.schedule import Rule


@contextmanager
def handled(
    name: str,
    function: Handle,
    *,
    lease: timedelta = timedelta(minutes=2),
    attempts: int = 3,
    schedule: Rule | None = None,
) -> Iterator[None]:
    """The name declared and handled by the function, until the block ends."""
    job_name(name)
    job_handler(name, lease=lease, attempts=attempts, schedule=schedule)(function)
    try:
        yield
    finally:
        handlers._names.discard(name)
        handlers._handlers.pop(name, None)
        handlers._schedules.pop(name, None)


def idle(job: JobContext) -> None:
    """A handler that does nothing."""


class Clock:
    """A clock that tests move."""

    def __init__(self, now: Any) -> None:
        self.now = now

    def __call__(self) -> Any:
        return self.now

    def forward(self, **distance: float) -> Any:
        self.now += timedelta(**distance)
        return self.now
