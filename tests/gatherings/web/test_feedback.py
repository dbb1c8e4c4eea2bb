"""The pages of feedback: for participants by link, for the organisers behind the login."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.domain.feedback import (
    ASK,
    MOST_QUESTIONS,
    Asked,
    ask_for_feedback,
    change_questionnaire,
    give_feedback,
)
from patenwerk.gatherings.enums import AnswerKind, Seat, State
from patenwerk.gatherings.models import FeedbackSheet, Gathering, Registration
from patenwerk.gatherings.queries.feedback import feedback_panel, feedback_token
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import schedules
from patenwerk.jobs.domain.run import run
from patenwerk.jobs.kernel.schedule import Daily
from patenwerk.mail.models import OutboxMail
from tests.factories.gatherings import STARTS, GatheringFactory, RegistrationFactory
from tests.factories.organisations import CarrierFactory, actor, manager, network_office

NOW = datetime(2026, 3, 14, 10, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
BY = Actor(user_id=7)


def page(name: str, *args: object) -> str:
    return reverse(f"gatherings:{name}", args=args)


@pytest.fixture
def gathering() -> Gathering:
    return GatheringFactory.create(state=State.HELD.value, title="Werkstatt Sprache")


@pytest.fixture
def organiser(client: Client, gathering: Gathering) -> Client:
    client.force_login(network_office(gathering.programme))
    return client


def asked(gathering: Gathering, people: int = 1) -> list[Registration]:
    """People who were there and were asked two questions."""
    change_questionnaire(
        gathering=gathering,
        questions=[
            Asked(kind=AnswerKind.SCALE, text="Gut?"),
            Asked(kind=AnswerKind.TEXT, text="Was noch?"),
        ],
        asks=True,
        is_anonymous=gathering.feedback_anonymous,
        by=BY,
        at=NOW,
    )
    made = RegistrationFactory.create_batch(people, gathering=gathering)
    ask_for_feedback(gathering=gathering, link="{token}", by=BY, at=NOW)
    gathering.refresh_from_db()
    return list(made)


def answer(registration: Registration, value: int, text: str) -> None:
    scale, words = registration.gathering.feedbackquestions.all()
    give_feedback(
        registration=registration,
        answers={scale.pk: value, words.pk: text},
        is_anonymous=registration.gathering.feedback_anonymous,
        at=NOW,
    )


def sent(gathering: Gathering, value: object, text: str, **said: Any) -> dict[str, object]:
    scale, words = gathering.feedbackquestions.all()
    promise = {"is_anonymous": "True"} if gathering.feedback_anonymous else {}
    return {f"answer_{scale.pk}": value, f"answer_{words.pk}": text, **promise, **said}


def form_of(gathering: Gathering, **said: str) -> dict[str, str]:
    """The questionnaire's form with its questions as they are."""
    known = gathering.feedbackquestions.all()
    rows = {f"text_{place}": question.text for place, question in enumerate(known, 1)}
    kinds = {f"kind_{place}": question.kind for place, question in enumerate(known, 1)}
    return {**rows, **kinds, "asks": "on", "is_anonymous": "on", **said}


def test_a_participant_answers_once_without_a_login(client: Client, gathering: Gathering) -> None:
    person = asked(gathering)[0]
    address = page("give_feedback", feedback_token(person))
    shown = client.get(address).content.decode()
    assert "Ihre Antworten sind anonym" in shown
    assert "Werkstatt Sprache" in shown
    assert "5: voll und ganz" in shown
    assert client.post(address, sent(gathering, 5, "Danke")).headers["Location"] == address
    assert "Danke für Ihre Rückmeldung" in client.get(address).content.decode()
    again = client.post(address, sent(gathering, 1, "Nein"))
    assert again.status_code == 422
    assert FeedbackSheet.objects.count() == 1


def test_the_page_says_when_answers_carry_names(client: Client) -> None:
    gathering = GatheringFactory.create(state=State.HELD.value, feedback_anonymous=False)
    person = asked(gathering)[0]
    address = page("give_feedback", feedback_token(person))
    shown = client.get(address).content.decode()
    assert f"Antworten von {person.name}" in shown
    assert "sind anonym" not in shown
    client.post(address, sent(gathering, 5, ""))
    assert FeedbackSheet.objects.get().registration == person


