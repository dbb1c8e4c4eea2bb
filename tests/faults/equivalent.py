"""Guards whose absence changes nothing that could be seen from outside, each with the reason."""

EQUIVALENT: dict[str, str] = {
    "matching/kernel/assignment.py _Paths._insert: self.profits[root] == 0": (
        "A shortcut: a search from a row that gains nothing ends where it began."
    ),
}
