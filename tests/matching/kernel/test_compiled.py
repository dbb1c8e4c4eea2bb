"""Compiled or interpreted, and whatever is loaded first: the same pairs, prices and changes."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from patenwerk.matching.kernel import compiled

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import json, random, sys
from patenwerk.matching.kernel import {first}, {second}
from patenwerk.matching.kernel.compiled import IS_COMPILED
from patenwerk.matching.kernel.extend import solve_field
from patenwerk.matching.kernel.pairs import field_of
from patenwerk.people.enums import Side
from tests.matching.kernel.test_market import Life
from tests.matching.kernel.test_pairs import random_pool

life = Life(4, 8)  # the loops of paths and of coming and going
for side in Side:
    life.arrive(side)
    life.depart(side)
pool = random_pool(7, 400, choosy=0.05)
field = field_of(pool.mentee_crowd, pool.mentor_crowd, pool.vectors, pool.tables)
found = solve_field(field)
print(json.dumps([
    IS_COMPILED,
    life.reached(),
    found.rows.tolist(),
    found.columns.tolist(),
    found.certificate.prices.tolist(),
]))
"""


def told(first: str, second: str, *, compiled: bool) -> list[object]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    env["NUMBA_DISABLE_JIT"] = "0" if compiled else "1"
    script = SCRIPT.format(first=first, second=second)
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, check=True, capture_output=True, text=True
    )
    result: list[object] = json.loads(done.stdout)
    return result


def test_without_the_extra_everything_is_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    spec = importlib.util.spec_from_file_location("without", compiled.__file__)
    assert spec is not None
    assert spec.loader is not None
    without = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(without)
    assert without.IS_COMPILED is False
    assert without.compiled(len) is len
    assert without.inlined(len) is len


def test_where_nothing_can_be_kept_it_is_compiled_in_each_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numba = pytest.importorskip("numba")
    asked = []

    def njit(**options: object) -> Callable[[object], object]:
        asked.append(options)
        if options.get("cache"):
            raise RuntimeError
        return lambda function: function

    monkeypatch.setattr(numba, "njit", njit)
    assert compiled._made(len, inline="always") is len
    assert asked == [
        {"cache": True, "nogil": True, "inline": "always"},
        {"nogil": True, "inline": "always"},
    ]


def test_compiled_and_interpreted_loops_find_the_same() -> None:
    pytest.importorskip("numba")
    is_compiled, *interpreted = told("scan", "paths", compiled=False)
    assert is_compiled is False
    assert interpreted[1]
    for order in (("scan", "paths"), ("paths", "scan")):
        is_compiled, *found = told(*order, compiled=True)
        assert is_compiled is True
        assert found == interpreted
