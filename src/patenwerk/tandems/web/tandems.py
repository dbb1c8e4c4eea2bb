from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.policy import may_in
from patenwerk.core.registrations import panels_for
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.organisations.models import Site
from patenwerk.organisations.policy import SEE_SITE
from patenwerk.tandems.domain.lifecycle import LIFECYCLE
from patenwerk.tandems.domain.tandem import TandemValues, propose_tandem, restart_tandem
from patenwerk.tandems.enums import MEETING_STATES, State
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import LOG_MEETING, MOVE_TANDEM, SEE_TANDEM
from patenwerk.tandems.queries.tandem import meetings_of, pair_of, with_people
from patenwerk.tandems.web.forms import DecisionForm, MeetingForm, ProposalForm
from patenwerk.tandems.web.story import lifeline, story

SHORT_STEPS = ("start_trial", "activate", "pause", "resume")


class TandemPage(ObjectView):
    model = Tandem
    see = do = SEE_TANDEM
    template = "tandems/tandem.html"

    def rows(self) -> Any:
        return with_people(Tandem.objects.all()).select_related("previous", "next")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        tandem: Tandem = self.object
        may_move = may_in(self.actor, MOVE_TANDEM, tandem)
        may_log = may_in(self.actor, LOG_MEETING, tandem) and tandem.state in MEETING_STATES
        steps_taken = list(tandem.steps_taken.all())
        meetings = list(meetings_of(tandem))
        return self.page(
            {
                "tandem": tandem,
                "pair": pair_of(tandem, self.actor),
                "lifeline": lifeline(tandem, steps_taken),
                "story": story(steps_taken, meetings),
                "steps": self.steps() if may_move else [],
                "may_move": may_move,
                "may_log": may_log,
                "may_answer": may_move and tandem.state == State.PROPOSED,
                "may_end": may_move and tandem.state != State.ENDED,
                "may_restart": may_move
                and tandem.state == State.ENDED
                and not hasattr(tandem, "next")
                and all(row.site_id == row.person.site_id for row in tandem.participants.all()),
                "has_several_sites": len(
                    {tandem.site_id, *(row.site_id for row in tandem.participants.all())}
                )
                > 1,
                "meeting_form": MeetingForm(tandem=tandem, today=self.today) if may_log else None,
                "panels": panels_for("tandems:tandem", self.actor, [tandem.pk], self.today)[
                    tandem.pk
                ],
            }
        )

    def steps(self) -> list[dict[str, Any]]:
        """The steps that start here, each with the reasons against it."""
        return [
            {
                "step": step,
                "refusals": LIFECYCLE.refusals(self.object, step.name, by=self.actor, at=self.now),
            }
            for step in LIFECYCLE.offered(self.object)
            if step.name in SHORT_STEPS
        ]


class Propose(ObjectFormPage):
    model = Site
    see, do = SEE_SITE, MOVE_TANDEM
    form_class = ProposalForm
    template = "tandems/propose.html"

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor, "site": self.object, "on": self.today}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        tandem = propose_tandem(
            site=self.object,
            mentor=said["mentor"],
            mentee=said["mentee"],
            values=_values(said),
            by=self.actor,
            at=self.now,
        )
        self.said(_("The tandem is proposed. Now both are asked."))
        return reverse("tandems:tandem", args=[tandem.pk])


class Restart(ObjectFormPage):
    model = Tandem
    see, do = SEE_TANDEM, MOVE_TANDEM
    form_class = DecisionForm
    template = "tandems/restart.html"

    def rows(self) -> Any:
        return with_people(Tandem.objects.all())

    def form_options(self) -> dict[str, Any]:
        tandem = self.object
        return {
            "programme_id": tandem.programme_id,
            "on": self.today,
            "initial": {"kind": tandem.kind, "focus": tandem.focus, "field": tandem.field},
        }

    def context(self) -> dict[str, Any]:
        return {"pair": pair_of(self.object, self.actor)}

    def perform(self, form: Any) -> str:
        tandem = restart_tandem(
            tandem=self.object, values=_values(form.cleaned_data), by=self.actor, at=self.now
        )
        self.said(_("A new episode is proposed. Now both are asked."))
        return reverse("tandems:tandem", args=[tandem.pk])


def _values(said: dict[str, Any]) -> TandemValues:
    return TandemValues(
        kind=said["kind"], focus=said["focus"], field=said["field"], why=said["why"]
    )
