"""Who does the work: names of jobs, the functions behind them, and what these are handed.

Domain functions declare a name and enqueue by it; the ``tasks`` module of an app attaches the
function. So no domain function imports a task, and a system check finds a name without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import router, transaction

from patenwerk.core.policy import Actor
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.kernel.schedule import Rule
from patenwerk.jobs.models import Job

PROGRESS_DISTANCE = timedelta(milliseconds=500)
"""Progress is written no more often than this: SQLite has one writer at a time."""


class LeaseLost(Exception):
    """The job is no longer this worker's: cancelled, or handed to another one."""


@dataclass(slots=True)
class JobContext:
    """What a handler is given.

    ``payload`` as it was enqueued, the ``actor`` it works for, ``at``: when this attempt began.
    """

    job_id: int
    payload: Mapping[str, Any]
    actor: Actor
    at: datetime
    attempt: int
    lease: timedelta
    clock: Callable[[], datetime]
    finished: bool = field(default=False, init=False)
    _depth: tuple[bool, int] = field(init=False)
    _told: tuple[datetime, str] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._depth = _transaction_depth()

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Tell how far the work is (``done`` of ``total``, a code for what is being done).

        Call it outside a transaction, between calculating and writing: inside one nobody could
        see it, so that raises ``RuntimeError``. It also renews the lease, so long work has to
        call it more often than its lease lasts. Raises :class:`LeaseLost` when the job was
        cancelled or given to another worker: the handler stops there.
        """
        if _transaction_depth() != self._depth:
            raise RuntimeError("Progress is told outside a transaction, where people can see it.")
        if not 0 <= done <= total:
            raise ValueError(f"Progress is from 0 to {total}, not {done}.")
        now = self.clock()
        if self._told is not None and done < total:
            told_at, told_text = self._told
            if now - told_at < PROGRESS_DISTANCE and text == told_text:
                return
        self._write(
            progress_done=done,
            progress_total=total,
            progress_text=text,
            lease_until=now + self.lease,
        )
        self._told = (now, text)

    @contextmanager
    def finish(self) -> Iterator[dict[str, Any]]:
        """Write the work and »done« in one transaction: both happen once, or neither.

        The block fills the dictionary it is given with the result (ids, codes, figures). Raises
        :class:`LeaseLost` at its end, and undoes the block, when the job is another worker's.
        """
        result: dict[str, Any] = {}
        with transaction.atomic():
            yield result
            self._write(
                state=JobState.DONE.value,
                result=result,
                lease_until=None,
                finished_at=self.clock(),
            )
        self.finished = True

    def _write(self, **columns: Any) -> None:
        mine = Job.objects.filter(
            pk=self.job_id, state=JobState.RUNNING.value, attempts=self.attempt
        )
        if not mine.update(**columns):
            raise LeaseLost(self.job_id)


Handle = Callable[[JobContext], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A job's function with its limits."""

    name: str
    function: Handle
    lease: timedelta
    attempts: int


_names: set[str] = set()
_handlers: dict[str, Handler] = {}
_schedules: dict[str, Rule] = {}
_actor_source: list[Callable[[int, datetime], Actor]] = []


def job_name(name: str) -> str:
    """Declare a job's name (``"matching.round"``) beside the domain function that enqueues it."""
    _names.add(name)
    return name


def job_handler(
    name: str,
    *,
    lease: timedelta = timedelta(minutes=2),
    attempts: int = 3,
    schedule: Rule | None = None,
) -> Callable[[Handle], Handle]:
    """Attach the function that does the jobs of this name; in an app's ``tasks`` module.

    ``lease``: after that long without progress the worker counts as gone. ``attempts``: how often
    it is tried in all. ``schedule`` has it enqueued by the clock, too, with an empty payload.
    The function may run twice: it writes inside ``with job.finish():``, or returns its result
    when doing it again does no harm. A :class:`~patenwerk.core.refusal.Refusal` ends the job
    without another attempt. Raises ``ValueError`` for a second function of the same name.
    """

    def attach(function: Handle) -> Handle:
        if name in _handlers:
            raise ValueError(f"{name} has two handlers.")
        _handlers[name] = Handler(name=name, function=function, lease=lease, attempts=attempts)
        if schedule is not None:
            _names.add(name)
            _schedules[name] = schedule
        return function

    return attach


def handler_of(name: str) -> Handler | None:
    """The handler of a name, if an app has one."""
    return _handlers.get(name)


def is_declared(name: str) -> bool:
    """Whether a domain module declared the name."""
    return name in _names


def schedules() -> Mapping[str, Rule]:
    """Every repeating job with its rule."""
    return dict(_schedules)


def unresolved_names() -> list[str]:
    """Declared names that no ``tasks`` module handles."""
    return sorted(_names - _handlers.keys())


def undeclared_handlers() -> list[str]:
    """Handlers whose name no domain module enqueues and no schedule starts."""
    return sorted(_handlers.keys() - _names)


def use_actor_source(source: Callable[[int, datetime], Actor]) -> None:
    """Say how an account's id becomes an actor; the app that knows accounts does, once."""
    _actor_source[:] = [source]


def actor_of(user_id: int | None, at: datetime) -> Actor:
    """For whom a job works: the account with its grants of that moment, or nobody."""
    if user_id is None or not _actor_source:
        return Actor(user_id=user_id)
    return _actor_source[0](user_id, at)


def _transaction_depth() -> tuple[bool, int]:
    """How deep in transactions we are; tests run inside one, so zero is no measure."""
    connection = transaction.get_connection(router.db_for_write(Job))
    return connection.in_atomic_block, len(connection.savepoint_ids)
