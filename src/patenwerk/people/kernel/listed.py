"""What lists that refer to people have in common: whom a row names, and reading its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import TypeVar

from patenwerk.core.sheets.model import Row, Value
from patenwerk.people.kernel.problems import Code, Misread, RowProblem

F = TypeVar("F", bound=StrEnum)

SEVERAL = ";"
"""Stands between several people in one cell."""

Lacking = Callable[[Mapping[F, object]], Sequence[tuple[F, Code, Mapping[str, str | int]]]]
"""What is wrong with values that were each understood."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as a row names them: by the number in the list of people, by name, or both."""

    number: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.number or self.name)

    def __str__(self) -> str:
        return self.name or self.number


def several(numbers: str, names: str) -> tuple[Who, ...]:
    """Whom two cells name, numbers and names in the same order.

    Commas stand between last and first names already.
    """
    told = zip_longest(_parts(numbers), _parts(names), fillvalue="")
    return tuple(who for who in (Who(*each) for each in told) if who)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(SEVERAL)] if text else []


def read_cells(
    row: Row,
    headers: Sequence[str],
    mapping: Mapping[int, F],
    read: Callable[[F, Value, str], object],
    lacking: Lacking[F],
) -> tuple[dict[F, object], tuple[RowProblem, ...]]:
    """The values of a row by column, and why it cannot be taken.

    ``mapping`` is index of the column, counted from 0, → what it is about; ``read`` understands
    one cell under its header or raises Misread; ``lacking`` is asked where every cell was
    understood.
    """
    values: dict[F, object] = {}
    problems: list[RowProblem] = []
    header_of = {field: headers[index] for index, field in mapping.items()}
    for index, field in sorted(mapping.items()):
        try:
            values[field] = read(field, row.cells[index], headers[index])
        except Misread as misread:
            problem = RowProblem(
                row.number, field.value, headers[index], misread.code, misread.values
            )
            problems.append(problem)
    if not problems:
        problems = [
            RowProblem(row.number, field.value, header_of.get(field, ""), code, given)
            for field, code, given in lacking(values)
        ]
    return values, tuple(problems)
