"""Why a mail did not leave. Codes are stored, words are made above."""

from __future__ import annotations

from enum import StrEnum


class MailProblem(StrEnum):
    """What the mail server said."""

    REFUSED = "refused"
    """The receiver does not exist, or the server takes no mail for it: trying again is idle."""
    UNREACHABLE = "unreachable"
    """No server, or it asked for patience: tried again."""
