"""Roles, and how a programme speaks."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in an organisation. The level follows from the role."""

    PROGRAMME_OFFICE = "programme_office"
    NETWORK_OFFICE = "network_office"
    CARRIER_MANAGER = "carrier_manager"
    COORDINATOR = "coordinator"


class GenderForm(StrEnum):
    """How German nouns for people are written: ministries change it."""

    STAR = "star"
    COLON = "colon"
    UNDERSCORE = "underscore"
    PAIR = "pair"


class MentorTitle(StrEnum):
    """What those who accompany are called in a programme."""

    PATE = "pate"
    MENTOR = "mentor"
    LOTSE = "lotse"


class Language(StrEnum):
    """Languages of the interface."""

    GERMAN = "de"
    ENGLISH = "en"


class Theme(StrEnum):
    """Light or dark; the device decides when nothing is chosen."""

    DEVICE = ""
    LIGHT = "light"
    DARK = "dark"
