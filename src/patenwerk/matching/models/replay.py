"""What would have been if a site or carrier had matched more often, or less often."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.core.policy import Level
from patenwerk.jobs.models import Job
from patenwerk.matching.enums import RoundState
from patenwerk.organisations.models import CarrierScoped, Site


class Replay(CarrierScoped):
    """The latest replay of a site, or of a whole carrier (``site`` empty): one row for each.

    ``figures`` is a list with one entry for each rhythm, see
    :func:`patenwerk.matching.domain.replay.stored_figures`; empty until it is ready.
    """

    personal_data = NoPersonalData("sums and means of a calculation, without persons")

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_day = models.DateField(pgettext_lazy("replay", "from"))
    last_day = models.DateField(pgettext_lazy("replay", "until"))
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=[
            (RoundState.RUNNING.value, pgettext_lazy("round", "is being calculated")),
            (RoundState.READY.value, pgettext_lazy("replay", "ready")),
            (RoundState.FAILED.value, pgettext_lazy("round", "failed")),
        ],
        default=RoundState.RUNNING.value,
    )
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    figures = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(F("carrier_id"), Coalesce(F("site_id"), 0), name="replay_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="replay_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site or self.carrier} {self.first_day} – {self.last_day}"

    @property
    def scope_ids(self) -> Mapping[Level, int]:
        found = {Level.PROGRAMME: self.programme_id, Level.CARRIER: self.carrier_id}
        if self.site_id is not None:
            found[Level.SITE] = self.site_id
        return found
