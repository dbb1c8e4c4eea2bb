"""What pages show of minutes: panels, cards of the day, whom they are sent to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from patenwerk.core.policy import Actor
from patenwerk.gatherings.enums import Audience, MinutesState, State
from patenwerk.gatherings.models import (
    CarrierShare,
    Minutes,
    Objection,
    Section,
    SectionVersion,
)
from patenwerk.gatherings.queries.minutes import (
    earlier_versions,
    later_gatherings,
    minutes_panel,
    organisers_card,
    speaking_carriers,
    told_versions,
    waiting_card,
    years_of_minutes,
)
from patenwerk.organisations.models import Account, Carrier, Programme
from patenwerk.organisations.queries.actors import actor_for
from tests.factories.gatherings import (
    STARTS,
    GatheringFactory,
    MinutesFactory,
    SectionFactory,
)
from tests.factories.organisations import (
    AccountFactory,
    CarrierFactory,
    ProgrammeFactory,
    manager,
    network_office,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
ON = AT.date()


def actor(account: Account) -> Actor:
    return actor_for(account, ON)


def sent(programme: Programme, until: date, **values: object) -> Minutes:
    gathering = GatheringFactory.create(
        programme=programme, state=State.HELD.value, audience=Audience.CIRCLE.value
    )
    minutes: Minutes = MinutesFactory.create(
        gathering=gathering,
        state=MinutesState.SENT.value,
        sent_at=AT,
        objections_until=until,
        **values,
    )
    return minutes


@pytest.fixture
def programme() -> Programme:
    found: Programme = ProgrammeFactory.create()
    return found


@pytest.fixture
def carrier(programme: Programme) -> Carrier:
    found: Carrier = CarrierFactory.create(programme=programme)
    return found


def test_minutes_within_their_term_wait_for_whoever_speaks_for_a_carrier(
    programme: Programme, carrier: Carrier
) -> None:
    speaker = actor(manager(carrier))
    assert waiting_card(speaker, ON) is None
    later, today = sent(programme, ON + timedelta(days=5)), sent(programme, ON)
    sent(programme, ON - timedelta(days=1))
    MinutesFactory.create(gathering=GatheringFactory.create(programme=programme))
    sent(ProgrammeFactory.create(), ON)
    card = waiting_card(speaker, ON)
    assert card is not None
    assert [(row["minutes"].pk, row["days"]) for row in card["rows"]] == [
        (today.pk, 0),
        (later.pk, 5),
    ]
    assert card["total"] == 2


def test_organisers_are_told_of_objections_and_of_the_end_of_the_term(
    programme: Programme,
) -> None:
    office = actor(network_office(programme))
    assert organisers_card(office, ON) is None
    sent(programme, ON)
    assert organisers_card(office, ON) is None
    over = sent(programme, ON - timedelta(days=1))
    objected = sent(programme, ON + timedelta(days=3))
    Objection.objects.create(
        **objected.organiser_columns, minutes=objected, text="Nein.", raised_at=AT
    )
    card = organisers_card(office, ON)
    assert card is not None
    assert [row.pk for row in card["rows"]] == [over.pk, objected.pk]
    assert card["rows"][1].unanswered == 1


def test_the_panel_leads_to_the_minutes_or_to_their_beginning(
    programme: Programme, carrier: Carrier
) -> None:
    held, today, tomorrow = (
        GatheringFactory.create(programme=programme, state=state.value, starts_at=starts_at)
        for state, starts_at in (
            (State.HELD, STARTS - timedelta(days=9)),
            (State.CLOSED, STARTS),
            (State.CLOSED, STARTS + timedelta(days=1)),
        )
    )
    ids = [held.pk, today.pk, tomorrow.pk]
    office, speaker = actor(network_office(programme)), actor(manager(carrier))
    begun = minutes_panel(office, ids, ON)
    assert {pk: panel["minutes"] for pk, panel in begun.items()} == {
        held.pk: None,
        today.pk: None,
    }
    assert minutes_panel(speaker, ids, ON) == {}
    draft = MinutesFactory.create(gathering=held)
    shown = minutes_panel(office, ids, ON)[held.pk]
    assert (shown["minutes"], shown["may_write"]) == (draft, True)
    assert minutes_panel(speaker, ids, ON) == {}
    Minutes.objects.update(state=MinutesState.SENT.value, sent_at=AT, objections_until=ON)
    shown = minutes_panel(speaker, ids, ON)[held.pk]
    assert (shown["minutes"], shown["may_write"]) == (draft, False)


def test_only_invited_carriers_speak_about_minutes_of_the_invited(
    programme: Programme, carrier: Carrier
) -> None:
    minutes = sent(programme, ON)
    speaker = actor(manager(carrier))
    assert list(speaking_carriers(speaker, minutes)) == [carrier]
    gathering = minutes.gathering
    gathering.audience = Audience.INVITED.value
    gathering.save(update_fields=["audience"])
    assert list(speaking_carriers(speaker, minutes)) == []
    CarrierShare.objects.create(
        **gathering.organiser_columns, gathering=gathering, of_carrier=carrier, is_invited=True
    )
    assert list(speaking_carriers(speaker, minutes)) == [carrier]


def test_years_and_later_gatherings_of_a_gathering_alone(programme: Programme) -> None:
    minutes = sent(programme, ON)
    GatheringFactory.create(programme=programme, starts_at=STARTS + timedelta(days=1))
    assert list(later_gatherings(minutes, AT + timedelta(days=9))) == []
    old = GatheringFactory.create(programme=programme, starts_at=STARTS - timedelta(days=400))
    MinutesFactory.create(gathering=old)
    assert years_of_minutes(actor(network_office(programme))) == [2026, 2025]


# ------------------------------------------------------------------ earlier versions


def versions(section: Section, *said: tuple[int | None, str]) -> None:
    """What followed each other in a section, by whom; the last one stands in it."""
    for number, (by_id, text) in enumerate(said, start=1):
        SectionVersion.objects.create(
            **section.organiser_columns,
            minutes=section.minutes,
            section=section,
            number=number,
            text=text,
            at=datetime(2026, 3, 12, 10, number, tzinfo=UTC),
            by_id=by_id,
        )
        section.text, section.version = text, number
    section.save()


def test_steps_of_typing_are_left_out_and_nothing_that_was_taken_away() -> None:
    section = SectionFactory.create()
    versions(
        section,
        (1, "Wir"),
        (1, "Wir zahlen. Alle"),
        (2, "Wir zahlen. Alle"),
        (2, "Wir zahlen. Alle sind"),
        (2, "Wir zahlen."),
        (2, "Wir zahlen. Gut."),
    )
    shown = earlier_versions(section)
    # By hand 1 the last one stays; by hand 2 the one whose second sentence was deleted.
    assert [version.number for version in shown] == [4, 2]
    assert earlier_versions(SectionFactory.create()) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_versions_tell_who_and_what_is_missing_in_one_query(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    section = SectionFactory.create()
    anna = AccountFactory.create(first_name="Anna", last_name="Beck")
    said = [(anna.pk, f"Nummer {place}.\nBleibt.") for place in range(rows)]
    versions(section, *said, (None, "Weg. Alles.\nBleibt."), (anna.pk, "Bleibt."))
    found = earlier_versions(section)
    with django_assert_num_queries(1):
        told = told_versions(section, found)
    assert [each.written_by for each in told] == ["", *["Anna Beck"] * rows]
    assert [each.missing for each in told] == [2, *[1] * rows]
    assert [(one.words, one.begins_line, one.stands) for one in told[0].sentences] == [
        ("Weg.", False, False),
        ("Alles.", False, False),
        ("Bleibt.", True, True),
    ]
