"""What is shown of feedback, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.feedback import (
    Asked,
    ask_for_feedback,
    change_questionnaire,
    give_feedback,
)
from patenwerk.gatherings.enums import AnswerKind, State
from patenwerk.gatherings.models import Gathering
from patenwerk.gatherings.queries.feedback import (
    ScaleResult,
    feedback_panel,
    feedback_results,
    feedback_token,
    gatherings_to_ask,
    registration_by_feedback_token,
)
from patenwerk.gatherings.queries.registration import token_of
from tests.factories.gatherings import STARTS, GatheringFactory, RegistrationFactory
from tests.factories.organisations import CarrierFactory, actor, manager, network_office

pytestmark = pytest.mark.django_db
BY = Actor(user_id=7)
AFTER = STARTS + timedelta(days=1)
OVER = STARTS + timedelta(days=31)


def answered(count: int, *, is_anonymous: bool = True, numbers: tuple[int, ...] = ()) -> Gathering:
    """A gathering with so many answers; the n-th says »Antwort n«."""
    gathering: Gathering = GatheringFactory.create(state=State.HELD.value)
    questions = [
        Asked(kind=AnswerKind.SCALE, text="Gut?"),
        Asked(kind=AnswerKind.TEXT, text="Was noch?"),
    ]
    change_questionnaire(
        gathering=gathering,
        questions=questions,
        asks=True,
        is_anonymous=is_anonymous,
        by=BY,
        at=AFTER,
    )
    people = RegistrationFactory.create_batch(max(count, 1), gathering=gathering)
    ask_for_feedback(gathering=gathering, link="{token}", by=BY, at=AFTER)
    gathering.refresh_from_db()
    scale, text = gathering.feedbackquestions.all()
    for place, person in enumerate(people[:count]):
        answers: dict[int, int | str] = {text.pk: f"Antwort {place}"}
        if place < len(numbers):
            answers[scale.pk] = numbers[place]
        give_feedback(registration=person, answers=answers, is_anonymous=is_anonymous, at=AFTER)
    return gathering


def test_a_link_opens_feedback_and_nothing_else_does() -> None:
    registration = RegistrationFactory.create()
    assert registration_by_feedback_token(feedback_token(registration)) == registration
    assert registration_by_feedback_token(token_of(registration)) is None
    assert registration_by_feedback_token("x") is None


def test_gatherings_are_asked_from_the_next_day_on() -> None:
    today = datetime(2026, 3, 12, 22, tzinfo=UTC)
    due = GatheringFactory.create(state=State.DOCUMENTED.value, starts_at=today - timedelta(days=2))
    held = {"state": State.HELD.value}
    GatheringFactory.create(**held)
    GatheringFactory.create(**held, starts_at=today - timedelta(days=31))
    GatheringFactory.create(**held, starts_at=today - timedelta(days=2), asks_feedback=False)
    GatheringFactory.create(
        **held, starts_at=today - timedelta(days=2), feedback_asked_at=today - timedelta(days=1)
    )
    GatheringFactory.create(state=State.CLOSED.value, starts_at=today - timedelta(days=2))
    assert list(gatherings_to_ask(today)) == [due]


@pytest.mark.parametrize(
    ("count", "shown", "missing"), [(0, 0, 5), (4, 0, 1), (5, 5, 0), (7, 5, 3), (10, 10, 0)]
)
def test_anonymous_answers_are_shown_in_groups_of_five(
    count: int, shown: int, missing: int
) -> None:
    gathering = answered(count)
    results = feedback_results(gathering, AFTER.date())
    assert (results.given, results.shown, results.missing) == (count, shown, missing)
    assert results.asked == max(count, 1)
    said = results.texts[0].answers
    assert sorted(each.text for each in said) == [f"Antwort {place}" for place in range(shown)]
    assert {each.name for each in said} <= {""}


@pytest.mark.parametrize(("count", "shown"), [(4, 0), (7, 7)])
def test_after_the_last_day_the_rest_joins_those_shown(count: int, shown: int) -> None:
    results = feedback_results(answered(count), OVER.date())
    assert results.shown == shown
    assert len(results.texts[0].answers) == shown


def test_numbers_are_counted_and_their_mean_taken() -> None:
    results = feedback_results(answered(5, numbers=(5, 5, 4, 1)), AFTER.date())
    scale = results.scales[0]
    assert scale.counts == (1, 0, 0, 1, 2)
    assert scale.rows == [(5, 2), (4, 1), (3, 0), (2, 0), (1, 1)]
    assert (scale.answered, scale.mean) == (4, 3.75)
    assert ScaleResult(question=scale.question, counts=(0,) * 5).mean is None


def test_answers_with_a_name_are_shown_from_the_first_on() -> None:
    results = feedback_results(answered(2, is_anonymous=False), AFTER.date())
    assert (results.shown, results.missing) == (2, 0)
    assert [each.name for each in results.texts[0].answers] == sorted(
        each.name for each in results.texts[0].answers
    )
    assert all(each.name for each in results.texts[0].answers)


def test_the_panel_is_the_organisers_and_says_what_can_be_done() -> None:
    gathering = answered(5)
    waiting = GatheringFactory.create(programme=gathering.programme, state=State.HELD.value)
    ids = [gathering.pk, waiting.pk]
    who = actor(network_office(gathering.programme), AFTER.date())
    panels = feedback_panel(who, ids, AFTER.date())
    shown = panels[gathering.pk]
    assert (shown["given"], shown["has_results"], shown["may_ask"]) == (5, True, False)
    assert (panels[waiting.pk]["given"], panels[waiting.pk]["may_ask"]) == (0, True)
    assert not feedback_panel(who, ids, OVER.date())[waiting.pk]["may_ask"]
    cancelled = GatheringFactory.create(programme=gathering.programme, state=State.CANCELLED.value)
    assert feedback_panel(who, [cancelled.pk], AFTER.date()) == {}
    carrier = CarrierFactory.create(programme=gathering.programme)
    assert feedback_panel(actor(manager(carrier)), ids, AFTER.date()) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_panels_cost_the_same_for_any_number(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    gatherings = [answered(1)]
    for _ in range(rows - 1):
        gatherings.append(GatheringFactory.create(programme=gatherings[0].programme))
    who = actor(network_office(gatherings[0].programme))
    with django_assert_num_queries(1):
        panels = feedback_panel(who, [row.pk for row in gatherings], AFTER.date())
    assert len(panels) == rows


@pytest.mark.parametrize("rows", [5, 10])
def test_results_cost_the_same_for_any_number(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    gathering = answered(rows)
    with django_assert_num_queries(4):
        results = feedback_results(gathering, AFTER.date())
    assert results.shown == rows
