"""What the rhythms of a replay came to: as text for a terminal, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from patenwerk.core.sheets.writing import write_csv
from patenwerk.matching.kernel.replay import Figures, Mean
from patenwerk.matching.queries.replay_wording import rhythm_in_words

BAR = 16
"""Characters of the longest bar."""

SIDE_COLUMNS = ("came", "placed", "mean", "median", "still", "still_mean", "gone", "overall")


@dataclass(frozen=True, slots=True)
class Line:
    """One rhythm: its figures, the days of its runs, and what else is said of it.

    ``more`` goes to files under its keys; ``beside`` are the same columns of somebody else's
    figures, for the text form.
    """

    figures: Figures
    runs: Sequence[date]
    more: Mapping[str, float | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the text form. The longest value gets the longest bar where there are bars."""

    title: str
    value: Callable[[Line], float | int | None]
    digits: int = 0
    has_bar: bool = False


def as_text(lines: Sequence[Line], columns: Sequence[Column], remarks: Sequence[str]) -> bytes:
    """A table with bars, and sentences below it."""
    cells = [[_("rhythm"), *(one.title for one in columns)]]
    longest = [
        max((one.value(line) or 0 for line in lines), default=0) if one.has_bar else 0
        for one in columns
    ]
    for line in lines:
        shown = [rhythm_in_words(line.figures.every)]
        for column, most in zip(columns, longest, strict=True):
            value = column.value(line)
            shown.append(_with_bar(value, column, most))
        cells.append(shown)
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    written = [
        "  ".join(
            word.ljust(width) if at == 0 else word.rjust(width)
            for at, (word, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([*written, "", *remarks, ""]).encode()


def _with_bar(value: float | None, column: Column, most: float) -> str:
    if value is None:
        return "–"
    # Rounded first: the formatter only cuts off.
    number = number_format(round(value, column.digits), decimal_pos=column.digits)
    if not column.has_bar:
        return number
    bar = "█" * (max(1, round(BAR * value / most)) if value > 0 else 0)
    return f"{bar.ljust(BAR)} {number.rjust(7)}"


def as_csv(lines: Sequence[Line]) -> bytes:
    """One row per rhythm; headers are the same in each language, for programs read them, too."""
    extra = list(lines[0].more) if lines else []
    headers = [
        "rhythm_days",
        "runs",
        "first_run",
        "last_run",
        "pairs",
        *(f"mentees_{name}" for name in SIDE_COLUMNS),
        *(f"mentors_{name}" for name in SIDE_COLUMNS),
        "fit",
        "fit_pairs",
        "km",
        "km_pairs",
        *extra,
    ]
    return write_csv(headers, [_row(line, extra) for line in lines])


def _row(line: Line, extra: Sequence[str]) -> list[object]:
    figures, runs = line.figures, line.runs
    return [
        figures.every,
        len(runs),
        runs[0] if runs else None,
        runs[-1] if runs else None,
        figures.pairs,
        *(_rounded(getattr(figures.mentees, name)) for name in SIDE_COLUMNS),
        *(_rounded(getattr(figures.mentors, name)) for name in SIDE_COLUMNS),
        *_mean(figures.fit),
        *_mean(figures.km),
        *(line.more[name] for name in extra),
    ]


def _mean(mean: Mean) -> tuple[float | None, int]:
    return _rounded(mean.value), mean.of


def _rounded(value: float | None) -> float | None:
    return round(value, 4) if isinstance(value, float) else value


def as_json(lines: Sequence[Line], about: Mapping[str, Any]) -> bytes:
    """Everything, with the days of all runs."""
    found = {**about, "rhythms": [_entry(line) for line in lines]}
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _entry(line: Line) -> dict[str, Any]:
    figures = line.figures
    return {
        "rhythm_days": figures.every,
        "runs": [day.isoformat() for day in line.runs],
        "pairs": figures.pairs,
        "mentees": asdict(figures.mentees),
        "mentors": asdict(figures.mentors),
        "fit": {"value": figures.fit.value, "pairs": figures.fit.of},
        "km": {"value": figures.km.value, "pairs": figures.km.of},
        **line.more,
    }
