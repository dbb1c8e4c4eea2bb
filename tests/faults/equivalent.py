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
    **{
        f"reporting/domain/yearly_figures.py _Reader._figure: {name} is None": (
            "Whatever is missing has left a reason, which is asked for before; said for the types."
        )
        for name in ("year", "count", "dimension")
    },
}
