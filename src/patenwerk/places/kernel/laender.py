"""The sixteen Länder: their names in German and English, and which one a text means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from patenwerk.core.sheets.words import fold
from patenwerk.places.enums import Land

__all__ = ["NAMES", "Land", "LandNames", "land_of", "name_of"]


class LandNames(NamedTuple):
    """A Land's names: proper names are data, so they need no translation file."""

    german: str
    english: str


NAMES: Mapping[Land, LandNames] = MappingProxyType(
    {
        Land.SH: LandNames("Schleswig-Holstein", "Schleswig-Holstein"),
        Land.HB: LandNames("Bremen", "Bremen"),
        Land.HH: LandNames("Hamburg", "Hamburg"),
        Land.MV: LandNames("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
        Land.NW: LandNames("Nordrhein-Westfalen", "North Rhine-Westphalia"),
        Land.NI: LandNames("Niedersachsen", "Lower Saxony"),
        Land.ST: LandNames("Sachsen-Anhalt", "Saxony-Anhalt"),
        Land.BE: LandNames("Berlin", "Berlin"),
        Land.BB: LandNames("Brandenburg", "Brandenburg"),
        Land.RP: LandNames("Rheinland-Pfalz", "Rhineland-Palatinate"),
        Land.HE: LandNames("Hessen", "Hesse"),
        Land.TH: LandNames("Thüringen", "Thuringia"),
        Land.SN: LandNames("Sachsen", "Saxony"),
        Land.SL: LandNames("Saarland", "Saarland"),
        Land.BW: LandNames("Baden-Württemberg", "Baden-Wurttemberg"),
        Land.BY: LandNames("Bayern", "Bavaria"),
    }
)

#: Further spellings people and public files use, beside codes and names.
ALIASES: Mapping[str, Land] = MappingProxyType(
    {
        "Freie Hansestadt Bremen": Land.HB,
        "Land Bremen": Land.HB,
        "Freie und Hansestadt Hamburg": Land.HH,
        "Land Berlin": Land.BE,
        "Land Brandenburg": Land.BB,
        "Mecklenburg-West Pomerania": Land.MV,
        "Mecklenburg-Pomerania": Land.MV,
        "Meck-Pomm": Land.MV,
        "North-Rhine Westphalia": Land.NW,
        "NRW": Land.NW,
        "Rhineland Palatinate": Land.RP,
        "Freistaat Sachsen": Land.SN,
        "Free State of Saxony": Land.SN,
        "Freistaat Thüringen": Land.TH,
        "Free State of Thuringia": Land.TH,
        "Freistaat Bayern": Land.BY,
        "Free State of Bavaria": Land.BY,
    }
)

_LAND_BY_WORD: Mapping[str, Land] = MappingProxyType(
    {fold(land.value): land for land in Land}
    | {fold(f"DE-{land.value}"): land for land in Land}
    | {fold(name): land for land, names in NAMES.items() for name in names}
    | {fold(alias): land for alias, land in ALIASES.items()}
)


def land_of(text: str) -> Land | None:
    """The Land a code (``NW``, ``DE-NW``) or a German or English name means, None if none does.

    Case, umlauts and hyphens do not matter.
    """
    return _LAND_BY_WORD.get(fold(text))


def name_of(land: Land, language: str) -> str:
    """The name in the language of a code such as ``de`` or ``en-gb``; German for ``de*`` only."""
    names = NAMES[land]
    return names.german if language.lower().startswith("de") else names.english
