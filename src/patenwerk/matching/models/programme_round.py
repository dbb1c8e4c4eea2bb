"""A round over all carriers of a programme, and what its office may read of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from patenwerk.core.personal_data import NoPersonalData
from patenwerk.jobs.models import Job
from patenwerk.matching.enums import RoundState
from patenwerk.organisations.models import ProgrammeScoped


class ProgrammeRound(ProgrammeScoped):
    """One search for the best pairs among everybody in a programme who has consented to it.

    What it suggests goes into one :class:`~patenwerk.matching.models.round.Round` for each site
    concerned: nobody above the sites holds a person. ``published`` is what is left after
    disclosure control (see domain.round_figures); the figures behind it are kept nowhere.
    ``bound``, ``missing`` and ``gap`` are as in a round and prove how good it is.
    """

    personal_data = NoPersonalData("figures of a calculation, after disclosure control")

    state = models.CharField(
        _("state"),
        max_length=8,
        choices=[
            (RoundState.RUNNING.value, pgettext_lazy("round", "is being calculated")),
            (RoundState.READY.value, pgettext_lazy("programme round", "calculated")),
            (RoundState.FAILED.value, pgettext_lazy("round", "failed")),
        ],
        default=RoundState.RUNNING.value,
    )
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    published = models.JSONField(default=dict)
    minimum_cell = models.PositiveSmallIntegerField(null=True)
    missing = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    bound = models.BigIntegerField(default=0)
    gap = models.FloatField(default=0)
    weights = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state=RoundState.RUNNING.value),
                name="programme_round_running_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=RoundState.READY.value) | Q(minimum_cell__isnull=False),
                name="programme_round_ready_is_protected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.created_at:%Y-%m-%d}"
