"""Runs of letters and the letters in them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from patenwerk.core.policy import Actor, visible
from patenwerk.jobs.models import Job
from patenwerk.jobs.models.job import OPEN
from patenwerk.letters.enums import RunState
from patenwerk.letters.models import Letter, LetterFile, LetterRun
from patenwerk.letters.models.run import FILE_DAYS, RUN_DAYS
from patenwerk.letters.policy import MAKE_LETTERS
from patenwerk.tandems.models import Participant


def runs(actor: Actor) -> QuerySet[LetterRun]:
    """The runs of the actor's sites that came to letters or are being made, newest first."""
    begun = ~Q(state=RunState.CHOSEN) | Q(job_id__isnull=False)
    return LetterRun.objects.filter(visible(actor, MAKE_LETTERS, LetterRun), begun).select_related(
        "site", "asked_by"
    )


def letters_of(run: LetterRun) -> QuerySet[Letter]:
    """The letters of a run with everything they tell of: five queries at most for any
    number of them, guardians with their people.
    """
    people = Participant.objects.select_related("person").prefetch_related("person__guardians")
    return (
        Letter.objects.filter(run=run)
        .select_related("person", "tandem__kind", "tandem__focus", "tandem__field")
        .prefetch_related("person__guardians", Prefetch("tandem__participants", queryset=people))
    )


def file_of(run: LetterRun) -> bytes | None:
    """What was made, or None once it was erased."""
    found = LetterFile.objects.filter(run=run).first()
    return None if found is None else bytes(found.data)


def mailed_count(run: LetterRun) -> tuple[int, int]:
    """How many of a run's e-mails are in the outbox, and how many there are in all."""
    letters = Letter.objects.filter(run=run, left_out="")
    counted = letters.aggregate(done=Count("mailed_at"), total=Count("pk"))
    return counted["done"], counted["total"]


def job_of(run: LetterRun) -> Job | None:
    """The job that makes the letters or last tried to."""
    return None if run.job_id is None else Job.objects.filter(pk=run.job_id).first()


def is_being_made(run: LetterRun) -> bool:
    """Whether a job has the run in hand."""
    job = job_of(run)
    return job is not None and job.state in OPEN


def overdue_files(at: datetime) -> QuerySet[LetterRun]:
    """Runs whose file has waited long enough, over all organisations, for the nightly erasure."""
    return LetterRun.objects.filter(state=RunState.MADE, made_at__lt=at - timedelta(days=FILE_DAYS))


def overdue_runs(at: datetime) -> QuerySet[LetterRun]:
    """Choices nobody made into letters, and letters of a year ago; over all organisations."""
    forgotten = Q(state=RunState.CHOSEN, asked_at__lt=at - timedelta(days=FILE_DAYS))
    return LetterRun.objects.filter(forgotten | Q(asked_at__lt=at - timedelta(days=RUN_DAYS)))
