"""What matching knows of a person: plain values, made from a stored person or a spreadsheet row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from patenwerk.people.enums import Gender, Level, Side

DAYS = 7
PARTS_OF_DAY = 3
"""Free time is a grid of seven days (Monday first) by morning, afternoon and evening."""


def free_time_bit(day: int, part: int) -> int:
    """The bit of one cell of the week grid.

    ``day`` 0 (Monday) to 6, ``part`` 0 (morning), 1 (afternoon), 2 (evening).
    """
    return 1 << (day * PARTS_OF_DAY + part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One person, as far as finding a partner needs it.

    ``id`` is unique within its side. ``free_times`` has bit ``day * 3 + part`` set for every free
    cell of the week. Words in ``interests`` and ``dislikes`` are folded (see core.sheets.words).
    ``wished_genders`` empty means no wish. ``minimum_level`` is the mentee's own wish for the
    common language and beats the carrier's setting. ``record_check_until`` is the last day on
    which an inspected record check lets the mentor meet minors; None: none inspected.
    ``beyond``: has consented to be seen by other carriers' sites, too, and so may be brought
    together with everybody who has, whatever the network.
    ``open_places`` is how many further partners the person may get now. ``never_with`` holds the
    ids of the other side that shall never be suggested again.
    """

    id: str
    side: Side
    first_name: str
    last_name: str
    birth_date: date | None
    gender: Gender
    postcode: str
    furthest_km: int
    languages: Mapping[str, Level]
    minimum_level: Level | None = None
    free_times: int = 0
    fields: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    dislikes: frozenset[str] = frozenset()
    wished_genders: frozenset[Gender] = frozenset()
    wished_age_from: int | None = None
    wished_age_to: int | None = None
    expected_months: int | None = None
    open_places: int = 1
    waiting_since: date
    record_check_until: date | None = None
    network: str = ""
    beyond: bool = False
    never_with: frozenset[str] = field(default_factory=frozenset)
