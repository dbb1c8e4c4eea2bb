"""The smallest group of which anything is told, where nobody has set another."""

MINIMUM_CELL = 5
