"""Where a release stands, and what imported yearly figures divide."""

from __future__ import annotations

from enum import StrEnum


class ReleaseState(StrEnum):
    """A draft is seen by the programme office alone; what is published stays as it is."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Dimension(StrEnum):
    """What an imported figure is: a carrier's whole year, or a part of it."""

    TOTAL = "total"
    LAND = "land"
    FOCUS = "focus"
