"""The attack in numbers: a few random programmes in the suite, two hundred in the soak."""

from __future__ import annotations

import pytest

from tests.core.disclosure.attacker import changes, intervals
from tests.core.disclosure.programmes import random_programme
from tests.core.disclosure.releases import exported

MINIMUM = 5


@pytest.mark.soak
def test_no_interval_of_a_random_programme_is_narrower_than_the_minimum(soak: bool) -> None:
    narrowest = []
    for seed in range(200 if soak else 3):
        programme = random_programme(seed)
        files = exported(programme)
        figures = programme.releases[-1][1]
        sizes = figures.totals.sum(axis=1)
        largest = max(
            programme.insiders(), key=lambda one: sizes[figures.contributors.index(one.name)]
        )
        for who in (None, largest):
            found = intervals(files, who, enough=MINIMUM + 1)
            narrowest += [one.width for one in found]
            assert not [one for one in found if one.width < MINIMUM], (seed, who)
            assert not [change for change in changes(files, who) if 0 < abs(change) < MINIMUM]
    assert narrowest
