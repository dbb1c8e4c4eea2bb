"""Published instances are solved from their files, and the known optimum is named beside."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import permutations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def solved(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "match.py"), "--instances", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_files_of_the_or_library_and_tables(tmp_path: Path) -> None:
    dice = random.Random(1)
    costs = [[dice.randint(1, 99) for _ in range(6)] for _ in range(6)]
    least = min(
        sum(costs[row][column] for row, column in enumerate(order))
        for order in permutations(range(6))
    )
    lines = [" ".join(map(str, row)) for row in costs]
    (tmp_path / "assign6.txt").write_text("6\n" + "\n".join(lines) + "\n")
    (tmp_path / "assignopt.txt").write_text(f"assign6 {least}\n")
    (tmp_path / "table.csv").write_text("3,,5\n4,9,\n")
    (tmp_path / "table.optimum").write_text("14")
    first, second = solved(tmp_path).stdout.splitlines()
    assert first.startswith(f"assign6: 6 pairs, total {least}, ")
    assert first.endswith(f"known optimum {least} (reached)")
    assert second.startswith("table: 2 pairs, total 14, ")
    assert second.endswith("known optimum 14 (reached)")


def test_what_is_no_instance_is_said_in_one_line(tmp_path: Path) -> None:
    assert "holds no instance" in solved(tmp_path).stderr
    (tmp_path / "assign3.txt").write_text("3 one two")
    told = solved(tmp_path)
    assert told.returncode != 0
    assert told.stderr.startswith("assign3.txt is no instance: ")
    assert len(told.stderr.strip().splitlines()) == 1
