"""Drafting, publishing and throwing away releases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patenwerk.audit.domain.record import record
from patenwerk.core.clock import day_of
from patenwerk.core.disclosure.ledger import Ledger
from patenwerk.core.disclosure.protection import Protected, Unprotected
from patenwerk.core.policy import Actor
from patenwerk.core.refusal import Reason, Refusal
from patenwerk.jobs.domain.enqueue import enqueue
from patenwerk.jobs.domain.handlers import job_name
from patenwerk.organisations.models import Programme
from patenwerk.reporting.enums import ReleaseState
from patenwerk.reporting.kernel.release import publish, release_figures
from patenwerk.reporting.models import Release, ReleaseLedger
from patenwerk.reporting.queries.release import (
    UNPROTECTED,
    draft_problem_sentence,
    latest_release,
    names_of,
    programme_figures,
)
from patenwerk.reporting.queries.rule import minimum_cell

DRAFT = job_name("reporting.draft")
STEPS = 3
"""Counting, protecting, storing: what the progress of a draft goes through."""


class CannotRelease(Refusal):
    """No release was made, published or thrown away."""


def draft_release(
    *,
    programme: Programme,
    as_of: date,
    by: Actor,
    at: datetime,
    settled_through: int | None = None,
    notes: str = "",
) -> Release:
    """Begin a release of the figures of a day; a background job fills in its tables.

    Years up to ``settled_through`` are divided into groups, once and for all; by default the
    years that were over on that day. Later years show their total. Needs an open transaction.
    Raises :class:`CannotRelease` when the day lies ahead or not after the last release's, a year
    that is not over would be settled, or another draft is open.
    """
    Programme.objects.select_for_update().get(pk=programme.pk)
    over = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    through = over if settled_through is None else settled_through
    before = latest_release(programme.pk)
    reasons = _against(programme, as_of, through, over, before, at)
    if reasons:
        raise CannotRelease(reasons)
    release = Release.objects.create(
        programme=programme,
        as_of=as_of,
        settled_through=through,
        notes=notes,
        minimum_cell=minimum_cell(programme),
        follows=before,
        created_at=at,
    )
    job = enqueue(name=DRAFT, payload={"release": release.pk}, by=by, at=at, scope=programme)
    release.job_id = job.pk
    release.save(update_fields=["job_id"])
    details = {"as_of": as_of.isoformat(), "settled_through": through}
    record(by=by, at=at, action="reporting.draft_release", things=[release], details=details)
    return release


def calculated_tables(
    *, release: Release, progress: Callable[[int, int, str], None]
) -> tuple[Protected, int]:
    """A draft's tables after disclosure control, and the number of the newest rule applied.

    Reads only. Takes all that was published before into account. Raises :class:`CannotRelease`
    when the audit finds a hidden number that could be worked out.
    """
    progress(0, STEPS, "counting")
    found = programme_figures(release.programme, release.as_of)
    names = names_of(release.programme)
    progress(1, STEPS, "protecting")
    years = {figure.year for figure in found.figures}
    figures = release_figures(
        found.figures,
        lands=list(names["land"]),
        focuses=list(names["focus"]),
        carriers=list(names["carrier"]),
        settled=[year for year in years if year <= release.settled_through],
    )
    try:
        protected = publish(
            figures, on=release.as_of, minimum=release.minimum_cell, ledger=_ledger(release)
        )
    except Unprotected as problem:
        raise CannotRelease(Reason(UNPROTECTED, draft_problem_sentence(UNPROTECTED))) from problem
    progress(2, STEPS, "storing")
    return protected, found.rule_number


def store_draft(*, release: Release, protected: Protected, rule_number: int) -> None:
    """Keep a draft's tables; a draft that was thrown away meanwhile stays away."""
    draft = Release.objects.select_for_update().filter(pk=release.pk, state=ReleaseState.DRAFT)
    kept = draft.first()
    if kept is None or kept.published is not None:
        return
    kept.published = protected.publication.to_json()
    kept.names = names_of(kept.programme)
    kept.rule_number = rule_number
    kept.save(update_fields=["published", "names", "rule_number"])
    ReleaseLedger.objects.create(
        programme=kept.programme, release=kept, content=protected.ledger.to_json()
    )


def publish_release(*, release: Release, by: Actor, at: datetime) -> Release:
    """Make a draft public for good. Locks it.

    Raises :class:`CannotRelease` when its tables are not there yet, it is published already, or
    another release was published since.
    """
    Programme.objects.select_for_update().get(pk=release.programme_id)
    draft = Release.objects.select_for_update().filter(pk=release.pk).first()
    if draft is None:
        raise CannotRelease(Reason("gone", _("This draft was thrown away.")))
    reasons = []
    if draft.state == ReleaseState.PUBLISHED:
        reasons.append(Reason("published", _("This release is published already.")))
    if draft.published is None:
        reasons.append(Reason("not_ready", _("The tables are still being calculated.")))
    newest = latest_release(draft.programme_id)
    if draft.state == ReleaseState.DRAFT and newest is not None and newest.pk != draft.follows_id:
        sentence = _("Another release was published since. Please draft this one anew.")
        reasons.append(Reason("overtaken", sentence))
    if reasons:
        raise CannotRelease(reasons)
    draft.state = ReleaseState.PUBLISHED
    draft.published_at, draft.published_by_id = at, by.user_id
    draft.save(update_fields=["state", "published_at", "published_by_id"])
    details = {"as_of": draft.as_of.isoformat()}
    record(by=by, at=at, action="reporting.publish_release", things=[draft], details=details)
    return draft


def discard_draft(*, release: Release, by: Actor, at: datetime) -> None:
    """Throw a draft away, whether calculated or not.

    Raises :class:`CannotRelease` for a published release: what is public stays.
    """
    draft = Release.objects.select_for_update().filter(pk=release.pk).first()
    if draft is None:
        return
    if draft.state == ReleaseState.PUBLISHED:
        sentence = _("A published release stays. Corrections appear in the next one.")
        raise CannotRelease(Reason("published", sentence))
    record(by=by, at=at, action="reporting.discard_draft", things=[draft])
    draft.delete()


def _against(
    programme: Programme,
    as_of: date,
    through: int,
    over: int,
    before: Release | None,
    at: datetime,
) -> list[Reason]:
    reasons = []
    if as_of > day_of(at):
        reasons.append(Reason("ahead", _("This day lies ahead."), "as_of"))
    if before is not None and as_of <= before.as_of:
        sentence = _("The last release is of %(day)s. Please choose a later day.") % {
            "day": date_format(before.as_of)
        }
        reasons.append(Reason("not_later", sentence, "as_of"))
    if through > over:
        sentence = _("The year %(year)s was not over on this day.") % {"year": through}
        reasons.append(Reason("not_over", sentence, "settled_through"))
    if Release.objects.filter(programme=programme, state=ReleaseState.DRAFT).exists():
        sentence = _("There is a draft already. Please publish it or throw it away first.")
        reasons.append(Reason("draft_open", sentence))
    return reasons


def _ledger(release: Release) -> Ledger | None:
    if release.follows_id is None:
        return None
    kept = ReleaseLedger.objects.get(release=release.follows_id)
    return Ledger.from_json(kept.content)
