"""Which letters there are, about whom, and in which files."""

from __future__ import annotations

from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter is for."""

    AGREEMENT = "agreement"
    CERTIFICATE = "certificate"
    INVITATION = "invitation"
    RECORD_CHECK = "record_check"


#: Letters about a tandem; all others are about a person.
OF_TANDEM = frozenset({LetterKind.AGREEMENT, LetterKind.CERTIFICATE})
OF_PERSON = frozenset(LetterKind) - OF_TANDEM


class FileKind(StrEnum):
    """One file with all letters, for the printer, or a ZIP with a file for each."""

    ONE = "pdf"
    EACH = "zip"


class RunState(StrEnum):
    """How far letters are: chosen and looked at, made, file erased."""

    CHOSEN = "chosen"
    MADE = "made"
    EXPIRED = "expired"
