"""What every pair reads of a mentor, side by side: one row of memory instead of a dozen columns.

A search for partners looks at hundreds of millions of pairs, and each number that stands somewhere
else in memory costs more than what is done with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from patenwerk.matching.kernel.crowd import UNKNOWN_AGE, Crowd, size_of

Words = NDArray[np.int64]

LANGUAGES_A_WORD = 16
"""The level of each language has four bits, 0 where it is not spoken at all."""
LEVEL_BITS = 4
LEVEL_MASK = (1 << LEVEL_BITS) - 1
AGE_BITS = 16
"""So many bits have the age, the youngest and the oldest wished, and the months, in one word."""
MARKS = 3
"""The last words of a card: the ages and months; twice the network, and one more for who meets
people of others; the identity."""

_LINE = 64
_SPREAD_BITS = 16
_LATEST_AGE = np.iinfo(np.int16).max


def language_words(mentees: Crowd, mentors: Crowd) -> int:
    """How many words the levels of all languages need that anybody speaks, at least one."""
    spoken = 0
    for crowd in (mentees, mentors):
        for word, bits in enumerate(np.bitwise_or.reduce(crowd.speaks[:, 0], axis=0).tolist()):
            spoken |= bits << (64 * word)
    return max(1, -(-spoken.bit_length() // LANGUAGES_A_WORD))


def levels_of(crowd: Crowd, words: int) -> Words:
    """(n, ``words``) int64: the highest level at which each language is spoken, four bits each."""
    levels = np.zeros((size_of(crowd), words), dtype=np.uint64)
    for word in range(words):
        place, quarter = divmod(word, 64 // LANGUAGES_A_WORD)
        shift = np.uint64(quarter * LANGUAGES_A_WORD)
        # Whoever speaks a language at a level speaks it at all below: so their number is the level.
        for level in range(1, crowd.speaks.shape[1]):
            bits = (crowd.speaks[:, level, place] >> shift) & np.uint64(0xFFFF)
            levels[:, word] += _SPREAD[bits]
    return levels.view(np.int64)


def ages_wished(crowd: Crowd) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """The youngest and the oldest whom each wishes; who has no wish takes an unknown age, too."""
    anybody = ~crowd.wishes_age
    youngest = np.where(anybody, np.int16(UNKNOWN_AGE), np.maximum(crowd.youngest, 0))
    oldest = np.where(anybody, np.int16(_LATEST_AGE), crowd.oldest)
    return youngest.astype(np.int16), oldest.astype(np.int16)


def cards_of(mentors: Crowd, words: int) -> Words:
    """(n, width) int64: levels in ``words`` words, then the bits of fields, interests and dislikes,
    then the marks.
    """
    marks = np.stack([mentors.age, *ages_wished(mentors), mentors.months], axis=1, dtype=np.int16)
    bits = (mentors.fields, mentors.interests, mentors.dislikes)
    parts = [
        levels_of(mentors, words),
        *(np.ascontiguousarray(one).view(np.int64) for one in bits),
        marks.view(np.int64),
        (2 * mentors.network[:, None].astype(np.int64) + mentors.beyond[:, None]),
        mentors.identity[:, None].view(np.int64),
    ]
    cards = _in_lines(len(marks), sum(part.shape[1] for part in parts))
    np.concatenate(parts, axis=1, out=cards)
    return cards


def _in_lines(size: int, width: int) -> Words:
    """Room for cards that begins where a line of the processor's memory does: of eight words, the
    usual width, each is read at once then.
    """
    room = np.empty(size * width + _LINE // 8, dtype=np.int64)
    first = -room.ctypes.data % _LINE // 8
    return room[first : first + size * width].reshape(size, width)


def _spread() -> NDArray[np.uint64]:
    """(65,536,) each of 16 bits as the lowest of four."""
    number = np.arange(1 << _SPREAD_BITS, dtype=np.uint64)
    spread = np.zeros(1 << _SPREAD_BITS, dtype=np.uint64)
    for bit in range(_SPREAD_BITS):
        found = (number >> np.uint64(bit)) & np.uint64(1)
        spread |= found << np.uint64(LEVEL_BITS * bit)
    return spread


_SPREAD = _spread()
