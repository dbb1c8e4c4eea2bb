"""Guards whose absence changes nothing that could be seen from outside, each with the reason."""

EQUIVALENT: dict[str, str] = {
    "matching/kernel/assignment.py _Paths._insert: self.profits[root] == 0": (
        "A shortcut: a search from a row that gains nothing ends where it began."
    ),
    **{
        f"reporting/domain/yearly_figures.py _Reader._figure: {name} is None": (
            "Whatever is missing has left a reason, which is asked for before; said for the types."
        )
        for name in ("year", "count", "dimension")
    },
}
