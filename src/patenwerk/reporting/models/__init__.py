"""Counting rules, imported yearly figures and releases."""

from patenwerk.reporting.models.release import Release, ReleaseLedger
from patenwerk.reporting.models.rule import CountingRule, KindRule
from patenwerk.reporting.models.settings import ReportingSettings
from patenwerk.reporting.models.yearly_figure import YearlyFigure

__all__ = [
    "CountingRule",
    "KindRule",
    "Release",
    "ReleaseLedger",
    "ReportingSettings",
    "YearlyFigure",
]
