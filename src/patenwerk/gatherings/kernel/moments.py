"""Clock times in Europe/Berlin as people write them. No database.

On the last Sunday in March the clock goes from 02:00 to 03:00: the hour between does not exist.
On the last Sunday in October it goes back from 03:00 to 02:00: that hour is there twice.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from patenwerk.core.clock import BERLIN


class Standing(StrEnum):
    """How often a clock time is there on its day."""

    ONCE = "once"
    MISSING = "missing"
    TWICE = "twice"


def standing(written: datetime) -> Standing:
    """How often a clock time without a zone is there in Europe/Berlin.

    Raises ``ValueError`` for a time that has a zone already.
    """
    if written.tzinfo is not None:
        raise ValueError("A clock time as people write it has no zone.")
    early, late = (written.replace(tzinfo=BERLIN, fold=fold) for fold in (0, 1))
    if early.astimezone(UTC).astimezone(BERLIN).replace(tzinfo=None) != written:
        return Standing.MISSING
    return Standing.ONCE if early.utcoffset() == late.utcoffset() else Standing.TWICE


def in_berlin(written: datetime) -> datetime:
    """The moment a clock time means. Raises ``ValueError`` unless it is there exactly once."""
    if standing(written) is not Standing.ONCE:
        raise ValueError("This clock time is not there exactly once.")
    return written.replace(tzinfo=BERLIN)
