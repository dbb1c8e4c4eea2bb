"""How far an upload is, and what is to be done with each of its rows."""

from __future__ import annotations

from enum import StrEnum


class UploadState(StrEnum):
    """``READ``: columns or dates are still asked. ``COMPARED``: the preview is there.

    ``TAKEN``: the good rows were taken. ``EXPIRED``: nothing was taken, the file is erased.
    """

    READ = "read"
    COMPARED = "compared"
    TAKEN = "taken"
    EXPIRED = "expired"


class Standing(StrEnum):
    """What a row means for what is stored already."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


class Purpose(StrEnum):
    """Which file of an upload: as it came, or its bad rows with their reasons."""

    SOURCE = "source"
    BAD_ROWS = "bad_rows"
