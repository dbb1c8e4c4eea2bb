"""What the start page for everyone shows: published figures and the organisations' own names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.organisations.models import Carrier, Phase, Programme, Site
from patenwerk.places.enums import DistanceCode, Land, Precision
from patenwerk.places.kernel.distance import distance_km, spoken_distance
from patenwerk.places.kernel.laender import name_of
from patenwerk.places.kernel.locator import Located
from patenwerk.places.queries.place import locator, point_of
from patenwerk.reporting.kernel.release import CARRIER, LAND
from patenwerk.reporting.queries.published import ReleaseShown, shown
from patenwerk.reporting.queries.release import latest_release

NEAREST = 5
EVEN_BELOW = 50
ASKED = "place"
"""The address' parameter for »postcode or place«."""


@dataclass(frozen=True, slots=True)
class PhaseShown:
    """A phase with its words in the reader's language."""

    name: str
    text: str
    begins: int
    ends: int | None


@dataclass(frozen=True, slots=True)
class SiteNearby:
    """A site with its distance in words; the carrier's and its own public contact."""

    site: Site
    distance: str

    @property
    def dial(self) -> str:
        """The phone number as a link needs it."""
        return "".join(sign for sign in self.site.phone if sign.isdigit() or sign == "+")


def counter_part(
    programme: Programme, _asked: Mapping[str, str], _on: date
) -> Mapping[str, Any] | None:
    """The counter with a column per year, and the phases of the programme."""
    found = latest_shown(programme)
    phases = _phases(programme)
    if found is None and not phases:
        return None
    columns = [(each.year, each.value) for each in found.years] if found else []
    years = [int(name) for name, _value in columns]
    running = str(found.release.as_of.year) if found else ""
    return {
        "found": found,
        "columns": columns,
        "running": running if running in {name for name, _value in columns} else "",
        "spans": _spans(phases, years),
        "phases": phases,
    }


def nearby_part(
    programme: Programme, asked: Mapping[str, str], _on: date
) -> Mapping[str, Any] | None:
    """The map of the Länder, and the sites nearest to a postcode or place."""
    found = latest_shown(programme)
    text = asked.get(ASKED, "").strip()
    place = point_of(text) if text else None
    tiles = _tiles(found)
    return {
        "found": found,
        "tiles": tiles,
        "thresholds": thresholds([value for _code, _name, value in tiles]),
        "hides": any(value is None for _code, _name, value in tiles),
        "last_year": found.tables[LAND].years[-1] if found and tiles else "",
        "text": text,
        "place": place,
        "sites": sites_nearby(programme, place) if place else [],
    }


def carriers_part(
    programme: Programme, _asked: Mapping[str, str], _on: date
) -> Mapping[str, Any] | None:
    """The carriers with their sites and, where published, their tandems."""
    rows = list(
        Carrier.objects.filter(programme=programme, archived_at__isnull=True).annotate(
            site_count=Count("sites", filter=Q(sites__archived_at__isnull=True))
        )
    )
    if not rows:
        return None
    found = latest_shown(programme)
    counts: dict[str, int | None] = {}
    if found is not None and found.tables[CARRIER].years:
        counts = {row.code: row.total for row in found.tables[CARRIER].rows}
    return {
        "found": found if counts else None,
        "first_year": found.tables[CARRIER].years[0] if found and counts else "",
        "last_year": found.tables[CARRIER].years[-1] if found and counts else "",
        "carriers": [
            {"carrier": row, "counted": str(row.pk) in counts, "count": counts.get(str(row.pk))}
            for row in rows
        ],
    }


def latest_shown(programme: Programme) -> ReleaseShown | None:
    """The latest published release, ready to be shown."""
    release = latest_release(programme.pk)
    return None if release is None else shown(release)


def sites_nearby(programme: Programme, place: Located) -> list[SiteNearby]:
    """Up to five sites, nearest first, each with its distance in words."""
    find = locator()
    measured = []
    for site in Site.objects.filter(
        programme=programme, archived_at__isnull=True, carrier__archived_at__isnull=True
    ).select_related("carrier"):
        there = find.find(site.postcode)
        if there is not None:
            measured.append((distance_km(place.point, there.point), site, there))
    measured.sort(key=lambda each: (each[0], each[1].name, each[1].pk))
    return [
        SiteNearby(site, _distance_in_words(km, place, there))
        for km, site, there in measured[:NEAREST]
    ]


def thresholds(values: Sequence[int | None]) -> list[int]:
    """Four rising numbers that divide the values into five shades.

    Small numbers are divided evenly; large ones so that each shade has about as many values, at
    round numbers.
    """
    known = sorted(value for value in values if value) or [0]
    top, count = known[-1], len(known)
    found: list[int] = []
    for share in range(1, 5):
        wished = top * share // 5 if top < EVEN_BELOW else _rounded(known[count * share // 5])
        found.append(max(wished, found[-1] + 1 if found else 1))
    return found


def _rounded(number: int) -> int:
    """The number cut to two digits, the second one 0 or 5."""
    step: int = 5 * 10 ** max(0, len(str(number)) - 2)
    return number // step * step


def _tiles(found: ReleaseShown | None) -> list[tuple[str, str, int | None]]:
    if found is None or not found.tables[LAND].years:
        return []
    totals = {row.code: row.total for row in found.tables[LAND].rows}
    language = get_language() or "de"
    return [(land.value, name_of(land, language), totals.get(land.value, 0)) for land in Land]


def _phases(programme: Programme) -> list[PhaseShown]:
    language = get_language() or "de"
    return [
        PhaseShown(
            name=phase.name_in(language),
            text=phase.text_de if language.startswith("de") else phase.text_en,
            begins=phase.starts_on.year,
            ends=None if phase.ends_on is None else phase.ends_on.year,
        )
        for phase in Phase.objects.filter(programme=programme, is_active=True)
    ]


def _spans(phases: Sequence[PhaseShown], years: Sequence[int]) -> list[tuple[str, int, int]]:
    """Each phase as first column and number of columns; what lies outside is left out."""
    found = []
    for phase in phases:
        inside = [
            at
            for at, year in enumerate(years)
            if phase.begins <= year and (phase.ends is None or year <= phase.ends)
        ]
        if inside:
            found.append((phase.name, inside[0], len(inside)))
    return found


def _distance_in_words(km: float, asked: Located, there: Located) -> str:
    exact = {Precision.POSTCODE, Precision.TOWN}
    same = (asked.name, asked.land) == (there.name, there.land)
    if same and asked.precision not in exact:
        return _("in the same area")
    said = spoken_distance(km, same_place=same)
    if said.code is DistanceCode.SAME_PLACE:
        return _("in the same place")
    return _("about %(km)s km") % {"km": said.km}