@pytest.mark.parametrize("value", ["", "6", "x"])
def test_nonsense_is_refused_and_nothing_is_lost(
    client: Client, gathering: Gathering, value: str
) -> None:
    person = asked(gathering)[0]
    address = page("give_feedback", feedback_token(person))
    text = "Bleibt stehen" if value else ""
    refused = client.post(address, sent(gathering, value, text))
    assert refused.status_code == 422
    assert text in refused.content.decode()
    assert not FeedbackSheet.objects.exists()


def test_a_link_opens_nothing_for_others_or_too_late(
    client: Client, gathering: Gathering, time_machine: Any
) -> None:
    person = asked(gathering)[0]
    absent = RegistrationFactory.create(gathering=gathering, state=Seat.DECLINED.value)
    assert client.get(page("give_feedback", "unsinn")).status_code == 404
    closed = "Hier kann gerade keine Rückmeldung gegeben werden"
    assert closed in client.get(page("give_feedback", feedback_token(absent))).content.decode()
    time_machine.move_to(datetime(2026, 4, 12, 10, tzinfo=UTC))
    late = page("give_feedback", feedback_token(person))
    assert closed in client.get(late).content.decode()
    assert client.post(late, sent(gathering, 5, "")).status_code == 422


def test_organisers_see_nothing_below_five_and_then_bars_and_words(
    organiser: Client, gathering: Gathering
) -> None:
    people = asked(gathering, 5)
    for place, person in enumerate(people[:4]):
        answer(person, 4, f"Wort {place}")
    shown = organiser.get(page("feedback", gathering.pk)).content.decode()
    assert "nach einer weiteren Antwort zu sehen" in shown
    assert "Wort" not in shown
    empty = organiser.get(page("feedback", gathering.pk), {"format": "csv"}).content.decode()
    assert "Wort 0" not in empty
    answer(people[4], 1, "<b>Schluss</b>")
    shown = organiser.get(page("feedback", gathering.pk)).content.decode()
    assert "Wort 3" in shown
    assert "&lt;b&gt;Schluss" in shown
    assert "<b>3,4</b>" in shown
    assert '<table class="table bars">' in shown
    sheet = organiser.get(page("feedback", gathering.pk), {"format": "csv"})
    lines = sheet.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Frage")
    assert "Gut?;1;0;0;4;0;3.4;;" in lines
    assert sum("Wort " in line for line in lines) == 4
    assert organiser.get(page("feedback", gathering.pk), {"format": "xlsx"}).content[:2] == b"PK"


def test_too_few_answers_stay_hidden_after_the_end(
    organiser: Client, gathering: Gathering, time_machine: Any
) -> None:
    answer(asked(gathering)[0], 4, "Wort")
    time_machine.move_to(datetime(2026, 5, 1, 10, tzinfo=UTC))
    organiser.force_login(network_office(gathering.programme))
    shown = organiser.get(page("feedback", gathering.pk)).content.decode()
    assert "Es haben zu wenige geantwortet" in shown
    assert "Wort" not in shown


def test_names_stand_beside_the_words_where_nothing_else_was_promised(organiser: Client) -> None:
    programme = Gathering.objects.get().programme
    gathering = GatheringFactory.create(
        programme=programme, state=State.HELD.value, feedback_anonymous=False
    )
    person = asked(gathering)[0]
    answer(person, 4, "Wort")
    shown = organiser.get(page("feedback", gathering.pk)).content.decode()
    assert f"({person.name})" in shown


def test_organisers_change_the_questions(organiser: Client, gathering: Gathering) -> None:
    address = page("feedback_questions", gathering.pk)
    assert "Was nehmen Sie mit?" in organiser.get(address).content.decode()
    assert not gathering.feedbackquestions.exists()
    said = {"text_1": "Gut?", "kind_1": "scale", "text_3": "Was noch?", "kind_3": "text"}
    answer = organiser.post(address, said)
    assert answer.headers["Location"] == page("feedback", gathering.pk)
    rows = [(row.text, row.kind) for row in gathering.feedbackquestions.all()]
    assert rows == [("Gut?", "scale"), ("Was noch?", "text")]
    gathering.refresh_from_db()
    assert not gathering.asks_feedback
    assert not gathering.feedback_anonymous
    assert organiser.post(address, {}).status_code == 422


