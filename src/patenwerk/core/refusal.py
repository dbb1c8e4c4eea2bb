"""Refusing aloud: an exception that carries its reasons in words a person understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = object


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not possible: a code for programs, a sentence for people.

    ``field`` names the form field it belongs to, where there is one.
    """

    code: str
    sentence: StrOrPromise
    field: str | None = None


class Refusal(Exception):
    """Raised by a domain function that will not do what it was asked. Nothing was written."""

    def __init__(self, reasons: Iterable[Reason] | Reason) -> None:
        self.reasons: tuple[Reason, ...] = (
            (reasons,) if isinstance(reasons, Reason) else tuple(reasons)
        )
        super().__init__(*(reason.code for reason in self.reasons))

    def __str__(self) -> str:
        return " ".join(str(reason.sentence) for reason in self.reasons)
