"""Releases: what everybody reads, and what the programme office prepares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patenwerk.core.policy import Actor, visible
from patenwerk.jobs.enums import JobState
from patenwerk.jobs.models import Job
from patenwerk.organisations.models import Carrier, Focus, Programme
from patenwerk.places.enums import Land
from patenwerk.places.kernel.laender import NAMES
from patenwerk.reporting.enums import Dimension, ReleaseState
from patenwerk.reporting.kernel import release as kernel
from patenwerk.reporting.models import Release, YearlyFigure
from patenwerk.reporting.policy import SEE_RELEASES
from patenwerk.reporting.queries.counting import counted_tandems
from patenwerk.tandems.models import Tandem

UNPROTECTED = "unprotected"
"""The audit of disclosure control refused a draft."""

Names = dict[str, dict[str, list[str]]]
"""Table → code → [German, English]."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All yearly figures of a programme, imported and counted, with the rules applied."""

    figures: list[kernel.YearlyFigure]
    rule_number: int
    counted_from: int


def releases(actor: Actor) -> QuerySet[Release]:
    """All releases the actor sees, drafts among them, the latest first."""
    return Release.objects.filter(visible(actor, SEE_RELEASES, Release)).select_related("programme")


def published_releases() -> QuerySet[Release]:
    """What everybody may read, the latest first."""
    return Release.objects.filter(state=ReleaseState.PUBLISHED).select_related("programme")


def latest_release(programme_id: int) -> Release | None:
    """The release the start page shows."""
    return published_releases().filter(programme=programme_id).first()


def counted_from(programme: Programme) -> int:
    """The first year whose tandems are counted here: the one after the last imported year.

    A year is either imported or counted, never both: the yearly reports hold all tandems of their
    year, also those that were entered here later.
    """
    last = YearlyFigure.objects.filter(programme=programme).aggregate(last=Max("year"))["last"]
    return programme.started_on.year if last is None else int(last) + 1


def imported_figures(programme: Programme) -> list[kernel.YearlyFigure]:
    """The imported figures of the years before, by year and carrier."""
    rows: dict[tuple[int, str], dict[str, dict[str, int]]] = {}
    for row in YearlyFigure.objects.filter(programme=programme):
        key = (row.year, kernel.UNKNOWN if row.reported_by_id is None else str(row.reported_by_id))
        rows.setdefault(key, {}).setdefault(row.dimension, {})[row.code] = row.count
    return [
        kernel.YearlyFigure(
            year=year,
            carrier=carrier,
            total=parts[Dimension.TOTAL][""],
            lands=parts.get(Dimension.LAND, {}),
            focuses=parts.get(Dimension.FOCUS, {}),
            imported=True,
        )
        for (year, carrier), parts in sorted(rows.items())
    ]


def imported_years(programme: Programme) -> list[tuple[int, int]]:
    """The imported years with their totals over all carriers."""
    totals = YearlyFigure.objects.filter(programme=programme, dimension=Dimension.TOTAL)
    rows = totals.values_list("year").annotate(total=Sum("count")).order_by("year")
    return [(year, total) for year, total in rows]


def programme_figures(programme: Programme, as_of: date) -> Figures:
    """What a release of that day is made from: confidential, for disclosure control alone."""
    first = counted_from(programme)
    codes = {str(pk): code for pk, code in _focus_codes(programme)}
    counted = [
        kernel.CountedTandem(
            verdicts=one.verdicts,
            carrier=one.carrier,
            land=one.land,
            focus=codes[one.focus],
        )
        for one in counted_tandems(Tandem.objects.filter(programme=programme), as_of)
    ]
    here = [
        figure for figure in kernel.yearly_figures(counted) if first <= figure.year <= as_of.year
    ]
    before = [figure for figure in imported_figures(programme) if figure.year <= as_of.year]
    versions = {
        int(each.version)
        for one in counted
        for each in one.verdicts
        if each.founded and each.version is not None and each.year >= first
    }
    return Figures(before + here, max(versions, default=0), first)


def names_of(programme: Programme) -> Names:
    """The words of all columns a release can have, in order."""
    return {
        kernel.LAND: {land.value: list(NAMES[land]) for land in Land},
        kernel.FOCUS: {
            word.code: [word.name_de, word.name_en]
            for word in Focus.objects.filter(programme=programme)
        },
        kernel.CARRIER: {
            str(pk): [name, name]
            for pk, name in Carrier.objects.filter(programme=programme).values_list("pk", "name")
        },
    }


def draft_problem(release: Release) -> str:
    """Why a draft's tables did not come, in words; empty while the work goes on or is done."""
    if release.published is not None:
        return ""
    job = job_of(release)
    if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}:
        return ""
    return draft_problem_sentence("" if job is None else job.problem)


def job_of(release: Release) -> Job | None:
    """The background job that calculates a draft."""
    return Job.objects.filter(pk=release.job_id or 0).first()


def draft_problem_sentence(code: str) -> str:
    """The words for a failed draft."""
    if code == UNPROTECTED:
        return _(
            "These figures cannot be published: a hidden number could be worked out. Nothing was "
            "released. Please throw the draft away and settle fewer years."
        )
    return _("The tables could not be calculated. Please throw the draft away and try again.")


def name_in(names: Mapping[str, Mapping[str, Iterable[str]]], table: str, code: str) -> str:
    """A column's word as it was when the release was made, in the reader's language."""
    words = list(names.get(table, {}).get(code, ()))
    if not words:
        return _("not known")
    return words[0 if (get_language() or "de").startswith("de") else 1]


def _focus_codes(programme: Programme) -> QuerySet[Focus, tuple[int, str]]:
    return Focus.objects.filter(programme=programme).values_list("pk", "code")
