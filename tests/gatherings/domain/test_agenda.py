"""The agenda: proposals and their answers, order, and that everybody sees what changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Refusal
from patenwerk.gatherings.domain.agenda import (
    CannotPlan,
    CannotPropose,
    ItemValues,
    accept_item,
    add_item,
    change_item,
    decline_item,
    move_item,
    propose_item,
    remove_item,
    takes_proposals,
    withdraw_proposal,
)
from patenwerk.gatherings.domain.minutes import begin_minutes, write_section
from patenwerk.gatherings.enums import ItemState, State
from patenwerk.gatherings.models import AgendaItem, Gathering
from tests.factories.gatherings import (
    STARTS,
    AgendaItemFactory,
    CommitmentFactory,
    DecisionFactory,
    GatheringFactory,
)
from tests.factories.organisations import CarrierFactory

pytestmark = pytest.mark.django_db

BY = Actor(user_id=None)
AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> set[str]:
    return {reason.code for reason in refusal.value.reasons}


def added(gathering: Gathering, title: str) -> AgendaItem:
    return add_item(gathering=gathering, values=ItemValues(title=title), by=BY, at=AT)


def proposed(gathering: Gathering, **values: Any) -> AgendaItem:
    return propose_item(
        gathering=gathering,
        of_carrier=CarrierFactory.create(programme=gathering.programme),
        values=ItemValues(**{"title": "Fahrtkosten", **values}),
        by=BY,
        at=AT,
    )


def titles(gathering: Gathering) -> list[str]:
    return [item.title for item in gathering.agendaitems.filter(state=ItemState.ACCEPTED)]


def changes(gathering: Gathering) -> list[tuple[str, str]]:
    return list(gathering.agendachanges.values_list("event", "title"))


def test_a_proposal_is_accepted_to_the_end_and_told() -> None:
    gathering = GatheringFactory.create()
    added(gathering, "Begrüßung")
    item = proposed(gathering)
    assert (item.state, titles(gathering)) == ("proposed", ["Begrüßung"])
    accept_item(item=item, by=BY, at=AT)
    assert titles(gathering) == ["Begrüßung", "Fahrtkosten"]
    assert changes(gathering)[0] == ("added", "Fahrtkosten")
    with pytest.raises(CannotPropose) as refusal:
        accept_item(item=item, by=BY, at=AT)
    assert codes(refusal) == {"accepted"}


def test_a_proposal_is_declined_with_a_reason_and_may_be_accepted_later() -> None:
    gathering = GatheringFactory.create()
    item = proposed(gathering)
    with pytest.raises(CannotPropose) as refusal:
        decline_item(item=item, reason=" ", by=BY, at=AT)
    assert codes(refusal) == {"no_reason"}
    decline_item(item=item, reason="Im Herbst", by=BY, at=AT)
    item.refresh_from_db()
    assert (item.state, item.decline_reason) == ("declined", "Im Herbst")
    with pytest.raises(CannotPropose) as refusal:
        decline_item(item=item, reason="Nein", by=BY, at=AT)
    assert codes(refusal) == {"answered"}
    with pytest.raises(CannotPropose) as refusal:
        withdraw_proposal(item=item, by=BY, at=AT)
    assert codes(refusal) == {"answered"}
    accept_item(item=item, by=BY, at=AT)
    item.refresh_from_db()
    assert (item.state, item.decline_reason) == ("accepted", "")


def test_an_unanswered_proposal_is_taken_back() -> None:
    item = proposed(GatheringFactory.create())
    withdraw_proposal(item=item, by=BY, at=AT)
    assert not AgendaItem.objects.exists()


@pytest.mark.parametrize(
    ("state", "until", "at", "takes"),
    [
        (State.DRAFT, None, AT, False),
        (State.OPEN, None, AT, True),
        (State.CLOSED, date(2026, 2, 1), AT, True),
        (State.ANNOUNCED, date(2026, 1, 31), AT, False),
        (State.OPEN, None, STARTS, False),
        (State.HELD, None, AT, False),
        (State.CANCELLED, None, AT, False),
    ],
)
def test_proposals_are_taken_until_the_day_named(
    state: State, until: date | None, at: datetime, takes: bool
) -> None:
    gathering = GatheringFactory.create(state=state.value, proposals_until=until)
    assert takes_proposals(gathering, at) is takes


@pytest.mark.parametrize(
    ("state", "code"),
    [(State.DRAFT, "not_ahead"), (State.HELD, "not_ahead"), (State.OPEN, "too_late")],
)
def test_a_proposal_at_the_wrong_time_is_refused(state: State, code: str) -> None:
    gathering = GatheringFactory.create(state=state.value, proposals_until=date(2026, 1, 1))
    with pytest.raises(CannotPropose) as refusal:
        proposed(gathering, title="")
    assert codes(refusal) == {code, "no_title"}


def test_items_have_a_title_and_times_that_can_be() -> None:
    gathering = GatheringFactory.create()
    for minutes, pinned in ((0, STARTS - timedelta(minutes=1)), (1441, gathering.ends_at)):
        values = ItemValues(title=" ", minutes=minutes, starts_at=pinned)
        with pytest.raises(CannotPlan) as refusal:
            add_item(gathering=gathering, values=values, by=BY, at=AT)
        assert codes(refusal) == {"no_title", "minutes", "pinned_outside"}


def test_before_the_announcement_nobody_is_told() -> None:
    gathering = GatheringFactory.create(state=State.DRAFT.value)
    item = added(gathering, "Begrüßung")
    change_item(item=item, values=ItemValues(title="Beginn"), by=BY, at=AT)
    before = gathering.changed_at
    gathering.refresh_from_db()
    assert (changes(gathering), gathering.changed_at) == ([], before)


def test_after_the_announcement_everybody_sees_what_changed() -> None:
    gathering = GatheringFactory.create()
    item = added(gathering, "Begrüßung")
    values = ItemValues(title="Begrüßung", minutes=20)
    change_item(item=item, values=values, by=BY, at=AT)
    change_item(item=item, values=values, by=BY, at=AT + timedelta(hours=1))
    remove_item(item=item, by=BY, at=AT + timedelta(hours=2))
    gathering.refresh_from_db()
    assert changes(gathering) == [
        ("removed", "Begrüßung"),
        ("changed", "Begrüßung"),
        ("added", "Begrüßung"),
    ]
    assert gathering.changed_at == AT + timedelta(hours=2)
    # Saying the same again was no change.
    assert gathering.agendachanges.get(event="changed").at == AT


def test_a_proposal_changed_or_removed_is_told_nobody() -> None:
    gathering = GatheringFactory.create()
    item = proposed(gathering)
    change_item(item=item, values=ItemValues(title="Reisekosten"), by=BY, at=AT)
    remove_item(item=item, by=BY, at=AT)
    assert changes(gathering) == []


def test_items_move_up_and_down_and_stop_at_the_ends() -> None:
    gathering = GatheringFactory.create()
    _one, _two, three = (added(gathering, title) for title in ("1", "2", "3"))
    move_item(item=three, by_places=-1, by=BY, at=AT)
    assert titles(gathering) == ["1", "3", "2"]
    move_item(item=three, by_places=-5, by=BY, at=AT + timedelta(minutes=1))
    assert titles(gathering) == ["3", "1", "2"]
    moved = gathering.agendachanges.filter(event="moved")
    assert [change.at for change in moved] == [AT + timedelta(minutes=1)]
    move_item(item=three, by_places=-1, by=BY, at=AT + timedelta(minutes=2))
    assert titles(gathering) == ["3", "1", "2"]
    assert [change.at for change in moved.all()] == [AT + timedelta(minutes=1)]
    move_item(item=three, by_places=1, by=BY, at=AT)
    assert titles(gathering) == ["1", "3", "2"]


def test_a_removed_item_leaves_no_hole() -> None:
    gathering = GatheringFactory.create()
    one, _two, _three = (added(gathering, title) for title in ("1", "2", "3"))
    remove_item(item=one, by=BY, at=AT)
    positions = gathering.agendaitems.values_list("title", "position")
    assert list(positions) == [("2", 1), ("3", 2)]


def test_a_proposal_has_no_place_to_move_from() -> None:
    with pytest.raises(CannotPlan) as refusal:
        move_item(item=proposed(GatheringFactory.create()), by_places=1, by=BY, at=AT)
    assert codes(refusal) == {"proposed"}


@pytest.mark.parametrize("state", [State.HELD, State.DOCUMENTED, State.CANCELLED])
def test_the_agenda_of_what_is_over_stays(state: State) -> None:
    gathering = GatheringFactory.create(state=state.value)
    item = AgendaItemFactory.create(gathering=gathering)
    waiting = AgendaItemFactory.create(gathering=gathering, state=ItemState.PROPOSED.value)
    for attempt in (
        lambda: added(gathering, "Neu"),
        lambda: accept_item(item=waiting, by=BY, at=AT),
        lambda: change_item(item=item, values=ItemValues(title="Neu"), by=BY, at=AT),
        lambda: move_item(item=item, by_places=1, by=BY, at=AT),
        lambda: remove_item(item=item, by=BY, at=AT),
    ):
        with pytest.raises(CannotPlan) as refusal:
            attempt()
        assert codes(refusal) == {"not_ahead"}


# ------------------------------------------------------------------ in minutes already begun


def headings(gathering: Gathering) -> list[str]:
    sections = gathering.minutes.sections.order_by("position", "pk")
    return list(sections.values_list("heading", flat=True))


def test_what_comes_onto_the_agenda_has_a_section_in_minutes_already_begun() -> None:
    gathering = GatheringFactory.create()
    added(gathering, "Begrüßung")
    item = proposed(gathering)
    other = GatheringFactory.create(programme=gathering.programme)
    begin_minutes(gathering=gathering, by=BY, at=STARTS)
    begin_minutes(gathering=other, by=BY, at=STARTS)
    new = added(gathering, "Verschiedenes")
    accept_item(item=item, by=BY, at=AT)
    assert headings(gathering) == ["Begrüßung", "Verschiedenes", "Fahrtkosten"]
    assert gathering.minutes.sections.get(heading="Verschiedenes").item == new
    assert headings(other) == []


def test_a_section_follows_the_title_of_its_item_unless_it_has_its_own() -> None:
    gathering = GatheringFactory.create()
    one, two = added(gathering, "Geld"), added(gathering, "Orte")
    begin_minutes(gathering=gathering, by=BY, at=STARTS)
    gathering.minutes.sections.filter(item=two).update(heading="Räume")
    change_item(item=one, values=ItemValues(title="Finanzen"), by=BY, at=AT)
    change_item(item=two, values=ItemValues(title="Anreise"), by=BY, at=AT)
    assert headings(gathering) == ["Finanzen", "Räume"]


def test_with_an_item_goes_its_section_only_where_nothing_was_ever_written() -> None:
    gathering = GatheringFactory.create()
    items = [added(gathering, title) for title in ("leer", "Text", "Beschluss", "Zusage")]
    begin_minutes(gathering=gathering, by=BY, at=STARTS)
    _empty, text, decided, promised = gathering.minutes.sections.order_by("position")
    write_section(section=text, text="Ja.", base_version=0, by=BY, at=STARTS)
    write_section(section=text, text="", base_version=1, by=BY, at=STARTS)
    DecisionFactory.create(gathering=gathering, section=decided)
    CommitmentFactory.create(gathering=gathering, section=promised)
    for item in items:
        remove_item(item=item, by=BY, at=AT)
    assert headings(gathering) == ["Text", "Beschluss", "Zusage"]
