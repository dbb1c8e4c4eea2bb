import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from patenwerk.core.disclosure import protection
from patenwerk.core.disclosure.figures import Breakdown, Figures
from patenwerk.core.disclosure.ledger import Ledger
from patenwerk.core.disclosure.protection import Protected, Unprotected, protect
from patenwerk.core.disclosure.publication import Publication, PublishedTable
from tests.core.disclosure.attacker import Insider, changes, intervals
from tests.core.disclosure.programmes import (
    Programme,
    figures_of,
    random_programme,
    realistic_programme,
)


def released(programme: Programme, *, minimum: int = 5, partners: bool = True) -> list[Publication]:
    """All releases, the ledger written to JSON and read again in between."""
    ledger, found = None, []
    for release, figures in programme.releases:
        done = protect(figures, release=release, minimum=minimum, ledger=ledger, partners=partners)
        ledger = Ledger.from_json(json.loads(json.dumps(done.ledger.to_json())))
        assert ledger == done.ledger
        found.append(done.publication)
    return found


def exported(publications: list[Publication]) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(one.to_json())) for one in publications]


# Seeds with few and many contributors, small and large counts, one and several releases.
SEEDS = (2, 3, 6, 9, 11, 14)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_attacker_gets_closer_than_the_minimum(seed: int) -> None:
    programme = random_programme(seed)
    files = exported(released(programme))
    for who in (None, *programme.insiders()[:4]):
        assert [one for one in intervals(files, who, enough=8) if one.width < 5] == []
        assert [change for change in changes(files, who) if 0 < abs(change) < 5] == []


def test_not_even_one_who_knows_which_cells_are_not_empty() -> None:
    programme = realistic_programme(1)
    files = exported(released(programme))
    insider = programme.insiders()[0]
    truth = {
        (breakdown.name, period, column): int(breakdown.shares.sum(axis=0)[row, at])
        for breakdown in programme.releases[-1][1].breakdowns
        for row, period in enumerate(programme.releases[-1][1].periods)
        for at, column in enumerate(breakdown.columns)
    }
    own = {
        release: {
            name: {
                period: {
                    column: max(count, min(1, truth[name, period, column]))
                    for column, count in columns.items()
                }
                for period, columns in periods.items()
            }
            for name, periods in tables.items()
        }
        for release, tables in insider.own.items()
    }
    found = intervals(files, Insider(insider.name, own, insider.owned), enough=8)
    assert found
    assert min(one.width for one in found) >= 5


def test_without_partners_the_attacker_succeeds() -> None:
    broken = [
        one
        for seed in SEEDS
        for one in intervals(exported(released(random_programme(seed), partners=False)), enough=8)
        if one.width < 5
    ]
    assert broken
    assert min(one.width for one in broken) == 0


def test_what_is_published_is_true_and_adds_up() -> None:
    programme = realistic_programme(0)
    for (_, figures), public in zip(programme.releases, released(programme), strict=True):
        truth = dict(zip(figures.periods, figures.totals.sum(axis=0), strict=True))
        totals = public.totals
        assert totals.grand_total == sum(value or 0 for value in totals.values)
        for period, value, as_of in zip(totals.periods, totals.values, totals.as_of, strict=True):
            assert value == truth[period] or as_of != public.release
        for table in public.tables:
            assert table.grand_total == sum(table.period_totals)
            for values, total in zip(table.values, table.period_totals, strict=True):
                assert sum(value or 0 for value in values) <= total
                assert (None in values) or sum(value or 0 for value in values) == total


def test_on_realistic_figures_most_is_published() -> None:
    public = released(realistic_programme(0))[-1]
    shown = {
        table.name: np.mean([value is not None for row in table.values for value in row])
        for table in public.tables
    }
    assert shown["theme"] == 1
    assert shown["group"] == 1
    assert shown["region"] > 0.7
    assert sum(total is None for total in public.tables[0].column_totals) < 6


def _one_table(counts: list[list[int]], **changes: Any) -> Figures:
    """Figures of one table whose numbers come from five contributors alike (times five)."""
    shares = np.array([counts] * 5)
    periods = tuple(str(2020 + n) for n in range(len(counts)))
    plain = Figures(
        periods,
        ("u", "v", "w", "x", "y"),
        (Breakdown("region", tuple("abcdef"[: len(counts[0])]), shares),),
        frozenset(periods),
    )
    return replace(plain, **changes)


def _table(done: Protected) -> PublishedTable:
    return done.publication.tables[0]


def test_nothing_is_hidden_without_need() -> None:
    done = protect(_one_table([[5, 6, 0], [7, 8, 9]]), release="r")
    assert _table(done).values == ((25, 30, 0), (35, 40, 45))
    assert _table(done).column_totals == (60, 70, 45)
    assert _table(done).grand_total == 175
    assert _table(done).as_of == ("r", "r")


