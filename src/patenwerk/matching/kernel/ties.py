"""What decides between equally good rounds: bits that depend on the identities of two people alone.

Mixed by multiplying with odd numbers and folding the upper half into the lower (as Stafford's and
Steele's generators do), so that whoever comes first in a list is no better off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.compiled import Number, inlined

TIE_BITS = 32
"""So many bits a tie has; it is never negative."""

_FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93


def ties_of(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The ties of many pairs at once, int64."""
    mixed = (one ^ other) * np.uint64(_FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(_SECOND)
    return (mixed >> np.uint64(32)).astype(np.int64)


@inlined
def tie_of(one: Number, other: Number) -> Number:
    """The tie of one pair, for loops."""
    mixed: Number = (np.uint64(one) ^ np.uint64(other)) * np.uint64(_FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(_SECOND)
    return np.int64(mixed >> np.uint64(32))
