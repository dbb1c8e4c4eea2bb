"""What a carrier sets about matching: how much each part of the score weighs, where limits lie."""

from __future__ import annotations

from dataclasses import dataclass, fields

from patenwerk.matching.kernel import defaults
from patenwerk.people.enums import Level


class SettingOutOfRange(ValueError):
    """A setting is not what it may be. Carries ``name``, ``value``, ``lowest``, ``highest``."""

    def __init__(self, *, name: str, value: object, lowest: int, highest: int) -> None:
        super().__init__(
            f"{name} must be a whole number from {lowest} to {highest}, not {value!r}."
        )
        self.name = name
        self.value = value
        self.lowest = lowest
        self.highest = highest


def _demand_whole_number(name: str, value: object, lowest: int, highest: int) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not lowest <= value <= highest:  # type: ignore[operator]
        raise SettingOutOfRange(name=name, value=value, lowest=lowest, highest=highest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each named part of the score weighs: whole numbers from 0 to 100.

    ``waiting`` is at least 1, because one more day of waiting always raises the score.
    Raises :class:`SettingOutOfRange`.
    """

    distance: int = defaults.DISTANCE_WEIGHT
    languages: int = defaults.LANGUAGES_WEIGHT
    free_time: int = defaults.FREE_TIME_WEIGHT
    fields: int = defaults.FIELDS_WEIGHT
    interests: int = defaults.INTERESTS_WEIGHT
    dislikes: int = defaults.DISLIKES_WEIGHT
    expected_length: int = defaults.EXPECTED_LENGTH_WEIGHT
    waiting: int = defaults.WAITING_WEIGHT

    def __post_init__(self) -> None:
        for part in fields(self):
            lowest = (
                defaults.LOWEST_WAITING_WEIGHT if part.name == "waiting" else defaults.LOWEST_WEIGHT
            )
            _demand_whole_number(
                part.name, getattr(self, part.name), lowest, defaults.HIGHEST_WEIGHT
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where the hard limits lie that are not said by the two people themselves.

    ``minimum_level``: both speak one common language at least so well, unless the mentee asks for
    more or less. ``age_of_majority``: a mentee younger than this is a minor, and only a mentor
    with a valid record check meets them (§ 72a SGB VIII); ``unknown_age_is_minor`` says that a
    mentee without birth date is protected in the same way. ``same_network``: only people of one
    network are brought together. Raises :class:`SettingOutOfRange`.
    """

    minimum_level: Level = defaults.MINIMUM_LEVEL
    age_of_majority: int = defaults.AGE_OF_MAJORITY
    unknown_age_is_minor: bool = defaults.UNKNOWN_AGE_IS_MINOR
    same_network: bool = defaults.SAME_NETWORK

    def __post_init__(self) -> None:
        _demand_whole_number("minimum_level", self.minimum_level, min(Level), max(Level))
        _demand_whole_number("age_of_majority", self.age_of_majority, 0, 120)
