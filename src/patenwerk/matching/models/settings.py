"""What an organisation says about matching; silence means: as the wider one says."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.matching.kernel.defaults import HIGHEST_WEIGHT, LOWEST_WAITING_WEIGHT
from patenwerk.organisations.models import AnywhereScoped
from patenwerk.people.enums import Level as LanguageLevel

WEIGHTS = (
    "distance",
    "languages",
    "free_time",
    "fields",
    "interests",
    "dislikes",
    "expected_length",
    "waiting",
)
"""The columns that hold weights, named like the parts of the score."""
NUMBERS = (*WEIGHTS, "keep")
"""The weights, and ``keep``: counted like one, but of what was suggested before, not of the score.
"""


def _weight_in_range(name: str) -> Q:
    lowest = LOWEST_WAITING_WEIGHT if name == "waiting" else 0
    return Q(**{f"{name}__isnull": True}) | Q(
        **{f"{name}__gte": lowest, f"{name}__lte": HIGHEST_WEIGHT}
    )


class MatchingSettings(AnywhereScoped):
    """One row per organisation. None is »not said here«, see kernel.defaults."""

    personal_data = NoPersonalData("rules of an organisation")

    distance = models.PositiveSmallIntegerField(_("short ways"), null=True, blank=True)
    languages = models.PositiveSmallIntegerField(
        _("speaking a language well together"), null=True, blank=True
    )
    free_time = models.PositiveSmallIntegerField(_("much common time"), null=True, blank=True)
    fields = models.PositiveSmallIntegerField(
        _("help with what was asked for"), null=True, blank=True
    )
    interests = models.PositiveSmallIntegerField(_("liking the same"), null=True, blank=True)
    dislikes = models.PositiveSmallIntegerField(_("disliking the same"), null=True, blank=True)
    expected_length = models.PositiveSmallIntegerField(
        _("expecting the same length"), null=True, blank=True
    )
    waiting = models.PositiveSmallIntegerField(_("having waited long"), null=True, blank=True)
    keep = models.PositiveSmallIntegerField(_("keeping what is suggested"), null=True, blank=True)
    minimum_level = models.PositiveSmallIntegerField(
        _("level the common language needs"), null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("programme_id"),
                Coalesce(F("carrier_id"), 0),
                Coalesce(F("site_id"), 0),
                name="matching_settings_once",
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=True) | Q(carrier__isnull=False),
                name="matching_settings_site_names_carrier",
            ),
            models.CheckConstraint(
                condition=Q(minimum_level__isnull=True)
                | Q(minimum_level__gte=min(LanguageLevel), minimum_level__lte=max(LanguageLevel)),
                name="matching_settings_level",
            ),
            *(
                models.CheckConstraint(
                    condition=_weight_in_range(name), name=f"matching_settings_{name}"
                )
                for name in NUMBERS
            ),
        ]

    def __str__(self) -> str:
        return self.organisation_name
