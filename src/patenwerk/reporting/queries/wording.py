"""A verdict's reasons in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patenwerk.reporting.kernel.counting import Code, Reason, Values, Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One condition in words, met or not."""

    met: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class YearInWords:
    """What a tandem's page says of one year; ``who`` is a group's mentee, where each counts."""

    year: int
    who: str
    counts: bool
    headline: str
    lines: list[Line]
    rule_number: str | None


def verdict_in_words(verdict: Verdict, *, on: date, runs: bool, who: str = "") -> YearInWords:
    """Headline and reasons of a verdict, with what is missing and when it would be there.

    ``runs``: the tandem has not ended, so that what is missing may still come.
    """
    return YearInWords(
        year=verdict.year,
        who=who,
        counts=verdict.counts,
        headline=_headline(verdict, on, runs=runs),
        lines=[Line(reason.met, reason_in_words(reason)) for reason in verdict.reasons],
        rule_number=verdict.version,
    )


def reason_in_words(reason: Reason) -> str:
    """One condition as a sentence."""
    return _SENTENCES[reason.code](reason)


def _headline(verdict: Verdict, on: date, *, runs: bool) -> str:
    if verdict.founded:
        return _("counts as new")
    if verdict.continued:
        return _("counts as continued")
    missing = [reason for reason in verdict.reasons if not reason.met]
    if runs and all(_may_come(reason, on) for reason in missing):
        return _("does not count yet")
    return _("does not count")


def _may_come(reason: Reason, on: date) -> bool:
    """Whether time or further meetings can still meet the condition."""
    until = reason.values.get("until")
    if reason.code is Code.MEETINGS and isinstance(until, date):
        return on <= until
    if reason.code is Code.LENGTH:
        return reason.values["reached_on"] is not None
    return reason.code in {Code.NOT_FOUNDED, Code.NOT_BEGUN}


def _day(values: Values, name: str) -> str:
    value = values[name]
    return date_format(value) if isinstance(value, date) else ""


def _number(values: Values, name: str) -> int:
    value = values[name]
    return value if isinstance(value, int) else 0


def _meetings(reason: Reason) -> str:
    has, needs = _number(reason.values, "has"), _number(reason.values, "needs")
    known = {"has": has, "needs": needs, "until": _day(reason.values, "until")}
    if reason.met:
        return (
            ngettext(
                "At least %(needs)s meeting in the year: %(has)s logged",
                "At least %(needs)s meetings in the year: %(has)s logged",
                needs,
            )
            % known
        )
    return (
        ngettext(
            "At least %(needs)s meeting in the year: %(has)s logged so far. "
            "Meetings until %(until)s count.",
            "At least %(needs)s meetings in the year: %(has)s logged so far. "
            "Meetings until %(until)s count.",
            needs,
        )
        % known
    )


def _length(reason: Reason) -> str:
    known = {
        "days": _number(reason.values, "days"),
        "needs": _number(reason.values, "needed_days"),
        "on": _day(reason.values, "reached_on"),
    }
    if reason.met:
        return _("At least %(needs)s days together: %(days)s so far") % known
    if known["on"]:
        return _("At least %(needs)s days together: reached on %(on)s") % known
    return _("At least %(needs)s days together: ended after %(days)s days") % known


_SENTENCES: Mapping[Code, Callable[[Reason], str]] = {
    Code.DECLINED: lambda _reason: _("One side said no to the proposal."),
    Code.NOT_FOUNDED: lambda _reason: _(
        "There was no meeting yet. The first logged meeting founds the tandem."
    ),
    Code.NO_RULE: lambda reason: _(
        "The rule in force on %(on)s says nothing about this kind of tandem."
    )
    % {"on": _day(reason.values, "on")},
    Code.NOT_BEGUN: lambda reason: _("The first meeting is on %(on)s.")
    % {"on": _day(reason.values, "begins_on")},
    Code.BEFORE_FOUNDING: lambda reason: _("The first meeting was later, on %(on)s.")
    % {"on": _day(reason.values, "founded_on")},
    Code.ENDED_BEFORE: lambda reason: _("The tandem ended before the year, on %(on)s.")
    % {"on": _day(reason.values, "ended_on")},
    Code.NOT_CONTINUED: lambda _reason: _("This kind of tandem counts in its first year only."),
    Code.MEETINGS: _meetings,
    Code.LENGTH: _length,
}
