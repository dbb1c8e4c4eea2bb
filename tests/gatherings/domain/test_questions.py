"""What participants are asked and need: consent, choices, deletion, and who looked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from patenwerk.audit.models import AuditEntry
from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.questions import (
    Asked,
    CannotAnswer,
    CannotAsk,
    answer,
    delete_old_answers,
    kept_until,
    record_look,
    set_questions,
)
from patenwerk.gatherings.enums import Need, Seat, State
from patenwerk.gatherings.models import Answer, Gathering, Question, Registration
from tests.factories.gatherings import GatheringFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
BY = Actor(user_id=7)
FOOD = Asked(need=Need.FOOD, text="Was essen Sie?", choices="alles\n vegan \n\n")
ACCESS = Asked(need=Need.ACCESS, text="Was brauchen Sie am Ort?")


def ask(gathering: Gathering, *questions: Asked) -> list[Question]:
    set_questions(gathering=gathering, questions=questions, by=BY, at=AT)
    return list(gathering.questions.order_by("position"))


def said(
    row: Registration, answers: dict[int, str], *, consents: bool = True, at: datetime = AT
) -> dict[str, str]:
    answer(registration=row, answers=answers, consents=consents, by=Actor(user_id=None), at=at)
    return dict(row.answers.values_list("question__text", "text"))


def codes(refusal: Any) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def row() -> Registration:
    made: Registration = RegistrationFactory.create(gathering__answers_until=date(2026, 4, 1))
    return made


def test_questions_are_set_reordered_changed_and_removed(row: Registration) -> None:
    gathering = row.gathering
    food, access = ask(gathering, FOOD, ACCESS)
    assert food.lines == ["alles", "vegan"]
    assert (food.programme_id, food.carrier_id) == (gathering.programme_id, None)
    said(row, {food.pk: "vegan", access.pk: "Rampe"})
    again = ask(
        gathering,
        Asked(pk=access.pk, need=Need.OTHER, text="Was brauchen Sie?"),
        Asked(need=Need.SIGN_LANGUAGE, text="Gebärdensprache?"),
    )
    assert [(one.need, one.text) for one in again] == [
        ("other", "Was brauchen Sie?"),
        ("sign_language", "Gebärdensprache?"),
    ]
    assert again[0].pk == access.pk
    assert [one.text for one in Answer.objects.all()] == ["Rampe"]
    assert ask(gathering) == []
    assert not Answer.objects.exists()
    assert AuditEntry.objects.filter(action="gatherings.set_questions").count() == 3


def test_a_question_of_another_gathering_is_not_taken_over(row: Registration) -> None:
    other = GatheringFactory.create()
    (foreign,) = ask(other, FOOD)
    (made,) = ask(row.gathering, Asked(pk=foreign.pk, need=Need.FOOD, text="Neu"))
    assert made.pk != foreign.pk
    foreign.refresh_from_db()
    assert (foreign.gathering, foreign.text) == (other, FOOD.text)


@pytest.mark.parametrize("state", [State.HELD, State.DOCUMENTED, State.CANCELLED])
def test_nothing_is_asked_afterwards(state: State) -> None:
    gathering = GatheringFactory.create(state=state.value)
    with pytest.raises(CannotAsk) as refused:
        ask(gathering, FOOD)
    assert codes(refused) == ["over"]


def test_a_choice_is_no_longer_than_an_answer(row: Registration) -> None:
    with pytest.raises(CannotAsk) as refused:
        ask(row.gathering, FOOD, Asked(need=Need.FOOD, text="?", choices="kurz\n" + "x" * 301))
    assert [(one.code, one.field) for one in refused.value.reasons] == [("too_long", "choices-1")]
    assert not Question.objects.exists()


def test_answers_take_the_place_of_earlier_ones_and_can_be_taken_back(row: Registration) -> None:
    food, access = ask(row.gathering, FOOD, ACCESS)
    assert said(row, {food.pk: "vegan", access.pk: "  Rampe "}) == {
        FOOD.text: "vegan",
        ACCESS.text: "Rampe",
    }
    kept = Answer.objects.first()
    assert kept is not None
    assert (kept.consented_at, kept.programme_id) == (AT, row.gathering.programme_id)
    assert said(row, {food.pk: "alles", access.pk: " "}) == {FOOD.text: "alles"}
    assert said(row, {food.pk: ""}, consents=False) == {}
    entries = AuditEntry.objects.filter(action="gatherings.answer").order_by("pk")
    assert [entry.details for entry in entries] == [
        {"questions": sorted([food.pk, access.pk])},
        {"questions": [food.pk]},
        {"questions": []},
    ]


def test_nothing_is_kept_without_consent(row: Registration) -> None:
    (food,) = ask(row.gathering, FOOD)
    said(row, {food.pk: "vegan"})
    with pytest.raises(CannotAnswer) as refused:
        said(row, {food.pk: "alles"}, consents=False)
    assert [(one.code, one.field) for one in refused.value.reasons] == [("consent", "consents")]
    assert [one.text for one in Answer.objects.all()] == ["vegan"]


def test_an_answer_fits_its_question(row: Registration) -> None:
    food, access = ask(row.gathering, FOOD, ACCESS)
    (foreign,) = ask(GatheringFactory.create(), FOOD)
    with pytest.raises(CannotAnswer) as refused:
        said(row, {food.pk: "Rampe", access.pk: "x" * 301, foreign.pk: "vegan"})
    assert [(one.code, one.field) for one in refused.value.reasons] == [
        ("not_offered", f"question-{food.pk}"),
        ("too_long", f"question-{access.pk}"),
        ("unknown", None),
    ]
    assert not Answer.objects.exists()


def test_who_does_not_come_needs_nothing(row: Registration) -> None:
    (food,) = ask(row.gathering, FOOD)
    Registration.objects.filter(pk=row.pk).update(state=Seat.DECLINED)
    with pytest.raises(CannotAnswer) as refused:
        said(row, {food.pk: "vegan"})
    assert codes(refused) == ["declined"]


def test_nothing_is_kept_after_the_day_or_at_a_cancelled_gathering(row: Registration) -> None:
    (food,) = ask(row.gathering, FOOD)
    last = datetime(2026, 4, 1, 21, 59, tzinfo=UTC)
    said(row, {food.pk: "vegan"}, at=last)
    with pytest.raises(CannotAnswer) as refused:
        said(row, {food.pk: "alles"}, at=last + timedelta(minutes=1))
    assert codes(refused) == ["too_late"]
    Gathering.objects.update(state=State.CANCELLED, cancel_reason="Der Ort fällt aus.")
    with pytest.raises(CannotAnswer) as refused:
        said(row, {food.pk: "alles"})
    assert codes(refused) == ["too_late"]


def test_without_a_day_answers_are_kept_until_the_gathering_ends() -> None:
    gathering = Gathering(ends_at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    assert kept_until(gathering) == date(2026, 4, 1)
    gathering.answers_until = date(2026, 5, 1)
    assert kept_until(gathering) == date(2026, 5, 1)


def test_every_night_the_answers_go_whose_time_is_over() -> None:
    days: list[tuple[str, dict[str, Any]]] = [
        ("over", {"answers_until": date(2026, 3, 31)}),
        ("last day", {"answers_until": date(2026, 4, 1)}),
        (
            "ended, no day",
            {
                "starts_at": datetime(2026, 3, 31, 8, tzinfo=UTC),
                "ends_at": datetime(2026, 3, 31, 21, 59, tzinfo=UTC),
            },
        ),
        (
            "ends today, no day",
            {
                "starts_at": datetime(2026, 3, 31, 8, tzinfo=UTC),
                "ends_at": datetime(2026, 3, 31, 22, 1, tzinfo=UTC),
            },
        ),
        ("to come", {"starts_at": datetime(2026, 5, 1, 8, tzinfo=UTC)}),
        (
            "cancelled",
            {"state": State.CANCELLED.value, "answers_until": date(2026, 5, 1)},
        ),
    ]
    for title, values in days:
        row = RegistrationFactory.create(gathering=GatheringFactory.create(title=title, **values))
        question = Question.objects.create(
            gathering=row.gathering, need=Need.FOOD, text="?", **row.gathering.organiser_columns
        )
        for text in ("vegan",):
            Answer.objects.create(
                gathering=row.gathering,
                registration=row,
                question=question,
                text=text,
                consented_at=AT,
                **row.gathering.organiser_columns,
            )
    night = datetime(2026, 4, 1, 1, 40, tzinfo=UTC)
    assert delete_old_answers(by=Actor(user_id=None), at=night) == 3
    left = Answer.objects.values_list("gathering__title", flat=True)
    assert set(left) == {"last day", "ends today, no day", "to come"}
    entries = AuditEntry.objects.filter(action="gatherings.delete_answers")
    assert [entry.details for entry in entries] == [{"answers": 1}] * 3
    assert delete_old_answers(by=Actor(user_id=None), at=night) == 0


def test_a_look_is_written_down_each_time(row: Registration) -> None:
    record_look(gathering=row.gathering, by=BY, at=AT)
    record_look(gathering=row.gathering, by=BY, at=AT)
    entries = AuditEntry.objects.filter(action="gatherings.see_needs")
    assert [(entry.actor_id, entry.object_id) for entry in entries] == [(7, row.gathering_id)] * 2
