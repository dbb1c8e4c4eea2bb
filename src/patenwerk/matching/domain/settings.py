"""Saying how much the parts of the score weigh in an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.policy import Actor, Level
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.matching.kernel.defaults import (
    HIGHEST_WEIGHT,
    LOWEST_WAITING_WEIGHT,
    LOWEST_WEIGHT,
)
from patenwerk.matching.models import MatchingSettings
from patenwerk.matching.models.settings import NUMBERS
from patenwerk.organisations.models import Carrier, Programme, Site
from patenwerk.people.enums import Level as LanguageLevel


class CannotSet(Refusal):
    """A setting lies out of range."""


def range_of(name: str) -> tuple[int, int]:
    """The lowest and the highest value of a setting."""
    if name == "minimum_level":
        return min(LanguageLevel), max(LanguageLevel)
    lowest = LOWEST_WAITING_WEIGHT if name == "waiting" else LOWEST_WEIGHT
    return lowest, HIGHEST_WEIGHT


def set_matching_settings(
    *,
    organisation: Programme | Carrier | Site,
    values: Mapping[str, int | None],
    by: Actor,
    at: datetime,
) -> MatchingSettings:
    """Say an organisation's own settings by name; None leaves one to the wider organisation.

    Rounds that were calculated keep the settings of their time. Raises :class:`CannotSet` with a
    reason for each value out of range, ``LookupError`` for an unknown name.
    """
    unknown = values.keys() - {*NUMBERS, "minimum_level"}
    if unknown:
        raise LookupError(f"No settings of matching: {sorted(unknown)}")
    refusals = []
    for name, value in values.items():
        lowest, highest = range_of(name)
        if value is not None and not lowest <= value <= highest:
            refusals.append(
                Reason(
                    "range",
                    _("Possible are values from %(lowest)s to %(highest)s.")
                    % {"lowest": lowest, "highest": highest},
                    name,
                )
            )
    if refusals:
        raise CannotSet(refusals)
    scope = organisation.scope_ids
    with transaction.atomic():
        settings, _made = MatchingSettings.objects.update_or_create(
            programme_id=scope[Level.PROGRAMME],
            carrier_id=scope.get(Level.CARRIER),
            site_id=scope.get(Level.SITE),
            defaults=dict(values),
        )
        record(by=by, at=at, action="matching.set_settings", things=[settings])
    return settings
