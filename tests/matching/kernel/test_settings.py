"""Settings out of range are refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from patenwerk.matching.kernel.codes import Part
from patenwerk.matching.kernel.settings import Limits, SettingOutOfRange, Weights
from patenwerk.people.enums import Level


@pytest.mark.parametrize("part", list(Part))
def test_weights_are_whole_numbers_up_to_a_hundred(part: Part) -> None:
    lowest = 1 if part is Part.WAITING else 0
    for allowed in (lowest, 100):
        assert getattr(Weights(**{part.value: allowed}), part) == allowed
    wrong: list[Any] = [lowest - 1, 101, 1.5, "1", True, None]
    for value in wrong:
        with pytest.raises(SettingOutOfRange) as refused:
            Weights(**{part.value: value})
        error = refused.value
        assert (error.name, error.value) == (part, value)
        assert (error.lowest, error.highest) == (lowest, 100)
        assert part in str(error)


@pytest.mark.parametrize(
    "wrong", [{"minimum_level": 0}, {"minimum_level": 8}, {"age_of_majority": -1}]
)
def test_limits_are_in_range(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingOutOfRange):
        Limits(**wrong)


def test_shared_dislikes_weigh_more_by_default() -> None:
    assert Weights().dislikes > Weights().interests
    assert Limits().minimum_level is Level.B1
