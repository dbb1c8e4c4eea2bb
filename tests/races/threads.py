"""Many threads that do something at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from patenwerk.core.refusal import Refusal

CONNECTIONS = {"postgresql": 40, "sqlite": 12}
"""Open at the same time at most. A server has a limit, and others use it, too. SQLite lets its
writers wait in no order: among many somebody would wait longer than the 30 seconds allowed."""


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all at the same moment; answers what each gave or the refusal it met.

    Of more works than ``CONNECTIONS`` that many are under way at any time.
    """
    most = CONNECTIONS[connection.vendor]
    gate = threading.Barrier(len(works))
    slots = threading.Semaphore(most)
    results: list[object] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            if len(works) <= most:
                connection.ensure_connection()
            gate.wait(timeout=60)
            with slots:
                try:
                    results[place] = work()
                finally:
                    connection.close()
        except Exception as error:  # noqa: BLE001  every error is the test's business
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    return results


def split(results: list[object]) -> tuple[list[object], list[Refusal]]:
    """What succeeded and what was refused; anything else fails the test."""
    refused = [one for one in results if isinstance(one, Refusal)]
    broken = [one for one in results if isinstance(one, Exception) and one not in refused]
    assert broken == []
    return [one for one in results if one not in refused], refused
