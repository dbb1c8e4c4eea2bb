from datetime import date

import pytest

from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.reporting.kernel.counting import (
    MeetingFacts,
    TandemFacts,
    Verdict,
    verdicts,
)
from patenwerk.reporting.kernel.defaults import (
    FIRST_YEAR,
    IMPULSE_MEETINGS,
    default_rules,
)
from patenwerk.reporting.kernel.release import (
    CountedTandem,
    YearlyFigure,
    publish,
    release_figures,
    table,
    yearly_figures,
)

RULES = default_rules({"chance": 1, "impulse": IMPULSE_MEETINGS})
ON = date(2026, 6, 1)


def _verdicts(kind: str, *days: date) -> tuple[Verdict, ...]:
    meetings = tuple(MeetingFacts(day) for day in days)
    return verdicts(TandemFacts(kind, min(days), None, meetings), RULES, on=ON)


def _counted() -> list[CountedTandem]:
    both = _verdicts("chance", date(2024, 5, 1), date(2025, 5, 1))
    new = _verdicts("chance", date(2025, 5, 1))
    never = _verdicts("impulse", date(2025, 5, 1))
    return [
        CountedTandem(both, "b", "BE", "school"),
        CountedTandem(both, "a", "BE", "school"),
        CountedTandem(new, "a", "HH"),
        CountedTandem(new, "a", "HH", "work"),
        CountedTandem(never, "a", "HH", "work"),
    ]


def test_the_default_rules_ask_for_one_meeting_and_the_short_kind_for_three() -> None:
    assert [(one.kind, one.meetings, one.valid_from.year) for one in RULES] == [
        ("chance", 1, FIRST_YEAR),
        ("impulse", 3, FIRST_YEAR),
    ]
    assert all(one.covers(one.kind, ON) for one in RULES)


def test_founded_tandems_are_gathered_by_year_and_carrier() -> None:
    assert yearly_figures(_counted()) == [
        YearlyFigure(2024, "a", 1, {"BE": 1}, {"school": 1}),
        YearlyFigure(2024, "b", 1, {"BE": 1}, {"school": 1}),
        YearlyFigure(2025, "a", 2, {"HH": 2}, {"unknown": 1, "work": 1}),
    ]


def test_unhidden_tables_tell_founded_from_continued() -> None:
    counts = table(_counted(), [2024, 2025], ["BE", "HH"], by="land")
    assert counts.tolist() == [[[2, 0], [0, 0]], [[0, 2], [2, 0]]]
    by_carrier = table(_counted(), [2025], ["a"], by="carrier")
    assert by_carrier.tolist() == [[[2, 1]]]


def test_the_arrays_of_a_release_hold_every_figure_once() -> None:
    figures = release_figures(
        [
            YearlyFigure(2026, "a", 7, {"HH": 7}, {"work": 7}),
            YearlyFigure(2024, "b", 9, {"BE": 4, "HH": 2}, {"school": 9}, imported=True),
            YearlyFigure(2024, "a", 8, {"BE": 8}, {}, imported=True),
            YearlyFigure(2024, "a", 1, {"BE": 1}, {"school": 1}),
        ],
        lands=["HH", "BE", "SH"],
        focuses=["school", "work"],
        carriers=["b"],
        settled=[2024, 2025, 2030],
    )
    land, focus, carrier = figures.breakdowns
    assert figures.periods == ("2024", "2025", "2026")
    assert figures.contributors == ("b", "a")
    assert figures.settled == {"2024", "2025"}
    assert figures.marks == {"2024": ("imported",)}
    assert [one.columns for one in figures.breakdowns] == [
        ("HH", "BE", "SH", "unknown"),
        ("school", "work", "unknown"),
        ("b", "a"),
    ]
    assert carrier.owners == ("b", "a")
    assert land.owners == focus.owners == ()
    assert land.shares.tolist() == [
        [[2, 4, 0, 3], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[0, 9, 0, 0], [0, 0, 0, 0], [7, 0, 0, 0]],
    ]
    assert focus.shares.tolist() == [
        [[9, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[1, 0, 8], [0, 0, 0], [0, 7, 0]],
    ]
    assert carrier.shares.tolist() == [
        [[9, 0], [0, 0], [0, 0]],
        [[0, 9], [0, 0], [0, 7]],
    ]


def test_no_figures_at_all_make_an_empty_release() -> None:
    figures = release_figures([], lands=["HH"], focuses=[], carriers=[], settled=[2025])
    done = publish(figures, on=ON)
    assert done.publication.totals.grand_total == 0
    assert [one.values for one in done.publication.tables] == [(), (), ()]


@pytest.mark.parametrize(
    ("total", "lands", "focuses"),
    [(-1, {}, {}), (3, {"HH": 4}, {}), (3, {}, {"work": 2, "school": 2}), (3, {"HH": -1}, {})],
)
def test_parts_that_do_not_fit_are_refused(
    total: int, lands: dict[str, int], focuses: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="a 2025: parts do not fit"):
        YearlyFigure(2025, "a", total, lands, focuses)


def test_a_release_is_named_by_its_date_and_hides_small_cells() -> None:
    every = [
        YearlyFigure(2024, carrier, 30 + extra, {"HH": 30, "BE": extra}, {"work": 30 + extra})
        for carrier, extra in (("a", 2), ("b", 0), ("c", 20), ("d", 20))
    ]
    figures = release_figures(
        every, lands=["HH", "BE"], focuses=["work"], carriers=["a", "b", "c", "d"], settled=[2024]
    )
    public = publish(figures, on=ON).publication
    assert (public.release, public.minimum) == ("2026-06-01", MINIMUM_CELL)
    assert [one.name for one in public.tables] == ["land", "focus", "carrier"]
    assert public.tables[0].values == ((120, 42),)

    few = [
        YearlyFigure(2025, "a", 40, {"HH": 40}),
        YearlyFigure(2025, "b", 33, {"HH": 30, "BE": 3}),
    ]
    done = publish(
        release_figures(
            [*every, *few], lands=["HH", "BE"], focuses=[], carriers=["a"], settled=[2024, 2025]
        ),
        on=ON,
    )
    assert done.publication.tables[0].values == ((120, 42), (None, None))
    again = publish(
        release_figures(
            [*every, *few], lands=["HH", "BE"], focuses=[], carriers=["a"], settled=[2024, 2025]
        ),
        on=date(2026, 7, 1),
        ledger=done.ledger,
    )
    assert again.publication.tables[0].values == done.publication.tables[0].values
    assert again.publication.tables[0].as_of == ("2026-06-01", "2026-06-01")
