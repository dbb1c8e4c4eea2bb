"""Every page of tandems, as the roles see it."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from patenwerk.tandems.enums import State
from patenwerk.tandems.models import Tandem
from tests.factories.organisations import SiteFactory, coordinator, manager, office
from tests.factories.people import MenteeFactory, MentorFactory
from tests.factories.tandems import tandem_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23 10:00", tick=False)]


def page(name: str, *args: object) -> str:
    return reverse(f"tandems:{name}", args=args)


def meeting(tandem: Tandem, **said: object) -> dict[str, object]:
    """What the quick form sends."""
    return {
        "when": "today",
        "length": "60",
        "place": "in_person",
        "came": [row.pk for row in tandem.participants.all()],
        "form_key": uuid.uuid4(),
        **said,
    }


@pytest.fixture
def tandem() -> Tandem:
    return tandem_of(state=State.ACTIVE)


def test_from_both_answers_to_the_end(client: Client) -> None:
    tandem = tandem_of(state=State.PROPOSED, meetings=())
    client.force_login(coordinator(tandem.site))
    for participant in tandem.participants.all():
        client.post(page("answer", participant.pk), {"acceptance": "accepted"})
    client.post(page("step", tandem.pk), {"step": "start_trial"})
    client.post(page("log_meeting", tandem.pk), meeting(tandem))
    client.post(page("step", tandem.pk), {"step": "activate"})
    client.post(page("end", tandem.pk), {"reason": "goal_reached", "ended_on": "2026-11-23"})
    tandem.refresh_from_db()
    assert (tandem.state, tandem.end_reason, tandem.founded_on, tandem.meeting_count) == (
        "ended",
        "goal_reached",
        date(2026, 11, 23),
        1,
    )
    assert list(tandem.steps_taken.values_list("step", flat=True)) == [
        "agree",
        "start_trial",
        "activate",
        "end",
    ]
    assert client.get(page("tandem", tandem.pk)).status_code == 200


def test_what_is_to_be_done_stands_before_what_was(client: Client, tandem: Tandem) -> None:
    client.force_login(coordinator(tandem.site))
    text = client.get(page("tandem", tandem.pk)).content.decode()
    parts = ['id="quick"', 'class="card nextstep"', 'class="lifeline"', 'id="story"', 'id="people"']
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_the_list_of_people_says_who_is_in_a_tandem_and_who_waits(
    client: Client, tandem: Tandem
) -> None:
    waiting = MenteeFactory.create(site=tandem.site, waiting_since=date(2026, 11, 13))
    ended = {"ended_on": date(2026, 11, 1), "end_reason": "goal_reached"}
    gone = tandem_of(state=State.ENDED, site=tandem.site, **ended)
    client.force_login(coordinator(tandem.site))
    lines = client.get(reverse("people:people")).context["lines"]
    seen = {line["person"].pk: [one.context for one in line["panels"]] for line in lines}
    mine = {row.person_id: [{"tandems": [tandem]}] for row in tandem.participants.all()}
    over = {row.person_id: [] for row in gone.participants.all()}
    assert seen == {waiting.pk: [], **mine, **over}
    text = client.get(reverse("people:people")).content.decode()
    assert "wartet seit 10 Tagen" in text
    assert text.count(f'href="{page("tandem", tandem.pk)}"') == 2


def test_the_same_form_twice_logs_one_meeting(client: Client, tandem: Tandem) -> None:
    client.force_login(coordinator(tandem.site))
    said = meeting(tandem)
    for _twice in range(2):
        assert client.post(page("log_meeting", tandem.pk), said).status_code == 302
    tandem.refresh_from_db()
    assert tandem.meeting_count == 2


def test_what_is_missing_is_said_and_nothing_is_lost(client: Client, tandem: Tandem) -> None:
    client.force_login(coordinator(tandem.site))
    answer = client.post(
        page("log_meeting", tandem.pk), meeting(tandem, when="other", topic="Lebenslauf")
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["held_on"]
    assert "Lebenslauf" in answer.content.decode()


def test_the_list_shows_exactly_the_own_tandems(client: Client, tandem: Tandem) -> None:
    sibling = tandem_of(site=SiteFactory.create(carrier=tandem.carrier))
    tandem_of()
    client.force_login(coordinator(tandem.site))
    assert set(client.get(page("list")).context["rows"]) == {tandem}
    client.force_login(manager(tandem.carrier))
    assert set(client.get(page("list")).context["rows"]) == {tandem, sibling}
    client.force_login(office(tandem.programme))
    assert client.get(page("list")).status_code == 404


@pytest.mark.parametrize(("who", "queries"), [("coordinator", 8), ("manager", 7)])
def test_the_list_costs_the_same_with_one_row_and_three(
    client: Client,
    tandem: Tandem,
    who: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = coordinator(tandem.site) if who == "coordinator" else manager(tandem.carrier)
    client.force_login(account)
    for _more in range(2):
        with django_assert_num_queries(queries):
            client.get(page("list"))
        for _two in range(2):
            tandem_of(site=tandem.site)


def test_a_manager_reads_but_decides_nothing(client: Client, tandem: Tandem) -> None:
    client.force_login(manager(tandem.carrier))
    assert client.get(page("tandem", tandem.pk)).status_code == 200
    assert client.get(page("end", tandem.pk)).status_code == 403
    assert client.post(page("step", tandem.pk), {"step": "pause"}).status_code == 403
    tandem.refresh_from_db()
    assert tandem.state == State.ACTIVE


def test_the_day_tells_of_silence(client: Client) -> None:
    quiet = tandem_of(meetings=(date(2026, 10, 1),))
    tandem_of(site=quiet.site, meetings=(date(2026, 11, 20),))
    client.force_login(coordinator(quiet.site))
    shown = client.get(reverse("desk:day")).content.decode()
    assert "7 Wochen" in shown or "7 weeks" in shown


def test_the_list_as_a_file(client: Client, tandem: Tandem) -> None:
    client.force_login(coordinator(tandem.site))
    answer = client.get(page("list") + "?format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    for participant in tandem.participants.all():
        assert participant.person.full_name in lines[1]


def test_the_other_site_s_person_is_a_limited_card_until_all_agree(client: Client) -> None:
    own = SiteFactory.create(name="Beerenfurt")
    elsewhere = SiteFactory.create(carrier=own.carrier, name="Oberlinden")
    mentor = MentorFactory.create(
        site=elsewhere, first_name="Hedwig", last_name="Lerchenau", postcode="04109"
    )
    tandem = tandem_of(mentor, MenteeFactory.create(site=own), state=State.PROPOSED, meetings=())
    Tandem.objects.update(site=own)
    client.force_login(coordinator(own))
    pages = [
        page("tandem", tandem.pk),
        page("list"),
        page("list") + "?format=csv",
        page("end", tandem.pk),
        reverse("desk:day"),
    ]
    for url in pages:
        shown = client.get(url).content.decode()
        assert "Lerchenau" not in shown, url
        assert reverse("people:person", args=[mentor.pk]) not in shown, url
    card = client.get(page("tandem", tandem.pk)).content.decode()
    assert "Hedwig, 04…" in card
    asked = tandem.participants.get(side="mentor")
    assert page("answer", asked.pk) not in card
    assert not list(client.get(page("list"), {"q": "Lerchenau"}).context["rows"])

    tandem.participants.update(acceptance="accepted", answered_on=date(2026, 11, 20))
    Tandem.objects.update(state=State.AGREED)
    assert "Hedwig Lerchenau" in client.get(page("tandem", tandem.pk)).content.decode()
