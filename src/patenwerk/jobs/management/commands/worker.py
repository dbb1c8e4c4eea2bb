"""The worker process: the engine's loop, with the sweeper and the schedules beside it."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends

from patenwerk.core.clock import now
from patenwerk.jobs.domain.sweep import start_due_schedules, sweep

logger = logging.getLogger(__name__)

PAUSE_AFTER_ERROR = 2.0
"""Seconds before the loop goes on when the database was locked or away."""


class Command(BaseCommand):
    help = "Do background jobs, hand lost ones out again, and start what is due by the clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds between two looks for a job."
        )
        parser.add_argument(
            "--sweep-interval",
            type=float,
            default=5.0,
            help="Seconds between two looks for lost and repeating jobs.",
        )

    def handle(self, *, interval: float, sweep_interval: float, **options: Any) -> None:
        stop = threading.Event()
        beside = threading.Thread(
            target=look_after, args=(stop, sweep_interval), name="sweeper", daemon=True
        )
        engine = _database_engine(interval)

        def leave(signum: int, frame: FrameType | None) -> None:
            stop.set()
            if engine is not None:
                engine.shutdown(signum, frame)

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        beside.start()
        logger.info("The worker is ready.")
        try:
            if engine is None:
                stop.wait()
            else:
                _run_until_stopped(engine, stop)
        finally:
            stop.set()
            beside.join()
            logger.info("The worker has stopped.")


def look_after(stop: threading.Event, interval: float) -> None:
    """Sweep and start schedules every ``interval`` seconds until told to stop."""
    while not stop.is_set():
        try:
            close_old_connections()
            sweep(at=now())
            start_due_schedules(at=now())
        except Exception:
            # Whatever it was (a locked database, an engine that is away): without the sweeper
            # lost jobs stay lost, so it must not die with one error.
            logger.exception("The sweeper met an error; it goes on.")
        stop.wait(interval)
    connections.close_all()


def _database_engine(interval: float) -> Any | None:
    """The loop of the database engine; nothing where another engine has workers of its own."""
    if not apps.is_installed("django_tasks_db"):
        return None
    from django_tasks_db import DatabaseBackend
    from django_tasks_db.management.commands.db_worker import Worker

    if not isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
        return None
    return Worker(
        queue_names=["*"],
        interval=interval,
        batch=False,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
    )


def _run_until_stopped(engine: Any, stop: threading.Event) -> None:
    """The engine's loop leaves with an error when SQLite stays locked; then it starts again."""
    while not stop.is_set():
        try:
            engine.run()
        except OperationalError:
            logger.exception("The worker could not use the database; it goes on.")
            connections.close_all()
            stop.wait(PAUSE_AFTER_ERROR)
