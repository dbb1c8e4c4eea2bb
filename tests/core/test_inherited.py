"""A narrower setting goes before a wider one, and silence inherits."""

from __future__ import annotations

from types import SimpleNamespace

from patenwerk.core.inherited import inherit

DEFAULTS = {"years": 5, "months": 3, "strict": True}


def test_without_rows_the_defaults_hold() -> None:
    assert inherit(DEFAULTS, []) == DEFAULTS


def test_the_narrowest_word_counts_and_none_is_silence() -> None:
    carrier = SimpleNamespace(years=3, months=None, strict=False, name="not asked for")
    site = SimpleNamespace(years=None, months=0)
    found = inherit(DEFAULTS, [carrier, site])
    assert found == {"years": 3, "months": 0, "strict": False}


def test_the_defaults_themselves_stay() -> None:
    inherit(DEFAULTS, [SimpleNamespace(years=1)])
    assert DEFAULTS["years"] == 5
