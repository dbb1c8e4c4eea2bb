"""How a programme publishes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.personal_data import NoPersonalData
from patenwerk.organisations.models import ProgrammeScoped
from patenwerk.reporting.kernel.defaults import LOWEST_MINIMUM_CELL


class ReportingSettings(ProgrammeScoped):
    """One row per programme; without a row the defaults hold."""

    personal_data = NoPersonalData("a setting of the programme")

    minimum_cell = models.PositiveSmallIntegerField(
        _("smallest number that is published"), default=MINIMUM_CELL
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme"], name="reporting_settings_once"),
            models.CheckConstraint(
                condition=Q(minimum_cell__gte=LOWEST_MINIMUM_CELL), name="minimum_cell_large_enough"
            ),
        ]

    def __str__(self) -> str:
        return str(self.minimum_cell)
