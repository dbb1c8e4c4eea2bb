"""Rounds are calculated in the background, those of a site as those over all carriers."""

from __future__ import annotations

from datetime import timedelta

from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.matching.domain.programme_round import (
    PROGRAMME_ROUND,
    fail_programme_round,
    planned_programme_round,
    store_programme_round,
)
from patenwerk.matching.domain.replay import REPLAY, fail_replay, planned_replay, store_replay
from patenwerk.matching.domain.round import ROUND, fail_round, planned_round, store_round
from patenwerk.matching.kernel.rounds import RoundTooLarge, UnfitProfile


@job_handler(ROUND, lease=timedelta(minutes=5))
def calculate(job: JobContext) -> None:
    """Calculate first, then write once: the pairs and »done« are one transaction."""
    round_id = job.payload["round"]
    try:
        plan = planned_round(round_id=round_id, at=job.at, watch=job.progress)
    except (RoundTooLarge, UnfitProfile):
        # Trying again would not help.
        with job.finish() as result:
            fail_round(round_id=round_id, by=job.actor, at=job.at)
            result["failed"] = True
        return
    with job.finish() as result:
        result["pairs"] = store_round(plan=plan, by=job.actor, at=job.at)


@job_handler(PROGRAMME_ROUND, lease=timedelta(minutes=15))
def calculate_for_programme(job: JobContext) -> None:
    """The same over all carriers. The job's result holds no figure: the round's page does."""
    round_id = job.payload["round"]
    try:
        plan = planned_programme_round(round_id=round_id, at=job.at, watch=job.progress)
    except (RoundTooLarge, UnfitProfile):
        with job.finish() as result:
            fail_programme_round(round_id=round_id, by=job.actor, at=job.at)
            result["failed"] = True
        return
    with job.finish():
        store_programme_round(plan=plan, by=job.actor, at=job.at)


@job_handler(REPLAY, lease=timedelta(minutes=5))
def play_again(job: JobContext) -> None:
    """What would have been with other rhythms; nobody is matched."""
    replay_id = job.payload["replay"]
    try:
        figures = planned_replay(replay_id=replay_id, watch=job.progress)
    except (RoundTooLarge, UnfitProfile):
        with job.finish() as result:
            fail_replay(replay_id=replay_id)
            result["failed"] = True
        return
    with job.finish() as result:
        result["rhythms"] = store_replay(replay_id=replay_id, figures=figures)
