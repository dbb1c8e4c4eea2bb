from dataclasses import replace

import numpy as np
import pytest

from patenwerk.core.disclosure.figures import Breakdown, Figures
from tests.core.disclosure.programmes import figures_of


@pytest.fixture
def figures() -> Figures:
    cube = np.arange(2 * 2 * 3 * 2).reshape(2, 2, 3, 2)
    return figures_of(cube, ["2024", "2025"], ["2024"])


def test_totals_are_by_contributor_and_period(figures: Figures) -> None:
    assert figures.totals.tolist() == [[15, 51], [87, 123]]
    assert figures.names == ("region", "theme", "group")


def _broken(breakdown: Breakdown, **changes: object) -> Breakdown:
    return replace(breakdown, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shares": np.zeros((2, 2, 1), dtype=int)}, "shape"),
        ({"shares": np.zeros((2, 2, 3))}, "whole numbers"),
        ({"shares": np.full((2, 2, 3), -1)}, "whole numbers"),
        ({"shares": np.zeros((2, 2, 3), dtype=int)}, "totals differ"),
        ({"owners": ("group 1",)}, "one owner"),
        ({"columns": ("a", "b", "a")}, "twice"),
    ],
)
def test_a_breakdown_that_contradicts_itself_is_refused(
    figures: Figures, changes: dict[str, object], says: str
) -> None:
    region, theme, group = figures.breakdowns
    with pytest.raises(ValueError, match=says):
        replace(figures, breakdowns=(theme, _broken(region, **changes), group))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"periods": ("2024", "2024")}, "twice"),
        ({"contributors": ("x", "x")}, "twice"),
        ({"breakdowns": ()}, "at least one"),
        ({"settled": frozenset({"1999"})}, "not a period.*1999"),
        ({"marks": {"1999": ("imported",)}}, "not a period.*1999"),
    ],
)
def test_figures_that_contradict_themselves_are_refused(
    figures: Figures, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        replace(figures, **changes)  # type: ignore[arg-type]


def test_two_breakdowns_of_one_name_are_refused(figures: Figures) -> None:
    with pytest.raises(ValueError, match="twice"):
        replace(figures, breakdowns=(figures.breakdowns[0], figures.breakdowns[0]))
