"""One link, many hands at the same moment: one sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.feedback import ask_for_feedback, give_feedback
from patenwerk.gatherings.enums import State
from patenwerk.gatherings.models import FeedbackSheet, Registration
from tests.factories.gatherings import STARTS, GatheringFactory, RegistrationFactory
from tests.races.threads import at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = STARTS + timedelta(days=1)


def test_whoever_presses_twice_has_answered_once() -> None:
    gathering = GatheringFactory.create(state=State.HELD.value)
    people = RegistrationFactory.create_batch(6, gathering=gathering)
    with transaction.atomic():
        ask_for_feedback(gathering=gathering, link="{token}", by=Actor(user_id=1), at=AFTER)
    question = gathering.feedbackquestions.first()
    assert question is not None

    def give(pk: int) -> None:
        with transaction.atomic():
            give_feedback(
                registration=Registration.objects.select_related("gathering").get(pk=pk),
                answers={question.pk: 4},
                is_anonymous=True,
                at=AFTER,
            )

    works = [lambda pk=person.pk: give(pk) for person in people for _ in range(2)]
    done, refused = split(at_once(*works))
    assert (len(done), len(refused)) == (6, 6)
    assert {reason.code for each in refused for reason in each.reasons} == {"given"}
    assert FeedbackSheet.objects.count() == 6
    # The fifth of six made the group large enough; the sixth waits for four more.
    assert FeedbackSheet.objects.filter(is_shown=True).count() == 5
