"""A progress bar on standard error: where a person watches, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 24
BETWEEN = 0.1
"""Seconds between two pictures at least."""


@dataclass(slots=True)
class Bar:
    """One line that is drawn over again; silent where ``stream`` is no terminal."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _shown_at: float = field(default=0.0, init=False)
    _shown: str = field(default="", init=False)

    def show(self, words: str, done: int, total: int) -> None:
        """Draw the bar: ``done`` of ``total``; a new ``words`` or the end is drawn at once."""
        if not self.stream.isatty():
            return
        now = self.clock()
        if words == self._shown and done < total and now - self._shown_at < BETWEEN:
            return
        self._shown, self._shown_at = words, now
        filled = WIDTH * done // total if total else WIDTH
        bar = "█" * filled + "░" * (WIDTH - filled)
        self.stream.write(f"\r\033[K{bar} {words}")
        self.stream.flush()

    def clear(self) -> None:
        """Leave an empty line behind."""
        if self._shown:
            self.stream.write("\r\033[K")
            self.stream.flush()
            self._shown = ""
