"""Asking for background work, and taking the wish back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import router, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from patenwerk.core.policy import Actor, Level, Organisation
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.handlers import handler_of, is_declared
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN

PATIENCE = timedelta(minutes=5)
"""So long may a job wait in the engine's queue before it is handed over once more."""


class CannotCancel(Refusal):
    """The job is over already."""


def enqueue(
    *,
    name: str,
    payload: Mapping[str, Any],
    by: Actor,
    at: datetime,
    scope: Organisation | None = None,
    not_before: datetime | None = None,
) -> Job:
    """Write a job for ``by`` in the open transaction; the engine gets it after the commit, or from
    the sweeper once it is ``not_before``.

    ``name`` was declared with ``job_name``; ``payload`` holds ids and codes as JSON. ``scope``
    is the organisation whose policy decides who else sees the job. Raises ``RuntimeError``
    outside a transaction, ``LookupError`` for a name nobody declared or handles, ``TypeError``
    for a payload that is no JSON.
    """
    if not transaction.get_connection(router.db_for_write(Job)).in_atomic_block:
        raise RuntimeError("A job is written inside the transaction that causes it.")
    if not is_declared(name) or handler_of(name) is None:
        raise LookupError(f"No job is called {name!r}.")
    json.dumps(payload)
    belongs = scope.scope_ids if scope is not None else {}
    job = Job.objects.create(
        name=name,
        payload=dict(payload),
        for_user_id=by.user_id,
        programme_id=belongs.get(Level.PROGRAMME),
        carrier_id=belongs.get(Level.CARRIER),
        site_id=belongs.get(Level.SITE),
        lease_until=not_before or at + PATIENCE,
        created_at=at,
    )
    if not_before is not None:
        return job
    # Robust: an engine that is away must not break the request whose work is saved already. The
    # sweeper hands the job over again.
    transaction.on_commit(lambda: hand_over(job.pk), robust=True)
    return job


def cancel(*, job: Job, by: Actor, at: datetime) -> None:
    """End a job that is queued or running; a running handler notices at its next progress.

    Whether ``by`` may is the policy of the app the job belongs to. Raises :class:`CannotCancel`
    when it is over already.
    """
    cancelled = Job.objects.filter(pk=job.pk, state__in=OPEN).update(
        state=JobState.CANCELLED.value,
        lease_until=None,
        finished_at=at,
        cancelled_by_id=by.user_id,
    )
    if not cancelled:
        raise CannotCancel(Reason("over", _("This job is over already.")))
    job.refresh_from_db()


def hand_over(job_id: int) -> None:
    """Give a stored job to the engine. The engine keeps the path of the task, so do we."""
    import_string("patenwerk.jobs.tasks.run_job").enqueue(job_id)
