from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patenwerk.core.disclosure.minimum import MINIMUM_CELL
from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.lists import SheetColumn, sheet_answer
from patenwerk.core.web.views import ObjectFormPage, ObjectView, PolicedView
from patenwerk.matching.domain.programme_round import start_programme_round
from patenwerk.matching.enums import RoundState
from patenwerk.matching.models import ProgrammeRound
from patenwerk.matching.policy import PROGRAMME_ROUND, SEE_PROGRAMME_ROUNDS
from patenwerk.matching.queries.programme_figures import figures_of
from patenwerk.matching.queries.programme_round import (
    programme_rounds,
    standing_of,
    startable_programmes,
)
from patenwerk.matching.queries.wording import step_in_words
from patenwerk.organisations.models import Programme

ROUNDS_SHOWN = 20
HIDDEN = "•"


class ProgrammeRounds(PolicedView):
    """All rounds over all carriers, and the way to start one."""

    see = do = SEE_PROGRAMME_ROUNDS
    template = "matching/programme_rounds.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        shown = list(programme_rounds(self.actor)[:ROUNDS_SHOWN])
        return self.page(
            {
                "rounds": [{"round": one, "standing": standing_of(one)} for one in shown],
                "programmes": startable_programmes(self.actor),
            }
        )


class StartProgrammeRound(ObjectFormPage):
    model = Programme
    see, do = SEE_PROGRAMME_ROUNDS, PROGRAMME_ROUND
    form_class = ConfirmForm
    template = "matching/programme_start.html"

    def context(self) -> dict[str, Any]:
        return {"programme_of_round": self.object}

    def perform(self, form: Any) -> str:
        started = start_programme_round(programme=self.object, by=self.actor, at=self.now)
        return reverse("matching:programme_round", args=[started.pk])


class AboutProgrammeRound(ObjectView, abstract=True):
    model = ProgrammeRound
    see = do = SEE_PROGRAMME_ROUNDS

    def rows(self) -> Any:
        return ProgrammeRound.objects.select_related("programme", "job")


def programme_progress(found: ProgrammeRound) -> dict[str, Any]:
    """How far a running round is, in hundredths: people are not counted here."""
    job, state = found.job, standing_of(found)
    if state is RoundState.FAILED:
        text = _("The round could not be calculated.")
    elif state is not RoundState.RUNNING or job is None:
        text = _("The round is ready.")
    else:
        text = step_in_words(job.progress_text)
    known = job is not None and job.progress_total > 1
    return {
        "done": job.progress_done if known and job else None,
        "total": job.progress_total if known and job else None,
        "text": text,
        "finished": state is not RoundState.RUNNING,
        "progress_url": reverse("matching:programme_progress", args=[found.pk]),
    }


class ProgrammeRoundProgress(AboutProgrammeRound):
    template = "matching/_progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        state = programme_progress(self.object)
        answer = self.page(state)
        if state["finished"]:
            answer.headers["HX-Refresh"] = "true"
        return answer


class ProgrammeRoundPage(AboutProgrammeRound):
    template = "matching/programme_round.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found: ProgrammeRound = self.object
        standing = standing_of(found)
        kind = request.GET.get("format", "")
        if kind in {"xlsx", "csv"}:
            if standing is not RoundState.READY:
                return redirect("matching:programme_round", found.pk)
            return self.sheet(kind)
        figures = figures_of(found, request.LANGUAGE_CODE) if standing is RoundState.READY else None
        return self.page(
            {
                "round": found,
                "standing": standing,
                "figures": figures,
                "minimum": found.minimum_cell or MINIMUM_CELL,
                **programme_progress(found),
            }
        )

    def sheet(self, kind: str) -> HttpResponse:
        figures = figures_of(self.object, self.request.LANGUAGE_CODE)
        if self.request.GET.get("list") == "flows":
            return sheet_answer(kind, f"flows-{self.object.pk}", FLOW_COLUMNS, figures.flows)
        return sheet_answer(kind, f"waiting-{self.object.pk}", LAND_COLUMNS, figures.lands)


def _told(value: int | None) -> int | str:
    return HIDDEN if value is None else value


LAND_COLUMNS = (
    SheetColumn(gettext_lazy("Land"), lambda line: line.name),
    SheetColumn(gettext_lazy("Mentees look for, before"), lambda line: _told(line.sought)),
    SheetColumn(gettext_lazy("Mentees look for, after"), lambda line: _told(line.kept)),
    SheetColumn(gettext_lazy("Places offered, before"), lambda line: _told(line.offered)),
    SheetColumn(gettext_lazy("Places offered, after"), lambda line: _told(line.free)),
)
FLOW_COLUMNS = (
    SheetColumn(gettext_lazy("Who accompanies lives in"), lambda flow: flow.start_name),
    SheetColumn(gettext_lazy("Who is accompanied lives in"), lambda flow: flow.end_name),
    SheetColumn(gettext_lazy("Pairs"), lambda flow: _told(flow.count)),
)
