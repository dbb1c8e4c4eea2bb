"""Chance that falls the same way every time: all of the demo's variety comes from here."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Random choices from one seed. Shares are dealt like cards, so that they hold exactly."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311  variety, no secret

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both possible."""
        return self._random.randint(low, high)

    def happens(self, percent: float) -> bool:
        """Whether something of this probability happens."""
        return self._random.random() * 100 < percent

    def one(self, among: Sequence[T]) -> T:
        """One of them."""
        return among[self._random.randrange(len(among))]

    def weighted(self, among: Sequence[T], weights: Sequence[int]) -> T:
        """One of them, by weight."""
        return self._random.choices(among, weights)[0]

    def some(self, among: Sequence[T], low: int, high: int) -> tuple[T, ...]:
        """``low`` to ``high`` different ones."""
        return tuple(self._random.sample(among, self.whole(low, min(high, len(among)))))

    def deal(self, among: Sequence[T], weights: Sequence[int], count: int) -> list[T]:
        """``count`` of them in random order, each as often as its weight says, at least once.

        Where there are fewer than kinds, the first ones.
        """
        total = sum(weights)
        often = [max(1, count * weight // total) for weight in weights]
        cards = [card for card, times in zip(among, often, strict=True) for _ in range(times)]
        heaviest = among[max(range(len(weights)), key=weights.__getitem__)]
        cards += [heaviest] * (count - len(cards))
        del cards[count:]
        self._random.shuffle(cards)
        return cards

    def days_after(self, day: date, low: int, high: int) -> date:
        """A day ``low`` to ``high`` days after."""
        return day + timedelta(days=self.whole(low, high))
