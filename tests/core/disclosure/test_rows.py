import itertools

import numpy as np
import pytest

from patenwerk.core.disclosure.rows import movable, sensitive, slack, with_partners

NOWHERE = np.zeros(4, dtype=bool)


def _alone(*counts: int) -> np.ndarray:
    """A row to which many contributors gave, none of them enough to matter: as one stranger's."""
    return np.array([counts])


def test_cells_below_the_minimum_are_sensitive_and_zeros_are_not() -> None:
    assert sensitive(_alone(0, 1, 4, 5), 5, NOWHERE).tolist() == [False, True, True, False]
    assert sensitive(_alone(0, 2, 3, 5), 3, NOWHERE).tolist() == [False, True, False, False]


def test_a_cell_is_sensitive_when_one_contributor_can_subtract_its_own_down_to_a_few() -> None:
    shares = np.array([[20, 16, 20, 15], [0, 4, 5, 5]])
    assert sensitive(shares, 5, NOWHERE).tolist() == [False, True, False, False]


def test_zeros_are_sensitive_when_they_say_where_everybody_is() -> None:
    present = np.array([True, True, False, True])
    assert sensitive(_alone(0, 9, 0, 0), 5, present).tolist() == [True, False, False, True]
    assert sensitive(_alone(0, 9, 0, 9), 5, present).tolist() == [False, False, False, False]
    assert sensitive(_alone(0, 0, 0, 0), 5, present).tolist() == [False, False, False, False]


def test_slack_is_what_is_left_over_ones_own_and_over_one_where_somebody_is() -> None:
    shares = np.array([[0, 3, 7, 1], [0, 1, 0, 0]])
    assert slack(shares).tolist() == [[0, 3, 6, 0], [0, 1, 0, 0], [0, 3, 6, 0]]


def test_a_column_that_is_a_contributor_moves_for_all_but_that_one() -> None:
    assert movable(("x", "y"), ("x", None, "y")).tolist() == [
        [True, True, True],
        [False, True, True],
        [True, True, False],
    ]


def _protected(hidden: np.ndarray, give: np.ndarray, moves: np.ndarray, need: int) -> bool:
    for each, may in zip(give, moves, strict=True):
        cells = np.flatnonzero(hidden & may)
        if len(cells) == 1 or (len(cells) and each[cells].sum() < need):
            return False
    return True


@pytest.mark.parametrize("seed", range(60))
def test_partners_protect_and_are_found_wherever_there_are_any(seed: int) -> None:
    random = np.random.default_rng(seed)
    shares = random.poisson(random.choice([1, 3, 8]), (3, 5)) * (random.random((3, 5)) < 0.7)
    owners = ("a", "b", "c", None, None) if seed % 2 else (None,) * 5
    small = sensitive(shares, 5, np.zeros(5, dtype=bool))
    give, moves = slack(shares), movable(("a", "b", "c"), owners)
    price = np.where(random.random(5) < 0.8, 1.0, np.inf)
    hidden = with_partners(small, give, moves, 5, price)
    free = np.flatnonzero(~small & np.isfinite(price))
    every = [
        small | np.isin(np.arange(5), chosen)
        for number in range(len(free) + 1)
        for chosen in itertools.combinations(free, number)
    ]
    possible = [one for one in every if _protected(one, give, moves, 5)]
    if hidden is None:
        assert not possible
    else:
        assert _protected(hidden, give, moves, 5)
        assert not (hidden & ~small & np.isinf(price)).any()
        assert (hidden & small == small).all()


def test_nothing_is_hidden_where_nothing_is_sensitive() -> None:
    give, moves = slack(_alone(9, 9, 9, 9)), movable(("x",), (None,) * 4)
    hidden = with_partners(NOWHERE, give, moves, 5, np.ones(4))
    assert hidden is not None
    assert not hidden.any()


def test_the_cheapest_partner_is_taken() -> None:
    give, moves = slack(np.zeros((1, 4), dtype=int)), movable((), (None,) * 4)
    give = np.array([[1, 9, 9, 9]])
    hidden = with_partners(
        np.array([True, False, False, False]), give, moves, 5, np.array([1, 3.0, 2.0, 4.0])
    )
    assert hidden is not None
    assert hidden.tolist() == [True, False, True, False]
