"""What holds where a carrier has set nothing, and the fixed scale of the score."""

from __future__ import annotations

from typing import Final

from patenwerk.people.enums import Level

LOWEST_WEIGHT: Final = 0
HIGHEST_WEIGHT: Final = 100
LOWEST_WAITING_WEIGHT: Final = 1
"""Waiting can be made small, never nothing: one more day always raises the score."""

DISTANCE_WEIGHT: Final = 20
LANGUAGES_WEIGHT: Final = 15
FREE_TIME_WEIGHT: Final = 10
FIELDS_WEIGHT: Final = 20
INTERESTS_WEIGHT: Final = 8
DISLIKES_WEIGHT: Final = 12
"""More than for interests: what two people both dislike binds them more than what both like."""
EXPECTED_LENGTH_WEIGHT: Final = 15
WAITING_WEIGHT: Final = 10

MINIMUM_LEVEL: Final = Level.B1
AGE_OF_MAJORITY: Final = 18
SAME_NETWORK: Final = True
UNKNOWN_AGE_IS_MINOR: Final = True

FULL_POINTS: Final = 1000
"""Every part but waiting gives 0 to 1000 points, which its weight multiplies."""
HALF_POINTS_AT_HM: Final = 50
"""At this distance (in units of 100 m: 5 km) the points for nearness are halved."""
FREE_TIMES_FOR_FULL_POINTS: Final = 4
"""As many common cells of the week grid give full points."""
SHARED_WORDS_POINTS: Final = (0, 400, 700, 900, 1000)
"""Points for 0, 1, 2, 3 and from 4 shared interests or dislikes."""
POINTS_LOST_PER_MONTH: Final = 100
"""Expected lengths that differ lose as much for each month between them."""
POINTS_PER_WAITING_DAY: Final = 4
"""Each day each of the two waits. Has no upper end: 250 days weigh as much as a full part."""
