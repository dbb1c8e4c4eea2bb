"""Guards whose absence changes nothing that could be seen from outside, each with the reason."""

EQUIVALENT: dict[str, str] = {}
