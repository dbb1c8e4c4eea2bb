from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from patenwerk.core.web.forms import ConfirmForm
from patenwerk.core.web.views import ObjectFormPage
from patenwerk.tandems.domain.meeting import MeetingValues, log_meeting, remove_meeting
from patenwerk.tandems.models import Meeting, Tandem
from patenwerk.tandems.policy import LOG_MEETING, SEE_TANDEM
from patenwerk.tandems.queries.tandem import pair_of, with_people
from patenwerk.tandems.web.forms import MeetingForm


class LogMeeting(ObjectFormPage):
    model = Tandem
    see, do = SEE_TANDEM, LOG_MEETING
    form_class = MeetingForm
    template = "tandems/log_meeting.html"

    def rows(self) -> Any:
        return with_people(Tandem.objects.all())

    def form_options(self) -> dict[str, Any]:
        return {"tandem": self.object, "today": self.today}

    def context(self) -> dict[str, Any]:
        return {"pair": pair_of(self.object, self.actor)}

    def perform(self, form: Any) -> str:
        said = form.cleaned_data
        log_meeting(
            tandem=self.object,
            values=MeetingValues(
                held_on=said["held_on"],
                minutes=said["minutes"],
                place=said["place"],
                topic=said["topic"],
                came=said["came"],
            ),
            form_key=said["form_key"],
            by=self.actor,
            at=self.now,
        )
        self.said(_("The meeting is logged."))
        return reverse("tandems:tandem", args=[self.object.pk])


class RemoveMeeting(ObjectFormPage):
    model = Meeting
    see, do = SEE_TANDEM, LOG_MEETING
    form_class = ConfirmForm
    template = "tandems/remove_meeting.html"

    def context(self) -> dict[str, Any]:
        return {"meeting": self.object}

    def perform(self, form: Any) -> str:
        tandem_id = self.object.tandem_id
        remove_meeting(meeting=self.object, by=self.actor, at=self.now)
        self.said(_("The meeting is taken back."))
        return reverse("tandems:tandem", args=[tandem_id])
