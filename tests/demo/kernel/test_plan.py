"""The plan of the demo: the same every time, within its numbers, with everything in it."""

from collections import Counter
from datetime import date, timedelta

import pytest

from patenwerk.demo.kernel.crowd import SITES
from patenwerk.demo.kernel.history import HEADER, SHAPE, parts_of, yearly_figures
from patenwerk.demo.kernel.plan import Leave, Plan, WaitAgain, plan_of
from patenwerk.demo.kernel.scene import CARRIERS
from patenwerk.demo.kernel.stories import Course
from patenwerk.people.enums import Side
from patenwerk.places.enums import Precision
from patenwerk.places.kernel.towns import default_locator
from patenwerk.tandems.enums import EndReason

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def whole() -> Plan:
    return plan_of(ON, 1500)


def test_it_has_the_size_that_was_promised(whole: Plan) -> None:
    assert len(CARRIERS) == 6
    assert len(SITES) == 24
    assert len(whole.people) == 1500
    assert len(whole.tandems) == 800
    assert len({site.land for site in SITES}) == 16


def test_every_site_lies_where_it_says() -> None:
    for site in SITES:
        found = default_locator().find(site.postcode)
        assert found is not None
        assert found.land == site.land
        assert found.precision in {Precision.POSTCODE, Precision.TOWN}


def test_everything_happens_in_the_three_years_before(whole: Plan) -> None:
    days = [event.day for event in whole.events]
    assert days == sorted(days)
    assert days[-1] < ON
    assert days[0] > ON - timedelta(days=1096 + 200)


def test_everybody_has_as_many_partners_at_a_time_as_places(whole: Plan) -> None:
    for person in whole.people:
        for begin, _end in person.busy:
            together = sum(first <= begin <= last for first, last in person.busy)
            assert together <= person.capacity


def test_there_are_minors_and_each_met_one_has_a_checked_mentor(whole: Plan) -> None:
    minors = [tandem for tandem in whole.tandems if tandem.mentee.age < 18]
    assert 250 < len(minors) < 450
    assert all(tandem.mentor.certificate for tandem in minors if tandem.story.agreed_on is not None)


@pytest.mark.parametrize("people", [150, 1500])
def test_every_course_and_every_reason_is_there(people: int) -> None:
    plan = plan_of(ON, people)
    told = [tandem.story for tandem in plan.tandems]
    assert {story.course for story in told} == set(Course)
    assert {story.reason for story in told if story.reason} == set(EndReason)
    assert any(story.silent for story in told)
    assert any(story.pauses and story.pauses[-1][1] is None for story in told)
    assert any(tandem.before is not None for tandem in plan.tandems)
    first = [tandem.story for tandem in plan.tandems if tandem.site == 0]
    assert any(story.silent for story in first)
    assert {Course.TRIAL, Course.PROPOSED, Course.MET} <= {story.course for story in first}


def test_somebody_waits_on_both_sides(whole: Plan) -> None:
    alone = Counter(person.side for person in whole.people if not person.busy)
    assert alone[Side.MENTEE] > 60
    assert alone[Side.MENTOR] > 40


def test_hardly_anybody_waits_for_long(whole: Plan) -> None:
    gone = {event.person.key for event in whole.events if isinstance(event, Leave)}
    again = {event.person.key: event.day for event in whole.events if isinstance(event, WaitAgain)}
    waits = [
        (ON - again.get(person.key, person.since)).days
        for person in whole.people
        if person.key not in gone and person.has_place(ON, ON)
    ]
    assert len(waits) > 400
    assert max(waits) <= 400
    long = sum(days > 200 for days in waits)
    assert 0 < long < len(waits) / 10


def test_yearly_figures_add_up() -> None:
    rows = [line.split(";") for line in yearly_figures(2016, 2023).splitlines()]
    assert ";".join(rows[0]) == HEADER
    totals: Counter[int] = Counter()
    parts: Counter[tuple[str, str, str]] = Counter()
    for year, carrier, what, _code, count in rows[1:]:
        if what == "gesamt":
            totals[int(year)] += int(count)
        else:
            parts[year, carrier, what] += int(count)
    assert totals == SHAPE
    assert sum(parts.values()) == 2 * sum(SHAPE.values())
    # The years of distance have a focus of their own, the years before do not.
    assert [row[0] for row in rows if row[3] == "abstand" and row[1] == CARRIERS[0].name] == [
        "2020",
        "2021",
    ]


@pytest.mark.parametrize(
    ("total", "weights", "parts"), [(10, [1, 1, 1], [4, 3, 3]), (0, [1, 2], [0, 0]), (5, [1], [5])]
)
def test_parts_add_up(total: int, weights: list[int], parts: list[int]) -> None:
    assert parts_of(total, weights) == parts


def test_nobody_likes_and_dislikes_the_same(whole: Plan) -> None:
    for person in whole.people:
        assert not set(person.values["interests"]) & set(person.values["dislikes"])
