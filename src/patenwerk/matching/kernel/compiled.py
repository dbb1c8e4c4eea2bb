"""Loops that are compiled where the extra »fast« is installed, and interpreted everywhere else.

The source is one and the same, so that both find the same pairs. Interpreted loops read arrays
through memory views, which give Python's own numbers: several times faster than NumPy's scalars.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Cells = Any
"""An array as loops get it: itself where they are compiled, else a memory view of it."""
Number = Any
"""A whole number in a loop: NumPy's where it is compiled, else Python's."""

try:
    import numba
except ImportError:
    IS_COMPILED = False
else:
    # NUMBA_DISABLE_JIT=1 says: interpreted, though the extra is there.
    IS_COMPILED = not vars(numba.config)["DISABLE_JIT"]


def compiled(function: Function) -> Function:
    """Compile where that is possible. The lock of the interpreter is not held meanwhile."""
    return _made(function) if IS_COMPILED else function


def cells(array: NDArray[Any]) -> Cells:
    """An array for the loops; what they write is seen in the array."""
    return array if IS_COMPILED else memoryview(cast("Any", array))


def inlined(function: Function) -> Function:
    """The same for a small part that is called for every pair: it becomes part of its caller, so
    that nothing has to be handed over.
    """
    return _made(function, inline="always") if IS_COMPILED else function


def _made(function: Function, **options: Any) -> Function:
    try:
        made: Any = numba.njit(cache=True, nogil=True, **options)(function)
    except RuntimeError:  # nowhere to keep what is compiled: then it is compiled in each process
        made = numba.njit(nogil=True, **options)(function)
    return cast("Function", made)
