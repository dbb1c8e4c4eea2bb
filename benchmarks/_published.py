"""Published instances of the assignment problem, read from a folder.

Files of the OR-Library (``assign*.txt``: the size, then all costs; smallest total wanted, the known
optimum in ``assignopt.txt``), and CSV files with one row a line, whole numbers, an empty cell where
a pair is forbidden (greatest total wanted; the optimum may stand in ``NAME.optimum``).
"""

from __future__ import annotations

import csv
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.pairs import listed_pairs
from patenwerk.matching.kernel.solver import solve


@dataclass(frozen=True, slots=True)
class Instance:
    """A table of worths with the pairs that are allowed; ``sign`` -1 where costs were given."""

    name: str
    worth: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    sign: int
    optimum: int | None


def instances(folder: Path) -> list[Path]:
    """The files to be solved, by name."""
    found = [*folder.glob("*.csv"), *folder.glob("assign[0-9p]*.txt")]
    if not found:
        raise SystemExit(f"{folder} holds no instance: assign*.txt or *.csv is expected.")
    return sorted(found)


def read(file: Path) -> Instance:
    """One file. Raises SystemExit with one line that says what is wrong with it."""
    try:
        return _read_csv(file) if file.suffix == ".csv" else _read_or_library(file)
    except (ValueError, IndexError) as problem:
        raise SystemExit(f"{file.name} is no instance: {problem}") from None


def _read_or_library(file: Path) -> Instance:
    numbers = [int(word) for word in file.read_text().split()]
    size, costs = numbers[0], numbers[1:]
    if len(costs) == size * size:
        table = np.array(costs, dtype=np.int64).reshape(size, size)
        allowed = np.ones(table.shape, dtype=np.bool_)
    else:  # sparse: row, column, cost
        given = np.array(costs, dtype=np.int64).reshape(-1, 3)
        table = np.zeros((size, size), dtype=np.int64)
        allowed = np.zeros(table.shape, dtype=np.bool_)
        table[given[:, 0] - 1, given[:, 1] - 1] = given[:, 2]
        allowed[given[:, 0] - 1, given[:, 1] - 1] = True
    known = file.with_name("assignopt.txt")
    optimum = None
    if known.exists():
        told = re.search(rf"^{re.escape(file.stem)}\s+(\d+)", known.read_text(), re.MULTILINE)
        optimum = int(told[1]) if told else None
    return Instance(file.stem, -table, allowed, -1, optimum)


def _read_csv(file: Path) -> Instance:
    with file.open(newline="") as lines:
        rows = [row for row in csv.reader(lines) if row]
    allowed = np.array([[bool(cell.strip()) for cell in row] for row in rows])
    table = np.array([[int(cell) if cell.strip() else 0 for cell in row] for row in rows])
    known = file.with_suffix(".optimum")
    optimum = int(known.read_text()) if known.exists() else None
    return Instance(file.stem, table, allowed, 1, optimum)


def solved_instance(file: Path) -> str:
    """One line: pairs, total, seconds, and the known optimum beside it."""
    given = read(file)
    rows, columns = np.nonzero(given.allowed)
    row_identity = np.arange(1, given.worth.shape[0] + 1, dtype=np.uint64) * np.uint64(0x9E3779B9)
    column_identity = np.arange(1, given.worth.shape[1] + 1, dtype=np.uint64) << np.uint64(32)
    start = time.perf_counter()
    pairs = listed_pairs(
        rows,
        columns,
        given.worth[rows, columns].astype(np.int32),
        row_identity=row_identity,
        column_identity=column_identity,
    )
    found = solve(
        pairs,
        np.ones(given.worth.shape[0], dtype=np.int64),
        np.ones(given.worth.shape[1], dtype=np.int64),
        mentee_identity=row_identity,
        mentor_identity=column_identity,
    )
    seconds = time.perf_counter() - start
    total = given.sign * int(given.worth[found.rows, found.columns].sum())
    told = "" if given.optimum is None else f", known optimum {given.optimum}"
    told += " (reached)" if given.optimum == total else ""
    return f"{given.name}: {len(found.rows)} pairs, total {total}, {seconds:.3f} s{told}"
