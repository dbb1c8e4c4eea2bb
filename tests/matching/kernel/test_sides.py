"""Small calculations about single people."""

from __future__ import annotations

from datetime import date

import pytest

from patenwerk.matching.kernel.codes import Broken, Limit, limits_of
from patenwerk.matching.kernel.sides import age_on, waiting_days


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2007, 3, 1), date(2025, 2, 28), 17),
        (date(2007, 3, 1), date(2025, 3, 1), 18),
        (date(2008, 2, 29), date(2025, 2, 28), 16),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
        (date(2025, 1, 1), date(2025, 1, 1), 0),
    ],
)
def test_age_changes_on_the_birthday(born: date, on: date, years: int) -> None:
    assert age_on(born, on) == years


def test_waiting_is_counted_in_days() -> None:
    assert waiting_days(date(2025, 2, 27), date(2025, 3, 1)) == 2
    assert waiting_days(date(2025, 3, 2), date(2025, 3, 1)) == 0


def test_bits_and_limits_are_the_same_in_the_same_order() -> None:
    assert [limit.name for limit in Limit] == [bit.name for bit in Broken]
    assert limits_of(Broken.NETWORK | Broken.FREE_TIME) == (Limit.FREE_TIME, Limit.NETWORK)
    assert limits_of(0) == ()
