"""A planted fault in each guard fails a test: ``python3 dev.py soak -k "faults and matching"``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.equivalent import EQUIVALENT
from tests.faults.guards import apps, faults

ROOT = Path(__file__).parents[2]
FURTHER = {"people": ["tests/imports"]}
"""Where an app's guards are asked for beside its own folder: lists are read there as a whole."""
SHORT = "tests/audit/domain/test_record.py"


def looked_at(app: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the search says about an app and its tests; always on SQLite, which is faster."""
    env = {name: said for name, said in os.environ.items() if "TEST_DATABASE" not in name}
    # A fault is planted in what is interpreted: compiled anew for each it would take hours.
    env["NUMBA_DISABLE_JIT"] = "1"
    command = [sys.executable, "-m", "pytest", "-p", "tests.faults.plugin", "--faults", app]
    command += ["-s", "-q", "-m", "not browser", "-n", "0", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.soak
@pytest.mark.parametrize("app", apps())
def test_a_fault_in_each_guard_is_noticed(app: str, *, soak: bool) -> None:
    if not soak:
        pytest.skip("takes minutes: python3 dev.py soak -k faults")
    found = looked_at(app, f"tests/{app}", *FURTHER.get(app, []))
    sys.stdout.write(found.stdout)
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_guard_that_no_test_asks_for_is_told() -> None:
    found = looked_at("audit", SHORT, "-k", "not outside_a_transaction")
    assert found.returncode == 1, found.stdout + found.stderr
    (line,) = [line for line in found.stdout.splitlines() if "unnoticed by" in line]
    assert "audit/domain/record.py:" in line
    assert " 1 unnoticed" in found.stdout


def test_every_exception_has_its_guard() -> None:
    keys = {fault.key for app in apps() for fault in faults(app)}
    assert set(EQUIVALENT) - keys == set()
