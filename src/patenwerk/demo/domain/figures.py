"""What the demo's programme office does: the counting rule, imported years, releases."""

from __future__ import annotations

from datetime import date, datetime

from patenwerk.demo.domain.organisations import STARTED_ON, Stage
from patenwerk.demo.kernel.history import yearly_figures
from patenwerk.jobs.domain.run import run
from patenwerk.reporting.domain.release import draft_release, publish_release
from patenwerk.reporting.domain.rule import KindValues, set_counting_rule
from patenwerk.reporting.domain.yearly_figures import import_yearly_figures
from patenwerk.reporting.kernel.defaults import IMPULSE_MEETINGS
from patenwerk.reporting.models import Release


def say_what_counts(stage: Stage, *, at: datetime) -> None:
    """One meeting makes a tandem of chances or a group count, three one of impulses, once."""
    rules = {
        "chancenpatenschaft": KindValues(),
        "impulspatenschaft": KindValues(meetings=IMPULSE_MEETINGS, continues=False),
        "gruppenpatenschaft": KindValues(),
    }
    set_counting_rule(
        programme=stage.programme,
        valid_from=STARTED_ON,
        kinds={kind: rules[code] for code, kind in stage.kinds.items()},
        by=stage.office,
        at=at,
    )


def import_history(stage: Stage, *, last: int, at: datetime) -> None:
    """The years up to ``last`` come from a file."""
    import_yearly_figures(
        programme=stage.programme,
        data=yearly_figures(STARTED_ON.year, last).encode(),
        by=stage.office,
        at=at,
    )


def release(stage: Stage, *, as_of: date, public: bool, notes: str, at: datetime) -> Release:
    """Draft a release, calculate it at once, and publish it where it is to be public."""
    drafted = draft_release(
        programme=stage.programme, as_of=as_of, by=stage.office, at=at, notes=notes
    )
    if drafted.job_id is not None:
        run(job_id=drafted.job_id, clock=lambda: at)
    if public:
        return publish_release(release=drafted, by=stage.office, at=at)
    return drafted


def last_quarter_end(on: date) -> date:
    """The last day of the newest quarter that had been over for two weeks."""
    days = [
        date(year, month, day)
        for year in (on.year - 1, on.year)
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
    ]
    return max(day for day in days if (on - day).days > 14)