def _small(shares: np.ndarray, *cells: tuple[int, int]) -> np.ndarray:
    """Leaves three tandems of one contributor in the cells named."""
    for row, column in cells:
        shares[:, row, column] = 0
        shares[0, row, column] = 3
    return shares


def _with_small(counts: list[list[int]], *cells: tuple[int, int]) -> Figures:
    figures = _one_table(counts)
    (table,) = figures.breakdowns
    return replace(
        figures, breakdowns=(replace(table, shares=_small(table.shares.copy(), *cells)),)
    )


def test_a_small_cell_and_its_partner_carry_the_same_sign_and_their_totals_are_hidden() -> None:
    done = protect(_with_small([[9, 5, 9], [9, 9, 9]], (0, 0)), release="r")
    assert _table(done).values == ((None, None, 45), (45, 45, 45))
    assert _table(done).column_totals == (None, None, 90)


def test_column_totals_are_published_where_enough_is_hidden_below_them() -> None:
    done = protect(_with_small([[9, 5, 9], [9, 5, 9]], (0, 0), (1, 0)), release="r")
    values, totals = _table(done).values, _table(done).column_totals
    assert values == ((None, None, 45), (None, None, 45))
    # Of the two columns each row gives and takes between, the sums over both rows may be known
    # only if three and three leave room; they do not.
    assert totals == (None, None, 90)
    done = protect(_with_small([[9, 5, 9], [5, 9, 9]], (0, 0), (1, 1)), release="r")
    assert _table(done).values == ((None, None, 45), (None, None, 45))
    assert _table(done).column_totals == (28, 28, 90)


def test_a_row_never_changes_and_hidden_totals_stay_hidden_until_it_is_safe() -> None:
    first = protect(_with_small([[9, 5, 9]], (0, 0)), release="r1")
    later = _with_small([[9, 5, 9], [9, 5, 9], [5, 9, 9]], (1, 0), (2, 1))
    second = protect(later, release="r2", ledger=first.ledger)
    assert _table(second).values[0] == _table(first).values[0] == (None, None, 45)
    assert _table(second).period_totals[0] == _table(first).period_totals[0]
    assert _table(second).as_of == ("r1", "r2", "r2")
    assert _table(first).column_totals == (None, None, 45)
    assert None not in _table(second).column_totals
    # The second release publishes totals; the first one's stay hidden, and uncertain.
    files = exported([first.publication, second.publication])
    assert min(one.width for one in intervals(files)) >= 5
    assert {one.key[1] for one in intervals(files)} == {"cell", "total"}


def test_the_ledger_given_is_not_changed() -> None:
    first = protect(_one_table([[9, 9]]), release="r1")
    before = first.ledger.to_json()
    protect(_one_table([[9, 9], [9, 9]]), release="r2", ledger=first.ledger)
    assert first.ledger.to_json() == before


def test_a_total_is_published_anew_only_when_the_change_is_none_or_large_for_everybody() -> None:
    """Against every earlier release, and for every contributor after its own change."""

    def running(*own: int) -> Figures:
        shares = np.array(own).reshape(5, 1, 1)
        return Figures(("2025",), tuple("uvwxy"), (Breakdown("region", ("a",), shares),))

    ledger, seen = None, []
    for n, own in enumerate(
        [
            (1, 1, 1, 0, 0),  # 3: held back
            (9, 9, 9, 9, 9),  # 45
            (9, 9, 9, 9, 10),  # one more: as before
            (9, 9, 9, 12, 17),  # 11 more, but for y only 3 of others: as before
            (9, 9, 9, 15, 15),  # 12 more, 6 and 6
            (9, 9, 9, 12, 14),  # 4 fewer: as before
            (9, 9, 9, 10, 10),  # 10 fewer, but 2 more than in the first: as before
        ]
    ):
        done = protect(running(*own), release=f"r{n}", ledger=ledger)
        ledger = done.ledger
        seen.append((done.publication.totals.values, done.publication.totals.as_of))
    assert seen == [
        ((None,), (None,)),
        ((45,), ("r1",)),
        ((45,), ("r1",)),
        ((45,), ("r1",)),
        ((57,), ("r4",)),
        ((57,), ("r4",)),
        ((57,), ("r4",)),
    ]


def test_a_settled_period_is_divided_as_it_stood_when_its_total_was_published() -> None:
    before = protect(_one_table([[9, 9]], settled=frozenset()), release="r1")
    assert _table(before).periods == ()
    assert before.publication.totals.values == (90,)
    figures = _one_table([[9, 9]])
    figures.breakdowns[0].shares[0, 0, 0] += 1
    after = protect(figures, release="r2", ledger=before.ledger)
    assert _table(after).values == ((45, 45),)
    assert _table(after).as_of == ("r1",)


