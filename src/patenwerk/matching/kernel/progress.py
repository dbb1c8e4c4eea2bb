"""How a long calculation tells where it is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable

from patenwerk.matching.kernel.codes import Step

Progress = Callable[[Step, int, int], None]
"""Told (step, done, total) many times a second. To stop the calculation, raise
:class:`RoundCancelled` from it: nothing is left behind, because the kernel only calculates."""

Report = Callable[[int, int], None]
"""The same for one step alone: told (done, total)."""


class RoundCancelled(Exception):
    """Somebody stopped the calculation."""


def nobody_watches(step: Step, done: int, total: int) -> None:
    """The progress callback that does nothing."""


def nobody_counts(done: int, total: int) -> None:
    """The same for one step alone."""
