"""The settings of matching in force at an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db.models import Q

from patenwerk.core.inherited import inherit
from patenwerk.core.policy import Level, Organisation
from patenwerk.matching.kernel.defaults import FULL_POINTS
from patenwerk.matching.kernel.rounds import Limits, Weights
from patenwerk.matching.models import MatchingSettings
from patenwerk.matching.models.settings import WEIGHTS
from patenwerk.people.enums import Level as LanguageLevel

KEEP = 5
"""What staying with an earlier suggestion counts where nobody says otherwise: half of what much
common time does. Enough that a day of waiting more or less changes nobody's partner.
"""


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """The weights of the parts of the score, the limits that people do not set themselves, and
    how much it counts that somebody keeps the partner who was suggested before.
    """

    weights: Weights
    limits: Limits
    keep: int = KEEP

    @property
    def keep_points(self) -> int:
        """How much a change has to gain before it is made, in points of the score."""
        return self.keep * FULL_POINTS

    def snapshot(self) -> dict[str, int]:
        """The settings as plain values, to be kept with a round."""
        return {
            **asdict(self.weights),
            "keep": self.keep,
            "minimum_level": int(self.limits.minimum_level),
        }


def default_settings() -> dict[str, int]:
    """What holds while no organisation says otherwise."""
    return MatchingRules(Weights(), Limits()).snapshot()


def rules_at(organisation: Organisation) -> MatchingRules:
    """The rules in force at an organisation: its own, else the wider one's. One query."""
    found = settings_at(organisation)
    level = LanguageLevel(found["minimum_level"])
    weights = {name: found[name] for name in WEIGHTS}
    return MatchingRules(Weights(**weights), Limits(minimum_level=level), found["keep"])


def settings_at(organisation: Organisation) -> dict[str, int]:
    """The settings in force at an organisation by name: one query."""
    return inherit(default_settings(), _rows(organisation.scope_ids))


def inherited_settings(organisation: Organisation) -> dict[str, int]:
    """What would hold at an organisation if it said nothing itself: one query."""
    wider = _rows(organisation.scope_ids)
    own = _key(organisation.scope_ids)
    return inherit(
        default_settings(),
        [row for row in wider if (row.carrier_id or 0, row.site_id or 0) != own],
    )


def own_settings(organisation: Organisation) -> MatchingSettings | None:
    """What the organisation says itself, if anything."""
    own = _key(organisation.scope_ids)
    rows = _rows(organisation.scope_ids)
    return next((row for row in rows if (row.carrier_id or 0, row.site_id or 0) == own), None)


def _key(scope: Mapping[Level, int]) -> tuple[int, int]:
    return scope.get(Level.CARRIER, 0), scope.get(Level.SITE, 0)


def _rows(scope: Mapping[Level, int]) -> list[MatchingSettings]:
    """The rows that count for a scope, from wide to narrow."""
    carrier, site = scope.get(Level.CARRIER), scope.get(Level.SITE)
    counts = Q(carrier__isnull=True)
    if carrier is not None:
        counts |= Q(carrier_id=carrier, site__isnull=True)
    if site is not None:
        counts |= Q(site_id=site)
    rows = MatchingSettings.objects.filter(counts, programme_id=scope[Level.PROGRAMME])
    return sorted(rows, key=lambda row: (row.carrier_id is not None, row.site_id is not None))