def test_an_empty_settled_period_is_published_as_zero_and_an_empty_running_one_is_not() -> None:
    running = protect(_one_table([[0, 0]], settled=frozenset()), release="r1")
    assert running.publication.totals.values == (None,)
    settled = protect(_one_table([[0, 0]]), release="r1")
    assert settled.publication.totals.values == (0,)
    assert _table(settled).values == ((0, 0),)


def test_what_cannot_be_divided_safely_waits() -> None:
    """One contributor holds everything but a few: whatever is hidden, it would know."""
    alone = replace(
        _one_table([[9, 9]]),
        contributors=("u",),
        breakdowns=(Breakdown("region", ("a", "b"), np.array([[[30, 3]]])),),
    )
    done = protect(alone, release="r")
    assert _table(done).periods == ()
    assert _table(done).waiting == ("2020",)
    assert done.publication.totals.values == (33,)


def test_columns_and_tables_may_come_later_and_go_again() -> None:
    first = protect(_one_table([[9, 9]], marks={"2020": ("imported",)}), release="r1")
    assert _table(first).marks == (("imported",),)
    both = _one_table([[9, 9, 9], [9, 9, 9]])
    theme = Breakdown("theme", ("t",), both.breakdowns[0].shares.sum(axis=2, keepdims=True))
    wide = replace(both, breakdowns=(*both.breakdowns, theme))
    second = protect(wide, release="r2", ledger=first.ledger)
    assert _table(second).columns == ("a", "b", "c")
    assert _table(second).values == ((45, 45, 0), (45, 45, 45))
    # The first period's total grew by 45 through the new column: the theme is divided as it is now.
    assert second.publication.tables[1].period_totals == (135, 135)
    narrow = _one_table([[9, 9]], periods=("2022",), settled=frozenset({"2022"}))
    third = protect(narrow, release="r3", ledger=second.ledger)
    assert _table(third).periods == ("2020", "2021", "2022")
    assert _table(third).column_totals == (135, 135, 45)


def test_a_table_that_was_not_in_the_release_of_a_total_waits_for_new_figures() -> None:
    first = protect(_one_table([[9, 9]]), release="r1")
    figures = _one_table([[9, 9]])
    figures.breakdowns[0].shares[0, 0, 0] += 1
    theme = Breakdown("theme", ("t",), figures.breakdowns[0].shares.sum(axis=2, keepdims=True))
    second = protect(
        replace(figures, breakdowns=(*figures.breakdowns, theme)),
        release="r2",
        ledger=first.ledger,
    )
    assert second.publication.tables[1].waiting == ("2020",)


def test_only_some_columns_may_belong_to_a_contributor() -> None:
    """The small cell of its own column is no secret from u: it sees none hidden but one other."""
    figures = _with_small([[9, 5, 9, 9]], (0, 0))
    (table,) = figures.breakdowns
    owned = replace(figures, breakdowns=(replace(table, owners=("u", None, None, None)),))
    assert _table(protect(figures, release="r")).values == ((None, None, 45, 45),)
    done = protect(owned, release="r")
    assert sum(value is None for value in _table(done).values[0]) == 3
    assert done.ledger.tables["region"].owners == {"a": "u"}


def test_bad_settings_are_refused() -> None:
    figures = _one_table([[9, 9]])
    with pytest.raises(ValueError, match="never below 3"):
        protect(figures, release="r", minimum=2)
    done = protect(figures, release="r", minimum=3)
    with pytest.raises(ValueError, match="exists"):
        protect(figures, release="r", ledger=done.ledger)


def test_nothing_is_published_when_the_audit_finds_a_narrow_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A planted fault in the choice of partners: hide the small cell and nothing else."""
    monkeypatch.setattr(protection, "with_partners", lambda small, *_: small)
    with pytest.raises(Unprotected, match="region"):
        protect(_with_small([[9, 5, 9], [9, 9, 9]], (0, 0)), release="r")


def test_a_publication_survives_json() -> None:
    public = released(realistic_programme(2))[-1]
    assert Publication.from_json(json.loads(json.dumps(public.to_json()))) == public


def test_a_contributor_learns_nothing_of_the_others_from_its_own_column() -> None:
    """Each contributor is a column: without it, there are still two that may move."""
    cube = np.zeros((4, 1, 2, 1), dtype=int)
    cube[:, 0, :, 0] = [[20, 20], [15, 15], [2, 1], [12, 12]]
    programme = Programme((("r", figures_of(cube, ["2025"], ["2025"])),))
    files = exported(released(programme))
    group = next(table for table in files[0]["tables"] if table["name"] == "group")
    assert sum(value is None for value in group["values"][0]) == 3
    for who in (None, *programme.insiders()):
        assert all(one.width >= 5 for one in intervals(files, who))
