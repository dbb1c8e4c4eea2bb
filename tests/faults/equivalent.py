"""Guards whose absence changes nothing that could be seen from outside, each with the reason."""

EQUIVALENT: dict[str, str] = {
    "core/disclosure/network.py Network.narrow: proof is not None and _stands(proof, give)": (
        "A shortcut: without the remembered proof the width is searched for again."
    ),
    (
        "core/disclosure/network.py Network.narrow: "
        "slack < need and together[self.tails[edge]] == together[self.heads[edge]]"
    ): "A shortcut: the search finds the same width, only later.",
    "gatherings/kernel/merging.py _side: name == 'equal'": (
        "A shortcut: the same sentences are most alike to each other, and pair up in their order."
    ),
    "matching/domain/round_figures.py _ring: key not in chosen and (not count.places)": (
        "No ring leads through a zero: only a sum over all Länder is one, and where it is zero "
        "nothing else stands at one of its ends. Said because that could change."
    ),
    "matching/kernel/market.py sort_lists: not IS_COMPILED": (
        "Two ways to the same order: interpreted, the loops for threads would take long."
    ),
    "matching/kernel/market.py values_of.of_rows: IS_COMPILED": (
        "Two ways to the same values: interpreted, whole arrays are quicker than loops."
    ),
    "matching/kernel/paths.py bid: best == second": (
        "A shortcut: whoever cannot raise a price would put others out at the same one, and be put "
        "out, until no bids are left. What is found afterwards is the same."
    ),
    "matching/kernel/paths.py can_grow: columns.came[column] == 0": (
        "A shortcut: who holds the places of a column is reached once, however often it is met."
    ),
    "matching/kernel/paths.py insert: rows.dual[root] <= 0": (
        "A shortcut: whoever gains nothing finds no path that is shorter than staying without."
    ),
    "matching/kernel/paths.py look_from: length >= shortest": (
        "A shortcut: with room a column costs nothing, so the break above has turned it away; a "
        "full one that far away is never taken off the heap, and its price rises by nothing."
    ),
    "matching/kernel/scan.py scan: field.rows[place] == field.rows[place + 1]": (
        "A shortcut: where no mentee lives, mentors would be gathered for nobody."
    ),
    "matching/kernel/scan.py scan: kept == 0": (
        "A shortcut: of nobody, or of those who are only counted, the best none are ranked."
    ),
    "matching/kernel/scan.py scan_prices: limit == 0": (
        "A shortcut: nobody costs less than nothing, so nobody would be left to be looked at."
    ),
    "matching/kernel/scan.py scan_prices: asked == 0": (
        "A shortcut: where nobody is asked for, mentors would be gathered for nobody."
    ),
    "matching/kernel/solver.py _opened: units == 0": (
        "People without a place have no pairs, and without pairs there is no market either."
    ),
    **{
        f"reporting/domain/yearly_figures.py _Reader._figure: {name} is None": (
            "Whatever is missing has left a reason, which is asked for before; said for the types."
        )
        for name in ("year", "count", "dimension")
    },
}
