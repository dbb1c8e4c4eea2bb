"""The record of a background job that people see."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patenwerk.core.personal_data import Basis, Entry, Erasure, PersonalData
from patenwerk.jobs.enums import JobState

OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)


class Job(models.Model):
    """One piece of background work: what, for whom, how far, with what result.

    ``payload`` and ``result`` hold ids, codes and figures. ``lease_until`` is the moment from
    which the sweeper may hand the job to the engine (again): while queued the engine's patience,
    while running the worker's lease. ``attempts`` counts the claims and is the fence: a worker
    may write only as long as the number is the one it claimed with.
    """

    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    for_user_id = models.BigIntegerField(null=True)
    programme_id = models.BigIntegerField(null=True)
    carrier_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in JobState],
        default=JobState.QUEUED.value,
    )
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_text = models.CharField(max_length=40, blank=True)
    result = models.JSONField(default=dict)
    problem = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancelled_by_id = models.BigIntegerField(null=True)

    personal_data = PersonalData(
        subject="for_user_id",
        fields={
            "for_user_id": Entry(
                purpose=_("To show people the background work they started."),
                basis=Basis.LEGITIMATE_INTEREST,
                erasure=Erasure.DELETE_ROW,
                retention_days=90,
            ),
            "created_at": Entry(
                purpose=_("To show people the background work they started."),
                basis=Basis.LEGITIMATE_INTEREST,
                erasure=Erasure.DELETE_ROW,
                retention_days=90,
            ),
            "cancelled_by_id": Entry(
                purpose=_("To show people who cancelled the background work they started."),
                basis=Basis.LEGITIMATE_INTEREST,
                erasure=Erasure.EMPTY,
                retention_days=90,
            ),
        },
        beside={
            "name": "steering of the work itself",
            "payload": "steering of the work itself",
            "state": "steering of the work itself",
            "lease_until": "steering of the work itself",
            "progress_text": "steering of the work itself",
            "result": "steering of the work itself",
            "problem": "steering of the work itself",
            "started_at": "steering of the work itself",
            "finished_at": "steering of the work itself",
        },
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="job_open_has_lease",
                condition=Q(state__in=OPEN, lease_until__isnull=False, finished_at__isnull=True)
                | (~Q(state__in=OPEN) & Q(lease_until__isnull=True, finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="job_progress_within_total",
                condition=Q(progress_done__lte=F("progress_total")),
            ),
            models.CheckConstraint(
                name="job_problem_when_failed",
                condition=(Q(state=JobState.FAILED.value) & ~Q(problem=""))
                | (~Q(state=JobState.FAILED.value) & Q(problem="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"], condition=Q(state__in=OPEN), name="job_open_by_lease"
            ),
            models.Index(fields=["for_user_id", "created_at"], name="job_of_user"),
            models.Index(fields=["finished_at"], name="job_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
