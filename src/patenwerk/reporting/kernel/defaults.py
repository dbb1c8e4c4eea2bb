"""What holds where nobody has set anything else."""

from datetime import date

from patenwerk.reporting.kernel.counting import CountingRule

LOWEST_MINIMUM_CELL = 3
FIRST_YEAR = 2016

IMPULSE_MEETINGS = 3


def default_rules(kinds: dict[str, int]) -> tuple[CountingRule, ...]:
    """One open rule per kind: its code and the meetings needed in the year of founding.

    The funder's own minimum is one documented meeting in person; carriers and kinds ask for more
    (three for the short kind, ``IMPULSE_MEETINGS``).
    """
    return tuple(
        CountingRule(
            version=f"{kind}-1", kind=kind, valid_from=date(FIRST_YEAR, 1, 1), meetings=meetings
        )
        for kind, meetings in kinds.items()
    )
