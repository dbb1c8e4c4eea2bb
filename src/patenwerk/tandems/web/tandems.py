from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from patenwerk.core.policy import may_in
from patenwerk.core.registrations import panels_for
from patenwerk.core.web.views import ObjectFormPage, ObjectView
from patenwerk.organisations.models import Site
from patenwerk.organisations.policy import SEE_SITE
from patenwerk.tandems.domain.lifecycle import LIFECYCLE
from patenwerk.tandems.domain.tandem import TandemValues, propose_tandem, restart_tandem
from patenwerk.tandems.enums import (
    JOINABLE_STATES,
    MEETING_STATES,
    OPEN_STATES,
    Acceptance,
    State,
)
from patenwerk.tandems.models import Tandem
from patenwerk.tandems.policy import LOG_MEETING, MOVE_TANDEM, SEE_TANDEM
from patenwerk.tandems.queries.everybody import everybody_in
from patenwerk.tandems.queries.participant import at_the_end
from patenwerk.tandems.queries.tandem import Pair, Seat, meetings_of, pair_of, with_people
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
        pair = pair_of(tandem, self.actor)
        last = at_the_end(tandem, tandem.participants.all())
        return self.page(
            {
                "tandem": tandem,
                "pair": pair,
                "lifeline": lifeline(tandem, steps_taken),
                "story": story(tandem, pair, steps_taken, meetings),
                "steps": self.steps(pair) if may_move else [],
                "may_move": may_move,
                "may_log": may_log,
                "asked": asked(tandem, pair) if may_move else [],
                "mine": self.mine(pair),
                "may_end": may_move and tandem.state != State.ENDED,
                "may_join": may_move and tandem.state in JOINABLE_STATES | {State.PROPOSED},
                "may_restart": may_move
                and tandem.state == State.ENDED
                and not hasattr(tandem, "next")
                and all(row.site_id == row.person.site_id for row in last),
                "has_several_sites": any(row.site_id != tandem.site_id for row in last),
                "meeting_form": MeetingForm(tandem=tandem, today=self.today) if may_log else None,
                "panels": panels_for("tandems:tandem", self.actor, [tandem.pk], self.today)[
                    tandem.pk
                ],
            }
        )

    def mine(self, pair: Pair) -> set[int]:
        """The participants who can leave or step in here: each site speaks for its own people."""
        tandem: Tandem = self.object
        if tandem.state not in OPEN_STATES or not (pair.is_group or pair.substitutes):
            return set()
        return {
            seat.participant.pk
            for seat in pair.seats
            if seat.participant.acceptance == Acceptance.ACCEPTED
            and may_in(self.actor, MOVE_TANDEM, seat.participant)
        }

    def steps(self, pair: Pair) -> list[dict[str, Any]]:
        """The steps that start here, each with the reasons against it."""
        return [
            {
                "step": step,
                "label": pair.everybody.label_of(step),
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

    def context(self) -> dict[str, Any]:
        site: Site = self.object
        return {"panels": panels_for("tandems:propose", self.actor, [site.pk], self.today)[site.pk]}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        tandem = propose_tandem(
            site=self.object,
            mentors=[said["mentor"], *said["more_mentors"]],
            mentees=[said["mentee"], *said["more_mentees"]],
            substitutes=said["substitutes"],
            values=_values(said, name=said["name"], places=said["places"]),
            by=self.actor,
            at=self.now,
        )
        self.said(str(everybody_in(tandem).are_asked))
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
        self.said(str(everybody_in(tandem).are_asked_again))
        return reverse("tandems:tandem", args=[tandem.pk])


def asked(tandem: Tandem, pair: Pair) -> list[Seat]:
    """Whose answer is recorded: everybody of a proposal, in a running group who is new."""
    if tandem.state == State.PROPOSED:
        return list(pair.seats)
    waiting = [seat for seat in pair.seats if seat.participant.acceptance == Acceptance.OPEN]
    return waiting if tandem.state in OPEN_STATES else []


def _values(said: dict[str, Any], **of_a_group: Any) -> TandemValues:
    return TandemValues(
        kind=said["kind"], focus=said["focus"], field=said["field"], why=said["why"], **of_a_group
    )
