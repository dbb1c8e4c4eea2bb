from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.tandems.domain.group import ask_to_join, change_group, leave_group, step_in
from patenwerk.tandems.models import Participant, Tandem
from patenwerk.tandems.policy import MOVE_TANDEM, SEE_TANDEM
from patenwerk.tandems.queries.tandem import pair_of, with_people
from patenwerk.tandems.web.forms import GroupForm, JoinForm, LeaveForm


class OfTandem(ObjectFormPage, abstract=True):
    """A page about a whole tandem."""

    model = Tandem
    see, do = SEE_TANDEM, MOVE_TANDEM

    def rows(self) -> Any:
        return with_people(Tandem.objects.all())

    def context(self) -> dict[str, Any]:
        return {"pair": pair_of(self.object, self.actor), "tandem": self.object}

    @property
    def address(self) -> str:
        return reverse("tandems:tandem", args=[self.object.pk])


class Join(OfTandem):
    form_class = JoinForm
    template = "tandems/join.html"

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor, "tandem": self.object}

    def perform(self, form: Any) -> str:
        person = form.cleaned_data["person"]
        ask_to_join(
            tandem=self.object,
            person=person,
            is_substitute=form.cleaned_data["is_substitute"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("%(name)s is asked. Please record the answer.") % {"name": person.first_name})
        return self.address


class ChangeGroup(OfTandem):
    form_class = GroupForm
    template = "tandems/group.html"

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"name": self.object.name, "places": self.object.places}}

    def perform(self, form: Any) -> str:
        change_group(tandem=self.object, **form.cleaned_data, by=self.actor, at=self.now)
        self.said(_("Saved."))
        return self.address


class OfParticipant(ObjectFormPage, abstract=True):
    """A page about one who takes part: each site speaks for its own people."""

    model = Participant
    see, do = SEE_TANDEM, MOVE_TANDEM

    def rows(self) -> Any:
        return Participant.objects.select_related("person", "tandem")

    def context(self) -> dict[str, Any]:
        return {"participant": self.object}

    @property
    def address(self) -> str:
        return reverse("tandems:tandem", args=[self.object.tandem_id])


class Leave(OfParticipant):
    form_class = LeaveForm
    template = "tandems/leave.html"

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"left_on": self.today}}

    def perform(self, form: Any) -> str:
        leave_group(
            participant=self.object,
            left_on=form.cleaned_data["left_on"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("%(name)s has left.") % {"name": self.object.person.first_name})
        return self.address


class StepIn(OfParticipant):
    form_class = ConfirmForm
    template = "tandems/step_in.html"

    def perform(self, form: Any) -> str:
        step_in(participant=self.object, by=self.actor, at=self.now)
        self.said(_("%(name)s accompanies now.") % {"name": self.object.person.first_name})
        return self.address
