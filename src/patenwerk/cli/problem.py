"""What stops a command: one line on standard error, exit code 2, nothing written."""

from __future__ import annotations


class CannotDo(Exception):
    """The command was asked for something it cannot do; says why in one line."""
