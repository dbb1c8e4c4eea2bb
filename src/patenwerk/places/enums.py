"""The fixed choices said about places. Codes are stored, words are made above."""

from __future__ import annotations

from enum import StrEnum


class Land(StrEnum):
    """The sixteen Länder by their usual two letters (ISO 3166-2:DE without the prefix)."""

    SH = "SH"
    HB = "HB"
    HH = "HH"
    MV = "MV"
    NW = "NW"
    NI = "NI"
    ST = "ST"
    BE = "BE"
    BB = "BB"
    RP = "RP"
    HE = "HE"
    TH = "TH"
    SN = "SN"
    SL = "SL"
    BW = "BW"
    BY = "BY"


class Precision(StrEnum):
    """How well a postcode is known: by itself, by its town, or only roughly."""

    POSTCODE = "postcode"
    TOWN = "town"
    AREA = "area"
    REGION = "region"


class DistanceCode(StrEnum):
    """How a distance is said; only ``ABOUT`` comes with kilometres."""

    SAME_PLACE = "same_place"
    SAME_AREA = "same_area"
    ABOUT = "about"


class Source(StrEnum):
    """Where the stored places come from: the table that is part of the product, or a file."""

    DEFAULT = "default"
    GEONAMES = "geonames"
