from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from patenwerk.core.web.forms import DayInput
from patenwerk.core.web.views import FormPage, ObjectView
from patenwerk.matching.domain.replay import PLAYING, start_replay
from patenwerk.matching.enums import RoundState
from patenwerk.matching.models import Replay
from patenwerk.matching.policy import SEE_MATCHING, START_ROUND
from patenwerk.matching.queries.replay import replay_state, replays
from patenwerk.matching.queries.round import startable
from patenwerk.matching.web.forms import StartForm

YEAR = timedelta(days=365)

Numbers = list[tuple[float | None, int]]
"""Values with their digits after the point; the first one is drawn."""


class ReplayForm(StartForm):
    """Whose arrivals are played again, and of which days."""

    first = forms.DateField(label=gettext_lazy("Who came from"), widget=DayInput())
    last = forms.DateField(label=pgettext_lazy("replay", "Until"), widget=DayInput())


class ReplayHome(FormPage):
    """What would have been: a form, and the latest replay of each site and carrier."""

    see, do = SEE_MATCHING, START_ROUND
    form_class = ReplayForm
    template = "matching/replays.html"

    def form_options(self) -> dict[str, Any]:
        days = {"first": self.today - YEAR, "last": self.today}
        return {"startable": startable(self.actor), "initial": days}

    def context(self) -> dict[str, Any]:
        found = list(replays(self.actor))
        for one in found:
            one.standing = replay_state(one)  # type: ignore[attr-defined]
        return {"replays": found}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        started = start_replay(
            organisation=form.chosen,
            first=said["first"],
            last=said["last"],
            by=self.actor,
            at=self.now,
        )
        return reverse("matching:replay", args=[started.pk])


class AboutReplay(ObjectView, abstract=True):
    model = Replay
    see = SEE_MATCHING

    def rows(self) -> QuerySet[Replay]:
        return Replay.objects.select_related("site", "carrier", "job")


def progress_of(found: Replay) -> dict[str, Any]:
    """How far a running replay is."""
    job, state = found.job, replay_state(found)
    if state is RoundState.FAILED:
        text = _("The replay could not be calculated.")
    elif state is not RoundState.RUNNING or job is None:
        text = _("The replay is ready.")
    elif job.progress_text == PLAYING:
        text = _("Playing one rhythm after the other")
    else:
        text = _("Looking at who fits")
    known = job is not None and job.progress_total > 1
    return {
        "done": job.progress_done if known and job else None,
        "total": job.progress_total if known and job else None,
        "text": text,
        "finished": state is not RoundState.RUNNING,
        "progress_url": reverse("matching:replay_progress", args=[found.pk]),
    }


class ReplayProgress(AboutReplay):
    do = SEE_MATCHING
    template = "matching/_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        state = progress_of(self.object)
        answer = self.page(state)
        if state["finished"]:
            answer.headers["HX-Refresh"] = "true"
        return answer


class ReplayPage(AboutReplay):
    """The rhythms beside each other, each figure with the number of people or pairs behind it."""

    do = SEE_MATCHING
    template = "matching/replay.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        figures: list[dict[str, Any]] = self.object.figures
        return self.page(
            {
                "replay": self.object,
                "standing": replay_state(self.object),
                "first": figures[0] if figures else None,
                "parts": parts_of(figures) if figures else [],
                **progress_of(self.object),
            }
        )


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure over all rhythms: a table whose first number is drawn as a bar.

    ``heads`` are the words above the numbers; ``rows`` (rhythm, bar, numbers), each number with
    its digits after the point and None where there is nothing to say. ``longest`` is the full
    width of the bars, ``kind`` their colour.
    """

    title: str
    kind: str
    heads: list[str]
    rows: list[tuple[str, float, Numbers]]
    longest: float


def parts_of(figures: list[dict[str, Any]]) -> list[tuple[str, list[Chart]]]:
    """The charts of a replay under their headings, two beside each other."""
    mean, of = pgettext("replay", "on average"), pgettext("replay", "of")
    found = [pgettext("replay", "found"), of, pgettext("replay", "wait")]
    until = [mean, pgettext("replay", "half until"), of]
    waited = [mean, of]
    return [
        (_("Who found somebody"), _both_sides(figures, found, _found)),
        (
            _("Days until the first partner, of those who found somebody"),
            _both_sides(figures, until, _until),
        ),
        (
            _("Days waited by all who came, also those who found nobody"),
            _both_sides(figures, waited, _waited),
        ),
        (_("How good the pairs are"), _pairs(figures)),
    ]


def _found(side: dict[str, Any]) -> Numbers:
    return [(side["placed"], 0), (side["came"], 0), (side["still"], 0)]


def _until(side: dict[str, Any]) -> Numbers:
    return [(side["mean"], 1), (side["median"], 1), (side["placed"], 0)]


def _waited(side: dict[str, Any]) -> Numbers:
    return [(side["overall"], 1), (side["came"], 0)]


def _both_sides(
    figures: list[dict[str, Any]], heads: list[str], numbers: Callable[[dict[str, Any]], Numbers]
) -> list[Chart]:
    """Mentees and mentors on one scale."""
    said = {side: [numbers(one[side]) for one in figures] for side in ("mentees", "mentors")}
    longest = max(most for one in said.values() for most in map(_length, one))
    if numbers is _found:
        longest = max(figures[0][side]["came"] for side in said)
    return [
        _chart(_("Who is accompanied"), "a", heads, figures, said["mentees"], longest),
        _chart(_("Who accompanies"), "b", heads, figures, said["mentors"], longest),
    ]


def _pairs(figures: list[dict[str, Any]]) -> list[Chart]:
    heads = [pgettext("replay", "on average"), pgettext("replay", "pairs")]
    fit: list[Numbers] = [
        [(_percent(one["fit"]["value"]), 0), (one["fit"]["of"], 0)] for one in figures
    ]
    km: list[Numbers] = [[(one["km"]["value"], 1), (one["km"]["of"], 0)] for one in figures]
    return [
        _chart(
            _("How much of what was asked for is offered, in percent"),
            "a",
            heads,
            figures,
            fit,
            100,
        ),
        _chart(_("Distance in kilometres"), "a", heads, figures, km, max(map(_length, km))),
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _length(numbers: Numbers) -> float:
    return numbers[0][0] or 0.0


def _chart(
    title: str,
    kind: str,
    heads: list[str],
    figures: list[dict[str, Any]],
    numbers: list[Numbers],
    longest: float,
) -> Chart:
    rows = [
        (_rhythm(one["every"]), _length(said), said)
        for one, said in zip(figures, numbers, strict=True)
    ]
    return Chart(title, kind, heads, rows, longest)


def _rhythm(every: int | None) -> str:
    """The days between two rounds: the column's head says that they are days."""
    return pgettext("replay", "once") if every is None else str(every)
