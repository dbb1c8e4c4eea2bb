"""Which letters there are, about whom, and in which files."""

from __future__ import annotations

from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is for."""

    AGREEMENT = "agreement"
    CERTIFICATE = "certificate"
    INVITATION = "invitation"
    MESSAGE = "message"
    RECORD_CHECK = "record_check"


#: Letters about a tandem; all others are about a person.
OF_TANDEM = frozenset({LetterKind.AGREEMENT, LetterKind.CERTIFICATE})
#: Letters that need nobody's signature, so that an e-mail says as much as a paper.
BY_MAIL = frozenset({LetterKind.INVITATION, LetterKind.MESSAGE})


class FileKind(StrEnum):
    """One file with all letters, for the printer, or a ZIP with a file for each; or no file, but
    an e-mail to each.
    """

    ONE = "pdf"
    EACH = "zip"
    MAIL = "mail"


class RunState(StrEnum):
    """How far letters are: chosen and looked at; leaving as e-mails, or held back in between; made
    (or all mailed); file erased.
    """

    CHOSEN = "chosen"
    MAILING = "mailing"
    STOPPED = "stopped"
    MADE = "made"
    EXPIRED = "expired"
