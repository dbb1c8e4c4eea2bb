"""»Both« is said of two people, »all« of more: in sentences, on steps and on pages."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from patenwerk.organisations.models import Site
from patenwerk.people.enums import Side
from patenwerk.tandems.domain.lifecycle import LIFECYCLE
from patenwerk.tandems.enums import Acceptance, EndReason, State
from patenwerk.tandems.models import Participant, Tandem
from patenwerk.tandems.queries.everybody import GROUP, PAIR, Everybody, everybody_in, everybody_of
from patenwerk.tandems.queries.tandem import with_people
from tests.factories.organisations import SiteFactory, coordinator
from tests.factories.people import MentorFactory
from tests.factories.tandems import ParticipantFactory, group_of, tandem_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]

OF_TWO = {"de": ("beide", "diese beiden"), "en": ("both", "two")}
OF_MORE = {
    "de": ("alle", "diese menschen", "gruppe"),
    "en": ("everybody", "all", "people", "group"),
}


@pytest.fixture
def site() -> Site:
    return SiteFactory.create()


def sentences(everybody: Everybody) -> list[str]:
    return [str(getattr(everybody, one.name)).lower() for one in fields(Everybody)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_sentence_says_of_how_many_it_is(language: str) -> None:
    with translation.override(language):
        for said, words, others in (
            (PAIR, OF_TWO[language], {"alle", "everybody"}),
            (GROUP, OF_MORE[language], {"beide", "beiden", "both", "two"}),
        ):
            for sentence in sentences(said):
                assert any(word in sentence for word in words), sentence
                assert not others & set(sentence.replace(".", "").split()), sentence


@pytest.mark.parametrize(("people", "said"), [(2, PAIR), (3, GROUP), (50, GROUP)])
def test_more_than_two_are_a_group(people: int, said: Everybody) -> None:
    assert everybody_of(people) is said


def test_only_steps_that_are_about_everybody_are_called_otherwise() -> None:
    own = {
        step.name
        for step in LIFECYCLE.steps
        if PAIR.label_of(step) != step.label or GROUP.label_of(step) != step.label
    }
    assert own == {"agree", "activate"}
    with translation.override("de"):
        said = [str(each.label_of(LIFECYCLE.step("activate"))) for each in (PAIR, GROUP)]
    assert said == ["Beide wollen weitermachen", "Alle wollen weitermachen"]


def test_it_is_said_of_those_who_are_there(
    site: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    group = group_of(site, 2)
    with django_assert_num_queries(1):
        assert everybody_in(group) is GROUP
    known = with_people(Tandem.objects.all()).get(pk=group.pk)
    with django_assert_num_queries(0):
        assert everybody_in(known) is GROUP
    leaving = group.participants.filter(side=Side.MENTEE).last()
    assert leaving is not None
    leaving.left_on = date(2026, 11, 2)
    leaving.save()
    assert everybody_in(group) is PAIR, "who has left is not asked any more"
    substitute = MentorFactory.create(site=site)
    ParticipantFactory.create(tandem=group, person=substitute, is_substitute=True)
    assert everybody_in(group) is GROUP, "who stands in is asked, too"


def text_of(client: Client, name: str, pk: int, **kwargs: str) -> str:
    return client.get(reverse(f"tandems:{name}", args=[pk]), headers=kwargs).content.decode()


def pair_and_group(site: Site, state: State) -> list[tuple[Tandem, str]]:
    """A pair and a group in a state, each with the word for everybody in it."""
    said: dict[str, Any] = {}
    if state is State.ENDED:
        said = {"ended_on": date(2026, 11, 1), "end_reason": EndReason.NO_TIME.value}
    pair, group = tandem_of(site=site, state=state, **said), group_of(site, 2, state=state, **said)
    if state is State.PROPOSED:
        Participant.objects.filter(tandem=group).update(
            acceptance=Acceptance.OPEN, answered_on=None
        )
    return [(pair, "Beide"), (group, "Alle")]


def test_the_page_of_a_proposal(client: Client, site: Site) -> None:
    client.force_login(coordinator(site))
    for tandem, word in pair_and_group(site, State.PROPOSED):
        text = text_of(client, "tandem", tandem.pk)
        assert f"{word} fragen" in text
        assert f"{word} werden getrennt gefragt und können ohne Grund ablehnen." in text


def test_the_last_yes_says_who_has_agreed(client: Client, site: Site) -> None:
    client.force_login(coordinator(site))
    for tandem, word in pair_and_group(site, State.PROPOSED):
        *others, last = (
            reverse("tandems:answer", args=[row.pk]) for row in tandem.participants.all()
        )
        for address in others:
            client.post(address, {"acceptance": "accepted"})
        told = client.post(last, {"acceptance": "accepted"}, follow=True).content.decode()
        sentence = f"{word} haben zugesagt. Die Schnupperphase kann beginnen."
        assert sentence in told
        assert f"<h3>{word} haben zugesagt</h3>" in told
        day = client.get(reverse("desk:day")).content.decode()
        assert sentence in day
        Tandem.objects.filter(pk=tandem.pk).update(state=State.PAUSED)


def test_the_step_after_the_trial(client: Client, site: Site) -> None:
    client.force_login(coordinator(site))
    for tandem, word in pair_and_group(site, State.TRIAL):
        Tandem.objects.filter(pk=tandem.pk).update(
            meeting_count=1, founded_on=date(2026, 10, 10), last_meeting_on=date(2026, 10, 10)
        )
        Participant.objects.filter(tandem=tandem).update(acceptance=Acceptance.ACCEPTED)
        assert f'value="activate">{word} wollen weitermachen</button>' in text_of(
            client, "tandem", tandem.pk
        )
        client.post(reverse("tandems:step", args=[tandem.pk]), {"step": "activate"})
        told = text_of(client, "tandem", tandem.pk)
        assert f"Schnupperphase beendet, {word.lower()} machen weiter" in told


def test_a_new_beginning(client: Client, site: Site) -> None:
    client.force_login(coordinator(site))
    for tandem, word in pair_and_group(site, State.ENDED):
        assert f"Fragen Sie {word.lower()} offen" in text_of(client, "restart", tandem.pk)
        told = client.post(
            reverse("tandems:restart", args=[tandem.pk]),
            {
                "kind": tandem.kind_id,
                "focus": tandem.focus_id,
                "field": tandem.field_id,
                "why": "x",
            },
            follow=True,
        )
        assert f"Jetzt werden {word.lower()} gefragt." in told.content.decode()