def test_no_more_than_ten_questions_are_offered(organiser: Client, gathering: Gathering) -> None:
    change_questionnaire(
        gathering=gathering,
        questions=[Asked(kind=AnswerKind.SCALE, text=f"Frage {n}") for n in range(MOST_QUESTIONS)],
        asks=True,
        is_anonymous=True,
        by=BY,
        at=NOW,
    )
    shown = organiser.get(page("feedback_questions", gathering.pk)).content.decode()
    assert f'name="text_{MOST_QUESTIONS}"' in shown
    assert f'name="text_{MOST_QUESTIONS + 1}"' not in shown


def test_after_the_first_answer_the_questions_stay(organiser: Client, gathering: Gathering) -> None:
    answer(asked(gathering)[0], 4, "")
    address = page("feedback_questions", gathering.pk)
    assert "Die Fragen bleiben, wie sie sind" in organiser.get(address).content.decode()
    assert organiser.post(address, form_of(gathering, text_1="Neu?")).status_code == 422
    assert gathering.feedbackquestions.filter(text="Gut?").exists()


def test_organisers_ask_by_hand(organiser: Client, gathering: Gathering) -> None:
    RegistrationFactory.create(gathering=gathering)
    address = page("ask_for_feedback", gathering.pk)
    assert "11. April 2026" in organiser.get(address).content.decode()
    assert organiser.post(address).headers["Location"] == page("feedback", gathering.pk)
    assert "/treffen/rueckmeldung/" in OutboxMail.objects.get().body_text
    again = organiser.post(address)
    assert again.status_code == 422
    assert "Alle wurden schon gefragt" in again.content.decode()


def test_others_do_not_reach_the_results(client: Client, gathering: Gathering) -> None:
    client.force_login(manager(CarrierFactory.create(programme=gathering.programme)))
    for name in ("feedback", "feedback_questions", "ask_for_feedback"):
        assert client.get(page(name, gathering.pk)).status_code == 404


@pytest.mark.parametrize(
    ("people", "answers", "expected"),
    [(0, 0, "am Tag danach gefragt"), (1, 0, "Noch hat niemand"), (5, 4, "nach einer weiteren")],
)
def test_the_panel_says_how_far_it_is(
    gathering: Gathering, people: int, answers: int, expected: str
) -> None:
    for person in asked(gathering, people)[:answers] if people else []:
        answer(person, 4, "")
    who = actor(network_office(gathering.programme))
    panel = feedback_panel(who, [gathering.pk], NOW.date())[gathering.pk]
    shown = render_to_string("gatherings/_feedback_panel.html", {"panel": panel})
    assert expected in shown
    gathering.asks_feedback = False
    gathering.save()
    silent = feedback_panel(who, [gathering.pk], NOW.date())[gathering.pk]
    said = render_to_string("gatherings/_feedback_panel.html", {"panel": silent})
    assert ("wird nicht um Rückmeldung gebeten" in said) == (people == 0)


@pytest.mark.parametrize("rows", [5, 10])
def test_results_cost_the_same_for_any_number(
    organiser: Client,
    gathering: Gathering,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for person in asked(gathering, rows):
        answer(person, 4, "Wort")
    organiser.get(page("feedback", gathering.pk))
    with django_assert_num_queries(8):
        organiser.get(page("feedback", gathering.pk))


def test_every_morning_those_who_were_there_are_asked(gathering: Gathering) -> None:
    assert schedules()[ASK] == Daily(time(9))
    RegistrationFactory.create_batch(2, gathering=gathering)
    assert gathering.starts_at == STARTS
    for told in (2, 0):
        with transaction.atomic():
            job = enqueue(name=ASK, payload={}, by=Actor(user_id=None), at=NOW)
        run(job_id=job.pk, clock=lambda: NOW)
        job.refresh_from_db()
        assert job.result == {"told": told}
    assert OutboxMail.objects.filter(kind="feedback_asked").count() == 2
