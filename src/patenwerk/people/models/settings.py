"""What an organisation says about record checks and consents; silence: as the wider one says."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.organisations.models import AnywhereScoped
from patenwerk.people.kernel.defaults import MONTHS_KEPT_AT_MOST


class PeopleSettings(AnywhereScoped):
    """One row per organisation. None is »not said here«, see people.kernel.defaults."""

    personal_data = NoPersonalData("rules of an organisation")

    record_check_years = models.PositiveSmallIntegerField(
        _("a record check counts for so many years"), null=True, blank=True
    )
    certificate_months = models.PositiveSmallIntegerField(
        _("months a certificate may be old when it is inspected"), null=True, blank=True
    )
    months_kept = models.PositiveSmallIntegerField(
        _("months a record check is kept after the activity ended"), null=True, blank=True
    )
    warning_days = models.PositiveSmallIntegerField(
        _("days before the end at which we remind"), null=True, blank=True
    )

    all_guardians_consent = models.BooleanField(
        _("whose consent is needed for a child?"), null=True, blank=True
    )
    minors_need_consent = models.BooleanField(
        _("do tandems with minors need a recorded consent?"), null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("programme_id"),
                Coalesce(F("carrier_id"), 0),
                Coalesce(F("site_id"), 0),
                name="people_settings_once",
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=True) | Q(carrier__isnull=False),
                name="people_settings_site_names_carrier",
            ),
            models.CheckConstraint(
                condition=Q(months_kept__isnull=True) | Q(months_kept__lte=MONTHS_KEPT_AT_MOST),
                name="people_settings_months_kept",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation_name
