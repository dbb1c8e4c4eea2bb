"""Settings that a wider organisation says once and a narrower one may say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def inherit(defaults: Mapping[str, Any], rows: Iterable[object]) -> dict[str, Any]:
    """The setting in force: ``defaults``, then each row's own values from wide to narrow.

    ``rows`` are settings rows whose attributes are named like the defaults' keys; None means
    »not said here«.
    """
    found = dict(defaults)
    for row in rows:
        for key in found:
            value = getattr(row, key, None)
            if value is not None:
                found[key] = value
    return found
