"""Asking a refusal for its codes."""

from __future__ import annotations

from collections.abc import Callable

from patenwerk.core.refusal import Refusal


def said(*codes: str) -> Callable[[Refusal], bool]:
    """Whether a refusal gives exactly these reasons, for ``pytest.raises(check=…)``."""
    return lambda refusal: [reason.code for reason in refusal.reasons] == list(codes)
