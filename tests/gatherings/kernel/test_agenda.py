"""Times of an agenda: following, pinned, unknown, and over the nights in which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patenwerk.core.clock import BERLIN
from patenwerk.gatherings.kernel.agenda import Planned, Slot, timed


def berlin(day: str, clock: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BERLIN, fold=fold)


def shown(slot: Slot) -> tuple[str | None, str | None]:
    """What the clock in Berlin shows at both ends."""

    def clock(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(BERLIN).strftime("%H:%M")

    return clock(slot.starts_at), clock(slot.ends_at)


BEGINS, ENDS = berlin("2026-03-12", "10:00"), berlin("2026-03-12", "16:00")


def agenda(*items: Planned) -> list[Slot]:
    return timed(items, begins_at=BEGINS, ends_at=ENDS)


def test_items_follow_each_other_from_the_beginning() -> None:
    slots = agenda(Planned(minutes=15), Planned(minutes=90), Planned(minutes=30))
    assert [shown(slot) for slot in slots] == [
        ("10:00", "10:15"),
        ("10:15", "11:45"),
        ("11:45", "12:15"),
    ]
    assert not any(slot.pause or slot.overlap or slot.overrun for slot in slots)


def test_a_pinned_item_leaves_a_pause_and_what_follows_follows_it() -> None:
    slots = agenda(
        Planned(minutes=60),
        Planned(minutes=30, pinned=berlin("2026-03-12", "13:00")),
        Planned(minutes=10),
    )
    assert [shown(slot) for slot in slots[1:]] == [("13:00", "13:30"), ("13:30", "13:40")]
    assert [slot.pause for slot in slots] == [0, 120, 0]


def test_overlaps_are_counted_and_the_longer_item_is_waited_for() -> None:
    slots = agenda(
        Planned(minutes=120),
        Planned(minutes=30, pinned=berlin("2026-03-12", "11:00")),
        Planned(minutes=30),
    )
    assert [slot.overlap for slot in slots] == [0, 60, 0]
    assert shown(slots[2]) == ("12:00", "12:30")


def test_after_an_item_without_minutes_nobody_knows_until_the_next_pinned_one() -> None:
    slots = agenda(
        Planned(),
        Planned(minutes=30),
        Planned(minutes=30, pinned=berlin("2026-03-12", "14:00")),
    )
    assert [shown(slot) for slot in slots] == [("10:00", None), (None, None), ("14:00", "14:30")]
    assert slots[2].pause == 0


def test_too_early_and_too_long_are_pointed_out() -> None:
    slots = agenda(
        Planned(minutes=30, pinned=berlin("2026-03-12", "09:00")),
        Planned(minutes=400),
        Planned(pinned=berlin("2026-03-12", "17:30")),
    )
    assert [slot.is_early for slot in slots] == [True, False, False]
    assert [slot.overlap for slot in slots] == [60, 0, 0]
    assert [slot.overrun for slot in slots] == [0, 40, 90]


def test_the_next_day_is_no_pause() -> None:
    slots = timed(
        [Planned(minutes=60), Planned(minutes=60, pinned=berlin("2026-03-13", "09:00"))],
        begins_at=BEGINS,
        ends_at=berlin("2026-03-13", "12:00"),
    )
    assert [(slot.is_new_day, slot.pause) for slot in slots] == [(False, 0), (True, 0)]


@pytest.mark.parametrize(
    ("day", "ends"),
    [("2026-03-29", ["01:30", "03:30", "04:30"]), ("2026-10-25", ["01:30", "02:30", "02:30"])],
)
def test_minutes_pass_in_the_night_in_which_clocks_change(day: str, ends: list[str]) -> None:
    slots = timed(
        [Planned(minutes=30), Planned(minutes=60), Planned(minutes=60)],
        begins_at=berlin(day, "01:00"),
        ends_at=berlin(day, "08:00"),
    )
    assert [shown(slot)[1] for slot in slots] == ends


def test_the_hour_that_comes_twice_is_pinned_to_one_of_the_two() -> None:
    day = "2026-10-25"
    slots = timed(
        [
            Planned(minutes=30, pinned=berlin(day, "02:15", fold=0)),
            Planned(minutes=30, pinned=berlin(day, "02:15", fold=1)),
        ],
        begins_at=berlin(day, "01:00"),
        ends_at=berlin(day, "08:00"),
    )
    assert slots[1].pause == 30


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 23), ("2026-10-24", 25)])
def test_a_weekend_over_a_clock_change_is_that_long(day: str, hours: int) -> None:
    begins = berlin(day, "10:00")
    after = begins.date() + timedelta(days=1)
    slots = timed(
        [
            Planned(minutes=hours * 60),
            Planned(minutes=60, pinned=berlin(after.isoformat(), "10:00")),
        ],
        begins_at=begins,
        ends_at=berlin(after.isoformat(), "12:00"),
    )
    assert (slots[1].overlap, slots[1].pause, shown(slots[1])[0]) == (0, 0, "10:00")


def test_moments_without_a_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        timed([], begins_at=datetime(2026, 3, 12, 10), ends_at=ENDS)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        agenda(Planned(pinned=datetime(2026, 3, 12, 10)))  # noqa: DTZ001


pins = st.none() | st.integers(-600, 3000).map(lambda minute: BEGINS + timedelta(minutes=minute))
planned = st.builds(Planned, minutes=st.none() | st.integers(0, 600), pinned=pins)


@given(st.lists(planned, max_size=12))
def test_whatever_is_planned_minutes_stay_and_gaps_add_up(items: list[Planned]) -> None:
    slots = agenda(*items)
    assert len(slots) == len(items)
    for item, slot in zip(items, slots, strict=True):
        assert not (slot.pause and slot.overlap)
        if item.pinned is not None:
            assert slot.starts_at == item.pinned
        if slot.starts_at is None:
            assert slot.ends_at is None
            continue
        assert slot.starts_at.tzinfo is UTC
        assert (slot.ends_at is None) == (item.minutes is None)
        if slot.ends_at is not None and item.minutes is not None:
            assert slot.ends_at - slot.starts_at == timedelta(minutes=item.minutes)
