"""Background work of gatherings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from django.db import transaction

from patenwerk.gatherings.domain.expert import FORGET_UNANSWERED, forget_unanswered
from patenwerk.gatherings.domain.feedback import ASK, ask_for_feedback
from patenwerk.gatherings.domain.questions import DELETE_ANSWERS, delete_old_answers
from patenwerk.gatherings.domain.registration import LAPSE_OFFERS, keep_the_queue_moving
from patenwerk.gatherings.domain.reminder import REMIND, remind_owners
from patenwerk.gatherings.queries.feedback import feedback_link, gatherings_to_ask
from patenwerk.gatherings.queries.promise import promise_link
from patenwerk.gatherings.queries.registration import gatherings_to_move, registration_link
from patenwerk.jobs.domain.handlers import JobContext, job_handler
from patenwerk.jobs.kernel.schedule import Daily, Every


@job_handler(LAPSE_OFFERS, schedule=Every(timedelta(minutes=5)))
def lapse(job: JobContext) -> Mapping[str, Any]:
    """Give on the seats whose offer ran out, one transaction for each gathering."""
    link, lapsed = registration_link(), 0
    for pk in gatherings_to_move(job.at):
        with transaction.atomic():
            lapsed += keep_the_queue_moving(gathering_id=pk, link=link, by=job.actor, at=job.at)
    return {"lapsed": lapsed}


@job_handler(DELETE_ANSWERS, schedule=Daily(time(3, 40)))
def delete_answers(job: JobContext) -> Mapping[str, Any]:
    """Delete what participants needed when its time is over, every night."""
    with job.finish() as result:
        result["removed"] = delete_old_answers(by=job.actor, at=job.at)
    return result


@job_handler(ASK, schedule=Daily(time(9, 0)))
def ask_participants(job: JobContext) -> Mapping[str, Any]:
    """Ask those who were there how it was, on the morning after."""
    link, told = feedback_link(), 0
    for gathering in gatherings_to_ask(job.at):
        with transaction.atomic():
            told += ask_for_feedback(gathering=gathering, link=link, by=job.actor, at=job.at)
    return {"told": told}


@job_handler(FORGET_UNANSWERED, schedule=Daily(time(3, 50)))
def forget_experts(job: JobContext) -> Mapping[str, Any]:
    """Forget who was asked into the directory and never answered, every night."""
    with job.finish() as result:
        result["removed"] = forget_unanswered(by=job.actor, at=job.at)
    return result


@job_handler(REMIND, schedule=Daily(time(7, 0)))
def remind(job: JobContext) -> Mapping[str, Any]:
    """Remind owners of what they promised, every morning."""
    with job.finish() as result:
        result["reminded"] = remind_owners(link=promise_link(), by=job.actor, at=job.at)
    return result
