"""Offers that ran out and answers whose day has passed go by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.questions import DELETE_ANSWERS
from patenwerk.gatherings.domain.registration import LAPSE_OFFERS
from patenwerk.gatherings.enums import Need, Seat
from patenwerk.gatherings.models import Answer, Question
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import schedules
from patenwerk.jobs.domain.run import run
from patenwerk.jobs.kernel.schedule import Daily, Every
from patenwerk.jobs.models import Job
from patenwerk.mail.models import OutboxMail
from tests.factories.gatherings import GatheringFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


def done(name: str, at: datetime) -> Job:
    with transaction.atomic():
        job = enqueue(name=name, payload={}, by=Actor(user_id=None), at=at)
    run(job_id=job.pk, clock=lambda: at)
    job.refresh_from_db()
    return job


def test_they_are_started_by_the_clock() -> None:
    assert schedules()[LAPSE_OFFERS] == Every(timedelta(minutes=5))
    assert schedules()[DELETE_ANSWERS] == Daily(time(3, 40))


def test_every_few_minutes_offers_that_ran_out_go_to_the_next() -> None:
    gathering = GatheringFactory.create(capacity=1, seats_taken=1)
    first = RegistrationFactory.create(
        gathering=gathering,
        state=Seat.OFFERED,
        waiting_since=AT,
        offered_until=AT + timedelta(hours=48),
    )
    first.steps_taken.create(
        step="offer", from_state="waiting", to_state="offered", by_id=None, at=AT
    )
    second = RegistrationFactory.create(gathering=gathering, state=Seat.WAITING, waiting_since=AT)
    assert done(LAPSE_OFFERS, AT).result == {"lapsed": 0}
    job = done(LAPSE_OFFERS, AT + timedelta(hours=48))
    assert (job.state, job.result) == ("done", {"lapsed": 1})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("waiting", "offered")
    mail = OutboxMail.objects.get(kind="registration_offer")
    assert mail.to == second.email
    assert "http://localhost:8000/treffen/link/" in mail.body_text


def test_every_night_answers_go_whose_day_has_passed() -> None:
    row = RegistrationFactory.create(gathering__answers_until=date(2026, 2, 1))
    columns = {"gathering": row.gathering, **row.gathering.organiser_columns}
    question = Question.objects.create(need=Need.FOOD, text="?", **columns)
    Answer.objects.create(
        registration=row, question=question, text="vegan", consented_at=AT, **columns
    )
    assert done(DELETE_ANSWERS, AT).result == {"removed": 1}
    assert not Answer.objects.exists()
