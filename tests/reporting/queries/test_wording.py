"""Every reason in words: what is missing and when it would be there."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from patenwerk.reporting.kernel.counting import Code, Reason, Standing, Verdict
from patenwerk.reporting.queries.wording import reason_in_words, verdict_in_words

DAY = date(2026, 3, 5)


def reason(code: Code, *, met: bool = False, **values: int | date | None) -> Reason:
    return Reason(code, met=met, values=values)


MEETINGS = reason(Code.MEETINGS, has=1, needs=3, until=date(2026, 12, 31))
SOON = reason(Code.LENGTH, days=10, needed_days=30, needed_months=0, reached_on=DAY)
NEVER = reason(Code.LENGTH, days=10, needed_days=30, needed_months=0, reached_on=None)
REASONS = [
    (reason(Code.DECLINED), "One side said no to the proposal."),
    (
        reason(Code.NOT_FOUNDED),
        "There was no meeting yet. The first logged meeting founds the tandem.",
    ),
    (
        reason(Code.NO_RULE, on=DAY),
        "The rule in force on March 5, 2026 says nothing about this kind of tandem.",
    ),
    (reason(Code.NOT_BEGUN, begins_on=DAY), "The first meeting is on March 5, 2026."),
    (
        reason(Code.BEFORE_FOUNDING, founded_on=DAY),
        "The first meeting was later, on March 5, 2026.",
    ),
    (
        reason(Code.ENDED_BEFORE, ended_on=DAY),
        "The tandem ended before the year, on March 5, 2026.",
    ),
    (reason(Code.NOT_CONTINUED), "This kind of tandem counts in its first year only."),
    (
        reason(Code.MEETINGS, met=True, has=4, needs=3, until=DAY),
        "At least 3 meetings in the year: 4 logged",
    ),
    (
        MEETINGS,
        "At least 3 meetings in the year: 1 logged so far. Meetings until Dec. 31, 2026 count.",
    ),
    (
        reason(Code.LENGTH, met=True, days=40, needed_days=30, reached_on=DAY),
        "At least 30 days together: 40 so far",
    ),
    (SOON, "At least 30 days together: reached on March 5, 2026"),
    (NEVER, "At least 30 days together: ended after 10 days"),
]


def test_every_code_has_words() -> None:
    assert {each.code for each, _words in REASONS} == set(Code)


@pytest.mark.parametrize(("given", "words"), REASONS, ids=lambda value: str(value)[:40])
def test_a_reason_in_words(given: Reason, words: str) -> None:
    with translation.override("en"):
        assert reason_in_words(given) == words


@pytest.mark.parametrize(
    ("standing", "counts", "reasons", "runs", "on", "headline"),
    [
        (Standing.FOUNDED, True, (), True, DAY, "counts as new"),
        (Standing.CONTINUED, True, (), False, DAY, "counts as continued"),
        (Standing.FOUNDED, False, (MEETINGS,), True, DAY, "does not count yet"),
        (Standing.FOUNDED, False, (MEETINGS,), False, DAY, "does not count"),
        (Standing.FOUNDED, False, (MEETINGS,), True, date(2027, 1, 1), "does not count"),
        (Standing.FOUNDED, False, (MEETINGS, SOON), True, DAY, "does not count yet"),
        (Standing.FOUNDED, False, (MEETINGS, NEVER), True, DAY, "does not count"),
        (Standing.NONE, False, (reason(Code.NOT_FOUNDED),), True, DAY, "does not count yet"),
        (Standing.NONE, False, (reason(Code.DECLINED),), False, DAY, "does not count"),
        (Standing.CONTINUED, False, (reason(Code.NOT_CONTINUED),), True, DAY, "does not count"),
    ],
)
def test_a_headline(
    standing: Standing,
    *,
    counts: bool,
    reasons: tuple[Reason, ...],
    runs: bool,
    on: date,
    headline: str,
) -> None:
    with translation.override("en"):
        said = verdict_in_words(Verdict(2026, counts, standing, reasons, "2"), on=on, runs=runs)
    assert (said.headline, said.counts, said.rule_number) == (headline, counts, "2")
    assert [line.met for line in said.lines] == [each.met for each in reasons]
